// One for each page: asks what goes on, draws the round that is open, fetches anew what is live.
const DOWN_AFTER = 10000; // ms without an answer until it is said that the line is down
const SLOWEST = 20000;
const REST = 5000; // ms after a part could not be fetched, doubled each time
const LONGEST_REST = 80000;
const kept = new WeakMap();

export default function ({ data, parentElement }) {
  const mine = kept.get(parentElement) ?? {
    etag: "", now: null, offset: 0, told: {}, wait: data.every, answered: Date.now(), polled: 0, down: false,
  };
  kept.set(parentElement, mine);
  const strip = parts(parentElement);
  strip.round.setAttribute("aria-label", data.words.now);
  let timer = 0, asking = false, over = false;

  const ask = async () => {
    clearTimeout(timer);
    if (asking || over) return;
    if (!document.hidden) {
      asking = true;
      mine.polled = Date.now();
      try { await once(); answered(); } catch { mine.wait = Math.min(mine.wait * 2, SLOWEST); }
      asking = false;
    }
    if (!over) timer = setTimeout(ask, mine.wait);
  };
  const once = async () => {
    const headers = mine.etag ? { "If-None-Match": mine.etag } : {};
    const signal = AbortSignal.timeout(8000);
    const sent = Date.now();
    const answer = await fetch(data.ask, { cache: "no-store", headers, signal });
    if (answer.status === 403) { location.reload(); throw new Error("not in the room any more"); }
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    measure(Number(answer.headers.get("x-clock")), sent);
    if (answer.status === 304) return;
    mine.etag = answer.headers.get("etag") ?? "";
    take(await answer.json());
  };
  const answered = () => {
    if (mine.down) { mine.down = false; say("back", data.words.back); }
    mine.answered = Date.now();
    mine.wait = data.every;
  };
  const measure = (clock, sent) => {
    if (clock) mine.offset = clock - (sent + Date.now()) / 2;
  };
  const take = (now) => {
    if (mine.now && now.version < mine.now.version && now.topics.room === mine.now.topics.room) return;
    mine.now = now;
    draw();
    refresh();
    document.dispatchEvent(new CustomEvent("excavate:now", { detail: now }));
  };

  // What is drawn: only ever as text, for prompts are people's words.
  const draw = () => {
    const round = mine.now?.round;
    strip.round.hidden = !round;
    if (round) {
      const words = round[data.language] || round.ko || round.en || data.words.gone;
      const other = round[data.language] ? data.language : data.language === "ko" ? "en" : "ko";
      set(strip.kind, data.words.kinds[round.kind]);
      set(strip.prompt, words);
      strip.prompt.lang = other;
      set(strip.hidden, round.anonymous ? data.words.anonymous : "");
      set(strip.go, data.words.go[round.page] ?? data.words.go[round.kind]);
      strip.go.href = data.words.places[round.page] ?? data.words.places[round.kind];
      if (mine.told.id !== round.id) {
        const first = mine.told.id === undefined && mine.told.drawn;
        mine.told = { id: round.id, drawn: true };
        if (!first) say("begun", `${data.words.kinds[round.kind]}. ${words}`);
      }
    } else mine.told = { id: null, drawn: true };
    tick();
  };
  const left = (round) => Math.min(round.ends - (Date.now() + mine.offset), round.most);
  const tick = () => {
    const down = Date.now() - mine.answered > DOWN_AFTER && !document.hidden;
    if (down !== mine.down && down) { mine.down = true; say("down", data.words.down); }
    set(strip.line, mine.down ? data.words.down : "");
    strip.line.hidden = !mine.down;
    parentElement.closest(".st-key-now")?.classList.toggle("exc-now-seen",
      Boolean(mine.now?.round) || mine.down);
    const round = mine.now?.round;
    if (!round) return;
    strip.go.hidden = strip.go.pathname === location.pathname; // one is there already
    const ms = left(round);
    set(strip.time, ms > 0 ? data.words.left.replace("{time}", clockwise(ms)) : data.words.up);
    strip.round.classList.toggle("exc-now-last", ms <= 60000);
    if (ms <= 0 && mine.told.up !== round.ends) { mine.told.up = round.ends; say("up", data.words.up); }
    if (ms > 0 && ms <= 60000 && round.most > 60000 && mine.told.minute !== round.ends) {
      mine.told.minute = round.ends;
      say("minute", data.words.minute);
    }
  };
  const say = (_what, words) => { strip.said.textContent = words; };

  // What is live: each element is fetched anew once one of its topics has grown.
  const stale = (one) => {
    const href = one.dataset.href;
    const asked = one.dataset.live.split(" ");
    const newest = Math.max(...asked.map((topic) => mine.now?.topics[topic] ?? 0));
    const drawn = Number(one.dataset.version); // what the page drew itself need not be fetched
    if (!one.excSeen && drawn) one.excSeen = { href, version: drawn, at: Date.now() };
    const seen = one.excSeen;
    if (!href || one.excAsking || document.hidden || Date.now() < (one.excRest ?? 0)) return null;
    const old = one.dataset.every && Date.now() - seen?.at > 1000 * Number(one.dataset.every);
    return seen?.href !== href || seen.version < newest || old ? newest : null;
  };
  const refresh = () => {
    if (!mine.now) return;
    for (const one of document.querySelectorAll("[data-live]")) {
      const newest = stale(one);
      if (newest !== null) void renew(one, newest);
    }
  };
  const renew = async (one, newest) => {
    one.excAsking = true;
    const href = one.dataset.href;
    try {
      const answer = await fetch(href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      if (one.dataset.href === href) {
        morph(one, fresh.content);
        one.excSeen = { href, version: newest, at: Date.now() };
        one.removeAttribute("aria-busy");
        one.excFailed = 0;
        one.dispatchEvent(new CustomEvent("excavate:renewed", { bubbles: true }));
      }
    } catch { failed(one); }
    one.excAsking = false;
  };
  const failed = (one) => { // once may be the line; from the second time on it is said
    one.excFailed = (one.excFailed ?? 0) + 1;
    one.excRest = Date.now() + Math.min(REST * 2 ** (one.excFailed - 1), LONGEST_REST);
    if (one.excFailed < 2 || one.querySelector(":scope > .exc-undrawn")) return;
    const told = document.createElement("p");
    told.className = "exc exc-note exc-undrawn";
    told.setAttribute("role", "status");
    told.textContent = data.words.undrawn;
    if (one.hasAttribute("aria-busy")) one.replaceChildren(); // nothing was ever drawn here
    one.removeAttribute("aria-busy");
    one.prepend(told);
  };

  const watcher = new MutationObserver(refresh);
  watcher.observe(document.body,
    { childList: true, subtree: true, attributes: true, attributeFilter: ["data-href"] });
  const seen = () => { if (!document.hidden) { mine.wait = data.every; void ask(); } };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("online", seen);
  const ticking = setInterval(() => { tick(); refresh(); }, 1000);
  if (!mine.now || data.now.version >= mine.now.version) {
    if (!mine.now) measure(data.now.clock, Date.now());
    take(data.now);
  } else draw();
  timer = setTimeout(ask, Math.max(0, mine.wait - (Date.now() - mine.polled)));
  return () => {
    over = true;
    watcher.disconnect();
    clearTimeout(timer);
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("online", seen);
  };
}

function parts(host) {
  if (!host.querySelector(".exc-now")) {
    host.innerHTML = '<div class="exc exc-now"><p class="exc-now-line" hidden></p>'
      + '<section class="exc-now-round" hidden><b class="exc-now-kind"></b>'
      + '<p class="exc-now-prompt"></p><span class="exc-now-hidden"></span>'
      + '<span class="exc-now-time" role="timer"></span>'
      + '<a class="exc-now-go" data-page target="_self"></a></section>'
      + '<p class="exc-now-said" role="status" aria-live="polite"></p></div>';
  }
  const one = (name) => host.querySelector(`.exc-now-${name}`);
  return {
    round: one("round"), kind: one("kind"), prompt: one("prompt"), hidden: one("hidden"),
    time: one("time"), go: one("go"), line: one("line"), said: one("said"),
  };
}

function set(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function clockwise(ms) {
  const all = Math.ceil(ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

// Make `old` like `fresh` with as little change as can be: what has focus, is unfolded or scrolled
// stays, pictures are not asked for again. Children are matched by id or data-key, else by place.
const keyOf = (node) => node.nodeType === 1 ? node.id || node.dataset?.key || null : null;

function morph(old, fresh) {
  const keyed = new Map();
  for (const child of old.childNodes) if (keyOf(child)) keyed.set(keyOf(child), child);
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = keyOf(wanted);
    const match = key ? keyed.get(key) : at && !keyOf(at) && alike(at, wanted) ? at : null;
    if (match && alike(match, wanted)) {
      if (match !== at) old.insertBefore(match, at); else at = at.nextSibling;
      same(match, wanted);
      keyed.delete(key);
    } else old.insertBefore(wanted, at);
  }
  while (at) { const next = at.nextSibling; at.remove(); at = next; }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName;
}

function same(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  const open = old.nodeName === "DETAILS" && old.open;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === "open" && open)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morph(old, fresh);
}
