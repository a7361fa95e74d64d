"""A folder of three dossiers, made for tests: one whole, one withdrawn, one nearly empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from excavate.dossiers.schema import Dossier
from excavate.dossiers.writing import to_toml

MARKUP = "<img src=x onerror=alert(1)>"


def fact(dossier: str, number: int, topic: str, **more: Any) -> dict[str, Any]:
    """One fact, seen unless it says otherwise."""
    more.setdefault("text", {"en": f"What is said of {topic}"})
    more.setdefault("source", f"A paper on {topic}")
    more.setdefault("status", "seen")
    return {"id": f"{dossier}-{number:02d}", "topic": topic, **more}


HAND = {
    "id": "hand-digits", "kind": "image", "name": {"en": "Hand digits", "ko": "손 숫자"},
    "terrain": {
        "year": 1998, "items": 1797, "images_from": ["handwritten or drawn", "scanned documents"],
        "labour": ["volunteers"], "licence": "open", "countries": ["TR"],
        "because": {"year": ["hand-digits-01"], "items": ["hand-digits-02"],
                    "images_from": ["hand-digits-02"], "labour": ["hand-digits-03"],
                    "licence": ["hand-digits-02"], "countries": ["hand-digits-01"]},
    },
    "status": {"state": "active", "because": ["hand-digits-01"]},
    "dig": [{"source": "digits", "note": {"ko": "몇 초면 된다."}}],
    "count": [
        {"of": "items", "number": 1797, "because": ["hand-digits-02"]},
        {"of": "categories", "number": 10, "because": ["hand-digits-02"]},
        {"of": "regions", "number": 7, "because": ["hand-digits-02"]},
        {"of": "people", "number": 13, "because": ["hand-digits-02"]},
    ],
    "ancestor": [{"name": "Tiny heap", "dossier": "tiny-heap", "because": ["hand-digits-02"]}],
    "fact": [
        fact("hand-digits", 1, "year", text={"en": "It is of 1998", "ko": "1998년의 것"}),
        fact("hand-digits", 2, "counts", text={"ko": "모두 1,797장"},
             disagrees_with=["hand-digits-04"], url="https://example.org/paper"),
        fact("hand-digits", 3, "labour_who", status="recalled", url="javascript:alert(1)"),
        fact("hand-digits", 4, "counts", text={"en": f"5,620 in all {MARKUP}"}, link_only=True),
    ],
}  # fmt: skip
TINY = {
    "id": "tiny-heap", "kind": "image", "name": {"en": "Tiny heap"},
    "terrain": {"year": 2008, "items": 79302017, "images_from": ["web search"],
                "because": {"year": ["tiny-heap-01"], "items": ["tiny-heap-01"],
                            "images_from": ["tiny-heap-01"]}},
    "status": {"state": "withdrawn", "date": "2020-06-29", "because": ["tiny-heap-02"]},
    "dig": [{"source": "hf:somebody/tiny-heap"}],
    "ancestor": [{"name": "WordNet", "because": ["tiny-heap-01"]}],
    "descendant": [{"name": "Hand digits", "dossier": "hand-digits", "because": ["tiny-heap-01"]}],
    "fact": [
        fact("tiny-heap", 1, "taxonomy"),
        fact("tiny-heap", 2, "status", text={"en": "Slurs stood among its labels"}),
    ],
}  # fmt: skip
BARE = {
    "id": "bare", "kind": "image", "name": {"en": "Bare"},
    "fact": [fact("bare", 1, "makers", status="brought")],
}  # fmt: skip


def write_dossiers(folder: Path) -> Path:
    """The three as TOML files."""
    folder.mkdir(parents=True, exist_ok=True)
    for record in (HAND, TINY, BARE):
        dossier = Dossier.model_validate(record)
        (folder / f"{dossier.id}.toml").write_text(to_toml(dossier), encoding="utf-8")
    return folder
