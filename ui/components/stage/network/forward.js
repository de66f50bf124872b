// @ts-check
// The network's forward pass for all 512 patterns, from twelve numbers:
// kernel 0..8 (row by row), bias 9, 1x1 weight 10, its bias 11; z = (sum(pixel * kernel) + bias) * w2 + b2. Pure.

/**
 * @typedef {object} Head
 * @property {(z: number) => number} output
 * @property {(z: number) => number} slope
 * @property {number} dead the |z| from which the slope is exactly 0
 * @property {[number, number]} z what its picture shows
 * @property {[number, number]} y
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

// z of all 512 patterns, to the last bit what Python computes: float64 from float32 numbers, the products of the pixels
// that are on summed in the order of the pixels, then the bias, w2 and b2. Each pattern is one already summed plus its
// highest pixel, which keeps that order.
/** @type {(weights: ArrayLike<number>, out?: Float64Array) => Float64Array} */
export function allZ(weights, out = new Float64Array(512)) {
  out[0] = 0;
  for (let i = 0; i < 9; i++) for (let j = 0, n = 1 << i; j < n; j++) out[n + j] = out[j] + weights[i];
  for (let i = 0; i < 512; i++) out[i] = (out[i] + weights[9]) * weights[10] + weights[11];
  return out;
}

// Hamming distance of every pattern to its nearest target.
/** @type {(targets: number[]) => Uint8Array} */
export function distances(targets) {
  return Uint8Array.from({ length: 512 }, (_, i) => targets.reduce((least, t) => Math.min(least, popcount(i ^ t)), 9));
}
