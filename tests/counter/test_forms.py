"""A drawing is brought to the form of a dataset's items, measured in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from excavate.counter.forms import PLAIN, Form, as_dataset, form_of, measured
from excavate.counter.strokes import Drawing, drawn, written
from tests.counter.strokes_made import BAR, RING, SEVEN, drawings, strokes

UCI = Form(8, 8, light=True, ink=0.31, fills=(0.75, 1.0))


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    """The digits as scikit-learn gives them: greys 0 to 16 (n, 8, 8), and what each is."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.images, bunch.target


@pytest.mark.parametrize(("lines", "said"), [(BAR, 1), (RING, 0), (SEVEN, 7)], ids=["1", "0", "7"])
def test_a_drawn_digit_lies_among_those_of_its_kind(lines, said, digits) -> None:
    images, target = digits
    form = measured([(one * 255 / 16).astype(np.uint8) for one in images[:240]], 8, 8)
    seen = np.asarray(as_dataset(drawn(strokes(lines)), form), float).ravel()
    known = images.reshape(len(images), -1)
    similar = known @ seen / np.linalg.norm(known, axis=1) / np.linalg.norm(seen)
    nearest = target[np.argsort(-similar)[:5]]
    assert nearest[0] == said
    assert (nearest == said).sum() >= 3, nearest


def test_the_form_of_the_digits_is_that_of_uci(digits) -> None:
    form = measured([(one * 255 / 16).astype(np.uint8) for one in digits[0]], 8, 8)
    assert (form.width, form.height, form.light, form.fills) == (8, 8, True, (0.75, 1.0))
    assert form.ink == pytest.approx(0.305, abs=0.02)


@settings(max_examples=40, deadline=None)
@given(drawings())
def test_its_greys_are_counts_of_dots_in_blocks_of_four(drawing: Drawing) -> None:
    greys = np.asarray(as_dataset(drawn(written(drawing), 128), UCI), float)
    assert greys.shape == (8, 8)
    counts = greys * 16 / 255
    assert np.abs(counts - counts.round()).max() < 0.04  # of sixteen dots, none by half


def test_thin_and_thick_lines_come_to_the_ink_of_the_dataset() -> None:
    for width in (6, 24, 60):
        greys = np.asarray(as_dataset(drawn(strokes(SEVEN, width=width)), UCI), float)
        assert greys.mean() / 255 == pytest.approx(UCI.ink, abs=0.09), width


def test_on_a_light_ground_ink_is_dark() -> None:
    light = np.asarray(as_dataset(drawn(strokes(BAR)), UCI), int)
    dark = Form(8, 8, light=False, ink=0.31, fills=(0.75, 1.0))
    assert (np.asarray(as_dataset(drawn(strokes(BAR)), dark), int) == 255 - light).all()


def test_a_dash_is_not_stretched_into_a_block() -> None:
    greys = np.asarray(as_dataset(drawn(strokes([[(80, 256), (430, 250)]])), UCI))
    assert (greys[[0, 7]] == 0).all()  # as high as the eight rows it would be
    assert greys[3:5].min() >= 200


def test_an_empty_sheet_stays_empty() -> None:
    assert np.asarray(as_dataset(Image.new("L", (64, 64), 255), UCI)).max() == 0


def test_photographs_have_no_ink_and_take_a_drawing_as_it_is() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (20, 32, 32)).astype(np.uint8)
    form = measured(list(noise), 32, 32)
    assert form.light is None
    seen = as_dataset(drawn(strokes(BAR)), form)
    assert (seen.size, seen.mode) == ((32, 32), "RGB")
    assert np.asarray(seen)[0, 0].tolist() == [255, 255, 255]
    assert as_dataset(drawn(strokes(BAR)), PLAIN).size == (512, 512)


def test_a_site_is_measured_by_what_it_shows(made_site: Path) -> None:
    from excavate.site import Site

    site = Site(made_site)
    try:
        assert form_of(site, "digits").light is True
        assert form_of(site, "shapes") == PLAIN  # its pictures differ in size
        assert form_of(site, "street").light is None  # in colour
    finally:
        site.close()
