"""The masthead: name, pages by the four stages of a workshop, look and languages."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from excavate.components.addresses import under
from excavate.i18n import LANGUAGES, N_, _, spoken
from excavate.pages.parts import PAGES, href
from excavate.pages.who_shown import way_out, who_shown

# The four stages, and the pages of each; one that is not among PAGES is not shown yet.
STAGES = (
    (N_("Going out to mine"), (("survey", N_("Survey")), ("items", N_("Items")))),
    (
        N_("Excavating inside and outside"),
        (
            ("map", N_("Map")),
            ("taxonomy", N_("Taxonomy")),
            ("gaps", N_("Gaps")),
            ("compare", N_("Compare")),
        ),
    ),
    (
        N_("Data set-ting"),
        (
            ("room", N_("Room")),
            ("say", N_("Say")),
            ("board", N_("Board")),
            ("judge", N_("Judge")),
            ("counter", N_("Counter")),
            ("draw", N_("Draw")),
        ),
    ),
    (
        N_("Presenting"),
        (("essay", N_("Essays")), ("release", N_("Release")), ("notebook", N_("Notebook"))),
    ),
)


def masthead(current: str) -> None:
    """The same on every page: one line where it fits, else a menu that unfolds."""
    here = ' aria-current="page"' if not current else ""
    mark = f'<a class="exc-mark"{here} href="{escape(href(""))}" data-page target="_self">'
    bar = f'<nav class="exc-bar-of-pages" aria-label="{escape(_("Pages"))}">{groups(current)}</nav>'
    ends = f'<div class="exc-ends">{who_shown()}{_look()}{_tongues(current)}</div>'
    name = f"{mark}Excavate</a>"
    st.html(f'<header class="exc-masthead">{name}{bar}{_menu(current)}{ends}</header>')


def groups(current: str, kind: str = "exc-nav") -> str:
    """The pages, in a list for each stage that has some; the numeral is the Entrance's."""
    found = []
    for number, (stage, pages) in enumerate(STAGES, 1):
        links = "".join(
            f"<li>{_page(path, _(title), path == current, kind)}</li>"
            for path, title in pages
            if path in PAGES
        )
        if links:
            name = escape(_(stage))
            head = f'<span class="exc-stage" title="{name}"><b>{number}</b> <i>{name}</i></span>'
            found.append(f'<div class="exc-group">{head}<ul aria-label="{name}">{links}</ul></div>')
    return "".join(found)


def _page(path: str, title: str, current: bool, kind: str) -> str:
    here = ' aria-current="page"' if current else ""
    address = escape(href(path))
    return f'<a class="{kind}"{here} href="{address}" data-page target="_self">{escape(title)}</a>'


def _menu(current: str) -> str:
    """What narrow screens have in place of the line."""
    titles = {path: title for _stage, pages in STAGES for path, title in pages}
    titles |= {"mine": N_("My record"), "collect": N_("Collect"), "hang": N_("Hang")}
    where = _(titles[current]) if current in titles else _("Pages")
    first = _page("", _("Entrance"), not current, "exc-menu-page")
    mine = _page("mine", _("My record"), current == "mine", "exc-menu-page")
    return (
        f'<details class="exc-menu"><summary><span>{escape(where)}</span></summary>'
        f'<nav aria-label="{escape(_("Pages"))}">{first}{groups(current, "exc-menu-page")}'
        f"{mine}{way_out('exc-menu-page')}</nav></details>"
    )


def _look() -> str:
    """The switch of the look; which of its three names shows is up to the style sheet."""
    names = {"system": _("Look: as the system"), "dark": _("Look: dark"), "light": _("Look: light")}
    said = "".join(f'<span class="exc-look-{k}">{escape(v)}</span>' for k, v in names.items())
    title = escape(_("Dark, light, or as the system"))
    return f'<button type="button" class="exc-look" title="{title}">{said}</button>'


def _tongues(path: str) -> str:
    """The same view in each language."""
    here = {k: v for k, v in st.query_params.to_dict().items() if k != "lang"}
    links = []
    for code, name in LANGUAGES.items():
        current = ' aria-current="true"' if code == spoken() else ""
        target = escape(under(f"/{path}?{urlencode(here | {'lang': code})}"))
        links.append(
            f'<a href="{target}" hreflang="{code}" lang="{code}" data-page target="_self"'
            f"{current}>{name}</a>"
        )
    return f'<nav class="exc-tongues" aria-label="{escape(_("Language"))}">{"".join(links)}</nav>'
