"""Writing a release: staged beside its place, checksummed, then there in one step or not at all.

What is written once is never changed: the next release of a counter-dataset is its next version.
Pictures pass through the memory a few at a time.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from excavate.errors import SiteError, SourceError
from excavate.progress import Progress, silent
from excavate.release.checksums import write_checksums
from excavate.release.formats import ALWAYS, BY_CHOICE, writer_of
from excavate.release.gate import refuse_stopped, stopped
from excavate.release.gathering import gathered
from excavate.release.not_held import write_not_held
from excavate.release.record import Contents, Lost, Plate
from excavate.release.released import told_row, went_out
from excavate.release.rows import strokes_file
from excavate.release.staging import next_version, settle, settle_all, staged, unwritable
from excavate.release.standing import standing
from excavate.workshop.authors import person_rows
from excavate.workshop.checking import link_faults

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.authors import Author
    from excavate.workshop.store import Workshop

BASE = "http://127.0.0.1:8000"  # where `python -m http.server` in the folder shows it
TABLE = "parquet"
AHEAD = 4  # pictures that are read and not written yet
ASK_NOTHING = ("annotations", "manifest", "rights", "finding-aid", "citation", "card")
BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
VERSIONS = "SELECT version FROM released WHERE room_id = $1 AND plan_id = $2"


def release(
    site: Site, workshop: Workshop, plan_id: str, to: Path, *, formats: Sequence[str] = (),
    base: str = BASE, essays: Sequence[tuple[str, Path]] = (), author: Author | None = None,
    progress: Progress = silent,
) -> Path:  # fmt: skip
    """Write the next version of a counter-dataset as `to/NAME-vN`, and tell the workshop of it;
    returns that folder.

    `formats` are names of BY_CHOICE; `base` is where the folder will be published. Raises
    ReleaseError with all that the gate stops, SiteError where the folder cannot be written.
    """
    chosen = chosen_formats(formats)
    refuse_base(base)
    as_of, stands = workshop.version, standing(site, workshop, plan_id)
    name = stands.plan.given.name
    refuse_stopped(stopped(workshop, stands), name)
    version = next_version(to, name, _known(workshop, plan_id))
    contents = gathered(site, workshop, stands, base, str(version), essays)
    done = _publish(contents, to, chosen, progress)
    people = person_rows(workshop, author) if author else []
    person_id = author.person_id if author else None
    workshop.write([*people, told_row(went_out(contents, done, as_of), person_id)])
    return done


def _publish(contents: Contents, to: Path, formats: Sequence[str], progress: Progress) -> Path:
    """Stage it, and put it where it belongs in one step."""
    name, version = contents.plan.given.name, int(contents.version)
    with staged(to, name, version) as folder:
        try:
            write_into(contents, folder, formats, progress)
            settle_all(folder)
        except OSError as error:
            raise unwritable(error, to) from error
    return to / f"{name}-v{version}"


def chosen_formats(names: Sequence[str]) -> tuple[str, ...]:
    """Formats of BY_CHOICE in its order, each once. Raises SourceError that names all others."""
    unknown = sorted(set(names) - set(BY_CHOICE))
    if unknown:
        raise SourceError("no such format", ", ".join(unknown), f"One of: {', '.join(BY_CHOICE)}")
    return tuple(name for name in BY_CHOICE if name in names)


def write_into(
    contents: Contents, folder: Path, formats: Sequence[str], progress: Progress = silent
) -> None:
    """Write all of a release into an empty folder: pictures, formats, what those cannot hold,
    and, when everything else is there, the checksums."""
    unsettled: list[OSError] = []
    with ThreadPoolExecutor(1) as settling:  # the disk works while formats are made

        def settle_aside(file: Path) -> None:
            settling.submit(_settle, file, unsettled)

        known = _write_items(contents, folder, progress, settle_aside)
        for name, page in contents.essays:
            (folder / "essays").mkdir(exist_ok=True)
            shutil.copyfile(page, folder / "essays" / f"{name}.html")
        lost = _write_formats(contents, folder, (*ALWAYS, *formats), progress)
        write_not_held(contents, folder, lost, formats)
        write_checksums(folder, known)
        settling.shutdown(cancel_futures=True)  # whoever publishes it settles what is left
    for error in unsettled:  # a disk tells a failure once: whoever asks again hears of none
        raise error


def _write_items(
    contents: Contents, folder: Path, progress: Progress, settle_aside: Callable[[Path], None]
) -> Mapping[str, str]:
    """{file: sha256} of the pictures and strokes, as they were written: one picture is read and
    hashed while those before it are written."""
    (folder / "items").mkdir()
    known: dict[str, str] = {}
    going: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1) as writing:
        for plate in contents.plates:
            progress("pictures", plate.number, len(contents.plates))
            if plate.file:
                known[plate.file], content = plate.sha256, _as_it_was(contents, plate)
                going.append(writing.submit(_write, folder / plate.file, content, settle_aside))
            if len(going) > AHEAD:
                going.popleft().result()
            if plate.member.strokes:
                known |= _write_strokes(plate, folder)
        for one in going:
            one.result()
    return known


def _as_it_was(contents: Contents, plate: Plate) -> bytes:
    """The picture of a plate. Raises SiteError where it is no longer the one that was given."""
    content = contents.picture(plate)
    if hashlib.sha256(content).hexdigest() != plate.sha256:
        todo = "Restore it from a backup, or leave the member out"
        raise SiteError("the picture of a member has changed", plate.file, todo)
    return content


def _write(file: Path, content: bytes, settle_aside: Callable[[Path], None]) -> None:
    file.write_bytes(content)
    settle_aside(file)


def _settle(file: Path, unsettled: list[OSError]) -> None:
    """Settle a file; a failure is kept for whoever publishes it, and nothing of what succeeds."""
    try:
        settle(file)
    except OSError as error:
        unsettled.append(error)


def _write_formats(
    contents: Contents, folder: Path, names: Sequence[str], progress: Progress
) -> list[Lost]:
    """What the formats cannot hold, in their order. The table is mostly the disk's work: it is
    written beside those that ask nothing of it."""
    lost: dict[str, list[Lost]] = {}
    apart = [name for name in names if name in ASK_NOTHING]
    with ThreadPoolExecutor(1) as beside:
        table = beside.submit(writer_of(TABLE), contents, folder)
        for name in apart:
            progress("formats", len(lost), len(names))
            lost[name] = writer_of(name)(contents, folder)
        lost[TABLE] = table.result()
    for name in (name for name in names if name not in lost):
        progress("formats", len(lost), len(names))
        lost[name] = writer_of(name)(contents, folder)
    return [one for name in names for one in lost[name]]


def _write_strokes(plate: Plate, folder: Path) -> dict[str, str]:
    content = plate.member.strokes.encode()
    (folder / strokes_file(plate)).write_bytes(content)
    return {strokes_file(plate): hashlib.sha256(content).hexdigest()}


def _known(workshop: Workshop, plan_id: str) -> int:
    """The highest version the workshop was told of."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(VERSIONS, [workshop.room_id, plan_id]).fetchall()
    return max((int(version) for (version,) in rows), default=0)


def refuse_base(base: str) -> None:
    """Raise SourceError where ids of a release cannot begin with an address."""
    parts = urlsplit(base) if not any(link_faults("base", base)) else None
    if parts is None or not parts.scheme or set("?#") & set(base) or BROKEN_ESCAPE.search(base):
        todo = "Give the http(s) address the folder will have"
        raise SourceError(
            "ids of a release begin with an http(s) address without ? and #", base, todo
        )
