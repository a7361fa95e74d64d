"""A YOLO dataset's data.yaml: names, splits, keypoints; every scalar as it is written."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from excavate.errors import FaultList
from excavate.sources.files_below import FilesBelow, numbered_lines
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


def read_config(tree: FilesBelow, given: Mapping[str, str], faults: FaultList) -> Config:
    """Read the data.yaml of a folder, and the list of names where the yaml has none."""
    config = Config()
    file = given.get("data") or next((name for name in CONFIGS if name in tree.stamps), None)
    if file is not None:
        document = _document(tree.root / Path(file).expanduser(), file, faults)
        config.file = file
        _read_document(config, document, tree, faults)
    if not config.names:
        _read_names(config, tree, given.get("names"), faults)
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


def _read_document(
    config: Config, said: dict[str, Any], tree: FilesBelow, faults: FaultList
) -> None:
    place = str(config.file)
    config.names = _names(said.get("names") or {}, place, faults)
    config.names_file = place if config.names else None
    count = said.get("nc")
    if count and config.names and count != str(len(config.names)):
        faults.add(place, f"nc is {count}, and there are {len(config.names)} names")
    config.keypoints = _keypoints(said.get("kpt_shape"), place, faults)
    _read_maker(config, said.get("roboflow"))
    base = _base(config, said.get("path"), tree)
    for split in SPLITS:
        found = [p for e in _entries(said.get(split), split, place, faults)
                 if (p := _place(config, split, e, base, tree, faults))]  # fmt: skip
        if found:
            config.splits[split] = found
    if unread := sorted(set(said) - set(READ)):
        config.told.append(f"{place}: {', '.join(unread[:20])}: not read")


def _read_maker(config: Config, said: Any) -> None:
    """Licence and page, as Roboflow writes them, where they are text."""
    if not said:
        return
    maker = said if isinstance(said, dict) else {}
    licence, page = maker.get("license") or None, maker.get("url") or None
    config.licence = licence if isinstance(licence, str) else None
    config.homepage = page if isinstance(page, str) else None
    odd = [n for n in ("license", "url") if not isinstance(maker.get(n) or "", str)]
    named = ", ".join(f"roboflow.{name}" for name in odd) if maker else "roboflow"
    if named:
        config.told.append(f"{config.file}: {named}: not read, since it is no text")


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
    text = f"[{', '.join(map(str, said))}]" if isinstance(said, list) else str(said)
    if found := re.fullmatch(r"\[([1-9][0-9]{0,5}), ([23])\]", text):
        return int(found[1]), int(found[2])
    faults.add(place, f"kpt_shape is {shortened(text)}, not [how many, 2 or 3]")
    return None


def shortened(text: str) -> str:
    """Text for a line about it: at most 40 characters."""
    return text if len(text) <= 40 else f"{text[:39]}…"


def _base(config: Config, path: Any, tree: FilesBelow) -> str:
    """The folder that the splits are seen from, from the root: `path` where that lies in it."""
    here = posixpath.dirname(str(config.file))
    if not path or not isinstance(path, str) or path == ".":
        return here
    inner = below(tree.root, posixpath.join(here, path))
    if inner is not None and inner in tree.folders:
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
    config: Config, split: str, entry: str, base: str, tree: FilesBelow, faults: FaultList
) -> str | None:
    """A folder or list of a split from the root; '../train/images' is taken as in the folder.

    Only what the walk came by is there: no link can lead anywhere else.
    """
    inner = _inside(tree.root, posixpath.join(base, entry))
    if inner is None or not tree.holds(inner):
        stripped = entry
        while stripped.startswith("../"):
            stripped = stripped.removeprefix("../")
        inner = _inside(tree.root, posixpath.join(base, stripped))
    if inner is None:
        faults.add(str(config.file), f"{split} is {entry}, which leaves the folder")
    elif not tree.holds(inner):
        config.told.append(f"{config.file}: {split} is {entry}, which is not there")
        return None
    return inner


def _inside(root: Path, path: str) -> str | None:
    return "." if posixpath.normpath(path) == "." else below(root, path)


def _read_names(config: Config, tree: FilesBelow, named: str | None, faults: FaultList) -> None:
    """The line's number is the class, an empty line's too."""
    files = [named] if named else [name for name in CLASS_FILES if name in tree.stamps]
    for file in files[:1]:
        lines = numbered_lines(tree.root / Path(file).expanduser(), file, faults)
        config.names = {str(number): name for number, name in lines.items()}
        config.names_file = file
