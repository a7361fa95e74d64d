"""`excavate attributes`: join what others know of the items to the items."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.common import JsonOption, SiteOption, show_result

attributes = typer.Typer(
    help="Join what others know of the items to the items.", no_args_is_help=True
)


@attributes.command("add")
def attributes_add(
    file: Annotated[Path, typer.Argument(help="A CSV with a header line, or a Parquet file.")],
    site: SiteOption,
    dataset: Annotated[str, typer.Option(help="Name in the site.")],
    key: Annotated[str, typer.Option(help="The column that names the items.")],
    said_by: Annotated[str, typer.Option(help="self, perceived, machine or metadata.")],
    source: Annotated[str, typer.Option(help="Where this was said: a work, a link, a person.")],
    skip_unmatched: Annotated[
        bool, typer.Option("--skip-unmatched", help="Leave out rows that no item matches.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Join a table to the items dug, apart from what the source itself said.

    A column that the same --source and --said-by gave this dataset before is replaced whole;
    everything else stays.
    """
    from dataclasses import asdict

    from excavate.catalog.attributes import add_attributes
    from excavate.printing import print_joined

    joined = add_attributes(
        site, file, dataset=dataset, key=key, said_by=said_by, source=source,
        skip_unmatched=skip_unmatched,
    )  # fmt: skip
    show_result(asdict(joined), as_json, print_joined)
