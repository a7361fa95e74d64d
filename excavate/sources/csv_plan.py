"""What the columns of a CSV are: read from its header and the options, checked together."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from excavate.errors import FaultList
from excavate.model import SAID_BY
from excavate.sources.places import is_text
from excavate.sources.rights import rights_columns

LARGE = 16 * 2**20  # bytes that a row may have
SIGNS = b'\t\r\n "+,;|09AZaz'  # what an encoding writes as ASCII does, if fast readers can read it
OF_NAMES = ("idna", "punycode", "unicode-escape", "raw-unicode-escape")  # no text of tables
ONE_COLUMN = ("key", "picture", "split_column", "licence", "creator", "url")
RIGHTS = {"licence": "licence", "creator": "creator", "url": "source_url"}
KEYS = (
    "id", "key", "uid", "uuid", "file", "file_name", "filename", "path", "image", "image_id",
    "object_id", "object_number", "accession_number", "identifier",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """How the text is written."""

    separator: str
    encoding: str  # as Python names it: utf-8, cp949, …

    @property
    def is_utf8(self) -> bool:
        """Whether it need not be written anew for Arrow."""
        return self.encoding == "utf-8"


@dataclass(frozen=True, slots=True)
class Plan:
    """What each column is."""

    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()  # columns that may be the key, the best first
    key_wanted: bool = False  # a person named it: nothing else will do
    picture: str | None = None
    split: str | None = None
    labels: tuple[str, ...] = ()
    separators: Mapping[str, str] = field(default_factory=dict)  # of cells with several values
    said_by: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)  # item column -> column

    def attributes(self, key: str | None) -> list[str]:
        """The columns that become attributes: all but the labels and the key."""
        return [name for name in self.columns if name not in self.labels and name != key]


def form(given: Mapping[str, str], tabs: bool, faults: FaultList) -> Form:
    """Separator and encoding, as they were given or as they are by default."""
    for option, value in given.items():
        if not is_text(value):
            faults.add(f"{option}={value!a}", "text that is no Unicode")
    named = given.get("separator", "tab" if tabs else ",")
    separator = {"tab": "\t", "\\t": "\t"}.get(named, named)
    if is_text(named) and (
        len(separator) != 1 or not separator.isascii() or separator in '"\r\n\0'
    ):
        faults.add(f"separator={named}", "not one character of ASCII, nor 'tab'")
    return Form(separator, _encoding(given.get("encoding", "utf-8"), faults))


def _encoding(named: str, faults: FaultList) -> str:
    """The encoding as Python names it."""
    try:
        "".encode(named)
        encoding = codecs.lookup(named).name
    except (LookupError, ValueError):  # ValueError: a name that can be none
        if is_text(named):
            what = "no encoding of this name; utf-8 and cp949 are two"
            faults.add(f"encoding={named.replace(chr(0), chr(0xFFFD))}", what)
        return named
    if not encoding.startswith(("utf-16", "utf-32")) and not _holds_ascii(encoding):
        faults.add(f"encoding={named}", "no encoding that tables are written in")
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _holds_ascii(encoding: str) -> bool:
    try:
        return (
            encoding.replace("_", "-") not in OF_NAMES and SIGNS.decode(encoding) == SIGNS.decode()
        )
    except (UnicodeError, LookupError):
        return False


def plan(given: Mapping[str, str], columns: Sequence[str], faults: FaultList) -> Plan:
    """What each column is. Every option that names no column is a fault."""
    for option in ONE_COLUMN:
        if option in given:
            _check_column(f"{option}={given[option]}", given[option], columns, faults)
    if "root" in given and "picture" not in given:
        faults.add(f"root={given['root']}", "of no use without picture=")
    labels = _listed(given.get("labels", ""))
    for name in labels:
        _check_column(f"labels={given['labels']}", name, columns, faults)
        if ":" in name:
            faults.add(f"labels={given['labels']}", f"the name of a label holds a colon: {name!r}")
    separators = _separators(given.get("multiple"), columns, faults)
    if given.get("key") in separators:
        faults.add(f"multiple={given['multiple']}", f"the key {given['key']!r} is not cut")
    rights = rights_columns(columns)
    rights |= {RIGHTS[o]: given[o] for o in RIGHTS if o in given}
    lower = {name.lower(): name for name in reversed(columns)}
    found = tuple(lower[name] for name in KEYS if name in lower and lower[name] not in separators)
    return Plan(
        columns=tuple(columns),
        keys=(given["key"],) if "key" in given else found,
        key_wanted="key" in given,
        picture=given.get("picture"),
        split=given.get("split_column"),
        labels=tuple(dict.fromkeys(labels)),
        separators=separators,
        said_by=_said_by(given.get("said_by"), labels or columns, columns, faults),
        rights=rights,
    )


def _separators(text: str | None, columns: Sequence[str], faults: FaultList) -> Mapping[str, str]:
    if text is None:
        return {}
    names, _, separator = text.partition(":")
    if not separator:
        faults.add(f"multiple={text}", "not COLUMN:SEPARATOR")
        return {}
    for name in _listed(names):
        _check_column(f"multiple={text}", name, columns, faults)
    return dict.fromkeys(_listed(names), separator)


def _said_by(
    text: str | None, default: Sequence[str], columns: Sequence[str], faults: FaultList
) -> Mapping[str, str]:
    found = {}
    for name, who in _sayings(text or "", default):
        if name in columns and who in SAID_BY:
            found[name] = who
        elif who not in SAID_BY:
            faults.add(f"said_by={text}", f"{who!r} is none of {', '.join(SAID_BY)}")
            break
        else:
            _check_column(f"said_by={text}", name, columns, faults)
    return found


def _sayings(text: str, default: Sequence[str]) -> Iterator[tuple[str, str]]:
    for part in _listed(text):
        name, colon, who = part.rpartition(":")
        yield from [(name, who)] if colon else ((column, part) for column in default)


def _listed(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _check_column(place: str, name: str, columns: Sequence[str], faults: FaultList) -> None:
    if name not in columns:
        faults.add(place, f"no column {name!r}; there are {', '.join(map(repr, columns))}")
