// One picture at a time, judged alone. An answer stays in the tab until the server has taken it.
const PAUSE = 150, AGAIN = 6000; // ms
const kept = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const mine = kept.get(parentElement) ?? begin(data);
  kept.set(parentElement, mine);
  mine.leave?.(); // what listened with the answers of before
  const desk = parts(parentElement);
  const shelf = `excavate-judge:${data.round}`;
  const of = (number) => mine.waiting.findLast((one) => one.number === number)
    ?? data.answers[number];
  const stands = (number) => number in data.answers // what the server has taken, nothing else
    && !mine.waiting.some((one) => one.number === number);
  const reasonOf = (number) => mine.reasons[number] ?? of(number)?.reason ?? "";
  const store = () => sessionStorage.setItem(shelf, JSON.stringify(
    { waiting: mine.waiting, reasons: mine.reasons, at: mine.at }));

  if (mine.waiting.some((one) => data.taken.includes(one.id))) {
    mine.waiting = mine.waiting.filter((one) => !data.taken.includes(one.id));
    store();
  }

  // What is drawn: words only ever as text, for question and choices are people's words.
  const draw = () => {
    const { words, pictures, choices } = data;
    const said = pictures.filter((_url, number) => stands(number)).length;
    const late = Date.now() - mine.asked > AGAIN / 2;
    const away = !mine.waiting.length ? "" : late ? words.waiting : words.going;
    desk.place.textContent = fill(words.place, { n: mine.at + 1, all: pictures.length });
    desk.kept.textContent = [words.kept, away].filter(Boolean).map((one) =>
      fill(one, { n: said, all: pictures.length, m: mine.waiting.length })).join(" · ");
    desk.question.textContent = data.question;
    desk.question.lang = data.question_language;
    show(desk, pictures[mine.at], fill(words.picture, { n: mine.at + 1 }));
    [mine.at + 1, mine.at + 2].forEach(preload);
    desk.choices.setAttribute("aria-label", data.question);
    draw_choices(choices);
    if (document.activeElement !== desk.reason) desk.reason.value = reasonOf(mine.at);
    desk.label.textContent = words.reason;
    desk.back.textContent = words.back;
    desk.back.disabled = mine.at === 0;
    const last = mine.at === pictures.length - 1;
    desk.next.textContent = last ? words.open : of(mine.at) ? words.next : words.skip;
    desk.next.hidden = ahead() === null;
    desk.keys.textContent = words.keys;
    draw_dots(pictures);
    desk.done.hidden = said < pictures.length;
    desk.done.textContent = words.done;
  };
  const draw_choices = (choices) => {
    const chosen = of(mine.at)?.choice;
    [[desk.choices, choices], [desk.apart, data.apart]].forEach(([row, listed]) => {
      if (row.children.length !== listed.length) row.replaceChildren(...listed.map(button));
      listed.forEach((one, n) => {
        const each = row.children[n];
        each.lastChild.textContent = one.words;
        each.lang = one.language;
        each.setAttribute("aria-pressed", String(one.code === chosen));
      });
    });
  };
  const button = (one) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.code = one.code;
    made.append(make("kbd", one.key), make("span", one.words));
    return made;
  };
  const draw_dots = (pictures) => {
    if (desk.dots.children.length !== pictures.length) {
      desk.dots.replaceChildren(...pictures.map(() => make("i", "")));
    }
    [...desk.dots.children].forEach((dot, number) => {
      dot.className = (of(number) ? "exc-said-dot" : "") + (number === mine.at ? " exc-here-dot" : "");
    });
  };
  const preload = (number) => {
    const url = data.pictures[number];
    if (url && !mine.fetched.has(url)) { mine.fetched.set(url, new Image()).get(url).src = url; }
  };

  // What is done: put down, sent, kept until the server says that it was taken.
  const put = (number, choice, reason) => {
    const unsent = mine.waiting.find((one) => one.number === number && !one.sent);
    mine.waiting = mine.waiting.filter((one) => one !== unsent);
    if (!mine.waiting.length) mine.asked = Date.now();
    mine.waiting.push({ id: new_id(), number, choice, reason, sent: 0 });
    clearTimeout(mine.timer);
    mine.timer = setTimeout(send, PAUSE);
  };
  const choose = (code) => {
    put(mine.at, code, reasonOf(mine.at).trim());
    store();
    draw();
  };
  const keep_reason = () => {
    const answer = of(mine.at), reason = (mine.reasons[mine.at] ?? "").trim();
    if (answer && mine.at in mine.reasons && reason !== (answer.reason ?? "")) {
      put(mine.at, answer.choice, reason);
    }
  };
  const ahead = () => { // the next one; after the last, the first that was left open
    if (mine.at < data.pictures.length - 1) return mine.at + 1;
    const open = data.pictures.findIndex((_url, number) => !of(number));
    return open < 0 || open === mine.at ? null : open;
  };
  const go = (step) => {
    const to = step > 0 ? ahead() : mine.at - 1;
    if (to === null || to < 0) return;
    keep_reason();
    mine.at = to;
    desk.reason.value = reasonOf(to);
    store();
    draw();
    send();
  };
  const send = () => {
    clearTimeout(mine.timer);
    if (!mine.waiting.length) return;
    const now = Date.now();
    for (const one of mine.waiting) { one.sent = now; }
    setTriggerValue("given", mine.waiting.map(({ sent: _sent, ...one }) => one));
  };

  const pressed = (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    if (target === desk.back) go(-1);
    else if (target === desk.next) go(1);
    else if (target.dataset.code) choose(target.dataset.code);
  };
  const keyed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape" && event.target === desk.reason) desk.reason.blur();
      return;
    }
    const listed = [...data.choices, ...data.apart];
    const asked = listed.find((one) => one.key === event.key || `Key${one.key}` === event.code);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      ?? (event.key === "Enter" && !event.target.closest?.("button, a") ? 1 : 0);
    if (!asked && !step) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // R would run the page again
    if (asked) { if (!event.repeat) choose(asked.code); } else go(step);
  };
  const typed = () => { mine.reasons[mine.at] = desk.reason.value; store(); };
  const left = () => { keep_reason(); store(); draw(); send(); };
  const hidden = () => { if (document.hidden) left(); };
  const ticking = setInterval(() => {
    const oldest = Math.min(...mine.waiting.map((one) => one.sent || Infinity));
    if (Date.now() - oldest > AGAIN) { send(); draw(); }
  }, 1000);

  parentElement.addEventListener("click", pressed);
  desk.reason.addEventListener("input", typed);
  desk.reason.addEventListener("blur", left);
  window.addEventListener("keydown", keyed, true);
  document.addEventListener("visibilitychange", hidden);
  draw();
  if (mine.fresh) { mine.fresh = false; send(); }
  return mine.leave = () => {
    clearInterval(ticking);
    parentElement.removeEventListener("click", pressed);
    desk.reason.removeEventListener("input", typed);
    desk.reason.removeEventListener("blur", left);
    window.removeEventListener("keydown", keyed, true);
    document.removeEventListener("visibilitychange", hidden);
  };
}

