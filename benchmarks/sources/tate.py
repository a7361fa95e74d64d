"""tate: artworks in lines of JSON, packed by gzip, each with thirteen subjects of a tree.

Annotations are the subjects; the twenty attributes of an artwork and the fifteen of its artist,
which the source reads as well, are not counted.
"""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import excavate.sources.tate  # noqa: F401 - a tenth of a second of modules

PARSER = "gzip and json"
COUNTED = ("labels",)
SUBJECTS, ARTISTS, EACH = 1_850, 390, 13  # a ninth of Tate's, as the artworks are


def make(folder: Path, count: int) -> str:
    """Artworks with `count` subjects in all."""
    chance = random.Random(3)
    with open(folder / "subject_tree.tsv", "w", encoding="utf-8") as out:
        out.write("id\tname\tparent_id\n1\tsubject\t\n")
        out.writelines(f"{n}\tsubject {n}\t{n // 12 + 1}\n" for n in range(2, SUBJECTS))
    _write(folder / "artists.jsonl.gz", (_artist(number) for number in range(ARTISTS)))
    lengths = [EACH] * (count // EACH) + ([count % EACH] if count % EACH else [])
    works = (_artwork(n, length, chance) for n, length in enumerate(lengths))
    _write(folder / "artworks.jsonl.gz", works)
    return f"tate:{folder}"


def bare(folder: Path) -> int:
    """Unpack and parse every artist and artwork."""
    with gzip.open(folder / "artists.jsonl.gz") as lines:
        for line in lines:
            json.loads(line)
    with gzip.open(folder / "artworks.jsonl.gz") as lines:
        return sum(len(json.loads(line)["subject_ids"]) for line in lines)


def _write(file: Path, records: Any) -> None:
    with gzip.open(file, "wt", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def _artist(number: int) -> dict[str, Any]:
    place = {"name": "Springfield, United States", "placeName": "Springfield"}
    return {
        "activePlaceCount": 0,
        "birth": {"place": place, "time": {"startYear": 1898}},
        "birthYear": 1898,
        "date": "1898–1991",
        "fc": f"Name {number}",
        "gender": ("Male", "Female", None)[number % 3],
        "id": number,
        "mda": f"{number}, Name",
        "movements": [],
        "totalWorks": 3,
        "url": f"http://example.org/artists/{number}",
    }


def _artwork(number: int, subjects: int, chance: random.Random) -> dict[str, Any]:
    return {
        "id": number,
        "acno": f"A{number:05}",
        "title": "A figure bowing before a seated old man with his arm outstretched",
        "all_artists": f"Name {number % ARTISTS}",
        "classification": "on paper, unique",
        "medium": "Watercolour, ink, chalk and graphite on paper. Verso: graphite on paper",
        "dateText": "date not known",
        "dateRange": {"endYear": 1785, "startYear": 1785, "text": "?c.1785"},
        "acquisitionYear": 1922,
        "creditLine": "Presented by somebody 1922",
        "width": "394",
        "height": "419",
        "units": "mm",
        "inscription": None,
        "thumbnailUrl": f"http://example.org/images/{number}.jpg",
        "url": f"http://example.org/artworks/a-figure-bowing-{number}",
        "artist_ids": [[number % ARTISTS, "artist"]],
        "movements": [],
        "subject_ids": chance.sample(range(1, SUBJECTS), subjects),
    }
