// @ts-check
// The atlas by distance: where all 512 points are drawn, so that no point hides another. Pure.
import { zAxis } from "../canvas/axis.js";
import { distances } from "../network/forward.js";
import { sideOf } from "../network/verdict.js";
import { apart, laneOf } from "./packing.js";

/**
 * @typedef {object} Places
 * @property {Uint8Array} distance of each pattern to the nearest target
 * @property {number[]} count how many patterns have each distance
 * @property {Uint16Array} rank among those of the same distance
 * @property {number} far the largest distance
 * @property {number[]} targets
 *
 * @typedef {{ xs: Float64Array, ys: Float64Array, dot: number, diamond: number, target: number, nudge: number, card?: [number, number] }} Layout
 *   `card`: where it stands, if not beside its point
 * @typedef {{ z: number, xs: Float64Array, ys: Float64Array, domain: number[] }} Shown positions as they ease
 * @typedef {ReturnType<typeof atlasScales>} AtlasScales
 */

// What never changes for a set of targets: each pattern's distance and its rank among those of the same distance.
/** @type {(targets: number[]) => Places} */
export function atlasPlaces(targets) {
  const distance = distances(targets);
  const count = new Array(10).fill(0);
  const rank = new Uint16Array(512);
  for (let i = 0; i < 512; i++) rank[i] = count[distance[i]]++;
  let far = 9;
  while (far > 1 && !count[far]) far--;
  return { distance, count, rank, far, targets };
}

// Columns as wide as the square root of their count. Distance 0 is wider: it holds the targets, their name and the gap.
/**
 * @param {number} W
 * @param {number} H
 * @param {number} k
 * @param {Places} places
 * @param {number[]} domain
 */
export function atlasScales(W, H, k, places, domain) {
  const L = 56 * k;
  const R = 4 * k;
  const T = 24 * k;
  const B = 28 * k;
  const w = Math.max(1, W - L - R);
  const h = Math.max(1, H - T - B);
  const { far, count } = places;
  const zero = Math.max(84 * k, 0.18 * w);
  const share = d => Math.max(3.2, Math.sqrt(count[d]));
  const left = [L, L + zero];
  const room = [zero];
  let all = 0;
  for (let d = 1; d <= far; d++) all += share(d);
  for (let d = 1; d <= far; d++) {
    room[d] = ((w - zero) * share(d)) / all;
    left[d + 1] = left[d] + room[d];
  }
  const middle = room.map((size, d) => (d ? left[d] + size / 2 : L + 0.3 * zero));
  const axis = zAxis(domain[0], domain[1]);
  const dot = Math.max(1.9 * k, Math.min(3 * k, Math.max(...room.slice(1)) * 0.031));
  return { W, H, k, L, T, h, E: W - R, zero, room, left, middle, axis, dot, Y: z => T + h * axis.place(z), far };
}

// x, y and the marks' radii. A point keeps the lane of its rank and its true z, unless it would touch another: then it is
// nudged up or down the least possible, never across the threshold or a dead edge. If there is no room, marks get smaller.
/** @type {(A: AtlasScales, places: Places, zs: ArrayLike<number>, threshold: number, dead: number) => Layout} */
export function layoutByDistance(A, places, zs, threshold, dead) {
  const { k } = A;
  const several = places.targets.length;
  let wrong = 0;
  for (let i = 0; i < 512; i++) if (places.distance[i] && sideOf(zs[i], threshold) >= 0) wrong++;
  const narrow = Math.min(...A.room.slice(1)) / 2 - 0.5 * k;
  let dot = A.dot;
  let diamond = Math.min(narrow, (wrong <= 24 ? 4.5 : wrong <= 96 ? 3.5 : 0) * k || dot);
  let target = targetSize(A, several);
  for (let tries = 0; ; tries++) {
    const layout = attempt(A, places, zs, threshold, dead, { dot, diamond, target });
    if (!layout.full.size || tries > 40) return layout;
    if (layout.full.has("dot")) dot *= 0.92;
    if (layout.full.has("diamond")) diamond *= 0.92;
    if (layout.full.has("target")) target *= 0.92;
  }
}

/** @type {(A: AtlasScales, many: number) => number} */
function targetSize(A, many) {
  for (let size = 12 * A.k; size > A.dot; size -= A.k / 2) {
    const lanes = Math.floor((0.5 * A.zero) / (2 * size));
    if (many === 1 || (lanes > 0 && Math.ceil(many / lanes) * 2 * size <= 48 * A.k)) return size;
  }
  return A.dot;
}

