// @ts-check
// Several kernels: a row of small ones, each with what it adds to z. One of them is chosen, and large on the bench.
import { tr } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { ledgerNumber, signed } from "../canvas/format.js";
import { diverging } from "../canvas/palette.js";
import { NINE } from "../network/forward.js";
import { numberLayout } from "../network/number_layout.js";

/**
 * @import { BenchActions, SumView } from "./bench.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { Palette } from "../canvas/palette.js"
 * @import { View } from "../core/frame_view.js"
 */

export const SIGN_FROM = 1 / 16; // of the largest weight: what is smaller has hardly a colour, and in the small no sign either
const ALONG = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** @type {(ui: Ui, actions: BenchActions) => void} */
export function bindKernelRow(ui, actions) {
  ui.kernelRow.addEventListener("click", ev => {
    const button = /** @type {Element} */ (ev.target).closest("button");
    if (button) actions.chooseKernel([...ui.kernelRow.children].indexOf(button));
  });
  ui.kernelRow.addEventListener("keydown", ev => {
    if (ev.ctrlKey || ev.metaKey || ev.altKey) return;
    const { kernel, kernels } = actions.view();
    const to = kernelAfter(ev.key, kernel, kernels);
    if (to === null) return;
    ev.preventDefault();
    ev.stopPropagation();
    ui.kernelRow.children[to].focus();
    actions.chooseKernel(to);
  });
}

// Which one a key leads to from `at`, round from the last to the first as among radio buttons; null for other keys.
/** @type {(key: string, at: number, kernels: number) => number | null} */
export function kernelAfter(key, at, kernels) {
  if (key === "Home" || key === "End") return key === "Home" ? 0 : kernels - 1;
  return key in ALONG ? (at + ALONG[key] + kernels) % kernels : null;
}

// As many as the network has; of a single one the bench needs no row.
/** @type {(ui: Ui, kernels: number) => void} */
export function nameKernelRow(ui, kernels) {
  const shown = kernels > 1 ? kernels : 0;
  ui.kernels.hidden = !shown;
  while (ui.kernelRow.children.length > shown) ui.kernelRow.lastElementChild.remove();
  for (let k = ui.kernelRow.children.length; k < shown; k++) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.setAttribute("role", "radio");
    button.innerHTML = `<b>${k + 1}</b><span class="mini">${NINE.map(() => "<i></i>").join("")}</span><span class="num"></span>`;
    ui.kernelRow.append(button);
  }
}

/** @type {(ui: Ui, view: SumView, P: Palette) => void} */
export function showKernelRow(ui, view, P) {
  const { weights, kernel, effective, parts, wMax } = view;
  bringInSight(ui.kernelRow, kernel);
  const { w2 } = numberLayout(weights.length);
  parts.forEach((at, k) => {
    const button = ui.kernelRow.children[k];
    const chosen = k === kernel;
    attribute(button, "aria-checked", String(chosen));
    if (button.tabIndex !== (chosen ? 0 : -1)) button.tabIndex = chosen ? 0 : -1;
    const words = partWords(view, k);
    attribute(button, "aria-label", words);
    attribute(button, "data-tip", words);
    button.classList.toggle("cut", at.cut);
    const factor = effective ? weights[w2 + k] : 1;
    for (const i of NINE) paintSmall(button.children[1].children[i], weights[9 * k + i] * factor, wMax, P);
    put(button.children[2], at.cut ? tr("cut off") : signed(at.part));
  });
}

// "Kernel 3: sum −4.100, cut off by relu; adds 0": what its small picture shows, and how it comes about.
/** @type {(view: Pick<View, "parts" | "hidden" | "weights">, k: number) => string} */
export function partWords({ parts, hidden, weights }, k) {
  const { sum, passed, cut, part } = parts[k];
  const own = { number: k + 1, sum: ledgerNumber(sum) };
  if (cut) return tr("Kernel {number}: sum {sum}, cut off by relu; adds 0", own);
  const w2 = weights[numberLayout(weights.length).w2 + k];
  const steps = { ...own, product: `${ledgerNumber(passed)} × (${ledgerNumber(w2)})`, part: ledgerNumber(part) };
  return hidden === "relu"
    ? tr("Kernel {number}: sum {sum}, passes relu; {product} adds {part}", steps)
    : tr("Kernel {number}: sum {sum}; {product} adds {part}", steps);
}

// Where the row scrolls, on a phone, another chosen one comes to be seen.
/** @type {(row: any, kernel: number) => void} */
function bringInSight(row, kernel) {
  if (row.inSight === kernel) return;
  row.inSight = kernel;
  const [own, all] = [row.children[kernel], row].map(node => node.getBoundingClientRect());
  if (own.left < all.left) row.scrollLeft -= all.left - own.left;
  else if (own.right > all.right) row.scrollLeft += own.right - all.right;
}

// Negative ones have a dash too: colour alone would not say it to everybody.
/** @type {(cell: any, value: number, most: number, P: Palette) => void} */
function paintSmall(cell, value, most, P) {
  const colour = diverging(P, value, most);
  if (cell.shownColour !== colour) {
    cell.shownColour = colour;
    cell.style.background = colour;
  }
  const below = value < -most * SIGN_FROM;
  if (cell.below !== below) {
    cell.below = below;
    cell.classList.toggle("below", below);
  }
}
