"""Labels: which of them another opinion contradicts, which are torn, and what has no name.

Three kinds of rows. A *likely error*: confident learning (Northcutt, Jiang and Chuang 2021) over
out-of-sample probabilities of a linear probe, pooled with people's votes where there are any;
its score is the normalised margin. A *disagreeing label*: most of its items' neighbours in
embedding space carry another. A *nameless region*: a dense place whose items have no label, or
only one for what is left over. Each row says whose opinion it is; none of them is the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.label_evidence import Setting, Told, kept_rows, part_of, refusal
from excavate.gaps.label_rows import ROWS, errors, nameless, torn
from excavate.gaps.opinions import Opinions
from excavate.i18n import N_
from excavate.progress import Progress, silent

MEASURE = "labels"
MOST_ROWS = 10_000


def labels(told: Told, setting: Setting | None = None, progress: Progress = silent) -> Outcome:
    """Likely errors, torn labels and nameless regions, interleaved, the strongest of each first.

    Items whose label fewer than `least` (or `folds`) carry are not judged, for nothing can be
    learned of it; items whose vector is not finite are left out, and counted. The share of
    errors has a 95 % interval of chance alone. Memory O(n classes); the probe's fit leads.
    """
    setting = setting or Setting()
    given = asdict(setting)
    kept = kept_rows(told)
    why, details = refusal(told, kept, setting)
    if why:
        return NotMeasured(MEASURE, given, why, details)
    known = Opinions(part_of(told, kept), setting, progress)
    found = [kind(known) for kind in (errors, torn, nameless)]
    if not any(more for _, more in found):
        return NotMeasured(MEASURE, given, N_("people voted on too few of the labels"))
    figures = {"left_out": Figure(len(told.given) - len(kept))}
    for _, more in found:
        figures |= more
    rows = _interleaved([rows for rows, _ in found])
    weights = {"probe": known.pool.probe, "people": known.pool.people}
    return Measured(
        MEASURE,
        given | {"weights": weights},
        Reference("itself", note="; ".join(told.votes.sets) if told.votes else ""),
        pa.Table.from_pylist(rows[:MOST_ROWS], schema=ROWS),
        figures,
        len(known.asked) + len(np.unique(known.judged[known.judged >= 0])),
    )


def _interleaved(kinds: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The first of each kind, then the second of each: none drowns the others."""
    placed = [(rank, kind, row) for kind, rows in enumerate(kinds) for rank, row in enumerate(rows)]
    return [row for _, _, row in sorted(placed, key=lambda one: one[:2])]
