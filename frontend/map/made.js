// What people drew and brought, beside the points: fetched anew while the page stands, put where it
// landed, tied to its nearest. Everything people wrote is set as text.
const EVERY = 900, QUIET = 600000, FRESH = 8000; // ms: between two looks; how long; what is new
const FEW = 12, MANY = 40, CROWD = 120;
const ROOM = 84; // px that a picture and its name take above their place

export class MadeHere {
  constructor(parts) {
    this.parts = parts;
    const ns = "http://www.w3.org/2000/svg";
    this.layer = document.createElement("div");
    this.layer.className = "exc-made";
    this.lines = document.createElementNS(ns, "svg");
    this.lines.setAttribute("aria-hidden", "true");
    this.said = document.createElement("p");
    this.said.className = "exc-made-said";
    this.said.setAttribute("role", "status");
    this.layer.append(this.lines, this.said);
    parts.frame.append(this.layer);
    this.marks = new Map();
    this.look = ({ detail }) => {
      const version = detail.topics?.counter ?? 0;
      if (version > (this.version ?? 0)) { this.version = version; this.until = Date.now() + QUIET; void this.fetch(); }
    };
    document.addEventListener("excavate:now", this.look);
    this.timer = setInterval(() => {
      if (!document.hidden && Date.now() < this.until) void this.fetch();
    }, EVERY);
    this.until = 0;
  }

  update(asked, words) {
    this.words = words;
    if (!asked || asked.ask === this.asked?.ask) return;
    this.asked = asked;
    this.text = null;
    this.first = true;
    if (asked.open) this.until = Date.now() + QUIET;
    void this.fetch();
  }

  async fetch() {
    if (!this.asked || this.asking) return;
    this.asking = true;
    const { ask } = this.asked;
    try {
      const answer = await fetch(ask, { cache: "no-cache", signal: AbortSignal.timeout(8000) });
      const text = answer.ok ? await answer.text() : this.text;
      if (ask === this.asked.ask && text !== this.text) { this.text = text; this.take(JSON.parse(text).made); }
    } catch { /* the line is down: the strip says so, and it is asked again */ }
    this.asking = false;
  }

  take(made) {
    const wanted = new Set(made.map((one) => one.id));
    for (const [id, mark] of this.marks) if (!wanted.has(id)) { mark.node.remove(); mark.line.remove(); this.marks.delete(id); }
    for (const one of [...made].reverse()) this.put(one);
    const size = made.length > CROWD ? "dot" : made.length > MANY ? "small" : "picture";
    this.layer.dataset.size = size;
    this.layer.dataset.named = String(made.length <= FEW);
    this.layer.dataset.made = String(made.length);
    this.first = false;
    this.place();
  }

  put(one) {
    const before = this.marks.get(one.id);
    const mark = before ?? this.fresh();
    if (!before) this.marks.set(one.id, mark);
    if (!before && !this.first) this.tell(one, mark);
    mark.one = one;
    mark.node.href = one.href;
    const name = [one.by, one.label].filter(Boolean).join(" · ");
    mark.node.setAttribute("aria-label", this.words.made.replace("{who}", name || this.words.somebody));
    mark.node.dataset.id = one.id;
    if (mark.image.getAttribute("src") !== one.picture) mark.image.src = one.picture;
    mark.name.textContent = name;
  }

  fresh() {
    const node = document.createElement("a"), image = new Image(), name = document.createElement("span");
    node.className = "exc-made-mark";
    node.target = "_self";
    node.dataset.page = "counter";
    image.alt = "";
    node.append(image, name);
    this.layer.append(node);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    this.lines.append(line);
    const mark = { node, image, name, line };
    const show = (on) => () => line.classList.toggle("exc-made-held", on);
    for (const [what, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]]) node.addEventListener(what, show(on));
    return mark;
  }

  tell(one, mark) { // it has just landed
    for (const each of [mark.node, mark.line]) {
      each.classList.add("exc-made-new");
      setTimeout(() => each.classList.remove("exc-made-new"), FRESH);
    }
    this.said.textContent = this.words.landed.replace("{who}", one.by || this.words.somebody);
  }

  // `to` turns a place of the layout into one of the screen; it is kept for later arrivals.
  place(to = this.to) {
    this.to = to;
    this.layer.hidden = !to;
    if (!to) return;
    for (const { one, node, line } of this.marks.values()) {
      const [x, y] = to([one.x, one.y]);
      node.classList.toggle("exc-made-under", y < ROOM); // near the top there is no room above
      node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      line.setAttribute("d", one.near.map((at) => {
        const [nx, ny] = to(at);
        return `M${x.toFixed(1)} ${y.toFixed(1)}L${nx.toFixed(1)} ${ny.toFixed(1)}`;
      }).join(""));
    }
  }

  destroy() {
    document.removeEventListener("excavate:now", this.look);
    clearInterval(this.timer);
    this.layer.remove();
  }
}

// Three points whose places on the screen are known say where every other place lies, however the
// map was moved, zoomed or turned. Returns a function, or null where the three lie on one line.
export function affine(from, to) {
  const [[ax, ay], [bx, by], [cx, cy]] = from;
  const whole = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (Math.abs(whole) < 1e-12) return null;
  return ([x, y]) => {
    const s = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / whole;
    const t = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / whole;
    return [0, 1].map((k) => to[0][k] + s * (to[1][k] - to[0][k]) + t * (to[2][k] - to[0][k]));
  };
}

// Three drawn points that lie far from each other.
export function farApart({ x, y }) {
  let [left, right, off, most] = [0, 0, 0, -1];
  for (let i = 0; i < x.length; i += 1) {
    if (x[i] < x[left]) left = i;
    if (x[i] > x[right]) right = i;
  }
  const [dx, dy] = [x[right] - x[left], y[right] - y[left]];
  for (let i = 0; i < x.length; i += 1) {
    const far = Math.abs(dx * (y[i] - y[left]) - dy * (x[i] - x[left]));
    if (far > most) [off, most] = [i, far];
  }
  return [left, right, off];
}
