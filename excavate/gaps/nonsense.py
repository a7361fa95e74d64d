"""Words that mean nothing, in both scripts: what an encoder makes of words it cannot know.

Syllables drawn from a seed, of shapes that each language allows and its words do not use
together. What real words set apart no better than these, the encoder may not know.
"""

from __future__ import annotations

import numpy as np

# Places in Unicode's table of syllables: letters that words seldom put together.
LEADS = (1, 4, 8, 10, 13, 15, 16)  # ㄲ ㄸ ㅃ ㅆ ㅉ ㅋ ㅌ
VOWELS = (3, 7, 10, 14, 15, 19)  # ㅒ ㅖ ㅙ ㅝ ㅞ ㅢ
TAILS = (5, 11, 13, 15, 18, 24)  # ㄵ ㄼ ㄾ ㅀ ㅄ ㅋ
CONSONANTS = ("z", "v", "gr", "fl", "kw", "br", "sn", "pl", "dw", "thr", "x", "j")
LATIN_VOWELS = ("a", "e", "i", "o", "u", "oo", "ei")
LATIN_TAILS = ("b", "x", "nk", "rg", "v", "lp", "zz", "ft")


def nonsense(language: str, count: int, seed: int) -> list[str]:
    """`count` different words without meaning, for "ko" in hangul, for "en" in Latin letters."""
    draw = np.random.default_rng([seed, len(language), language == "ko"])
    made: dict[str, None] = {}
    while len(made) < count:
        syllable = _hangul if language == "ko" else _latin
        made["".join(syllable(draw) for _ in range(int(draw.integers(2, 4))))] = None
    return list(made)


def _hangul(draw: np.random.Generator) -> str:
    lead, vowel, tail = (int(draw.choice(choices)) for choices in (LEADS, VOWELS, TAILS))
    return chr(0xAC00 + (lead * 21 + vowel) * 28 + tail)


def _latin(draw: np.random.Generator) -> str:
    parts = (CONSONANTS, LATIN_VOWELS, LATIN_TAILS)
    return "".join(str(draw.choice(choices)) for choices in parts)
