"""When something was said: one way to show a moment, in the hours of who looks."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

# The zone that a request of our own named; a page's run has the browser's from Streamlit.
_named: ContextVar[str | None] = ContextVar("zone", default=None)


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
    return _named.get() or st.context.timezone or "UTC"


def tell_in(name: str) -> str:
    """A request names its viewer's zone; what it is called here, UTC where there is none such."""
    zone = _zone(name or "UTC").key
    _named.set(zone)
    return zone


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # no such zone here: a browser may name any
        return ZoneInfo("UTC")
