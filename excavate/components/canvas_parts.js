// What the sheet is made of: its elements, what a tab has kept of it, ids. Joined to canvas.js.
function begin(shelf) {
  let left = {};
  try { left = JSON.parse(sessionStorage.getItem(shelf) ?? "{}"); } catch { /* not ours */ }
  return {
    shelf, asked: false, agreed: left.agreed ?? "", now: left.now ?? blank(null), waiting: left.waiting ?? [],
    made: left.made ?? [], width: left.width ?? 1, creator: left.creator ?? "", stamps: {},
    told: null, refused: null, going: null, failed: 0, began: 0, fresh: true,
  };
}

function blank(before) { // the reason is often the same for several; what it is, is not
  return { member: new_id(), strokes: [], label: "", reason: before?.reason ?? "", pen: false, sent: false, tried: false };
}

function parts(host, data) {
  const { words } = data;
  if (!host.querySelector(".exc-draw")) {
    host.innerHTML = '<div class="exc exc-draw"><div class="exc-draw-left"><div class="exc-draw-sheet">'
      + '<canvas tabindex="0" role="application"></canvas><i class="exc-draw-spot" hidden></i><p class="exc-draw-hint" aria-hidden="true"></p>'
      + '<div class="exc-draw-gate"><h2></h2><p class="exc-draw-consent"></p><label><input type="checkbox"><span></span></label>'
      + '<button type="button" data-act="agree" class="exc-draw-go" disabled></button></div></div>'
      + '<div class="exc-draw-tools" role="toolbar"><span class="exc-draw-widths" role="group"></span>'
      + '<button type="button" data-act="undo"></button><button type="button" data-act="wipe"></button>'
      + '<button type="button" data-act="next" class="exc-draw-go"></button></div>'
      + '<p class="exc-draw-state" role="status"></p></div>'
      + '<div class="exc-draw-right"><section class="exc-draw-near" hidden><h2></h2><div class="exc-grid exc-small"></div><p class="exc-note exc-draw-lens"></p>'
      + '<figure class="exc-draw-form"><img alt=""><figcaption></figcaption></figure></section>'
      + '<p class="exc-draw-empty"></p>'
      + '<section><h2 class="exc-draw-what"></h2><div class="exc-draw-labels" role="group"></div>'
      + '<label class="exc-draw-field"><span></span><textarea rows="2" maxlength="2000"></textarea></label>'
      + '<label class="exc-draw-field"><span></span><input type="text" maxlength="200"></label>'
      + '<p class="exc-note exc-draw-rights"></p></section>'
      + '<section class="exc-draw-made" hidden><h2></h2><ul></ul></section></div></div>';
  }
  const find = (selector) => host.querySelector(`.exc-draw ${selector}`);
  const view = {
    sheet: find("canvas"), spot: find(".exc-draw-spot"), hint: find(".exc-draw-hint"), gate: find(".exc-draw-gate"),
    tick: find(".exc-draw-gate input"), agree: find("[data-act=agree]"), widths: find(".exc-draw-widths"),
    undo: find("[data-act=undo]"), wipe: find("[data-act=wipe]"), next: find("[data-act=next]"),
    state: find(".exc-draw-state"), near: find(".exc-draw-near"), cells: find(".exc-grid"), lens: find(".exc-draw-lens"),
    form: find(".exc-draw-form"), empty: find(".exc-draw-empty"), labels: find(".exc-draw-labels"),
    reason: find("textarea"), creator: find(".exc-draw-field input"), made: find(".exc-draw-made"), strip: find(".exc-draw-made ul"),
  };
  view.sheet.setAttribute("aria-label", words.sheet);
  set(view.hint, words.hint);
  set(find(".exc-draw-gate h2"), words.before);
  show_asked(host, data);
  set(find(".exc-draw-gate label span"), words.agree);
  set(view.agree, words.begin);
  set(view.undo, words.undo);
  set(view.next, words.next);
  set(find(".exc-draw-near h2"), words.near);
  set(view.empty, words.empty);
  set(find(".exc-draw-what"), words.what);
  view.labels.setAttribute("aria-label", words.what);
  const [reason, creator] = host.querySelectorAll(".exc-draw-field span");
  set(reason, words.reason);
  set(creator, words.creator);
  view.creator.placeholder = data.name;
  set(find(".exc-draw-made h2"), words.made);
  view.widths.setAttribute("aria-label", words.width);
  if (!view.widths.children.length) view.widths.append(...WIDTHS.map((width, n) => {
    const one = make("button", ""), dot = make("i", "");
    one.type = "button";
    one.dataset.width = String(n);
    dot.style.width = dot.style.height = `${width / 2}px`;
    one.append(dot);
    return one;
  }));
  [...view.widths.children].forEach((one, n) => one.setAttribute("aria-label", words.widths[n]));
  const names = [...data.labels, ...(data.labels.length ? [""] : [])];
  if (view.labels.children.length !== names.length) view.labels.replaceChildren(...names.map((name) => {
    const one = make("button", name);
    one.type = "button";
    one.dataset.label = name;
    return one;
  }));
  if (names.length) set(view.labels.lastChild, words.none);
  find(".exc-draw-what").hidden = !names.length;
  return view;
}

function show_asked(host, data) { // a plan without a text still has its licence
  set(host.querySelector(".exc-draw-consent"), data.consent || data.rights);
  set(host.querySelector(".exc-draw-rights"), data.rights);
}

function set(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function make(tag, words) {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}

function round(number, parts) {
  return Math.round(number * parts) / parts;
}

function new_id() { // a UUID of version 7, as the server makes them
  const time = Date.now().toString(16).padStart(12, "0");
  const bits = [...crypto.getRandomValues(new Uint8Array(10))];
  bits[0] = (bits[0] & 0x0f) | 0x70;
  bits[2] = (bits[2] & 0x3f) | 0x80;
  const rest = bits.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const whole = time + rest;
  return [whole.slice(0, 8), whole.slice(8, 12), whole.slice(12, 16), whole.slice(16, 20),
    whole.slice(20)].join("-");
}
