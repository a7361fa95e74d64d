"""Keeps what is typed in the browser's tab until it is written: nobody loses their words.

A form's words reach the session only when it is sent. A reload, another page or a dropped line
would lose them; so each field is kept in sessionStorage as it is typed, by the ending of its key
(`DRAFT-name`, DRAFT being an id made anew with each session), and put back where it is empty.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

KEEP = """
const FIELD = /st-key-[0-9a-f]{8}-[0-9a-f-]{27}-([\\w-]+)/;
const shelf = (scope) => `excavate-draft:${scope}`;
const read = (scope) => JSON.parse(sessionStorage.getItem(shelf(scope)) ?? "{}");
function nameOf(field) {
  for (let at = field; at; at = at.parentElement) {
    const found = FIELD.exec(at.className ?? "");
    if (found) return found[1];
  }
  return null;
}
function fields() {
  const all = document.querySelectorAll("[data-testid='stForm'] input[type='text'], "
    + "[data-testid='stForm'] textarea");
  return [...all].filter((field) => !field.getAttribute("role"));  // a select box is no text
}
function fill(field, words) {  // as if it were typed, so that React and Streamlit take it
  const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, words);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
export default function ({ data }) {
  for (const [scope, beginning] of data.written) {
    const left = Object.entries(read(scope)).filter(([name]) => !name.startsWith(beginning));
    sessionStorage.setItem(shelf(scope), JSON.stringify(Object.fromEntries(left)));
  }
  const touched = new WeakSet();
  const keep = ({ target, isTrusted }) => {
    const name = isTrusted && fields().includes(target) ? nameOf(target) : null;
    if (!name) return;
    touched.add(target);
    const kept = read(data.scope);
    if (target.value) kept[name] = target.value; else delete kept[name];
    sessionStorage.setItem(shelf(data.scope), JSON.stringify(kept));
  };
  const restore = () => {
    const kept = read(data.scope);
    for (const field of fields()) {
      const name = nameOf(field);
      const words = kept[name];
      const ours = !field.value || name?.startsWith("correct-");  // what stands is corrected
      if (words && words !== field.value && ours && !touched.has(field)) fill(field, words);
    }
  };
  const watcher = new MutationObserver(restore);  // fields that are drawn later, too
  restore();
  watcher.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("input", keep, true);
  return () => { watcher.disconnect(); document.removeEventListener("input", keep, true); };
}
"""
WRITTEN = "drafts-written"


@lru_cache(maxsize=1)
def _keeper() -> Any:
    return st.components.v2.component("excavate_drafts", js=KEEP, isolate_styles=False)


def keep_typed(scope: str) -> None:
    """Keep the words of this page's forms in the tab; `scope` tells one page's from another's."""
    written = st.session_state.pop(WRITTEN, [])
    with st.container(key="drafts"):
        _keeper()(key="drafts-keeper", data={"scope": scope, "written": written})


def forget_typed(scope: str, beginning: str = "") -> None:
    """Fields of `scope` whose names begin so are written now: the next run forgets them."""
    st.session_state[WRITTEN] = [*st.session_state.get(WRITTEN, []), (scope, beginning)]
