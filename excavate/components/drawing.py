"""Draws what Streamlit's own HTML element leaves out: SVG of our making, every word escaped."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

SHOW = """
export default function ({ data, parentElement }) {
  const kept = parentElement.querySelector(".exc-drawing");
  const frame = kept ?? parentElement.appendChild(document.createElement("div"));
  frame.className = "exc-drawing";
  if (frame.drawn !== data.html) { frame.innerHTML = data.html; frame.drawn = data.html; }
}
"""


@lru_cache(maxsize=1)
def _shower() -> Any:
    return st.components.v2.component("excavate_drawing", js=SHOW, isolate_styles=False)


def draw(html: str, key: str) -> None:
    """Put HTML with SVG on the page. `html` is shown as it is: its words must be escaped."""
    _shower()(key=key, data={"html": html})
