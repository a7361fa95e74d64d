"""`excavate measure-again`: the gap that a counter-dataset answers, before and after."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from excavate.commands.common import JsonOption, SiteOption, say, show_result, shown_progress
from excavate.errors import SiteError


def measure_again(
    site: SiteOption,
    counter: Annotated[str, typer.Option(help="The counter-dataset's short name.")],
    finding: Annotated[
        str | None,
        typer.Option(help="By whose yardstick. [default: those its absences point at]"),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            help="coverage, counts, concentration, diversity or probe; again. [default: all]"
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="ko or en: of the sentences.")] = "ko",
    as_json: JsonOption = False,
) -> None:
    """Measure the gap without and with the members, by one reference, encoder and parameters.

    While the app has the workshop its newest backup is read. What was measured before is not
    measured again; what is not measured says why.
    """
    from excavate.counter.measured_again import measure_again as measured
    from excavate.counter.plans import plan_named
    from excavate.site import Site
    from excavate.workshop.snapshots import read_workshop

    opened = Site(site)
    with read_workshop(site) as read, shown_progress() as progress:
        if read is None:
            todo = "Start the app and make a counter-dataset"
            raise SiteError("nobody has said anything here yet", str(site), todo)
        plan_id = plan_named(read.workshop, counter).given.plan_id
        found = measured(opened, read.workshop, plan_id, finding, measure or (), progress)
        record = {"counter": counter, "read": read.where, "measured": found}
    show_result(record, as_json, lambda one: _print(one, language))


def _print(record: dict[str, Any], language: str) -> None:
    for one in record["measured"]:
        typer.echo(f"{one['measure']} · {one['dataset']} · {one['reference']}")
        typer.echo(f"  {one['said'].get(language) or one['said']['en']}")
    say(f"read from {record['read']}")
