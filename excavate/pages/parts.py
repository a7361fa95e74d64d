"""What the pages share: links that keep the session, notices, URL-bound choices."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from excavate.components.addresses import under
from excavate.errors import ExcavateError, SiteError, SourceError
from excavate.i18n import _, preferred, speak, spoken
from excavate.pages.error_words import worded
from excavate.routes import served_site
from excavate.site import Site

PAGES = {
    "": "entrance.py", "survey": "survey.py", "dossier": "dossier.py", "find": "find.py",
    "items": "items.py", "map": "map_page.py", "item": "item.py",
    "taxonomy": "taxonomy.py", "compare": "compare.py",
    "check": "check.py", "gaps": "gaps.py", "finding": "finding.py",
    "room": "room.py",
    "say": "say.py", "absence": "absence.py", "board": "board.py",
    "judge": "judge.py",
    "release": "release.py", "essay": "essay.py",
    "notebook": "notebook.py", "mine": "mine.py",
    "counter": "counter.py", "collect": "collect.py", "hang": "hang.py",
    "draw": "draw.py",
}  # fmt: skip

FACES = "faces-unveiled"  # in the session, never in the link

# A click on one of our own links goes through the session instead of loading the page anew. It
# waits for a press before it: in one run with it, or while its run has not come to it, the page
# would change before the press was heard. On a slow line a run is seen to begin late.
FOLLOW = """
const LOOK_AGAIN = 80, HEARD_BY = 3000, AT_MOST = 10000; // ms
const STATE = "data-test-script-state";
const still = () => document.querySelector(`[${STATE}="notRunning"]`);
const LOOKS = ["", "dark", "light"];
// The head's script settles the look before anything is drawn, so a change loads the page anew.
function turnLook() {
  const look = document.documentElement.dataset.look ?? "";
  localStorage.setItem("excavate-look", LOOKS[(LOOKS.indexOf(look) + 1) % LOOKS.length]);
  location.reload();
}
let pressed = 0, begun = true, going = 0, send = () => {};
new MutationObserver(() => { begun ||= !still(); })
  .observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: [STATE] });
