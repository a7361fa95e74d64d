"""Which labels are in doubt, and by whom: of each item one margin, one other label, one opinion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from excavate.gaps.confident import against, doubted, error_share
from excavate.gaps.finding import Figure
from excavate.gaps.opinions import Opinions
from excavate.gaps.shares import share_bounds

PROBE, PEOPLE, BOTH = "probe", "people", "probe and people"


@dataclass(frozen=True, slots=True)
class Doubts:
    """All judged items, of rows `at` (m,): margin, the other label, whether in doubt, by whom.

    margin: the pooled probability of the strongest other label less that of the one given.
    """

    at: np.ndarray
    margin: np.ndarray
    other: np.ndarray
    doubtful: np.ndarray
    opinion: np.ndarray
    figures: dict[str, Figure]

    def strongest(self) -> np.ndarray:
        """The places of those in doubt, by margin; ties in the order of the items."""
        found = np.flatnonzero(self.doubtful)
        return np.asarray(found[np.argsort(-self.margin[found], kind="stable")])


def doubts(known: Opinions) -> Doubts | None:
    """Every label against the other opinions of its item; None where fewer than two are judged.

    Where people voted a label is in doubt if the pool of people and probe holds another to be
    more probable, or if more people said another; where nobody did, if confident learning
    doubts what the probe says.
    """
    at = known.asked
    codes = known.judged[at]
    if len(np.unique(codes)) < 2:
        return None
    margin, other = against(known.pool.probabilities[at], codes)
    voted = known.voted[at]
    outvoted, theirs = _outvoted(known, at)
    doubtful = (voted & (margin > 0)) | outvoted
    if known.probed is not None:
        doubtful |= ~voted & doubted(known.probed[at], codes)
    by_people = outvoted & (margin <= 0)
    both = PEOPLE if known.probed is None else BOTH
    opinion = np.where(voted, np.where(by_people, PEOPLE, both), PROBE)
    figures = {"judged": Figure(len(at)), "names": Figure(len(np.unique(codes)))}
    figures["likely_errors"] = Figure(int(doubtful.sum()))
    figures |= _shares(known, at, doubtful)
    if known.votes is not None:
        figures["voted"] = Figure(int(voted.sum()))
        figures["outvoted"] = Figure(int(outvoted.sum()))
    return Doubts(at, margin, np.where(by_people, theirs, other), doubtful, opinion, figures)


def _outvoted(known: Opinions, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(whether more people said another name than the label, that name), for rows `at`."""
    if known.votes is None:
        return np.zeros(len(at), bool), np.zeros(len(at), int)
    margin, theirs = against(known.votes[at], known.judged[at])
    return margin > 0, theirs


def _shares(known: Opinions, at: np.ndarray, doubtful: np.ndarray) -> dict[str, Figure]:
    """The share in doubt; where people voted the probe's own estimate stands beside it."""
    low, high = share_bounds(int(doubtful.sum()), len(at))
    share = Figure(float(doubtful.mean()), low, high)
    if known.probed is None:
        return {"error_share": share}
    probed = error_share(known.probed[at], known.judged[at], known.setting.seed)
    if not known.voted[at].any():
        return {"error_share": probed}
    return {"error_share": share, "probe_share": probed}
