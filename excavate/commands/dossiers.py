"""`excavate dossiers`, `excavate dossier …`: list, show, check and draft dossiers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from excavate.commands.common import JsonOption, say, show_result
from excavate.i18n import LANGUAGES
from excavate.settings import Settings

SHOW = "show"


class _NameIsShow(TyperGroup):
    """`excavate dossier NAME` is `excavate dossier show NAME`, unless NAME is a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


dossier = typer.Typer(
    help=(
        "How a public dataset came to be, every fact with its source: excavate dossier NAME "
        "shows one. (One that is called as a command here: excavate dossier show NAME.)"
    ),
    cls=_NameIsShow,
    no_args_is_help=True,
    subcommand_metavar="NAME | COMMAND [ARGS]...",
    rich_markup_mode=None,
)


def dossiers(as_json: JsonOption = False) -> None:
    """Every dossier: its year, what became of it, its facts and its documentation score."""
    from excavate.commands.dossier_lines import archive_record, print_archive
    from excavate.dossiers.reading import read_archive

    archive = read_archive(Settings.from_environment().archives)
    show_result(archive_record(archive), as_json, print_archive)
    if archive.faults and not as_json:
        files = len({fault.place.partition(":")[0] for fault in archive.faults})
        say(f"not shown: {files} that cannot be read (excavate dossier check)")


@dossier.command(SHOW)
def show(
    name: Annotated[str, typer.Argument(help="Its id: the name of its file.")],
    language: Annotated[
        str | None, typer.Option("--lang", help="ko or en: only this, where it was written in it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """One dossier whole: facts with sources, questions left open, where to dig it.

    What was written in Korean and in English is printed in both.
    """
    from excavate.commands.dossier_lines import dossier_record, print_dossier
    from excavate.dossiers.reading import read_archive, read_dossier

    if language not in (None, *LANGUAGES):
        raise typer.BadParameter(f"--lang is one of {', '.join(LANGUAGES)}")
    folder = Settings.from_environment().archives
    found = dossier_record(read_dossier(folder, name), read_archive(folder))
    show_result(found, as_json, lambda record: print_dossier(record, language))


@dossier.command("check")
def check(as_json: JsonOption = False) -> None:
    """Every fault of every dossier, with its line, or its table and key. Exit 1 if any."""
    from excavate.commands.dossier_lines import checked_record, print_checked
    from excavate.dossiers.checking import check_archive

    checked = check_archive(Settings.from_environment().archives)
    show_result(checked_record(checked), as_json, print_checked)
    if checked.faults:
        raise typer.Exit(1)


@dossier.command("draft")
def draft(
    file: Annotated[
        Path, typer.Argument(help="A Hugging Face dataset card (README.md), or Croissant JSON.")
    ],
    to: Annotated[
        Path | None, typer.Option(help="The folder to write ID.toml into; else it is printed.")
    ] = None,
    dossier_id: Annotated[
        str | None, typer.Option("--id", help="Its id, where the one made of its name will not do.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A first dossier from what a dataset's makers wrote, for somebody to read and mend."""
    from excavate.dossiers.drafts import draft_from, write_draft
    from excavate.dossiers.writing import to_toml

    drafted = draft_from(file, dossier_id)
    record: dict[str, Any] = {"id": drafted.dossier.id, "facts": len(drafted.dossier.fact)}
    record |= {"file": None, "left_out": list(drafted.left_out)}
    if to is not None:
        record["file"] = str(write_draft(drafted, to))
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False))
    elif to is None:
        typer.echo(to_toml(drafted.dossier, drafted.header), nl=False)
    else:
        typer.echo(f"{record['file']}: {record['facts']} facts, read it before it is believed")
    for sentence in () if as_json else drafted.left_out:
        say(f"left out: {sentence}")
