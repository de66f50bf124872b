// @ts-check
// The bench: pixels x kernel = products -> ledger -> output. Wires the weights, writes the numbers.
import { tr, trc } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { ledgerNumber, outputNumber, signed, sizeNumber } from "../canvas/format.js";
import { MARKS } from "../canvas/icons.js";
import { diverging } from "../canvas/palette.js";
import { known } from "../canvas/terms.js";
import { isTheCorner } from "../core/messages.js";
import { lockOf, numberOf, scoresOfPair } from "../network/bench_numbers.js";
import { hasEffective, shownNumber, turnedSentence } from "../network/effective_kernel.js";
import { bit, NINE } from "../network/forward.js";
import { B0, B1, B2, BIAS, numberLayout, W0, W1, W2 } from "../network/number_layout.js";
import { sideOf } from "../network/verdict.js";
import { cellFormula, shownProducts } from "./formula.js";
import { bindKernelRow, nameKernelRow, showKernelRow } from "./kernel_row.js";
import { bindNumberInput } from "./number_input.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { Palette } from "../canvas/palette.js"
 * @import { shownKernels, View } from "../core/frame_view.js"
 * @import { RecordHeader } from "../core/record.js"
 */

// The numbers' cells, in the ledger and beside the row of kernels, by what each shows of the chosen kernel.
/** @type {[string, number][]} */
const LEDGER = [
  ["lB", BIAS],
  ["lW", W2],
  ["lC", B2],
  ["l0W", W0],
  ["l0B", B0],
  ["l1W", W1],
  ["l1B", B1],
  ["sC", B2],
  ["s0B", B0],
  ["s1B", B1],
];

/**
 * @typedef {Pick<Actions, "weight" | "setWeight" | "weightsDone" | "tell" | "point" | "locking" | "lock" | "showKernel" | "chooseKernel">
 *   & { view(): { kernel: number, kernels: number } }} BenchActions
 * @typedef {Pick<View, "weights" | "pixels" | "wMax" | "z" | "pointed" | "locks" | keyof ReturnType<typeof shownKernels>>
 *   & { record: { header: Pick<RecordHeader, "head" | "second_conv" | "kernels"> } }} SumView what is shown from the pixels to z
 */

/** @type {(ui: Ui, actions: BenchActions) => void} */
export function bindBench(ui, actions) {
  ui.cells = [...ui.kernelCells.map((el, i) => [el, i]), ...LEDGER.map(([id, i]) => [ui[id], i])];
  for (const [el, i] of ui.cells) {
    el.named = el.getAttribute("aria-label");
    el.dataset.tip = tr("Drag, arrow keys or type; double-click for 0; L locks");
    bindNumberInput(el, {
      get: () => actions.weight(i),
      set: v => actions.setWeight(i, v),
      done: how => actions.weightsDone(how),
      tell: actions.tell,
      locking: actions.locking,
      lock: () => actions.lock(i),
    });
  }
  ui.effective.addEventListener("click", () =>
    actions.showKernel(ui.effective.ariaPressed === "true" ? "alone" : "effective"),
  );
  bindKernelRow(ui, actions);
  bindPointing(ui, actions);
}

// Where the transport stays in view, on a phone, the output and the verdict stay with it: what a tap on a pixel does is seen.
// In a frame that is too small for the head they stand beside the pre-activation.
/** @type {(ui: Ui) => void} */
export function placeResult(ui) {
  const { position, display } = getComputedStyle(ui.move);
  const stays = position === "sticky" && display !== "none";
  const beside = getComputedStyle(ui.headPart).display === "none" && ui.headPart.closest("[data-detail='2']");
  const at = beside ? ui.ledger.parentElement.parentElement : stays ? ui.move : ui.headPart;
  if (ui.result.parentElement === at) return;
  if (beside) ui.ledger.parentElement.after(ui.result);
  else if (stays) at.prepend(ui.result);
  else at.append(ui.result);
}

// What is under the pointer or has the focus lights up with what it is multiplied with, and its product is written out.
/** @type {(ui: Ui, actions: BenchActions) => void} */
function bindPointing(ui, actions) {
  const under = new Map(ui.cells);
  for (const cells of [ui.pixelCells, ui.productCells]) cells.forEach((el, i) => under.set(el, i));
  for (const [el, i] of under) {
    el.addEventListener("pointerenter", () => actions.point(i));
    el.addEventListener("pointerleave", () => actions.point(null));
    el.addEventListener("focus", () => actions.point(i));
    el.addEventListener("blur", () => actions.point(null));
  }
}

/** @type {(ui: Ui, header: RecordHeader) => void} */
export function nameBench(ui, header) {
  nameSum(ui, header);
  put(ui.headName, header.head);
  put(ui.toTarget, isTheCorner(header.target) ? tr("Corner") : tr("Target"));
}

