"""Run-length encodings against pycocotools' own, picture by picture."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from pycocotools import mask

from excavate.sources.coco_masks import encodings, segment_ids

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
pictures = arrays.arrays(np.int64, shapes, elements=st.sampled_from([0, 1, 2, 300, 70_000]))


@settings(deadline=None)
@given(pictures)
def test_each_segment_is_what_pycocotools_encodes(ids: Any) -> None:
    found = encodings(ids, [1, 2, 300, 70_000, 5])
    assert set(found) == set(np.unique(ids)) - {0}
    for segment, encoding in found.items():
        wanted = np.asfortranarray(ids == segment).astype(np.uint8)
        theirs = mask.encode(wanted)
        assert encoding == {"size": list(ids.shape), "counts": theirs["counts"].decode()}
        assert (mask.decode(encoding) == wanted).all()


def test_the_colour_is_the_id() -> None:
    shown = np.array([[[0, 0, 0], [44, 1, 0], [112, 17, 1]]], np.uint8)
    for mode in ("RGB", "RGBA"):
        out = io.BytesIO()
        Image.fromarray(shown).convert(mode).save(out, "PNG")
        assert segment_ids(out.getvalue()).tolist() == [[0, 300, 70_000]]


def test_a_grey_png_is_refused() -> None:
    out = io.BytesIO()
    Image.new("L", (2, 2)).save(out, "PNG")
    with pytest.raises(ValueError, match="a L picture, not RGB"):
        segment_ids(out.getvalue())
