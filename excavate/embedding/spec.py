"""The part of an encoder's name after the colon: `FILE?option=value&option=value`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePath
from urllib.parse import parse_qsl

from excavate.errors import EncoderError

OF_FILES = ("onnx", "tflite")  # encoders that a file is named for


def short_name(spec: str) -> str:
    """An encoder's spec for a menu: of a file, its name without the folders and options."""
    kind, _colon, rest = spec.partition(":")
    name = PurePath(rest.partition("?")[0]).name
    return f"{kind}:{name}" if kind in OF_FILES and name else spec


def said_name(spec: str) -> str:
    """An encoder as it is read aloud: the name of its file without the ending, or its spec."""
    kind, _colon, rest = spec.partition(":")
    name = PurePath(rest.partition("?")[0]).stem
    return name if kind in OF_FILES and name else spec


def split_options(spec: str, rest: str, allowed: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """`FILE?a=1&b=2` -> ("FILE", {"a": "1", "b": "2"}).

    Raises EncoderError where an option is not among `allowed` or stands twice.
    """
    name, _, query = rest.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    unknown = sorted(set(options) - set(allowed))
    if unknown or len(options) < len(pairs):
        what = f"unknown option {', '.join(unknown)}" if unknown else "an option stands twice"
        raise EncoderError(what, spec, f"Options: {', '.join(allowed)}")
    return name, options


def numbers(spec: str, options: Mapping[str, str], name: str, default: float) -> tuple[float, ...]:
    """Three numbers, one a colour channel, from `name=0.5` or `name=0.4,0.5,0.6`."""
    text = options.get(name)
    if text is None:
        return (default,) * 3
    try:
        given = tuple(float(part) for part in text.split(","))
    except ValueError:
        given = ()
    if len(given) not in (1, 3) or (name == "std" and 0.0 in given):
        todo = f"Write {name}=0.5 or {name}=0.4,0.5,0.6" + (", no zero" if name == "std" else "")
        raise EncoderError(f"{name}={text} is not one or three numbers", spec, todo)
    return given * 3 if len(given) == 1 else given


def whole(spec: str, text: str, name: str, least: int, most: int) -> int:
    """A whole number between `least` and `most`. Raises EncoderError otherwise."""
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        wanted = f"a whole number from {least} to {most}"
        raise EncoderError(f"{name} must be {wanted}, not {text!r}", spec)
    return int(text)


def existing_file(spec: str, name: str) -> Path:
    """The file that a spec names, `~` expanded. Raises EncoderError where it is not there."""
    file = Path(name).expanduser()
    if not file.is_file():
        raise EncoderError("there is no such file", spec, f"Looked at {file.absolute()}")
    return file


def sha256_of(file: Path) -> str:
    """Hex sha256 of a file's bytes."""
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
