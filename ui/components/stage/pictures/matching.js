// @ts-check
// What a network finds in a picture, and what of it is right where the true corners are known. Pure.
import { tr } from "../../language/tr.js";
import { popcount } from "../network/forward.js";
import { sideOf } from "../network/verdict.js";
import { largestPairing, stepsWithin } from "./pairing.js";

/**
 * @typedef {{ at: number, name: string }} Corner the cell of a rectangle's own corner pixel, and which corner it is
 *
 * @typedef {{ indices: Uint16Array, counts: Int32Array, width: number }} PicturePatterns the pattern at each cell, how often each occurs
 *
 * @typedef {object} Found
 * @property {number} count how many cells are called a corner
 * @property {number[] | null} hits their cells, null where there are more than `MOST_HITS`
 * @property {Corner[]} truth the corners that are to be found
 * @property {boolean} known whether it is known which those are
 * @property {number[]} right cells
 * @property {number[]} missed
 * @property {number[] | null} wrong the false ones, null where there are too many hits
 * @property {number} falses how many of them
 */

export const MOST_HITS = 1500;

// The patterns that are corners of a rectangle, by their names in the core.
/** @type {Record<number, string>} */
export const ORIENTATIONS = { 432: "top_left", 216: "top_right", 27: "bottom_right", 54: "bottom_left" };
const AROUND = [432, 216, 27, 54];

const CORNER_NAMES = {
  top_left: tr("top-left corner"),
  top_right: tr("top-right corner"),
  bottom_right: tr("bottom-right corner"),
  bottom_left: tr("bottom-left corner"),
};

// "top-left corner"; any other pattern by its number.
/** @type {(pattern: number) => string} */
export function cornerName(pattern) {
  return CORNER_NAMES[ORIENTATIONS[pattern]] ?? tr("pattern {index}", { index: pattern });
}

// What a patch of each of the 512 patterns is taken for if it is called a corner: the nearest target, ties in the order
// around a rectangle; "" where that is no corner. As corner_lab/pictures/corners.py has it.
/** @type {(targets: number[]) => string[]} */
export function takenFor(targets) {
  const inOrder = [...AROUND.filter(t => targets.includes(t)), ...targets.filter(t => !AROUND.includes(t))];
  return Array.from({ length: 512 }, (_, patch) => {
    const nearest = inOrder.reduce((best, t) => (popcount(t ^ patch) < popcount(best ^ patch) ? t : best));
    return ORIENTATIONS[nearest] ?? "";
  });
}

// Those of the true corners that these targets stand for; null where a target is no corner, and there is no truth.
/** @type {(corners: Corner[] | null, targets: number[]) => Corner[] | null} */
export function wantedCorners(corners, targets) {
  if (!corners || !targets.every(t => ORIENTATIONS[t])) return null;
  return corners.filter(corner => targets.some(t => ORIENTATIONS[t] === corner.name));
}

// `zs`: of the 512. `counts`: how often each pattern occurs, so that a picture full of hits is counted without going
// through it. `names`: what each pattern is taken for. A hit is right at a true corner of that name, or at most
// `tolerance` pixels from it in rows and in columns; each hit for one corner.
/** @type {(picture: PicturePatterns, zs: ArrayLike<number>, threshold: number, truth: Corner[] | null, names: string[], tolerance?: number) => Found} */
export function found({ indices, counts, width }, zs, threshold, truth, names, tolerance = 0) {
  const called = new Uint8Array(512);
  let count = 0;
  for (let p = 0; p < 512; p++) {
    if (sideOf(zs[p], threshold) !== 1) continue;
    called[p] = 1;
    count += counts[p];
  }
  const hits = count > MOST_HITS ? null : /** @type {number[]} */ ([]);
  if (hits && count) for (let at = 0; at < indices.length; at++) if (called[indices[at]]) hits.push(at);
  const isFound = (at, name) => called[indices[at]] === 1 && names[indices[at]] === name;
  const height = indices.length / width;
  const near = ({ at, name }) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return stepsWithin(tolerance)
      .filter(([y, x]) => row + y >= 0 && row + y < height && column + x >= 0 && column + x < width)
      .map(([y, x]) => at + y * width + x)
      .filter(place => isFound(place, name));
  };
  const pairs = largestPairing((truth ?? []).map(near));
  const right = [...pairs.values()].sort((a, b) => a - b);
  const taken = new Set(right);
  return {
    count,
    hits,
    truth: truth ?? [],
    known: truth !== null,
    right,
    missed: (truth ?? []).filter((_, i) => !pairs.has(i)).map(({ at }) => at),
    wrong: truth ? (hits?.filter(at => !taken.has(at)) ?? null) : [],
    falses: truth ? count - taken.size : 0,
  };
}

// Shares of 0..1; NaN where there is nothing to divide by.
/** @type {(found: Found) => { precision: number, recall: number, f1: number }} */
export function detectionScores({ right, missed, falses }) {
  const tp = right.length;
  return {
    precision: tp / (tp + falses),
    recall: tp / (tp + missed.length),
    f1: (2 * tp) / (2 * tp + falses + missed.length),
  };
}

// The cells to step through: the errors where the truth is known, from the top left on; otherwise what was found.
/** @type {(found: Found) => number[]} */
export function stopsOf({ known, hits, missed, wrong }) {
  return known ? [...missed, ...(wrong ?? [])].sort((a, b) => a - b) : (hits ?? []);
}
