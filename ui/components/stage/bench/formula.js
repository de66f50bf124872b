// @ts-check
// The sum in words: one cell's product, and the whole way from pixels to output with its numbers. Pure.
import { tr } from "../../language/tr.js";
import { ledgerNumber, signed } from "../canvas/format.js";
import { numberOf, scoresOfPair } from "../network/bench_numbers.js";
import { effectiveBias } from "../network/effective_kernel.js";
import { bit, NINE } from "../network/forward.js";
import { B0, B1, B2, BIAS, numberLayout, W0, W1, W2 } from "../network/number_layout.js";

/**
 * @import { View } from "../core/frame_view.js"
 * @import { RecordHeader } from "../core/record.js"
 * @import { KernelPart } from "../network/bench_numbers.js"
 */

// "1 × −0.73 = −0.73" for the cell under the pointer; other numbers say what they are added to or multiplied with.
/** @type {(view: View, cell: number) => string} */
export function cellFormula(view, cell) {
  const { weights: n, pixels, kernel, kernels, shown, merged, effective, parts, part: at } = view;
  const w = numberOf(n, cell, kernel);
  const w2 = ledgerNumber(numberOf(n, W2, kernel));
  if (cell < BIAS) {
    const value = bit(pixels, cell) ? signed(shown[cell]) : "0";
    if (effective && !merged) return `${bit(pixels, cell)} × ${signed(w)} × (${w2}) = ${value}`;
    return `${bit(pixels, cell)} × ${signed(shown[cell])} = ${value}`;
  }
  if (merged && cell === BIAS) {
    const bias = effectiveBias(n);
    return `${ledgerNumber(shownProducts(view))} + (${ledgerNumber(bias)}) = ${ledgerNumber(view.z)}`;
  }
  if (cell === BIAS) {
    const sum = `${ledgerNumber(at.products)} + (${ledgerNumber(w)})`;
    return effective ? `(${sum}) × (${w2}) = ${ledgerNumber(at.part)}` : `${sum} = ${ledgerNumber(at.sum)}`;
  }
  if (cell === W2) return `${ledgerNumber(at.passed)} × ${ledgerNumber(w)} = ${ledgerNumber(at.part)}`;
  if (cell === B2) {
    const before = parts.reduce((sum, { part }) => sum + part, 0);
    return `${ledgerNumber(before)} + (${ledgerNumber(w)}) = ${ledgerNumber(view.z)}`;
  }
  return kernels > 1 ? classFormula(view, cell, at) : scoreFormula(view, cell, at);
}

// The products of the kernel as it is shown, summed.
/** @type {(view: Pick<View, "merged" | "shown" | "pixels" | "part" | "factor">) => number} */
export function shownProducts({ merged, shown, pixels, part, factor }) {
  if (!merged) return part.products * factor;
  return NINE.reduce((sum, i) => sum + bit(pixels, i) * shown[i], 0);
}

// One class's score, of a single kernel.
/** @type {(view: View, cell: number, at: KernelPart) => string} */
function scoreFormula({ weights: n, pixels, z }, cell, at) {
  const other = cell === W0 || cell === B0;
  const factor = numberOf(n, other ? W0 : W1);
  const { other: first, corner } = scoresOfPair(n, [at], pixels, z);
  const score = other ? first : corner;
  return `${ledgerNumber(at.passed)} × ${ledgerNumber(factor)} + (${ledgerNumber(score - at.passed * factor)}) = ${ledgerNumber(score)}`;
}

// What one of several kernels adds to a class's score, or what its bias does.
/** @type {(view: View, cell: number, at: KernelPart) => string} */
function classFormula({ weights: n, kernel, parts, pixels, z }, cell, at) {
  const w = numberOf(n, cell, kernel);
  if (cell === W0 || cell === W1)
    return `${ledgerNumber(at.passed)} × ${ledgerNumber(w)} = ${ledgerNumber(at.passed * w)}`;
  const { other, corner } = scoresOfPair(n, parts, pixels, z);
  const score = cell === B1 ? corner : other;
  return `${ledgerNumber(score - w)} + (${ledgerNumber(w)}) = ${ledgerNumber(score)}`;
}

// The whole sum, a line per step, with enough digits to be done again elsewhere.
/** @type {(view: View) => string[]} */
export function sumLines(view) {
  const { weights: n, z, output, kernels } = view;
  const { scores } = numberLayout(n.length);
  const name = scores === "difference" ? "z₁ − z₀" : "z";
  const lines = kernels > 1 ? linesOfSeveral(view) : linesOfOne(view);
  return [...lines, headLine(view.head, name, z, output)];
}

