// @ts-check
// The kernel as it is, or times w2: what moves z. Of several kernels with nothing between the convolutions it is their sum:
// the network is one kernel. With relu there is none. A network without a 1x1 convolution has no w2, one with a softmax two,
// of which the difference moves z. Pure.
import { tr } from "../../language/tr.js";
import { ledgerNumber } from "../canvas/format.js";
import { numberOf } from "./bench_numbers.js";
import { NINE } from "./forward.js";
import { B2, BIAS, numberLayout } from "./number_layout.js";

/**
 * @import { RecordHeader, StageRecord } from "../core/record.js"
 */

/** @typedef {"alone" | "effective"} KernelView */

// Whether there is one to show. Of a single kernel under a softmax the bench has both weights, and no w2 to multiply with.
/** @type {(header: Pick<RecordHeader, "head" | "second_conv" | "kernels" | "hidden">) => boolean} */
export function hasEffective({ head, second_conv, kernels, hidden }) {
  return second_conv && hidden === "none" && (kernels > 1 || head !== "softmax");
}

// One weight of it: how far pixel `i` moves z when it is on.
/** @type {(n: ArrayLike<number>, i: number) => number} */
export function effectiveWeight(n, i) {
  const { kernels, w2 } = numberLayout(n.length);
  let found = n[i] * n[w2];
  for (let k = 1; k < kernels; k++) found += n[9 * k + i] * n[w2 + k];
  return found;
}

// z of the pattern without a pixel: the biases times w2, and b2.
/** @type {(n: ArrayLike<number>) => number} */
export function effectiveBias(n) {
  const { kernels, bias, w2, b2 } = numberLayout(n.length);
  let found = n[bias] * n[w2];
  for (let k = 1; k < kernels; k++) found += n[bias + k] * n[w2 + k];
  return found + n[b2];
}

// What a cell of the bench shows: the network's own number of kernel `k`, or what becomes of it in the effective kernel.
/** @type {(n: ArrayLike<number>, cell: number, k: number, effective: boolean) => number} */
export function shownNumber(n, cell, k, effective) {
  if (!effective || cell > BIAS) return numberOf(n, cell, k);
  if (cell < BIAS) return effectiveWeight(n, cell);
  const { kernels, w2 } = numberLayout(n.length);
  return kernels > 1 ? effectiveBias(n) : n[cell] * n[w2];
}

// Which cell's own number makes a cell show that, and what it is then, null where there is none: of the effective kernel of
// several it is kernel `k` that changes, and b2 for its bias.
/** @type {(n: ArrayLike<number>, cell: number, k: number, effective: boolean, shown: number) => [number, number | null]} */
export function ownNumber(n, cell, k, effective, shown) {
  if (!effective || cell > BIAS) return [cell, shown];
  const { kernels, w2, b2 } = numberLayout(n.length);
  if (kernels === 1) return [cell, ownWeight(shown, n[w2])];
  if (cell === BIAS) return [B2, shown - (effectiveBias(n) - n[b2])];
  const others = effectiveWeight(n, cell) - n[9 * k + cell] * n[w2 + k];
  return [cell, ownWeight(shown, n[w2 + k], others)];
}

// What a shown weight means for the network's own number, of the kernel with this w2, where `others` is what the other
// kernels add; null where w2 is so near 0 that none would give it.
/** @type {(shown: number, w2: number, others?: number) => number | null} */
export function ownWeight(shown, w2, others = 0) {
  const own = (shown - others) / w2;
  return Math.abs(own) <= 1e6 ? own || 0 : null;
}

// The largest weight of the effective kernel over a whole record, once per record; 1 where there is none.
/** @type {(record: StageRecord) => number} */
export function largestEffective(record) {
  record.kept.effective ??= (() => {
    const { kernels, w2 } = numberLayout(record.weights.length);
    let most = 0;
    for (let row = 0; row < record.rows; row++)
      for (const i of NINE) {
        let weight = 0;
        for (let k = 0; k < kernels; k++) weight += record.weights[9 * k + i][row] * record.weights[w2 + k][row];
        const size = Math.abs(weight);
        if (size > most && Number.isFinite(size)) most = size;
      }
    return most || 1;
  })();
  return record.kept.effective;
}

// What is to be said of a kernel whose signs w2 turns round: "" where it does not, or it is shown turned already. `k`: which
// of several.
/** @type {(header: Pick<RecordHeader, "head" | "second_conv" | "kernels">, w2: number, view: KernelView, k?: number) => string} */
export function turnedSentence({ head, second_conv, kernels }, w2, view, k = 0) {
  if (!second_conv || !(w2 < 0) || view === "effective") return "";
  const name = head === "softmax" ? "w₁ − w₀" : "w₂";
  const by = { name, value: ledgerNumber(w2) };
  return kernels > 1
    ? tr("Kernel {number} is shown before it is multiplied by {name} = {value}.", { number: k + 1, ...by })
    : tr("The kernel is shown before it is multiplied by {name} = {value}.", by);
}

// Why a cell cannot show what was asked for, where `ownNumber` has none.
/** @type {(kernels: number, kernel: number) => string} */
export function nearZeroSentence(kernels, kernel) {
  return kernels > 1
    ? tr(
        "w₂ of kernel {number} is too near 0: no weight within ±1,000,000 times w₂ gives that. Change w₂, or choose another kernel.",
        { number: kernel + 1 },
      )
    : tr("w₂ is too near 0: no weight within ±1,000,000 times w₂ gives that. Change w₂, or show the kernel alone.");
}
