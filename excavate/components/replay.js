// Moves a slider along the session's writings; the board is asked for as it stood at each.
const kept = new WeakMap();
const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
const TICK = CALM ? 1500 : 500; // ms between two steps while it plays
const LONGEST = 120; // steps of a whole session: longer ones are walked in larger strides

export default function ({ data, parentElement }) {
  const mine = kept.get(parentElement) ?? { at: data.steps.length - 1, playing: false, speed: 1 };
  kept.set(parentElement, mine);
  mine.at = Math.min(mine.at, data.steps.length - 1);
  const desk = build(parentElement, data);
  let timer = 0, over = false;

  const last = () => data.steps.length - 1;
  const stride = () => Math.max(1, Math.ceil(data.steps.length / LONGEST)) * mine.speed;
  const when = (ms) => new Intl.DateTimeFormat(data.language,
    { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(ms);
  const draw = () => {
    const [, ms] = data.steps[mine.at];
    desk.slider.value = String(mine.at);
    const words = data.words.at.replace("{n}", mine.at + 1).replace("{all}", data.steps.length)
      .replace("{time}", when(ms));
    desk.slider.setAttribute("aria-valuetext", words);
    desk.where.textContent = words;
    desk.play.textContent = mine.playing ? data.words.pause : data.words.play;
    desk.play.setAttribute("aria-pressed", String(mine.playing));
    for (const one of desk.speeds) {
      one.setAttribute("aria-pressed", String(Number(one.value) === mine.speed));
    }
  };
  const show = () => { draw(); point(); };
  // The script of every page fetches the board anew once its address has changed.
  const point = () => {
    const board = document.getElementById("board");
    if (!board) return;
    const now = board.dataset.href.replace(/&at=\d+/, "");
    const then = mine.at < last() ? `${now}&at=${data.steps[mine.at][0]}` : now;
    if (board.dataset.href !== then) board.dataset.href = then;
  };
  const stop = () => { mine.playing = false; clearTimeout(timer); };
  const step = () => {
    clearTimeout(timer);
    if (over || !mine.playing) return;
    if (!document.getElementById("board")?.excAsking) {
      mine.at = Math.min(mine.at + stride(), last());
      if (mine.at >= last()) stop();
      show();
    }
    if (mine.playing) timer = setTimeout(step, TICK);
  };
  const turn = () => {
    if (mine.playing) { stop(); draw(); return; }
    mine.playing = true;
    if (mine.at >= last()) { mine.at = 0; show(); timer = setTimeout(step, TICK); } else step();
  };
  const listens = new AbortController();
  const signal = listens.signal;
  const on = (element, name, then) => element.addEventListener(name, then, { signal });
  on(desk.play, "click", turn);
  on(desk.slider, "input", () => { stop(); mine.at = Number(desk.slider.value); show(); });
  on(desk.slider, "keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); turn(); }
  });
  for (const one of desk.speeds) on(one, "click", () => { mine.speed = Number(one.value); draw(); });
  const watcher = new MutationObserver(point); // the board may be drawn anew around us
  watcher.observe(document.body, { childList: true, subtree: true });
  show();
  return () => { over = true; stop(); watcher.disconnect(); listens.abort(); };
}

function build(host, data) {
  if (!host.querySelector(".exc-replay")) {
    const made = (name, more) => Object.assign(document.createElement(name), more);
    const desk = made("div", { className: "exc exc-replay" });
    const speeds = made("div", { className: "exc-replay-speeds" });
    speeds.setAttribute("role", "group");
    for (const speed of [1, 2, 4]) {
      const words = { type: "button", value: String(speed), textContent: `×${speed}` };
      speeds.append(made("button", words));
    }
    desk.append(
      made("button", { type: "button", className: "exc-replay-play" }),
      made("input", { type: "range", min: "0", step: "1" }),
      speeds, made("p", { className: "exc-replay-where" }),
    );
    host.append(desk);
  }
  const desk = host.querySelector(".exc-replay");
  const slider = desk.querySelector("input");
  slider.max = String(data.steps.length - 1);
  slider.setAttribute("aria-label", data.words.slider);
  desk.querySelector(".exc-replay-speeds").setAttribute("aria-label", data.words.speed);
  return {
    slider, play: desk.querySelector(".exc-replay-play"),
    where: desk.querySelector(".exc-replay-where"),
    speeds: [...desk.querySelectorAll(".exc-replay-speeds button")],
  };
}
