// Counts seconds in which the page is seen and was touched a short while ago; reports them once a
// minute and when the page goes. A report keeps its id until it is answered: a retry is harmless.
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchstart"];
const HAND = "excavate-labour-hand";  // of two tabs side by side, the one touched last counts
const tab = newId();
const kept = new WeakMap();

export default function ({ data, parentElement }) {
  const mine = kept.get(parentElement)
    ?? { counted: new Map(), waiting: [], touched: Date.now(), ticked: Date.now(), sent: Date.now() };
  kept.set(parentElement, mine);
  mine.stop?.();
  if (mine.off) return;  // turned off in another tab
  const touch = () => {
    mine.touched = Date.now();
    if (localStorage.getItem(HAND) !== tab) localStorage.setItem(HAND, tab);
  };
  const tick = () => {
    const now = Date.now(), passed = now - mine.ticked;
    mine.ticked = now;
    const asleep = passed > 5000 || passed < 0;  // the machine slept, or its clock was set
    if (asleep || mine.off || document.hidden || now - mine.touched > data.idle) return;
    if ((localStorage.getItem(HAND) ?? tab) !== tab) return;  // another tab has the hand
    const key = JSON.stringify([data.activity, data.about]);
    mine.counted.set(key, (mine.counted.get(key) ?? 0) + passed / 1000);
  };
  const collect = () => {
    for (const [key, seconds] of mine.counted) {
      const [activity, about] = JSON.parse(key);
      if (seconds >= 1) mine.waiting.push({ id: newId(), activity, about, seconds });
    }
    mine.counted.clear();
    mine.sent = Date.now();
    return JSON.stringify({ person: data.person, reports: mine.waiting });
  };
  const send = async () => {
    const body = collect(), going = mine.waiting.length;
    if (!going) return;
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(data.ask, { method: "POST", body, headers });
      if (answer.ok || answer.status === 400) mine.waiting.splice(0, going);
      if (answer.ok && (await answer.json()).off) { mine.off = true; mine.stop?.(); }
    } catch { /* the line is down: the same reports go with the next */ }
  };
  const go = () => {
    tick();
    const body = collect();
    if (mine.waiting.length) {
      navigator.sendBeacon(data.ask, new Blob([body], { type: "application/json" }));
    }
  };
  const timer = setInterval(() => {
    tick();
    if (Date.now() - mine.sent >= data.every) void send();
  }, 1000);
  for (const name of TOUCHES) document.addEventListener(name, touch, { capture: true, passive: true });
  window.addEventListener("pagehide", go);
  mine.stop = () => {
    tick();
    clearInterval(timer);
    for (const name of TOUCHES) document.removeEventListener(name, touch, { capture: true });
    window.removeEventListener("pagehide", go);
  };
  return () => { mine.stop?.(); mine.stop = null; if (!parentElement.isConnected) go(); };
}

function newId() {  // a UUID of version 7, as the server makes them
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let moment = Date.now();
  for (let at = 5; at >= 0; at -= 1) { bytes[at] = moment % 256; moment = Math.floor(moment / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
