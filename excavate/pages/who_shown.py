"""Who one is in a shared room, in the masthead: their own record, and the way out."""

from __future__ import annotations

from html import escape

from excavate.components.addresses import under
from excavate.door.papers import ROLES
from excavate.errors import ExcavateError
from excavate.i18n import _, spoken
from excavate.pages.parts import href
from excavate.pages.who import here
from excavate.routes import served_workshop
from excavate.settings import Settings


def who_shown() -> str:
    """Name, role, and the way out; nothing where nobody came in by a door."""
    if not Settings.from_environment().shared:
        return ""
    try:
        looks = here(served_workshop())
    except ExcavateError:
        return ""
    role = _(ROLES.get(looks.role, ROLES["viewer"]))
    name = looks.shown_name or role
    known = f"{looks.shown_name} · {role}" if looks.shown_name else role
    title = escape(_("{who}: my own record").format(who=known))
    marked = f"<small>{escape(role)}</small>" if looks.role in ("reviewer", "facilitator") else ""
    mine = f'<a href="{escape(href("mine"))}" data-page target="_self" title="{title}">'
    return (
        f'<span class="exc-who">{mine}<b>{escape(name)}</b>{marked}</a>{way_out("exc-out")}</span>'
    )


def way_out(kind: str) -> str:
    """The link to the door's page for leaving, or moving to another device."""
    if not Settings.from_environment().shared:
        return ""
    address = f"{under('/leave')}?lang={spoken()}"
    return f'<a class="{kind}" href="{escape(address)}" target="_self">{escape(_("Go out"))}</a>'
