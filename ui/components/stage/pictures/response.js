// @ts-check
// The response map: a colour for each of the 512 patterns, looked up cell by cell. Pure.
import { HEADS } from "../network/forward.js";

/** @typedef {"none" | "z" | "output"} Shown what the map shows */

const FAR = Math.asinh(30) / 0.6; // z is drawn as asinh; at 30 from the threshold and beyond in three fifths of the full colour

// The colours as a canvas's pixels (ABGR): [off, on, plainly on]. The first two have the 65 steps of the diverging scale;
// a cell that is on stays near the ink, to be told from one that is off.
/** @type {(P: { bg: string, ink: string, diverge: string[] }) => Uint32Array[]} */
export function cellColours(P) {
  const ink = channels(P.ink);
  const off = P.diverge.map(channels);
  return [off, off.map(c => between(c, ink, 0.62)), [ink]].map(scale => Uint32Array.from(scale, abgr));
}

// 512 colours: of the pattern's own middle pixel, and of what the network gives for it.
/** @type {(zs: ArrayLike<number>, of: { head: string, threshold: number }, shown: Shown, colours: Uint32Array[], out?: Uint32Array) => Uint32Array} */
export function colourTable(zs, { head, threshold }, shown, colours, out = new Uint32Array(512)) {
  const { output } = HEADS[head];
  for (let p = 0; p < 512; p++) {
    let x = 0;
    if (shown === "z") x = Math.max(-0.6, Math.min(0.6, Math.asinh(zs[p] - threshold) / FAR));
    else if (shown === "output") x = output(zs[p]);
    const step = Math.round(32 + 32 * Math.max(-1, Math.min(1, x || 0)));
    out[p] = shown === "none" && p & 16 ? colours[2][0] : colours[(p >> 4) & 1][step];
  }
  return out;
}

// Up to cell `end` as `table` says, the rest as `plain` does.
/** @type {(indices: Uint16Array, table: Uint32Array, plain: Uint32Array, end: number, out: Uint32Array) => Uint32Array} */
export function paintedCells(indices, table, plain, end, out) {
  const stop = Math.min(end, indices.length);
  for (let at = 0; at < stop; at++) out[at] = table[indices[at]];
  for (let at = stop; at < indices.length; at++) out[at] = plain[indices[at]];
  return out;
}

/** @type {(hex: string) => number[]} */
function channels(hex) {
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}

/** @type {(a: number[], b: number[], share: number) => number[]} */
function between(a, b, share) {
  return a.map((c, i) => Math.round(c + (b[i] - c) * share));
}

/** @type {(rgb: number[]) => number} */
function abgr([r, g, b]) {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
