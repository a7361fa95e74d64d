"""croissant: what is read of the files it describes, what is refused, and every example."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from excavate.catalog.originals import Originals
from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import croissant_document, open_source
from excavate.sources.croissant_document import Field, Origin
from excavate.sources.croissant_regions import box_of
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_croissant import (
    BOXES,
    CONTEXT,
    annotated,
    annotated_parts,
    cells_of_parquet,
    described,
    folder_of_pictures,
    from_set,
    held,
    matching,
    one_field,
    record_set,
    two_tars,
    written,
)

CONTENT = one_field("images/content", "sc:ImageObject", **from_set("png", "content"))


def read(text: str, **given: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text, SourceOptions(given=given)).batches(100))


def refused(text: str, root: Path, **given: str) -> str:
    """The error that a source gives, the folder left out."""
    with pytest.raises(SourceError) as error:
        open_source(text, SourceOptions(given=given)).describe()
    return str(error.value).replace(str(root), "ROOT")


def pictures(text: str) -> list[bytes]:
    """The bytes of every item, read as the catalog reads them."""
    source = open_source(text)
    originals = Originals(Path(source.describe().root or ""))
    items = joined(source.batches(9))["items"]
    return [originals.read(item["path"], item["part"]) for item in items]


def test_what_is_said_of_the_dataset(tmp_path: Path) -> None:
    about = open_source(annotated(tmp_path)).describe()
    assert (about.dataset_id, about.title, about.count) == ("small-things", "Small Things", 3)
    assert (about.licence, about.citation) == ("https://x.example/by", "Kim 2026")
    assert (about.source_revision, about.homepage) == ("1.2.0", "https://x.example/small")
    assert about.key_rule == "the field images/name"
    assert about.left_out == ("records of boxes that name no picture: 1, not read",)


def test_items_keys_and_splits(tmp_path: Path) -> None:
    items = read(annotated(tmp_path))["items"]
    assert [(item["split"], item["key"], item["part"]) for item in items] == [
        ("train", "a", "train/a.png"),
        ("train", "c", "train/c.png"),
        ("test", "b", "test/b.png"),
    ]
    assert [item["creator"] for item in items] == ["Kim", None, "Lee"]
    assert pictures(annotated(tmp_path)) == [png()] * 3


def test_a_table_is_joined_by_the_field_that_refers_to_it(tmp_path: Path) -> None:
    ages = [a["value"] for a in read(annotated(tmp_path))["attributes"] if a["name"] == "age"]
    assert ages == ["007", None, None]  # c is in no table, b's cell is empty


def test_boxes_are_regions(tmp_path: Path) -> None:
    regions = read(annotated(tmp_path))["regions"]
    assert [(r["row"], r["kind"], r["x"], r["width"]) for r in regions] == [
        (0, "box", 0, 2), (0, "box", None, None), (2, "box", 0.5, 1),
    ]  # fmt: skip
    assert [(r["value"], r["category_id"]) for r in regions] == [
        ("cat", "kinds/7"), (None, None), ("개", "kinds/9"),
    ]  # fmt: skip
    assert json.loads(regions[0]["extra"]) == {"note": "첫"}
    assert json.loads(regions[1]["extra"]) == {"note": "x", "kind": None, "bbox": "off"}


def test_texts_are_labels(tmp_path: Path) -> None:
    labels = [(a["row"], a["field"], a["value"]) for a in read(annotated(tmp_path))["labels"]]
    assert labels == [(2, "text", "둘"), (2, "text", "two")]


def test_categories(tmp_path: Path) -> None:
    found = [
        (c.category_id, c.name, c.extra) for c in open_source(annotated(tmp_path)).categories()
    ]
    assert found == [("kinds/7", "cat", {"id": 7}), ("kinds/9", "개", {"id": 9})]


def test_pictures_in_a_folder(tmp_path: Path) -> None:
    text = folder_of_pictures(tmp_path)
    items = read(text)["items"]
    assert [(i["key"], i["path"], i["part"]) for i in items] == [
        ("pictures/1.png", "pictures/1.png", None),
        ("pictures/sub/2.png", "pictures/sub/2.png", None),
    ]


def test_pictures_in_tars_of_equal_names(tmp_path: Path) -> None:
    text = two_tars(tmp_path)
    assert [item["key"] for item in read(text)["items"]] == [
        "a.tar/x/1.png", "a.tar/x/2.png", "b.tar.gz/x/1.png", "b.tar.gz/x/2.png",
    ]  # fmt: skip
    assert pictures(text) == [png()] * 4


def test_pictures_in_cells(tmp_path: Path) -> None:
    text = cells_of_parquet(tmp_path)
    whole = read(text)
    assert pictures(text) == [png(2), png(3), png(4)]
    assert [(a["field"], a["value"], a["category_id"]) for a in whole["labels"]] == [
        ("label", "yes", "names/1"), ("label", "no", "names/0"), ("label", "yes", "names/1"),
    ]  # fmt: skip


def test_mlcroissant_reads_the_same_boxes(tmp_path: Path) -> None:
    """An oracle that is not ours, in a process and a cache of its own."""
    good = [box | {"kind": 7, "note": "x"} for box in BOXES if box["bbox"] != "off"]
    annotated(tmp_path / "d")
    put(tmp_path / "d" / "boxes.json", json.dumps({"annotations": good}))
    files, sets = annotated_parts(tmp_path / "e")
    put(tmp_path / "e" / "boxes.json", json.dumps({"annotations": good}))
    files[3] = held(tmp_path / "e", "boxes-file", "boxes.json", "application/json")
    text = written(tmp_path / "e", described(files, sets))
    code = (
        "import json, sys, mlcroissant as m\n"
        "rows = m.Dataset(jsonld=sys.argv[1]).records('boxes')\n"
        "print(json.dumps([list(row['boxes/bbox']) for row in rows]))"
    )
    env = os.environ | {"CROISSANT_CACHE": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", code, text.partition(":")[2]]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    theirs = json.loads(done.stdout.splitlines()[-1])
    ours = [[r[n] for n in ("x", "y", "width", "height")] for r in read(text)["regions"]]
    assert sorted(ours) == sorted(box for box, said in zip(theirs, good, strict=True)
                                  if said["picture"] != "gone")  # fmt: skip
    assert len(ours) == 2


@pytest.mark.parametrize(
    ("form", "value", "box"),
    [
        (None, [1, 2, 3, 4], (1, 2, 3, 4)),
        (None, "1 2 3 4", (1, 2, 3, 4)),
        (None, "1, 2, 3, 4", (1, 2, 3, 4)),
        ("XYXY", [1, 2, 3, 5], (1, 2, 2, 3)),
        ("CENTER_XYWH", [5, 5, 4, 2], (3, 4, 4, 2)),
        ("YXYX", [1, 2, 3, 5], None),
        (None, [1, 2, 3], None),
        (None, [1, 2, 3, float("nan")], None),
        (None, None, None),
    ],
)
def test_orders_of_a_box(form: str | None, value: Any, box: Any) -> None:
    one = Field("b", "b", frozenset(("BoundingBox",)), Origin("f", form=form), None)
    assert box_of(one, value) == box


def test_nothing_is_written_and_nothing_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tar that wants to write outside is read as it lies; no host is looked up."""

    def no_network(*given: object, **more: object) -> None:
        raise AssertionError(f"asked for {given}")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    text = two_tars(tmp_path / "in" / "deep", ["../../evil.png", "/evil-croissant.png"])
    before = sorted(path for path in tmp_path.rglob("*"))
    assert len(pictures(text)) == 4
    assert sorted(path for path in tmp_path.rglob("*")) == before
    assert not Path("/evil-croissant.png").exists()


