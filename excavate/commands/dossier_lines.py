"""What the commands print of dossiers: records for `--json`, and the same for people."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Any

from typer import echo

from excavate.dossiers.digs import NOT_DUG
from excavate.dossiers.scoring import Totals, instruments, score

if TYPE_CHECKING:
    from excavate.dossiers.checking import Checked
    from excavate.dossiers.reading import Archive
    from excavate.dossiers.schema import Dossier
    from excavate.dossiers.scoring import Section

WIDTH = 92
UNKNOWN = "not known"


def archive_record(archive: Archive) -> dict[str, Any]:
    """Every dossier in a line's worth, and what cannot be read."""
    return {
        "dossiers": [_summary(dossier, archive) for dossier in archive.dossiers.values()],
        "faults": [str(fault) for fault in archive.faults],
    }


def _summary(dossier: Dossier, archive: Archive) -> dict[str, Any]:
    seen = sum(fact.verified for fact in dossier.fact)
    return {
        "id": dossier.id,
        "name": dossier.name.plain,
        "year": dossier.terrain.year,
        "status": dossier.status.state if dossier.status else None,
        "draft": dossier.draft,
        "facts_seen": seen,
        "facts_unverified": len(dossier.fact) - seen,
        "score": _counted(score(dossier, archive).totals()),
    }


def _counted(totals: Totals) -> dict[str, int]:
    return {"seen": totals.seen, "unverified": totals.unverified, "none": totals.none}


def print_archive(record: dict[str, Any]) -> None:
    """A table, a line a dossier; what is not known is a dash."""
    rows = [
        (
            row["id"],
            row["name"] + (" (draft)" if row["draft"] else ""),
            str(row["year"] or "–"),
            row["status"] or "–",
            f"{row['facts_seen']} + {row['facts_unverified']}",
            "{seen} + {unverified} of {asked}".format(
                **row["score"], asked=sum(row["score"].values())
            ),
        )
        for row in record["dossiers"]
    ]
    heads = ("id", "name", "year", "status", "facts", "answers")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    echo(f"{len(rows)} dossiers. Facts and answers: source seen + unverified; – is not known")


def dossier_record(dossier: Dossier, archive: Archive) -> dict[str, Any]:
    """The dossier as it stands, and its score by question."""
    found = score(dossier, archive)
    return dossier.model_dump(mode="json") | {
        "score": {
            "all": _counted(found.totals()),
            **{i.id: _counted(found.totals(i.id)) for i in instruments()},
            "questions": {
                answer.question.id: {"state": answer.state, "facts": list(answer.facts)}
                for answer in found.answers
            },
        }
    }


def print_dossier(record: dict[str, Any], language: str | None = None) -> None:
    """A dossier for people: where it lies, its facts by topic, its score, how to dig it.

    Words stand in each language they were written in; in `language` alone, where they have it.
    """
    names = " · ".join(_words(record["name"], language))
    echo(
        f"{record['id']} · {names}" + (" · a draft nobody has read yet" if record["draft"] else "")
    )
    for head, text in _terrain_lines(record):
        echo(f"  {head:<12} {text or UNKNOWN}")
    for line in map(_count_line, record["count"]):
        echo(f"  {'published':<12} {line}")
    for fact in record["fact"]:
        _print_fact(fact, language)
    echo("\nquestions answered (source seen + unverified)")
    for instrument in instruments():
        [name] = _words(instrument.name.model_dump(), language or "en")
        echo(f"  {name}: {_score_line(record['score'][instrument.id])}")
        for section in instrument.sections:
            _print_open(section, record["score"]["questions"], language or "en")
    status = record["status"]
    if status and status["state"] in NOT_DUG:
        echo(f"not dug: it is {status['state']}")
        return
    echo("dig it" if record["dig"] else "dig it: no source is known")
    for way in record["dig"]:
        echo(_block("  ".join([_way(way), *_words(way["note"], language)])))


