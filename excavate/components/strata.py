"""A dossier as strata: from its making to its afterlife, the undocumented drawn as empty layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from excavate.components.dossier_words import STRATA, TOPICS
from excavate.components.facts import Shown, by_topic, fact_html
from excavate.i18n import _, _n


def strata(
    facts: Sequence[Shown],
    read: Mapping[str, str],
    known_elsewhere: Mapping[str, int],
    others: int,
) -> str:
    """All layers.

    read: topic -> HTML of what is known of it without a fact of its own. known_elsewhere:
    topic -> how many of the other dossiers know something of it.
    """
    groups = disagreements(facts)
    topics = by_topic(list(facts))
    drawn = []
    for number, (title, within) in enumerate(STRATA):
        held = set(topics) | set(read)
        rows = [_topic(t, topics.get(t, []), groups, read) for t in within if t in held]
        empty = [
            _empty(t, known_elsewhere.get(t, 0), others)
            for t in within
            if t not in held and t != "names"
        ]
        drawn.append(
            f'<section class="exc-stratum" style="--depth:{number}"><h2>{escape(_(title))}</h2>'
            f"{''.join(rows)}{''.join(empty)}</section>"
        )
    return f'<div class="exc exc-strata">{"".join(drawn)}</div>'


def disagreements(facts: Sequence[Shown]) -> dict[str, tuple[str, ...]]:
    """{fact: the others that do not agree with it}, said by either side, whole groups together."""
    known = {fact.id for fact in facts}
    group = {fact.id: fact.id for fact in facts}

    def root(one: str) -> str:
        while group[one] != one:
            one = group[one]
        return one

    for fact in facts:
        for other in fact.disagrees:
            if other in known:
                group[root(other)] = root(fact.id)
    together: dict[str, list[str]] = {}
    for fact in facts:
        together.setdefault(root(fact.id), []).append(fact.id)
    return {
        one: tuple(other for other in members if other != one)
        for members in together.values()
        for one in members
        if len(members) > 1
    }


def _topic(
    topic: str,
    facts: Sequence[Shown],
    groups: Mapping[str, tuple[str, ...]],
    read: Mapping[str, str],
) -> str:
    """One topic: its facts, those that do not agree side by side; else what is read from others."""
    drawn, done = [] if facts else [read[topic]], set()
    of_topic = {fact.id: fact for fact in facts}
    for fact in facts:
        if fact.id in done:
            continue
        beside = [of_topic[other] for other in groups.get(fact.id, ()) if other in of_topic]
        away = [other for other in groups.get(fact.id, ()) if other not in of_topic]
        done |= {fact.id, *(other.id for other in beside)}
        drawn.append(_against([fact, *beside]) if beside else fact_html(fact))
        drawn += [_elsewhere(away)] if away else []
    head = f"<h3>{escape(_(TOPICS[topic]))}</h3>"
    return f'<div class="exc-topic">{head}<div>{"".join(drawn)}</div></div>'


def _against(facts: Sequence[Shown]) -> str:
    words = escape(_("These do not agree; both stand as they were said."))
    sides = "".join(fact_html(fact) for fact in facts)
    return f'<div class="exc-against"><p>{words}</p><div>{sides}</div></div>'


def _elsewhere(others: Sequence[str]) -> str:
    links = ", ".join(f'<a href="#{escape(one)}">{escape(one)}</a>' for one in others)
    return f'<p class="exc-quiet">{escape(_("Does not agree with"))} {links}</p>'


def _empty(topic: str, known: int, others: int) -> str:
    """A topic that nobody documents here: an empty layer, and how usual that is."""
    if not others:
        words = ""
    elif known:
        words = _n(
            "{n} of {others} other dossiers has it on record.",
            "{n} of {others} other dossiers have it on record.",
            known,
        ).format(n=known, others=others)
    else:
        words = _("No other dossier has it on record either.")
    return (
        f'<div class="exc-topic exc-unheld"><h3>{escape(_(TOPICS[topic]))}</h3>'
        f"<div><p>{escape(_('Nothing on record'))}</p><small>{escape(words)}</small></div></div>"
    )
