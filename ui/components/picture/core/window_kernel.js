// @ts-check
// What the window shows of a network: one kernel times the patch, and the way on to z. Of several kernels with nothing between
// the convolutions it is the effective one; behind relu the one that moves z by most, and what each of the others adds. Pure.
import { ledgerNumber, signed } from "../../stage/canvas/format.js";
import { kernelParts } from "../../stage/network/bench_numbers.js";
import { effectiveBias, effectiveWeight } from "../../stage/network/effective_kernel.js";
import { bit, NINE } from "../../stage/network/forward.js";
import { numberLayout } from "../../stage/network/number_layout.js";

/**
 * @import { Hidden } from "../../stage/network/forward.js"
 */

/**
 * @typedef {object} WindowKernel
 * @property {string} name
 * @property {number[]} weights nine
 * @property {string} sum the products and the bias
 * @property {[string, string] | null} rest what follows up to z, and its numbers; null where z is the sum
 */

/** @type {(numbers: ArrayLike<number>, hidden: Hidden, pattern: number) => WindowKernel} */
export function windowKernel(numbers, hidden, pattern) {
  const { kernels, b2, w2 } = numberLayout(numbers.length);
  const parts = kernelParts(numbers, hidden, pattern);
  const sumOf = at => `${ledgerNumber(at.sum)}${at.cut ? ", cut off" : ""}`;
  if (kernels === 1) {
    const plain = hidden !== "relu" && numbers[w2] === 1 && numbers[b2] === 0;
    const through = hidden === "relu" ? "relu, × w₂, + b₂" : "× w₂, + b₂";
    return {
      name: "Kernel",
      weights: NINE.map(i => numbers[i]),
      sum: sumOf(parts[0]),
      rest: plain ? null : [through, `${ledgerNumber(numbers[w2])}, ${ledgerNumber(numbers[b2])}`],
    };
  }
  if (hidden === "none") {
    const weights = NINE.map(i => effectiveWeight(numbers, i));
    const sum = NINE.reduce((total, i) => total + bit(pattern, i) * weights[i], 0) + effectiveBias(numbers);
    return { name: "Effective kernel", weights, sum: ledgerNumber(sum), rest: null };
  }
  const most = Math.max(...parts.map(at => Math.abs(at.part)));
  const k = parts.findIndex(at => Math.abs(at.part) === most);
  const shown = Math.max(0, k); // none has the most where a run diverged
  const added = parts.map(at => (at.cut ? "cut off" : signed(at.part))).join(", ");
  return {
    name: `Kernel ${shown + 1} of ${kernels}, which moves z most`,
    weights: NINE.map(i => numbers[9 * shown + i]),
    sum: sumOf(parts[shown]),
    rest: ["Parts; b₂", `${added}; ${signed(numbers[b2])}`],
  };
}