@pytest.mark.parametrize("context", ["https://schema.org/", ["https://schema.org/", {}]])
def test_a_context_that_would_be_fetched_is_refused(context: Any, tmp_path: Path) -> None:
    text = written(tmp_path, described([], []) | {"@context": context})
    assert refused(text, tmp_path) == (
        "ROOT/metadata.json: contexts that lie elsewhere (1). Write the context into the file\n"
        f"  @context: {context} would have to be fetched"
    )


def test_nor_is_one_imported(tmp_path: Path) -> None:
    document = described([], [record_set("r", **{"@context": {"@import": "https://a.example"}})])
    said = refused(written(tmp_path, document), tmp_path)
    assert said.endswith("\n  recordSet[0].@context: its @import would have to be fetched")


@pytest.fixture
def listening() -> Iterator[tuple[str, list[object]]]:
    """An address of this machine, and who connected to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    line, who = door.accept()
                    came.append(who)
                    line.sendall(b'HTTP/1.0 200 OK\r\n\r\n{"@context": {}}')
                    line.close()

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/x", came
        door.shutdown(socket.SHUT_RDWR)


def nested_contexts(address: str) -> list[tuple[Any, str]]:
    """Contexts that name another one deep inside, and where."""
    name = {"@id": "sc:name", "@context": address}
    return [
        (CONTEXT | {"name": name}, "@context.name.@context"),
        (CONTEXT | {"sc:Dataset": {"@id": "sc:Dataset", "@context": [{"a": name}]}},
         "@context.sc:Dataset.@context[0].a.@context"),
        (CONTEXT | {"name": name | {"@context": {"@import": address}}}, "@context.name.@context"),
        ([CONTEXT, [address]], "@context[1]"),
        ([CONTEXT, {"name": name}], "@context[1].name.@context"),
    ]  # fmt: skip


def test_no_context_deep_inside_is_fetched(
    tmp_path: Path, listening: tuple[str, list[object]]
) -> None:
    address, came = listening
    for elsewhere in (address, "/etc/hostname"):
        for context, place in nested_contexts(elsewhere):
            text = written(tmp_path, described([], []) | {"@context": context})
            head, fault = refused(text, tmp_path).splitlines()
            assert head.endswith("contexts that lie elsewhere (1). Write the context into the file")
            assert fault.startswith(f"  {place}: ")
            assert fault.endswith(" would have to be fetched")
    assert came == []


def test_nor_is_one_that_the_check_overlooks(
    tmp_path: Path, listening: tuple[str, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second wall alone: the first is taken away."""
    address, came = listening
    monkeypatch.setattr(croissant_document, "_refuse_fetching", lambda document, where: None)
    context = nested_contexts(address)[0][0]
    text = written(tmp_path, described([], []) | {"@context": context})
    assert refused(text, tmp_path) == (
        f"ROOT/metadata.json: mlcroissant cannot read it ({address} would have to be fetched). "
        "Correct the file"
    )
    assert came == []


