"""webdataset: samples of tar shards, whatever lies beside them, and where a tar breaks off."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.catalog.originals import Originals
from excavate.catalog.thumbnails import read_table
from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source, tar_members
from excavate.sources.tar_members import TarError, TarFile
from excavate.sources.webdataset_shards import expanded
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_webdataset import Named, odd, sample, shards, tar


def read(text: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text).batches(100))


def one(root: Path, members: list[Named | tarfile.TarInfo]) -> str:
    """A dataset of one shard."""
    put(root / "x.tar", tar(members))
    return f"webdataset:{root}/x.tar"


def refused(text: str, root: Path) -> str:
    """The error that a source string gives, the folder left out."""
    with pytest.raises(SourceError) as error:
        open_source(text).describe()
    return str(error.value).replace(str(root), "ROOT")


def test_keys_and_splits(tmp_path: Path) -> None:
    items = read(shards(tmp_path))["items"]
    assert [(i["split"], i["key"]) for i in items] == [
        ("train", "00/a"),
        ("train", "00/b"),
        ("train", "c"),
        ("train", "00/a@train-000001"),
        ("val", "c"),
    ]
    assert [i["path"] for i in items] == [
        "train-000000.tar",
        "train-000000.tar",
        "train-000001.tar.gz",
        "train-000001.tar.gz",
        None,
    ]
    assert [i["content"] is not None for i in items] == [False, False, True, True, False]
    assert open_source(shards(tmp_path)).describe().left_out == (
        "name without a field: 1, not read",
        "keys that come again in another shard: 1, called KEY@SHARD",
    )


def test_words_become_labels_and_attributes(tmp_path: Path) -> None:
    whole = read(shards(tmp_path))
    assert [(r["field"], r["value"]) for r in whole["labels"] if r["row"] == 0] == [
        ("cls", "0"),
        ("txt", "두 마리"),
        ("caption", "셋"),
        ("label", "3"),
    ]
    said = {r["name"]: r["value"] for r in whole["attributes"] if r["row"] == 0}
    assert said == {"license": "by", "size": "[0, 1]", "gone": None}
    assert [i["licence"] for i in whole["items"]] == ["by", None, "by", "by", None]


def test_originals_of_every_packing_are_those_that_were_dug(tmp_path: Path) -> None:
    members = [*sample("a", 3), *sample("b", 300), ("c.webp", b"no picture")]
    put(tmp_path / "1.tar", tar(members))
    put(tmp_path / "2.tar.gz", gzip.compress(tar(members)))
    with pa.CompressedOutputStream(str(tmp_path / "3.tar.zst"), "zstd") as out:
        out.write(tar(members))
    originals = Originals(tmp_path)
    for name in ("1.tar", "2.tar.gz", "3.tar.zst"):
        batch = next(iter(open_source(f"webdataset:{tmp_path}/{name}").batches(9)))
        readings = read_table(batch.items, str(tmp_path), 10**6).to_pylist()
        assert [r["pixels"] for r in readings] == ["read", "read", "fault"]
        places = batch.items.select(["path", "part"]).to_pylist()
        for place, reading in reversed(list(zip(places, readings, strict=True))):
            content = originals.read(**place)  # backwards: a packed one begins again
            assert hashlib.sha256(content).hexdigest() == reading["sha256"]
        assert originals.read(**places[1]) == png(302, 2)


def test_what_cannot_be_a_sample_is_told(tmp_path: Path) -> None:
    text = one(
        tmp_path,
        [
            ("a.jpg", png()),
            ("../b.jpg", png()),
            ("/c.jpg", png()),
            odd("d.jpg", tarfile.SYMTYPE, "/etc/passwd"),
            odd("e.jpg", tarfile.LNKTYPE, "a.jpg"),
            odd("f.jpg", tarfile.CHRTYPE),
            odd("g.jpg", tarfile.FIFOTYPE),
            ("dir.with.dots/h", b""),
            (".hidden", b""),
            ("i.npy", b"1"),
            ("a.jpg", png(9, 9)),
            ("j.txt", b"first"),
            ("a.txt", b"far from its picture"),
            ("j.seg.png", png()),
            ("j.png", png()),
        ],
    )
    whole = read(text)
    assert [i["key"] for i in whole["items"]] == ["a", "j"]
    assert [i["part"].split(":")[2] for i in whole["items"]] == ["a.jpg", "j.png"]
    assert [r["value"] for r in whole["labels"]] == ["far from its picture", "first"]
    assert open_source(text).describe().left_out == (
        "link: 2, not read",
        "member that does not lie with its sample (joined to it): 2",
        "name that leaves the folder: 2, not read",
        "name without a field: 2, not read",
        "device: 1, not read",
        "member .npy: 1, not read",
        "pipe: 1, not read",
        "sample without picture, label or text: 1, not read",
        "second member of one name: 1, not read",
        "more than one picture a sample: seg.png 1, not read",
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.tar"]


def test_json_that_is_no_object_stays_as_it_is(tmp_path: Path) -> None:
    lone = '{"a": "\\ud800"}'
    text = one(
        tmp_path,
        [
            ("a.json", b"[1, 2]"),
            ("b.json", b'{"a": '),
            ("c.json", lone.encode()),
            ("d.txt", b"\xff"),
            ("e.meta.json", b'{"label": true, "class": ["x"], "url": ""}'),
        ],
    )
    whole = read(text)
    assert [(r["name"], r["value"]) for r in whole["attributes"]] == [
        ("json", "[1, 2]"),
        ("json", '{"a": '),
        ("json", lone),
        ("txt (not UTF-8)", None),
        ("meta.label", "true"),
        ("meta.class", '["x"]'),
        ("meta.url", ""),
    ]
    assert not whole["labels"]


def test_a_tar_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    whole = tar([("a.txt", b"1"), ("b.txt", b"2" * 2000), ("c.txt", b"3")])
    put(tmp_path / "cut.tar", whole[:1900])
    put(tmp_path / "cut.tgz", gzip.compress(whole[:1900]))
    put(tmp_path / "hurt.tar", whole[:3584] + b"x" * 600)
    put(tmp_path / "open.tar", whole[: 1024 + 512 + 2048])
    assert [r["value"][0] for r in read(f"webdataset:{tmp_path}/*")["labels"]] == list("111212")
    assert open_source(f"webdataset:{tmp_path}/*").describe().left_out == (
        "cut.tar: ends early, at byte 1,900; 1 sample read before it",
        "cut.tgz: ends early, at byte 1,900; 1 sample read before it",
        "hurt.tar: no tar header at byte 3,584 (invalid header); 2 samples read before it",
        "open.tar: ends early, at byte 3,584; 2 samples read before it",
        "keys that come again in another shard: 4, called KEY@SHARD",
    )


def test_what_follows_the_end_of_a_tar_is_told(tmp_path: Path) -> None:
    one, other = tar([("a.txt", b"1")]), tar([("b.txt", b"2")])
    put(tmp_path / "a.tar", one + bytes(3 * 2**20) + other)
    put(tmp_path / "b.tgz", gzip.compress(one) + gzip.compress(other))
    put(tmp_path / "c.tar", one + bytes(3 * 2**20 + 1))
    said = open_source(f"webdataset:{tmp_path}/*").describe().left_out
    assert said[:2] == (
        "a.tar: something follows its end, at byte 3,155,968: not read; 1 sample read before it",
        "b.tgz: something follows its end, at byte 10,240: not read; 1 sample read before it",
    )
    assert len(said) == 3  # and keys that come again


@pytest.mark.parametrize("place", [0.5, 0.999])
def test_a_packed_shard_is_read_up_to_its_checksum(place: float, tmp_path: Path) -> None:
    words = [(f"{n:03}.txt", f"{n * n}".encode() * 90) for n in range(60)]
    packed = bytearray(gzip.compress(tar(words), 0))  # stored: a flipped bit flips a letter
    packed[int(len(packed) * place) - 4] ^= 4
    put(tmp_path / "x.tgz", bytes(packed))
    (said,) = open_source(f"webdataset:{tmp_path}/x.tgz").describe().left_out
    assert "x.tgz: cannot be unpacked (CRC check failed" in said or "no tar header" in said
    assert said.endswith(" read before it, which may be wrong")


@settings(max_examples=60, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1))
@pytest.mark.parametrize("ending", [".tar.gz", ".tar.zst"])
def test_no_damage_of_a_packed_shard_goes_untold(
    ending: str, flips: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Zstandard's own checksum is left out by who writes it here: then it need only not fail."""
    whole = tar([(f"{n}.txt", str(n**9).encode()) for n in range(40)])
    zstd = ending == ".tar.zst"
    hurt = bytearray(pa.compress(whole, "zstd", asbytes=True) if zstd else gzip.compress(whole))
    for at, bits in flips:
        hurt[at % len(hurt)] ^= bits
    file = put(tmp_path_factory.mktemp("hurt") / f"x{ending}", bytes(hurt))
    wanted = [str(n**9) for n in range(40)]
    try:
        source = open_source(f"webdataset:{file}")
        told = source.describe().left_out
        found = [r["value"] for r in joined(source.batches(100))["labels"]]
    except SourceError:
        return
    assert told or found == wanted or zstd


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
@pytest.mark.parametrize("order", ["jt", "tj", "far", "behind", "crossed"])
def test_members_in_any_order_are_read_in_one_pass(
    order: str, pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"{n:02}" for n in range(30)]
    pictures = [(f"{i}.png", png(1 + int(i), 2)) for i in ids]
    texts = [(f"{i}.txt", i.encode() * 400) for i in ids]
    pairs = list(zip(pictures, texts, strict=True))
    members = {
        "jt": [m for pair in pairs for m in pair],
        "tj": [m for pair in pairs for m in reversed(pair)],
        "far": pictures + texts,
        "behind": texts + pictures[::-1],
        "crossed": [m for n, pair in enumerate(pairs) for m in (texts[n - 1], pair[0])],
    }[order]
    name = "x.tar" if pack is bytes else "x.tar.gz"
    put(tmp_path / name, pack(tar(members)))
    opened: list[Path] = []
    plainly = tar_members._opened

    def counting(file: Path, packing: str | None) -> Any:
        opened.append(file)
        return plainly(file, packing)

    monkeypatch.setattr(tar_members, "_opened", counting)
    source = open_source(f"webdataset:{tmp_path}/{name}")
    for start in (0, 11):
        whole = joined(source.batches(100, start))
        keys = [i["key"] for i in whole["items"]]
        assert keys == (ids[::-1] if order == "behind" else ids)[start:]
        assert [r["value"] for r in whole["labels"]] == [key * 400 for key in keys]
        if pack is not bytes:
            assert [i["content"] for i in whole["items"]] == [
                dict(pictures)[f"{k}.png"] for k in keys
            ]
    assert len(opened) <= 5  # the walk, and at most two for each reading


