// @ts-check
// The numbers on the bench: what its cells show of them, what a change of a cell changes, and the steps from pixels to z.
// Pure.
import { bit, NINE, passed } from "./forward.js";
import { B0, B1, B2, BIAS, indexOf, numberLayout, W0, W1 } from "./number_layout.js";

/**
 * @import { Hidden } from "./forward.js"
 */

/**
 * @typedef {object} KernelPart one kernel's way from the pixels to its part of z
 * @property {number} products
 * @property {number} sum what the bias makes of it
 * @property {number} passed what the hidden activation leaves of it
 * @property {boolean} cut whether it leaves nothing of a sum that is not 0
 * @property {number} part times w2
 */

// What cell `cell` shows of kernel `k`; NaN where the network has no such number.
/** @type {(n: ArrayLike<number>, cell: number, k?: number) => number} */
export function numberOf(n, cell, k = 0) {
  const layout = numberLayout(n.length);
  if (cell >= W0 && layout.scores !== "pair") return NaN;
  const own = n[indexOf(layout, cell, k)];
  if (cell === W1) return own + n[layout.w0 + k];
  return cell === B1 ? own + n[layout.b0] : own;
}

// Changes one cell's number in place; the other class's change leaves the corner's as they are.
/** @type {(n: Float32Array | number[], cell: number, value: number, k?: number) => void} */
export function setNumber(n, cell, value, k = 0) {
  const layout = numberLayout(n.length);
  const at = indexOf(layout, cell, k);
  if (cell === W1) n[at] = value - n[layout.w0 + k];
  else if (cell === B1) n[at] = value - n[layout.b0];
  else if (cell === W0 || cell === B0) {
    const own = indexOf(layout, cell === W0 ? W1 : B1, k);
    const corner = n[own] + n[at];
    n[at] = value;
    n[own] = corner - value;
  } else n[at] = value;
}

// What is locked together: training keeps the difference that gives z by keeping both of a pair.
/** @type {(count: number, cell: number, k?: number) => number} */
export function lockOf(count, cell, k = 0) {
  return indexOf(numberLayout(count), cell === W0 ? W1 : cell === B0 ? B1 : cell, k);
}

// What each kernel makes of a pattern.
/** @type {(n: ArrayLike<number>, hidden: Hidden, pattern: number) => KernelPart[]} */
export function kernelParts(n, hidden, pattern) {
  const { kernels, bias, w2 } = numberLayout(n.length);
  return Array.from({ length: kernels }, (_, k) => {
    let products = 0;
    for (const i of NINE) products += bit(pattern, i) * n[9 * k + i];
    const sum = products + n[bias + k];
    const left = passed(hidden, sum);
    return { products, sum, passed: left, cut: left !== sum, part: left * n[w2 + k] };
  });
}

// The two classes' scores of a softmax, which other networks do not have: NaN.
/** @type {(n: ArrayLike<number>, parts: KernelPart[], pattern: number, z: number) => { other: number, corner: number }} */
export function scoresOfPair(n, parts, pattern, z) {
  const { scores, w0, b0 } = numberLayout(n.length);
  if (scores === "one") return { other: NaN, corner: NaN };
  let other = 0;
  if (scores === "pair") {
    parts.forEach((part, k) => {
      other += n[w0 + k] * part.passed;
    });
    other += n[b0];
  } else {
    other = n[21];
    for (const i of NINE) other += bit(pattern, i) * n[12 + i];
  }
  return { other, corner: other + z };
}

// As many numbers as the network on the stage has, and of their kind, float32. What only one of both networks has goes, or
// starts at 0: kernels, and the other class's numbers. Further kernels have the weights of `base`, a network of that length,
// with a w2 of 0: they leave z as it is, and can learn.
/** @type {(n: ArrayLike<number>, length: number, base?: ArrayLike<number>) => Float32Array} */
export function fitted(n, length, base = new Float32Array(length)) {
  if (n.length === length) return Float32Array.from(n);
  const from = numberLayout(n.length);
  const to = numberLayout(length);
  const out = new Float32Array(length);
  const pair = from.scores === "pair" && to.scores === "pair";
  for (let k = 0; k < Math.min(from.kernels, to.kernels); k++)
    for (let cell = 0; cell <= (pair ? B0 : B2); cell++) out[indexOf(to, cell, k)] = n[indexOf(from, cell, k)];
  for (let k = from.kernels; k < to.kernels; k++)
    for (let cell = 0; cell <= BIAS; cell++) out[indexOf(to, cell, k)] = base[indexOf(to, cell, k)];
  return out;
}

// Locks of a network of `from` kernels in one of `to`: those of kernels that both have.
/** @type {(locks: Iterable<number>, from: number, to: number) => number[]} */
export function fittedLocks(locks, from, to) {
  if (from === to) return [...locks];
  const [before, after] = [from, to].map(kernels => numberLayout(11 * kernels + 1));
  /** @type {Map<number, number>} */
  const places = new Map();
  for (let k = 0; k < Math.min(from, to); k++)
    for (let cell = 0; cell <= B2; cell++) places.set(indexOf(before, cell, k), indexOf(after, cell, k));
  return [...locks].flatMap(i => places.get(i) ?? []).sort((a, b) => a - b);
}
