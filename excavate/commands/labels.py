"""`excavate labels`: join labels from elsewhere to the items."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.common import JsonOption, SiteOption, show_result

labels = typer.Typer(
    help="Join labels from elsewhere to the items, beside the source's own.", no_args_is_help=True
)


@labels.command("add")
def labels_add(
    file: Annotated[Path, typer.Argument(help="A CSV with a header, Parquet, .npy or .npz.")],
    site: SiteOption,
    dataset: Annotated[str, typer.Option(help="Name in the site.")],
    said_by: Annotated[str, typer.Option(help="self, perceived, machine or metadata.")],
    source: Annotated[str, typer.Option(help="Where this was said: a work, a link, a person.")],
    item: Annotated[str, typer.Option(help="The column that names the items.")] = "item",
    by_position: Annotated[
        bool, typer.Option("--by-position", help="Rows stand in the order of the items instead.")
    ] = False,
    split: Annotated[str | None, typer.Option(help="Of which split, by position.")] = None,
    label: Annotated[str, typer.Option(help="The column of labels.")] = "label",
    annotator: Annotated[str | None, typer.Option(help="The column of who said it.")] = None,
    count: Annotated[str | None, typer.Option(help="The column of how many said so.")] = None,
    wide: Annotated[
        str | None,
        typer.Option(help="annotators: a column is what one said; counts: a column is a label."),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="One of the columns of --wide, or an array; again.")
    ] = None,
    labels_are: Annotated[
        str | None,
        typer.Option(
            "--labels",
            help="names, ids or numbers of the categories. [default: names; of arrays, numbers]",
        ),
    ] = None,
    skip_unmatched: Annotated[
        bool, typer.Option("--skip-unmatched", help="Leave out rows that no item matches.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Join votes or other people's labels to the items dug, apart from what the source said.

    What the same --source and --said-by gave this dataset before is replaced whole. Numbers of
    categories count from 0 in the source's order, leaving out those above others. A label that
    names no category is kept as it is, and told.
    """
    from dataclasses import asdict

    from excavate.catalog.added_labels import add_labels
    from excavate.catalog.label_arrays import is_array
    from excavate.catalog.label_tables import LabelPlan
    from excavate.printing import print_labels

    plan = LabelPlan(
        item=None if by_position else item, label=label, annotator=annotator, count=count,
        wide=wide, columns=tuple(column or ()),
        written=labels_are or ("numbers" if is_array(file) else "names"),
    )  # fmt: skip
    added = add_labels(
        site, file, plan, dataset=dataset, said_by=said_by, source=source, split=split,
        skip_unmatched=skip_unmatched,
    )  # fmt: skip
    show_result(asdict(added), as_json, print_labels)
