"""Runs a page again when its topics were written: listens to the strip, which alone asks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from excavate.workshop.store import Workshop

FOLLOW = """
const kept = new WeakMap();
export default function ({ data, parentElement, setTriggerValue }) {
  const mine = kept.get(parentElement) ?? { seen: data.version };
  if (data.version > mine.seen) mine.seen = data.version;
  kept.set(parentElement, mine);
  const look = ({ detail }) => {
    const version = Math.max(...data.topics.map((topic) => detail.topics[topic] ?? 0));
    if (version > mine.seen) { mine.seen = version; setTriggerValue("grew", version); }
  };
  document.addEventListener("excavate:now", look);
  return () => document.removeEventListener("excavate:now", look);
}
"""


@lru_cache(maxsize=1)
def _follower() -> Any:
    return st.components.v2.component("excavate_live", js=FOLLOW, isolate_styles=False)


def follow(workshop: Workshop, *topics: str) -> None:
    """Let this page run again within some seconds of one of these topics being written.

    Topics are those of the tables: room, finds, board, round, judge, own. Where a page can do
    with an element that is fetched anew (`data-live`), that is cheaper by far.
    """
    versions = workshop.topics
    version = max(versions[topic] for topic in topics)
    with st.container(key="live"):
        _follower()(
            key="live-version", data={"version": version, "topics": list(topics)},
            on_grew_change=lambda: None,
        )  # fmt: skip
