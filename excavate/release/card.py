"""README.md: a dataset card of the Hugging Face hub, and a datasheet (Gebru et al. 2021).

Korean and English in one file. Its header names items.parquet as the data, so that
`datasets.load_dataset(FOLDER)` opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from excavate.counter.licences import LICENCES, Licence
from excavate.release.describing import licence_of
from excavate.release.record import Contents, Lost
from excavate.release.templating import markdown
from excavate.release.told import told

FILE = "README.md"
# Our code -> the hub's identifier; the hub has no other of ours.
HUB = {
    "CC0-1.0": "cc0-1.0", "CC-BY-4.0": "cc-by-4.0", "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0", "CC-BY-ND-4.0": "cc-by-nd-4.0",
    "CC-BY-NC-SA-4.0": "cc-by-nc-sa-4.0", "CC-BY-NC-ND-4.0": "cc-by-nc-nd-4.0",
}  # fmt: skip
SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
)  # fmt: skip


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write README.md; items are counted in it, and not listed."""
    (folder / FILE).write_text(as_card(contents), encoding="utf-8", newline="\n")
    texts = sum(bool(room.text_ko or room.text_en) for room in contents.rooms)
    return [Lost("card", "wall texts of the rooms", texts, "finding-aid.html")] if texts else []


def as_card(contents: Contents) -> str:
    """The card with its header."""
    import yaml

    values = told(contents) | {"given_wanted": contents.plan.given.wanted}
    head = yaml.safe_dump(header(contents), allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n\n{markdown('README.md', values)}"


def header(contents: Contents) -> dict[str, Any]:
    """The header: what the hub reads."""
    given = contents.plan.given
    sources = sorted(
        {p.reference["dataset"] for p in contents.plates if p.reference.get("dataset")}
    )
    made: dict[str, Any] = {
        "language": ["ko", "en"],
        **_licence(contents),
        "pretty_name": given.title_en.strip() or given.title_ko.strip() or given.name,
        "size_categories": [_size(len(contents.plates))],
        "annotations_creators": ["other" if any(_labelled(contents)) else "no-annotation"],
        "source_datasets": [f"extended|{name}" for name in sources] or ["original"],
        "tags": ["counter-dataset", "absence", "image", "iiif", "croissant"],
        "configs": [{"config_name": "default", "data_files": "items.parquet"}],
    }
    return made


def _labelled(contents: Contents) -> Iterator[bool]:
    return (bool(plate.member.label.strip()) for plate in contents.plates)


def _size(count: int) -> str:
    return next((name for most, name in SIZES if count < most), "1M<n<10M")


def _licence(contents: Contents) -> dict[str, Any]:
    """One of the hub's, several of them, or `other` with its name and where to read it."""
    carried = _carried(contents)
    codes = [HUB.get(one.code) for one in carried if one]
    if None not in carried and codes and None not in codes:
        return {"license": codes[0] if len(codes) == 1 else codes}
    alone = carried[0] if len(carried) == 1 else None
    return {
        "license": "other",
        "license_name": alone.code.lower() if alone else "each-item-its-own",
        "license_link": alone.uri if alone else "RIGHTS.md",
    }


def _carried(contents: Contents) -> list[Licence | None]:
    """The licences of all pictures and of the whole, each once; None: one has none stated."""
    own = LICENCES.get(contents.plan.given.licence)
    members = [licence_of(plate.member) for plate in contents.plates if not plate.is_empty]
    return list(dict.fromkeys([*([own] if own else []), *members]))
