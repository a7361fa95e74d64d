"""The form of a plan: its first version, and every later one; what was typed is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.counter_words import licence_name, titled
from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.moments import moment_html
from excavate.counter.licences import LICENCES
from excavate.counter.plans import may_decide, write_plan
from excavate.counter.records import GivenPlan, Plan, Wanted
from excavate.errors import ExcavateError, RefusedError, StaleError
from excavate.i18n import LANGUAGES, _, spoken
from excavate.pages.answers_here import answered_here
from excavate.pages.ground import head
from excavate.pages.parts import PAGES, link, notice, show_error
from excavate.pages.who import ask_author, here, reaches, remember, show_faults
from excavate.workshop.absence_record import Absence
from excavate.workshop.absences import absences, is_unfillable
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop

LINE = re.compile(r"^(?P<what>.*?)[\s:：×x]*(?P<count>\d+)\s*$")
PAIRS = ("title", "statement", "excluded", "consent")


def ask_new(workshop: Workshop, absence_id: str) -> None:
    """The form of a new plan; `absence_id` is chosen already where the link names one."""
    head(_("Plan a counter-dataset"))
    if not reaches(workshop, "participant"):
        body = _("To plan something yourself, enter with a name.")
        notice(_("You are here to look only"), body)
        return
    scope = f"plan:{absence_id}"
    draft = st.session_state.setdefault(f"plan-draft {scope}", new_id())
    answers = (absence_id,) if absence_id else ()
    against = _dataset_of(workshop, absence_id)
    _ask(workshop, scope, draft, GivenPlan(draft, "", answers=answers, against=against), "")


def _dataset_of(workshop: Workshop, absence_id: str) -> str:
    """The dataset that an absence lies in, of those dug here; none where it lies in none."""
    site = site_or_none()
    dug = list(site.revisions()) if site and site.generation else []
    seen = absences(workshop, here(workshop).person_id)
    named = (one.about.dataset or "" for one in seen if one.absence_id == absence_id)
    found = next(named, "").partition("/")[0]
    return found if found in dug else ""


def ask_next(workshop: Workshop, plan: Plan) -> None:
    """The form of a plan's next version."""
    head(titled(plan))
    if not may_decide(workshop, here(workshop).person_id, plan.given.plan_id):
        notice(_("Only who made a plan, or a reviewer, writes its next version"))
        return
    scope = f"plan:{plan.given.plan_id}"
    draft = st.session_state.setdefault(f"plan-draft {scope}", new_id())
    begun: Plan = st.session_state.setdefault(f"plan-begun {scope}", plan)
    met = plan if plan.row_id != begun.row_id else None
    if met is not None:
        show_met(met, scope)
    _ask(workshop, scope, draft, begun.given, "correct-", begun, met)


def show_met(met: Plan, scope: str) -> None:
    """The version that somebody wrote since this form was begun, and the way to begin from it."""
    title = escape(_("Another version was written meanwhile"))
    who = f"<bdi>{escape(met.shown_name)}</bdi> · {moment_html(met.written_at)}"
    body = escape(_("What you typed is kept below, and not written yet."))
    way = link("counter", _("Show that version"), id=met.given.plan_id)
    st.html(f'<div class="exc exc-notice" role="alert"><strong>{title}</strong><p>{who}</p>'
            f"<p>{body} {way}</p></div>")  # fmt: skip
    if st.button(_("Begin again from that version, without mine"), key=f"theirs {scope}"):
        forget_plan(scope)
        st.rerun()


def forget_plan(scope: str) -> None:
    """The form is begun anew: what was typed is written, or left on purpose."""
    forget_typed(scope)
    for kept in ("plan-draft", "plan-begun"):
        st.session_state.pop(f"{kept} {scope}", None)


def ask_write(plan: Plan | None, met: Plan | None) -> bool:
    """The press that writes: the first version, the next, or over what somebody else wrote."""
    if met is not None:
        words = escape(_("Not written: another version was written meanwhile, see above."))
        st.html(f'<p class="exc exc-note" role="status">{words}</p>')
        label = _("Write mine over it")
        return st.form_submit_button(label, key=f"over-{met.row_id}", type="primary")
    words = _("Write the next version") if plan else _("Write the plan")
    return st.form_submit_button(words, type="primary")


def _ask(
    workshop: Workshop, scope: str, draft: str, given: GivenPlan, prefix: str,
    plan: Plan | None = None, met: Plan | None = None,
) -> None:  # fmt: skip
    keep_typed(scope)
    with st.container(key="plan-form"), st.form(key=f"plan-{draft}", border=False):
        said = fields(workshop, f"{draft}-{prefix}", given, plan)
        author = ask_author(draft)
        pressed = ask_write(plan, met)
    if not pressed:
        return
    try:
        stood = met or plan
        write_plan(workshop, author, draft, said, stood.row_id if stood else None)
    except StaleError:
        st.rerun()
    except RefusedError as error:
        show_faults(error)
        return
    except ExcavateError as error:
        show_error(error)
        return
    remember(author)
    forget_plan(scope)
    query = {"id": said.plan_id, "lang": spoken()}
    st.switch_page(PAGES["counter"], query_params=query)


