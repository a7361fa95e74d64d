"""What dossiers tell of pay for each piece: figures of their facts, and the facts themselves."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from excavate.dossiers.reading import Archive
from excavate.dossiers.schema import Fact

FILE = Path(__file__).resolve().parent / "wage_tables" / "piece_rates.csv"


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of one fact: from `lowest` to `highest` for `of` items, photographs or hours."""

    fact_id: str
    per: str
    of: int
    lowest: Decimal
    highest: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PieceRate:
    """A figure with the fact that it stands in: its words, source and status are the dossier's."""

    figure: Figure
    dossier_id: str
    dossier: str
    fact: Fact

    def of(self, pieces: int) -> tuple[Decimal, Decimal]:
        """What so many pieces would have been paid, from lowest to highest."""
        share = Decimal(pieces) / self.figure.of
        return self.figure.lowest * share, self.figure.highest * share


@lru_cache(maxsize=1)
def figures() -> tuple[Figure, ...]:
    """The figures that are written down, in the order of the file."""
    with open(FILE, encoding="utf-8", newline="") as stream:
        return tuple(
            Figure(
                row["fact_id"], row["per"], int(row["of"]), Decimal(row["lowest"]),
                Decimal(row["highest"]), row["currency"],
            )
            for row in csv.DictReader(stream)
        )  # fmt: skip


def piece_rates(archive: Archive, per: str = "item") -> list[PieceRate]:
    """The rates per piece whose facts this archive holds; none where it holds none of them."""
    found = []
    for figure in figures():
        dossier_id = figure.fact_id.rpartition("-")[0]
        dossier = archive.dossiers.get(dossier_id)
        facts = [fact for fact in dossier.fact if fact.id == figure.fact_id] if dossier else []
        if figure.per == per and dossier and facts:
            found.append(PieceRate(figure, dossier_id, dossier.name.plain, facts[0]))
    return found