def test_shards_that_are_links_as_in_the_cache_of_the_hub(tmp_path: Path) -> None:
    blobs, named = tmp_path / "blobs", tmp_path / "snapshots" / "rev"
    named.mkdir(parents=True)
    put(blobs / "0a1b", tar(sample("a", 1)))
    put(blobs / "2c3d", gzip.compress(tar(sample("b", 2))))
    (named / "train-0.tar").symlink_to("../../blobs/0a1b")
    (named / "test-0.tar.gz").symlink_to("../../blobs/2c3d")
    source = open_source(f"webdataset:{named}/*")
    description = source.describe()
    assert (description.dataset_id, description.root) == ("rev", str(blobs))
    whole = joined(source.batches(9))
    assert [(i["split"], i["path"]) for i in whole["items"]] == [
        ("train", "0a1b"),
        ("test", "2c3d"),
    ]
    assert {r["source"] for r in whole["attributes"]} == {"train-0.tar", "test-0.tar.gz"}
    originals = Originals(blobs)
    contents = [originals.read(i["path"], i["part"]) for i in whole["items"]]
    assert contents == [png(3, 2), png(4, 2)]
    one = open_source(f"webdataset:{named}/test-0.tar.gz")
    item = next(iter(one.batches(9))).items.to_pylist()[0]
    assert (one.describe().dataset_id, item["path"]) == ("test-0", "2c3d")


