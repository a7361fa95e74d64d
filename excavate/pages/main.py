"""The frame of every page: language, masthead, the page itself, errors told in words."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from excavate.components.faces import any_met, look_through
from excavate.components.now import show_now
from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.labour_here import count_here
from excavate.pages.masthead import masthead
from excavate.pages.outside_room import is_outside
from excavate.pages.parts import PAGES, follow_links, settle_language, told
from excavate.pages.presenting import is_for_all, is_presented
from excavate.pages.veiling import show_face_veil
from excavate.routes import served_site, served_workshop
from excavate.settings import Settings

settle_language()
titles = {
    "": _("Entrance"), "survey": _("Survey"), "dossier": _("Dossier"), "find": _("Bring a find"),
    "items": _("Items"), "map": _("Map"), "item": _("Item"), "taxonomy": _("Taxonomy"),
    "compare": _("Compare"),
    "check": _("Hand-check"), "gaps": _("Gaps"), "finding": _("Finding"),
    "room": _("The room"),
    "say": _("Record as absent"), "absence": _("Absence"), "board": _("Board"),
    "judge": _("Look and judge"),
    "release": _("Release"), "essay": _("Essays"),
    "notebook": _("Notebook"), "mine": _("My record"),
    "counter": _("Counter-dataset"), "collect": _("Collect"), "hang": _("Hang"),
    "draw": _("Draw"),
}  # fmt: skip
st.set_page_config(layout="wide", initial_sidebar_state="collapsed")
pages = [
    st.Page(file, title=f"{titles[path]} · Excavate", url_path=path or None, default=not path)
    for path, file in PAGES.items()
]
page = st.navigation(pages, position="hidden")
if is_outside():
    st.stop()
presented = is_presented(page.url_path)
follow_links(veiled=is_for_all(page.url_path))
if not presented:
    masthead(page.url_path)
with suppress(ExcavateError):  # a page that needs the workshop says so itself
    show_now(served_workshop())
    count_here(served_workshop(), page.url_path)
with suppress(ExcavateError):  # nothing dug: no pictures
    look_through(served_site(), Settings.from_environment().archives)
over = st.container()
with told():
    page.run()
if not is_for_all(page.url_path) and any_met():
    with over:
        show_face_veil()
