"""Everything that an IIIF source reads before its first item: which Manifests there are, their
canvases under unique names, and sentences for what was left out.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from excavate.errors import FaultList, SourceError
from excavate.model import Attribute, Category
from excavate.sources.iiif_documents import (
    PAGES,
    Document,
    Documents,
    TooManyError,
    opened,
    reason,
)
from excavate.sources.iiif_manifests import READ, Canvas, Manifest, finish, read_manifest
from excavate.sources.iiif_words import facts, id_of, many, type_of
from excavate.sources.web_error import WebError

if TYPE_CHECKING:  # httpx is loaded where the web is asked
    from excavate.sources.web import Web

ASK = "--option fetch=yes asks the web for them"
MORE = "--option most=NUMBER reads more"
HELD = ("items", "members")
DOCUMENTS = 10  # of the web that are asked for in all, for each Manifest that may be read
NAMED = 10  # things that could not be had; the others are counted


class Asked(NamedTuple):
    """What a person asked for: the place, the web where it may be used, how many Manifests."""

    rest: str
    web: Callable[[], Web] | None
    most: int


@dataclass(slots=True)
class Index:
    """All that was read. `canvases`: (key, canvas), those that are no picture left out."""

    documents: Documents
    first: Document
    manifests: list[Manifest]
    canvases: list[tuple[str, Canvas]]
    categories: list[Category]
    left_out: list[str]


class _Walk:
    """Follows Collections to their Manifests, each document once."""

    def __init__(self, documents: Documents, asked: Asked, faults: FaultList) -> None:
        self._documents, self._asked, self._faults = documents, asked, faults
        self._seen: set[str] = set()
        self.manifests: list[Manifest] = []
        self.missing: Counter[str] = Counter()
        self.broken: list[str] = []

    def read(self, document: Document) -> None:
        """Read a Manifest, or all that a Collection names, in order."""
        above: list[Attribute] = []
        waiting = [iter([(document, above)])]  # a stack: Collections nest as deep as they like
        while waiting:
            found, above = next(waiting[-1], (None, above))
            if found is None:
                waiting.pop()
            elif found.name in self._seen:
                continue
            elif found.kind == "Manifest":
                self._seen.add(found.name)
                self._manifest(found, above)
            else:
                self._seen.add(found.name)
                waiting.append(self._held(found))

    def _manifest(self, document: Document, above: list[Attribute]) -> None:
        if len(self.manifests) < self._asked.most:
            self.manifests.append(read_manifest(document, above, self._faults))
        else:
            self.missing["over"] += 1

    def _held(self, document: Document) -> Iterator[tuple[Document, list[Attribute]]]:
        """The documents that a Collection names, each asked for when it is its turn."""
        said = [*facts(document.node, "collection.", READ, document.name)]
        for number, member in enumerate(_members(document)):
            if not isinstance(member, dict):
                self.missing["members"] += 1
            elif type_of(member) == "Collection" and any(n in member for n in HELD):
                yield Document(f"{document.name}#{number}", b"", member, document.on_web), said
            elif document.on_web and len(self.manifests) >= self._asked.most:
                self.missing["over"] += 1
            elif found := self.referred(id_of(member), document, ("Manifest", "Collection")):
                yield found, said

    def referred(self, key: str, by: Document, kinds: tuple[str, ...]) -> Document | None:
        """A document that another one names, or None with the reason noted."""
        try:
            found = self._documents.referred(key, by, kinds)
        except TooManyError:
            self.missing["beyond"] += 1
            return None
        except WebError as error:
            if error.temporary:
                raise
            self.broken.append(reason(error))
            return None
        except SourceError as error:
            self._faults.add(error.where, error.what)
            return None
        if found is None:
            self.missing[kinds[0]] += 1
        return found

    def pages(self, manifest: Manifest) -> None:
        """Read the pages of annotations that lie elsewhere, and those that follow them."""
        waiting = deque(manifest.pages)
        seen: set[str] = set()
        while waiting:
            key = waiting.popleft()
            if key in seen:
                continue
            seen.add(key)
            page = self.referred(key, manifest.document, PAGES)
            if page:
                manifest.annotations.add(many(page.node.get("items", page.node.get("resources"))))
                waiting += [following for one in many(page.node.get("next"))
                            if (following := id_of(one)) not in seen]  # fmt: skip


def read_all(asked: Asked) -> Index:
    """Read everything that is named. Raises one SourceError with all faults."""
    documents, roots, others = opened(asked.rest, asked.web, asked.most * DOCUMENTS)
    faults = FaultList()
    walk = _Walk(documents, asked, faults)
    for document in roots:
        walk.read(document)
    for manifest in walk.manifests:
        walk.pages(manifest)
        finish(manifest)
    _check_pictures(documents, walk.manifests, faults)
    faults.raise_if_any("faults in the manifests", asked.rest, "Correct these")
    left_out = list(_left_out(walk, others))
    canvases = list(_named(walk.manifests))
    if not canvases:
        what = "; ".join(("nothing visual in it", *left_out)) if left_out else "no canvases in it"
        raise SourceError(what, asked.rest)
    categories = _unique_ranges(walk.manifests)
    return Index(documents, roots[0], walk.manifests, canvases, categories, left_out)


def _members(document: Document) -> Iterator[Any]:
    for name in (*HELD, "collections", "manifests"):
        for one in many(document.node.get(name)):
            yield {"id": one} if isinstance(one, str) else one


def _check_pictures(documents: Documents, manifests: list[Manifest], faults: FaultList) -> None:
    for manifest in manifests:
        for canvas in manifest.canvases:
            if canvas.paintings.main:
                _, fault = documents.picture(canvas.paintings.main.address, manifest.document)
                if fault:
                    faults.add(f"{manifest.document.name}: canvas {canvas.canvas_id}", fault)


def _named(manifests: list[Manifest]) -> Iterator[tuple[str, Canvas]]:
    """Visual canvases by their key: the id, with its Manifest's name before it the second time."""
    seen: set[str] = set()
    for manifest in manifests:
        for canvas in manifest.canvases:
            if canvas.is_visual:
                taken = canvas.canvas_id in seen
                key = f"{manifest.document.name}#{canvas.canvas_id}" if taken else canvas.canvas_id
                seen.add(key)
                yield key, canvas


