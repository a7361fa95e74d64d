"""What is live is made like what came, with as little change as can be: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import ARGUMENTS, CHROMIUM

SCRIPT = Path(__file__).resolve().parents[2] / "excavate" / "components" / "now.js"
pytestmark = pytest.mark.browser
# Two random trees, the second often a changed first: after the morph they are the same.
RANDOM_PAIRS = """(count) => {
  let seed = 7;
  const next = (n) => {  // mulberry32
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
  const tree = (depth) => {
    const tags = ["div", "span", "b"];
    let html = "";
    for (let n = next(6); n > 0; n--) {
      if (!next(3)) { html += "text" + next(4); continue; }
      const tag = tags[next(tags.length)];
      const key = next(2) ? ` data-key="k${next(6)}"` : "";
      const look = next(2) ? ` class="c${next(3)}"` : "";
      html += `<${tag}${key}${look}>${depth ? tree(depth - 1) : "leaf" + next(3)}</${tag}>`;
    }
    return html;
  };
  const wrong = [];
  for (let n = 0; n < count; n++) {
    const [old, fresh] = [document.createElement("div"), document.createElement("template")];
    old.innerHTML = tree(2);
    fresh.innerHTML = next(3) ? tree(2) : old.innerHTML.replace("text1", "changed");
    const wanted = fresh.innerHTML;
    const before = old.innerHTML;
    window.morph(old, fresh.content);
    if (old.innerHTML !== wanted) wrong.push([before, wanted, old.innerHTML]);
  }
  return wrong;
}"""
KEPT = """() => {
  const host = document.createElement("div");
  document.body.append(host);
  const card = (id, words) => `<details data-key="${id}"><summary>${words}</summary></details>`;
  host.innerHTML = card("a", "one") + card("b", "two");
  const second = host.children[1];
  second.open = true;
  second.querySelector("summary").focus();
  const fresh = document.createElement("template");
  fresh.innerHTML = card("new", "first now") + card("a", "one") + card("b", "two, mended");
  window.morph(host, fresh.content);
  return [host.children[2] === second, second.open, second.innerText.trim(),
    document.activeElement === second.querySelector("summary"), host.children.length];
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    functions = SCRIPT.read_text("utf-8").split("// Make `old` like")[1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        shown = browser.new_page()
        shown.add_script_tag(content=f"// {functions}\nwindow.morph = morph;")
        yield shown
        browser.close()


def test_whatever_stood_there_it_becomes_what_came(page: Any) -> None:
    assert page.evaluate(RANDOM_PAIRS, 2000) == []


def test_what_is_unfolded_and_focused_stays_where_something_comes_before_it(page: Any) -> None:
    assert page.evaluate(KEPT) == [True, True, "two, mended", True, 3]
