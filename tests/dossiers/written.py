"""Dossiers written by hand for the tests, as somebody would write them into a folder."""

from __future__ import annotations

from pathlib import Path

PLAIN = """\
id = "{id}"
kind = "image"
name.en = "{id} by name"
{top}
[[fact]]
id = "{id}-01"
topic = "{topic}"
text.en = "Seven hundred pictures."
source = "A letter of its maker"
status = "recalled"
{fact}
"""


def written(
    folder: Path, dossier_id: str, *, top: str = "", fact: str = "", topic: str = "counts"
) -> Path:
    """A small sound dossier with one recalled fact; `top` and `fact` are more lines of it."""
    path = folder / f"{dossier_id}.toml"
    path.write_text(PLAIN.format(id=dossier_id, top=top, fact=fact, topic=topic), "utf-8")
    return path


def withdrawn(folder: Path, dossier_id: str = "gone", state: str = "withdrawn") -> Path:
    """The dossier of a dataset that its makers took back, and its name on the hub."""
    top = f"""
[status]
state = "{state}"
date = "2020-06-29"
because = ["{dossier_id}-01"]
[[dig]]
source = "hf:lab/{dossier_id}"
"""
    return written(folder, dossier_id, top=top, topic="status")
