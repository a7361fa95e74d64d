"""Settings: one frozen object, made at the edge from the environment, passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from excavate.errors import ExcavateError

MAX_PIXELS = 178_956_970  # Pillow's own limit for a picture that is no bomb
PROJECT = Path(__file__).resolve().parent.parent
NAMES = (
    "HOME", "EXCAVATE_SITE", "EXCAVATE_ARCHIVES", "EXCAVATE_WORKERS", "EXCAVATE_MAX_PIXELS",
    "EXCAVATE_DEVICE", "EXCAVATE_SHARED_ROOM", "EXCAVATE_SECRETS", "EXCAVATE_BASE_PATH",
    "EXCAVATE_URL", "EXCAVATE_PROXIES", "EXCAVATE_ROOTS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with the environment variable that sets it."""

    site: Path = Path("sites/digits")  # EXCAVATE_SITE: the site the app shows
    archives: Path = PROJECT / "archives"  # EXCAVATE_ARCHIVES: the folder of dossiers
    workers: int = 2  # EXCAVATE_WORKERS: processes that read pictures
    max_pixels: int = MAX_PIXELS  # EXCAVATE_MAX_PIXELS: a larger picture is a fault (bomb)
    device: str = "auto"  # EXCAVATE_DEVICE: auto, cpu, cuda or mps
    shared: bool = False  # EXCAVATE_SHARED_ROOM=1: others come in by link; set by serve --share
    secrets: Path = Path("~/.config/excavate")  # EXCAVATE_SECRETS: keys and codes, never a site
    base_path: str = ""  # EXCAVATE_BASE_PATH: where the app lies behind a proxy, "/excavate"
    url: str = ""  # EXCAVATE_URL: the address people reach, where a proxy or tunnel is between
    proxies: int = 0  # EXCAVATE_PROXIES: so many proxies of ours say who asks
    roots: tuple[tuple[str, str], ...] = ()  # EXCAVATE_ROOTS: DATASET=FOLDER;… moved originals

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the EXCAVATE_* variables; what is not set keeps its default."""
        env = os.environ if environ is None else environ
        named = tuple((name, env[name]) for name in NAMES if name in env)
        return _read(named, str(Path.cwd()) if "EXCAVATE_ROOTS" in env else "")


@lru_cache(maxsize=64)  # asked for at every request and every address
def _read(named: tuple[tuple[str, str], ...], _here: str) -> Settings:
    env = dict(named)
    cores = os.cpu_count() or 2
    pairs = (p.partition("=") for p in env.get("EXCAVATE_ROOTS", "").split(";") if "=" in p)
    return Settings(
        site=Path(env.get("EXCAVATE_SITE", "sites/digits")),
        archives=Path(env.get("EXCAVATE_ARCHIVES", PROJECT / "archives")),
        workers=_count(env, "EXCAVATE_WORKERS", max(1, min(cores, 8))),
        max_pixels=_count(env, "EXCAVATE_MAX_PIXELS", MAX_PIXELS),
        device=env.get("EXCAVATE_DEVICE", "auto"),
        shared=env.get("EXCAVATE_SHARED_ROOM", "") == "1",
        secrets=Path(env.get("EXCAVATE_SECRETS", "~/.config/excavate")).expanduser(),
        base_path=env.get("EXCAVATE_BASE_PATH", "").rstrip("/"),
        url=env.get("EXCAVATE_URL", "").rstrip("/"),
        proxies=_count(env, "EXCAVATE_PROXIES", 0, least=0),
        roots=tuple((name.strip(), str(Path(at.strip()).absolute())) for name, _, at in pairs),
    )


def _count(env: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    given = env.get(name, str(default))
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise ExcavateError(
            f"not a whole number of {least} or more", f"{name}={given}", "Unset or mend it"
        )
    return int(given)
