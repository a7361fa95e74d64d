"""When something was said: one way to show a moment, in the hours of who looks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st


def moment_html(moment: datetime, zone: str | None = None) -> str:
    """A moment of the server (UTC, without a zone) as `<time>`, in the zone given or the viewer's.

    Where the viewer's zone is not known the hours are UTC, and that is said.
    """
    exact = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    name = viewer_zone() if zone is None else zone
    here = exact.astimezone(_zone(name))
    said = "" if _zone(name).key != "UTC" else " UTC"
    return f'<time datetime="{exact:%Y-%m-%dT%H:%M:%SZ}">{here:%Y-%m-%d %H:%M}{said}</time>'


def viewer_zone() -> str:
    """The time zone of the browser that this run answers; UTC where it did not say."""
    return st.context.timezone or "UTC"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # no such zone here: a browser may name any
        return ZoneInfo("UTC")
