"""A dossier written as TOML reads as the same dossier."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.dossiers import schema
from excavate.dossiers.reading import parse
from excavate.dossiers.schema import Dossier
from excavate.dossiers.writing import WIDTH, to_toml

signs = st.one_of(st.text(), st.text(alphabet='"\\ \n\t\r가 a\x00\x1f\x7f…'))
words = signs.map(str.strip).filter(bool)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
fact_ids = st.builds("{}-{:02}".format, ids, st.integers(0, 200))
because = st.lists(fact_ids, min_size=1, max_size=3)


def maybe(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), values)


def several(values: object, size: int = 3) -> st.SearchStrategy[list[object]]:
    return st.lists(st.sampled_from(get_args(values)), max_size=size)


said = st.one_of(
    st.builds(schema.Said, en=words),
    st.builds(schema.Said, ko=words),
    st.builds(schema.Said, en=words, ko=words),
)
fact = st.builds(
    schema.Fact, id=fact_ids, topic=st.sampled_from(get_args(schema.Topic)), text=said,
    source=words, url=maybe(words), status=st.sampled_from(["seen", "recalled", "brought"]),
    seen_in=maybe(words), link_only=st.booleans(), note=maybe(said),
    disagrees_with=st.lists(fact_ids, max_size=2), answers=st.lists(words, max_size=2),
)  # fmt: skip
terrain = st.builds(
    schema.Terrain, year=maybe(st.integers(1900, 2100)), items=maybe(st.integers(1, schema.MOST)),
    images_from=several(schema.ImagesFrom), labour=several(schema.Labour),
    licence=maybe(st.sampled_from(get_args(schema.Licence))),
    countries=st.lists(st.sampled_from(["KR", "US"]), max_size=2),
    because=st.dictionaries(st.sampled_from(get_args(schema.Grounded)), because),
)  # fmt: skip
status = st.builds(
    schema.Status, state=st.sampled_from(get_args(schema.State)),
    date=maybe(st.sampled_from(["2020", "2020-06", "2020-06-29"])), because=because,
)  # fmt: skip
count = st.builds(
    schema.Count, of=st.sampled_from(["items", "people"]), number=st.integers(0, schema.MOST),
    split=maybe(words), version=maybe(words), about=st.booleans(), because=because,
)  # fmt: skip
descent = st.builds(schema.Descent, name=words, dossier=maybe(ids), because=because)
option = st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True)
dig = st.builds(
    schema.Dig, source=words, dataset=maybe(words), note=maybe(said), images=maybe(words),
    options=st.dictionaries(option, words, max_size=2), version=maybe(words), part=maybe(words),
)  # fmt: skip
dossiers = st.builds(
    Dossier, id=ids, kind=st.sampled_from(["image", "programme"]),
    name=st.builds(schema.Name, en=words, ko=maybe(words), ko_is=st.just("given")),
    draft=st.booleans(), status=maybe(status), terrain=terrain,
    refused_as=st.lists(words, max_size=2), dig=st.lists(dig, max_size=2),
    count=st.lists(count, max_size=2), ancestor=st.lists(descent, max_size=2),
    descendant=st.lists(descent, max_size=2), fact=st.lists(fact, min_size=1, max_size=3),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(dossiers, st.text())
def test_what_was_written_is_read_back(dossier: Dossier, header: str) -> None:
    text = to_toml(dossier, header)
    found = parse(text, "a.toml")
    assert found.faults == ()
    assert found.dossier == dossier


LONG = 'He said "no" to it, ' * 12 + "\n\nand then C:\\new went on:\n  - one\n  - two"
WHOLE: dict[str, Any] = {
    "id": "alpha",
    "kind": "image",
    "name": {"en": "Alpha", "ko": "알파", "ko_is": "given"},
    "draft": True,
    "status": {"state": "lost", "because": ["alpha-01"]},
    "terrain": {"items": 7, "because": {"items": ["alpha-01"]}},
    "count": [{"of": "items", "number": 0, "about": True, "because": ["alpha-01"]}],
    "fact": [
        {"id": "alpha-01", "topic": "counts", "text": {"en": LONG}, "source": 'A "letter"',
         "status": "seen", "seen_in": "it"}
    ],
}  # fmt: skip


def test_a_file_is_made_for_reading() -> None:
    text = to_toml(Dossier.model_validate(WHOLE), "A draft.\nRead it.")
    head, _, fact = text.partition("[[fact]]\n")
    assert head == (
        "# A draft.\n# Read it.\n\n"
        'id = "alpha"\nkind = "image"\n'
        'name.en = "Alpha"\nname.ko = "알파"\nname.ko_is = "given"\ndraft = true\n\n'
        '[status]\nstate = "lost"\nbecause = ["alpha-01"]\n\n'
        '[terrain]\nitems = 7\nbecause.items = ["alpha-01"]\n\n'
        '[[count]]\nof = "items"\nnumber = 0\nabout = true\nbecause = ["alpha-01"]\n\n'
    )
    lines = fact.splitlines()
    assert lines[2:4] == ['text.en = """', 'He said "no" to it, ' * 4 + 'He said "no" \\']
    assert lines[-4:] == [
        "  - two\"\"\"", 'source = "A \\"letter\\""', 'status = "seen"', 'seen_in = "it"',
    ]  # fmt: skip
    assert max(map(len, lines)) <= WIDTH
    assert tomli.loads(text)["fact"][0]["text"]["en"] == LONG


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('one "two"\nthree', '"""\none "two"\nthree"""'),
        ('one """two\nthree', '"""\none \\"\\"\\"two\nthree"""'),
        ('one\n"two"', '"""\none\n\\"two\\""""'),
    ],
)
def test_quotes_stand_bare_where_they_end_nothing(text: str, written: str) -> None:
    fact = WHOLE["fact"][0] | {"text": {"en": text}}
    made = to_toml(Dossier.model_validate(WHOLE | {"fact": [fact]}))
    assert f"text.en = {written}\n" in made
    assert tomli.loads(made)["fact"][0]["text"]["en"] == text


def test_a_header_stays_a_comment_whatever_it_holds() -> None:
    text = to_toml(Dossier.model_validate(WHOLE), 'one\r\nid = "x"\x0bid = "y"\x85id = "z"')
    assert tomli.loads(text)["id"] == "alpha"
