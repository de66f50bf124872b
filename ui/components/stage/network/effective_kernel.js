// @ts-check
// The kernel as it is, or times w2: what moves z. A network without a 1x1 convolution has no w2, one with a softmax two.
// Pure.
import { ledgerNumber } from "../canvas/format.js";
import { NINE } from "./forward.js";

/**
 * @import { RecordHeader, StageRecord } from "../core/record.js"
 */

/** @typedef {"alone" | "effective"} KernelView */

// Whether there is a w2 to multiply with.
/** @type {(header: Pick<RecordHeader, "head" | "second_conv">) => boolean} */
export function hasEffective({ head, second_conv }) {
  return second_conv && head !== "softmax";
}

// What a shown weight means for the network's own number; null where w2 is so near 0 that none would give it.
/** @type {(shown: number, w2: number) => number | null} */
export function ownWeight(shown, w2) {
  const own = shown / w2;
  return Math.abs(own) <= 1e6 ? own || 0 : null;
}

// The largest kernel weight times its row's w2 over a whole record, once per record; 1 where there is none.
/** @type {(record: StageRecord) => number} */
export function largestEffective(record) {
  record.kept.effective ??= (() => {
    let most = 0;
    for (let row = 0; row < record.rows; row++)
      for (const i of NINE) {
        const size = Math.abs(record.weights[i][row] * record.weights[10][row]);
        if (size > most && Number.isFinite(size)) most = size;
      }
    return most || 1;
  })();
  return record.kept.effective;
}

// What is to be said of a kernel whose signs w2 turns round: "" where it does not, or it is shown turned already.
/** @type {(header: Pick<RecordHeader, "head" | "second_conv">, w2: number, view: KernelView) => string} */
export function turnedSentence(header, w2, view) {
  if (!header.second_conv || !(w2 < 0) || view === "effective") return "";
  const name = header.head === "softmax" ? "w₁ − w₀" : "w₂";
  return `The kernel is shown before it is multiplied by ${name} = ${ledgerNumber(w2)}.`;
}