def test_shards_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    put(tmp_path / "a.tar", b"no tar at all" * 50)
    put(tmp_path / "b.tar.gz", b"no gzip")
    put(tmp_path / "c.tar.zst", b"no zstd")
    put(tmp_path / "d.tar", tar([("a.txt", b"1")]))
    said = refused(f"webdataset:{tmp_path}/*", tmp_path).split("\n")
    assert said[:3] == [
        "ROOT/*: shards that cannot be read (3). Mend or leave these out",
        "  a.tar: no tar header at byte 0 (invalid header)",
        "  b.tar.gz: cannot be unpacked (Not a gzipped file (b'no'))",
    ]
    assert said[3].startswith("  c.tar.zst: cannot be unpacked (")


def test_patterns_that_name_nothing(tmp_path: Path) -> None:
    put(tmp_path / "a-0.tar", tar([("a.npy", b"1")]))
    wanted = "Check the path, put it in quotation marks; shards end in .tar .tar.gz .tgz .tar.zst"
    assert refused(f"webdataset:{tmp_path}/a-{{0..5}}.tar", tmp_path) == (
        "ROOT/a-{0..5}.tar: no tar matches ROOT/a-1.tar, ROOT/a-2.tar, ROOT/a-3.tar and 2 more. "
        + wanted
    )
    assert refused(f"webdataset:{tmp_path}/a-0.tar", tmp_path) == (
        "ROOT/a-0.tar: no samples in the shards; member .npy: 1, not read; "
        "sample without picture, label or text: 1, not read. "
        "A sample is a picture, cls, txt or json: 0001.jpg, 0001.json"
    )
    for text in ("https://example.org/{0..3}.tar", "pipe:curl x"):
        with pytest.raises(SourceError, match="shards are read from files here"):
            open_source(f"webdataset:{text}")
    with pytest.raises(SourceError, match="more than 100,000 shards"):
        open_source("webdataset:{0..9999999999}.tar")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a", ["a"]),
        ("{08..11}", ["08", "09", "10", "11"]),
        ("{a,b}-{0..1}", ["a-0", "a-1", "b-0", "b-1"]),
        ("{a,{0..1}}", ["a", "0", "1"]),
        ("{2..1}x", ["1x", "2x"]),
        ("{10..08}", ["10", "09", "08"]),
    ],
)
def test_braces(pattern: str, names: list[str]) -> None:
    assert sorted(set(expanded(pattern))) == sorted(names)


