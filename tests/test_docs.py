"""Documentation kept true: the commands' help, the README's commands, every setting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
COMMANDS = (
    [], ["dig"], ["embed"], ["layout"], ["show"],
    ["dossiers"], ["dossier"], ["dossier", "show"], ["dossier", "check"], ["dossier", "draft"],
    ["attributes"], ["attributes", "add"], ["labels"], ["labels", "add"],
    ["taxonomy"], ["taxonomy", "add"], ["taxonomy", "show"], ["taxonomy", "hold"],
    ["gaps"], ["findings"], ["findings", "list"], ["findings", "show"],
    ["search"], ["serve"], ["upgrade"], ["doctor"],
)  # fmt: skip


def rendered_help() -> str:
    """docs/cli.md as it has to be. `python -m tests.test_docs` writes it."""
    parts = ["# Every command\n\nWritten from `--help`; a test holds it true.\n"]
    for command in COMMANDS:
        shown = subprocess.run(
            [sys.executable, "-m", "excavate", *command, "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"},
        ).stdout.replace("python -m excavate", "excavate")
        text = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts.append(f"## {' '.join(['excavate', *command])}\n\n```\n{text}\n```\n")
    return "\n".join(parts)


def test_the_help_in_the_docs_is_the_help() -> None:
    assert (PROJECT / "docs/cli.md").read_text("utf-8") == rendered_help()


def fenced(text: str) -> str:
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def test_every_make_target_in_the_readme_exists() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"\bmake ([a-z]+)\b", readme))
    assert {"run", "test", "check", "bench", "clean", "setup"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_runs_the_readmes_own_test_command() -> None:
    assert "exec make test" in (PROJECT / ".ci/run").read_text("utf-8")
    assert "make test" in fenced((PROJECT / "README.md").read_text("utf-8"))


def test_every_excavate_command_in_the_readme_parses(tmp_path: Path) -> None:
    import typer

    from excavate.cli import app

    group = typer.main.get_command(app)
    lines = [
        line.split("excavate ", 1)[1].split("#")[0].split()
        for line in fenced((PROJECT / "README.md").read_text("utf-8")).splitlines()
        if "bin/excavate " in line
    ]
    assert len(lines) >= 2
    for name, *arguments in lines:
        command = group.commands[name]  # type: ignore[attr-defined]
        command.make_context(name, list(arguments))


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    named = set(re.findall(r"EXCAVATE_[A-Z_]+", (PROJECT / "excavate/settings.py").read_text()))
    told = set(re.findall(r"EXCAVATE_[A-Z_]+", (PROJECT / "docs/settings.md").read_text()))
    assert named - {"EXCAVATE_"} == told - {"EXCAVATE_SHARED"}


def test_every_source_and_encoder_stands_in_the_readme() -> None:
    from excavate.embedding import encoders
    from excavate.sources import REGISTRY

    readme = (PROJECT / "README.md").read_text("utf-8")
    for name in (*REGISTRY, *encoders.REGISTRY):
        assert re.search(rf"^\| `{name}[:`]", readme, re.MULTILINE), name


def test_links_in_the_documents_lead_somewhere() -> None:
    for file in [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text("utf-8")):
            assert (file.parent / target).exists(), f"{file.name} -> {target}"


@pytest.mark.parametrize("command", [["dig", "--help"], ["--help"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys; sys.argv=['excavate', *sys.argv[1:]]\n"
        "from excavate.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "heavy={'torch','pandas','duckdb','streamlit','numpy','pyarrow','sklearn'}"
        "&set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True)


if __name__ == "__main__":
    (PROJECT / "docs/cli.md").write_text(rendered_help(), encoding="utf-8")
