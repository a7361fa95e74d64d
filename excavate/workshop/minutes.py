"""What was said as minutes in Markdown, and as a table (CSV) that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from excavate.i18n import N_, _, _n
from excavate.workshop.about import About
from excavate.workshop.absence_types import word
from excavate.workshop.cells import safe_cell
from excavate.workshop.said import Conversation, Said, about_in

COLUMNS = (
    "kind", "id", "of", "words", "language", "by", "written_at", "said_of", "said_of_what",
    "stance", "knownness", "agent", "position", "visibility", "types", "stances", "more",
)  # fmt: skip
SIGNS = re.compile(
    r"([\\`*_{}\[\]#|~$@])"  # mean something anywhere
    r"|^([+\-=:])|(?<=^)(\d+)([.)])"  # at the beginning: a list, a line under a heading
    r"|(?<=\w)(:)(?=//)|(?<=\bwww)(\.)",  # links that are made of plain words
    re.IGNORECASE,
)
ABOUT_NAMES = {
    "dataset": N_("dataset"), "item": N_("item"), "part": N_("part of an item"),
    "category": N_("category"), "cell": N_("attributes"), "finding": N_("finding"),
    "dossier": N_("dossier"), "search": N_("search"), "lasso": N_("loop on the map"),
    "link": N_("link"),
}  # fmt: skip


def csv_table(conversation: Conversation) -> str:
    """One row a thing said, with a mark in front that spreadsheets read Korean by."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for said in conversation.said:
        writer.writerow([safe_cell(one) for one in _cells(said)])
    return "\ufeff" + out.getvalue()


def markdown(conversation: Conversation, made_at: datetime) -> str:
    """Minutes in the language of the run: absences with what was answered, then what was found."""
    under: dict[str, list[Said]] = {}
    for said in conversation.said:
        under.setdefault(said.of, []).append(said)
    title = plain(conversation.title) or _("What was said")
    lines = [
        f"# {title}",
        "",
        _("Written out {time}.").format(time=f"{made_at:%Y-%m-%d %H:%M} UTC"),
    ]
    for head, kinds in (
        (_("Absences"), ("absence", "tombstone")),
        (_("Finds"), ("find",)),
        (_("Notes"), ("note",)),
    ):
        found = [said for said in under.get("", ()) if said.kind in kinds]
        lines += ["", f"## {head}"] if found else []
        for said in found:
            lines += ["", *_entry(said, under)]
    return "\n".join([*lines, *_loose(conversation, under)]) + "\n"


def _loose(conversation: Conversation, under: Mapping[str, list[Said]]) -> list[str]:
    """What answers something that is not in the file, as where only one's own is exported."""
    shown = {said.id for said in conversation.said}
    loose = [said for said in conversation.said if said.of and said.of not in shown]
    below = [line for said in loose for line in _below(said, under)]
    return ["", f"## {_('Said of what is not in this file')}", "", *below] if below else []


def plain(text: str) -> str:
    """Words as Markdown that shows them as they were written: no sign of theirs means anything."""
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SIGNS.sub(_escaped, " ".join(shown.split()))


def _escaped(found: re.Match[str]) -> str:
    sign = found.group()
    return f"{sign[:-1]}\\{sign[-1]}"


def _entry(said: Said, under: Mapping[str, list[Said]]) -> list[str]:
    lines = [f"### {plain(said.words) or plain(_value(said))}", "", f"{_who(said)}{_of(said)}"]
    if said.kind == "tombstone":
        lines = [f"### {_('Taken back')}"]
    for text in (said.more.get("why"), said.more.get("link"), said.more.get("agent"),
                 said.more.get("position")):  # fmt: skip
        if text:
            lines += ["", plain(str(text))]
    counts = [*_counts(said, "types"), *_counts(said, "stances")]
    if counts:
        lines += ["", *(f"- {one}" for one in counts)]
    below = [line for one in under.get(said.id, ()) for line in _below(one, under)]
    return [*lines, "", *below] if below else lines


def _below(first: Said, under: Mapping[str, list[Said]]) -> list[str]:
    """What was answered, and what was answered to that; a thread is as deep as it is."""
    lines, waiting = [], [(first, 0)]
    while waiting:
        said, depth = waiting.pop()
        if said.kind in ("sorting", "stance"):  # they stand as counts
            continue
        kind = _reply_word(said.more["kind"]) if said.kind == "reply" else ""
        head = " ".join(part for part in (_who(said), kind) if part)
        lines.append(f"{'  ' * depth}- {head}: {plain(said.words) or plain(_value(said))}")
        waiting += [(one, depth + 1) for one in reversed(under.get(said.id, ()))]
    return lines


def _reply_word(kind: str) -> str:
    return _("adds") if kind == "add" else word("replies", kind)


def _who(said: Said) -> str:
    name = plain(said.shown_name) if said.shown_name else _("anonymous")
    return f"{name}, {said.written_at:%Y-%m-%d %H:%M} UTC"


def _of(said: Said) -> str:
    about = about_in(said)
    return f" · {plain(_about_words(about))}" if about and about.kind != "nothing" else ""


def _about_words(about: About) -> str:
    values = " / ".join(
        ", ".join(f"{name} {value}" for name, value in one.items())
        if isinstance(one, Mapping)
        else str(one)
        for one in about.value.values()
        if isinstance(one, str | int | Mapping)
    )
    return f"{_(ABOUT_NAMES[about.kind])} {values}" if about.kind in ABOUT_NAMES else values


def _value(said: Said) -> str:
    about = about_in(said)
    return _about_words(about) if about else str(said.more.get("value") or "")


def _counts(said: Said, table: str) -> Iterable[str]:
    for code, count in (said.more.get(table) or {}).items():
        people = _n("{n} person", "{n} people", count).format(n=count)
        yield f"{plain(word(table, code))}: {people}"


def _cells(said: Said) -> list[object]:
    more, about = said.more, about_in(said)
    rest = {k: v for k, v in more.items() if k not in (*COLUMNS, "about") and v not in (None, "")}
    return [
        said.kind, said.id, said.of, said.words, said.language, said.shown_name,
        f"{said.written_at:%Y-%m-%dT%H:%M:%SZ}", about and about.kind,
        about and about.value and json.dumps(dict(about.value), ensure_ascii=False),
        more.get("stance"), more.get("knownness"), more.get("agent"), more.get("position"),
        more.get("visibility"), _spread(more.get("types")), _spread(more.get("stances")),
        json.dumps(rest, ensure_ascii=False, default=str) if rest else None,
    ]  # fmt: skip


def _spread(counted: Any) -> str | None:
    return "; ".join(f"{code}: {count}" for code, count in counted.items()) if counted else None