def _unique_ranges(manifests: list[Manifest]) -> list[Category]:
    """The ranges of all Manifests; an id that an earlier one has is given its Manifest's name."""
    seen: set[str] = set()
    found: list[Category] = []
    for manifest in manifests:
        name = manifest.document.name
        new = {c.category_id: f"{name}#{c.category_id}" for c in manifest.categories
               if c.category_id in seen}  # fmt: skip
        for category in manifest.categories:
            key = new.get(category.category_id, category.category_id)
            parents = tuple(new.get(parent, parent) for parent in category.parents)
            found.append(replace(category, category_id=key, parents=parents))
            seen.add(key)
        if new:
            _renamed(manifest, new)
    return found


def _renamed(manifest: Manifest, new: dict[str, str]) -> None:
    for canvas in manifest.canvases:
        canvas.labels = [
            replace(label, category_id=new.get(label.category_id or "", label.category_id))
            for label in canvas.labels
        ]
        canvas.rows = [(*row[:7], new.get(row[7] or "", row[7]), row[8]) for row in canvas.rows]


def _left_out(walk: _Walk, others: int) -> Iterator[str]:
    canvases = [canvas for manifest in walk.manifests for canvas in manifest.canvases]
    counted: Counter[str] = Counter()
    for canvas in canvases:
        held, visual = canvas.paintings, canvas.is_visual
        counted["canvases of video or sound without a picture"] += not visual
        counted["videos or sounds on canvases with pictures"] += held.heard if visual else 0
        counted["things painted that are no picture, text, video or sound"] += held.unknown
        counted["things painted that are only named"] += held.named
        beside = ("placeholderCanvas" in canvas.node) + ("accompanyingCanvas" in canvas.node)
        counted["placeholder and accompanying canvases"] += beside
        apart = visual and not held.main and bool(held.pictures)
        counted["wholes of canvases composed of pictures (each is a region)"] += apart
    for manifest in walk.manifests:
        counted.update(manifest.left_out)
        for why, count in manifest.annotations.left_out.items():
            counted[f"annotations {why}"] += count
    counted["files that are no Manifest or Collection"] += others
    for what, count in counted.items():
        if count:
            yield f"{what}: {count:,}, not read"
    yield from _not_had(walk)


def _not_had(walk: _Walk) -> Iterator[str]:
    for kind, what in (
        ("Manifest", "Manifests of a Collection"),
        (PAGES[0], "pages of annotations"),
    ):
        if count := walk.missing[kind]:
            yield f"{what} that are not beside the file: {count:,}, not read ({ASK})"
    if count := walk.missing["over"]:
        yield f"Manifests beyond the limit: {count:,}, not read ({MORE})"
    if count := walk.missing["beyond"]:
        yield f"other documents beyond the limit: {count:,}, not read ({MORE})"
    if count := walk.missing["members"]:
        yield f"members of Collections that are no objects: {count:,}, not read"
    yield from (f"{line}: not read" for line in walk.broken[:NAMED])
    if len(walk.broken) > NAMED:
        yield f"more documents that could not be had: {len(walk.broken) - NAMED:,}, not read"
