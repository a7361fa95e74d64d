"""What holds between the parts of a dossier and between dossiers, with the words for each fault."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase

import pytest

from excavate.dossiers.checking import check_archive
from excavate.dossiers.lineage import descents
from excavate.dossiers.reading import read_archive
from excavate.settings import PROJECT
from tests.dossiers.written import withdrawn, written


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check_archive(folder).faults]


def test_a_sound_archive_has_no_faults(tmp_path: Path) -> None:
    written(tmp_path, "alpha", top='[terrain]\nyear = 1998\nbecause.year = ["alpha-01"]')
    withdrawn(tmp_path)
    checked = check_archive(tmp_path)
    assert (checked.faults, checked.remarks) == ((), ())
    assert (checked.dossiers, checked.facts) == (2, 2)


TOP = {
    '[terrain]\nyear = 1998': "terrain.year: rests on no fact; name some in terrain.because.year",
    '[terrain]\nbecause.items = ["alpha-01"]':
        "terrain.because.items: there is no terrain.items that it could be for",
    '[terrain]\ncountries = ["QQ"]\nbecause.countries = ["alpha-01"]':
        'terrain.countries[1]: ISO 3166-1 has no country "QQ"',
    '[status]\nstate = "active"\nbecause = ["alpha-07"]':
        'status.because: no fact here has the id "alpha-07"',
    '[status]\nstate = "active"\ndate = "2020-13"\nbecause = ["alpha-01"]':
        'status.date: "2020-13" is not in the calendar',
    '[status]\nstate = "withdrawn"\nbecause = ["alpha-01"]':
        "status.date: is missing; where none is known, say so in a note of alpha-01",
    '[[dig]]\nsource = "louvre:x"': 'dig[1].source: "louvre:x" digs nothing: there is no ',
    '[[dig]]\nsource = "digits:3"': 'dig[1].source: "digits:3" digs nothing: write digits',
    '[[dig]]\nsource = "folder"': 'dig[1].source: "folder" digs nothing: write folder:PATH',
    '[[dig]]\nsource = "csv:a.csv"\noptions.said_bi = "self"':
        "dig[1].options.said_bi: the source csv has no such option; it knows key, picture, root, ",
    '[[dig]]\nsource = "digits"\noptions.x = "1"':
        "dig[1].options.x: the source digits has no such option; it takes none",
    '[[dig]]\nsource = "digits"\nimages = "here"': "dig[1].images: is for coco alone; leave it out",
    '[[dig]]\nsource = "digits"\noptions.X = "1"':
        'dig[1].options.X: "X" will not do: write an option\'s name as its source has it, in ',
    'refused_as = ["A"]': "refused_as: is for what is not dug; its status does not say so",
    '[[count]]\nof = "items"\nnumber = 3\nbecause = ["beta-01"]':
        'count[1].because: no fact here has the id "beta-01"',
    '[[ancestor]]\nname = "Beta"\nbecause = ["alpha-02"]':
        'ancestor[1].because: no fact has the id "alpha-02"',
    '[[descendant]]\nname = "Beta"\ndossier = "beta"\nbecause = ["alpha-01"]':
        'descendant[1].dossier: there is no dossier "beta"; leave the key out',
}  # fmt: skip
FACT = {
    'disagrees_with = ["alpha-02"]': 'fact[1].disagrees_with: no fact here has the id "alpha-02"',
    'disagrees_with = ["alpha-01"]': "fact[1].disagrees_with: a fact cannot disagree with itself",
    'seen_in = "a mirror"': 'fact[1].status: who recalls has not seen: "seen", or no seen_in',
    "link_only = true": 'fact[1].status: who recalls has not seen: "seen", or no seen_in',
    'url = "ftp://a.org/b"': "fact[1].url: is no address of the web; write https://… or http://…",
    'url = "https://a.org/b c"': "fact[1].url: is no address of the web; write https://… or",
    'url = "https://[a"': "fact[1].url: is no address of the web; write https://… or http://…",
    'answers = ["why"]': 'fact[1].answers: no question has the id "why"',
}


@pytest.mark.parametrize("top", TOP)
def test_faults_of_the_tables(tmp_path: Path, top: str) -> None:
    written(tmp_path, "alpha", top=top)
    (said,) = faults(tmp_path)
    assert said.startswith(f"alpha.toml: {TOP[top]}")


@pytest.mark.parametrize("fact", FACT)
def test_faults_of_a_fact(tmp_path: Path, fact: str) -> None:
    written(tmp_path, "alpha", fact=fact)
    (said,) = faults(tmp_path)
    assert said.startswith(f"alpha.toml: {FACT[fact]}")


def test_what_was_seen_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, "alpha")
    path.write_text(path.read_text().replace('"recalled"', '"seen"'))
    assert faults(tmp_path) == [
        "alpha.toml: fact[1].seen_in: is missing; say where its source was seen, or recalled it is"
    ]


def test_a_withdrawal_without_a_date_says_that_none_is_known(tmp_path: Path) -> None:
    top = '[status]\nstate = "withdrawn"\nbecause = ["alpha-01"]'
    written(tmp_path, "alpha", top=top, fact='note.en = "Nobody knows when."')
    assert faults(tmp_path) == []


def test_names_and_ids(tmp_path: Path) -> None:
    written(tmp_path, "alpha").rename(tmp_path / "other.toml")
    written(tmp_path, "check")
    path = written(tmp_path, "twice")
    text = path.read_text()
    path.write_text(text + "[[fact]]" + text.partition("[[fact]]")[2])
    text = written(tmp_path, "left").read_text().replace("left-01", "left-side-01")
    (tmp_path / "left.toml").write_text(text)
    text = written(tmp_path, "wrong").read_text().replace("wrong-01", "right-01")
    (tmp_path / "wrong.toml").write_text(text)
    written(tmp_path, "right")
    assert faults(tmp_path) == [
        'check.toml: id: "check" is a command; call the dossier otherwise',
        'left.toml: fact[1].id: "left-side-01" has to begin with the dossier\'s id: left-',
        'other.toml: id: "alpha" lies in a file of another name; call it alpha.toml',
        'twice.toml: fact[2].id: "twice-01" is the id of a fact before it',
        'wrong.toml: fact[1].id: "right-01" has to begin with the dossier\'s id: wrong-',
        'wrong.toml: fact[1].id: right.toml has a fact "right-01" too',
    ]


@pytest.mark.parametrize("code", ["EU", "ZZ", "XA", "XK", "UN", "IC"])
def test_what_is_no_country_of_iso_3166_is_told(tmp_path: Path, code: str) -> None:
    top = f'[terrain]\ncountries = ["KR", "{code}"]\nbecause.countries = ["alpha-01"]'
    written(tmp_path, "alpha", top=top)
    assert faults(tmp_path) == [
        f'alpha.toml: terrain.countries[2]: ISO 3166-1 has no country "{code}"'
    ]


def test_all_249_countries_of_iso_3166_are_known(tmp_path: Path) -> None:
    """https://www.iso.org/glossary-for-iso-3166.html: 249 codes are assigned."""
    pairs = [a + b for a in ascii_uppercase for b in ascii_uppercase]
    listed = ", ".join(f'"{pair}"' for pair in pairs)
    top = f'[terrain]\ncountries = [{listed}]\nbecause.countries = ["alpha-01"]'
    written(tmp_path, "alpha", top=top)
    assert len(pairs) - len(faults(tmp_path)) == 249