// The ledger's rows and names belong to the network: once per record, not per frame.
/** @type {(ui: Ui, header: Pick<RecordHeader, "head" | "second_conv" | "kernels" | "hidden">) => void} */
export function nameSum(ui, header) {
  const softmax = header.head === "softmax";
  const second = header.second_conv;
  const many = header.kernels > 1;
  const difference = softmax && !second;
  attribute(ui.kernel, "aria-label", difference ? tr("Difference of the two kernels, 3 by 3") : tr("Kernel, 3 by 3"));
  put(ui.tB, difference ? "+ (b₁ − b₀)" : tr("+ bias"));
  put(ui.tZ, softmax ? "= z₁ − z₀" : "= z");
  put(ui.sTZ, softmax ? "= z₁ − z₀" : "= z");
  put(ui.l0By, many ? "× w₀" : "×");
  put(ui.l1By, many ? "× w₁" : "×");
  put(ui.l0Is, many ? "=" : "= z₀");
  put(ui.l1Is, many ? "=" : "= z₁");
  attribute(ui.tS, "data-term", known(header.hidden === "relu" ? "relu" : "sum"));
  nameCells(ui, header);
  ui.effective.hidden = !hasEffective(header);
  put(ui.effective, many ? "Σ × w₂" : "× w₂");
  attribute(ui.effective, "aria-label", many ? tr("Effective kernel") : tr("Kernel times w₂"));
  ui.ledger.classList.toggle("short", !second);
  ui.ledger.classList.toggle("pair", softmax);
  ui.ledger.classList.toggle("several", many);
  ui.kernelSum.classList.toggle("pair", softmax);
  nameKernelRow(ui, header.kernels);
}

// What the cells are called: of several kernels, which one they belong to.
/** @type {(ui: Ui, header: Pick<RecordHeader, "head" | "second_conv" | "kernels">, kernel?: number, effective?: boolean) => void} */
function nameCells(ui, { head, second_conv, kernels }, kernel = 0, effective = false) {
  const difference = head === "softmax" && !second_conv;
  const number = kernel + 1;
  if (kernels === 1) {
    put(ui.kernelName, difference ? tr("Kernel 1 − 0") : tr("Kernel"));
    ui.lB.named = difference ? tr("Difference of the two biases") : effective ? tr("Bias times w₂") : tr("Bias");
  } else {
    put(ui.kernelName, effective ? tr("Kernel") : tr("Kernel {number}", { number }));
    ui.lB.named = effective ? tr("Bias of the effective kernel") : tr("Bias of kernel {number}", { number });
    ui.lW.named = tr("Weight of kernel {number} in the 1x1 convolution", { number });
    ui.l0W.named = tr("Weight of kernel {number} in the 1x1 convolution, not a corner", { number });
    ui.l1W.named = tr("Weight of kernel {number} in the 1x1 convolution, corner", { number });
  }
  ui.kernelCells.forEach((el, i) => {
    const place = { number, row: Math.floor(i / 3) + 1, column: (i % 3) + 1 };
    if (kernels === 1) el.named = tr("Kernel, row {row}, column {column}", place);
    else if (effective) el.named = tr("Effective kernel, row {row}, column {column}", place);
    else el.named = tr("Kernel {number}, row {row}, column {column}", place);
  });
}

/** @type {(ui: Ui, view: View, P: Palette) => void} */
export function showBench(ui, view, P) {
  const { pixels, kernel, effective, pointed } = view;
  if (ui.index !== ui.index.getRootNode().activeElement || ui.index.dataset.shown !== String(pixels))
    ui.index.value = ui.index.dataset.shown = String(pixels);
  put(ui.formula, pointed === null || ui.told.textContent ? "" : cellFormula(view, pointed));
  showSum(ui, view, P);
  const way = effective ? "effective" : "alone";
  put(
    ui.turned,
    ui.formula.textContent || ui.told.textContent
      ? ""
      : turnedSentence(view.record.header, numberOf(view.weights, W2, kernel), way, kernel),
  );
  showVerdict(ui, view);
}

/** @type {(ui: Ui, view: SumView, P: Palette) => void} */
export function showSum(ui, view, P) {
  const { pixels, wMax, kernel, kernels, effective, merged, shown } = view;
  const { header } = view.record;
  const hot = view.pointed;
  nameCells(ui, header, kernel, effective);
  for (const i of NINE) {
    const on = bit(pixels, i);
    const w = shown[i];
    const text = signed(w);
    attribute(ui.pixelCells[i], "aria-pressed", on ? "true" : "false");
    number(ui.kernelCells[i], text);
    attribute(ui.kernelCells[i], "aria-valuenow", w.toFixed(2));
    paintCell(ui.kernelCells[i], diverging(P, w, wMax));
    number(ui.productCells[i], on ? text : "0");
    paintCell(ui.productCells[i], on ? diverging(P, w, wMax) : "");
    ui.productCells[i].classList.toggle("off", !on);
    for (const el of [ui.pixelCells[i], ui.kernelCells[i], ui.productCells[i]]) el.classList.toggle("lit", hot === i);
  }
  put(ui.scale, `±${sizeNumber(wMax)}`);
  attribute(ui.effective, "aria-pressed", String(effective));
  showLedger(ui, view);
  if (kernels > 1) showKernelRow(ui, view, P);
  showLocks(ui, view);
  ui.ledger.classList.toggle("merged", merged);
}

