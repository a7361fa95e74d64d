"""What others say of a member's consents, beside what its giver said: nobody consents for them."""

from __future__ import annotations

from dataclasses import replace

from excavate.counter.records import GivenRights, Rights


def beside_the_giver(
    rights: Rights, giver: str, contributor: str, depicted: str, taken_back: bool
) -> Rights:
    """The rights as they stand beside the giver's own newest words on the two consents.

    Where the giver took theirs back, nobody else's consent stands until they speak again; where
    they left a consent blank, nobody else gives it. (Refusals of those depicted: refusals.py.)
    """
    given = rights.given
    if taken_back:
        given = _blank(given, "contributor_consent")
        if given.depicted_consent == "given":
            given = _blank(given, "depicted_consent")
    elif rights.person_id != giver:
        if given.contributor_consent == "given" and not contributor:
            given = _blank(given, "contributor_consent")
        if given.depicted_consent == "given" and not depicted:
            given = _blank(given, "depicted_consent")
    if given is rights.given:
        return rights
    consent = rights.consent_stands and bool(given.contributor_consent)
    depicted_stands = rights.depicted_stands and bool(given.depicted_consent)
    return replace(rights, given=given, consent_stands=consent, depicted_stands=depicted_stands)


def _blank(given: GivenRights, column: str) -> GivenRights:
    """Nobody said; also where somebody decided that it is unknown."""
    unknowns = {name: why for name, why in given.unknowns.items() if name != column}
    return replace(given, unknowns=unknowns, **{column: ""})