/** @type {(view: View) => string[]} */
function linesOfOne({ weights: n, pixels, z, hidden, record, part: at }) {
  const { other, corner } = scoresOfPair(n, [at], pixels, z);
  const terms = NINE.map(i => `${bit(pixels, i)} × ${exact(n[i])}`).join(" + ");
  const products = tr("products = {terms} = {value}", { terms, value: exact(at.products) });
  const biased = `${exact(at.products)} + ${exact(n[BIAS])}`;
  const { scores } = numberLayout(n.length);
  if (scores === "difference")
    return [products, `z₁ − z₀ = ${biased} = ${exact(z)}`, `z₀ = ${exact(other)}, z₁ = ${exact(corner)}`];
  if (!record.header.second_conv) return [products, `z = ${biased} = ${exact(z)}`];
  const lines = [products, tr("sum = {biased} = {value}", { biased, value: exact(at.sum) })];
  if (hidden === "relu") {
    const steps = `max(0, ${exact(at.sum)}) = ${exact(at.passed)}`;
    lines.push(at.cut ? tr("relu(sum) = {steps}, cut off", { steps }) : tr("relu(sum) = {steps}", { steps }));
  }
  if (scores === "one") return [...lines, `z = ${exact(at.passed)} × ${exact(n[W2])} + ${exact(n[B2])} = ${exact(z)}`];
  const score = (name, w, b, value) => `${name} = ${exact(at.passed)} × ${exact(w)} + ${exact(b)} = ${exact(value)}`;
  return [
    ...lines,
    score("z₀", numberOf(n, W0), numberOf(n, B0), other),
    score("z₁", numberOf(n, W1), numberOf(n, B1), corner),
    `z = z₁ − z₀ = ${exact(z)}`,
  ];
}

// Two lines a kernel, of the pixels that are on; then what their parts come to.
/** @type {(view: View) => string[]} */
function linesOfSeveral({ weights: n, pixels, z, hidden, parts }) {
  const { bias, scores, b2 } = numberLayout(n.length);
  const on = NINE.filter(i => bit(pixels, i));
  const lines = [];
  parts.forEach((at, k) => {
    const products = on.map(i => exact(n[9 * k + i])).join(" + ") || "0";
    const number = k + 1;
    const sum = `(${products}) + ${exact(n[bias + k])} = ${exact(at.sum)}`;
    lines.push(tr("kernel {number}: sum = {steps}", { number, steps: sum }));
    const passed = hidden === "relu" ? `max(0, ${exact(at.sum)})` : exact(at.sum);
    if (scores === "one") {
      const steps = `${passed} × ${exact(numberOf(n, W2, k))} = ${exact(at.part)}`;
      lines.push(
        at.cut
          ? tr("kernel {number}: part = {steps}, cut off", { number, steps })
          : tr("kernel {number}: part = {steps}", { number, steps }),
      );
    } else if (hidden === "relu") {
      const steps = `${passed} = ${exact(at.passed)}`;
      lines.push(
        at.cut
          ? tr("kernel {number}: relu(sum) = {steps}, cut off", { number, steps })
          : tr("kernel {number}: relu(sum) = {steps}", { number, steps }),
      );
    }
  });
  if (scores === "one") {
    const added = parts.map(at => exact(at.part)).join(" + ");
    return [...lines, `z = ${added} + ${exact(n[b2])} = ${exact(z)}`];
  }
  const { other, corner } = scoresOfPair(n, parts, pixels, z);
  const score = (name, w, b, value) => {
    const added = parts.map((at, k) => `${exact(at.passed)} × ${exact(numberOf(n, w, k))}`).join(" + ");
    return `${name} = ${added} + ${exact(numberOf(n, b))} = ${exact(value)}`;
  };
  return [...lines, score("z₀", W0, B0, other), score("z₁", W1, B1, corner), `z = z₁ − z₀ = ${exact(z)}`];
}

/** @type {(head: RecordHeader["head"], name: string, z: number, output: number) => string} */
function headLine(head, name, z, output) {
  const by = {
    hard_sigmoid: `min(1, max(0, ${exact(z)} / 6 + 1/2))`,
    sigmoid: `1 / (1 + exp(−(${exact(z)})))`,
    softmax: `exp(z₁) / (exp(z₀) + exp(z₁)) = 1 / (1 + exp(−(${exact(z)})))`,
    linear: name,
  }[head];
  return tr("output = {steps}", { steps: `${head}(${name}) = ${by} = ${exact(output)}` });
}

// Seven significant digits, as many as a float32 has; negative numbers in brackets, so that the line can be read.
/** @type {(value: number) => string} */
function exact(value) {
  const text = String(Number(value.toPrecision(7)));
  return value < 0 ? `(${text.replaceAll("-", "−")})` : text.replaceAll("-", "−");
}
