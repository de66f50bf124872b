// @ts-check
// The same 512 points on the activation curve: z as far along as on the atlas's axis, piled up where they lie. Pure.
import { zAxis } from "../canvas/axis.js";
import { HEADS } from "../network/forward.js";
import { apart } from "./packing.js";

/**
 * @import { Layout, Places } from "./layout_distance.js"
 * @import { RecordHeader } from "../core/record.js"
 */

/** @typedef {ReturnType<typeof outputScales>} OutputScales */

// The |z| beyond which a sigmoid's slope is under 1% of its largest: 4 s (1 - s) = 0.01.
const FAINT = 2 * Math.acosh(10);

// The |z| where this head's zones end: exactly dead, or only vanishing; Infinity where the slope is the same everywhere.
/** @type {(head: RecordHeader["head"]) => number} */
export function zoneEdge(head) {
  return HEADS[head].dead < Infinity ? HEADS[head].dead : head === "linear" ? Infinity : FAINT;
}

// How many patterns lie where: left, in the middle, right; `zero`: how many have a slope of exactly 0 in float32.
/** @type {(zs: ArrayLike<number>, head: RecordHeader["head"]) => Record<"low" | "live" | "high" | "zero", number>} */
export function zoneCounts(zs, head) {
  const { slope, dead } = HEADS[head];
  const least = dead < Infinity || head === "linear" ? 0 : 0.01 * slope(0);
  const counts = { low: 0, live: 0, high: 0, zero: 0 };
  for (let i = 0; i < 512; i++) {
    const s = slope(zs[i]);
    counts[s > least || Number.isNaN(s) ? "live" : zs[i] < 0 ? "low" : "high"]++;
    if (s === 0) counts.zero++;
  }
  return counts;
}

/**
 * @param {number} W
 * @param {number} H
 * @param {number} k
 * @param {RecordHeader["head"]} head
 * @param {number[]} domain
 */
export function outputScales(W, H, k, head, domain) {
  const L = 40 * k;
  const R = 12 * k;
  const T = 44 * k;
  const B = 28 * k;
  const w = Math.max(1, W - L - R);
  const h = Math.max(1, H - T - B);
  const axis = zAxis(domain[0], domain[1]);
  const rise = 0.38 * h;
  const rail = 28 * k;
  const bounded = head !== "linear";
  const { output } = HEADS[head];
  // A linear head has no bounds: its output is drawn on the same compressed axis, where it is a straight line.
  const P = p => T + 6 * k + (rise - 6 * k) * (bounded ? 1 - p : axis.place(p));
  return {
    W,
    H,
    k,
    L,
    T,
    h,
    E: L + w,
    rise,
    rail: T + rise + rail / 2,
    floor: T + h,
    pile: h - rise - rail,
    axis,
    output,
    bounded,
    P,
    X: z => L + w * (1 - axis.place(z)),
    Z: x => axis.z(1 - (x - L) / w),
  };
}

