"""The fields of rights and consent, beside the plan's text; what cannot be known is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from excavate.components.counter_words import COLUMNS, CONSENTS, DEPICTED, GROUNDS, either
from excavate.counter.records import GivenRights, Plan, Rights
from excavate.i18n import _
from excavate.pages.counter_plan_form import ask_licence


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of members without asking anybody: of all of them alike, else nothing."""

    creator: str = ""
    source: str = ""
    licences: tuple[str, ...] = ()  # verbatim, of the items and their datasets


def ask_rights(draft: str, plan: Plan, said: GivenRights, stated: Stated) -> GivenRights:
    """Creator, source, licence or a declared ground; the two consents, beside the plan's text.

    Consent is to the text that was drawn on the page, whatever the plan says by the time of the
    press.
    """
    shown = st.session_state.get(f"{draft}-shown", plan.row_id)
    st.session_state[f"{draft}-shown"] = plan.row_id
    whose, agreed = st.columns(2, gap="large")
    with whose:
        creator = st.text_input(
            _("Creator: who made it"), said.creator or stated.creator,
            key=f"{draft}-creator",
        )  # fmt: skip
        source = st.text_input(
            _("Source: where it comes from"), said.source or stated.source,
            key=f"{draft}-source",
        )  # fmt: skip
        show_stated(stated)
        licence = ask_licence(f"{draft}-", said.licence, _("Licence"))
        ground, reason = ask_ground(draft, said)
    with agreed:
        show_consent(plan)
        contributor = _choice(_("Who gave it"), CONSENTS, said.contributor_consent,
                              f"{draft}-contributor")  # fmt: skip
        depicted = _choice(_("Who can be seen in it"), DEPICTED, said.depicted_consent,
                           f"{draft}-depicted")  # fmt: skip
    return GivenRights(
        creator or "", source or "", licence, ground, reason, contributor, depicted, {},
        shown,
    )  # fmt: skip


def said_before(rights: Rights | None) -> GivenRights:
    """What stands in the fields at first: of a consent that does not stand, nothing."""
    if rights is None:
        return GivenRights()
    said = rights.given
    if said.contributor_consent == "given" and not rights.consent_stands:
        said = replace(said, contributor_consent="")
    if said.depicted_consent == "given" and not rights.depicted_stands:
        said = replace(said, depicted_consent="")
    return said


def ask_ground(draft: str, said: GivenRights) -> tuple[str, str]:
    """Instead of a licence: the ground that its author declares, with the reason."""
    words = _("No licence? Declare a ground, with your reason")
    with st.expander(words, expanded=bool(said.ground)):
        ground = _choice(_("Declared ground"), GROUNDS, said.ground, f"{draft}-ground")
        reason = st.text_area(
            _("Why it holds: this is printed"), said.ground_reason, key=f"{draft}-ground-reason",
            height=80,
        )  # fmt: skip
    return ground, reason or ""


def show_consent(plan: Plan) -> None:
    """The text that consent is given to, in the language of this run."""
    text = either(plan.given.consent_ko, plan.given.consent_en)
    head = escape(_("What contributors agree to"))
    version = escape(_("Version {n}").format(n=plan.version))
    words = escape(text or _("The plan has no such text yet: write it in the plan first."))
    st.html(f'<div class="exc exc-consent"><h3>{head}</h3><p>{words}</p><small>{version}</small>'
            "</div>")  # fmt: skip


def show_stated(stated: Stated) -> None:
    """What the catalog says of licences, verbatim: nothing is read into it."""
    if stated.licences:
        words = _("The source says: {licences}").format(licences="; ".join(stated.licences[:4]))
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')


def decided(draft: str, given: GivenRights, name: str, said: GivenRights) -> GivenRights:
    """What cannot be known: decided by name, with the reason; a release prints it.

    What was decided before stands by who decided it, until it is worded anew or is known.
    """
    unknowns: dict[str, Mapping[str, str]] = {}
    words = _("Something cannot be known: decide so, and say why")
    with st.expander(words, expanded=bool(said.unknowns)):
        for column, word in COLUMNS.items():
            label = _("{what} is unknown, because").format(what=_(word))
            before = said.unknowns.get(column, {})
            stood = before.get("because", "")
            because = st.text_input(label, stood, key=f"{draft}-unknown-{column}") or ""
            if because and because == stood:
                unknowns |= {} if getattr(given, column) else {column: dict(before)}
            elif because.strip():
                unknowns[column] = {"by": name, "because": because}
    return replace(given, unknowns=unknowns)


def _choice(label: str, words: Mapping[str, str], chosen: str, key: str) -> str:
    """One of a few, or none: nobody said."""
    said = st.pills(
        label, list(words), default=chosen or None, key=key, format_func=lambda one: _(words[one])
    )
    return str(said or "")
