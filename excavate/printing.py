"""What the commands print: records for `--json`, and the same for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import echo

from excavate.progress import Progress

if TYPE_CHECKING:
    from excavate.site import Site


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """One bar a stage on stderr, with rate and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    stages: dict[str, Any] = {}
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.fields[of]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:

        def report(stage: str, done: int, total: int | None) -> None:
            of = "?" if total is None else f"{total:,}"
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total, of=of, rate="")
            task = bars.tasks[stages[stage]]
            rate = f"{task.speed:,.0f} a second" if task.speed else ""
            bars.update(stages[stage], completed=done, total=total, of=of, rate=rate)

        yield report


def print_dug(record: dict[str, Any]) -> None:
    """What a dig, an embedding or a layout left."""
    if dug := record.get("catalog"):
        state = "unchanged, nothing to read" if dug["unchanged"] else f"now in {dug['generation']}"
        echo(
            f"{dug['dataset_id']}: {dug['items']:,} items, {dug['labels']:,} labels, "
            f"{dug['regions']:,} regions ({state})"
        )
        print_faults(dug["faults"])
        if dropped := dug["dropped_attributes"]:
            echo(f"  let go: {dropped:,} attributes joined to items that are no longer there")
    if dug and (dropped := dug["dropped_labels"]):
        echo(f"  let go: {dropped:,} labels joined to items that are no longer there")
    for made in record["vectors"]:
        echo(vectors_line(made))
    for made in record["neighbours"]:
        echo(f"neighbours {made['id']}: {neighbours_line(made['result'])}")
    if made := record["layouts"]:
        echo(layout_line(made))
        echo(f"See it: excavate serve --site {record['site']}")


def vectors_line(made: dict[str, Any]) -> str:
    """An embedding on one line."""
    result, of = made["result"], made["provenance"]
    return (
        f"embedding {made['id']}: {of['dataset']}, {result['rows']:,} x {result['dimension']}, "
        f"{result['spec']}, trained on: {result['trained_on']}"
    )


def neighbours_line(result: dict[str, Any]) -> str:
    """How the neighbours were found."""
    how = result["method"]
    if how != "exact":
        how += f", recall {result['recall']:.4f} on {result['recall_sample']:,} rows"
    return f"{result['rows']:,} x {result['k']}, {how}"


def layout_line(made: dict[str, Any]) -> str:
    """A layout on one line."""
    result, of = made["result"], made["provenance"]
    names = " + ".join(name for name, _ in of["datasets"])
    trust = result["trustworthiness"]
    measured = "not measured" if trust is None else f"{trust:.4f}"
    placed = f", {result['placed']:,} placed by their neighbours" if result["placed"] else ""
    return (
        f"layout {made['id']}: {names}, {result['rows']:,} points, {result['method']}, "
        f"seed {of['parameters']['seed']}, trustworthiness {measured}{placed}"
    )


def print_faults(faults: dict[str, int]) -> None:
    """The count of faults by reason; a line even where there are none."""
    total = sum(faults.values())
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in faults.items())
    echo(f"  faults: {total:,}" + (f" ({reasons})" if reasons else ""))


def site_record(site: Site) -> dict[str, Any]:
    """Everything `excavate show` says of a site."""
    datasets = site.datasets()
    rows = datasets.astype(object).where(datasets.notna(), None).to_dict("records")
    return {
        "site": str(site.folder.path.name),
        "generation": site.generation,
        "datasets": rows,
        "added_labels": site.added_sets().to_dict("records"),
        "taxonomies": site.taxonomies().to_dict("records"),
        "embeddings": [made.as_record() for made in site.embeddings()],
        "layouts": [made.as_record() for made in site.layouts()],
    }


def print_site(record: dict[str, Any]) -> None:
    """Datasets, embeddings and layouts of a site."""
    echo(f"{record['site']} · {record['generation']}")
    for row in record["datasets"]:
        print_dataset(row)
        for said in record["added_labels"]:
            if said["dataset_id"] == row["dataset_id"]:
                echo(f"  from elsewhere: {added_line(said)}")
    for tree in record["taxonomies"]:
        echo(f"\ntaxonomy {tree['name']}: {tree['nodes']:,} nodes, {tree['edges']:,} edges")
    echo("embeddings" if record["embeddings"] else "embeddings: none yet")
    for made in record["embeddings"]:
        echo(f"  {vectors_line(made)}")
    echo("layouts" if record["layouts"] else "layouts: none yet")
    for made in record["layouts"]:
        echo(f"  {layout_line(made)}")


