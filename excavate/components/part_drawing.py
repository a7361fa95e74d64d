"""A part of a picture, drawn as a rectangle over it or given by four numbers, to be spoken of.

All of it happens in the browser: the link that says it is made anew with every change.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from excavate.i18n import _, spoken

DRAW = """
const kept = new WeakMap();
const NAMES = ["left", "top", "width", "height"];
const made = (name, more) => Object.assign(document.createElement(name), more);
const whole = (number) => Math.round(Math.min(100, Math.max(0, number)));

function build(parent, data) {
  const box = made("div", { className: "exc exc-part-choice" });
  const turn = made("button", { type: "button", textContent: data.words.choose });
  const form = made("div", { className: "exc-part-numbers", hidden: true });
  const hint = made("p", { className: "exc-note", textContent: data.words.hint });
  const fields = NAMES.map((name) => {
    const label = made("label", { textContent: data.words[name] });
    const field = made("input", { type: "number", min: 0, max: 100, step: 1 });
    label.append(field);
    return [label, field];
  });
  const row = made("div", { className: "exc-part-row" });
  row.append(...fields.map(([label]) => label));
  const link = made("a", { className: "exc-absent", textContent: data.words.say, target: "_self" });
  link.dataset.page = "";
  const ways = made("p", { className: "exc-ways" });
  ways.append(link);
  form.append(hint, row, ways);
  box.append(turn, form);
  parent.append(box);
  return { box, turn, form, fields: fields.map(([, field]) => field), link };
}

export default function ({ data, parentElement }) {
  kept.get(parentElement)?.();
  parentElement.querySelector(".exc-part-choice")?.remove();
  const { turn, form, fields, link } = build(parentElement, data);
  let part = [25, 25, 50, 50];
  let ground = null;
  let from = null;
  const picture = () => document.querySelector(".exc-large");

  function show() {
    part = part.map(whole);
    part[2] = Math.max(1, Math.min(part[2], 100 - part[0]));
    part[3] = Math.max(1, Math.min(part[3], 100 - part[1]));
    const [x, y, w, h] = part;
    fields.forEach((field, place) => {
      if (document.activeElement !== field) field.value = part[place];
    });
    const on = JSON.stringify({ item_id: data.item, xywh: `percent:${x},${y},${w},${h}` });
    link.href = `${data.say}?${new URLSearchParams({ of: "part", on, lang: data.language })}`;
    const mark = ground?.firstChild;
    const box = { left: `${x}%`, top: `${y}%`, width: `${w}%`, height: `${h}%` };
    if (mark) Object.assign(mark.style, box);
  }
  const at = (event) => {
    const box = ground.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    return [whole(100 * across), whole(100 * down)];
  };
  function spread(event) {
    if (!from) return;
    const to = at(event);
    const [left, top] = [0, 1].map((axis) => Math.min(from[axis], to[axis], 99));
    part = [left, top, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
    show();
  }
  function open(opened) {
    turn.setAttribute("aria-expanded", opened);
    form.hidden = !opened;
    ground?.remove();
    ground = null;
    if (!opened || !picture()) return;
    ground = made("div", { className: "exc-part-ground" });
    ground.append(made("span", { className: "exc-part-mark" }));
    picture().append(ground);
    ground.addEventListener("pointerdown", (event) => {
      event.preventDefault(); ground.setPointerCapture(event.pointerId); from = at(event);
    });
    ground.addEventListener("pointermove", spread);
    const done = (event) => { spread(event); from = null; };
    ground.addEventListener("pointerup", done);
    ground.addEventListener("pointercancel", () => { from = null; });
    show();
  }
  fields.forEach((field, place) => {
    field.addEventListener("input", () => {
      if (field.value !== "") { part[place] = whole(Number(field.value)); show(); }
    });
    field.addEventListener("change", show);
    field.addEventListener("blur", show);
  });
  turn.addEventListener("click", () => open(form.hidden));
  open(false);
  const leave = () => ground?.remove();
  kept.set(parentElement, leave);
  return leave;
}
"""


@lru_cache(maxsize=1)
def _drawer() -> Any:
    return st.components.v2.component("excavate_part", js=DRAW, isolate_styles=False)


def show_part_drawing(item_id: str, say: str) -> None:
    """Under the picture `.exc-large` of the page: a press, then a rectangle. say: that page."""
    words = {
        "choose": _("Choose a part of the picture"),
        "hint": _("Draw a rectangle on the picture, or give it in percent."),
        "left": _("from the left"), "top": _("from the top"),
        "width": _("wide"), "height": _("high"),
        "say": _("Record as absent: this part"),
    }  # fmt: skip
    sent = {"item": item_id, "say": say, "language": spoken(), "words": words}
    _drawer()(key="part-drawing", data=sent)
