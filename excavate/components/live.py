"""Follows the workshop's version number in the browser; the page runs again only when it grew."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

EVERY_MS = 2500
FOLLOW = """
const kept = new WeakMap();
export default function ({ data, parentElement, setTriggerValue }) {
  const mine = kept.get(parentElement) ?? { seen: data.version };
  if (data.version > mine.seen) mine.seen = data.version;
  kept.set(parentElement, mine);
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/workshop/version", { cache: "no-store" });
      const version = answer.ok ? Number(await answer.text()) : 0;
      if (version > mine.seen) { mine.seen = version; setTriggerValue("grew", version); }
    } catch { /* the line is down: ask again */ }
  };
  const timer = setInterval(ask, data.every);
  return () => clearInterval(timer);
}
"""


@lru_cache(maxsize=1)
def _follower() -> Any:
    return st.components.v2.component("excavate_live", js=FOLLOW, isolate_styles=False)


def follow(version: int) -> None:
    """Let this page run again within some seconds of anything being written."""
    with st.container(key="live"):
        _follower()(
            key="live-version", data={"version": version, "every": EVERY_MS},
            on_grew_change=lambda: None,
        )  # fmt: skip
