"""A zip read as the folder it holds: the same items, hostile names, nothing written."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from excavate.catalog.originals import Originals
from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from tests.sources.contract import joined
from tests.sources.fixtures import class_folder, class_zip, png


def read(text: str) -> dict:
    return joined(open_source(text).batches(10))


def zip_of(file: Path, members: dict[str, bytes]) -> str:
    with zipfile.ZipFile(file, "w") as out:
        for name, content in members.items():
            out.writestr(name, content)
    return f"folder:{file}"


def test_a_zip_says_what_its_folder_says(tmp_path: Path) -> None:
    unpacked, packed = class_folder(tmp_path / "a"), class_zip(tmp_path / "b")
    of_folder, of_zip = read(unpacked), read(packed)
    keys = [item["key"] for item in of_folder["items"]]
    assert [item["key"] for item in of_zip["items"]] == keys
    for part in ("labels", "attributes"):
        assert of_zip[part] == of_folder[part]
    folders = [c.category_id for c in open_source(unpacked).categories()]
    assert [c.category_id for c in open_source(packed).categories()] == folders
    assert open_source(packed).describe().left_out == open_source(unpacked).describe().left_out


def test_each_member_can_be_read_again(tmp_path: Path) -> None:
    text = class_zip(tmp_path)
    originals = Originals(tmp_path)
    for item in read(text)["items"]:
        assert originals.read(item["path"], item["part"]) == png()


def test_names_that_leave_the_zip_or_come_twice_are_told_together(tmp_path: Path) -> None:
    file = tmp_path / "bad.zip"
    zip_of(file, {"../up.png": png(), "/root.png": png(), "a/x.png": png(), "a/y.png": png()})
    file.write_bytes(file.read_bytes().replace(b"a/y.png", b"a/x.png"))
    with pytest.raises(SourceError) as refused:
        open_source(f"folder:{file}").describe()
    assert str(refused.value) == (
        f"{file}: the folder cannot be dug (3). Correct these\n"
        "  a/x.png: 2 members have this name\n"
        "  '../up.png': a name that leaves the zip\n"
        "  '/root.png': a name that leaves the zip"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


def test_a_link_in_a_zip_is_told_and_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as out:
        out.writestr("a/x.png", png())
        out.writestr(link, "/etc/passwd")
    source = open_source(f"folder:{tmp_path / 'l.zip'}")
    said = "1 thing neither file nor folder (link.png the first): not read"
    assert said in source.describe().left_out
    assert source.describe().count == 1


def test_korean_names_of_windows_are_read(tmp_path: Path) -> None:
    """Such a zip does not say that its names are cp949; Python takes them for DOS's."""
    name = "고양이/한 마리.png"
    plain = zip_of(tmp_path / "plain.zip", {"X" * len(name.encode("cp949")): png()})
    packed = (tmp_path / "plain.zip").read_bytes()
    packed = packed.replace(b"X" * len(name.encode("cp949")), name.encode("cp949"))
    (tmp_path / "plain.zip").write_bytes(packed)
    [item] = read(plain)["items"]
    assert item["key"] == "한 마리.png"
    assert Originals(tmp_path).read(item["path"], item["part"]) == png()


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip at all")
    with pytest.raises(SourceError) as refused:
        open_source(f"folder:{tmp_path / 'x.zip'}", SourceOptions())
    assert str(refused.value) == (
        f"{tmp_path / 'x.zip'}: not a zip that can be read (File is not a zip file)."
        " Fetch or write it again"
    )


def test_folders_written_the_way_of_windows_are_folders(tmp_path: Path) -> None:
    text = zip_of(tmp_path / "w.zip", {"cat/1.png": png(), "dog/2.png": png()})
    packed = (tmp_path / "w.zip").read_bytes()
    packed = packed.replace(b"cat/1", b"cat\\1").replace(b"dog/2", b"dog\\2")
    (tmp_path / "w.zip").write_bytes(packed)
    whole = read(text)
    assert [label["value"] for label in whole["labels"]] == ["cat", "dog"]
    assert [item["key"] for item in whole["items"]] == ["cat/1.png", "dog/2.png"]
    for item in whole["items"]:
        assert Originals(tmp_path).read(item["path"], item["part"]) == png()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        # the directory's entry: its flag of UTF-8 set over a name that is not; a newer version
        (b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x08", "utf-8"),
        (b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\x63\x00", "version"),
    ],
)
def test_zips_that_python_cannot_read_are_told(
    old: bytes, new: bytes, why: str, tmp_path: Path
) -> None:
    zip_of(tmp_path / "z.zip", {"a\x7fb.png": png()})
    packed = (tmp_path / "z.zip").read_bytes()
    assert old in packed
    (tmp_path / "z.zip").write_bytes(packed.replace(old, new).replace(b"\x7f", b"\xff"))
    with pytest.raises(SourceError, match=f"not a zip that can be read .*{why}"):
        open_source(f"folder:{tmp_path / 'z.zip'}")


@pytest.mark.shared_data
def test_omniglot(shared: Path) -> None:
    [file] = (shared / "omniglot").glob("*.zip")
    source = open_source(f"folder:{file}")
    assert source.describe().count == 136 * 20
    characters = {c.category_id for c in source.categories() if "/" in c.category_id}
    assert len(characters) == 136
