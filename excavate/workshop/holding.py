"""Whether what an absence rests on still holds, against the catalog and the dossiers of today.

What was pointed at was pinned when it was said (pinning.py). Here the pin is held against what
lies there now: it holds, it has changed (and what of it), it is gone, or nothing can be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, NotFoundError
from excavate.i18n import N_, _
from excavate.workshop.about import About
from excavate.workshop.pinning import state_of

if TYPE_CHECKING:
    from excavate.dossiers.reading import Archive
    from excavate.site import Site
    from excavate.workshop.absence_record import Absence

HOLDS, CHANGED, GONE, UNCHECKED = "holds", "changed", "gone", "not checkable"
WORDS = {
    "same": N_("It is as it was then."),
    "picture": N_("The picture is another one than then."),
    "same picture": N_("The dataset was dug again since; this picture is the same."),
    "revision": N_("The dataset was dug again since, and what it holds has changed."),
    "taxonomy": N_("The taxonomy is another version than then."),
    "count": N_("Then {then} items were in it, now {now}."),
    "measured on": N_("It was measured on a version of {dataset} that is not the one of today."),
    "fact": N_("Its words have changed since."),
    "encoder": N_("It would be seen through other weights today."),
    "layout": N_("The layout is of an earlier version of its datasets; it is drawn anew by now."),
    "gone": N_("It is not in this site any more."),
    "link": N_("A link leads out of this site; nothing here looks after it."),
    "unpinned": N_("What it was then is not on record."),
    "unread": N_("It cannot be looked up now ({cause})."),
}
# What of a pin tells which change.
TOLD_BY = {
    "fact": ("sha256",), "taxonomy": ("taxonomy_revision",), "encoder": ("encoder",),
    "revision": ("revision", "revisions", "datasets"),
}  # fmt: skip
Change = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Held:
    """One thing pointed at, and how it stands today. `evidence_id`: None is what it is said of."""

    about: About
    state: str  # holds, changed, gone, not checkable
    what: str  # a key of WORDS
    evidence_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What became of it, in the language of the run."""
        return _(WORDS[self.what]).format(**self.details)


def holding(site: Site | None, archive: Archive | None, absence: Absence) -> list[Held]:
    """How everything an absence points at stands today: what it is said of, then its evidence.

    Nothing where it is said of nothing in particular and rests on nothing. A lasso that is
    evidence of what it is itself said of comes once.
    """
    pointed: list[tuple[About, str | None]] = [(absence.about, None)]
    pointed += [(one.about, one.evidence_id) for one in absence.evidence]
    found, seen = [], set[str]()
    for about, evidence_id in pointed:
        key = repr((about.kind, sorted(about.value.items(), key=lambda pair: pair[0])))
        if about.kind != "nothing" and key not in seen:
            found.append(held(site, archive, about, evidence_id))
        seen.add(key)
    return found


def held(
    site: Site | None, archive: Archive | None, about: About, evidence_id: str | None = None
) -> Held:
    """How one thing stands today."""
    state, what, details = _state(site, archive, about)
    return Held(about, state, what, evidence_id, details)


def _state(site: Site | None, archive: Archive | None, about: About) -> Change:
    if about.kind in ("link", "nothing"):
        return UNCHECKED, "link" if about.kind == "link" else "unpinned", {}
    if site is None or not about.value:  # its words were erased
        return UNCHECKED, "unpinned", {}
    missing: list[str] = []
    try:
        now = state_of(site, archive, about, missing.append)
    except NotFoundError:
        return (CHANGED, "layout", {}) if _is_older_layout(site, about) else (GONE, "gone", {})
    except ExcavateError as error:
        return UNCHECKED, "unread", {"cause": error.what}
    if missing:
        return GONE, "gone", {}
    if not about.at:
        return UNCHECKED, "unpinned", {}
    return next(_changes(site, about, now), (HOLDS, "same", {}))


def _changes(site: Site, about: About, now: Mapping[str, Any]) -> Iterator[Change]:
    """What has changed, the weightiest first."""
    if about.kind in ("item", "part"):
        return _of_picture(about.at, now)
    if about.kind == "finding":
        return _measured_on(site, about.at)
    return _of_rest(about.at, now)


def _of_picture(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """A picture that stayed the same holds, whatever became of those around it."""
    if then.get("sha256") != now.get("sha256"):
        yield CHANGED, "picture", {}
    if then.get("revision") != now.get("revision"):
        yield HOLDS, "same picture", {}


def _of_rest(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    if "count" in now and then.get("count") != now["count"]:
        yield CHANGED, "count", {"then": then.get("count", "?"), "now": now["count"]}
    for what, names in TOLD_BY.items():
        if any(then.get(name) != now.get(name) for name in names):
            yield CHANGED, what, {}


def _measured_on(site: Site, then: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    today = site.revisions()
    for dataset, revision in then.get("revisions", {}).items():
        if today.get(dataset) != revision:
            yield CHANGED, "measured on", {"dataset": dataset}


def _is_older_layout(site: Site, about: About) -> bool:
    from excavate.catalog.computed import all_computed

    wanted = about.value.get("layout_id")
    return about.kind == "lasso" and any(
        made.id == wanted for made in all_computed(site.folder, "layouts")
    )