/** @type {(A: AtlasScales, places: Places, zs: ArrayLike<number>, threshold: number, dead: number, sizes: { dot: number, diamond: number, target: number }) => Layout & { full: Set<string> }} */
function attempt(A, places, zs, threshold, dead, sizes) {
  const { k, T, h } = A;
  const { distance, rank, targets } = places;
  const cut = A.Y(threshold);
  const up = A.Y(dead);
  const down = A.Y(-dead);
  const between = 0.3 * k;
  const xs = new Float64Array(512).fill(NaN);
  const ys = new Float64Array(512).fill(NaN);
  const truth = new Float64Array(512);
  const key = new Float64Array(512);
  const order = [];
  const onLine = new Uint16Array(10);
  const full = new Set();
  for (let i = 0; i < 512; i++) {
    const z = zs[i];
    const d = distance[i];
    if (Number.isNaN(z)) continue; // a run that diverged: nowhere to draw it
    const kind = kindOf(d, sideOf(z, threshold) >= 0);
    const space = 2 * sizes[kind] + between;
    const room = d ? 0.94 * A.room[d] : 0.5 * A.zero;
    const lanes = Math.max(1, Math.floor(room / space));
    const lane = laneOf(rank[i], lanes);
    const zone = z >= dead ? 0 : sideOf(z, threshold) >= 0 ? 1 : z > -dead ? 2 : 3;
    xs[i] = A.middle[d] + (Math.min(lanes, places.count[d]) > 1 ? (lane - (lanes - 1) / 2) * space : 0);
    truth[i] = A.Y(z);
    key[i] = (d * 256 + lane) * 4 + zone;
    if (z === threshold) onLine[d]++;
    order.push(i);
  }
  order.sort((a, b) => key[a] - key[b] || truth[a] - truth[b] || a - b);
  let nudge = 0;
  for (let from = 0, to; from < order.length; from = to) {
    for (to = from + 1; to < order.length && key[order[to]] === key[order[from]]; to++);
    const first = order[from];
    const d = distance[first];
    const zone = key[first] % 4;
    const kind = kindOf(d, zone < 2);
    const size = sizes[kind];
    const clear = d || targets.length > 1 ? size : sizes.dot;
    const above = sizes[kindOf(d, true)];
    const low = [T + size, Math.max(T + size, up + clear), cut + clear + (onLine[d] ? above : 0), down + clear][zone];
    const onIt = zs[order[to - 1]] === threshold || zs[first] === threshold;
    // On the line exactly: from the line upwards, around it where nothing else stands in the column.
    const level = onLine[d] === places.count[d] ? Math.min(T + h, down) - clear : cut;
    const high = [up - clear, onIt ? level : cut - clear, Math.min(T + h - size, down - clear), T + h - size][zone];
    const run = order.slice(from, to).map(i => truth[i]);
    if (!apart(run, 2 * size + between, low, high)) full.add(kind);
    for (let i = from; i < to; i++) {
      ys[order[i]] = run[i - from];
      nudge = Math.max(nudge, Math.abs(run[i - from] - truth[order[i]]));
    }
  }
  return { xs, ys, ...sizes, full, nudge };
}

/** @type {(d: number, called: boolean) => "target" | "diamond" | "dot"} */
function kindOf(d, called) {
  return d === 0 ? "target" : called ? "diamond" : "dot";
}

// From point to point: up and down by z within a distance, left and right to the nearest z of the next distance.
/** @type {(places: Places, zs: Float64Array, at: number, key: string) => number} */
export function patternBeside(places, zs, at, key) {
  const here = places.distance[at];
  const others = [...zs.keys()].filter(i => i !== at);
  if (key === "ArrowUp" || key === "ArrowDown") {
    const rank = i => zs[i] + i * 1e-9;
    const way = key === "ArrowUp" ? 1 : -1;
    return others
      .filter(i => places.distance[i] === here && (rank(i) - rank(at)) * way > 0)
      .reduce((best, i) => (best < 0 || (rank(i) - rank(best)) * way < 0 ? i : best), -1);
  }
  const want = here + (key === "ArrowRight" ? 1 : -1);
  return others
    .filter(i => places.distance[i] === want)
    .reduce((best, i) => (best < 0 || Math.abs(zs[i] - zs[at]) < Math.abs(zs[best] - zs[at]) ? i : best), -1);
}

// The pattern drawn nearest to (x, y) on the canvas, within `reach`; -1 if there is none.
/** @type {(shown: Pick<Shown, "xs" | "ys">, x: number, y: number, reach?: number) => number} */
export function patternNear({ xs, ys }, x, y, reach = Infinity) {
  let best = reach * reach;
  let at = -1;
  for (let i = 0; i < 512; i++) {
    const d = (xs[i] - x) ** 2 + (ys[i] - y) ** 2;
    if (d < best) {
      best = d;
      at = i;
    }
  }
  return at;
}

// The drawn places and the axis ease towards the layout by `share`; what was nowhere is there at once.
// Returns whether anything has moved.
/** @type {(shown: Shown, layout: Layout, domain: [number, number], share: number) => boolean} */
export function easedTowards(shown, layout, domain, share) {
  let moved = false;
  for (const name of ["xs", "ys"]) {
    const now = shown[name];
    const then = layout[name];
    for (let i = 0; i < 512; i++) {
      if (now[i] === then[i]) continue;
      moved = true;
      now[i] = share < 1 && Math.abs(then[i] - now[i]) > 0.01 ? now[i] + (then[i] - now[i]) * share : then[i];
    }
  }
  for (let i = 0; i < 2; i++) {
    if (shown.domain[i] === domain[i]) continue;
    moved = true;
    const now = Math.asinh(shown.domain[i]);
    const then = Math.asinh(domain[i]);
    shown.domain[i] = share < 1 && Math.abs(now - then) > 1e-3 ? Math.sinh(now + (then - now) * share) : domain[i];
  }
  return moved;
}