// From the products on. Times w2 already: then the ledger is so too, down to the row that says it.
/** @type {(ui: Ui, view: SumView) => void} */
function showLedger(ui, view) {
  const { weights, pixels, z, kernel, kernels, effective, factor, hidden, parts, part } = view;
  put(ui.lSum, ledgerNumber(shownProducts(view)));
  const through = hidden === "relu";
  put(ui.tS, through ? `= relu(${ledgerNumber(part.sum)})` : tr("= sum"));
  put(ui.lS, part.cut ? tr("cut off") : ledgerNumber(part.passed * factor));
  ui.lS.classList.toggle("cut", part.cut);
  if (kernels === 1 && !ui.effective.hidden) {
    put(ui.tB, effective ? tr("+ bias × w₂") : tr("+ bias"));
    put(ui.tW, effective ? "(× w₂)" : "× w₂");
  }
  for (const [id, cell] of LEDGER) {
    const v = cell === BIAS ? shownNumber(weights, cell, kernel, effective) : numberOf(weights, cell, kernel);
    if (!Number.isFinite(v)) continue; // the softmax cells of a network that has one output
    number(ui[id], cell <= B2 ? ledgerNumber(v) : signed(v));
    attribute(ui[id], "aria-valuenow", v.toFixed(3));
  }
  put(ui.lPart, ledgerNumber(part.part));
  const pair = scoresOfPair(weights, parts, pixels, z);
  const { scores } = numberLayout(weights.length);
  if (scores !== "one") {
    const own = cell => part.passed * numberOf(weights, cell, kernel);
    put(ui.l0Z, signed(kernels > 1 ? own(W0) : pair.other));
    put(ui.l1Z, signed(kernels > 1 ? own(W1) : pair.corner));
    put(ui.lBoth, `${signed(pair.other)}, ${signed(pair.corner)}`);
    put(ui.s0Z, signed(pair.other));
    put(ui.s1Z, signed(pair.corner));
  }
  put(ui.lZ, signed(z));
  put(ui.sZ, signed(z));
}

/** @type {(ui: Ui, view: SumView) => void} */
function showLocks(ui, { locks, weights, kernel, merged }) {
  for (const [el, cell] of ui.cells) {
    const locked = locks.has(lockOf(weights.length, merged && cell === BIAS ? B2 : cell, kernel));
    el.classList.toggle("locked", locked);
    attribute(el, "aria-label", locked ? tr("{name}, locked", { name: el.named }) : el.named);
  }
}

/** @type {(ui: Ui, view: View) => void} */
function showVerdict(ui, view) {
  const { z } = view;
  put(ui.slope, slopeWords(view.slope));
  ui.slopeIs.classList.toggle("flat", view.slope === 0);
  put(ui.out, outputNumber(view.output));
  put(ui.verdict, { 1: view.names.is, [-1]: view.names.isNot }[sideOf(z, view.threshold)] ?? tr("on the threshold"));
  const verdict = view.right ? "right" : "wrong";
  if (ui.mark.dataset.shown !== verdict) {
    ui.mark.dataset.shown = verdict;
    ui.mark.className = view.right ? "define mark" : "define mark bad";
    ui.mark.dataset.term = known(verdict);
    ui.mark.innerHTML = `${MARKS[verdict]}<span>${view.right ? trc("verdict", "right") : trc("verdict", "wrong")}</span>`;
  }
  put(ui.nRight, tr("{count} right", { count: view.sum.right }));
  put(ui.nWrong, tr("{count} wrong", { count: 512 - view.sum.right }));
}

/** @type {(slope: number) => string} */
function slopeWords(slope) {
  if (slope === 0) return tr("slope exactly 0");
  return slope < 0.0005 ? tr("slope under 0.001") : tr("slope {slope}", { slope: slope.toFixed(3) });
}

/** @type {(cell: any, text: string) => void} */
function number(cell, text) {
  put(cell.firstElementChild, text);
}

/** @type {(cell: any, colour: string) => void} */
function paintCell(cell, colour) {
  if (cell.shownColour !== colour) {
    cell.shownColour = colour;
    cell.style.background = colour;
  }
}
