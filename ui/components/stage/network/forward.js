// @ts-check
// The network's forward pass for all 512 patterns, from its numbers (see `NumberLayout`): z is the sum over the kernels of
// h(sum(pixel * kernel) + bias) * w2, plus b2, where h, the hidden activation, is relu or nothing. Pure.
import { numberLayout } from "./number_layout.js";

/**
 * @typedef {object} Head
 * @property {(z: number) => number} output
 * @property {(z: number) => number} slope
 * @property {number} dead the |z| from which the slope is exactly 0
 * @property {[number, number]} z what its picture shows
 * @property {[number, number]} y
 *
 * @typedef {"none" | "relu"} Hidden what stands between the two convolutions
 */

export const NINE = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** @type {(pattern: number, pixel: number) => number} */
export function bit(pattern, pixel) {
  return (pattern >> pixel) & 1;
}

/** @type {(pattern: number) => number} */
export function popcount(pattern) {
  let count = 0;
  for (; pattern; pattern &= pattern - 1) count++;
  return count;
}

// Each head: output, slope, the |z| from which the slope is exactly 0, and the stretch of z and output its picture shows.
/** @type {Record<"hard_sigmoid" | "sigmoid" | "softmax" | "linear", Head>} */
export const HEADS = {
  hard_sigmoid: {
    output: z => Math.min(1, Math.max(0, z / 6 + 0.5)),
    slope: hardSlope,
    dead: 3,
    z: [-6, 6],
    y: [0, 1],
  },
  sigmoid: { output: logistic, slope: logisticSlope, dead: Infinity, z: [-6, 6], y: [0, 1] },
  softmax: { output: logistic, slope: logisticSlope, dead: Infinity, z: [-6, 6], y: [0, 1] },
  linear: { output: z => z, slope: () => 1, dead: Infinity, z: [-1.5, 2.5], y: [-1.5, 2.5] },
};

/** @type {(z: number) => number} */
export function logistic(z) {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

// As relu6 sees z + 3, rounded to float32.
/** @type {(z: number) => number} */
function hardSlope(z) {
  const shifted = Math.fround(Math.fround(z) + 3);
  return shifted > 0 && shifted < 6 ? 1 / 6 : 0;
}

// Exactly 0 where Keras's own is, which computes y * (1 - y) in float32: y rounds to 1 from 24 ln 2 on, and is no normal
// number any more at -126 ln 2. The same as in corner_lab/network/heads.py.
/** @type {(z: number) => number} */
export function logisticSlope(z) {
  if (z <= -126 * Math.LN2 || z >= 24 * Math.LN2) return 0;
  const e = Math.exp(-Math.abs(z));
  return e / (1 + e) ** 2;
}

const products = new Float64Array(512); // of one kernel, for all patterns

// What the hidden activation leaves of a kernel's sum. -0 is none: relu's 0 has no sign.
/** @type {(hidden: Hidden, sum: number) => number} */
export function passed(hidden, sum) {
  return hidden === "relu" ? Math.max(sum, 0) : sum;
}

// z of all 512 patterns, to the last bit what Python computes: float64 from float32 numbers; for each kernel the products of
// the pixels that are on, summed in the order of the pixels, then its bias, the hidden activation, its w2; these parts in
// the order of the kernels, and b2 last. Each pattern is one already summed plus its highest pixel, which keeps that order.
/** @type {(weights: ArrayLike<number>, hidden?: Hidden, out?: Float64Array) => Float64Array} */
export function allZ(weights, hidden = "none", out = new Float64Array(512)) {
  const { kernels, bias, w2, b2 } = numberLayout(weights.length);
  products[0] = 0;
  for (let k = 0; k < kernels; k++) {
    const kernel = 9 * k;
    for (let i = 0; i < 9; i++)
      for (let j = 0, n = 1 << i; j < n; j++) products[n + j] = products[j] + weights[kernel + i];
    for (let i = 0; i < 512; i++) {
      const part = passed(hidden, products[i] + weights[bias + k]) * weights[w2 + k];
      out[i] = k ? out[i] + part : part;
    }
  }
  for (let i = 0; i < 512; i++) out[i] += weights[b2];
  return out;
}

// Hamming distance of every pattern to its nearest target.
/** @type {(targets: number[]) => Uint8Array} */
export function distances(targets) {
  return Uint8Array.from({ length: 512 }, (_, i) => targets.reduce((least, t) => Math.min(least, popcount(i ^ t)), 9));
}
