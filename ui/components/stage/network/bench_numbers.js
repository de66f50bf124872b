// @ts-check
// The numbers on the bench: the twelve that give z (kernel 0..8, bias 9, w2 10, b2 11) and, for softmax, the other class's
// after them: w0 12 and b0 13, or without a 1x1 convolution its kernel 12..20 and bias 21. Pure.
import { bit, NINE } from "./forward.js";

// Softmax shows the corner's own w1 and b1, which are w2 + w0 and b2 + b0: cells of their own, not numbers of their own.
export const W0 = 12;
export const B0 = 13;
export const W1 = 14;
export const B1 = 15;

/** @type {(n: ArrayLike<number>, i: number) => number} */
export function numberOf(n, i) {
  return i === W1 ? n[10] + n[W0] : i === B1 ? n[11] + n[B0] : n[i];
}

// Changes one cell's number in place; the other class's change leaves the corner's as they are.
/** @type {(n: Float32Array | number[], i: number, value: number) => void} */
export function setNumber(n, i, value) {
  if (i === W1) n[10] = value - n[W0];
  else if (i === B1) n[11] = value - n[B0];
  else if (i === W0 || i === B0) {
    const own = i - 2;
    const corner = n[own] + n[i];
    n[i] = value;
    n[own] = corner - value;
  } else n[i] = value;
}

// What is locked together: training keeps the difference that gives z by keeping both of a pair.
/** @type {(i: number) => number} */
export function lockOf(i) {
  return i === W0 || i === W1 ? 10 : i === B0 || i === B1 ? 11 : i;
}

// The steps from pixels to z: `products`, what the bias makes of it, and for softmax the two classes' scores,
// which other networks do not have: NaN.
/** @type {(n: ArrayLike<number>, pattern: number, z: number) => { products: number, sum: number, other: number, corner: number }} */
export function steps(n, pattern, z) {
  let products = 0;
  for (const i of NINE) products += bit(pattern, i) * n[i];
  const sum = products + n[9];
  if (n.length < 14) return { products, sum, other: NaN, corner: NaN };
  let other = n[W0] * sum + n[B0];
  if (n.length > 14) {
    other = n[21];
    for (const i of NINE) other += bit(pattern, i) * n[12 + i];
  }
  return { products, sum, other, corner: other + z };
}

// As many numbers as the network on the stage has, and of their kind, float32: those of the other class start at 0.
/** @type {(n: ArrayLike<number>, length: number) => Float32Array} */
export function fitted(n, length) {
  return Float32Array.from({ length }, (_, i) => n[i] ?? 0);
}
