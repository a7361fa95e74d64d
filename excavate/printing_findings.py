"""Findings printed for people at a terminal."""

from __future__ import annotations

from typing import Any

from typer import echo

ROWS = 5


def print_answer(answer: dict[str, Any]) -> None:
    """An answer in a sentence with its first rows, or why it failed."""
    asked = answer["question"]
    if "failed" in answer:
        echo(f"{asked['measure']} of {asked['dataset']}: FAILED: {answer['failed']}")
    else:
        print_finding(answer["finding"], ROWS)


def print_finding(finding: dict[str, Any], rows: int = ROWS) -> None:
    """A finding: what was measured of what, its sentence, figures, reference and first rows."""
    english, said = finding["said"]["en"], finding["provenance"]
    echo(f"{english['measure']} · {said['dataset']}  [{finding['id']}]")
    echo(f"  {english['sentence']}")
    if english["reference"]:
        echo(f"  held against: {english['reference']}")
    for name, (value, low, high) in finding["result"].get("figures", {}).items():
        bounds = "" if low is None or high is None else f"  (95 %: {low:.4g} to {high:.4g})"
        echo(f"    {name} {_number(value)}{bounds}")
    for row in finding["rows"][:rows]:
        echo(f"    - {_line(row)}")
    if finding["rows_in_all"] > rows:
        echo(f"      … of {finding['rows_in_all']:,} rows")


def print_listed(record: dict[str, Any]) -> None:
    """A line a finding."""
    for one in record["findings"]:
        old = "" if one["stands"] else "  (of an older revision)"
        echo(f"{one['id']}  {one['measure']} · {one['dataset']}: {one['sentence']}{old}")
    for name in record["unreadable"]:
        echo(f"findings/{name} cannot be read: put it aside and ask again")
    print_asked(record["asked"])


def print_asked(asked: dict[str, Any]) -> None:
    """How much was asked of the site, shown or not."""
    echo(
        f"asked of this site so far: {asked['findings']:,} findings "
        f"({asked['not_measured']:,} not measured), {asked['tested']:,} comparisons, "
        f"{asked['failed']:,} failed"
    )


def _line(row: dict[str, Any]) -> str:
    return "  ".join(f"{n}={_value(v)}" for n, v in row.items() if n not in ("items", "members"))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{n}: {_value(v)}" for n, v in value.items()) + "}"
    if isinstance(value, list):
        shown = ", ".join(map(_value, value[:5]))
        return f"[{shown}{', …' if len(value) > 5 else ''}]"
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"


def print_verdict(verdict: dict[str, Any]) -> None:
    """Whether a finding came out the same, and what differs or stands in the way."""
    words = {"same": "same", "different": "different", "cannot": "cannot be computed here"}
    named = f"{verdict['measure']} of {verdict['dataset']} [{verdict['finding']}]"
    echo(f"{named}: {words[verdict['verdict']]}")
    for line in verdict["lines"]:
        echo(f"  - {line}")
    for one in verdict["rests_on"]:
        echo(f"  it rests on this finding as it is kept; measured again: {one}")
    if verdict["rows_held"] is not None:
        echo(
            f"  {verdict['rows_held']:,} rows held against the new ones; numbers are the same "
            f"within {verdict['tolerance']:g} (largest difference: {verdict['largest']:.3g})"
        )


def print_robustness(robust: dict[str, Any]) -> None:
    """In which other settings a finding holds: its rows, then each setting, then the figures."""
    echo(
        f"{robust['measure']} of {robust['dataset']} [{robust['finding']}]: {robust['said']['en']}"
    )
    for row in robust["rows"]:
        echo(f"  held in {row['held']} of {row['of']}: {row['said']['en']}")
    for one in robust["settings"]:
        ranks = " ".join("-" if rank is None else str(rank) for rank in one["ranks"])
        found = f"{one['rows']:,} rows; places {ranks or '-'}"
        told = found if one["measured"] else f"not measured: {one['why_not']['en']}"
        echo(f"  {one['changed']}  [{one['finding'] or 'failed'}]  {told}")
    for name, (low, high) in robust["ranges"].items():
        echo(f"    {name} {_number(low)} to {_number(high)}")