def test_faults_of_the_document_are_all_told(tmp_path: Path) -> None:
    fields = [one_field(f"r/{name}", "sc:Text") for name in "ab"]
    text = written(tmp_path, described([], [record_set("r", *fields)]))
    why = "does not define `source` or `value`. Please specify exactly one of them."
    assert refused(text, tmp_path) == (
        "ROOT/metadata.json: faults in the Croissant file (2). Correct the file\n"
        f"  Metadata(Small Things) > RecordSet(r) > Field(r/a): Field r/a {why}\n"
        f"  Metadata(Small Things) > RecordSet(r) > Field(r/b): Field r/b {why}"
    )


NOTHING = "nothing visual in it: no record set has a field of type sc:ImageObject"
BRACE = "not JSON at line 1, column 2 (Expecting property name enclosed in double quotes)"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", f"{BRACE}. Correct the file"),
        ("[]", "no Croissant: it has no @context. Give a Croissant metadata.json"),
        (described([], []), NOTHING),
    ],
)
def test_no_croissant_or_no_pictures(content: Any, why: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path, content), tmp_path) == f"ROOT/metadata.json: {why}"


def test_files_that_cannot_be_used_are_all_told(tmp_path: Path) -> None:
    files, sets = annotated_parts(tmp_path)
    put(tmp_path / "of.csv", "name\na\n")
    put(tmp_path / "boxes.json", "{")
    files[3] = held(tmp_path, "boxes-file", "boxes.json", "application/json")
    files[4]["contentUrl"] = "gone.jsonl"
    assert refused(written(tmp_path, described(files, sets)), tmp_path) == (
        "ROOT/metadata.json: files that cannot be used (5). Correct these\n"
        "  of: of.csv is not the file described (another sha256)\n"
        "  images/age: of.csv has no column 'age'\n"
        "  images/creator: of.csv has no column 'creator'\n"
        "  boxes.json: cannot be read (Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1))\n"
        "  captions-file: no file gone.jsonl"
    )


def test_values_that_do_not_match_the_records_are_told(tmp_path: Path) -> None:
    files, sets = annotated_parts(tmp_path)
    sets[2]["field"][1]["source"]["extract"]["jsonPath"] = "$.annotations[0].bbox"
    assert refused(written(tmp_path, described(files, sets)), tmp_path) == (
        "ROOT/metadata.json: files that cannot be used (1). Correct these\n"
        "  boxes/bbox: $.annotations[0].bbox does not step through the same records as "
        "$.annotations[*].picture"
    )


def test_a_name_that_a_pattern_does_not_match_has_no_value(tmp_path: Path) -> None:
    files, sets = annotated_parts(tmp_path)
    sets[1]["field"][2]["source"]["transform"] = {"regex": "^(train)/"}
    items = read(written(tmp_path, described(files, sets)))["items"]
    assert [(item["split"], item["key"]) for item in items] == [
        ("train", "a"), ("train", "c"), ("all", "b"),
    ]  # fmt: skip


def test_pictures_that_lie_elsewhere(tmp_path: Path) -> None:
    address = "https://huggingface.co/datasets/some/thing/tree/refs%2Fconvert%2Fparquet"
    files = [held(tmp_path, "repo", address, "git+https"), matching("png", "*.png", "repo")]
    text = written(tmp_path, described(files, [record_set("images", CONTENT)]))
    assert refused(text, tmp_path) == (
        f"ROOT/metadata.json: its pictures lie elsewhere, at {address}. "
        "Put its files beside the Croissant file, or dig hf:some/thing"
    )


