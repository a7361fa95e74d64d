"""What `excavate dig` asks the dossiers: where a dataset is dug, and whether it may be.

A withdrawn dataset is not dug, by its dossier's name or by its name on the hub. A local copy
may be, with a reason that is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.dossiers.reading import Archive, near, read_archive, read_dossier
from excavate.errors import ExcavateError, NotFoundError, SourceError, WithdrawnError
from excavate.sources import REGISTRY, TAKES_IMAGES, usage

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dig, Dossier, Fact, Said

NOT_DUG = ("withdrawn", "lost", "enclosed")  # states of a dataset that only a local copy is left of
GROUNDS_TOLD = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to dig. `dataset`: its name in the site where its user gives none."""

    source: str
    dossier: str | None = None
    dataset: str | None = None
    withdrawn: str | None = None  # why a local copy is dug all the same
    remarks: tuple[str, ...] = ()  # what the one who digs should know first
    options: Mapping[str, str] = field(default_factory=dict)  # what its dossier says for --option
    images: str | None = None  # and for --images


def choose(
    text: str, archives: Path, *, dossier: str | None = None, withdrawn: str | None = None
) -> Chosen:
    """What `excavate dig TEXT` digs: a source string as it is, else the source of a dossier.

    `coco` is the dossier, `coco:FILE` the source. A source on the web that a dossier names
    belongs to that dossier; one on the hub that is called as a withdrawn dataset is refused,
    unless it is said to be of another. `NAME#2` is the second source that the dossier names.
    Raises WithdrawnError where it may not be dug, NotFoundError over a dossier, SourceError
    where TEXT names nothing.
    """
    if withdrawn is not None and not withdrawn.strip():
        todo = "Write in --withdrawn why a copy of it is dug"
        raise ExcavateError("no reason was given", text, todo)
    if _is_name(text, archives):
        return _by_name(text, archives, dossier, withdrawn)
    known = _known(text, archives) if is_fetched(text) else None
    if known is None and dossier is None:
        known = _namesake(text, archives)
    if known and not may_be_dug(known):
        raise refusal(known)
    if dossier is None:
        if withdrawn is not None:
            todo = "Say which with --dossier NAME"
            raise ExcavateError("--withdrawn is for a dataset that has a dossier", text, todo)
        return Chosen(text, known.id if known else None)
    record = read_dossier(archives, dossier)
    _allow_copy(record, text, withdrawn)
    return Chosen(text, record.id, withdrawn=withdrawn)


def may_be_dug(dossier: Dossier) -> bool:
    """Whether a dossier leaves it open to dig its dataset: it is not withdrawn, lost, enclosed."""
    return dossier.status is None or dossier.status.state not in NOT_DUG


def refusal(dossier: Dossier) -> WithdrawnError:
    """Why this dataset is not dug: when and for what reason, in its dossier's own facts."""
    status = dossier.status
    if status is None:
        raise ValueError(f"{dossier.id} has no status that could speak against digging it")
    when = f" ({status.date})" if status.date else ""
    grounds = [_told(fact) for fact in dossier.facts_named(status.because)[:GROUNDS_TOLD]]
    todo = (
        f"Its dossier: excavate dossier {dossier.id}. A copy that you hold: excavate dig "
        f'folder:PATH --dossier {dossier.id} --withdrawn "why"'
    )
    what = f"{status.state}{when}, so it is not dug. {' · '.join(grounds)}".rstrip(". ")
    return WithdrawnError(what, dossier.id, todo)


def not_a_source(text: str) -> str | None:
    """What keeps a text from being a source string; None where it is one. Opens nothing."""
    name, _, rest = text.partition(":")
    if name not in REGISTRY:
        return f"there is no source {name}; one of: {usage()}"
    follows = REGISTRY[name].follows
    if bool(rest) != bool(follows):
        return f"write {name}:{follows}" if follows else f"write {name}"
    return None


def is_whole_source(name: str) -> bool:
    """Whether a name without a colon is a source already, as digits is."""
    return name in REGISTRY and not REGISTRY[name].follows


def unknown_options(
    source: str, options: Mapping[str, str], images: str | None
) -> Iterator[tuple[str, str]]:
    """The options of a dig that its source does not take: the key, and what is wrong there."""
    name = source.partition(":")[0]
    known = REGISTRY[name].options
    for option in options:
        if option not in known:
            there = f"it knows {', '.join(known)}" if known else "it takes none"
            yield f"options.{option}", f"the source {name} has no such option; {there}"
    if images is not None and name not in TAKES_IMAGES:
        yield "images", f"is for {', '.join(sorted(TAKES_IMAGES))} alone; leave it out"


def is_fetched(source: str) -> bool:
    """Whether a source string reaches outside this machine."""
    return source.startswith("hf:") or "://" in source


