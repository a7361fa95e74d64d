"""`excavate taxonomy`: taxonomies on their own, and what a dataset keeps of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.common import JsonOption, SiteOption, show_result

taxonomy = typer.Typer(
    help="Taxonomies on their own, and what a dataset keeps of them.", no_args_is_help=True
)
BelowOption = Annotated[
    str | None, typer.Option("--below", help="Only a node and what lies below: its id or name.")
]
PartsOption = Annotated[
    bool, typer.Option("--with-parts", help="Count parts below their wholes, too.")
]
AllOption = Annotated[bool, typer.Option("--all", help="List all, not only the first 20.")]


@taxonomy.command("add")
def taxonomy_add(
    source: Annotated[str, typer.Argument(help="wordnet:DIR, openimages:FILE-OR-DIR or FILE.csv.")],
    site: SiteOption,
    name: Annotated[
        str | None, typer.Option(help="Its name in the site; the source's, without.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a taxonomy in a site, so that datasets can be held against it.

    A CSV has the columns id, name and parent, and may have kind (is-a, or part); a node with
    several parents has a row for each. Something has to be dug into the site before; every
    later dig carries what was added.
    """
    from dataclasses import asdict

    from excavate.catalog.taxonomies import add_taxonomy
    from excavate.commands.taxonomy_lines import print_added

    show_result(asdict(add_taxonomy(site, source, name)), as_json, print_added)


@taxonomy.command("show")
def taxonomy_show(
    name: Annotated[str, typer.Argument(help="Its name in the site (excavate show).")],
    site: SiteOption,
    below: BelowOption = None,
    with_parts: PartsOption = False,
    all_of_them: AllOption = False,
    as_json: JsonOption = False,
) -> None:
    """Nodes, edges, roots, leaves, depth, and the branches by their size."""
    from excavate.catalog.taxonomy_reading import load_taxonomy, shown_taxonomy
    from excavate.commands.taxonomy_lines import print_shown
    from excavate.site import Site

    with Site(site).cursor() as cursor:
        record = shown_taxonomy(load_taxonomy(cursor, name, with_parts=with_parts), below)
    show_result(record, as_json, lambda shown: print_shown(shown, all_of_them))


@taxonomy.command("hold")
def taxonomy_hold(
    name: Annotated[str, typer.Argument(help="Its name in the site (excavate show).")],
    site: SiteOption,
    dataset: Annotated[str | None, typer.Option(help="Whose categories; or --against.")] = None,
    against: Annotated[
        Path | None, typer.Option(help="A list of categories: CSV, JSON, or an id a line.")
    ] = None,
    below: BelowOption = None,
    with_parts: PartsOption = False,
    all_of_them: AllOption = False,
    as_json: JsonOption = False,
) -> None:
    """Which nodes a dataset's categories are, and the largest branches it keeps nothing of.

    Categories are found by id, else by name, verbatim; what was not found is listed.
    """
    from excavate.catalog.category_lists import categories_in
    from excavate.catalog.taxonomy_reading import categories_of, held_taxonomy, load_taxonomy
    from excavate.commands.taxonomy_lines import print_held
    from excavate.site import Site

    if (dataset is None) == (against is None):
        raise typer.BadParameter("give one of --dataset and --against")
    with Site(site).cursor() as cursor:
        tree = load_taxonomy(cursor, name, with_parts=with_parts)
        if dataset is not None:
            categories, revision = categories_of(cursor, dataset)
            held = {"dataset": dataset, "dataset_revision": revision}
        else:
            categories, held = categories_in(against or Path()), {"against": str(against)}
    record = {**held, **held_taxonomy(tree, categories, below)}
    show_result(record, as_json, lambda shown: print_held(shown, all_of_them))
