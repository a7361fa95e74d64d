"""Sets pages as PDF with typst, in our own two typefaces: Korean and Latin, serif and sans.

What people wrote never becomes markup: a template reads it from its files, by `json()`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.errors import ExcavateError, MissingPartError
from excavate.settings import PROJECT

SERIF = "NanumMyeongjo"  # as the font files name themselves: set text(font: (SERIF, SANS))
SANS = "Pretendard"
PACKAGES = PROJECT / "frontend" / "node_modules"
CACHE = PROJECT / ".cache" / "fonts"
SANS_FILES = tuple(
    f"pretendard/dist/public/static/Pretendard-{weight}.otf"
    for weight in ("Regular", "Medium", "SemiBold", "Bold")
)
SERIF_FILES = tuple(
    f"@fontsource/nanum-myeongjo/files/nanum-myeongjo-korean-{weight}-normal.woff2"
    for weight in (400, 700)
)


def fonts_folder() -> Path:
    """The folder of fonts that typst reads; made at the first use out of frontend/node_modules.

    Raises MissingPartError where the packages are not installed.
    """
    return _made(PACKAGES, CACHE)


@lru_cache(maxsize=4)
def _made(packages: Path, cache: Path) -> Path:
    sources = [packages / name for name in SANS_FILES + SERIF_FILES]
    missing = [file.name for file in sources if not file.is_file()]
    if missing:
        raise MissingPartError(
            "The typefaces for PDF are not installed: " + ", ".join(missing),
            str(packages),
            "Run `npm ci` in frontend/ (or `make setup`), then try again",
        )
    cache.mkdir(parents=True, exist_ok=True)
    for source in sources:
        _keep(source, cache)
    return cache


def _keep(source: Path, cache: Path) -> None:
    """The font as typst can read it, named by what it was made of."""
    mark = hashlib.sha256(source.read_bytes()).hexdigest()[:8]
    kept = cache / f"{source.stem}-{mark}{'.ttf' if source.suffix == '.woff2' else source.suffix}"
    if kept.is_file():
        return
    fresh = cache / f".{kept.name}.{os.getpid()}"
    if source.suffix == ".woff2":
        _unpacked(source, fresh)
    else:
        shutil.copyfile(source, fresh)
    fresh.replace(kept)


def _unpacked(source: Path, to: Path) -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(source) as font:
        font.flavor = None
        font.save(to)


def pdf(
    source: str,
    files: Mapping[str, bytes | Path],
    to: Path,
    *,
    inputs: Mapping[str, str] | None = None,
    made_at: datetime | None = None,
) -> None:
    """Compile typst `source` to the PDF `to`; `files` are what it reads, by relative name.

    `inputs` are its `sys.inputs`; `made_at` without a zone is read as UTC. A typst error is an
    ExcavateError that says what typst said.
    """
    stamp = made_at.replace(tzinfo=UTC) if made_at and made_at.tzinfo is None else made_at
    with _staged(source, files) as main:
        _compile(main, inputs, output=str(to), format="pdf", timestamp=stamp)


def pages_png(
    source: str,
    files: Mapping[str, bytes | Path],
    *,
    ppi: float = 96,
    inputs: Mapping[str, str] | None = None,
) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    with _staged(source, files) as main:
        made = _compile(main, inputs, format="png", ppi=ppi)
    return list(made) if isinstance(made, list) else [made]


@contextmanager
def _staged(source: str, files: Mapping[str, bytes | Path]) -> Iterator[Path]:
    """A folder of its own with the source and its files; nothing outside it can be read."""
    with tempfile.TemporaryDirectory(prefix="excavate-set-") as folder:
        for name, content in files.items():
            _put(Path(folder) / name, content)
        main = Path(folder) / "main.typ"
        main.write_text(source, encoding="utf-8")
        yield main


def _put(file: Path, content: bytes | Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        shutil.copyfile(content, file)


def _compile(main: Path, inputs: Mapping[str, str] | None, **how: Any) -> Any:
    import typst

    compiler = typst.Compiler(
        str(main), root=str(main.parent), font_paths=[str(fonts_folder())],
        sys_inputs=dict(inputs or {}),
    )  # fmt: skip
    try:
        return compiler.compile(**how)
    except typst.TypstError as fault:
        raise ExcavateError(f"typst could not set the pages: {fault}", main.name) from fault