def fields(workshop: Workshop, key: str, given: GivenPlan, plan: Plan | None) -> GivenPlan:
    """What it answers and says first; what else a release needs can be given later, too."""
    answers = ask_answers(workshop, key, given, plan)
    first, other = ("ko", "en") if spoken() == "ko" else ("en", "ko")
    said = ask_words(key, given, first, full=True)
    wanted = st.text_area(
        _("How many of what: one on each line, as 'seven: 10'"), _lines(given.wanted),
        key=f"{key}wanted", height=110,
    )  # fmt: skip
    decides = st.text_input(_("Who decides what goes in"), given.decides, key=f"{key}decides")
    licence = ask_licence(key, given.licence, _("Licence of the whole"))
    with st.expander(_("In the other language, too ({language})").format(
        language=LANGUAGES[other])):  # fmt: skip
        said |= ask_words(key, given, other, full=False)
    with st.expander(_("More: the dataset it answers, its short name")):
        against = ask_against(key, given.against)
        name = st.text_input(
            _("Short name: small Latin letters, digits, hyphens"), given.name, key=f"{key}name",
            help=_("Of folders and citations. Left blank, it is made of the English title."),
        )  # fmt: skip
    name = (name or "").strip() or short_name(said["title_en"], given.plan_id)
    return GivenPlan(
        given.plan_id, name, answers=answers, wanted=wanted_of(wanted or ""), licence=licence,
        decides=decides or "", against=against, **said,
    )  # fmt: skip


def ask_words(key: str, given: GivenPlan, language: str, *, full: bool) -> dict[str, str]:
    """Title, statement, what it will not contain and what contributors agree to."""
    labels = (_("Title"), _("Statement: what it is, and why"), _("What it will not contain"),
              _("What contributors agree to"))  # fmt: skip
    said = {}
    for name, label in zip(PAIRS, labels, strict=True):
        column = f"{name}_{language}"
        words = label if full else f"{label} ({LANGUAGES[language]})"
        value = getattr(given, column)
        if name == "title":
            said[column] = st.text_input(words, value, key=f"{key}{column}") or ""
        else:
            height = 140 if name == "statement" else 80
            said[column] = st.text_area(words, value, key=f"{key}{column}", height=height) or ""
    return said


def ask_answers(
    workshop: Workshop, key: str, given: GivenPlan, plan: Plan | None
) -> tuple[str, ...]:
    """Which absences it answers; of one that nothing may fill, that is said."""
    looks = here(workshop)
    seen = absences(workshop, looks.person_id)
    known: dict[str, Absence] = {one.absence_id: one for one in seen}
    if plan is not None:
        known |= {one.absence_id: one for one in answered_here(workshop, plan)}
    chosen = st.multiselect(
        _("The absences it answers"), list(known),
        default=[one for one in given.answers if one in known], key=f"{key}answers",
        format_func=lambda one: _short(known[one].statement), placeholder=_("choose"),
    )  # fmt: skip
    if any(is_unfillable(known[one]) for one in chosen):
        body = _("What is refused, redacted or withdrawn is not filled: this counter-dataset "
                 "will hold places kept empty, and nothing else.")  # fmt: skip
        notice(_("A place is kept empty for it"), body)
    unseen = [one for one in given.answers if one not in known]  # stay, whoever writes on
    return (*chosen, *unseen)


def ask_licence(key: str, chosen: str, label: str) -> str:
    """One of the licences and statements; none of them at first."""
    codes = ["", *LICENCES]
    index = codes.index(chosen) if chosen in codes else 0
    said = st.selectbox(
        label, codes, index=index, key=f"{key}licence-{spoken()}",
        format_func=lambda code: licence_name(code) or _("not said yet"),
    )  # fmt: skip
    return str(said or "")


def ask_against(key: str, chosen: str) -> str:
    """The dataset that it answers, of those dug here."""
    site = site_or_none()
    dug = list(site.revisions()) if site and site.generation else []
    names = ["", *dict.fromkeys([*dug, *([chosen] if chosen else [])])]
    index = names.index(chosen) if chosen else (1 if len(dug) == 1 else 0)
    said = st.selectbox(
        _("Dataset it answers"), names, index=index, key=f"{key}against",
        format_func=lambda name: name or _("none in particular"),
    )  # fmt: skip
    return str(said or "")


def wanted_of(text: str) -> tuple[Wanted, ...]:
    """What is wanted, of lines that end in a number; a line without one asks for none."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        match = LINE.match(line)
        what, count = (match["what"], int(match["count"][:9])) if match else (line, 0)
        found.append(Wanted(what.strip(" :："), count))
    return tuple(found)


def short_name(title: str, plan_id: str) -> str:
    """A name for folders out of a title; where it has no Latin letter, of the id."""
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40].strip("-")
    return name or f"counter-{plan_id[-6:]}"


def _lines(wanted: Sequence[Wanted]) -> str:
    return "\n".join(f"{one.what}: {one.count}" for one in wanted)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 90 else f"{line[:89]}…"


def plans_answering(found: Sequence[Plan], absence_id: str) -> list[str]:
    """Links to the plans that answer an absence already."""
    return [
        link("counter", titled(plan), id=plan.given.plan_id)
        for plan in found
        if absence_id in plan.given.answers
    ]
