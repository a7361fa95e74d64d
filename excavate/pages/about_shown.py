"""What an absence is said of, shown: a picture, a category, a finding's sentence, a lasso."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from excavate.catalog import browsing
from excavate.components.absence_html import told_html
from excavate.components.addresses import picture_url
from excavate.components.dossier_words import TOPICS, in_words
from excavate.components.faces import BLURRED, blurred
from excavate.components.facts import worded
from excavate.components.gallery import TINY, grid, item_href
from excavate.components.held_tree import OWN
from excavate.components.points import inside, layout_rows
from excavate.dossiers.reading import read_archive
from excavate.embedding.spec import short_name
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.records import sentence
from excavate.gaps.registry import saying_of
from excavate.gaps.shelf import shelf
from excavate.i18n import N_, _, _n, spoken
from excavate.pages.parts import link
from excavate.pages.veiling import as_shown, hidden_here
from excavate.routes import served_site
from excavate.settings import Settings
from excavate.workshop.about import About, part_of_item
from excavate.workshop.lassoed import check_lasso

if TYPE_CHECKING:
    from excavate.site import Site

PICTURES = 12
SAID_OF = {
    "dataset": N_("a whole dataset"), "item": N_("an item"), "part": N_("a part of an item"),
    "category": N_("a category"), "cell": N_("a cell of attributes"), "finding": N_("a finding"),
    "dossier": N_("a dossier"), "search": N_("a search"), "lasso": N_("a place on the map"),
    "nothing": N_("nothing in particular"), "link": N_("a link"),
}  # fmt: skip


def about_html(about: About, held: str = "") -> str:
    """What it is said of, as HTML; what is not there any more is said to be so.

    `held`: HTML that says whether it is as it was.
    """
    try:
        inner = SHOWN[about.kind](about)
    except ExcavateError:
        gone = escape(_("What it was said of is not in this site now."))
        inner = f'<p class="exc-dashed">{gone}</p>{_plainly(about)}'
    kind = escape(_(SAID_OF[about.kind]))
    head = escape(_("Said of"))
    return (
        f'<section class="exc exc-said-of exc-said-of-{about.kind}" aria-label="{head}">'
        f'<p class="exc-quiet">{head} · {kind}</p>{inner}{held}</section>'
    )


def _plainly(about: About) -> str:
    """Its own words, where nothing more is known of it."""
    words = [str(one) for one in about.value.values() if isinstance(one, str | int)]
    return f'<p class="exc-mono">{escape(" · ".join(words))}</p>' if words else ""


def _dataset(about: About) -> str:
    site, name = served_site(), str(about.value["dataset"])
    found = [row for row in site.datasets().to_dict("records") if row["dataset_id"] == name]
    if not found:
        raise NotFoundError("no such dataset", name)
    few = min(PICTURES, int(found[0]["items"]))
    spread = [k * int(found[0]["items"]) // few for k in range(few)]
    with site.cursor() as cursor:
        pictures = hidden_here(site, [name]).captions(
            browsing.items_at(cursor, [name] * few, spread)
        )
    title = link("items", str(found[0]["title"]), dataset=name)
    return f"<p><strong>{title}</strong></p>{grid(pictures, kind='exc-strip')}"


def _pictures(site: Site, ids: Sequence[str], kind: str = "exc-grid exc-small") -> str:
    with site.cursor() as cursor:
        found = browsing.items_named(cursor, list(ids))
    if found.empty:
        raise NotFoundError("no such item", ids[0] if ids else "")
    datasets = sorted(set(found["dataset_id"]))
    return grid(hidden_here(site, datasets).captions(found), kind=kind)


def _item(about: About) -> str:
    item_id = str(about.value["item_id"])
    drawn = _pictures(served_site(), [item_id], "exc-grid exc-one")
    return f'{drawn}<p class="exc-mono">{link("item", item_id, id=item_id)}</p>'


def _part(about: About) -> str:
    item_id, part = str(about.value["item_id"]), part_of_item(about)
    with served_site().cursor() as cursor:
        item = browsing.one_item(cursor, item_id)
    if item is None or part is None:
        raise NotFoundError("no such item", item_id)
    where = link("item", item_id, id=item_id)
    if item["pixels"] != "read":
        return f'<p class="exc-mono">{where}</p>'
    width, height = item["width"] or 4, item["height"] or 3
    tiny = " exc-tiny" if max(width, height) < TINY else ""
    tiny += f" {BLURRED}" if blurred(item) else ""
    said = _("the part is {w} % wide and {h} % high, {x} % from the left, {y} % from the top")
    x, y, w, h = (f"{number:g}" for number in part)
    words = escape(said.format(x=x, y=y, w=w, h=h))
    mark = f"left:{part[0]:g}%;top:{part[1]:g}%;width:{part[2]:g}%;height:{part[3]:g}%"
    return (
        f'<a class="exc-large exc-parted" href="{escape(item_href(item_id))}" data-page'
        f' target="_self" style="aspect-ratio:{width}/{height};--shape:{width / height:.4f}">'
        f'<img class="exc-whole{tiny}" src="{picture_url(item_id)}" alt="{words}">'
        f'<span class="exc-part-mark" style="{mark}"></span></a>'
        f'<p class="exc-quiet">{words}<br><span class="exc-mono">{where}</span></p>'
    )


def _category(about: About) -> str:
    dataset, tree = about.value.get("dataset"), about.value.get("taxonomy")
    node, name = about.value.get("node_id"), str(about.value["name"])
    held = tree if isinstance(tree, str) and tree != OWN else None
    hidden = hidden_here(served_site(), [str(dataset)] if dataset else [], held)
    name = str(node) if node in hidden.ids else hidden.of(name, True)
    where = link("taxonomy", name, dataset=dataset, tree=tree or OWN, node=node)
    under = " · ".join(str(one) for one in (dataset, tree) if one and one != OWN)
    return f'<p><strong>{where}</strong></p><p class="exc-quiet">{escape(under)}</p>'


def _cell(about: About) -> str:
    dataset, site = str(about.value["dataset"]), served_site()
    whole = [name for name in site.revisions() if f"{dataset}/".startswith(f"{name}/")]
    values = hidden_here(site, whole).of(dict(about.value["values"]), True)
    said = " × ".join(f"{name} = {value}" for name, value in values.items())
    where = link("items", dataset, dataset=max(whole, key=len, default=dataset))
    return f'<p><strong>{escape(said)}</strong></p><p class="exc-quiet">{where}</p>'


def _finding(about: About) -> str:
    site = served_site()
    finding = as_shown(site, shelf(site.folder).one(str(about.value["finding_id"])))
    where = link("finding", sentence(finding), id=finding.id)
    row, number = "", about.value.get("row")
    if number is not None and 0 <= int(number) < finding.rows.num_rows:
        chosen = finding.rows.slice(int(number), 1).to_pylist(maps_as_pydicts="strict")[0]
        said = saying_of(finding.measure).row(finding, chosen)
        row = f'<p class="exc-row-said"><strong>{escape(said)}</strong></p>'
    what = f"{saying_of(finding.measure).title()} · {finding.dataset}"
    return f'{row}<p>{where}</p><p class="exc-quiet">{escape(what)}</p>'


def _dossier(about: About) -> str:
    archive = read_archive(Settings.from_environment().archives)
    dossier = archive.dossiers.get(str(about.value["dossier_id"]))
    if dossier is None:
        raise NotFoundError("no such dossier", str(about.value["dossier_id"]))
    name = dossier.name.ko if spoken() == "ko" and dossier.name.ko else dossier.name.plain
    head = f"<p><strong>{link('dossier', str(name), id=dossier.id)}</strong></p>"
    facts = [fact for fact in dossier.fact if fact.id == about.value.get("fact_id")]
    said = [f"<p>{escape(_(TOPICS[f.topic]))}: {worded(*in_words(f.text))}</p>" for f in facts]
    return head + "".join(said)


def _search(about: About) -> str:
    where = [str(about.value[k]) for k in ("dataset",) if about.value.get(k)]
    if about.value.get("encoder"):
        where.append(short_name(str(about.value["encoder"])))
    words = f"“{about.value['words']}”"
    under = f'<p class="exc-quiet">{escape(" · ".join(where))}</p>' if where else ""
    return f"<p><strong>{escape(words)}</strong></p>{under}"


def _lasso(about: About) -> str:
    site = served_site()
    ids = lassoed_items(site, about)
    few = [ids[k * len(ids) // min(PICTURES, len(ids))] for k in range(min(PICTURES, len(ids)))]
    words = _n("{n} item inside the line", "{n} items inside the line", len(ids))
    where = link("map", _("To this map"), layout=str(about.value["layout_id"]))
    head = f"<p><strong>{escape(words.format(n=f'{len(ids):,}'))}</strong> · {where}</p>"
    return head + (_pictures(site, few) if few else "")


def lasso_told(about: About) -> str:
    """What the neighbours say of a lasso, before anything is said of it; else nothing."""
    try:
        return told_html(check_lasso(served_site(), about)) if about.kind == "lasso" else ""
    except ExcavateError:  # the layout is gone: that is said already
        return ""


def lassoed_items(site: Site, about: About) -> list[str]:
    """The items inside a lasso: by its outline where it has one, else those it names."""
    outline = about.value.get("polygon")
    if not outline:
        return [str(one) for one in about.value.get("items") or ()]
    rows = layout_rows(site, str(about.value["layout_id"]))
    within = inside(rows["x"].to_numpy(), rows["y"].to_numpy(), outline)
    return [str(one) for one in rows["item_id"][within]]


def _nothing(_about: About) -> str:
    return ""


SHOWN: dict[str, Callable[[About], str]] = {
    "dataset": _dataset, "item": _item, "part": _part, "category": _category, "cell": _cell,
    "finding": _finding, "dossier": _dossier, "search": _search, "lasso": _lasso,
    "nothing": _nothing,
}  # fmt: skip
