// The map of a layout, as a Streamlit component: points by WebGL, a picture under the pointer,
// a click that opens an item, a lasso that sends back its outline and a count, never the ids.
import createScatterplot from "regl-scatterplot";
import { drawList, fit, readPoints } from "./points.js";
import { listenToTouch } from "./touch.js";
import { MadeHere, affine, farApart } from "./made.js";
import { buildStage, showCard } from "./stage.js";

const MAX_VERTICES = 200;
const stages = new WeakMap();

function pointSize(n) {
  if (n < 3000) return 7;
  if (n < 20000) return 5;
  return n < 150000 ? 3 : 2;
}

// Every k-th vertex, so that a long stroke stays a short message.
function thin(outline) {
  const step = Math.max(1, Math.ceil(outline.length / MAX_VERTICES));
  return outline.filter((_, k) => k % step === 0);
}

class AtlasStage {
  constructor(parent) {
    this.parts = buildStage(parent);
    this.made = new MadeHere(this.parts);
    this.url = null;
    this.looks = "";
    this.lassoed = 0; // when: the click that ends a stroke opens nothing
    this.plot = createScatterplot({
      canvas: this.parts.canvas,
      width: this.parts.canvas.clientWidth || 600,
      height: this.parts.canvas.clientHeight || 400,
      lassoInitiator: false,
      lassoMinDist: 6,
      lassoClearEvent: "deselect",
      pointOutlineWidth: 2,
      opacity: 0.95,
    });
    this.listen();
  }

