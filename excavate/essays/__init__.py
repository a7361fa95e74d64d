"""Essays: Markdown in Korean and English whose figures are computed from a site when read.

rendered("thirteen-hands", site, "both")   one <article>, no script, class names `essay-…`
whole_page("thirteen-hands", site, "ko")   a whole HTML file that asks for nothing outside itself
style()                                    the style sheet that both need
"""

from __future__ import annotations

from typing import Any

__all__ = ["names", "read_essay", "rendered", "style", "whole_page"]
HOMES = {
    "names": "excavate.essays.reading", "read_essay": "excavate.essays.reading",
    "rendered": "excavate.essays.rendering", "style": "excavate.essays.rendering",
    "whole_page": "excavate.essays.rendering",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """A name of the public face, fetched when it is asked for."""
    from importlib import import_module

    if name not in HOMES:
        raise AttributeError(f"module 'excavate.essays' has no attribute '{name}'")
    return getattr(import_module(HOMES[name]), name)
