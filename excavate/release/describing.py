"""What every description of a release shares: its words in both languages, titles, terms.

Words come from describing.toml. People's own words are never translated here: each stands in the
language it was written in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.counter.licences import LICENCES, Licence
from excavate.counter.records import Member
from excavate.release.record import Contents, Plate
from excavate.workshop.absence_types import Words

FILE = Path(__file__).with_name("describing.toml")


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Words]:
    return {code: Words(one["en"], one["ko"]) for code, one in _file()["words"].items()}


def lost_words(what: str) -> Words:
    """What a format cannot hold, in both languages; in its writer's alone where we have one."""
    return Words(what, _file()["lost"].get(what, what))


def word(code: str) -> Words:
    """A word of ours in both languages. Raises KeyError where there is none."""
    return _words()[code]


def title_of(contents: Contents) -> Words:
    """The counter-dataset's title; a language it was not given in is empty."""
    given = contents.plan.given
    if not (given.title_ko.strip() or given.title_en.strip()):
        return Words(given.name, given.name)
    return Words(given.title_en, given.title_ko)


def name_of(plate: Plate) -> Words:
    """What a plate is called: its title, else its maker's word, else what kind it is."""
    if plate.title_ko.strip() or plate.title_en.strip():
        return Words(plate.title_en, plate.title_ko)
    kind = word(f"kind-{plate.member.kind}")
    label = f": {plate.member.label}" if plate.member.label.strip() else ""
    return Words(f"{kind.en}{label}", f"{kind.ko}{label}")


def licence_of(member: Member) -> Licence | None:
    """The licence that a member carries; None where none is stated."""
    return LICENCES.get(member.rights.given.licence) if member.rights else None


def creator_of(member: Member) -> Words:
    """Who made it, as it was given; "unknown" with who decided that and why."""
    given = member.rights.given if member.rights else None
    if given and given.creator.strip():
        return Words(given.creator, given.creator)
    return _unknown(given.unknowns.get("creator") if given else None)


def creator_of_plate(plate: Plate) -> Words:
    """Who made it: as it was given here, else as the dataset says that it was chosen from."""
    said = plate.reference.get("creator", "")
    own = plate.member.rights.given.creator.strip() if plate.member.rights else ""
    return Words(said, said) if said and not own else creator_of(plate.member)


def terms_of_plate(plate: Plate) -> Words:
    """Its terms; of what is named only, what its dataset says of them where it says anything."""
    said = plate.reference.get("licence", "")
    if plate.by_reference and said and licence_of(plate.member) is None:
        return Words(said, said)
    return terms_of(plate.member)


def whole_licence(contents: Contents) -> Licence | None:
    """The plan's licence, where every picture carries it; None where they have others, or none."""
    licence = LICENCES.get(contents.plan.given.licence)
    carried = {licence_of(plate.member) for plate in contents.plates if not plate.is_empty}
    return None if carried - {licence} else licence


def rights_address(contents: Contents) -> str:
    """Where the terms of each item are told, once the release lies where it will."""
    return f"{contents.base}/RIGHTS.md"


def source_of(member: Member) -> str:
    """Where it is from, as it was given; empty where nothing was."""
    return member.rights.given.source if member.rights else ""


def terms_of(member: Member) -> Words:
    """Under what it may be used: a licence, a declared ground with its reason, or neither."""
    licence = licence_of(member)
    given = member.rights.given if member.rights else None
    if licence:
        return licence.name
    if given and given.ground:
        ground = word(f"ground-{given.ground}")
        return Words(f"{ground.en}: {given.ground_reason}", f"{ground.ko}: {given.ground_reason}")
    return _unknown(given.unknowns.get("licence") if given else None)


def consents_of(member: Member) -> tuple[tuple[str, Words], ...]:
    """(code of its name, what was said) of the contributor and of who can be seen in it."""
    given = member.rights.given if member.rights else None
    if given is None:
        return tuple(
            (name, word("not-said")) for name in ("contributor-consent", "depicted-consent")
        )
    return (
        ("contributor-consent", _consent("consent", given.contributor_consent, given.unknowns)),
        ("depicted-consent", _consent("depicted", given.depicted_consent, given.unknowns)),
    )


def _consent(kind: str, said: str, unknowns: Mapping[str, Mapping[str, str]]) -> Words:
    column = "contributor_consent" if kind == "consent" else "depicted_consent"
    return word(f"{kind}-{said}") if said else _unknown(unknowns.get(column))


def _unknown(decided: Mapping[str, str] | None) -> Words:
    if decided is None:
        return word("not-said")
    who, why, unknown = decided.get("by", ""), decided.get("because", ""), word("unknown")
    return Words(f"{unknown.en} (decided by {who}: {why})", f"{unknown.ko} ({who}: {why})")


def language_map(words: Words) -> dict[str, list[str]]:
    """A language map of IIIF; what is the same in both belongs to no language (`none`)."""
    if words.ko == words.en:
        return {"none": [plain(words.en)]}
    said = {"ko": words.ko, "en": words.en}
    return {language: [plain(text)] for language, text in said.items() if text.strip()}


def plain(text: str) -> str:
    """Words that no viewer takes for HTML: in IIIF that is what stands between < and >."""
    return f"{text} " if text.startswith("<") and text.endswith(">") else text
