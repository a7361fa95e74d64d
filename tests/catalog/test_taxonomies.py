"""Taxonomies on their own: read, checked, kept, carried, and held against datasets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from excavate.catalog.amending import amended
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.category_lists import categories_in
from excavate.catalog.taxonomies import AddedTaxonomy, add_taxonomy
from excavate.catalog.taxonomy_reading import (
    categories_of,
    held_taxonomy,
    load_taxonomy,
    shown_taxonomy,
)
from excavate.errors import ExcavateError, NotFoundError, SiteError, SourceError
from excavate.settings import Settings
from excavate.site import Site

KINDS = "id,name,parent\nall,all,\na,kind 0,all\nb,kind 1,all\nc,kind 2,b\nd,deep,c\ne,else,a\n"


@pytest.fixture(scope="module")
def dug_once() -> list[Path]:
    return []


@pytest.fixture
def dug(tmp_path: Path, dug_once: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not dug_once:
        dug_once.append(tmp_path_factory.mktemp("dug") / "site")
        catalogue(DigRequest("made:5", dug_once[0]), Settings(workers=1))
    return Path(shutil.copytree(dug_once[0], tmp_path / "site"))


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def nodes(site: Path, name: str) -> list[tuple[object, ...]]:
    frame = Site(site).taxonomy(name).astype(object)
    frame = frame.where(frame["extra"].notna(), frame.assign(extra=None))
    rows = frame[["node_id", "name", "parents", "part_of", "extra"]].values.tolist()
    return [(i, n, list(p), list(w), e) for i, n, p, w, e in rows]


def shown(site: Path, name: str, below: str | None = None, parts: bool = False) -> dict:
    with Site(site).cursor() as cursor:
        return shown_taxonomy(load_taxonomy(cursor, name, with_parts=parts), below)


def held(site: Path, name: str, dataset: str, below: str | None = None) -> dict:
    with Site(site).cursor() as cursor:
        categories, _ = categories_of(cursor, dataset)
        return held_taxonomy(load_taxonomy(cursor, name), categories, below)


def refused(site: Path, source: str, name: str | None = None) -> str:
    before = (Site(site).generation, len(Site(site).taxonomies()))
    with pytest.raises(ExcavateError) as caught:
        add_taxonomy(site, source, name)
    assert (Site(site).generation, len(Site(site).taxonomies())) == before
    return str(caught.value).replace(f"{site.parent}/", "")


def test_a_csv_with_several_parents_parts_and_further_columns(dug: Path, tmp_path: Path) -> None:
    text = (
        "id,name,parent,kind,note,gloss\n1,전체,,,말,\n2, Tiger ,1,,,\n3,바퀴,2,part,,둥글다\n"
        "3,,1,,,\n2,,4,is-a,,\n4,other,,,,\n"
    )
    added = add_taxonomy(dug, str(written(tmp_path / "My Tree.csv", text)))
    assert added == AddedTaxonomy("my-tree", 4, 4, False, False, "catalog-000002")
    assert nodes(dug, "my-tree") == [
        ("1", "전체", [], [], '{"note": "말"}'),
        ("2", " Tiger ", ["1", "4"], [], None),
        ("3", "바퀴", ["1"], ["2"], '{"gloss": "둥글다"}'),
        ("4", "other", [], [], None),
    ]
    assert shown(dug, "my-tree")["edges"] == 3
    assert shown(dug, "my-tree", parts=True)["edges"] == 4


def test_every_fault_of_a_csv_is_told_together(dug: Path, tmp_path: Path) -> None:
    text = (
        "id,name,parent,kind,note\na,A,b,,x\nb,B,a,,\nc,C,gone,,\nc,other,a,,\n,no id,,,\n"
        "d,,,,\na,A,b,,x\na,,c,,y\ne,E,e,part,\nf,F,a,like,\n"
    )
    source = str(written(tmp_path / "t.csv", text))
    lines = refused(dug, source).splitlines()
    assert lines == [
        "t.csv: faults in the taxonomy (9). Mend it; nothing was changed",
        "  t.csv line 5: 'c': another name than in line 4 ('C')",
        "  t.csv line 6: the id is empty",
        "  t.csv line 7: 'd': the name is empty",
        "  t.csv line 8: 'a': said in line 2 already",
        "  t.csv line 9: 'a': another note than in line 2",
        "  t.csv line 4: there is no node 'gone'",
        "  t.csv line 11: 'f': kind 'like' is neither is-a nor part",
        "  t.csv: 'a' lies below itself: a below b below a",
        "  t.csv: 'e' lies below itself: e below e",
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("tree", "tree: no such taxonomy. One of: wordnet:DIR, openimages:FILE-OR-DIR, FILE.csv"),
        ("wordnet:", "wordnet:: no such taxonomy. One of: wordnet:DIR,"),
        ("wordnet:{}", "{}: no WordNet hierarchy in this folder. Give the folder that has"),
        ("wordnet:{}/gone", "{}/gone: no such folder. Check the path"),
        ("openimages:{}", "{}/bbox_labels_600_hierarchy.json: no such file. Check the path"),
        ("{}/gone.csv", "{}/gone.csv: no such file. Check the path"),
    ],
)
def test_what_is_no_taxonomy(dug: Path, tmp_path: Path, source: str, said: str) -> None:
    here = tmp_path / "empty"
    here.mkdir()
    assert refused(dug, source.format(here)).startswith(said.format("empty"))


def test_a_taxonomy_needs_a_site_that_something_was_dug_into(tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", KINDS)
    site = tmp_path / "site"
    site.mkdir()
    with pytest.raises(NotFoundError) as caught:
        add_taxonomy(site, str(file))
    assert str(caught.value) == (
        f"{site}: nothing has been dug here yet. "
        "Dig a dataset into it first: what is added is kept beside what was dug"
    )


def test_columns_that_a_csv_must_have(dug: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", "id,title\n1,x\n")
    assert refused(dug, str(file)).splitlines()[1:] == [
        "  t.csv line 1: no column 'name'; there are 'id', 'title'",
        "  t.csv line 1: no column 'parent'; there are 'id', 'title'",
    ]


def wordnet(folder: Path, names: str, edges: str) -> Path:
    written(folder / "node_names.txt", names)
    written(folder / "class_hierarchy.txt", edges)
    return folder


def test_a_wordnet_folder(dug: Path, tmp_path: Path) -> None:
    folder = wordnet(tmp_path / "w" / "wordnet", "n1\tentity\nn2\tcat, true cat", "n1 n2\n")
    add_taxonomy(dug, f"wordnet:{folder.parent}")
    assert nodes(dug, "wordnet") == [
        ("n1", "entity", [], [], None),
        ("n2", "cat, true cat", ["n1"], [], '{"names": ["cat", "true cat"]}'),
    ]


def test_every_fault_of_a_wordnet_folder(dug: Path, tmp_path: Path) -> None:
    folder = wordnet(
        tmp_path / "w", "n1\ta\nn1\ta\nn2 b\nn3\tc\nn3\tc\n", "n1 n3\nn1 n3\nn9 n3\nn1\n\nn3 n1\n"
    )
    assert refused(dug, f"wordnet:{folder}").splitlines()[1:] == [
        "  node_names.txt line 3: not ID, tab, NAME: 'n2 b'",
        "  class_hierarchy.txt line 4: not PARENT, space, CHILD: 'n1'",
        "  node_names.txt line 2: 'n1' stands here again",
        "  node_names.txt line 5: 'n3' stands here again",
        "  class_hierarchy.txt line 2: 'n3' below 'n1' is said again",
        "  class_hierarchy.txt line 3: there is no node 'n9'",
        "  class_hierarchy.txt: 'n1' lies below itself: n1 below n3 below n1",
    ]


def test_an_open_images_hierarchy(dug: Path, tmp_path: Path) -> None:
    arm = {"LabelName": "/m/arm"}
    person = {"LabelName": "/m/person", "Part": [arm]}
    tree = {"LabelName": "/m/all", "Subcategory": [person, {"LabelName": "/m/part", **{
        "Subcategory": [arm]}}]}  # fmt: skip
    file = written(tmp_path / "o" / "bbox_labels_600_hierarchy.json", json.dumps(tree))
    written(tmp_path / "o" / "class-descriptions-boxable.csv", "/m/arm,Human arm\n/m/person,P\n")
    for source in (f"openimages:{file.parent}", f"openimages:{file}"):
        add_taxonomy(dug, source, "oi")
        assert sorted(nodes(dug, "oi")) == [
            ("/m/all", "/m/all", [], [], None),
            ("/m/arm", "Human arm", ["/m/part"], ["/m/person"], None),
            ("/m/part", "/m/part", ["/m/all"], [], None),
            ("/m/person", "P", ["/m/all"], [], None),
        ]


def test_names_replacing_and_what_is_unchanged(dug: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", KINDS)
    other = written(tmp_path / "o" / "t.csv", "id,name,parent\nx,X,\n")
    add_taxonomy(dug, str(file))
    again = add_taxonomy(dug, str(file))
    assert (again.unchanged, again.generation) == (True, "catalog-000002")
    said = refused(dug, str(other))
    assert said == (
        f"t: another taxonomy has this name ({file})."
        " Give --name another, or --name t to replace it"
    ).replace(f"{tmp_path}/", "")
    assert refused(dug, str(other), "My Tree") == (
        "'My Tree': cannot name a taxonomy."
        " Give --name small letters, digits, dot, dash and underscore, at most 64"
    )
    assert add_taxonomy(dug, str(other), "other").replaced is False
    assert add_taxonomy(dug, str(other), "t").replaced is True
    assert [row[0] for row in nodes(dug, "t")] == ["x"]
    assert Site(dug).taxonomies()[["name", "nodes", "edges"]].values.tolist() == [
        ["other", 1, 0],
        ["t", 1, 0],
    ]


def test_every_later_dig_carries_taxonomies(dug: Path, tmp_path: Path) -> None:
    add_taxonomy(dug, str(written(tmp_path / "t.csv", KINDS)))
    before = nodes(dug, "t")
    catalogue(DigRequest("made:6", dug, dataset="made"), Settings(workers=1))
    catalogue(DigRequest("made:3", dug, dataset="other"), Settings(workers=1))
    assert nodes(dug, "t") == before
    assert shown(dug, "t")["edges"] == 5


def test_a_dig_cut_off_before_a_taxonomy_was_added_carries_it_once(
    dug: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from excavate.catalog import building

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    file = written(tmp_path / "t.csv", KINDS)
    add_taxonomy(dug, str(file))
    publish = building.Building.publish
    monkeypatch.setattr(building.Building, "publish", cut)
    with pytest.raises(KeyboardInterrupt):
        catalogue(DigRequest("made:7", dug, dataset="other"), Settings(workers=1))
    monkeypatch.setattr(building.Building, "publish", publish)
    add_taxonomy(dug, str(file), "another")
    catalogue(DigRequest("made:7", dug, dataset="other"), Settings(workers=1))
    counted = Site(dug).taxonomies()[["name", "nodes", "edges"]].values.tolist()
    assert counted == [["another", 6, 5], ["t", 6, 5]]


def test_a_taxonomy_is_shown_whole_and_below_a_node(dug: Path, tmp_path: Path) -> None:
    add_taxonomy(dug, str(written(tmp_path / "t.csv", KINDS)))
    whole = shown(dug, "t")
    counts = ("nodes", "edges", "roots", "alone", "leaves", "several_parents", "depth")
    assert [whole[name] for name in counts] == [6, 5, 1, 0, 2, 0, 3]
    assert [(b["id"], b["nodes"]) for b in whole["branches"]] == [("b", 3), ("a", 2)]
    part = shown(dug, "t", "kind 1")
    assert part["below"] == {"id": "b", "name": "kind 1"}
    assert [part[name] for name in counts] == [3, 2, 1, 0, 1, 0, 2]
    with pytest.raises(NotFoundError, match=r"x: no such node\. Give a node's id, or its name"):
        shown(dug, "t", "x")
    with pytest.raises(NotFoundError, match=r"gone: no such taxonomy\. There are: t"):
        shown(dug, "gone")
    with pytest.raises(NotFoundError, match="gone: no such taxonomy"):
        Site(dug).taxonomy("gone")


def test_parts_that_turn_a_taxonomy_round_are_told(dug: Path, tmp_path: Path) -> None:
    text = "id,name,parent,kind\na,A,b,\nb,B,a,part\n"
    add_taxonomy(dug, str(written(tmp_path / "t.csv", text)))
    assert shown(dug, "t")["depth"] == 1
    with pytest.raises(ExcavateError, match="t: with its parts, a node lies below itself"):
        shown(dug, "t", parts=True)


def test_a_dataset_is_held_against_a_taxonomy(dug: Path, tmp_path: Path) -> None:
    add_taxonomy(dug, str(written(tmp_path / "t.csv", KINDS)))
    found = held(dug, "t", "made")
    assert found["matched_by"] == {"id": 1, "name": 3, "one of its names": 0}
    assert found["unmatched"] == [("3", "kind 3")]
    assert (found["kept"], found["nodes"]) == (4, 6)
    assert [(b["id"], b["nodes"]) for b in found["empty"]] == [("d", 1), ("e", 1)]
    below_c = held(dug, "t", "made", "c")
    assert (below_c["kept"], below_c["nodes"], below_c["categories"]) == (1, 2, 5)
    assert [node["id"] for node in below_c["kept_nodes"]] == ["c"]
    with pytest.raises(NotFoundError, match="gone: no such dataset in this site"):
        held(dug, "t", "gone")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("l.txt", "a\n\n b \r\nc\u2028d\n", [("a", "a"), ("b", "b"), ("c\u2028d", "c\u2028d")]),
        ("l.json", '["a", 7, [1, "b", "B"], {"id": 3, "name": "C"}, {"name": "D"}, {"id": "e"}]',
         [("a", "a"), ("7", "7"), ("b", "B"), ("3", "C"), ("D", "D"), ("e", "e")]),
        ("l.json", '{"10": ["n2", "cat"], "9": ["n1", "dog"]}', [("n1", "dog"), ("n2", "cat")]),
        ("l.csv", "\ufeffname,id\r\nA,a\r\n\r\nB,\r\n", [("a", "A"), ("B", "B")]),
        ("l.csv", 'id\n"a\r\nb"\nc\u2028d\n', [("a\r\nb", "a\r\nb"), ("c\u2028d", "c\u2028d")]),
    ],
)  # fmt: skip
def test_lists_to_hold_against(
    tmp_path: Path, name: str, text: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / name).write_bytes(text.encode())
    assert categories_in(tmp_path / name) == expected


NO_ID = "is no id or name: write text, or a whole number"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("l.json", "[[1, 2]]", ["entry 1: [1, 2] is neither an id, nor [number, id, name], "
                                "nor an object with id or name"]),
        ("l.json", '[null, true, {"id": "a", "name": ["b"]}, {"id": null}, [1, " ", "x"], ""]', [
            "entry 1: null is neither an id, nor [number, id, name], nor an object with id or name",
            "entry 2: true is neither an id, nor [number, id, name], nor an object with id or name",
            f'entry 3: ["b"] {NO_ID}', f"entry 4: null {NO_ID}", f'entry 5: " " {NO_ID}',
            'entry 6: "" is neither an id, nor [number, id, name], nor an object with id or name',
        ]),
        ("l.json", '{"0": ["n1", "tench"], "1": "shark", "2": ["n2", 1.5]}', [
            '"1": "shark" is not [id, name]', f'"2": 1.5 {NO_ID}']),
        ("l.json", '{"tench": 0}', [": neither a list, nor an object of [id, name] by number"]),
        ("l.json", f"[{'[' * 990}{']' * 990}]", [
            "entry 1: what nests so deeply is neither an id, nor [number, id, name], "
            "nor an object with id or name"]),
        ("l.json", '"n1"', [": neither a list, nor an object of [id, name] by number"]),
        ("l.csv", "title\nx\n", ["line 1: no column id or name; there are 'title'"]),
        ("l.csv", "id,id\nx,y\n", ["line 1: two columns are named alike"]),
        ("l.csv", 'id,name\n,\na\n"b\nb",B\n , \n', [
            "line 2: neither an id nor a name", "line 3: 1 values for 2 columns",
            "line 6: neither an id nor a name"]),
        ("l.csv", f"id\n{'x' * 200_000}\n", [
            "line 2: not CSV (field larger than field limit (131072))"]),
        ("l.csv", 'id\n"a', ["line 2: not CSV (unexpected end of data)"]),
    ],
)  # fmt: skip
def test_what_is_no_list(tmp_path: Path, name: str, text: str, said: list[str]) -> None:
    file = written(tmp_path / name, text)
    with pytest.raises(SourceError) as caught:
        categories_in(file)
    assert str(caught.value).splitlines() == [
        f"{file}: no list of categories ({len(said)}). "
        "Give a CSV with id or name, JSON (a list), or an id a line",
        *(f"  {name}{'' if one[0] == ':' else ' '}{one}" for one in said),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("l.json", b"{", "not JSON at line 1, column 2"),
        ("l.json", b"[" * 100_000, "not JSON"),
        ("l.json", b'["\\ud800"]', "half of a surrogate pair"),
        ("l.txt", b"\n", "no category in it"),
        ("l.csv", b"", "no category in it"),
        ("l.txt", b"\xff", "cannot be read"),
    ],
)
def test_what_is_no_text_of_a_list(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said):
        categories_in(tmp_path / name)
    with pytest.raises(SourceError, match="cannot be read"):
        categories_in(tmp_path / "gone.csv")


def test_nothing_is_written_where_a_write_fails(dug: Path, tmp_path: Path) -> None:
    with pytest.raises(SiteError) as caught, amended(dug) as amendment:
        amendment.connection.execute("INSERT INTO gone VALUES (1)")
    assert str(caught.value) == (
        f"{dug}: the catalog refuses what was to be written (Catalog Error: Table with name gone "
        "does not exist!). This ought not to happen: report it, with what was asked; "
        "nothing was changed"
    )
    assert Site(dug).generation == "catalog-000001"
    assert not list(dug.glob(".amending*"))


@pytest.mark.shared_data
def test_wordnet_and_what_ilsvrc_kept_of_it(shared: Path, dug: Path) -> None:
    """The counts that the data's own account states."""
    folder = shared / "taxonomies" / "wordnet-imagenet"
    added = add_taxonomy(dug, f"wordnet:{folder}")
    assert (added.nodes, added.edges) == (82_115, 75_850)
    whole = shown(dug, "wordnet")
    assert (whole["roots"], whole["alone"]) == (7_726, 7_714)
    kept = categories_in(folder / "imagenet_class_hierarchy/wordnet/dataset_class_info.json")
    with Site(dug).cursor() as cursor:
        tree = load_taxonomy(cursor, "wordnet")
    found = held_taxonomy(tree, kept, "n00007846")
    assert (found["matched_by"]["id"], found["unmatched"]) == (1_000, [])
    assert (found["nodes"], found["kept"]) == (6_979, 3)
    assert sorted(node["name"] for node in found["kept_nodes"]) == [
        "ballplayer, baseball player", "groom, bridegroom", "scuba diver",
    ]  # fmt: skip
    assert found["empty"][0] == {"id": "n09632518", "name": "worker", "nodes": 920}


@pytest.mark.shared_data
def test_open_images_is_a_dag_with_parts(shared: Path, dug: Path) -> None:
    added = add_taxonomy(dug, f"openimages:{shared / 'taxonomies' / 'openimages'}")
    whole = shown(dug, "openimages", parts=True)
    assert (added.nodes, whole["several_parents"], whole["depth"]) == (602, 83, 5)
    assert (whole["roots"], whole["part_edges"]) == (1, 38)  # of 53 places, as labels recur
