"""`excavate rehearse`: guests that only look, before the real ones come."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from excavate.commands.common import JsonOption, say, show_result

KINDS = {"paints": "first page", "pages": "a page", "pictures": "a picture"}


def rehearse(
    link: Annotated[str, typer.Argument(help="The join link that serve --share printed.")],
    guests: Annotated[int, typer.Option(min=1, max=200, help="How many come.")] = 25,
    as_json: JsonOption = False,
) -> None:
    """Try a shared room before the evening: link, websocket, 25 guests who look and leave.

    Exit 1 where anything went wrong.
    """
    from excavate.rehearsing import rehearse as rehearse_now

    done = rehearse_now(link, guests, say)
    show_result(done.as_record(), as_json, print_rehearsal)
    if not done.well:
        raise typer.Exit(1)


def print_rehearsal(record: dict[str, Any]) -> None:
    """What was met, a line each."""
    print(f"{record['inside']} of {record['guests']} guests came in, {record['left']} left again")
    for name, words in KINDS.items():
        if spread := record[name]:
            print(f"  {words:<11} half within {spread['p50']:.2f} s, "
                  f"95 of 100 within {spread['p95']:.2f} s ({spread['n']})")  # fmt: skip
    for line in dict.fromkeys(record["wrong"]):
        print(f"  wrong: {line}")
    print("All is well." if record["well"] else "Something is wrong: see above.")