def _way(way: dict[str, Any]) -> str:
    """A source as the command line takes it, with its options; which part of the whole it is."""
    said = [way["source"], *(f'-o "{key}={value}"' for key, value in way["options"].items())]
    said += [f"--images {way['images']}"] if way["images"] else []
    said += [f"(a part of it: {way['part']})"] if way["part"] else []
    return " ".join(said)


def _terrain_lines(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    terrain, status = record["terrain"], record["status"]
    yield "status", " ".join(filter(None, [status["state"], status["date"]])) if status else ""
    if status:
        yield "because", ", ".join(status["because"])
    yield "year", str(terrain["year"] or "")
    yield "items", f"{terrain['items']:,}" if terrain["items"] else ""
    for key in ("images_from", "labour", "countries"):
        yield key.replace("_", " "), ", ".join(terrain[key])
    yield "licence", terrain["licence"] or ""
    for side in ("ancestor", "descendant"):
        yield f"{side}s", ", ".join(descent["name"] for descent in record[side])


def _count_line(count: dict[str, Any]) -> str:
    """A published number: of what, in which part, and the facts it rests on."""
    number = f"about {count['number']:,}" if count["about"] else f"{count['number']:,}"
    of = ", ".join(filter(None, [count["of"], count["version"], count["split"]]))
    return f"{number} {of} ({', '.join(count['because'])})"


def _print_fact(fact: dict[str, Any], language: str | None) -> None:
    seen = fact["status"] == "seen" and not fact["link_only"]
    echo(f"\n{fact['topic']} · {fact['id']}" + ("" if seen else " · unverified"))
    for words in _words(fact["text"], language):
        echo(_block(words))
    source = f"{fact['source']} ({fact['seen_in']})" if fact["seen_in"] else fact["source"]
    echo(_block(f"— {source}" + (f", {fact['url']}" if fact["url"] else "")))
    for words in _words(fact["note"], language):
        echo(_block(f"note: {words}"))
    if fact["disagrees_with"]:
        echo(_block(f"disagrees with {', '.join(fact['disagrees_with'])}"))


def _print_open(section: Section, answers: dict[str, Any], language: str) -> None:
    """The questions of a section that no fact answers."""
    unanswered = [
        words
        for question in section.questions
        if answers[question.id]["state"] == "none"
        for words in _words(question.text.model_dump(), language)
    ]
    if unanswered:
        [name] = _words(section.name.model_dump(), language)
        echo(_block(f"open in {name}: {' '.join(unanswered)}", indent=4))


def _score_line(counts: dict[str, int]) -> str:
    return f"{counts['seen']} + {counts['unverified']} of {sum(counts.values())}"


def _words(said: dict[str, Any] | None, language: str | None) -> list[str]:
    """What is said, in the language if it has it; in all that it has if none is asked for."""
    if not said:
        return []
    if language and said[language]:
        return [said[language]]
    return [said[one] for one in ("en", "ko") if said[one]]


def _block(text: str, indent: int = 2) -> str:
    edge = " " * indent
    return fill(
        text, WIDTH, initial_indent=edge, subsequent_indent=edge, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def checked_record(checked: Checked) -> dict[str, Any]:
    """What a check found, as JSON can hold it."""
    return {
        "dossiers": checked.dossiers,
        "facts": checked.facts,
        "faults": [{"place": fault.place, "what": fault.what} for fault in checked.faults],
        "remarks": [{"place": said.place, "what": said.what} for said in checked.remarks],
    }


def print_checked(record: dict[str, Any]) -> None:
    """A line a fault, then a line a remark, then how many."""
    for said in (*record["faults"], *record["remarks"]):
        echo(f"{said['place']}: {said['what']}")
    faults = f"{len(record['faults']):,} faults" if record["faults"] else "no faults"
    echo(f"{record['dossiers']:,} dossiers, {record['facts']:,} facts: {faults}")
