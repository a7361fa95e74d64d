// After the close: what a tab still holds is sent at once; what is not taken is told and kept.
const AGAIN = 2500, TRIES = 3; // ms between two tries; the server takes answers for some seconds
const kept = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const mine = kept.get(parentElement) ?? { tries: 0 };
  kept.set(parentElement, mine);
  clearTimeout(mine.timer);
  const shelf = `excavate-judge:${data.round}`;
  const held = JSON.parse(sessionStorage.getItem(shelf) ?? "{}");
  const waiting = (held.waiting ?? []).filter((one) => !data.taken.includes(one.id));
  if (held.waiting && waiting.length !== held.waiting.length) {
    sessionStorage.setItem(shelf, JSON.stringify({ ...held, waiting }));
  }
  const told = parentElement.querySelector(".exc-judged-late") ?? made(parentElement);
  const draw = () => {
    told.hidden = !waiting.length || mine.tries < TRIES;
    told.textContent = told.hidden ? ""
      : waiting.length === 1 ? data.one : data.words.replace("{m}", String(waiting.length));
  };
  const send = () => {
    draw();
    if (!waiting.length || mine.tries >= TRIES) return;
    setTriggerValue("given", waiting.map(({ sent: _sent, ...one }) => one));
    mine.tries += 1;
    mine.timer = setTimeout(send, AGAIN);
  };
  if (mine.tries) { draw(); mine.timer = setTimeout(send, AGAIN); } else send();
  return () => clearTimeout(mine.timer);
}

function made(host) {
  host.innerHTML = '<div class="exc"><p class="exc-judged-late exc-dashed" role="status" hidden></p>'
    + "</div>";
  return host.querySelector(".exc-judged-late");
}
