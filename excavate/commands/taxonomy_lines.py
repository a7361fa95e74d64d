"""What the taxonomy commands print for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer import echo

SHOWN = 20


def print_added(record: dict[str, Any]) -> None:
    """What was added."""
    state = f"now in {record['generation']}"
    if record["unchanged"]:
        state = "unchanged, nothing to do"
    elif record["replaced"]:
        state = f"replaced what had this name, {state}"
    echo(f"{record['name']}: {record['nodes']:,} nodes, {record['edges']:,} edges ({state})")


def print_shown(record: dict[str, Any], all_of_them: bool) -> None:
    """Counts, and the branches by their size."""
    echo(f"{_headline(record)}: {record['nodes']:,} nodes, {record['edges']:,} edges")
    alone = f" ({record['alone']:,} of them stand alone)" if record["alone"] else ""
    echo(f"  roots {record['roots']:,}{alone}, leaves {record['leaves']:,}")
    echo(f"  several parents {record['several_parents']:,}, depth {record['depth']:,}")
    if record["part_edges"]:
        said = "among the edges" if record["with_parts"] else "left out; see --with-parts"
        echo(f"  parts of wholes {record['part_edges']:,} ({said})")
    print_branches("branches", record["branches"], all_of_them)


def print_held(record: dict[str, Any], all_of_them: bool) -> None:
    """What matched, what was kept, and the branches of which nothing was."""
    held = record.get("dataset") or record["against"]
    echo(f"{_headline(record)} · held against: {record['categories']:,} categories of {held}")
    ways = ", ".join(f"by {way} {count:,}" for way, count in record["matched_by"].items() if count)
    echo(f"  matched: {ways or 'none'}")
    if renamed := record["other_names"]:
        lines = [f"{one!r}: {name!r}, there {there!r}" for one, name, there in renamed]
        _print_list("  same id, another name", lines, all_of_them)
    if ambiguous := record["ambiguous"]:
        lines = [f"{name!r}: {', '.join(ids)}" for name, ids in ambiguous.items()]
        _print_list("  of several nodes, so of none", lines, all_of_them)
    if unmatched := record["unmatched"]:
        lines = [repr(one) if one == name else f"{one!r} {name!r}" for one, name in unmatched]
        _print_list("  not in this taxonomy", lines, all_of_them)
    share = record["kept"] / record["nodes"]
    echo(f"  kept {record['kept']:,} of {record['nodes']:,} nodes ({share:.2%})")
    print_branches("branches of which nothing is kept", record["empty"], all_of_them)


def print_branches(title: str, branches: Sequence[dict[str, Any]], all_of_them: bool) -> None:
    """Nodes in each, the largest first."""
    lines = [f"{one['nodes']:>8,}  {one['id']}  {one['name']}" for one in branches]
    _print_list(f"  {title}", lines, all_of_them)


def _print_list(title: str, lines: Sequence[str], all_of_them: bool) -> None:
    echo(f"{title}: {len(lines):,}")
    for line in lines if all_of_them else lines[:SHOWN]:
        echo(f"    {line}")
    if len(lines) > SHOWN and not all_of_them:
        echo(f"    and {len(lines) - SHOWN:,} more (--all)")


def _headline(record: dict[str, Any]) -> str:
    node = record["below"]
    return f"{record['taxonomy']} below {node['id']} {node['name']}" if node else record["taxonomy"]