// Targets stand on a rail of their own; all others are piled up from the floor, each in the bin nearest to its z that
// still has room, never across the threshold or the edge of a zone. Marks shrink until everything fits.
/** @type {(A: OutputScales, places: Places, zs: ArrayLike<number>, threshold: number, edge: number) => Layout} */
export function layoutByOutput(A, places, zs, threshold, edge) {
  const { k } = A;
  const lines = [-edge, threshold, edge].filter(z => z > A.axis.low && z < A.axis.high);
  const edges = [A.L, ...lines.map(A.X), A.E];
  const xs = new Float64Array(512).fill(NaN);
  const ys = new Float64Array(512).fill(NaN);
  /** @type {number[][]} */
  const zones = edges.slice(1).map(() => []);
  // On the lower edge is outside, on the threshold and on the upper edge beyond.
  const zoneOf = z => lines.filter(line => z > line || (z === line && line !== -edge)).length;
  const called = lines.indexOf(threshold) + 1;
  for (let i = 0; i < 512; i++) if (places.distance[i] && !Number.isNaN(zs[i])) zones[zoneOf(zs[i])].push(i);
  const wrong = zones.slice(called).reduce((all, zone) => all + zone.length, 0);
  const sizes = { dot: 3 * k, diamond: (wrong <= 24 ? 4.5 : 3) * k };
  let nudge = 0;
  for (const kind of ["dot", "diamond"]) {
    const [first, last] = kind === "dot" ? [0, called] : [called, zones.length];
    const least = 2 * k;
    for (let tries = 0; tries < 60; tries++) {
      let moved = 0;
      for (let at = first; at < last; at++)
        moved = Math.max(moved, piled(A, zs, zones[at], edges[at], edges[at + 1], sizes[kind], xs, ys));
      if (moved <= 16 * k || (moved < Infinity && sizes[kind] <= least)) {
        nudge = Math.max(nudge, moved);
        break;
      }
      sizes[kind] *= 0.94;
    }
  }
  const targets = places.targets.filter(t => !Number.isNaN(zs[t])).sort((a, b) => zs[a] - zs[b] || a - b);
  const several = targets.length > 1;
  let target = 12 * k;
  for (let tries = 0; tries < 60; tries++) {
    const clear = several ? target : sizes.dot;
    let fits = true;
    for (let at = 0; at < zones.length; at++) {
      const row = targets.filter(t => zoneOf(zs[t]) === at);
      const along = row.map(t => A.X(zs[t]));
      const onIt = !several && row.length > 0 && zs[row[0]] === threshold;
      fits = apart(along, 2 * target, edges[at] + (onIt ? 0 : clear), edges[at + 1] - clear) && fits;
      row.forEach((t, i) => {
        xs[t] = along[i];
        ys[t] = A.rail;
      });
    }
    if (fits) break;
    target *= 0.9;
  }
  return { xs, ys, dot: sizes.dot * 0.92, diamond: sizes.diamond, target, nudge };
}

// Piles one zone up between two x; how far the furthest was moved sideways, Infinity if there is no room.
/** @type {(A: OutputScales, zs: ArrayLike<number>, zone: number[], from: number, to: number, size: number, xs: Float64Array, ys: Float64Array) => number} */
function piled(A, zs, zone, from, to, size, xs, ys) {
  const wide = 2 * size;
  const bins = Math.max(1, Math.floor((to - from) / wide));
  const rows = Math.floor(A.pile / wide);
  if (zone.length > bins * rows) return Infinity;
  const filled = new Uint16Array(bins);
  const start = (from + to - bins * wide) / 2;
  let moved = 0;
  for (const i of zone) {
    const x = A.X(zs[i]);
    const bin = nearestFree(filled, rows, (x - start) / wide - 0.5);
    xs[i] = start + (bin + 0.5) * wide;
    ys[i] = A.floor - (filled[bin]++ + 0.5) * wide;
    moved = Math.max(moved, Math.abs(xs[i] - x));
  }
  return moved;
}

// The bin nearest to `exact` that still has room: outwards to both sides.
/** @type {(filled: Uint16Array, rows: number, exact: number) => number} */
function nearestFree(filled, rows, exact) {
  const last = filled.length - 1;
  let left = Math.max(-1, Math.min(last, Math.floor(exact)));
  let right = left + 1;
  for (;;) {
    const bin = right > last || (left >= 0 && exact - left <= right - exact) ? left-- : right++;
    if (filled[bin] < rows) return bin;
  }
}

// From point to point along the curve: by z, ties by index.
/** @type {(zs: Float64Array, at: number, key: string) => number} */
export function patternAlong(zs, at, key) {
  const way = key === "ArrowRight" || key === "ArrowUp" ? 1 : -1;
  const order = [...zs.keys()].sort((a, b) => zs[a] - zs[b] || a - b);
  return order[order.indexOf(at) + way] ?? -1;
}
