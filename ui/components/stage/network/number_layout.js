// @ts-check
// Where each number of a network stands among those of the bench: K kernels row by row, their K biases, their K weights in
// the 1x1 convolution (w2), its bias (b2), and of a softmax the other class's own after them. How many numbers there are
// tells which layout they have, as in corner_lab/network/parameters.py. Pure.

/**
 * @typedef {object} NumberLayout
 * @property {number} kernels K, 1 to 8
 * @property {"one" | "pair" | "difference"} scores "pair": two outputs behind a 1x1 convolution; "difference": two
 *   without, which are two kernels of which the bench has the difference
 * @property {number} bias where the first kernel's is
 * @property {number} w2
 * @property {number} b2
 * @property {number} size how many numbers give z, 11 K + 1
 * @property {number} w0 where a pair's other weights begin
 * @property {number} b0
 */

export const MOST_KERNELS = 8;

// What a cell of the bench shows of the chosen kernel: its weights 0..8, then these. A network of one kernel has its
// numbers at just these places, but for the last two: softmax shows the corner's own w1 and b1, which are w2 + w0 and
// b2 + b0, cells of their own and not numbers of their own.
export const BIAS = 9;
export const W2 = 10;
export const B2 = 11;
export const W0 = 12;
export const B0 = 13;
export const W1 = 14;
export const B1 = 15;

/** @type {Map<number, NumberLayout>} by the count of numbers */
const LAYOUTS = new Map();
for (let kernels = 1; kernels <= MOST_KERNELS; kernels++) {
  const size = 11 * kernels + 1;
  const layout = {
    kernels,
    bias: 9 * kernels,
    w2: 10 * kernels,
    b2: 11 * kernels,
    size,
    w0: size,
    b0: 12 * kernels + 1,
  };
  LAYOUTS.set(size, { ...layout, scores: "one" });
  LAYOUTS.set(12 * kernels + 2, { ...layout, scores: "pair" });
  if (kernels === 1) LAYOUTS.set(22, { ...layout, scores: "difference" });
}

/** @type {(count: number) => boolean} */
export function isNumberCount(count) {
  return LAYOUTS.has(count);
}

/** @type {(count: number) => NumberLayout} */
export function numberLayout(count) {
  const layout = LAYOUTS.get(count);
  if (!layout)
    throw new RangeError(`a bench has 12, 14, 22 or, of K kernels, 11 K + 1 or 12 K + 2 numbers, not ${count}`);
  return layout;
}

// The names of the columns of a record, and of the numbers in a link: "k0", and of several kernels "k0.0", kernel first.
/** @type {(count: number) => string[]} */
export function numberNames(count) {
  const { kernels, scores } = numberLayout(count);
  const each = name => Array.from({ length: kernels }, (_, k) => (kernels > 1 ? `${name}.${k}` : name));
  const cells = Array.from({ length: 9 * kernels }, (_, i) =>
    kernels > 1 ? `k${Math.floor(i / 9)}.${i % 9}` : `k${i}`,
  );
  const others = {
    one: [],
    pair: [...each("w0"), "b0"],
    difference: [...Array.from({ length: 9 }, (_, i) => `o${i}`), "bias0"],
  };
  return [...cells, ...each("bias"), ...each("w2"), "b2", ...others[scores]];
}

// The names of all numbers that a record of K kernels has columns for: a softmax record has the other class's too.
/** @type {(kernels: number, columns: Record<string, unknown>) => string[]} */
export function recordedNames(kernels, columns) {
  const counts = [12 * kernels + 2, ...(kernels === 1 ? [22] : []), 11 * kernels + 1];
  return counts.map(numberNames).find(names => names.every(name => name in columns)) ?? [];
}

// Where the number is that a cell shows of kernel `k`; of w1 and b1 the one that is changed with them.
/** @type {(layout: NumberLayout, cell: number, k: number) => number} */
export function indexOf({ bias, w2, b2, w0, b0 }, cell, k) {
  if (cell < BIAS) return 9 * k + cell;
  if (cell === BIAS) return bias + k;
  if (cell === W2 || cell === W1) return w2 + k;
  if (cell === B2 || cell === B1) return b2;
  return cell === W0 ? w0 + k : b0;
}
