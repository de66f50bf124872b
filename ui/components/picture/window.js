// @ts-check
// The kernel's window: the patch under it, times the kernel, and the sum on to the verdict.
import { attribute, put } from "../stage/canvas/dom.js";
import { ledgerNumber, outputNumber, signed } from "../stage/canvas/format.js";
import { diverging } from "../stage/canvas/palette.js";
import { steps } from "../stage/network/bench_numbers.js";
import { bit, HEADS, NINE } from "../stage/network/forward.js";
import { placeWords, verdictWords } from "./core/words.js";

/**
 * @import { Ui } from "../stage/canvas/dom.js"
 * @import { Palette } from "../stage/canvas/palette.js"
 */

// `numbers`: the twelve that give z. `pattern`: the patch at cell `at`.
/** @type {(ui: Ui, P: Palette, of: { numbers: ArrayLike<number>, head: string, threshold: number, z: number, pattern: number, at: number, width: number }) => void} */
export function showWindow(ui, P, { numbers, head, threshold, z, pattern, at, width }) {
  const { sum } = steps(numbers, pattern, z);
  let most = 0;
  for (const i of NINE) most = Math.max(most, Math.abs(numbers[i]));
  put(ui.where, `${placeWords(at, width)} · pattern ${pattern}`);
  for (const i of NINE) {
    const on = bit(pattern, i) === 1;
    const text = signed(numbers[i]);
    cell(ui.patchCells[i], "", on ? P.ink : "");
    cell(ui.kernelCells[i], text, diverging(P, numbers[i], most));
    cell(ui.productsCells[i], on ? text : "0", on ? diverging(P, numbers[i], most) : "");
  }
  attribute(ui.patch, "aria-label", `Patch: ${NINE.map(i => bit(pattern, i)).join(" ")}`);
  attribute(ui.kernel, "aria-label", `Kernel: ${NINE.map(i => signed(numbers[i])).join(" ")}`);
  attribute(
    ui.products,
    "aria-label",
    `Products: ${NINE.map(i => (bit(pattern, i) ? signed(numbers[i]) : "0")).join(" ")}`,
  );
  put(ui.sum, ledgerNumber(sum));
  ui.second.hidden = numbers[10] === 1 && numbers[11] === 0;
  put(ui.secondSum, `${ledgerNumber(numbers[10])}, ${ledgerNumber(numbers[11])}`);
  put(ui.z, ledgerNumber(z));
  put(ui.output, `${outputNumber(HEADS[head].output(z))} (${head})`);
  put(ui.verdict, verdictWords(z, threshold));
}

/** @type {(node: any, text: string, colour: string) => void} */
function cell(node, text, colour) {
  put(node, text);
  if (node.shownColour !== colour) {
    node.shownColour = colour;
    node.style.background = colour;
  }
}