function begin(data) {
  const left = JSON.parse(sessionStorage.getItem(`excavate-judge:${data.round}`) ?? "{}");
  const first = data.pictures.findIndex((_url, number) => !(number in data.answers));
  return {
    waiting: left.waiting ?? [], reasons: left.reasons ?? {}, at: left.at ?? Math.max(first, 0),
    fetched: new Map(), asked: 0, timer: 0, fresh: true,
  };
}

function parts(host) {
  if (!host.querySelector(".exc-desk")) {
    host.innerHTML = '<div class="exc exc-desk"><p class="exc-desk-top"><b aria-live="polite"></b>'
      + '<span role="status"></span></p><h1></h1><div class="exc-desk-picture"></div>'
      + '<div class="exc-desk-side"><div class="exc-desk-choices" role="group"></div>'
      + '<div class="exc-desk-choices exc-desk-apart" role="group"></div>'
      + '<label><span></span><textarea rows="2" maxlength="2000"></textarea></label>'
      + '<p class="exc-desk-ways"><button type="button"></button><button type="button"></button></p>'
      + '<p class="exc-desk-dots" aria-hidden="true"></p><p class="exc-desk-done" role="status"></p>'
      + '<p class="exc-note exc-desk-keys"></p></div></div>';
  }
  const find = (selector) => host.querySelector(`.exc-desk ${selector}`);
  const [back, next] = host.querySelectorAll(".exc-desk-ways button");
  return {
    place: find("b"), kept: find(".exc-desk-top span"), question: find("h1"),
    picture: find(".exc-desk-picture"), choices: find(".exc-desk-choices"),
    apart: find(".exc-desk-apart"), label: find("label span"), reason: find("textarea"), back, next,
    dots: find(".exc-desk-dots"), done: find(".exc-desk-done"), keys: find(".exc-desk-keys"),
  };
}

function show(desk, url, words) {
  const before = desk.picture.firstChild;
  if (before?.dataset.url === url) { before.alt = words; return; }
  const image = new Image();
  image.dataset.url = url;
  image.alt = words;
  image.onload = () => {
    const side = Math.max(image.naturalWidth, image.naturalHeight);
    image.classList.toggle("exc-tiny", side < 64);
    image.style.setProperty("--shape", String(image.naturalWidth / image.naturalHeight || 1));
  };
  image.src = url;
  desk.picture.replaceChildren(image);
}

function make(tag, words) {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}

function fill(words, names) {
  return words.replace(/\{(\w+)\}/g, (_whole, name) => names[name]);
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
