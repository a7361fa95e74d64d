"""What a row claims besides its key, and what can move it: so that it can be asked again elsewhere.

In another setting a row holds only where one of the same key says the same and is a gap, too. A
setting that cannot move a row (a seed for plain counts) is no test of it and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from excavate.gaps.pair_statistics import FEW

if TYPE_CHECKING:
    from excavate.gaps.stored import Row

Changes = Mapping[str, Sequence[Any]]  # {name: (as it is, as it would be)}


def _every(row: Row) -> bool:
    return True


def _nothing(row: Row, changes: Changes) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """Of one measure's rows. `says`: columns that must be equal, besides the key of the registry.

    `is_gap`: whether a row claims one. `unmoved`: parameters, "reference" and "encoder" that
    cannot change whether the row stands.
    """

    says: tuple[str, ...] = ()
    is_gap: Callable[[Row], bool] = _every
    unmoved: Callable[[Row, Changes], frozenset[str]] = _nothing

    def is_moved(self, row: Row, changes: Changes) -> bool:
        """Whether a setting that differs so could say otherwise of the row."""
        return bool(set(changes) - self.unmoved(row, changes))


def claim_of(measure: str) -> Claim:
    """What a measure's rows claim: that there is a row, where nothing more is known."""
    return CLAIMS.get(measure, Claim())


def _pair_unmoved(row: Row, changes: Changes) -> frozenset[str]:
    """Bounds are drawn again only of pairs that are seen together often enough."""
    return frozenset() if row["observed"] >= FEW else frozenset({"bootstrap", "seed"})


def _column_unmoved(row: Row, changes: Changes) -> frozenset[str]:
    if row["check"] == "cliff":
        return frozenset()
    counted = row["check"] in ("empty", "residual", "unmatched")
    return frozenset({"drop", "alpha"} if counted else {"drop"})


def _copies_unmoved(row: Row, changes: Changes) -> frozenset[str]:
    """Copies that surer methods hold together need none of the others."""
    by_embedding = frozenset({"chance", "k", "cosine", "encoder"})
    by_hash = frozenset({"radius", "alike", "turns", "certain"})
    return {"exact": by_embedding | by_hash, "hash": by_embedding}.get(row["kind"], frozenset())


def _region_unmoved(row: Row, changes: Changes) -> frozenset[str]:
    """A cell of another grid is another place, which says neither yes nor no of this one."""
    if row["kind"] == "attribute":
        return frozenset({"grid", "least", "alpha"})
    counted = {"least", "alpha"} if row["kind"] == "too small" else set()
    return frozenset({"grid", "visible"} | counted)


def _label_unmoved(row: Row, changes: Changes) -> frozenset[str]:
    if row["kind"] == "likely error":
        return frozenset({"k", "over", "least"})
    return frozenset({"seed", "strength", "folds", "voices"})


def _node_unmoved(row: Row, changes: Changes) -> frozenset[str]:
    """What is empty is empty by every yardstick; a dataset may have nothing there either."""
    if row["count"]:
        return frozenset()
    yardsticks = all(
        str(one).startswith(("uniform", "floor:")) for one in changes.get("reference", ())
    )
    return frozenset({"thin", "reference"} if yardsticks else {"thin"})


CLAIMS: Mapping[str, Claim] = {
    "association": Claim((), lambda row: row["observed"] < row["expected"], _pair_unmoved),
    "columns": Claim((), lambda row: row["check"] != "thick", _column_unmoved),
    "compare": Claim(("in_a", "in_b"), lambda row: row["why"] is None),
    "concepts": Claim(("state",), lambda row: row["state"] == "thin"),
    "duplicates": Claim(("crossing",), unmoved=_copies_unmoved),
    "labels": Claim(unmoved=_label_unmoved),
    "regions": Claim((), lambda row: row["kind"] not in ("size", "fault"), _region_unmoved),
    "taxonomy": Claim(("action",), unmoved=_node_unmoved),
}
