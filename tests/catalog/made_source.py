"""A source made for tests, reached through the registry like any other.

`made:N` has N pictures; every seventh is truncated, every fifth has no pixels, every third has
a region, one of which crosses the edge. `made:N,duplicate` repeats a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from excavate.model import (
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    Label,
    Region,
    SourceOptions,
    batches_of,
)
from tests.made import encoded, picture


class Made:
    def __init__(self, rest: str) -> None:
        number, _, self.flaw = rest.partition(",")
        self.count = int(number)

    def describe(self) -> Description:
        return Description("made", "Made", "number", f"made {self.count} {self.flaw}")

    def categories(self) -> Sequence[Category]:
        top = Category("all", "all")
        return [top, *(Category(str(c), f"kind {c}", ["all"]) for c in range(4))]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        return batches_of(map(self._item, range(self.count)), size, start)

    def _item(self, n: int) -> Item:
        content = encoded(picture(n), "PNG")
        category = "9" if self.flaw == "category" else str(n % 4)
        return Item(
            key="0" if self.flaw == "duplicate" and n in (3, 4) else str(n),
            split="train" if n % 2 else "test",
            content=None
            if n % 5 == 4
            else content[: 60 if n % 2 else 5]
            if self._broken(n)
            else content,
            labels=[Label("kind", f"kind {n % 4}", category)],
            regions=[Region("box", (15.0, 2.0, 3.0 + n, 4.0))] if n % 3 == 0 else [],
            attributes=[Attribute("n", n, source="made")],
        )

    def _broken(self, n: int) -> bool:
        return n % 7 == 6 or self.flaw == "broken"


def open_source(rest: str, options: SourceOptions) -> Made:
    return Made(rest)
