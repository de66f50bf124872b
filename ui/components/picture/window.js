// @ts-check
// The kernel's window: the patch under it, times the kernel, and the sum on to the verdict.
import { attribute, put } from "../stage/canvas/dom.js";
import { ledgerNumber, outputNumber, signed } from "../stage/canvas/format.js";
import { diverging } from "../stage/canvas/palette.js";
import { bit, HEADS, NINE } from "../stage/network/forward.js";
import { windowKernel } from "./core/window_kernel.js";
import { placeWords, verdictWords } from "./core/words.js";

/**
 * @import { Ui } from "../stage/canvas/dom.js"
 * @import { Palette } from "../stage/canvas/palette.js"
 * @import { Hidden } from "../stage/network/forward.js"
 */

// `numbers`: those that give z. `pattern`: the patch at cell `at`.
/** @type {(ui: Ui, P: Palette, of: { numbers: ArrayLike<number>, hidden: Hidden, head: string, threshold: number, z: number, pattern: number, at: number, width: number }) => void} */
export function showWindow(ui, P, { numbers, hidden, head, threshold, z, pattern, at, width }) {
  const { name, weights, sum, rest } = windowKernel(numbers, hidden, pattern);
  let most = 0;
  for (const i of NINE) most = Math.max(most, Math.abs(weights[i]));
  put(ui.where, `${placeWords(at, width)} · pattern ${pattern}`);
  for (const i of NINE) {
    const on = bit(pattern, i) === 1;
    const text = signed(weights[i]);
    cell(ui.patchCells[i], "", on ? P.ink : "");
    cell(ui.kernelCells[i], text, diverging(P, weights[i], most));
    cell(ui.productsCells[i], on ? text : "0", on ? diverging(P, weights[i], most) : "");
  }
  attribute(ui.patch, "aria-label", `Patch: ${NINE.map(i => bit(pattern, i)).join(" ")}`);
  attribute(ui.kernel, "aria-label", `${name}: ${NINE.map(i => signed(weights[i])).join(" ")}`);
  attribute(
    ui.products,
    "aria-label",
    `Products: ${NINE.map(i => (bit(pattern, i) ? signed(weights[i]) : "0")).join(" ")}`,
  );
  ui.kernelIs.hidden = name === "Kernel";
  put(ui.kernelIs, name);
  put(ui.sum, sum);
  ui.second.hidden = rest === null;
  if (rest) {
    put(ui.secondIs, rest[0]);
    put(ui.secondSum, rest[1]);
  }
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
