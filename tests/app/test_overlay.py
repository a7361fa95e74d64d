"""Overlay: each kind of region is drawn in its own way, and its name stays on the picture."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from excavate.components.overlay import overlay_svg
from excavate.i18n import speak
from excavate.pages.item import kind_of

SVG = "{http://www.w3.org/2000/svg}"


def region(kind: str, box: Any = (None,) * 4, geometry: Any = None, value: str = "") -> Any:
    """A region as the catalog gives it."""
    named = dict(zip(("x", "y", "width", "height"), box, strict=True))
    said = None if geometry is None else json.dumps(geometry)
    return {"kind": kind, **named, "geometry": said, "value": value}


def drawn(*regions: Any, size: tuple[int, int] = (400, 200)) -> list[ElementTree.Element]:
    """The elements of the drawing, without its style."""
    root = ElementTree.fromstring(overlay_svg(regions, *size))  # noqa: S314 - our own
    return [element for element in root if element.tag != f"{SVG}style"]


def test_a_circle_is_a_circle() -> None:
    (circle,) = drawn(region("circle", (1, 2, 6, 6), {"centre": [4, 5.5], "radius": 3}))
    assert circle.tag == f"{SVG}circle"
    assert [circle.get(name) for name in ("cx", "cy", "r")] == ["4", "5.5", "3"]


def test_a_line_stays_open_and_unfilled() -> None:
    under, line = drawn(region("line", (0, 0, 9, 9), [[0, 0, 9, 9], [1, 1, 2, 2, 3, 1]]))
    assert line.get("d") == under.get("d") == "M0 0L9 9M1 1L2 2L3 1"
    assert (under.get("class"), line.get("class"), line.get("fill")) == ("line under", "line", None)


def test_a_point_is_a_dot() -> None:
    under, point = drawn(region("point", (3, 4, 0, 0), [3.5, 4]))
    assert point.get("d") == under.get("d") == "M3.5 4h0"
    assert point.get("stroke")
    assert point.get("class") == "point"


def test_a_ring_is_closed_and_a_box_is_a_box() -> None:
    ring, box = drawn(
        region("polygon", (0, 0, 9, 9), [[0, 0, 9, 0, 9, 9]]), region("box", (-1, 2, 3, 4))
    )
    assert ring.get("d") == "M0 0L9 0L9 9Z"
    assert [box.get(n) for n in ("x", "y", "width", "height")] == ["-1", "2", "3", "4"]


def test_what_has_no_place_is_not_drawn_and_is_called_so() -> None:
    speak("ko")
    nowhere = region("box")
    assert drawn(nowhere) == []
    assert kind_of(nowhere) == "위치 없음"
    assert [kind_of(region(kind, (0, 0, 1, 1))) for kind in ("circle", "line", "point", "x")] == [
        "원",
        "선",
        "점",
        "x",
    ]


@pytest.mark.parametrize("x", [-50, 0, 200, 399, 450])
@pytest.mark.parametrize("y", [-50, 0, 100, 199, 250])
def test_names_stay_on_the_picture(x: int, y: int) -> None:
    *_, text = drawn(region("point", (x, y, 0, 0), [x, y], "고양이 한 마리"))
    left, base = float(text.get("x", 0)), float(text.get("y", 0))
    assert 0 <= left <= 400
    assert 0 < base <= 200
    assert (text.get("text-anchor") == "end") == (x > 300)


@settings(deadline=None)
@given(st.text(st.characters(codec=None), min_size=1, max_size=45))
@example("a\0b\x08")
@example("\ud800 <&>\uffff")
def test_whatever_a_name_holds_the_drawing_is_xml(name: str) -> None:
    box, text = drawn(region("box", (1, 2, 30, 40), value=name))
    assert box.tag == f"{SVG}rect"
    shown, plain = text.text or "", name[:40].replace("\r\n", "\n").replace("\r", "\n")
    assert len(shown) == len(plain)
    assert {(a, b) for a, b in zip(plain, shown, strict=True) if a != b} <= {
        (odd, "\ufffd") for odd in plain if not odd.isprintable() or odd == "\uffff"
    }
