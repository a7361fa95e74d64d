"""archives/README.md says what the schema is, and its example is a sound dossier."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from excavate.dossiers import schema
from excavate.dossiers.checking import COMMANDS, GONE, check_archive
from excavate.dossiers.digs import NOT_DUG
from excavate.dossiers.scoring import questions

FOLDER = Path(__file__).resolve().parent.parent.parent / "archives"
README = (FOLDER / "README.md").read_text("utf-8")
SECTIONS = {
    "### At the top": schema.Dossier,
    "### `[status]`": schema.Status,
    "### `[terrain]`": schema.Terrain,
    "### `[[dig]]`": schema.Dig,
    "### `[[count]]`": schema.Count,
    "### `[[ancestor]]` and `[[descendant]]`": schema.Descent,
    "### `[[fact]]`": schema.Fact,
}
WORDS = {8: "eight"}
TABLES = {"status", "terrain", "dig", "count", "ancestor", "descendant", "fact"}


def section(heading: str) -> str:
    (start,) = [m.start() for m in re.finditer(f"^{re.escape(heading)}", README, re.MULTILINE)]
    return README[start:].partition("\n### ")[0].partition("\n## ")[0]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_explained_and_no_other(heading: str) -> None:
    model: type[BaseModel] = SECTIONS[heading]
    rows = re.findall(r"^\| `(\w+)` \| ?(yes|if seen)?", section(heading), re.MULTILINE)
    keys = [key for key, _ in rows]
    expected = [key for key in model.model_fields if model is not schema.Dossier
                or key not in TABLES]  # fmt: skip
    assert sorted(keys) == sorted(expected)
    if model is not schema.Terrain:
        needed = {key for key, said in rows if said == "yes"}
        assert needed == {key for key in keys if model.model_fields[key].is_required()}


@pytest.mark.parametrize(
    "values",
    [schema.Topic, schema.ImagesFrom, schema.Labour, schema.Licence, schema.State],
)
def test_every_value_is_named(values: object) -> None:
    for value in get_args(values):
        assert f"`{value}`" in README, value


def test_the_example_is_a_sound_dossier(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "sklearn-digits.toml").write_text(example, "utf-8")
    checked = check_archive(tmp_path)
    assert checked.faults == ()
    assert (checked.dossiers, checked.facts) == (1, 5)


def test_what_the_readme_counts_and_names_is_so() -> None:
    assert f"{len(questions())} questions: 52 of" in README
    assert f"and {WORDS[len([q for q in questions() if q.startswith('unasked-')])]} in" in README
    for command in COMMANDS:
        assert f"`{command}`" in section("### At the top")
    said = section("### `[status]`")
    assert f"is {', '.join(NOT_DUG[:-1])} or {NOT_DUG[-1]} is not dug" in said
    assert f"What is {GONE[0]} has a date" in said


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (FOLDER / target).exists(), target
