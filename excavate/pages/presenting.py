"""The presenter's view: what a shared screen shows, without anything to press."""

from __future__ import annotations

import streamlit as st

PRESENTED = ("board",)  # pages that have such a view


def is_presented(path: str) -> bool:
    """Whether this page is shown to an audience now."""
    return path in PRESENTED and st.query_params.get("view") == "presenter"


def is_for_all(path: str) -> bool:
    """Whether many look at this page at once: a presenter's view, or somebody's presentation."""
    return is_presented(path) or (path == "notebook" and "of" in st.query_params)


def stage_look() -> str:
    """The classes that dress a page for the wall: large, wide, and dark where the link says so."""
    dark = " exc-stage-dark" if st.query_params.get("dark") == "1" else ""
    return f" exc-stage-set{dark}"
