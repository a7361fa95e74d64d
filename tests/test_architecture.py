"""The house stands as DESIGN draws it: data walks one way, heavy things are fetched late."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "excavate"
# Top to bottom. A module imports only from what stands above it.
HOUSE = (
    "progress", "errors", "model", "settings", "i18n", "sources", "dossiers", "catalog",
    "embedding", "digging", "site", "charts", "gaps", "charts_findings", "workshop", "counter",
    "essays", "release", "components",
)  # fmt: skip
EDGE = (
    "pages",
    "cli",
    "commands",
    "printing",
    "printing_findings",
    "serving",
    "doctor",
    "routes",
    "finding_routes",
    "judging_routes",
    "now_route",
    "board_route",
    "absence_route",
    "own_routes",
    "release_routes",
    "drawing_routes",
    "keeping_route",
    "base_path",
    "guest",
    "rehearsing",
    "door",
    "__main__",
)  # import anything
LATE = {
    "torch", "torchvision", "umap", "streamlit", "datasets", "sklearn", "skimage", "faiss",
    "open_clip", "onnxruntime", "ai_edge_litert", "transformers", "pandas", "plotly",
    "pycocotools", "pynndescent", "numba", "av", "mlcroissant", "cleanlab", "statsmodels",
    "kaleido", "scipy",
}  # fmt: skip
BANNED = {"utils", "helpers", "manager", "handler", "processor", "info", "tmp", "data", "map"}
SQL = re.compile(r"\s*(SELECT|INSERT INTO|DELETE FROM|UPDATE|CREATE|DROP (TABLE|VIEW)|ATTACH)\b")
FILES = sorted(p for p in PACKAGE.rglob("*.py"))


def room(module: str) -> str:
    """excavate.catalog.opening -> catalog; excavate -> ''."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(tree: ast.AST, *, top_only: bool = False) -> Iterator[str]:
    nodes = tree.body if top_only and isinstance(tree, ast.Module) else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "absolute imports only"
            yield node.module
            if node.module == "excavate":
                yield from (f"excavate.{alias.name}" for alias in node.names)


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PROJECT)))
def test_a_module_imports_only_from_above(file: Path) -> None:
    here = room(module_name(file))
    tree = ast.parse(file.read_text(encoding="utf-8"))
    reached = {room(name) for name in imports(tree) if name.startswith("excavate.")}
    reached -= {"", "__version__", here}
    if here == "":  # the public face hands names on lazily
        return
    assert here in HOUSE + EDGE, f"{here} has no place in the house"
    if here != "__main__":
        assert "pages" not in reached or here in ("pages", "routes")
    if here in HOUSE:
        below = {name for name in reached if name not in HOUSE[: HOUSE.index(here)]}
        assert not below, f"{module_name(file)} reaches down to {below}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PROJECT)))
def test_heavy_libraries_are_imported_where_they_are_needed(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {name.split(".")[0] for name in imports(tree, top_only=True)}
    allowed = {"streamlit", "plotly", "pandas"} if room(module_name(file)) in (
        "pages", "components",
    ) else {"plotly"} if room(module_name(file)) == "charts" else set()  # fmt: skip
    assert not (named & LATE) - allowed


def test_streamlit_lives_in_pages_and_components() -> None:
    users = {
        room(module_name(f))
        for f in FILES
        if "streamlit" in {n.split(".")[0] for n in imports(ast.parse(f.read_text("utf-8")))}
    }
    assert users <= {"pages", "components", "guest"}  # a guest speaks its protocol, no more


def test_no_banned_names() -> None:
    found = []
    for file in FILES:
        if file.stem in BANNED:
            found.append(str(file))
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and (
                set(node.name.lower().split("_")) & (BANNED - {"data", "map"})
                or node.name.lower() in BANNED
            ):
                found.append(f"{file.name}:{node.lineno} {node.name}")
    assert found == []


def test_no_pickle() -> None:
    for file in FILES:
        text = file.read_text("utf-8")
        assert "import pickle" not in text, file
        assert "allow_pickle=True" not in text, file


def constants(tree: ast.Module) -> set[int]:
    """The ids of all nodes below module-level UPPER_CASE assignments."""
    return {
        id(inner)
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in [node.targets[0] if isinstance(node, ast.Assign) else node.target]
        if isinstance(target, ast.Name) and target.id.isupper()
        for inner in ast.walk(node)
    }


def test_sql_stands_in_the_schema_and_in_upper_case_constants() -> None:
    found = []
    for file in FILES:
        tree = ast.parse(file.read_text("utf-8"))
        named = constants(tree)
        found += [
            f"{module_name(file)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and SQL.match(node.value)
            and id(node) not in named
        ]
    assert found == []


def test_the_public_face_is_light() -> None:
    code = (
        "import sys, excavate; assert excavate.__all__; "
        "heavy = {'torch','pandas','duckdb','streamlit','numpy','pyarrow'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_can_be_had() -> None:
    import excavate

    assert excavate.__all__ == ["Site", "__version__", "dig", "measure", "open_site"]
    for name in excavate.__all__:
        assert getattr(excavate, name)
    with pytest.raises(AttributeError, match="no attribute 'gone'"):
        excavate.gone  # noqa: B018


def test_dig_is_the_function_however_it_was_reached() -> None:
    code = "import excavate.digging; from excavate import dig; dig.__call__; import excavate; "
    code += "assert callable(excavate.dig) and excavate.dig is dig"
    subprocess.run([sys.executable, "-c", code], check=True)
