"""Figures out of `archives/`: what became of datasets, and how much of each is on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from excavate.dossiers.reading import Archive, read_archive
from excavate.dossiers.scoring import score
from excavate.errors import ExcavateError
from excavate.essays.form import FigureAsked, Words
from excavate.essays.reckoned import FOUND, NOTHING, Ground, Line, Number, Reckoned
from excavate.essays.worded import same, words

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier

CHOOSING = ("ids", "states", "countries")


def dossiers(asked: FigureAsked, ground: Ground, _before: Mapping[str, Reckoned]) -> Reckoned:
    """The dossiers that the figure names by ids, states or countries, a row each.

    What rests on no fact whose source was seen is marked. numbers: rows, dossiers (all there
    are), items (pictures of the rows, as published; millions, myriads: rounded alike), known
    (rows that say how many), descendants (named as made from them), unverified (rows whose state
    rests on no source that was seen), unknown (of all dossiers, those that tell no state).
    """
    archive = read_archive(ground.archives)
    chosen = _chosen(archive, asked)
    items = [d.terrain.items for d in chosen if d.terrain.items]
    numbers = {
        "rows": len(chosen), "dossiers": len(archive.dossiers), "known": len(items),
        "items": sum(items), "millions": round(sum(items) / 1e6),
        "myriads": round(sum(items) / 1e6) * 100,
        "descendants": sum(len(d.descendant) for d in chosen),
        "unverified": sum(d.status is not None and not _state_seen(d) for d in chosen),
        "unknown": sum(d.status is None for d in archive.dossiers.values()),
    }  # fmt: skip
    shown = chosen[: asked.rows]
    heads = [words(f"dossiers.{one}") for one in ("name", "year", "items", "state", "descendants")]
    return _figure(
        asked, words("dossiers.said", rows=len(chosen), dossiers=len(archive.dossiers)), numbers,
        [_row(dossier) for dossier in shown], len(chosen), heads,
    )  # fmt: skip


def record(asked: FigureAsked, ground: Ground, _before: Mapping[str, Reckoned]) -> Reckoned:
    """How many of the questions about a dataset a fact answers whose source was seen.

    numbers: asked (questions), rows, by dossier id: seen; median (of the rows), others (the
    median of all other dossiers).
    """
    archive = read_archive(ground.archives)
    chosen = _chosen(archive, asked)
    totals = {one.id: score(one, archive).totals() for one in archive.dossiers.values()}
    seen = {one.id: totals[one.id].seen for one in chosen}
    numbers: dict[str, float] = {"rows": len(chosen), "dossiers": len(totals), **seen}
    if seen:
        numbers["asked"] = totals[chosen[0].id].asked
        numbers["median"] = median(seen.values())
    if others := [total.seen for name, total in totals.items() if name not in seen]:
        numbers["others"] = median(others)
    lines = [Line(_named(d), float(seen[d.id]), expected=numbers["asked"]) for d in chosen]
    lines.sort(key=lambda line: -(line.value or 0))
    said = words("record.said", asked=f"{numbers.get('asked', 0):.0f}")
    figure = _figure(asked, said, numbers, lines[: asked.rows], len(chosen), [])
    return replace(figure, title=words("record.title"), expected_title=words("record.asked"))


def _figure(
    asked: FigureAsked, said: Words, numbers: Mapping[str, float], lines: Sequence[Line],
    count: int, heads: Sequence[Words],
) -> Reckoned:  # fmt: skip
    return Reckoned(
        asked, FOUND if lines else NOTHING, said,
        {name: Number(float(value)) for name, value in numbers.items()}, tuple(lines),
        heads=tuple(heads), left=count - len(lines),
    )  # fmt: skip


def _chosen(archive: Archive, asked: FigureAsked) -> list[Dossier]:
    """The dossiers asked for, oldest first. Raises ExcavateError for what is no way to choose."""
    unknown = set(asked.parameters) - set(CHOOSING)
    if unknown or not asked.parameters:
        what = f"no way to choose dossiers: {', '.join(sorted(unknown)) or 'nothing given'}"
        raise ExcavateError(what, asked.id, f"There are: {', '.join(CHOOSING)}")
    missing = [one for one in asked.parameters.get("ids", ()) if one not in archive.dossiers]
    if missing:
        raise ExcavateError("no such dossier", ", ".join(missing), "List them: excavate dossiers")
    found = [d for d in archive.dossiers.values() if _fits(d, asked.parameters)]
    return sorted(found, key=lambda dossier: (dossier.terrain.year or 9999, dossier.id))


def _fits(dossier: Dossier, wanted: Mapping[str, Any]) -> bool:
    state = dossier.status.state if dossier.status else ""
    return (
        ("ids" not in wanted or dossier.id in wanted["ids"])
        and ("states" not in wanted or state in wanted["states"])
        and (
            "countries" not in wanted or bool({*wanted["countries"]} & {*dossier.terrain.countries})
        )
    )


def _row(dossier: Dossier) -> Line:
    ground, unknown = dossier.terrain, words("dossiers.unknown")
    year = _value(dossier, "year", same(str(ground.year))) if ground.year else unknown
    items = _value(dossier, "items", _rough(dossier, ground.items)) if ground.items else unknown
    return Line(_named(dossier), cells=(year, items, _state(dossier), _made_from(dossier)))


def _value(dossier: Dossier, key: str, said: Words) -> Words:
    because = dossier.terrain.because.get(key, ())  # type: ignore[call-overload]
    return _marked(dossier, because, said)


def _rough(dossier: Dossier, items: int) -> Words:
    """How many pictures; with *about* where the dossier says that the number is a rough one."""
    rough = any(c.about and c.of == "items" and c.number == items for c in dossier.count)
    return words("dossiers.about", n=f"{items:,}") if rough else same(f"{items:,}")


def _state(dossier: Dossier) -> Words:
    if dossier.status is None:
        return words("dossiers.unknown")
    said, when = words(f"states.{dossier.status.state}"), dossier.status.date
    dated = Words(f"{said.ko}, {when}", f"{said.en}, {when}") if when else said
    return _marked(dossier, dossier.status.because, dated)


def _state_seen(dossier: Dossier) -> bool:
    because = dossier.status.because if dossier.status else ()
    return any(fact.verified for fact in dossier.facts_named(because))


def _made_from(dossier: Dossier) -> Words:
    named = ", ".join(one.name for one in dossier.descendant)
    return same(named) if named else words("dossiers.none")


def _marked(dossier: Dossier, because: Sequence[str], said: Words) -> Words:
    """The words, with *unverified* behind them where they rest on no fact that was seen."""
    if any(fact.verified for fact in dossier.facts_named(because)):
        return said
    mark = words("figure.unverified")
    return Words(f"{said.ko} ({mark.ko})", f"{said.en} ({mark.en})")


def _named(dossier: Dossier) -> Words:
    return Words(dossier.name.ko or dossier.name.plain, dossier.name.plain)
