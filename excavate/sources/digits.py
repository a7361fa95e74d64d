"""`digits`: scikit-learn's copy of the UCI optical digits, 1,797 pictures of 8x8 pixels.

The key is the row number in scikit-learn's order. It is the test set of Alpaydin and Kaynak
(1998): 43 people wrote, 13 of them only in this part. Licence: CC BY 4.0 at the UCI repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from excavate.model import (
    NO_SPLIT,
    Batch,
    Category,
    Description,
    Item,
    Label,
    SourceOptions,
    batches_of,
)
from excavate.sources.splits import chosen

GREYS = 16  # the ink count of a 4x4 cell, 0 to 16, stretched to 0..255


class Digits:
    """The embedded default: no network, no weights, nothing to download."""

    def __init__(self, options: SourceOptions) -> None:
        chosen([NO_SPLIT], options.split, "digits")
        from sklearn.datasets import load_digits

        bunch = load_digits()
        self._pixels = (bunch.images * (255 / GREYS)).round().astype("uint8")
        self._targets = bunch.target

    def describe(self) -> Description:
        """Title, licence and key rule of the UCI digits."""
        return Description(
            dataset_id="digits",
            title="Optical Recognition of Handwritten Digits (UCI test set)",
            key_rule="row number in scikit-learn's load_digits",
            fingerprint="sklearn-load_digits-1797",
            licence="CC BY 4.0",
            homepage="https://doi.org/10.24432/C50P49",
            citation="E. Alpaydin and C. Kaynak (1998). UCI Machine Learning Repository.",
            count=len(self._targets),
        )

    def categories(self) -> Sequence[Category]:
        """Ten digits, no hierarchy."""
        return [Category(str(d), str(d)) for d in range(10)]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """All pictures in order, raw 8x8 greys."""
        return batches_of(self._items(), size, start)

    def _items(self) -> Iterator[Item]:
        for row, (pixels, target) in enumerate(zip(self._pixels, self._targets, strict=True)):
            yield Item(
                key=str(row),
                content=pixels.tobytes(),
                mode="L",
                width=8,
                height=8,
                labels=(Label("target", str(target), str(target)),),
            )


def open_source(rest: str, options: SourceOptions) -> Digits:
    """The digits; `rest` is empty."""
    return Digits(options)
