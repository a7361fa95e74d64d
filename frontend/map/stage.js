// The elements around the points: four buttons, the card under the pointer, a line of status.

const BUTTONS = [
  ["lasso", "M4 9c0-3 3.6-5 8-5s8 2 8 5-3.6 5-8 5c-1.6 0-3-.2-4.3-.7M7.7 13.3c-1.2 1.6-1 3.7.6 5.7"],
  ["nearer", "M12 5v14M5 12h14"],
  ["farther", "M5 12h14"],
  ["whole", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"],
];

const TINY = 64; // pictures smaller than this are shown pixel by pixel

function element(name, attributes = {}, parent = null) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

function drawIcon(path) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(ns, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function makeButtons(parent) {
  const bar = element("div", { class: "exc-atlas-tools", role: "toolbar" }, parent);
  const made = {};
  for (const [name, path] of BUTTONS) {
    made[name] = element("button", { type: "button" }, bar);
    made[name].append(drawIcon(path));
  }
  made.lasso.setAttribute("aria-pressed", "false");
  return made;
}

export function buildStage(parent) {
  const root = parent.querySelector(".exc-atlas") ?? element("div", { class: "exc-atlas" }, parent);
  root.replaceChildren();
  const frame = element("div", { class: "exc-atlas-frame" }, root);
  const canvas = element("canvas", { tabindex: "0", role: "application" }, frame);
  element("div", { class: "exc-atlas-cross", "aria-hidden": "true" }, frame);
  const mark = element("div", { class: "exc-atlas-mark", hidden: "", "aria-hidden": "true" }, frame);
  const rings = element("div", { class: "exc-atlas-rings", "aria-hidden": "true" }, frame);
  const setRings = (count) => {
    rings.replaceChildren();
    for (let k = 0; k < count; k += 1) element("div", { class: "exc-atlas-ring" }, rings);
    root.dataset.ringed = String(count);
  };
  const card = element("div", { class: "exc-atlas-card", hidden: "" }, frame);
  const picture = element("img", { alt: "" }, card);
  const caption = element("p", {}, card);
  const state = element("p", { class: "exc-atlas-status", role: "status" }, frame);
  const buttons = makeButtons(root);
  const say = (words) => {
    canvas.setAttribute("aria-label", words.canvas);
    for (const [name] of BUTTONS) {
      buttons[name].title = words[name];
      buttons[name].setAttribute("aria-label", words[name]);
    }
  };
  const status = (text) => {
    state.textContent = text;
    state.hidden = text === "";
  };
  return { root, canvas, frame, mark, rings, setRings, card, picture, caption, buttons, say, status };
}

export function showCard({ card, picture, caption, frame }, seen, at = [0, 0]) {
  card.hidden = !seen;
  if (!seen) return;
  picture.hidden = !seen.thumbnail;
  if (seen.thumbnail) picture.src = seen.thumbnail;
  picture.onload = () => {
    const tiny = Math.max(picture.naturalWidth, picture.naturalHeight) < TINY;
    picture.style.imageRendering = tiny ? "pixelated" : "";
  };
  caption.textContent = seen.caption;
  const right = at[0] > frame.clientWidth / 2;
  const low = at[1] > frame.clientHeight / 2;
  card.style.left = right ? "" : `${at[0] + 14}px`;
  card.style.right = right ? `${frame.clientWidth - at[0] + 14}px` : "";
  card.style.top = low ? "" : `${at[1] + 14}px`;
  card.style.bottom = low ? `${frame.clientHeight - at[1] + 14}px` : "";
}