NAMES = st.text("ab./é", min_size=1, max_size=150)


@settings(max_examples=60, deadline=None)
@given(
    members=st.lists(st.tuples(NAMES, st.binary(max_size=1100)), max_size=6),
    form=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
)
def test_the_walk_sees_what_tarfile_sees(
    members: list[Named], form: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = tar(members, form)
    file = put(tmp_path_factory.mktemp("tar") / "x.tar", content)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        wanted = [(m.name.rstrip("/"), m.offset_data, m.size) for m in archive if m.isfile()]
    opened = TarFile(file)
    found = [m for m in opened.members() if m.kind == "file"]
    assert [(m.name.rstrip("/"), m.offset, m.size) for m in found] == wanted
    assert [opened.content(m.offset, m.size) for m in found] == [
        content[offset : offset + size] for _, offset, size in wanted
    ]


def test_a_member_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("a.jpg")
    entry.size = 2**30
    file = put(tmp_path / "x.tar", entry.tobuf() + bytes(600) + tar([]))
    with pytest.raises(TarError, match="ends early"):
        list(TarFile(file).members())
    with pytest.raises(TarError, match="1,073,741,824 bytes, more than the 536,870,912 allowed"):
        TarFile(file).content(512, 2**30)


def test_a_split_alone(tmp_path: Path) -> None:
    source = open_source(shards(tmp_path), SourceOptions(split="val"))
    assert [i["key"] for i in joined(source.batches(9))["items"]] == ["c"]


@pytest.mark.shared_data
def test_the_pictures_of_a_real_tar(shared: Path) -> None:
    folder = shared / "croissant" / "datasets" / "1.0" / "pass-mini" / "data"
    whole = read(f"webdataset:{folder}/PASS.{{0..1}}.tar")
    with tarfile.open(folder / "PASS.0.tar") as first, tarfile.open(folder / "PASS.1.tar") as other:
        wanted = [m.name for archive in (first, other) for m in archive if m.isfile()]
    assert sorted(i["key"] for i in whole["items"]) == sorted(n.rpartition(".")[0] for n in wanted)
    assert all(
        Originals(folder).read(i["path"], i["part"])[:2] == b"\xff\xd8" for i in whole["items"]
    )
