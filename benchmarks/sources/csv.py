"""csv: a table like a dataset's labels: a key, three columns of labels, one of anything.

Annotations are its cells beside the key; the bare parser reads the same cells block by block,
guessing types, as it does unless it is told otherwise.
"""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.csv as arrow_csv

import excavate.sources.csv_table  # noqa: F401 - a tenth of a second; the reading takes less

PARSER = "pyarrow.csv.open_csv"
OPTIONS = {"labels": "age,colour,place"}
COUNTED = ("labels", "attributes")
WORDS = ("one", "two", "고양이", "a longer value, quoted", "five", "six", "seven")


def make(folder: Path, count: int) -> str:
    """A CSV of count / 4 rows."""
    chance = random.Random(3)
    file = folder / "labels.csv"
    with open(file, "w", encoding="utf-8") as out:
        out.write("file,age,colour,place,note\n")
        for number in range(count // 4):
            words = (f'"{w}"' if "," in w else w for w in chance.choices(WORDS, k=3))
            out.write(f"train/{number}.jpg,{','.join(words)},{chance.random()}\n")
    return f"csv:{file}"


def bare(folder: Path) -> int:
    """Read all blocks and let them go."""
    with arrow_csv.open_csv(folder / "labels.csv") as reader:
        return sum(len(block) * 4 for block in reader)