def print_dataset(row: dict[str, Any]) -> None:
    """One dataset with its counts."""
    echo(f"\n{row['dataset_id']} · {row['title']}")
    echo(f"  source {row['source']}, revision {row['revision'][:12]}")
    if row["dossier"]:
        echo(f"  dossier {row['dossier']}")
    if row["withdrawn"]:
        echo(f"  not given out any more; this copy was dug because: {row['withdrawn']}")
    echo(f"  licence: {row['licence'] or 'not stated'}")
    echo(f"  items {row['items']:,} ({row['with_pixels']:,} with pixels)")
    splits = ", ".join(f"{name} {count:,}" for name, count in row["splits"].items())
    echo(f"  splits: {splits}")
    echo(
        f"  labels {row['labels']:,}, categories {row['categories']:,}, "
        f"regions {row['regions']:,}, attributes {row['attributes']:,}"
    )
    print_faults(row["fault_reasons"])


def print_upgraded(record: dict[str, Any]) -> None:
    """What an upgrade did."""
    if not record["steps"]:
        echo(f"{record['generation']} has schema {record['now']} already, nothing to do")
        return
    echo(f"schema {record['before']} is now {record['now']}, in {record['generation']}")
    for step in record["steps"]:
        echo(f"  {step}")


def added_line(said: dict[str, Any]) -> str:
    """One set of labels from elsewhere on one line."""
    by = f" by {said['annotators']:,} annotators" if said["annotators"] else ""
    return (
        f"{said['source']} ({said['said_by']}), {said['judgements']:,} judgements of "
        f"{said['items']:,} items{by}"
    )


def print_joined(record: dict[str, Any]) -> None:
    """What was joined."""
    echo(
        f"{record['rows']:,} rows reached {record['items']:,} items, now in {record['generation']}"
    )
    if record["unmatched"]:
        echo(f"  left out: {record['unmatched']:,} rows whose key no item has")
    if record["replaced"]:
        echo(f"  replaced: {record['replaced']:,} values said before")
    echo(f"  attributes: {', '.join(record['columns'])}")


def print_labels(record: dict[str, Any]) -> None:
    """What was joined of labels from elsewhere."""
    echo(
        f"{record['judgements']:,} judgements of {record['items']:,} items "
        f"({record['labels']:,} labels), now in {record['generation']}"
    )
    if record["annotators"]:
        echo(f"  annotators: {record['annotators']:,}")
    if record["unmatched"]:
        echo(f"  left out: {record['unmatched']:,} rows without an item")
    if record["empty"]:
        echo(f"  left empty: {record['empty']:,} cells")
    if record["replaced"]:
        echo(f"  replaced: {record['replaced']:,} labels said before")
    if record["unused"]:
        echo(f"  not read: {', '.join(record['unused'])}")
    if record["unknown_values"]:
        named = ", ".join(f"{value!r} {count:,}" for value, count in record["unknown"].items())
        more = record["unknown_values"] - len(record["unknown"])
        also = f" and {more:,} more" if more else ""
        echo(f"  of no category, kept as they are: {named}{also}")


def search_record(
    site: Site,
    *,
    text: str | None,
    item: str | None,
    image: Path | None,
    k: int,
    encoder: str | None,
) -> dict[str, Any]:
    """The nearest items as rows, with the lens."""
    found = site.search(text=text, item=item, image=image, k=k, encoder=encoder)
    lens = site.embedding(encoder, item.partition("/")[0] if item else None)
    rows = found[["item_id", "similarity"]].to_dict("records")
    return {"encoder": lens.spec, "trained_on": lens.trained_on, "found": rows}


def print_found(record: dict[str, Any]) -> None:
    """Similarities first, then the item."""
    echo(f"seen through {record['encoder']} (trained on: {record['trained_on']})")
    for row in record["found"]:
        echo(f"{row['similarity']:+.4f}  {row['item_id']}")


def print_doctor(record: dict[str, Any]) -> None:
    """One line a part: there or not, and how to get it."""
    for part in record["parts"]:
        state = "ok     " if part["ok"] else "missing"
        echo(f"{state} {part['name']}: {part['found']}")
        if not part["ok"]:
            echo(f"        {part['todo']}")
