"""What a page shows to one who is not in the room (any more): nothing but the way to the door."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.addresses import under
from excavate.errors import ExcavateError
from excavate.i18n import _, spoken
from excavate.pages.who import here
from excavate.routes import served_workshop
from excavate.settings import Settings


def is_outside() -> bool:
    """Whether this page may not be shown to the one who looks; says so where it may not."""
    if not Settings.from_environment().shared:
        return False
    try:
        inside = here(served_workshop()).role != "gone"
        what = _("You are not in this room any more")
        todo = _("You left it, the facilitator closed it to you, or the room has ended.")
    except ExcavateError:
        inside, what = False, _("The room cannot be opened")
        todo = _("Nothing is lost. Tell the facilitator; the host's log says more.")
    if not inside:
        way = f'<a href="{escape(under("/join"))}?lang={spoken()}" target="_self">'
        said = f"<strong>{escape(what)}</strong><p>{escape(todo)}</p>"
        way += f"{escape(_('To the door'))}</a>"
        st.html(f'<div class="exc exc-notice" role="alert">{said}<p>{way}</p></div>')
    return not inside