  listen() {
    const { plot, parts } = this;
    listenToTouch(parts.canvas);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(parts.canvas.parentElement);
    plot.subscribe("pointover", (drawn) => this.hover(drawn));
    plot.subscribe("pointout", () => showCard(parts, null));
    plot.subscribe("select", ({ points }) => this.select(points));
    plot.subscribe("lassoEnd", ({ coordinates }) => this.lasso(coordinates));
    plot.subscribe("deselect", () => this.clear());
    plot.subscribe("draw", () => this.mark());
    parts.buttons.nearer.onclick = () => this.zoom(1.5);
    parts.buttons.farther.onclick = () => this.zoom(1 / 1.5);
    parts.buttons.whole.onclick = () => plot.reset();
    parts.buttons.lasso.onclick = () => this.setLasso(plot.get("mouseMode") !== "lasso");
    parts.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  update(component) {
    this.send = component.setTriggerValue;
    this.asked = component.data;
    this.parts.say(component.data.words);
    this.made.update(component.data.made, component.data.words);
    const looks = JSON.stringify(component.data.palette);
    const held = this.held;
    this.held = component.data.held;
    if (held && !this.held) this.plot.deselect({ preventEvent: true });
    this.mark();
    if (component.data.points !== this.url) {
      this.url = component.data.points;
      this.load();
    } else if (looks !== this.looks && this.points) {
      this.paint();
    }
    this.looks = looks;
  }

  async load() {
    const url = this.url;
    this.parts.status(this.asked.words.loading);
    try {
      const reply = await fetch(url);
      if (!reply.ok) throw new Error(String(reply.status));
      const buffer = await reply.arrayBuffer();
      if (url !== this.url) return;
      this.points = readPoints(buffer);
      this.fit();
      await this.paint();
      this.parts.status("");
    } catch (error) {
      this.parts.status(`${this.asked.words.failed} (${error.message})`);
    }
  }

  fit() {
    const { clientWidth, clientHeight } = this.parts.frame;
    this.aspect = Math.min(1, clientWidth / Math.max(1, clientHeight));
    this.scale = fit(this.points, this.aspect);
  }

  async paint() {
    const { palette } = this.asked;
    const size = pointSize(this.points.n);
    const { drawn, colours, sizes } = drawList(this.points, this.scale, palette, size);
    this.index = drawn.index;
    this.corners = this.points.n ? farApart(drawn).map((at) => [at, drawn.index[at]]) : [];
    this.plot.set({
      backgroundColor: palette.ground,
      pointColor: colours,
      pointSize: sizes,
      pointColorActive: palette.ink,
      pointColorHover: palette.ink,
      lassoColor: palette.ink,
      colorBy: "valueA",
      sizeBy: "valueA",
    });
    await this.plot.draw(
      { x: drawn.x, y: drawn.y, valueA: drawn.z },
      { zDataType: "categorical", preventFilterReset: true },
    );
    this.parts.root.dataset.painted = String(this.points.n);
    this.mark();
  }

  // A ring around the opened item, above the points: theirs is lost among thousands.
  mark() {
    this.ring();
    this.made.place(this.projection());
    const { mark } = this.parts;
    const opened = this.asked?.opened ?? null;
    const at = opened === null || !this.index ? -1 : this.index.lastIndexOf(opened);
    const place = at < 0 ? null : this.plot.getScreenPosition(at);
    mark.hidden = !place;
    if (place) mark.style.transform = `translate(${place[0]}px, ${place[1]}px)`;
  }

  // Where a place of the layout lies on the screen; null before anything is drawn.
  projection() {
    if (!this.corners?.length) return null;
    const seen = this.corners.map(([at]) => this.plot.getScreenPosition(at));
    const laid = this.corners.map(([, i]) => [this.points.x[i], this.points.y[i]]);
    return seen.every(Boolean) ? affine(laid, seen) : null;
  }

  // Rings in slate around the items that a finding names.
  ring() {
    const wanted = this.index ? (this.asked?.ringed ?? []) : [];
    if (this.ringed !== wanted || this.ringedIn !== this.index) {
      this.ringed = wanted;
      this.ringedIn = this.index;
      this.rings = wanted.map((i) => this.index.lastIndexOf(i)).filter((at) => at >= 0);
      this.parts.setRings(this.rings.length);
    }
    this.rings.forEach((at, k) => {
      const place = this.plot.getScreenPosition(at);
      const ring = this.parts.rings.children[k];
      ring.hidden = !place;
      if (place) ring.style.transform = `translate(${place[0]}px, ${place[1]}px)`;
    });
  }

  async hover(drawn) {
    const i = this.index[drawn];
    this.hovered = i;
    const reply = await fetch(this.asked.hover.replace("INDEX", i));
    if (!reply.ok || this.hovered !== i) return;
    showCard(this.parts, await reply.json(), this.plot.getScreenPosition(drawn));
  }

  select(drawn) {
    const drawing = this.plot.get("mouseMode") === "lasso" || Date.now() - this.lassoed < 500;
    if (drawn.length !== 1 || drawing) return;
    this.send("opened", this.index[drawn[0]]);
  }

  lasso(coordinates) {
    if (coordinates.length < 3) return;
    this.lassoed = Date.now();
    const count = new Set(this.plot.get("selectedPoints").map((d) => this.index[d])).size;
    const outline = thin(coordinates).map((at) => this.scale.toLayout(at));
    this.send("lassoed", { outline, count });
    this.setLasso(false);
  }

  clear() {
    this.send("cleared", true);
  }

  setLasso(on) {
    this.plot.set({ mouseMode: on ? "lasso" : "panZoom" });
    this.parts.buttons.lasso.setAttribute("aria-pressed", String(on));
    this.parts.canvas.style.cursor = on ? "crosshair" : "";
  }

  zoom(factor) {
    this.plot.get("camera").scale([factor, factor], [0, 0]);
    this.plot.redraw();
  }

  // Arrows move, + and - zoom, 0 shows the whole, Enter opens what is nearest the cross.
  key(event) {
    const pans = { ArrowLeft: [0.15, 0], ArrowRight: [-0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
    if (pans[event.key]) this.plot.get("camera").translate(pans[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "0") this.plot.reset();
    else if (event.key === "Enter") this.send("opened", this.nearest());
    else return;
    event.preventDefault();
    this.plot.redraw();
  }

  nearest() {
    const [tx, ty] = this.scale.toLayout(this.plot.get("cameraTarget"));
    let [best, found] = [Infinity, 0];
    for (let i = 0; i < this.points.n; i += 1) {
      const d = (this.points.x[i] - tx) ** 2 + (this.points.y[i] - ty) ** 2;
      if (d < best) [best, found] = [d, i];
    }
    return found;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.parts.canvas.parentElement;
    if (!(width > 0 && height > 0)) return;
    this.plot.set({ width, height });
    clearTimeout(this.resized);
    this.resized = setTimeout(() => this.refit(), 200);
  }

  // A tall frame shows less of the width: when a tablet is turned, the points are fitted anew.
  refit() {
    if (!this.points || !this.parts.frame.isConnected) return;
    const before = this.aspect;
    this.fit();
    if (Math.abs(this.aspect - before) > 0.01) this.paint();
  }

  destroy() {
    this.url = this.hovered = null; // what is on its way finds nobody to draw for
    this.observer.disconnect();
    clearTimeout(this.resized);
    this.made.destroy();
    this.plot.destroy();
  }
}

export default function show(component) {
  const parent = component.parentElement;
  if (!stages.has(parent)) stages.set(parent, new AtlasStage(parent));
  stages.get(parent).update(component);
  return () => {
    stages.get(parent)?.destroy();
    stages.delete(parent);
  };
}
