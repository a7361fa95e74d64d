"""Dig: source -> catalog -> embedding -> neighbours -> layout, each stage resumable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.catalog.cataloguing import DigRequest, Dug, catalogue_in
from excavate.catalog.computed import Computed
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import connect
from excavate.catalog.pictures import Pictures
from excavate.catalog.queries import REVISIONS
from excavate.dossiers.digs import choose
from excavate.embedding.encoders import DEFAULT_CLIP, open_encoder
from excavate.errors import EncoderError, ExcavateError, MissingPartError, NotFoundError
from excavate.progress import Progress, silent
from excavate.settings import Settings

if TYPE_CHECKING:
    from excavate.embedding.encoder import Encoder
    from excavate.embedding.layout import Parameters

DUG_FROM = "SELECT dataset_id FROM dataset WHERE source = ? ORDER BY dug_at DESC"
SOURCE_OF = "SELECT source FROM dataset WHERE dataset_id = ?"
WITH_WEIGHTS = ("clip", "onnx", "tflite")  # where they lack, the catalog is made all the same
STAGES = ("catalogue", "embed", "neighbours", "layout")
OWN_ENCODERS = {"digits": "pixels:8"}  # sources whose pictures are their own vectors
Note = Callable[[str], None]


def unheard(line: str) -> None:
    """A Note that nobody reads."""


@dataclass(frozen=True)
class DigReport:
    """What each stage left; None for a stage that was not asked for."""

    site: Path
    catalog: Dug | None = None
    vectors: Sequence[Computed] = field(default_factory=tuple)
    neighbours: Sequence[Computed] = field(default_factory=tuple)
    layouts: Computed | None = None

    def as_record(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return {
            "site": str(self.site),
            "catalog": asdict(self.catalog) if self.catalog else None,
            "vectors": [made.as_record() for made in self.vectors],
            "neighbours": [made.as_record() for made in self.neighbours],
            "layouts": self.layouts.as_record() if self.layouts else None,
        }


def dig(
    source: str,
    site: Path | str,
    *,
    dataset: str | None = None,
    split: str | None = None,
    limit: int | None = None,
    images: str | None = None,
    encoder: str | None = None,
    only: str | None = None,
    again: bool = False,
    drop_attributes: bool = False,
    options: Mapping[str, str] | None = None,
    dossier: str | None = None,
    withdrawn: str | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
    note: Note = unheard,
) -> DigReport:
    """Dig one dataset into a site, from its source (or its dossier's name) to a layout.

    Each stage finds what an earlier run finished and goes on from there. `only` names one of
    STAGES; `again` reads the source even where it is in the catalog unchanged. `dossier` names
    the dossier that the dataset belongs to; `withdrawn` is the reason for digging a local copy
    of one that is no longer given out. Raises SourceError over the input, WithdrawnError where
    it is not dug, EncoderError where the encoder cannot be had: the catalog is kept then.
    """
    if only is not None and only not in STAGES:
        raise ExcavateError("no such stage", only, f"One of: {', '.join(STAGES)}")
    settings = settings or Settings.from_environment()
    if encoder is not None and encoder.partition(":")[0] not in WITH_WEIGHTS:
        open_encoder(encoder, settings)  # a slip in it is told before a long reading
    chosen = choose(source, settings.archives, dossier=dossier, withdrawn=withdrawn)
    for remark in chosen.remarks:
        note(remark)
    request = DigRequest(
        chosen.source, Path(site), dataset, split, images or chosen.images, limit, again,
        {**chosen.options, **(options or {})},
        dossier=chosen.dossier, withdrawn=chosen.withdrawn, suggested=chosen.dataset,
        drop_attributes=drop_attributes,
    )  # fmt: skip
    reads = only in (None, "catalogue")
    folder = SiteFolder(site).make() if reads else SiteFolder(site)
    with folder.lock():
        dug = catalogue_in(folder, request, settings, progress) if reads else None
        if only == "catalogue":
            return DigReport(Path(site), dug)
        stages = _Stages(folder, settings, progress, note)
        name = dug.dataset_id if dug else dataset or dataset_of(chosen.source, folder)
        try:
            spec = encoder or stages.usual_spec(name, newest=only in ("neighbours", "layout"))
            made = stages.run([name], spec, only or "layout", alone=only is not None)
        except (EncoderError, MissingPartError):
            if dug:
                note(f"{name}: {dug.items:,} items are in the catalog and stay there")
            raise
    return DigReport(Path(site), dug, *made)


def embed_again(
    site: Path | str,
    *,
    dataset: str | None = None,
    encoder: str | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
    note: Note = unheard,
) -> DigReport:
    """Embed a dataset that was dug (all of them if none is named), and find its neighbours."""
    folder = SiteFolder(site)
    settings = settings or Settings.from_environment()
    stages = _Stages(folder, settings, progress, note)
    vectors: list[Computed] = []
    neighbours: list[Computed] = []
    with folder.lock():
        for name in [dataset] if dataset else datasets_of(folder):
            spec = encoder or stages.usual_spec(name)
            more, found, _ = stages.run([name], spec, "neighbours")
            vectors += more
            neighbours += found
    return DigReport(Path(site), None, vectors, neighbours)


def lay_out_again(
    site: Path | str,
    *,
    datasets: Sequence[str] = (),
    encoder: str | None = None,
    parameters: Parameters | None = None,
    fresh: bool = False,
    settings: Settings | None = None,
    progress: Progress = silent,
    note: Note = unheard,
) -> DigReport:
    """Lay out one dataset, or several together, that were embedded; embeds what is lacking."""
    folder = SiteFolder(site)
    settings = settings or Settings.from_environment()
    with folder.lock():
        names = list(dict.fromkeys(datasets)) or datasets_of(folder)[-1:]
        stages = _Stages(folder, settings, progress, note)
        spec = encoder or stages.usual_spec(names[0], newest=True)
        made = stages.run(names, spec, "layout", parameters=parameters, fresh=fresh)
    return DigReport(Path(site), None, *made)


def datasets_of(folder: SiteFolder) -> list[str]:
    """The datasets of a site in the order they were dug. Raises NotFoundError without any."""
    with _connected(folder) as connection:
        return [name for name, _, _ in connection.execute(REVISIONS).fetchall()]


def dataset_of(source: str, folder: SiteFolder) -> str:
    """The dataset that was dug from this source. Raises NotFoundError where none was."""
    with _connected(folder) as connection:
        found = connection.execute(DUG_FROM, [source]).fetchone()
    if found is None:
        raise NotFoundError("not dug into this site yet", source, "Dig it without --only first")
    return str(found[0])


class _Stages:
    """The stages after the catalog, for one run. Under the site's lock."""

    def __init__(
        self, folder: SiteFolder, settings: Settings, progress: Progress, note: Note
    ) -> None:
        self.folder, self.settings = folder, settings
        self.progress, self.note = progress, note

    def run(
        self,
        datasets: Sequence[str],
        spec: str,
        last: str,
        *,
        alone: bool = False,
        parameters: Parameters | None = None,
        fresh: bool = False,
    ) -> tuple[list[Computed], list[Computed], Computed | None]:
        """Embed, then neighbours, then the layout, up to `last`; earlier ones are found again.

        `alone`: what comes before `last` must be there already (`--only`).
        """
        from excavate.embedding.layout import compute_layout
        from excavate.embedding.neighbours import compute_neighbours

        with _connected(self.folder) as connection:
            for name in datasets:
                _placed(connection, name)  # a wrong name is told before weights are looked for
        if alone and last != "embed":
            vectors = [self._found(name, spec) for name in datasets]
        else:
            encoder = open_encoder(spec, self.settings)
            vectors = [v for name in datasets if (v := self._embedded(name, encoder))]
        if last == "embed" or not vectors:
            return vectors, [], None
        neighbours = compute_neighbours(
            self.folder, vectors, progress=self.progress, device=self.settings.device
        )
        if last == "neighbours":
            return vectors, [neighbours], None
        layout = compute_layout(
            self.folder, vectors, neighbours, parameters, fresh, progress=self.progress
        )
        return vectors, [neighbours], layout

    def usual_spec(self, dataset: str, *, newest: bool = False) -> str:
        """The encoder for a dataset where none is named: its source's own, or the default.

        `newest`: the one it was last embedded with comes first.
        """
        from excavate.embedding.reading import vectors_of

        found = vectors_of(self.folder, dataset) if newest else []
        if found:
            return str(found[-1].result["spec"])
        with _connected(self.folder) as connection:
            source = connection.execute(SOURCE_OF, [dataset]).fetchone()
        return OWN_ENCODERS.get(source[0], DEFAULT_CLIP) if source else DEFAULT_CLIP

    def _found(self, dataset: str, spec: str) -> Computed:
        from excavate.embedding.reading import newest_vectors

        with _connected(self.folder) as connection:
            revision = _placed(connection, dataset)[0]
        return newest_vectors(self.folder, dataset, revision, spec)

    def _embedded(self, dataset: str, encoder: Encoder) -> Computed | None:
        from excavate.embedding.vectors import embed

        with _connected(self.folder) as connection:
            revision, root = _placed(connection, dataset)
            moved = dict(self.settings.roots).get(dataset)
            where = Path(moved) if moved else (self.folder.path / root) if root else None
            pictures = Pictures(connection, dataset, revision, where)
            if not len(pictures):
                self.note(f"{dataset}: no item has pixels, so there is nothing to embed")
                return None
            made = embed(self.folder, pictures, encoder, self.progress)
        if lossy := made.result["from_thumbnails"]:
            self.note(f"{dataset}: {lossy:,} originals are out of reach, embedded from thumbnails")
        return made


@contextmanager
def _connected(folder: SiteFolder) -> Iterator[Any]:
    file = folder.current()
    if file is None:
        raise NotFoundError("nothing has been dug here yet", folder.given, "Dig first")
    connection = connect(file, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def _placed(connection: Any, dataset: str) -> tuple[str, str | None]:
    found = {name: (rev, root) for name, rev, root in connection.execute(REVISIONS).fetchall()}
    if dataset not in found:
        there = ", ".join(found) or "none"
        raise NotFoundError("no such dataset in this site", dataset, f"There are: {there}")
    return found[dataset]
