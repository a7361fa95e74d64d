"""aihub: a JSON for each picture, ten boxes and polygons in each."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import excavate.sources.aihub  # noqa: F401 - a tenth of a second of modules

PARSER = "json"
COUNTED = ("regions",)
EACH = 10


def make(folder: Path, count: int) -> str:
    """count / 10 JSONs and as many empty pictures, in folders of their own."""
    chance = random.Random(3)
    labels = folder / "1.Training" / "라벨링데이터"
    pictures = folder / "1.Training" / "원천데이터"
    for place in (labels, pictures):
        place.mkdir(parents=True)
    for number in range(count // EACH):
        (pictures / f"{number}.jpg").touch()
        text = json.dumps(_document(number, chance), ensure_ascii=False)
        (labels / f"{number}.json").write_text(text, encoding="utf-8")
    return f"aihub:{folder}"


def bare(folder: Path) -> int:
    """Parse every JSON."""
    files = sorted((folder / "1.Training" / "라벨링데이터").iterdir())
    return sum(len(json.loads(file.read_bytes())["annotations"]) for file in files)


def _document(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "image": {"file_name": f"{number}.jpg", "width": 1920, "height": 1080},
        "meta": {"device": "Galaxy", "time": "2021-09-01 10:00:00", "place": "서울"},
        "annotations": [_annotation(n, chance) for n in range(EACH)],
    }


def _annotation(number: int, chance: random.Random) -> dict[str, Any]:
    record = {
        "id": number,
        "class_name": chance.choice(["사람", "차", "볼라드"]),
        "occluded": False,
    }
    if number % 2:
        return record | {"bbox": [round(chance.uniform(0, 900), 2) for _ in range(4)]}
    points = [[chance.randrange(1900), chance.randrange(1000)] for _ in range(12)]
    return record | {"type": "polygon", "points": points}
