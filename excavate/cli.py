"""The `excavate` command: parse, one library call, print. Imports nothing heavy before it must."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.attributes import attributes
from excavate.commands.common import (
    DatasetOption,
    JsonOption,
    SiteOption,
    named_values,
    say,
    show_result,
    shown_progress,
)
from excavate.commands.counter import measure_again
from excavate.commands.dossiers import dossier, dossiers
from excavate.commands.ending import end
from excavate.commands.essay import essay
from excavate.commands.findings_export import findings_export
from excavate.commands.gaps import findings, gaps
from excavate.commands.labels import labels
from excavate.commands.rehearse import rehearse
from excavate.commands.release import release, verify
from excavate.commands.serve import serve
from excavate.commands.taxonomy import taxonomy
from excavate.commands.workshop import workshop
from excavate.errors import ExcavateError
from excavate.settings import Settings
from excavate.sources import usage

app = typer.Typer(
    help="Excavate: mining the absent dataset. Dig a public visual dataset and see what it lacks.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(attributes, name="attributes")
app.command()(dossiers)
app.add_typer(dossier, name="dossier")
app.add_typer(labels, name="labels")
app.add_typer(taxonomy, name="taxonomy")
app.command()(serve)
app.command()(gaps)
app.command()(rehearse)
app.command()(measure_again)
app.command()(essay)
app.command()(release)
app.command()(verify)
findings.command("export")(findings_export)
app.add_typer(findings, name="findings")
app.add_typer(workshop, name="workshop")
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        help="clip:MODEL/PRETRAINED, onnx:FILE, tflite:FILE, pixels:N or descriptor.",
    ),
]


@app.command()
def dig(
    source: Annotated[
        str, typer.Argument(help=f"A dossier's name (excavate dossiers), or one of: {usage()}.")
    ],
    site: SiteOption,
    dataset: DatasetOption = None,
    split: Annotated[str | None, typer.Option(help="Only this split.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N items.")] = None,
    images: Annotated[str | None, typer.Option(help="Where the pictures lie (coco).")] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-o", metavar="NAME=VALUE", help="One the source knows; again."),
    ] = None,
    of_dossier: Annotated[
        str | None,
        typer.Option("--dossier", help="The dossier it belongs to, where a source is given."),
    ] = None,
    withdrawn: Annotated[
        str | None,
        typer.Option(
            metavar="REASON", help="Why your copy of a withdrawn dataset is dug; recorded."
        ),
    ] = None,
    encoder: EncoderOption = None,
    only: Annotated[
        str | None, typer.Option(help="One stage: catalogue, embed, neighbours or layout.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read it even if nothing changed since.")
    ] = False,
    drop_attributes: Annotated[
        bool,
        typer.Option("--drop-attributes", help="Let what was joined go with items left out."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read a dataset into a site: catalogue, embed, neighbours, layout. Resumes if cut off."""
    from excavate.digging import dig as dig_all
    from excavate.printing import print_dug

    with shown_progress() as progress:
        report = dig_all(
            source, site, dataset=dataset, split=split, limit=limit, images=images,
            encoder=encoder, only=only, again=again, drop_attributes=drop_attributes,
            options=named_values(option or []), dossier=of_dossier, withdrawn=withdrawn,
            progress=progress, note=say,
        )  # fmt: skip
    show_result(report.as_record(), as_json, print_dug)


@app.command()
def embed(
    site: SiteOption,
    dataset: DatasetOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Embed a dataset that was dug, with another encoder; neighbours too."""
    from excavate.digging import embed_again
    from excavate.printing import print_dug

    with shown_progress() as progress:
        report = embed_again(site, dataset=dataset, encoder=encoder, progress=progress, note=say)
    show_result(report.as_record(), as_json, print_dug)


@app.command()
def layout(
    site: SiteOption,
    dataset: Annotated[
        list[str] | None, typer.Option(help="Name in the site; again for one common layout.")
    ] = None,
    encoder: EncoderOption = None,
    seed: Annotated[int, typer.Option(min=0, help="UMAP's random seed.")] = 42,
    neighbours: Annotated[int, typer.Option(min=2, help="UMAP's n_neighbors.")] = 15,
    min_dist: Annotated[float, typer.Option(min=0, max=0.99, help="UMAP's min_dist.")] = 0.1,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Lay out anew, even where items could be placed.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Lay out again, with another seed or several datasets together."""
    from excavate.digging import lay_out_again
    from excavate.embedding.layout import Parameters
    from excavate.printing import print_dug

    parameters = Parameters(n_neighbors=neighbours, min_dist=min_dist, seed=seed)
    with shown_progress() as progress:
        report = lay_out_again(
            site, datasets=dataset or [], encoder=encoder, parameters=parameters, fresh=fresh,
            progress=progress, note=say,
        )  # fmt: skip
    show_result(report.as_record(), as_json, print_dug)


@app.command()
def show(site: SiteOption, as_json: JsonOption = False) -> None:
    """What a site holds: datasets with their counts and faults, embeddings, layouts."""
    from excavate.printing import print_site, site_record
    from excavate.site import Site

    show_result(site_record(Site(site)), as_json, print_site)


@app.command()
def upgrade(site: SiteOption, as_json: JsonOption = False) -> None:
    """Bring a site that an older version made up to this one. Nothing is read again or lost."""
    from dataclasses import asdict

    from excavate.catalog.amending import upgrade_site
    from excavate.printing import print_upgraded

    show_result(asdict(upgrade_site(site)), as_json, print_upgraded)


@app.command()
def search(
    site: SiteOption,
    text: Annotated[str | None, typer.Option(help="Words (the encoder must know text).")] = None,
    item: Annotated[str | None, typer.Option(help="An item's id: DATASET/SPLIT/KEY.")] = None,
    image: Annotated[Path | None, typer.Option(help="A picture file.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many.")] = 20,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """The nearest items, with their similarities and the lens they are seen through."""
    from excavate.printing import print_found, search_record
    from excavate.site import Site

    if sum(given is not None for given in (text, item, image)) != 1:
        raise typer.BadParameter("give one of --text, --item and --image")
    found = search_record(Site(site), text=text, item=item, image=image, k=k, encoder=encoder)
    show_result(found, as_json, print_found)


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """What is installed, which encoder can run, what is missing and how to get it."""
    from excavate.doctor import examine
    from excavate.printing import print_doctor

    show_result(examine(Settings.from_environment()), as_json, print_doctor)


def main() -> None:
    """Run the command; an ExcavateError is one message on stderr and exit code 1."""
    try:
        app()
    except ExcavateError as error:
        typer.echo(f"excavate: {error}", err=True)
        end(1)
    except SystemExit as done:
        end(done.code if isinstance(done.code, int) else int(done.code is not None))
    end(0)
