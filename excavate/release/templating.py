"""Pages of a release out of templates: whatever people wrote is words, never markup.

HTML is escaped by jinja2 itself; in Markdown every value passes `plain`, where no sign of it means
anything. Only what a template writes is markup.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.workshop.absence_types import Words
from excavate.workshop.minutes import plain

FOLDER = Path(__file__).with_name("templates")


def html(template: str, values: dict[str, Any], to: Path) -> None:
    """Write an HTML page; memory does not grow with what a list in it holds."""
    environment = _environment(autoescape=True)
    environment.filters["both"] = both
    with to.open("w", encoding="utf-8", newline="\n") as stream:
        parts = environment.get_template(template).stream(values)
        parts.enable_buffering(200)
        stream.writelines(parts)


def markdown(template: str, values: dict[str, Any]) -> str:
    """A Markdown text in which values are plain words."""
    environment = _environment(autoescape=False, finalize=_as_words)
    environment.filters |= {"ours": _ours, "link": _link}
    return str(environment.get_template(template).render(values))


def _environment(**how: Any) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(  # noqa: S701 - HTML is escaped by autoescape, Markdown by `_as_words`
        loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, **how,
    )  # fmt: skip


def _as_words(value: Any) -> Any:
    """What stands in {{ }} as Markdown: an int as it is, everything else as plain words."""
    from markupsafe import Markup

    if isinstance(value, Markup | int):
        return value
    return cell(str(value))


def _ours(text: str) -> Any:
    """A text that nobody but us writes: a number, a version."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - ours


def _link(address: str) -> Any:
    """An address of ours, of a licence."""
    from markupsafe import Markup

    return Markup(f"<{address}>")  # noqa: S704 - ours


def cell(text: str) -> str:
    """Words on one line, in a table too."""
    return plain(text).replace("\\|", "|").replace("|", "\\|")


@lru_cache(maxsize=4096)
def both(words: Words) -> Any:
    """Words in both languages, for the page to show one of; once where they are the same."""
    from markupsafe import Markup, escape

    if words.ko == words.en:
        return escape(words.en)
    ko, en = escape(words.ko or words.en), escape(words.en or words.ko)
    return Markup(  # noqa: S704 - both are escaped
        f'<span class="ko" lang="ko">{ko}</span><span class="en" lang="en"> {en}</span>'
    )