def test_a_dossier_is_not_called_as_a_source_that_stands_alone(tmp_path: Path) -> None:
    written(tmp_path, "digits")
    written(tmp_path, "coco")
    assert faults(tmp_path) == [
        'digits.toml: id: "digits" is a source itself; call the dossier otherwise'
    ]


def kin(side: str, other: str, own: str) -> str:
    return f'[[{side}]]\nname = "{other}"\ndossier = "{other}"\nbecause = ["{own}-01"]\n'


def test_descent_is_named_at_both_ends(tmp_path: Path) -> None:
    written(tmp_path, "child", top=kin("ancestor", "parent", "child"))
    written(tmp_path, "parent")
    assert faults(tmp_path) == [
        'child.toml: ancestor[1].dossier: parent.toml does not name "child" as descendant in turn '
        "(because may name a fact of any dossier)"
    ]
    written(tmp_path, "other")
    for witness in ("parent", "child", "other"):
        written(tmp_path, "parent", top=kin("descendant", "child", witness))
        assert faults(tmp_path) == []
    written(tmp_path, "parent", top=kin("descendant", "child", "nobody"))
    assert faults(tmp_path) == [
        'parent.toml: descendant[1].because: no fact has the id "nobody-01"'
    ]
    written(tmp_path, "parent", top=kin("descendant", "child", "other"))
    assert descents(read_archive(tmp_path).dossiers) == [("parent", "child")]


def test_a_parent_that_cannot_be_read_is_not_called_missing(tmp_path: Path) -> None:
    written(tmp_path, "child", top=kin("ancestor", "parent", "child"))
    written(tmp_path, "second", top=kin("ancestor", "parent", "parent"))
    (tmp_path / "parent.toml").write_text("id = \n")
    assert faults(tmp_path) == ["parent.toml:1:6: this is not TOML (Invalid value)"]


def test_a_circle_of_descent_is_told_once(tmp_path: Path) -> None:
    ring = ("a", "b", "c")
    for number, name in enumerate(ring):
        above, below = ring[number - 1], ring[(number + 1) % 3]
        top = kin("ancestor", above, name) + kin("descendant", below, name)
        written(tmp_path, name, top=top)
    written(tmp_path, "d", top=kin("ancestor", "d", "d") + kin("descendant", "d", "d"))
    assert faults(tmp_path) == [
        "a.toml: descent goes in a circle: a to b to c to a",
        "d.toml: descent goes in a circle: d to d",
    ]


def test_a_draft_is_told_and_is_no_fault(tmp_path: Path) -> None:
    written(tmp_path, "alpha", top="draft = true")
    checked = check_archive(tmp_path)
    assert checked.faults == ()
    assert [str(said) for said in checked.remarks] == [
        "alpha.toml: a draft: read it, mend it, then take draft = true out"
    ]


def test_the_dossiers_of_this_project_have_no_faults() -> None:
    checked = check_archive(PROJECT / "archives")
    assert [str(said) for said in (*checked.faults, *checked.remarks)] == []
    assert checked.dossiers >= 46


def test_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    for number in range(40):
        written(tmp_path, f"d{number:02}", top="[terrain]\nyear = 1998", fact='answers = ["why"]')
    assert len(faults(tmp_path)) == 80
