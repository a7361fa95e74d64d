"""Pictures to be ticked one by one: a grid that wraps, each with a box of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture: its id, its HTML, what its box says, and whether it is ticked at first."""

    one: str
    html: str
    words: str
    ticked: bool = True


def pick(key: str, cells: Sequence[Cell], width: int = 148) -> list[str]:
    """The ids that are ticked, in their order; inside a form until it is sent.

    `width`: of each picture, in pixels.
    """
    chosen = []
    with st.container(key=f"{key}-picking", horizontal=True):
        for number, cell in enumerate(cells):
            with st.container(key=f"{key}-pick-{number}", width=width):
                st.html(cell.html)
                if st.checkbox(cell.words, cell.ticked, key=f"{key}-tick-{cell.one}"):
                    chosen.append(cell.one)
    return chosen
