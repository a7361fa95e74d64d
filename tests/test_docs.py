"""Documentation kept true: the commands' help, the README's commands, every setting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def commands() -> list[list[str]]:
    """Every command of the application, groups before what is in them."""
    import typer

    from excavate.cli import app

    def below(command: Any, path: list[str]) -> Iterator[list[str]]:
        yield path
        for name, inner in getattr(command, "commands", {}).items():
            yield from below(inner, [*path, name])

    return list(below(typer.main.get_command(app), []))


def rendered_help() -> str:
    """docs/cli.md as it has to be. `python -m tests.test_docs` writes it."""
    parts = ["# Every command\n\nWritten from `--help`; a test holds it true.\n"]
    for command in commands():
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


HEAD = {
    "en": "# Measures\n\nWhat `excavate gaps` measures: each against a reference that is named, "
    "with its paper, its parameters and its limits. A gap is thin against that reference; "
    "whether something ought to be there is for people to say.\n\nWritten from the measures' own "
    "words; a test holds it true. [한국어](measures.ko.md)\n",
    "ko": "# 측정\n\n`excavate gaps`가 재는 것들입니다. 모두 이름을 밝힌 기준에 견주어 재며, "
    "근거 논문, 매개변수, 한계를 함께 적습니다. 공백은 그 기준에 견주어 얇다는 뜻일 뿐, "
    "마땅히 있어야 하는지는 사람이 말할 몫입니다.\n\n측정 자신의 말에서 만들어지고, "
    "테스트가 맞는지 확인합니다. [English](measures.md)\n",
}
COLUMNS = {"en": ("parameter", "default", "meaning"), "ko": ("매개변수", "기본값", "뜻")}
EXTENSION = {"en": "An extension of our own.", "ko": "이 도구가 덧붙인 측정입니다."}


def rendered_measures(language: str) -> str:
    """docs/measures.md and docs/measures.ko.md as they have to be."""
    from excavate.gaps.records import speaking
    from excavate.gaps.registry import REGISTRY, run_of, saying_of
    from excavate.i18n import _

    parts = [HEAD[language]]
    with speaking(language):
        for name, entry in REGISTRY.items():
            said = saying_of(name)
            more = f" {EXTENSION[language]}" if entry.extension else ""
            parts.append(f"## `{name}` · {said.title()}\n\n{said.meaning()}{more}\n")
            rows = [COLUMNS[language], ("---",) * 3]
            rows += [(f"`{n}`", f"`{p.default}`", _(p.means).replace("|", "\\|"))
                     for n, p in run_of(name).PARAMETERS.items()]  # fmt: skip
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n")
    return "\n".join(parts)


@pytest.mark.parametrize(("language", "file"), [("en", "measures.md"), ("ko", "measures.ko.md")])
def test_the_measures_in_the_docs_are_the_measures(language: str, file: str) -> None:
    assert (PROJECT / "docs" / file).read_text("utf-8") == rendered_measures(language)


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
    (PROJECT / "docs/measures.md").write_text(rendered_measures("en"), encoding="utf-8")
    (PROJECT / "docs/measures.ko.md").write_text(rendered_measures("ko"), encoding="utf-8")