def test_a_file_of_the_web_that_lies_beside_is_read(tmp_path: Path) -> None:
    files, sets = annotated_parts(tmp_path)
    files[0]["contentUrl"] = "https://x.example/deep/pictures.zip?download=1"
    assert len(read(written(tmp_path, described(files, sets)))["items"]) == 3


@pytest.mark.parametrize("address", ["../pictures.zip", "/etc/passwd"])
def test_no_file_outside_of_the_folder(address: str, tmp_path: Path) -> None:
    files, sets = annotated_parts(tmp_path / "in")
    (tmp_path / "in" / "pictures.zip").rename(tmp_path / "pictures.zip")
    files[0]["contentUrl"] = address
    said = refused(written(tmp_path / "in", described(files, sets)), tmp_path)
    assert f"zip: {address!r} leaves the folder" in said


def test_another_record_set_can_be_asked_for(tmp_path: Path) -> None:
    for name in ("1.png", "mask/2.png"):
        put(tmp_path / name, png())
    masks = one_field("masks/content", "sc:ImageObject", **from_set("mask", "content"))
    files = [matching("png", "1.png"), matching("mask", "mask/*.png")]
    sets = [record_set("images", CONTENT), record_set("masks", masks)]
    text = written(tmp_path, described(files, sets))
    assert [item["key"] for item in read(text)["items"]] == ["1.png"]
    assert open_source(text).describe().left_out == (
        "record set masks holds pictures too (--option records=masks reads it): not read",
    )
    assert [item["key"] for item in read(text, records="masks")["items"]] == ["mask/2.png"]
    assert refused(text, tmp_path, records="x") == (
        "ROOT/metadata.json: no record set 'x' that holds pictures. There are: images, masks"
    )


def test_names_and_cells_that_are_no_unicode_are_told(tmp_path: Path) -> None:
    text = two_tars(tmp_path / "a", ["x\udcff.png"])
    said = "  a.tar: a member's name is no Unicode ('x\\udcff.png')"
    assert said in refused(text, tmp_path).splitlines()
    files, sets = annotated_parts(tmp_path / "b")
    put(tmp_path / "b" / "captions.jsonl", '{"of": "a", "text": "\\ud800"}')
    files[4] = held(tmp_path / "b", "captions-file", "captions.jsonl", "application/jsonlines")
    why = "captions.jsonl: cannot be read (text that is no Unicode (half of a surrogate pair))"
    assert why in refused(written(tmp_path / "b", described(files, sets)), tmp_path)


def test_a_damaged_tar_is_told(tmp_path: Path) -> None:
    text = two_tars(tmp_path)
    put(tmp_path / "a.tar", (tmp_path / "a.tar").read_bytes()[:700])
    document = json.loads((tmp_path / "metadata.json").read_text())
    document["distribution"][0] = held(tmp_path, "a.tar", "a.tar", "application/x-tar")
    assert not tarfile.is_tarfile(tmp_path / "metadata.json")
    said = refused(written(tmp_path, document), tmp_path)
    assert "\n  a.tar: cannot be read (ends early" in said
    assert text


def test_the_fingerprint_sees_every_file(tmp_path: Path) -> None:
    text = annotated(tmp_path)
    before = open_source(text).describe().fingerprint
    os.utime(tmp_path / "pictures.zip", (1, 1))
    assert open_source(text).describe().fingerprint != before


@pytest.mark.shared_data
def test_every_example_is_read_or_said_to_be_not_visual_or_elsewhere(shared: Path) -> None:
    counted: Counter[str] = Counter()
    for file in sorted((shared / "croissant" / "datasets" / "1.0").glob("*/*.json")):
        name = file.parent.name if file.stem == "metadata" else file.stem
        try:
            counted[name] = len(read(f"croissant:{file}")["items"])
        except SourceError as error:
            counted[error.what.partition(":")[0].partition(",")[0]] += 1
    assert counted == {
        "coco2014-mini": 2, "pass-mini": 8, "compressed_archive": 4, "read_from_tar": 4,
        "nothing visual in it": 33, "its pictures lie elsewhere": 6,
    }  # fmt: skip


@pytest.mark.shared_data
def test_pass_mini_says_what_its_table_says(shared: Path) -> None:
    folder = shared / "croissant" / "datasets" / "1.0" / "pass-mini"
    lines = (folder / "data" / "pass_metadata.csv").read_text().splitlines()[1:]
    wanted = {line.split(",")[4]: line.split(",")[1] for line in lines}
    whole = read(f"croissant:{folder}/metadata.json")
    names = [a["value"] for a in whole["attributes"] if a["name"] == "creator_uname"]
    assert names == [wanted[item["key"]] for item in whole["items"]]
    assert all(
        content[:2] == b"\xff\xd8" for content in pictures(f"croissant:{folder}/metadata.json")
    )
