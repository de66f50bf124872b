// @ts-check
// The sum in words: one cell's product, and the whole way from pixels to output with its numbers. Pure.
import { ledgerNumber, signed } from "../canvas/format.js";
import { B0, numberOf, steps, W0 } from "../network/bench_numbers.js";
import { bit, NINE } from "../network/forward.js";

/**
 * @import { View } from "../core/frame_view.js"
 * @import { RecordHeader } from "../core/record.js"
 */

// "1 × −0.73 = −0.73" for the cell `i` under the pointer; other numbers say what they are added to or multiplied with.
/** @type {(view: View, i: number) => string} */
export function cellFormula(view, i) {
  const { weights: n, pixels, z } = view;
  const at = steps(n, pixels, z);
  const w = numberOf(n, i);
  const w2 = ledgerNumber(n[10]);
  if (view.effective && i < 9)
    return `${bit(pixels, i)} × ${signed(w)} × (${w2}) = ${bit(pixels, i) ? signed(w * n[10]) : "0"}`;
  if (view.effective && i === 9)
    return `(${ledgerNumber(at.products)} + (${ledgerNumber(w)})) × (${w2}) = ${ledgerNumber(at.sum * n[10])}`;
  if (i < 9) return `${bit(pixels, i)} × ${signed(w)} = ${bit(pixels, i) ? signed(w) : "0"}`;
  if (i === 9) return `${ledgerNumber(at.products)} + (${ledgerNumber(w)}) = ${ledgerNumber(at.sum)}`;
  if (i === 10) return `${ledgerNumber(at.sum)} × ${ledgerNumber(w)} = ${ledgerNumber(at.sum * w)}`;
  if (i === 11) return `${ledgerNumber(at.sum * n[10])} + (${ledgerNumber(w)}) = ${ledgerNumber(z)}`;
  const other = i === W0 || i === B0;
  const factor = other ? n[W0] : n[10] + n[W0];
  const score = other ? at.other : at.corner;
  return `${ledgerNumber(at.sum)} × ${ledgerNumber(factor)} + (${ledgerNumber(score - at.sum * factor)}) = ${ledgerNumber(score)}`;
}

// The whole sum, a line per step, with enough digits to be done again elsewhere.
/** @type {(view: View) => string[]} */
export function sumLines(view) {
  const { weights: n, pixels, z, output } = view;
  const { header } = view.record;
  const at = steps(n, pixels, z);
  const terms = NINE.map(i => `${bit(pixels, i)} × ${exact(n[i])}`).join(" + ");
  const pair = n.length > 14 ? "z₁ − z₀" : "z";
  const lines = [`products = ${terms} = ${exact(at.products)}`];
  if (n.length > 14) {
    lines.push(
      `z₁ − z₀ = ${exact(at.products)} + ${exact(n[9])} = ${exact(z)}`,
      `z₀ = ${exact(at.other)}, z₁ = ${exact(at.corner)}`,
    );
  } else if (n.length > 12) {
    const score = (name, w, b, value) => `${name} = ${exact(at.sum)} × ${exact(w)} + ${exact(b)} = ${exact(value)}`;
    lines.push(
      `sum = ${exact(at.products)} + ${exact(n[9])} = ${exact(at.sum)}`,
      score("z₀", n[W0], n[B0], at.other),
      score("z₁", n[10] + n[W0], n[11] + n[B0], at.corner),
      `z = z₁ − z₀ = ${exact(z)}`,
    );
  } else if (header.second_conv) {
    lines.push(
      `sum = ${exact(at.products)} + ${exact(n[9])} = ${exact(at.sum)}`,
      `z = ${exact(at.sum)} × ${exact(n[10])} + ${exact(n[11])} = ${exact(z)}`,
    );
  } else lines.push(`z = ${exact(at.products)} + ${exact(n[9])} = ${exact(z)}`);
  return [...lines, headLine(view.head, pair, z, output)];
}

/** @type {(head: RecordHeader["head"], name: string, z: number, output: number) => string} */
function headLine(head, name, z, output) {
  const by = {
    hard_sigmoid: `min(1, max(0, ${exact(z)} / 6 + 1/2))`,
    sigmoid: `1 / (1 + exp(−(${exact(z)})))`,
    softmax: `exp(z₁) / (exp(z₀) + exp(z₁)) = 1 / (1 + exp(−(${exact(z)})))`,
    linear: name,
  }[head];
  return `output = ${head}(${name}) = ${by} = ${exact(output)}`;
}

// Seven significant digits, as many as a float32 has; negative numbers in brackets, so that the line can be read.
/** @type {(value: number) => string} */
function exact(value) {
  const text = String(Number(value.toPrecision(7)));
  return value < 0 ? `(${text.replaceAll("-", "−")})` : text.replaceAll("-", "−");
}
