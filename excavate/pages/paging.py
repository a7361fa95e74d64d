"""Pages of a long list: where one stands in it, and the buttons to the pages beside."""

from __future__ import annotations

import streamlit as st

from excavate.i18n import _


def asked_page(count: int, size: int, name: str = "page") -> int:
    """The page number of the URL, from 0; the last one where it asks for more."""
    text = st.query_params.get(name, "1")
    asked = int(text) - 1 if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    return max(0, min(asked, (count - 1) // size))


def show_turns(count: int, size: int, page: int, name: str = "page") -> None:
    """Buttons to the pages before and after; none where all is on one."""
    last = max(0, (count - 1) // size)
    if not last:
        return

    def turn(to: int) -> None:
        st.query_params[name] = str(to + 1)

    with st.container(key=f"turns-{name}", horizontal=True, vertical_alignment="center"):
        st.button(_("Previous"), key=f"before-{name}", disabled=page == 0, on_click=turn,
                  args=(page - 1,))  # fmt: skip
        st.html(f'<span class="exc-quiet">{page + 1:,} / {last + 1:,}</span>', width="content")
        st.button(_("Next"), key=f"after-{name}", disabled=page >= last, on_click=turn,
                  args=(page + 1,))  # fmt: skip
