"""A YOLO dataset's data.yaml: names, splits, keypoints; every scalar as it is written."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from excavate.errors import FaultList
from excavate.sources.files_below import text_lines
from excavate.sources.places import below

CONFIGS = ("data.yaml", "data.yml", "dataset.yaml")
CLASS_FILES = ("classes.txt", "obj.names", "labels/classes.txt", "names.txt")
SPLITS = ("train", "val", "valid", "validation", "test", "minival")
READ = (*SPLITS, "names", "nc", "path", "kpt_shape", "roboflow")


@dataclass
class Config:
    """What is said of the whole. Without names a class is called by its number."""

    file: str | None = None  # where it was said, from the folder
    names: dict[str, str] = field(default_factory=dict)  # class -> name
    names_file: str | None = None
    splits: dict[str, list[str]] = field(default_factory=dict)  # split -> folders and lists
    keypoints: tuple[int, int] | None = None  # how many, and numbers of each
    licence: str | None = None
    homepage: str | None = None
    told: list[str] = field(default_factory=list)


def read_config(root: Path, given: Mapping[str, str], faults: FaultList) -> Config:
    """Read the data.yaml of a folder, and the list of names where the yaml has none."""
    config = Config()
    named = given.get("data")
    file = named or next((name for name in CONFIGS if (root / name).is_file()), None)
    if file is not None:
        document = _document(root / file, file, faults)
        config.file = file
        _read_document(config, document, root, faults)
    if not config.names:
        _read_names(config, root, given.get("names"), faults)
    if not config.names:
        config.told.append("no names of the classes: each is called by its number")
    return config


def _document(file: Path, place: str, faults: FaultList) -> dict[str, Any]:
    """The yaml as text, lists and mappings ('no' stays 'no'); empty and a fault if it is not."""
    import yaml

    try:
        document = yaml.load(file.read_text("utf-8-sig"), yaml.BaseLoader)  # noqa: S506 - text only
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else "not UTF-8"
        faults.add(place, f"cannot be read ({why})")
        return {}
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        faults.add(place, f"not YAML{at} ({getattr(error, 'problem', None) or error})")
        return {}
    if not isinstance(document, dict):
        faults.add(place, "not a mapping with names, train and val")
        return {}
    return {str(key): value for key, value in document.items()}


def _read_document(config: Config, said: dict[str, Any], root: Path, faults: FaultList) -> None:
    place = str(config.file)
    config.names = _names(said.get("names") or {}, place, faults)
    config.names_file = place if config.names else None
    count = said.get("nc")
    if count and config.names and count != str(len(config.names)):
        faults.add(place, f"nc is {count}, and there are {len(config.names)} names")
    config.keypoints = _keypoints(said.get("kpt_shape"), place, faults)
    maker = said.get("roboflow")
    if isinstance(maker, dict):
        config.licence, config.homepage = maker.get("license"), maker.get("url")
    base = _base(config, said.get("path"), root)
    for split in SPLITS:
        found = [p for e in _entries(said.get(split), split, place, faults)
                 if (p := _place(config, split, e, base, root, faults))]  # fmt: skip
        if found:
            config.splits[split] = found
    if unread := sorted(set(said) - set(READ)):
        config.told.append(f"{place}: {', '.join(unread[:20])}: not read")


def _names(said: Any, place: str, faults: FaultList) -> dict[str, str]:
    listed = dict(enumerate(said)) if isinstance(said, list) else said
    found = {str(k): v for k, v in listed.items()} if isinstance(listed, dict) else {}
    if not isinstance(said, (list, dict)) or not all(isinstance(n, str) for n in found.values()):
        faults.add(place, "names is neither a list of names nor a mapping to names")
        return {}
    return found


def _keypoints(said: Any, place: str, faults: FaultList) -> tuple[int, int] | None:
    if said is None:
        return None
    if isinstance(said, list) and len(said) == 2 and all(str(n).isdecimal() for n in said):
        return int(said[0]), int(said[1])
    faults.add(place, f"kpt_shape is {said}, not [how many, 2 or 3]")
    return None


def _base(config: Config, path: Any, root: Path) -> str:
    """The folder that the splits are seen from, from the root: `path` where that lies in it."""
    here = posixpath.dirname(str(config.file))
    if not path or not isinstance(path, str) or path == ".":
        return here
    inner = below(root, posixpath.join(here, path))
    if inner is not None and (root / inner).is_dir():
        return inner
    if posixpath.normpath(posixpath.join(here, path)) != ".":
        config.told.append(f"{config.file}: path is {path}, not in the folder: taken as the folder")
    return here


def _entries(said: Any, split: str, place: str, faults: FaultList) -> Iterator[str]:
    entries = said if isinstance(said, list) else [said] if said else []
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            faults.add(place, f"{split} is neither a path nor a list of paths")


def _place(
    config: Config, split: str, entry: str, base: str, root: Path, faults: FaultList
) -> str | None:
    """A folder or list of a split from the root; '../train/images' is taken as in the folder."""
    inner = below(root, posixpath.join(base, entry))
    if inner is None or not (root / inner).exists():
        stripped = entry
        while stripped.startswith("../"):
            stripped = stripped.removeprefix("../")
        inner = below(root, posixpath.join(base, stripped))
    if inner is None:
        faults.add(str(config.file), f"{split} is {entry}, which leaves the folder")
    elif not (root / inner).exists():
        config.told.append(f"{config.file}: {split} is {entry}, which is not there")
        return None
    return inner


def _read_names(config: Config, root: Path, named: str | None, faults: FaultList) -> None:
    files = [named] if named else [name for name in CLASS_FILES if (root / name).is_file()]
    for file in files[:1]:
        lines = text_lines(root / Path(file).expanduser(), file, faults)
        config.names = {str(number): name for number, name in enumerate(lines)}
        config.names_file = file
