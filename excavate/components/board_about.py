"""What absences are said of, in few words: names veiled as elsewhere, and pictures of items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.catalog import browsing
from excavate.components.gallery import caption, frame
from excavate.components.hidden_names import NOTHING, Hidden, hidden_in
from excavate.dossiers.reading import Archive, read_archive
from excavate.errors import ExcavateError
from excavate.gaps.registry import saying_of
from excavate.gaps.shelf import shelf
from excavate.i18n import N_, _, _n, spoken
from excavate.settings import Settings
from excavate.workshop.about import About, about_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from excavate.gaps.stored import Finding
    from excavate.site import Site

SHOWN_ITEMS = 3  # of a lasso
NOT_HERE = N_("not in this site any more")
KIND_NAMES = {
    "dataset": N_("whole datasets"), "item": N_("items"), "part": N_("parts of items"),
    "category": N_("categories"), "cell": N_("cells of attributes"), "finding": N_("findings"),
    "dossier": N_("facts of dossiers"), "search": N_("searches"), "lasso": N_("places on the map"),
    "nothing": N_("nothing in particular"),
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What stands in the site while one board is drawn; each part is missing where it is not there.

    `pictures`: {item_id: the HTML of its picture}.
    """

    site: Site | None
    datasets: frozenset[str]
    findings: Mapping[str, Finding]
    archive: Archive | None
    layouts: Mapping[str, tuple[str, ...]]  # layout_id: its datasets
    pictures: Mapping[str, str]


def ground_of(site: Site | None, abouts: Iterable[About]) -> Ground:
    """What is needed to name these, read once."""
    try:
        archive = read_archive(Settings.from_environment().archives)
    except ExcavateError:
        archive = None
    if site is None or not site.generation:
        return Ground(None, frozenset(), {}, archive, {}, {})
    named = {m.id: tuple(n for n, _revision in m.provenance["datasets"]) for m in site.layouts()}
    found = frozenset(site.revisions())
    wanted = tuple(dict.fromkeys(one for about in abouts for one in items_of(about)))
    pictures = _pictures(site, site.generation, spoken(), wanted)
    return Ground(site, found, shelf(site.folder).by_id, archive, named, pictures)


def items_of(about: About) -> tuple[str, ...]:
    """The items whose pictures stand for what is pointed at: at most three."""
    value = about.value
    found = [value["item_id"]] if value.get("item_id") else _circled(about)
    return tuple(str(one) for one in found[:SHOWN_ITEMS])


def _circled(about: About) -> Sequence[str]:
    """The items inside a lasso, as far as they were kept."""
    found = about.value.get("items") or about.at.get("items") or ()
    return found if isinstance(found, list | tuple) else ()


def dataset_of(about: About, ground: Ground) -> str:
    """The dataset it lies in; nothing where it lies in none, or in several."""
    item = str(about.value.get("item_id", ""))
    inside = [name for name in ground.datasets if item.startswith(f"{name}/")]
    if inside:
        return max(inside, key=len)
    if about.dataset:
        return about.dataset
    finding = ground.findings.get(about.value.get("finding_id", ""))
    if finding is not None:
        return _without_split(finding)
    laid = ground.layouts.get(about.value.get("layout_id", ""), ())
    return laid[0] if len(laid) == 1 else ""


def keys_of(about: About, ground: Ground) -> frozenset[str]:
    """What a board can be filtered by: its dataset, its kind, and exactly this."""
    of = about_query(about)
    dataset = dataset_of(about, ground)
    exact = {f"on:{of['of']}:{of['on']}"}
    whole = _whole_of(about)
    if whole is not None:  # a part is of its item, a row of its finding, a fact of its dossier
        exact.add(f"on:{whole.kind}:{about_query(whole)['on']}")
    return frozenset(
        {f"kind:{about.kind}", *exact} | ({f"dataset:{dataset}"} if dataset else set())
    )


def _whole_of(about: About) -> About | None:
    """What it is a part of, where it is one."""
    wholes = {"part": ("item", "item_id"), "finding": ("finding", "finding_id"),
              "dossier": ("dossier", "dossier_id")}  # fmt: skip
    if about.kind not in wholes:
        return None
    kind, name = wholes[about.kind]
    return About(kind, {name: about.value[name]})


def said_of(about: About, ground: Ground) -> str:
    """What an absence is said of, in few words of the language of this run; plain text."""
    return WORDS[about.kind](about, ground)