// Streamlit writes the next page's query behind the old page's path before it goes there: Back
// would lead to a page where nobody was. That entry is written over until the page is reached.
let led = { path: "", from: "", at: 0 };
const path = (url) => new URL(url, location.href).pathname.replace(/\\/+$/, "");
const push = history.pushState.bind(history);
history.pushState = (state, title, url) => {
  if (!led.path || Date.now() - led.at > AT_MOST) { push(state, title, url); return; }
  if (path(url) !== led.path) {
    led.from ||= location.href;
    history.replaceState(history.state, "", url);
    return;
  }
  if (led.from) history.replaceState(history.state, "", led.from);
  led.path = "";
  push(state, title, url);
};
function go(address) {
  const since = Date.now() - pressed;
  const unheard = since < LOOK_AGAIN || (!begun && since < HEARD_BY) || !still();
  if (unheard && since < AT_MOST) going = setTimeout(go, LOOK_AGAIN, address);
  else {
    led = { path: path(address), from: "", at: Date.now() };
    send("followed", address);
  }
}
function press(event) {
  const asks = event.type === "click" ? event.target.closest?.("button") : event.key === "Enter";
  if (!asks || event.target.closest?.("a")) return;
  pressed = Date.now();
  begun = !event.target.closest("[data-testid=stButton], [data-testid=stFormSubmitButton]");
}
function follow(event) {
  const link = event.target.closest?.("a[data-page]");
  if (event.target.closest?.(".exc-look")) { turnLook(); return; }
  const plain = !event.defaultPrevented && event.button === 0
    && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !plain) return;
  event.preventDefault();
  link.closest("details.exc-menu")?.removeAttribute("open");
  clearTimeout(going);
  go(link.getAttribute("href"));
}
const HEARD = [["click", press], ["keydown", press], ["click", follow]];
export default function ({ setTriggerValue, data }) {
  send = setTriggerValue;
  document.documentElement.lang = data.language;
  document.documentElement.dataset.faces = data.faces;
  for (const [what, told] of HEARD) document.addEventListener(what, told);
  return () => { for (const [what, told] of HEARD) document.removeEventListener(what, told); };
}
"""


def settle_language() -> str:
    """The language of the link, else of the session, else of the browser; kept in the link."""
    header = st.context.headers.get("Accept-Language")
    asked = st.query_params.get("lang") or st.session_state.get("lang") or preferred(header)
    language = speak(asked)
    st.session_state["lang"] = language
    if st.query_params.get("lang") != language:
        st.query_params["lang"] = language
    return language


def href(page: str, **query: str | None) -> str:
    """A link to a page with its query, in the language of this run."""
    kept = {k: v for k, v in query.items() if v} | {"lang": spoken()}
    return under(f"/{page}?{urlencode(kept)}")


def link(page: str, text: str, **query: str | None) -> str:
    """An HTML link to a page of ours; `text` is escaped."""
    return f'<a href="{escape(href(page, **query))}" data-page target="_self">{escape(text)}</a>'


@lru_cache(maxsize=1)
def _follower() -> Any:
    return st.components.v2.component("excavate_links", js=FOLLOW, isolate_styles=False)


def follow_links(*, veiled: bool = False) -> None:
    """Mount the listener for our links, and go where the last click pointed.

    `veiled`: faces stay blurred on this page, whatever this session has unveiled.
    """
    faces = "shown" if st.session_state.get(FACES) and not veiled else "blurred"
    with st.container(key="links"):
        said = {"language": spoken(), "faces": faces}
        seen = _follower()(key="follower", data=said, on_followed_change=lambda: None)
    if seen.followed:
        parts = urlsplit(seen.followed)
        page = PAGES.get(parts.path.removeprefix(under("")).strip("/"))
        if page:
            st.switch_page(f"{page}", query_params=dict(parse_qsl(parts.query)))


@contextmanager
def told() -> Iterator[None]:
    """Show an ExcavateError as a notice: what, where, what to do. Never a stack trace."""
    try:
        yield
    except ExcavateError as error:
        show_error(error)


def show_error(error: ExcavateError) -> None:
    """An error as a drawn, dashed notice, in the language of the run."""
    lines = [f"<strong>{escape(worded(error.what))}</strong>"]
    if error.where:
        lines.append(f"<code>{escape(error.where)}</code> ")
    if error.todo:
        lines.append(f"<p>{escape(worded(error.todo))}</p>")
    if isinstance(error, SourceError):
        lines += [f"<div>{escape(f'{o.place}: {worded(o.what)}')}</div>" for o in error.faults]
    st.html(f'<div class="exc exc-notice" role="alert">{"".join(lines)}</div>')


def site_or_notice() -> Site | None:
    """The served site; None after saying that nothing has been dug into it yet."""
    try:
        site = served_site()
    except SiteError as error:
        where = Path(error.where).name or "sites/digits"
    else:
        if site.generation:  # raises where CURRENT is broken: that is no empty site
            return site
        where = site.folder.path.name
    body = _("Dig a dataset into this site, and it is shown here.")
    notice(_("Nothing has been dug here yet"), body, f"excavate dig digits --site {where}")
    return None


def tell(error: Exception) -> bool:
    """What the app shows of an error that nothing else caught; the log keeps the rest."""
    if isinstance(error, ExcavateError):
        show_error(error)
        return True
    logging.getLogger("excavate").error("a page failed", exc_info=error)
    body = _("What you had is kept. Reload the page; the host's log says more.")
    notice(_("This page could not be drawn"), body)
    return True


def notice(title: str, body: str = "", code: str = "") -> None:
    """An empty place, drawn: what is not here, and how it could be."""
    command = f"<p><code>{escape(code)}</code></p>" if code else ""
    text = f"<p>{escape(body)}</p>" if body else ""
    st.html(f'<div class="exc exc-notice"><strong>{escape(title)}</strong>{text}{command}</div>')


def choose(
    label: str,
    name: str,
    options: Sequence[str | None],
    shown: Callable[[str | None], str],
    clears: Sequence[str] = (),
) -> str | None:
    """A select box whose choice lives in the URL as `name`; a change drops `clears`, too.

    An option of None asks nothing and leaves the URL free of `name`.
    """
    current = st.query_params.get(name)
    key = f"choice-{name}"
    offered = [option or "" for option in options]
    st.session_state[key] = current if current in offered else offered[0]

    def write() -> None:
        for gone in (name, *clears):
            st.query_params.pop(gone, None)
        if st.session_state[key]:
            st.query_params[name] = st.session_state[key]

    def words(option: str) -> str:
        return shown(option or None)

    return st.selectbox(label, offered, format_func=words, key=key, on_change=write) or None


def tick(label: str, name: str, clears: Sequence[str] = ()) -> bool:
    """A tick box whose state lives in the URL as `name=1`."""
    key = f"choice-{name}"
    st.session_state[key] = st.query_params.get(name) == "1"

    def write() -> None:
        for gone in (name, *clears):
            st.query_params.pop(gone, None)
        if st.session_state[key]:
            st.query_params[name] = "1"

    return bool(st.checkbox(label, key=key, on_change=write))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A hairline table; cells are HTML already safe, heads are escaped."""
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f'<table class="exc-said"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """A list of named facts; names are escaped, values are HTML already safe."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs)
    return f"<dl>{rows}</dl>"


def layout_holding(site: Site, dataset_id: str) -> str | None:
    """The newest layout that holds a dataset."""
    for layout in reversed(site.layouts()):
        if dataset_id in [name for name, _revision in layout.provenance["datasets"]]:
            return layout.id
    return None


def not_given_out(row: Mapping[str, Any]) -> str:
    """Of a withdrawn, lost or enclosed dataset: why a copy of it was dug; else nothing."""
    reason = row.get("withdrawn")
    if not isinstance(reason, str):  # a frame says NaN where nothing was said
        return ""
    words = _("It is not given out any more; this copy was dug because: {reason}")
    return f'<p class="exc-dashed">{escape(words.format(reason=reason))}</p>'


def lens_sentence(trained_on: str, has_text: bool) -> str:
    """Through whose eyes the pictures are arranged, in one sentence."""
    if trained_on == "not trained":
        seen = _(
            "Arranged by what is computed from the pixels alone: nothing was trained, "
            "this is not CLIP."
        )
    elif trained_on == "not stated":
        seen = _("Seen through weights whose training data is not stated.")
    else:
        seen = _("Seen through {data}.").format(data=trained_on)
    return seen if has_text else f"{seen} {_('It knows no words, so text search is off.')}"
