"""Tate's collection in small, in both of its forms."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from tests.sources.fixtures import put

TREE = "id\tname\tparent_id\n1\tsubject\t\n91\tpeople\t1\n95\tadults, standing\t91\n7\tsea\t1\n"


def artist(number: int, **changes: Any) -> dict[str, Any]:
    """An artist's record."""
    record = {"fc": f"Artist {number}", "gender": "Female", "id": number, "birthYear": 1930}
    return record | changes


def artwork(key: str, **changes: Any) -> dict[str, Any]:
    """An artwork's record, as the lines have it."""
    record = {
        "id": 5,
        "acno": key,
        "title": f"제목 {key}",
        "all_artists": "Artist 1",
        "medium": None,
        "dateRange": {"endYear": 1785, "startYear": 1785, "text": "?c.1785"},
        "acquisitionYear": 1922,
        "width": "394",
        "units": "mm",
        "thumbnailUrl": "http://example.org/a.jpg",
        "url": f"http://example.org/{key}",
        "artist_ids": [[1, "artist"]],
        "movements": [],
        "subject_ids": [1, 91, 95],
    }
    return record | changes


def packed(root: Path, *works: dict[str, Any]) -> str:
    """Lines of JSON, packed: an artist without gender, one without a record, one twice."""
    given = works or (
        artwork("A00001"),
        artwork("A00002", artist_ids=[[2, "after"], [1, "artist"]], subject_ids=[7], note="x"),
        artwork("AR9", artist_ids=[[404, "artist"]], movements=["Vorticism"], subject_ids=[]),
    )
    twice = artist(2, gender=None, fc="The same, otherwise")
    artists = (artist(1), artist(2, gender=None), artist(3), twice)
    put(root / "subject_tree.tsv", TREE)
    put(root / "artworks.jsonl.gz", gzip.compress(lines(given)))
    put(root / "artists.jsonl.gz", gzip.compress(lines(artists)))
    put(root / "artist_data.csv", "\ufeffid,name,gender\n1,One,Female\n")
    put(root / "LICENCE", "Creative Commons Legal Code\n\n  CC0 1.0 Universal\n\nand so on\n")
    return f"tate:{root}"


def as_published(root: Path) -> str:
    """One JSON each, subjects nested; an artist that only the artwork describes."""
    subjects = {
        "id": 1,
        "name": "subject",
        "children": [
            {"id": 91, "name": "people", "children": [{"id": 95, "name": "adults"}]},
            {"id": 7, "name": "sea", "children": [{"id": 95, "name": "adults"}]},
        ],
    }
    movement = {"era": {"id": 290, "name": "18th century"}, "id": 344, "name": "Neo-Classicism"}
    given = {
        "a/000/a1.json": published("A1", subjects=subjects, movements=[movement], depth=""),
        "t/1/t1.json": published("T1", contributors=[{**artist(9, gender="Male"), "role": "with"}]),
        "t/1/t2.json": published("T2", contributors=[]),
    }
    for path, record in given.items():
        put(root / "artworks" / path, json.dumps(record))
    put(root / "artists" / "a" / "one-1.json", json.dumps(artist(1, birth={"place": None})))
    return f"tate:{root}"


def published(key: str, **changes: Any) -> dict[str, Any]:
    """An artwork's record as Tate's own files have it."""
    record = artwork(key)
    for name in ("subject_ids", "artist_ids", "movements"):
        del record[name]
    made_by = [{"fc": "Artist 1", "gender": "Female", "id": 1, "role": "artist"}]
    return record | {"contributors": made_by, "subjectCount": 1} | changes


def lines(records: Any) -> bytes:
    """A line of JSON each."""
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()