def _whole(about: About, ground: Ground) -> str:
    return _("the whole of {dataset}").format(dataset=about.value["dataset"])


def _item(about: About, ground: Ground) -> str:
    item, hidden = str(about.value["item_id"]), _hidden(about, ground)
    named = "/".join(hidden.of(part) for part in item.split("/"))  # folders bear names, too
    words = _("part of {item}") if about.kind == "part" else "{item}"
    gone = ground.site is not None and item not in ground.pictures
    return words.format(item=named) + (f" · {_(NOT_HERE)}" if gone else "")


def _category(about: About, ground: Ground) -> str:
    value, hidden = about.value, _hidden(about, ground)
    node = str(value.get("node_id") or "")
    name = str(value["name"])
    name = hidden.names.get(name, _("name veiled")) if node in hidden.ids else hidden.of(name)
    return _joined(_("category “{name}”").format(name=name), value.get("taxonomy"), about, ground)


def _cell(about: About, ground: Ground) -> str:
    hidden = _hidden(about, ground)
    values = about.value["values"].items()
    cells = ", ".join(f"{field} = {hidden.of(value)}" for field, value in values)
    return _joined(cells, None, about, ground)


def _finding(about: About, ground: Ground) -> str:
    finding = ground.findings.get(about.value["finding_id"])
    if finding is None:
        return f"{_('a finding')} · {_(NOT_HERE)}"
    return _joined(saying_of(finding.measure).title(), None, about, ground)


def _dossier(about: About, ground: Ground) -> str:
    known = ground.archive.dossiers.get(about.value["dossier_id"]) if ground.archive else None
    name = about.value["dossier_id"]
    if known is not None:
        name = (known.name.ko if spoken() == "ko" else known.name.en) or known.name.plain
    whole = not about.value.get("fact_id")
    words = _("the dossier of {name}") if whole else _("a fact in the dossier of {name}")
    return words.format(name=name)


def _search(about: About, ground: Ground) -> str:
    words = _("a search for “{words}”").format(words=about.value["words"])
    return _joined(words, None, about, ground)


def _lasso(about: About, ground: Ground) -> str:
    count = _how_many(about)
    if not count:
        return _joined(_("a place circled on the map"), None, about, ground)
    words = _n("{n} item circled on the map", "{n} items circled on the map", count)
    return _joined(words.format(n=count), None, about, ground)


def _how_many(about: About) -> int:
    """How many items were inside when it was circled, which can be more than are kept by name."""
    counted = about.at.get("count")
    return counted if type(counted) is int and counted > 0 else len(_circled(about))


def _nothing(about: About, ground: Ground) -> str:
    return _("nothing in particular")


WORDS: dict[str, Callable[[About, Ground], str]] = {
    "dataset": _whole, "item": _item, "part": _item, "category": _category, "cell": _cell,
    "finding": _finding, "dossier": _dossier, "search": _search, "lasso": _lasso,
    "nothing": _nothing,
}  # fmt: skip


def _joined(words: str, second: str | None, about: About, ground: Ground) -> str:
    """The words with where it lies behind them."""
    return " · ".join(part for part in (words, second or dataset_of(about, ground)) if part)


def _hidden(about: About, ground: Ground) -> Hidden:
    datasets = [name for name in [dataset_of(about, ground)] if name]
    if ground.site is None:
        return NOTHING  # there is no catalog to say which are veiled
    return hidden_in(ground.site, datasets, about.value.get("taxonomy"))


def _without_split(finding: Finding) -> str:
    names = finding.made.provenance["revisions"]
    return next((n for n in names if f"{finding.dataset}/".startswith(f"{n}/")), finding.dataset)


@lru_cache(maxsize=64)
def _pictures(
    site: Site, _generation: str, _language: str, item_ids: tuple[str, ...]
) -> dict[str, str]:
    """{item_id: HTML} of those that are there, captions veiled as elsewhere."""
    if not item_ids:
        return {}
    with site.cursor() as cursor:
        found = browsing.items_named(cursor, item_ids)
    hidden = hidden_in(site, sorted(set(found["dataset_id"])))
    rows: list[dict[Any, Any]] = hidden.captions(found).to_dict("records")
    return {row["item_id"]: frame(row, escape(caption(row["labels"]))) for row in rows}
