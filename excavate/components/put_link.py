"""The way in from everywhere: a quiet link that puts items into a counter-dataset."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from excavate.components.addresses import under
from excavate.i18n import _, spoken

MOST = 200  # items that one link carries
BETWEEN = "\n"  # stands in no key of an item


def put_href(item_ids: Sequence[str], way: str, of: str = "", words: str = "") -> str:
    """The page that puts items in. `way`: how they were found; `of`: what they were found by."""
    carried = {"ids": BETWEEN.join(item_ids[:MOST]), "way": way, "of": of, "words": words}
    query = {name: said for name, said in carried.items() if said} | {"lang": spoken()}
    return under(f"/collect?{urlencode(query)}")


def put_link(
    item_ids: Sequence[str], way: str, of: str = "", words: str = "", *, said: str = ""
) -> str:
    """HTML of the link; nothing where there is nothing to put in. `said`: other words for it."""
    if not item_ids:
        return ""
    text = escape(said or _("Put into a counter-dataset"))
    target = escape(put_href(item_ids, way, of, words))
    return f'<a class="exc-put" href="{target}" data-page target="_self">{text}</a>'


def carried_items(ids: str) -> list[str]:
    """The items that a link carries, each once."""
    return list(dict.fromkeys(one for one in ids.split(BETWEEN) if one))[:MOST]
