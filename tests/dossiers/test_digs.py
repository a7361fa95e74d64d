"""`excavate dig` and the dossiers: by name, by number, and not what was withdrawn."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import excavate
from excavate.dossiers.digs import Chosen, choose, same_place
from excavate.errors import ExcavateError, NotFoundError, SiteError, WithdrawnError
from excavate.printing import print_site, site_record
from excavate.settings import Settings
from tests.conftest import PROJECT
from tests.dossiers.written import withdrawn, written
from tests.made import class_folder

TWO_WAYS = """
[[dig]]
source = "hf:lab/two@main"
note.en = "The whole of it."
[[dig]]
source = "digits"
dataset = "second"
"""
REFUSED = (
    'gone: withdrawn (2020-06-29), so it is not dug. Seven hundred pictures. (A letter of its '
    "maker, unverified). Its dossier: excavate dossier gone. A copy that you hold: "
    'excavate dig folder:PATH --dossier gone --withdrawn "why"'
)  # fmt: skip


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    folder = tmp_path / "archives"
    folder.mkdir()
    written(folder, "two", top=TWO_WAYS)
    written(folder, "none")
    withdrawn(folder)
    withdrawn(folder, "shut", "enclosed")
    (folder / "cut.toml").write_text("id =\n")
    return folder


def test_a_name_digs_the_first_source_of_its_dossier(archives: Path) -> None:
    assert choose("two", archives) == Chosen(
        "hf:lab/two@main", "two",
        remarks=(
            "two: dug from hf:lab/two@main",
            "two: its sources are two#1 (hf:lab/two@main), two#2 (digits)",
            "two: The whole of it.",
        ),
    )  # fmt: skip
    assert choose("two#2", archives).source == "digits"
    assert choose("two#2", archives).dataset == "second"


def test_a_source_on_the_web_belongs_to_the_dossier_that_names_it(archives: Path) -> None:
    assert choose("hf:Lab/two@v2", archives) == Chosen("hf:Lab/two@v2", "two")
    assert choose("hf:lab/two", archives, dossier="none").dossier == "none"
    written(archives, "again", top='[[dig]]\nsource = "hf:lab/gone"')
    with pytest.raises(WithdrawnError):
        choose("hf:lab/gone", archives)


def test_a_source_string_is_dug_as_it_is(archives: Path) -> None:
    assert choose("digits", archives) == Chosen("digits")
    assert choose("hf:lab/other", archives) == Chosen("hf:lab/other")
    assert choose("folder:x", archives, dossier="two") == Chosen("folder:x", "two")
    assert choose("folder:x", archives / "nowhere") == Chosen("folder:x")
    assert choose("hf:lab/gone", archives / "nowhere") == Chosen("hf:lab/gone")


@pytest.mark.parametrize(
    "asked",
    ["gone", "gone#1", "hf:lab/gone", "hf:Lab/Gone@main#small", "hf:lab/gone/"],
)
def test_what_was_withdrawn_is_not_dug_by_either_name(archives: Path, asked: str) -> None:
    with pytest.raises(WithdrawnError) as told:
        choose(asked, archives)
    assert str(told.value) == REFUSED
    assert told.value.dossier == "gone"


def test_a_reason_opens_a_local_copy_only(archives: Path) -> None:
    chosen = choose("folder:x", archives, dossier="gone", withdrawn="to see it")
    assert chosen == Chosen("folder:x", "gone", withdrawn="to see it")
    for asked, dossier in (("folder:x", "gone"), ("folder:x", "shut")):
        with pytest.raises(WithdrawnError):
            choose(asked, archives, dossier=dossier)
    for asked, dossier in (("gone", None), ("hf:other/copy", "gone"), ("hf:lab/gone", "gone")):
        with pytest.raises(WithdrawnError):
            choose(asked, archives, dossier=dossier, withdrawn="to see it")


@pytest.mark.parametrize(
    ("asked", "more", "said"),
    [
        ("two#3", {}, "two: its dossier has no source #3. "
                      "Write two#1 (hf:lab/two@main), two#2 (digits)"),
        ("two#0", {}, "two: its dossier has no source #0. "),
        ("none", {}, "none: its dossier knows of no source to dig it from. "
                     "Dig a copy of your own: excavate dig SOURCE --dossier none"),
        ("tow", {}, "; or a dossier. Near it: two"),
        ("zzz", {}, "; or a dossier. List them: excavate dossiers"),
        ("cut", {}, "cut: this dossier cannot be read (cut.toml:1:5: this is not TOML"),
        ("zzz:x", {"dossier": "tow"}, "tow: no such dossier. Near it: two"),
        ("folder:x", {"withdrawn": "so"}, "folder:x: --withdrawn is for a dataset that has a "
                                          "dossier. Say which with --dossier NAME"),
        ("folder:x", {"withdrawn": " ", "dossier": "gone"},
         "folder:x: no reason was given. Write in --withdrawn why a copy of it is dug"),
        ("folder:x", {"withdrawn": "so", "dossier": "two"},
         "two: its dossier does not call it withdrawn, lost or enclosed. Leave --withdrawn out"),
        ("two", {"dossier": "none"}, "two: this is a dossier itself, not a dataset of none. "
                                     "Leave --dossier out, or give a source string"),
        ("two", {"withdrawn": "so"}, "two: its dossier does not call it withdrawn"),
    ],
)  # fmt: skip
def test_what_cannot_be_dug_is_told(
    archives: Path, asked: str, more: dict[str, str], said: str
) -> None:
    with pytest.raises(ExcavateError) as told:
        choose(asked, archives, **more)
    assert said in str(told.value)


def test_hub_names_are_compared_without_revision_and_configuration() -> None:
    assert same_place("hf:Lab/Set@v1#c", "hf:lab/set")
    assert not same_place("hf:lab/set", "hf:lab/set2")
    assert not same_place("https://a.org/x#1", "https://a.org/x#2")


def recorded(site: Path) -> list[tuple[str, str, str | None, str | None]]:
    with duckdb.connect(str(max(site.glob("catalog-*.duckdb"))), read_only=True) as connection:
        return connection.execute(
            "SELECT dataset_id, source, dossier, withdrawn FROM dataset ORDER BY dataset_id"
        ).fetchall()


def test_the_catalog_keeps_the_dossier_and_the_reason(archives: Path, tmp_path: Path) -> None:
    class_folder(tmp_path / "pets", each=1)
    source, settings = f"folder:{tmp_path / 'pets'}", Settings(archives=archives)
    top = f'[[dig]]\nsource = "{source}"\ndataset = "our-pets"'
    written(archives, "local", top=top)
    told: list[str] = []

    def dig(what: str, **more: str) -> bool:
        dug = excavate.dig(what, tmp_path / "site", only="catalogue", settings=settings,
                           note=told.append, **more)  # fmt: skip
        assert dug.catalog
        return dug.catalog.unchanged

    assert not dig("local")
    assert told == [f"local: dug from {source}"]
    assert recorded(tmp_path / "site") == [("our-pets", source, "local", None)]
    assert dig("local")
    with pytest.raises(WithdrawnError):
        dig(source, dossier="gone")
    assert not dig(source, dossier="gone", withdrawn="to see it")
    assert recorded(tmp_path / "site")[1] == ("pets", source, "gone", "to see it")
    assert dig(source), "dug again without a word, what was said of it before stays"
    (tmp_path / "pets" / "cat" / "0.png").unlink()
    assert not dig(source)
    assert recorded(tmp_path / "site")[1] == ("pets", source, "gone", "to see it")
    assert not dig(source, dossier="gone", withdrawn="for another reason")
    assert recorded(tmp_path / "site")[1] == ("pets", source, "gone", "for another reason")


def test_a_withdrawn_copy_stays_one_however_it_is_dug_again(archives: Path, tmp_path: Path) -> None:
    class_folder(tmp_path / "pets", each=1)
    settings, site = Settings(archives=archives), tmp_path / "site"
    source, odd = f"folder:{tmp_path / 'pets'}", f"folder:{tmp_path}/./pets"

    def dig(what: str, **more: object) -> None:
        excavate.dig(what, site, only="catalogue", settings=settings, **more)  # type: ignore[arg-type]

    dig(source, dossier="gone", withdrawn="to see it")
    dig(odd, dataset="pets")
    assert recorded(site) == [("pets", odd, "gone", "to see it")]
    dig(source, dataset="pets", again=True)
    assert recorded(site) == [("pets", source, "gone", "to see it")]
    for what in (source, odd):
        with pytest.raises(SiteError) as told:
            dig(what, dataset="pets", dossier="two")
        assert str(told.value) == (
            "pets: a copy of gone, which is not given out, is dug here (to see it). "
            "Give --dataset another name, or say --withdrawn again beside two"
        )
        assert recorded(site) == [("pets", source, "gone", "to see it")]
    dig(source, dossier="shut", withdrawn="to compare")
    assert recorded(site) == [("pets", source, "shut", "to compare")]
    dig(odd, dataset="ours", dossier="two")
    dig(source, dataset="ours")
    assert recorded(site)[0] == ("ours", source, None, None), "another source, so another dataset"


def test_show_tells_the_dossier_and_the_reason(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class_folder(tmp_path / "pets", each=1)
    source, site = f"folder:{tmp_path / 'pets'}", tmp_path / "site"
    settings = Settings(archives=archives)
    excavate.dig(source, site, only="catalogue", settings=settings, dataset="plain")
    excavate.dig(source, site, only="catalogue", settings=settings,
                 dossier="gone", withdrawn="to see it")  # fmt: skip
    record = site_record(excavate.open_site(site))
    assert [(row["dossier"], row["withdrawn"]) for row in record["datasets"]] == [
        (None, None), ("gone", "to see it"),
    ]  # fmt: skip
    print_site(record)
    plain, pets = capsys.readouterr().out.split("\npets · ")
    assert (
        "  dossier gone\n  not given out any more; this copy was dug because: to see it\n" in pets
    )
    assert "\n  dossier" not in plain


def test_a_dossier_names_no_dataset_that_is_another(archives: Path, tmp_path: Path) -> None:
    settings = Settings(archives=archives)
    for name in ("pets", "others"):
        class_folder(tmp_path / name, each=1)
    excavate.dig(f"folder:{tmp_path / 'pets'}", tmp_path / "site", only="catalogue")
    top = f'[[dig]]\nsource = "folder:{tmp_path / "others"}"\ndataset = "pets"'
    written(archives, "local", top=top)
    with pytest.raises(ExcavateError, match="another dataset has this name"):
        excavate.dig("local", tmp_path / "site", only="catalogue", settings=settings)


FULL = """
[[dig]]
source = "csv:faces/*.csv"
options.labels = "age"
options.said_by = "perceived"
part = "val"
[[dig]]
source = "coco:coco/val.json"
images = "coco/val"
"""


def test_a_dossier_may_be_called_as_a_source_is(archives: Path) -> None:
    written(archives, "coco", top='[[dig]]\nsource = "digits"')
    assert choose("coco", archives).dossier == "coco"
    assert choose("coco#1", archives).source == "digits"
    assert choose("coco:x.json", archives) == Chosen("coco:x.json")
    assert choose("digits", archives) == Chosen("digits")
    assert choose("tate", archives) == Chosen("tate"), "no such dossier here: the source's words"
    assert choose("coco", archives / "nowhere") == Chosen("coco")
    (archives / "tate.toml").write_text("id =\n")
    with pytest.raises(NotFoundError, match=r"tate: this dossier cannot be read \(tate.toml:1:5"):
        choose("tate", archives)


def test_a_file_that_is_wrong_as_a_whole_is_no_missing_source(archives: Path) -> None:
    (archives / "latin.toml").write_bytes(b"\xff")
    with pytest.raises(NotFoundError, match="this dossier cannot be read"):
        choose("latin", archives)


def test_a_dossier_says_the_options_too(archives: Path) -> None:
    written(archives, "full", top=FULL)
    first, second = choose("full", archives), choose("full#2", archives)
    assert dict(first.options) == {"labels": "age", "said_by": "perceived"}
    assert (first.images, second.images) == (None, "coco/val")
    assert "full: this is a part of it: val" in first.remarks
    assert dict(choose("csv:faces/*.csv", archives, dossier="full").options) == {}


def test_who_digs_may_say_other_options(archives: Path, tmp_path: Path) -> None:
    table = tmp_path / "faces.csv"
    table.write_text("file,age,race\na,3-9,x\nb,10-19,y\n")
    options = 'options.labels = "age"\noptions.said_by = "perceived"'
    written(archives, "faces", top=f'[[dig]]\nsource = "csv:{table}"\n{options}')
    settings = Settings(archives=archives)

    def said_by(site: str, **more: str) -> set[tuple[str, str]]:
        excavate.dig("faces", tmp_path / site, only="catalogue", settings=settings, options=more)
        file = str(max((tmp_path / site).glob("catalog-*.duckdb")))
        with duckdb.connect(file, read_only=True) as connection:
            asked = "SELECT DISTINCT field, said_by FROM label ORDER BY ALL"
            return set(connection.execute(asked).fetchall())

    first, second = said_by("one"), said_by("two", said_by="self")
    assert (first, second) == ({("age", "perceived")}, {("age", "self")})


@pytest.mark.parametrize(
    ("asked", "dossier"),
    [("hf:x/MS-Celeb-1M", "ms-celeb-1m"), ("hf:timm/tiny-images", "tiny-images"),
     ("hf:x/tiny_images@main#full", "tiny-images"), ("hf:x/80-Million-Tiny-Images", "tiny-images"),
     ("hf:x/VGGFace", "vggface2"), ("hf:x/vggface2/", "vggface2"), ("hf:DukeMTMC", "dukemtmc"),
     ("hf:x/jft_300m", "jft"), ("hf:x/megaface", "megaface")],
)  # fmt: skip
def test_what_is_not_dug_is_refused_by_its_name_on_the_hub(asked: str, dossier: str) -> None:
    real = PROJECT / "archives"
    for reason in (None, "to see it"):
        with pytest.raises(WithdrawnError) as told:
            choose(asked, real, withdrawn=reason)
        assert told.value.dossier == dossier
    assert choose(asked, real, dossier="wikiart").source == asked, "said to be of another"


@pytest.mark.parametrize(
    "asked", ["hf:x/tiny-imagenet", "hf:uoft-cs/cifar10", "folder:tiny-images"]
)
def test_no_other_name_is_refused(asked: str) -> None:
    assert choose(asked, PROJECT / "archives").source == asked


@pytest.mark.parametrize("name", ["coco", "tate", "fairface", "omniglot", "cifar#2"])
def test_every_dossier_of_the_project_is_dug_by_its_name(name: str) -> None:
    chosen = choose(name, PROJECT / "archives")
    assert chosen.dossier == name.partition("#")[0]
    assert ":" in chosen.source
