"""Reading `essays/`: one Markdown file an essay, both languages in it; every fault at once.

+++            front matter: TOML (title, lead, dataset, [[source]])
::: ko         a stretch of prose in Korean
::: en         the same in English
:::
```figure      TOML: what is measured, against what, and how it is drawn
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, NotFoundError, SourceError
from excavate.essays.blocks import blocks_of, front_matter
from excavate.essays.checking import check
from excavate.essays.fences import figure_of
from excavate.essays.form import Essay, FigureAsked, Pair, Source, Words
from excavate.gaps.registry import REGISTRY
from excavate.settings import PROJECT

FOLDER = PROJECT / "essays"
LARGEST = 500_000  # bytes; an essay is a few pages
FRONT_KEYS = {"title", "lead", "dataset", "order", "source"}
SOURCE_KEYS = {"id", "facts", "measure", "document", "named", "url", "seen_in"}
TODO = "Mend the lines named below; docs/essays.md says how an essay is written"


def names(folder: Path | None = None) -> list[str]:
    """The names of the essays of a folder, in the order of their file names."""
    found = (folder or FOLDER).glob("*.md")
    return sorted(file.stem for file in found if file.stem.lower() != "readme")


def read_essay(name: str, folder: Path | None = None) -> Essay:
    """The essay of a name. Raises NotFoundError, or SourceError that lists every fault of it."""
    there = names(folder)
    if name not in there:
        raise NotFoundError("no such essay", name, f"There are: {', '.join(there) or 'none'}")
    file = (folder or FOLDER) / f"{name}.md"
    try:
        content = file.read_bytes()
        if len(content) > LARGEST:
            raise SourceError("larger than an essay is", file.name, TODO)
        return parse(content.decode("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"the essay cannot be read ({error})", file.name, TODO) from error


def parse(text: str, name: str) -> Essay:
    """An essay out of its text. Raises SourceError that lists every fault with its line."""
    faults, file = FaultList(), f"{name}.md"
    front, first, lines = front_matter(text, file, faults)
    given = _toml(front, file, first, faults)
    dataset = _text(given, "dataset", file, faults)
    body: list[Pair | FigureAsked] = []
    for block in blocks_of(lines, first + front.count("\n"), file, faults):
        if isinstance(block, Pair):
            body.append(block)
        elif found := figure_of(block, dataset, file, faults):
            body.append(found)
    title, lead = (_words(given.get(key), f"{file}: {key}", faults) for key in ("title", "lead"))
    sources = _sources(given.get("source", []), _source_places(front, first, file), file, faults)
    order = _order(given, file, faults)
    essay = Essay(name, title, lead, {one.id: one for one in sources}, tuple(body), order)
    check(essay, file, faults)
    faults.raise_if_any("this essay cannot be read", file, TODO)
    return essay


def _toml(text: str, file: str, first: int, faults: FaultList) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", 0)
        faults.add(f"{file}:{first + line}", f"the front matter is not TOML ({error})")
        return {"title": {"ko": "-", "en": "-"}, "lead": {"ko": "-", "en": "-"}}


def _order(given: dict[str, Any], file: str, faults: FaultList) -> int:
    """Where it stands among the others; what is no key of the front matter is a fault, too."""
    for key in sorted(set(given) - FRONT_KEYS):
        faults.add(f"{file}: {key}", "is no key of an essay's front matter")
    order = given.get("order", 100)
    if isinstance(order, bool) or not isinstance(order, int):
        faults.add(f"{file}: order", "has to be a whole number")
        return 100
    return order


def _text(given: dict[str, Any], key: str, file: str, faults: FaultList) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        faults.add(f"{file}: {key}", "has to be text")
        return ""
    return value


def _words(given: Any, place: str, faults: FaultList) -> Words:
    known = given if isinstance(given, dict) else {}
    for language in ("ko", "en"):
        if not isinstance(known.get(language), str) or not known[language].strip():
            faults.add(place, f"has no words in `{language}`")
    return Words(str(known.get("ko", "")).strip(), str(known.get("en", "")).strip())


def _source_places(front: str, first: int, file: str) -> list[str]:
    """The file and line at which each [[source]] begins."""
    lines = enumerate(front.splitlines(), first + 1)
    begun = [number for number, line in lines if line.partition("#")[0].strip() == "[[source]]"]
    return [f"{file}:{number}: source[{n}]" for n, number in enumerate(begun, 1)]


def _sources(given: Any, places: Sequence[str], file: str, faults: FaultList) -> list[Source]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        faults.add(f"{file}: source", "has to be [[source]] tables")
        return []
    if len(places) != len(given):  # written otherwise than by [[source]]
        places = [f"{file}: source[{n}]" for n in range(1, len(given) + 1)]
    return [_source(one, place, faults) for one, place in zip(given, places, strict=True)]


def _source(given: dict[str, Any], place: str, faults: FaultList) -> Source:
    for key in sorted(set(given) - SOURCE_KEYS):
        faults.add(f"{place}.{key}", "is no key of a source")
    kinds = [key for key in ("facts", "measure", "document", "seen_in") if given.get(key)]
    if len(kinds) != 1:
        faults.add(place, "names one of facts, measure, document and seen_in")
    named = None
    if given.get("named") or given.get("document") or given.get("seen_in"):
        named = _words(given.get("named"), f"{place}.named", faults)
    measure = str(given.get("measure", ""))
    if measure and measure not in REGISTRY:
        faults.add(place, f"there is no measure {measure!r}; there are: {', '.join(REGISTRY)}")
    if not isinstance(given.get("id"), str):
        faults.add(place, "has no id")
    return Source(
        str(given.get("id", "")), tuple(map(str, given.get("facts", ()))),
        measure, str(given.get("document", "")), named,
        str(given.get("url", "")), str(given.get("seen_in", "")),
    )  # fmt: skip
