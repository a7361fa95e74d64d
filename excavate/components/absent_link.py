"""The way in from everywhere: a quiet link that says that something is absent there."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from excavate.components.addresses import under
from excavate.i18n import _, _n, spoken
from excavate.workshop.about import About, about_query


def say_href(about: About) -> str:
    """The page that says an absence, said of this."""
    return under("/say?" + urlencode(about_query(about) | {"lang": spoken()}))


def absence_href(absence_id: str) -> str:
    """The link of an absence."""
    return under("/absence?" + urlencode({"id": absence_id, "lang": spoken()}))


def absent_link(about: About, words: str = "") -> str:
    """HTML of the link; `words` where it needs to say what of."""
    text = escape(words or _("Record as absent"))
    target = escape(say_href(about))
    return f'<a class="exc-absent" href="{target}" data-page target="_self">{text}</a>'


def spoken_link(count: int, key: str) -> str:
    """How many absences speak of it already, leading to the board that holds them alone."""
    if not count:
        return ""
    words = _n("{n} absence", "{n} absences", count).format(n=f"{count:,}")
    target = escape(under("/board?" + urlencode({"about": key, "lang": spoken()})))
    return f'<a class="exc-spoken" href="{target}" data-page target="_self">{escape(words)}</a>'
