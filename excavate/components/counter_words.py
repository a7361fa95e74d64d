"""Words of counter-datasets: kinds of members, how they were found, consents, grounds, licences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from excavate.counter.licences import LICENCES
from excavate.counter.records import Member, Plan
from excavate.i18n import N_, _, spoken

KINDS = {
    "chosen": N_("chosen from the catalog"), "drawn": N_("drawn here"),
    "uploaded": N_("brought as a file"), "empty": N_("a place kept empty"),
}  # fmt: skip
WAYS = {
    "lasso": N_("by a lasso on the map"), "search": N_("by a search in words"),
    "neighbours": N_("among the neighbours of an item"), "finding": N_("in a finding"),
    "item": N_("one by one"), "drawing": N_("drawn here"), "file": N_("brought as a file"),
    "place": N_("kept empty on purpose"),
}  # fmt: skip
GROUNDS = {
    "quotation": N_("quotation"), "fair-use": N_("fair use"),
    "public-interest": N_("public interest"),
}  # fmt: skip
CONSENTS = {
    "given": N_("given to the plan's text"), "not-needed": N_("not needed"),
}  # fmt: skip
DEPICTED = {
    "nobody": N_("nobody can be seen in it"), "given": N_("given by who can be seen"),
    "public": N_("a public figure or scene"), "refused": N_("refused by who can be seen"),
}  # fmt: skip
COLUMNS = {
    "creator": N_("Creator"), "source": N_("Source"), "licence": N_("Licence"),
    "contributor_consent": N_("Consent of the contributor"),
    "depicted_consent": N_("Consent of who is depicted"),
}  # fmt: skip
OPEN = ("nobody", "given", "public")  # a picture of which this is said is shown unblurred


def either(korean: str, english: str) -> str:
    """What was written in the language of this run, else in the other."""
    return (korean or english) if spoken() == "ko" else (english or korean)


def titled(plan: Plan) -> str:
    """A plan's title; its short name where it has none in either language."""
    return either(plan.given.title_ko, plan.given.title_en) or plan.given.name


def licence_name(code: str) -> str:
    """A licence as people call it; its code where it is none of ours."""
    if code not in LICENCES:
        return code
    name = LICENCES[code].name
    return name.ko if spoken() == "ko" else name.en


def called(member: Member) -> str:
    """A member in few words: what its maker calls it, else why it is in."""
    said = member.label or member.reason or _(KINDS[member.kind])
    return said if len(said) <= 80 else f"{said[:79]}…"


def found_by(said: Mapping[str, Any]) -> str:
    """How a member was found, with the words of a search."""
    way = _(WAYS[said["way"]]) if said.get("way") in WAYS else ""
    words = str(said.get("words", ""))
    return f"{way}: {words}" if way and words else way or words


def blanks(member: Member) -> list[str]:
    """The columns of a member of which nobody has said anything yet, by their codes."""
    if member.kind == "empty":
        return []
    given = member.rights.given if member.rights else None
    if given is None:
        return list(COLUMNS)
    blank = [one for one in COLUMNS if not getattr(given, one) and one not in given.unknowns]
    return [one for one in blank if one != "licence" or not given.ground]


def is_veiled(member: Member) -> bool:
    """Whether a brought picture is blurred: until it is said who can be seen in it."""
    if member.kind != "uploaded":
        return False
    return member.rights is None or member.rights.given.depicted_consent not in OPEN