def same_place(one: str, other: str) -> bool:
    """Whether two source strings fetch the same dataset, at whatever revision or configuration."""
    return _without_version(one) == _without_version(other)


def _without_version(source: str) -> str:
    if source.startswith("hf:"):
        source = source.partition("#")[0].partition("@")[0]
    return source.rstrip("/").casefold()


def _by_name(text: str, archives: Path, dossier: str | None, withdrawn: str | None) -> Chosen:
    name, _, number = text.partition("#")
    record = _record(name, archives)
    if dossier not in (None, record.id):
        todo = "Leave --dossier out, or give a source string"
        raise ExcavateError(f"this is a dossier itself, not a dataset of {dossier}", name, todo)
    if not may_be_dug(record):
        raise refusal(record)
    if withdrawn is not None:
        raise _not_withdrawn(record)
    if not record.dig:
        todo = f"Dig a copy of your own: excavate dig SOURCE --dossier {record.id}"
        raise NotFoundError("its dossier knows of no source to dig it from", record.id, todo)
    chosen = _way(record, number)
    return Chosen(
        chosen.source, record.id, chosen.dataset, remarks=tuple(_remarks(record, chosen)),
        options=chosen.options, images=chosen.images,
    )  # fmt: skip


def _way(record: Dossier, number: str) -> Dig:
    """The source of a dossier with this number, as it was typed; the first where none was."""
    ways = len(record.dig)
    if number and not (number.isascii() and number.isdigit() and 1 <= int(number) <= ways):
        todo = f"Write {_ways(record)}"
        raise NotFoundError(f"its dossier has no source #{number}", record.id, todo)
    return record.dig[int(number or 1) - 1]


def _remarks(record: Dossier, chosen: Dig) -> Iterator[str]:
    """What the one who digs should know first."""
    yield f"{record.id}: dug from {chosen.source}"
    if len(record.dig) > 1:
        yield f"{record.id}: its sources are {_ways(record)}"
    if chosen.part:
        yield f"{record.id}: this is a part of it: {chosen.part}"
    if chosen.note:
        yield f"{record.id}: {_words(chosen.note)}"


def _record(name: str, archives: Path) -> Dossier:
    """The dossier of a name that is no source. What names neither is told as a source is."""
    archive = _archive(archives)
    if archive is None:
        raise SourceError("no such source", name, f"One of: {usage()}")
    if name not in archive.dossiers and not archive.faults_of(name):
        todo = f"One of: {usage()}; or a dossier. {near(name, archive.dossiers)}"
        raise SourceError("no such source", name, todo)
    return read_dossier(archives, name)


def _archive(folder: Path) -> Archive | None:
    return read_archive(folder) if folder.is_dir() else None


def _known(source: str, archives: Path) -> Dossier | None:
    """The dossier that names this source; one that forbids to dig it before one that does not."""
    archive = _archive(archives)
    named = [
        record
        for record in (archive.dossiers.values() if archive else ())
        if any(same_place(source, dig.source) for dig in record.dig)
    ]
    return min(named, key=may_be_dug, default=None)


def _is_name(text: str, archives: Path) -> bool:
    """Whether a text is a dossier's name rather than a source; `coco` is both until one looks."""
    name, colon, _ = text.partition(":")
    if colon or is_whole_source(name):
        return False
    if name not in REGISTRY:
        return True
    archive = _archive(archives)
    return bool(archive and (name in archive.dossiers or archive.faults_of(name)))


def _namesake(source: str, archives: Path) -> Dossier | None:
    """The dossier of a dataset that is not dug, and that a name on the hub is the name of."""
    archive = _archive(archives)
    if archive is None or not source.startswith("hf:"):
        return None
    name = _tidied(_without_version(source).rpartition("/")[2].removeprefix("hf:"))
    for record in archive.dossiers.values():
        called = {record.id, record.name.plain, record.name.ko or record.id, *record.refused_as}
        if not may_be_dug(record) and name in {_tidied(one) for one in called}:
            return record
    return None


def _tidied(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _allow_copy(record: Dossier, source: str, withdrawn: str | None) -> None:
    if may_be_dug(record):
        if withdrawn is not None:
            raise _not_withdrawn(record)
    elif withdrawn is None or is_fetched(source):
        raise refusal(record)


def _not_withdrawn(record: Dossier) -> ExcavateError:
    what = f"its dossier does not call it {', '.join(NOT_DUG[:-1])} or {NOT_DUG[-1]}"
    return ExcavateError(what, record.id, "Leave --withdrawn out")


def _told(fact: Fact) -> str:
    seen = "" if fact.verified else ", unverified"
    return f"{_words(fact.text)} ({fact.source}{seen})"


def _words(said: Said) -> str:
    return said.en or said.ko or ""


def _ways(record: Dossier) -> str:
    ways = (f"{record.id}#{number} ({dig.source})" for number, dig in enumerate(record.dig, 1))
    return ", ".join(ways)
