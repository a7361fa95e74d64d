"""Choosing a type of absence: the moment first, then the type, its definition and example at hand.

What is chosen stays in the browser until the form around it is sent, or its own button pressed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from excavate.i18n import _
from excavate.workshop.absence_types import NONE, Type, moments, types, types_of, word

CHOOSE = """
const kept = new WeakMap();
const made = (name, more) => Object.assign(document.createElement(name), more);

function option(name, one, checked) {
  const label = made("label", { className: "exc-type" });
  const radio = made("input", { type: "radio", name, value: one.code, checked });
  const words = made("span", {});
  words.append(made("strong", { textContent: one.name }));
  for (const part of ["definition", "example", "care"]) {
    const className = `exc-type-${part}`;
    if (one[part]) words.append(made("small", { className, textContent: one[part] }));
  }
  label.append(radio, words);
  return label;
}

function build(parent, data, mine) {
  const group = `exc-type-${data.key}`;
  const box = made("div", { className: "exc exc-types" });
  const moments = made("fieldset", { className: "exc-moments" });
  const types = made("fieldset", { className: "exc-type-list" });
  const press = data.press ? made("button", { type: "button", textContent: data.press }) : null;
  const pick = (type) => {
    mine.type = type;
    if (press) press.disabled = !type; else mine.keep("type", type);
  };
  const list = () => {
    const chosen = data.moments.find((one) => one.code === mine.moment);
    types.replaceChildren();
    types.hidden = !chosen;
    if (!chosen) return;
    types.append(made("legend", { textContent: `${data.words.type} · ${chosen.name}` }));
    for (const one of chosen.types) types.append(option(`${group}-t`, one, mine.type === one.code));
  };
  moments.append(made("legend", { textContent: data.words.moment }));
  for (const one of [...data.moments, ...data.others]) {
    moments.append(option(`${group}-m`, one, mine.moment === one.code));
  }
  moments.addEventListener("change", ({ target }) => {
    mine.moment = target.value;
    pick(data.others.find((one) => one.code === target.value)?.type ?? "");
    list();
  });
  types.addEventListener("change", ({ target }) => pick(target.value));
  list();
  box.append(moments, types);
  if (press) {
    press.disabled = !mine.type;
    press.addEventListener("click", () => { if (mine.type) mine.send("pressed", mine.type); });
    box.append(press);
  }
  parent.append(box);
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const mine = kept.get(parentElement) ?? { moment: data.moment, type: data.type };
  Object.assign(mine, { keep: setStateValue, send: setTriggerValue });
  const drawn = JSON.stringify(data);
  if (mine.drawn !== drawn || !parentElement.querySelector(".exc-types")) {
    if (mine.asked !== data.type) Object.assign(mine, { moment: data.moment, type: data.type });
    parentElement.querySelector(".exc-types")?.remove();
    build(parentElement, data, mine);
    Object.assign(mine, { drawn, asked: data.type });
  }
  kept.set(parentElement, mine);
}
"""


@lru_cache(maxsize=1)
def _chooser() -> Any:
    return st.components.v2.component("excavate_type_choice", js=CHOOSE, isolate_styles=False)


def choose_type(key: str, chosen: str | None = None) -> str | None:
    """A type to be chosen in a form: its code, NONE, or None where it is left for later."""
    picked = _chooser()(
        key=key, data=_offered(key, chosen) | {"press": ""}, on_type_change=lambda: None
    )
    return picked.get("type") or None


def press_type(key: str, chosen: str | None, press: str) -> str | None:
    """A type to be chosen and sent by a button of its own; the code in the run of that press."""
    picked = _chooser()(
        key=key, data=_offered(key, chosen) | {"press": press}, on_pressed_change=lambda: None
    )
    return picked.get("pressed") or None


def _offered(key: str, chosen: str | None) -> dict[str, Any]:
    """The moments, what each holds, and the answers beside them, in the language of the run."""
    offered = [
        {"code": moment.code, "name": str(moment.name), "definition": str(moment.says),
         "types": [_one(kind) for kind in types_of(moment.code)]}
        for moment in moments().values()
    ]  # fmt: skip
    others = [{"code": NONE, "type": NONE, "name": word("answers", NONE)}]
    moment_now = types()[chosen].moment if chosen and chosen in types() else chosen or ""
    heads = {"moment": _("When did it become absent?"), "type": _("What kind of absence?")}
    return {"key": key, "moments": offered, "others": others, "words": heads,
            "moment": moment_now, "type": chosen or ""}  # fmt: skip


def _one(kind: Type) -> dict[str, str]:
    source = kind.source if kind.verified else f"{kind.source} · {word('statuses', kind.status)}"
    example = _("For example: {example}").format(example=kind.example)
    said = {"code": kind.code, "name": str(kind.name), "definition": str(kind.definition)}
    care = str(kind.care) if kind.care else ""
    return said | {"example": f"{example} ({source})", "care": care}
