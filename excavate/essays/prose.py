"""An essay's prose as HTML: Markdown without raw HTML, numbers out of figures, notes of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.essays.marks import NOTE, NUMBER
from excavate.essays.reckoned import Reckoned
from excavate.essays.worded import interval, spoken_number, words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline


@dataclass(frozen=True, slots=True)
class Told:
    """What the prose is filled with. `order`: each source's number; `doubted`: the unseen ones.

    prefix: what stands before every id, so that two essays can stand on one page.
    """

    prefix: str
    figures: Mapping[str, Reckoned]
    order: Mapping[str, int]
    doubted: frozenset[str]


def prose_html(markdown: str, language: str, told: Told) -> str:
    """A stretch of prose in one language as HTML; what looks like HTML in it is shown as text."""
    rendered: str = _renderer().render(markdown, {"language": language, "told": told})
    return rendered


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).disable("image")
    made.inline.ruler.before("link", "essay_note", _note)
    made.inline.ruler.before("link", "essay_number", _number)
    made.add_render_rule("essay_note", _note_html)
    made.add_render_rule("essay_number", _number_html)
    made.add_render_rule("link_open", _link_html)
    return made


def _note(state: StateInline, silent: bool) -> bool:
    found = NOTE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("essay_note", "", 0).meta = {"source": found[1]}
    state.pos = found.end()
    return True


def _number(state: StateInline, silent: bool) -> bool:
    found = NUMBER.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("essay_number", "", 0).meta = {"figure": found[1], "name": found[2]}
    state.pos = found.end()
    return True


def _note_html(_self: Any, tokens: Sequence[Any], at: int, _options: Any, env: Any) -> str:
    told, source = env["told"], tokens[at].meta["source"]
    number, language = told.order.get(source, 0), env["language"]
    mark = ""
    if source in told.doubted:
        unseen = words("figure.unverified").of(language)
        mark = f' <small class="essay-unverified">{escape(unseen)}</small>'
    named = f"{words('essay.sources').of(language)} {number}"
    return (
        f'<sup class="essay-note"><a href="#{told.prefix}note-{number}"'
        f' aria-label="{escape(named)}">{number}</a></sup>{mark}'
    )


def _number_html(_self: Any, tokens: Sequence[Any], at: int, _options: Any, env: Any) -> str:
    meta, told = tokens[at].meta, env["told"]
    figure = told.figures.get(meta["figure"])
    inner, bounds = number_html(figure, meta["name"], env["language"])
    place = f"{told.prefix}{escape(meta['figure'])}"
    return f'<a class="essay-number" href="#{place}">{inner}</a>{bounds}'


def number_html(figure: Reckoned | None, name: str, language: str) -> tuple[str, str]:
    """A figure's number, and its interval; hatched where the figure is not computed."""
    if figure is None or not figure.is_computed:
        unmeasured = escape(words("state.not_measured").of(language))
        return f'<span class="essay-hatched-word">{unmeasured}</span>', ""
    number = figure.numbers.get(name)
    if number is None:
        gone = escape(f"{words('state.no_number').of(language)}: {name}")
        return f'<span class="essay-hatched-word">{gone}</span>', ""
    said = f'<data value="{number.value!r}">{escape(spoken_number(number, language))}</data>'
    bounds = interval(number, language)
    quiet = f' <small class="essay-interval">({escape(bounds)})</small>' if bounds else ""
    return said, quiet


def _link_html(self: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    """A link leads outside: it opens beside the essay, and tells nobody where it was pressed."""
    tokens[at].attrSet("rel", "noopener noreferrer")
    tokens[at].attrSet("target", "_blank")
    rendered: str = self.renderToken(tokens, at, options, env)
    return rendered
