"""Settings: one frozen object, made at the edge from the environment, passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with the environment variable that sets it."""

    site: Path = Path("sites/digits")  # EXCAVATE_SITE: the site the app shows
    workers: int = 2  # EXCAVATE_WORKERS: processes that read pictures
    max_pixels: int = 178_956_970  # EXCAVATE_MAX_PIXELS: a larger picture is a fault (bomb)
    device: str = "auto"  # EXCAVATE_DEVICE: auto, cpu, cuda or mps
    roots: tuple[tuple[str, str], ...] = ()  # EXCAVATE_ROOTS: DATASET=FOLDER;… moved originals

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the EXCAVATE_* variables; what is not set keeps its default."""
        env = os.environ if environ is None else environ
        cores = os.cpu_count() or 2
        pairs = (p.partition("=") for p in env.get("EXCAVATE_ROOTS", "").split(";") if "=" in p)
        return cls(
            site=Path(env.get("EXCAVATE_SITE", "sites/digits")),
            workers=int(env.get("EXCAVATE_WORKERS", str(max(1, min(cores, 8))))),
            max_pixels=int(env.get("EXCAVATE_MAX_PIXELS", str(178_956_970))),
            device=env.get("EXCAVATE_DEVICE", "auto"),
            roots=tuple((name.strip(), folder.strip()) for name, _, folder in pairs),
        )
