"""The address of what is looked at, whole, to be copied and sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from excavate.i18n import _

COPY = """
const made = (name, more) => Object.assign(document.createElement(name), more);
export default function ({ data, parentElement }) {
  parentElement.querySelector(".exc-copy")?.remove();
  const box = made("div", { className: "exc exc-copy" });
  const label = made("label", { textContent: data.words.link });
  const field = made("input", { type: "text", readOnly: true });
  field.value = new URL(data.path, location.origin).href;
  field.addEventListener("focus", () => field.select());
  const press = made("button", { type: "button", textContent: data.words.copy });
  const told = made("span", { className: "exc-quiet" });
  told.setAttribute("role", "status");
  press.addEventListener("click", async () => {
    field.select();
    try { await navigator.clipboard.writeText(field.value); }
    catch { document.execCommand("copy"); }  // where the page came without TLS
    told.textContent = data.words.copied;
  });
  label.append(field);
  box.append(label, press, told);
  parentElement.append(box);
}
"""


@lru_cache(maxsize=1)
def _copier() -> Any:
    return st.components.v2.component("excavate_copy", js=COPY, isolate_styles=False)


def show_copy_link(path: str) -> None:
    """A field with the whole address of a path of ours, and a press that copies it."""
    words = {"link": _("Its link"), "copy": _("Copy"), "copied": _("Copied")}
    _copier()(key="copy-link", data={"path": path, "words": words})
