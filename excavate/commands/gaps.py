"""`excavate gaps` and `excavate findings`: measure what a dataset lacks, and defend it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.common import (
    DatasetOption,
    JsonOption,
    SiteOption,
    named_values,
    say,
    show_result,
    shown_progress,
)

findings = typer.Typer(help="What was measured in a site, kept with its provenance.",
                       no_args_is_help=True)  # fmt: skip


def gaps(
    site: SiteOption,
    dataset: DatasetOption = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="One measure; again for more. [default: all]")
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(help="What to hold it against: DATASET, DATASET/SPLIT, taxonomy:NAME, …"),
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="Through which encoder.")] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the measure; again."),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The rows of all findings as CSV. A text that a spreadsheet would take for a "
            "formula gets a ' in front; JSON and Parquet keep it as it is.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure what a dataset lacks, against a named reference; keep it as findings.

    DATASET may be DATASET/SPLIT. What was measured before is not measured again. A measure that
    fails is told, the others go on, and the exit code is 1.
    """
    from excavate.gaps.asking import ask_each, questions
    from excavate.gaps.records import answer_record, asked_record, write_csv
    from excavate.printing_findings import print_answer, print_asked
    from excavate.site import Site

    opened = Site(site)
    asked = questions(opened, dataset, measure or (), reference, encoder, named_values(given or []))
    answers = []
    try:
        with shown_progress() as progress:
            for answer in ask_each(opened, asked, progress, say):
                answers.append(answer)
                if not as_json:
                    print_answer(answer_record(answer))
    except KeyboardInterrupt:
        say(f"stopped: {len(answers):,} of {len(asked):,} questions are answered and kept")
        raise typer.Exit(130) from None
    if csv:
        write_csv(csv, [a.finding for a in answers if a.finding])
    record = asked_record(opened, answers)
    show_result(record, as_json, lambda shown: print_asked(shown["asked"]))
    if any(answer.finding is None for answer in answers):
        raise typer.Exit(1)


FindingArgument = Annotated[str, typer.Argument(help="A finding's id, or its beginning.")]


@findings.command("list")
def findings_list(
    site: SiteOption,
    dataset: DatasetOption = None,
    measure: Annotated[list[str] | None, typer.Option(help="Of one measure; again.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Every finding of a site in one sentence, and how much was asked of it in all."""
    from excavate.gaps.records import listed
    from excavate.gaps.stored import findings as stored
    from excavate.printing_findings import print_listed
    from excavate.site import Site

    opened = Site(site)
    found = stored(opened.folder, dataset, measure or ())
    show_result(listed(found, opened), as_json, print_listed)


@findings.command("show")
def findings_show(
    finding: FindingArgument,
    site: SiteOption,
    rows: Annotated[int, typer.Option(min=0, help="How many rows.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """One finding with its provenance, figures and rows; --json is what `reproduce` reads."""
    from excavate.gaps.records import record
    from excavate.gaps.stored import finding as stored
    from excavate.printing_findings import print_finding
    from excavate.site import Site

    found = record(stored(Site(site).folder, finding), rows)
    show_result(found, as_json, lambda shown: print_finding(shown, rows))


@findings.command("robust")
def findings_robust(
    finding: FindingArgument, site: SiteOption, as_json: JsonOption = False
) -> None:
    """Ask a finding's question in other settings: in how many of them its rows hold.

    Each setting is kept as a finding of its own. One that cannot be measured says neither yes
    nor no, and is counted apart.
    """
    from excavate.gaps.robustness import robustness
    from excavate.gaps.robustness_record import record
    from excavate.gaps.stored import finding as stored
    from excavate.printing_findings import print_robustness
    from excavate.site import Site

    opened = Site(site)
    with shown_progress() as progress:
        found = robustness(opened, stored(opened.folder, finding), progress, say)
    show_result(record(opened.folder, found), as_json, print_robustness)


@findings.command("reproduce")
def findings_reproduce(
    file: Annotated[Path, typer.Argument(help="findings/ID.json of a site, or an exported JSON.")],
    site: Annotated[
        Path | None,
        typer.Option("--site", help="The site's folder. [default: the one that FILE lies in]"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute a finding again from its provenance: same, different (by how much), or why not.

    What is kept is never the answer, only what the new result is held against. Numbers are the
    same to 1 in a million. The exit code is 0 for the same, 1 for different or impossible.
    """
    from excavate.gaps.reproducing import SAME, home_of
    from excavate.gaps.reproducing import reproduce as compute_again
    from excavate.printing_findings import print_verdict
    from excavate.site import Site

    with shown_progress() as progress:
        verdict = compute_again(Site(site or home_of(file)), file, progress)
    show_result(verdict.as_record(), as_json, print_verdict)
    if verdict.verdict != SAME:
        raise typer.Exit(1)
