// Reads the binary point file and turns it into what regl-scatterplot draws.
//
// The file: u32 n, u32 kind (0 category, 1 quantity), f32 x[n], f32 y[n], then the colours,
// u8 code[n] or f32 value[n], then u8 placed[n]. Codes 0..253 are categories by rank, 254 the
// ranks beyond, 255 "not labelled"; a value of NaN is "not measured".

export const OTHER = 254;
export const UNLABELLED = 255;
const SHADES = 101;

export function readPoints(buffer) {
  const [n, kind] = new Uint32Array(buffer, 0, 2);
  const x = new Float32Array(buffer, 8, n);
  const y = new Float32Array(buffer, 8 + 4 * n, n);
  const start = 8 + 8 * n;
  const quantity = kind === 1;
  const colour = quantity ? new Float32Array(buffer, start, n) : new Uint8Array(buffer, start, n);
  const placed = new Uint8Array(buffer, start + (quantity ? 4 : 1) * n, n);
  return { n, quantity, x, y, colour, placed };
}

// One scale for both axes: a layout's distances mean nothing, but they should not be stretched.
// `aspect` is width over height: in a tall frame the plot's unit is cut to the width.
export function fit({ x, y, n }, aspect) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; i += 1) {
    left = Math.min(left, x[i]);
    right = Math.max(right, x[i]);
    low = Math.min(low, y[i]);
    high = Math.max(high, y[i]);
  }
  const half = Math.max(right - left, high - low, 1e-9) / 2 / 0.94 / Math.min(1, aspect);
  const [cx, cy] = [(left + right) / 2, (low + high) / 2];
  return {
    toScreen: (px, py) => [(px - cx) / half, (py - cy) / half],
    toLayout: ([sx, sy]) => [sx * half + cx, sy * half + cy],
  };
}

function codesOf({ quantity, colour, n }, range) {
  if (!quantity) return colour;
  const codes = new Uint8Array(n);
  const span = range[1] - range[0] || 1;
  for (let i = 0; i < n; i += 1) {
    const share = Math.min(1, Math.max(0, (colour[i] - range[0]) / span));
    codes[i] = Number.isNaN(colour[i]) ? UNLABELLED : Math.round(share * (SHADES - 1));
  }
  return codes;
}

// A stride that visits every point once, spread evenly: in the source's own order, what comes
// last (a test split, say) would lie over all the rest and seem to be the most.
export function stride(n) {
  const gcd = (a, b) => (b ? gcd(b, a % b) : a);
  let step = Math.max(1, Math.round(n * 0.6180339887));
  while (gcd(step, n) > 1) step += 1;
  return step;
}

// What is drawn, in order: first the hollow dots (a grey ring: a dot, and a smaller one of the
// ground on it), then the rings under points placed later, then the points themselves.
export function drawList(points, scale, palette, size) {
  const codes = codesOf(points, palette.range);
  const colours = palette.colours.concat([palette.none, palette.ground, palette.ink]);
  const [none, ground, ink] = [0, 1, 2].map((k) => palette.colours.length + k);
  const sizes = colours.map((_, k) => (k === ground ? size * 0.55 : k === ink ? size + 3 : size));
  const drawn = { x: [], y: [], z: [], index: [] };
  const add = (i, z) => {
    const [sx, sy] = scale.toScreen(points.x[i], points.y[i]);
    drawn.x.push(sx);
    drawn.y.push(sy);
    drawn.z.push(z);
    drawn.index.push(i);
  };
  const step = stride(points.n);
  const each = (wanted, z) => {
    for (let k = 0, i = 0; k < points.n; k += 1, i = (i + step) % points.n) {
      if (wanted(i)) add(i, z(i));
    }
  };
  const empty = (i) => codes[i] === UNLABELLED;
  const last = palette.colours.length - 1;
  const solid = (i) => Math.min(codes[i], last);
  const rest = (i) => !empty(i) && colours[solid(i)] === palette.rest;
  each(empty, () => none);
  each(empty, () => ground);
  each((i) => points.placed[i] === 1, () => ink);
  each(rest, solid);
  each((i) => !empty(i) && !rest(i), solid);
  return { drawn, colours, sizes };
}
