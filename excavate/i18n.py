"""Korean and English. Messages are written in English; `locale/` holds both catalogues.

`speak` sets the language of the current thread's run; `_` and `_n` look messages up in it.
The `.po` files are read as they are: there is no compiled file to forget.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = {"ko": "한국어", "en": "English"}
DEFAULT = "ko"
_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)

Messages = dict[str, tuple[str, ...]]


def speak(language: str) -> str:
    """Set the language of this run; an unknown one becomes the default. Returns it."""
    known = language if language in LANGUAGES else DEFAULT
    _spoken.set(known)
    return known


def spoken() -> str:
    """The language of this run."""
    return _spoken.get()


def preferred(accept_language: str | None) -> str:
    """The language an Accept-Language header asks for first, of those we speak; else Korean."""
    wishes = []
    for place, part in enumerate((accept_language or "").split(",")):
        tag, _, weight = part.strip().partition(";q=")
        wishes.append((-_weight(weight), place, tag.strip().lower().split("-")[0]))
    known = [tag for weight, _, tag in sorted(wishes) if tag in LANGUAGES and weight < 0]
    return known[0] if known else DEFAULT


def _(message: str) -> str:
    """The message in the language of this run; in English where no translation stands."""
    return messages(spoken()).get(message, (message,))[0]


def _n(one: str, many: str, count: int) -> str:
    """The singular or plural message that fits `count`, in the language of this run."""
    forms = messages(spoken()).get(one)
    if forms is None:
        return one if count == 1 else many
    return forms[0] if len(forms) == 1 or count == 1 else forms[1]


def N_(message: str) -> str:
    """Mark a message for translation where it is written down, and leave it as it is."""
    return message


@lru_cache(maxsize=len(LANGUAGES))
def messages(language: str) -> Messages:
    """{English message: its forms in that language}, without the untranslated."""
    from babel.messages.pofile import read_po

    file = LOCALE / language / "LC_MESSAGES" / "excavate.po"
    with open(file, "rb") as stream:
        catalogue = read_po(stream, locale=language)
    found: Messages = {}
    for entry in catalogue:
        name = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        if name and all(forms):
            found[name] = forms
    return found


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
