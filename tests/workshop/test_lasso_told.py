"""A verdict that is kept may come from a file: it is checked coming in, and stops no page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.gaps.lasso import NOT_MEASURED, ONLY_LAYOUT, REASONS, SUPPORTED
from excavate.i18n import speak
from excavate.workshop.absence_record import GivenAbsence, GivenEvidence
from excavate.workshop.absences import one_absence, say
from excavate.workshop.exports import export_now
from excavate.workshop.ids import new_id
from excavate.workshop.lasso_told import Told, verdict_faults
from excavate.workshop.store import Workshop
from excavate.workshop.taking_in import take_in
from tests.workshop.given import author

WHOLE = {
    "kind": "together", "items": 30, "of": 90, "k": 15, "value": 0.9, "low": 0.8, "high": 0.95,
    "chance": 0.00012, "why": "", "details": {}, "lens": "pixels:4",
}  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from(["together", "apart", *REASONS]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)  # fmt: skip


@given(
    changed=st.dictionaries(st.sampled_from(sorted(WHOLE)), ANY),
    verdict=st.sampled_from([SUPPORTED, ONLY_LAYOUT, NOT_MEASURED]) | ANY,
)
def test_whatever_is_kept_a_sentence_comes_of_it(changed: dict[str, Any], verdict: Any) -> None:
    speak("en")
    for record in (WHOLE | changed, changed):
        said = Told(verdict, record).sentence
        assert "{" not in said
        if verdict_faults(verdict, record):
            assert said == "What this rests on cannot be read."


def test_a_small_share_is_not_told_as_none() -> None:
    speak("en")
    assert not verdict_faults(SUPPORTED, WHOLE)
    assert "by chance 0.01 %" in Told(SUPPORTED, WHOLE).sentence
    assert "by chance 0 %" in Told(SUPPORTED, WHOLE | {"chance": 0.0}).sentence


DAMAGED: list[tuple[Any, dict[str, Any]]] = [
    ("true", {}), ([], {}), (SUPPORTED, {"value": "0.9"}), (SUPPORTED, {"low": None}),
    (SUPPORTED, {"high": 2}), (SUPPORTED, {"items": -1}), (SUPPORTED, {"k": 1.5}),
    (SUPPORTED, {"kind": "sideways"}), (SUPPORTED, {"kind": []}),
    (NOT_MEASURED, {"why": "{0.__class__}"}), (NOT_MEASURED, {"why": REASONS[2]}),
    (NOT_MEASURED, {"why": REASONS[2], "details": {"items": {}}}),
    (SUPPORTED, {"lens": 3}), (SUPPORTED, {"details": [1]}),
]  # fmt: skip


def test_an_import_refuses_a_verdict_that_nothing_could_have_given(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    here, there = (Workshop(tmp_path_factory.mktemp(name)) for name in ("here", "there"))
    lasso = {"layout_id": "l", "polygon": [[0, 0], [1, 0], [1, 1]]}
    said = GivenAbsence(new_id(), "Hands", evidence=(GivenEvidence(new_id(), "lasso", lasso),))
    say(here, author(), said)
    lines = [json.loads(one) for one in export_now(here, "jsonl", None).decode().splitlines()]
    (line,) = (one for one in lines if one["excavate"]["kind"] == "evidence")
    for verdict, changed in DAMAGED:
        line["excavate"]["more"] |= {"verdict": verdict, "measured": WHOLE | changed}
        with pytest.raises(SourceError, match=r"measured|verdict"):
            take_in(there, "\n".join(json.dumps(one) for one in lines), "room.jsonl")
    line["excavate"]["more"] |= {"verdict": SUPPORTED, "measured": WHOLE}
    take_in(there, "\n".join(json.dumps(one) for one in lines), "room.jsonl")
    (kept,) = one_absence(there, said.absence_id, None).evidence
    assert dict(kept.measured) == WHOLE
