"""Contested names on Gaps, Finding and Compare: veiled by node, unveiled by each for themselves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from excavate.catalog.amending import amended
from excavate.components.hidden_names import Hidden, hidden_in
from excavate.components.veiled_finding import VeiledFinding, veiled
from excavate.gaps.finding import Measured, NotMeasured, Reference
from excavate.gaps.records import csv_text, parquet_bytes, record, sentence, speaking
from excavate.gaps.stored import finding as kept_finding
from excavate.i18n import speak
from excavate.site import Site
from tests.app.findings_made import lay, measured, rows
from tests.app.test_pages import run, text
from tests.app.tree_site import SLUR, make_tree_site

ITEM = f"crowd/all/{SLUR}/0.png"
CROWD = """
INSERT INTO category (dataset_id, category_id, name, ordinal) VALUES
    ('crowd', 'n00007846', 'person', 90), ('crowd', 'n1', 'worse word', 91);
INSERT INTO category_parent VALUES
    ('crowd', $slur, 'n00007846'), ('crowd', 'n1', $slur), ('crowd', $slur, 'n1')
"""


def held(*nodes: str) -> Measured:
    """A finding on the tree `kinds` whose nodes all bear one name: p1 lies below the contested
    node, solid does not."""
    found = pa.table({
        "node_id": nodes, "name": [SLUR] * len(nodes), "path": [["thing", SLUR]] * len(nodes),
        "count": [1] * len(nodes), "target": [9.0] * len(nodes),
        "items": [[ITEM]] * len(nodes),
    })  # fmt: skip
    return Measured("taxonomy", {"taxonomy": "kinds"}, Reference("floor", number=9), found)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """crowd, whose own categories go round below a contested one, with findings of three kinds."""
    site = make_tree_site(tmp_path_factory.mktemp("veiled"))
    with amended(site) as amendment:
        for statement in CROWD.strip().split(";"):
            values = {"slur": SLUR} if "$slur" in statement else None
            amendment.connection.execute(statement, values)
    why = NotMeasured("intersections", {"tau": 1}, "nothing is stated in {columns}",
                      {"columns": f"label:folder={SLUR}"})  # fmt: skip
    return SimpleNamespace(
        site=site,
        tree=lay(site, "crowd", held("p1"), {"taxonomy": "kinds"}),
        twins=lay(site, "plain", held("p1", "solid"), {"taxonomy": "kinds"}),
        pattern=lay(site, "crowd", measured(rows(2, value=SLUR)), {"tau": 25}),
        unmeasured=lay(site, "crowd", why, {"tau": 1}),
        elsewhere=lay(site, "shapes", measured(rows(1, value=SLUR)), {"tau": 25}),
    )


@pytest.fixture
def crowd(kept: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setenv("EXCAVATE_SITE", str(kept.site))
    return kept


def unveil(app: Any) -> Any:
    speak("en")  # the menus are read in this thread
    app.toggle(key="unveiling").set_value(True).run()
    return app


def test_cards_do_not_name_what_is_veiled_until_one_unveils_it(crowd: SimpleNamespace) -> None:
    app = run("gaps.py", lang="en", dataset="crowd")
    shown = text(app)
    assert SLUR not in shown.replace(ITEM, "")
    assert "“p1” lacks most" in shown
    assert "░░░" in shown  # the folder's id is its name
    assert "Contested names are veiled" in [e.label for e in app.expander]
    assert SLUR in text(unveil(app))
    assert "unveil" not in str(app.query_params)
    app.toggle(key="unveiling").set_value(False).run()
    assert SLUR not in text(app).replace(ITEM, "")


def test_where_nothing_is_contested_nothing_is_veiled(crowd: SimpleNamespace) -> None:
    app = run("gaps.py", lang="en", dataset="shapes")
    assert SLUR in text(app)  # of no contested node of its own tree
    assert not app.expander or "Contested names are veiled" not in [e.label for e in app.expander]


@pytest.mark.parametrize("which", ["pattern", "unmeasured"])
def test_a_findings_page_is_veiled_to_its_last_row(crowd: SimpleNamespace, which: str) -> None:
    app = run("finding.py", lang="en", id=getattr(crowd, which))
    assert SLUR not in text(app) + charts(app)
    assert "░░░" in text(app)
    assert SLUR in text(unveil(app))


def test_a_row_is_veiled_by_its_node_and_not_by_its_name(crowd: SimpleNamespace) -> None:
    app = run("finding.py", lang="en", id=crowd.twins)
    first, second = text(app).replace(ITEM, "").split("<tbody>")[1].split("</tr>")[:2]
    assert SLUR not in first
    assert "p1" in first
    assert SLUR in second  # another node of this name, which hurts nobody
    assert charts(app).count(SLUR) == charts(app).count("p1") > 0


def charts(app: Any) -> str:
    return "".join(one.proto.spec for one in app.get("plotly_chart"))


def test_exports_are_verbatim(crowd: SimpleNamespace) -> None:
    opened = Site(crowd.site)
    found = kept_finding(opened.folder, crowd.pattern)
    assert isinstance(veiled(opened, found), VeiledFinding)
    with speaking("en"):
        assert SLUR in csv_text([found])
        assert SLUR in str(record(found))
        assert SLUR.encode() in parquet_bytes(found)
        assert SLUR not in str(record(veiled(opened, found)))
        assert SLUR not in sentence(veiled(opened, found))
    opened.close()


def test_compare_veils_labels_captions_and_sentences(crowd: SimpleNamespace) -> None:
    asked = {"lang": "en", "a": "crowd", "b": "shapes", "in_a": "label:folder",
             "in_b": "label:folder"}  # fmt: skip
    app = run("compare.py", **asked)
    assert SLUR not in text(app).replace(ITEM, "")
    assert "░░░" in text(app)
    assert SLUR in text(unveil(app))
    both = run("compare.py", lang="en", a=crowd.tree, b=crowd.pattern)
    assert SLUR not in text(both)
    assert SLUR in text(unveil(both))


def test_names_are_found_in_whatever_holds_them(crowd: SimpleNamespace) -> None:
    opened = Site(crowd.site)
    hidden = hidden_in(opened, ["crowd"])
    opened.close()
    assert hidden.tops == ("n00007846",)
    assert hidden.ids == {SLUR, "n1"}
    stand_in = hidden.of(SLUR)
    assert hidden.of("worse word") == "n1"
    assert hidden.of(f"x · {SLUR}") == f"x · {stand_in}"
    assert hidden.of([("label:folder", SLUR), ("a", "b")]) == [
        ("label:folder", stand_in), ("a", "b"),
    ]  # fmt: skip
    assert hidden.of({"a": [SLUR, 3, None]}) == {"a": [stand_in, 3, None]}
    assert hidden.of("a word that hurts nobody") == "a word that hurts nobody"
    assert hidden.row({"items": [SLUR], "value": SLUR}) == {"items": [SLUR], "value": stand_in}
    both = Hidden(frozenset("x"), {"cat": "x"}, frozenset({"cat"}), ())
    assert both.of("cat") == "cat"  # an animal's name, too
    assert both.row({"node_id": "x", "name": "cat"})["name"] == "x"
    assert both.row({"node_id": "y", "name": "cat"})["name"] == "cat"
