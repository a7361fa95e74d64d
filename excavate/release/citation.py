"""CITATION.cff: how a release is cited (Citation File Format 1.2.0), its makers by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from excavate.release.describing import rights_address, whole_licence
from excavate.release.record import Contents, Lost
from excavate.release.standing import given_rights

FILE = "CITATION.cff"
SPDX = {  # the licences of ours that SPDX knows: CFF takes no others as `license`
    code: code
    for code in ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0",
                 "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0")
}  # fmt: skip
MOST_NAMED = 100
# Signs that YAML lets stand in no file, and JSON does.
UNPRINTED = {"\x7f": "\\x7f", "\x85": "\\N", "\ufeff": "\\uFEFF", "\ufffe": "\\uFFFE",
             "\uffff": "\\uFFFF"}  # fmt: skip


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write it. Strings are JSON strings, which YAML reads alike: no word of theirs is markup."""
    people = authors(contents)
    lines = ["cff-version: 1.2.0", "type: dataset", *_lines(contents), "authors:"]
    lines += [f"  - name: {_quoted(name)}" for name in people[:MOST_NAMED]]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    left = len(people) - MOST_NAMED
    what = "names of those who made and gave items, beyond a hundred"
    return [Lost("citation", what, left, "RIGHTS.md")] if left > 0 else []


def authors(contents: Contents) -> list[str]:
    """Who wrote the plan, then who put in what is in it, and who made it where it was given with
    consent; each once. Who is only quoted is no author of this."""
    return list(dict.fromkeys(name for name in _named(contents) if name))


def _named(contents: Contents) -> Iterator[str]:
    yield contents.plan.shown_name.strip()
    for plate in contents.plates:
        yield plate.member.shown_name.strip()
        rights = given_rights(plate.member)
        if plate.member.kind in ("drawn", "uploaded") and rights.contributor_consent == "given":
            yield rights.creator.strip()


def _lines(contents: Contents) -> Iterator[str]:
    given = contents.plan.given
    title = " / ".join(dict.fromkeys(t for t in (given.title_en, given.title_ko) if t.strip()))
    yield 'message: "Please cite it as below / 인용할 때는 아래를 따라 주십시오"'
    yield f"title: {_quoted(title or given.name)}"
    statement = "\n\n".join(t for t in (given.statement_en, given.statement_ko) if t.strip())
    if statement:
        yield f"abstract: {_quoted(statement)}"
    yield f"version: {_quoted(contents.version)}"
    yield f"date-released: {contents.made_at.date().isoformat()}"
    yield f"url: {_quoted(contents.base)}"
    licence = whole_licence(contents)
    if licence and licence.code in SPDX:
        yield f"license: {licence.code}"
    else:
        yield f"license-url: {_quoted(licence.uri if licence else rights_address(contents))}"


def _quoted(text: str) -> str:
    """Ascii with JSON's escapes, which a YAML double-quoted scalar reads; astral signs in full."""
    plain = json.dumps(text, ensure_ascii=False)
    for sign, escaped in UNPRINTED.items():
        plain = plain.replace(sign, escaped)
    return plain
