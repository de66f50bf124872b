// @ts-check
// The bench: pixels x kernel = products -> ledger -> output. Wires the weights, writes the numbers.
import { attribute, put } from "../canvas/dom.js";
import { ledgerNumber, outputNumber, signed, sizeNumber } from "../canvas/format.js";
import { MARKS } from "../canvas/icons.js";
import { diverging } from "../canvas/palette.js";
import { known } from "../canvas/terms.js";
import { B0, B1, lockOf, numberOf, steps, W0, W1 } from "../network/bench_numbers.js";
import { hasEffective, turnedSentence } from "../network/effective_kernel.js";
import { bit, NINE } from "../network/forward.js";
import { sideOf } from "../network/verdict.js";
import { cellFormula } from "./formula.js";
import { bindNumberInput } from "./number_input.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { Palette } from "../canvas/palette.js"
 * @import { View } from "../core/frame_view.js"
 * @import { Names } from "../core/messages.js"
 * @import { RecordHeader } from "../core/record.js"
 */

// The ledger's cells by the number each shows.
/** @type {[string, number][]} */
const LEDGER = [
  ["lB", 9],
  ["lW", 10],
  ["lC", 11],
  ["l0W", W0],
  ["l0B", B0],
  ["l1W", W1],
  ["l1B", B1],
];

// `actions` offers weight(i), setWeight(i, v), weightsDone(how), tell(message), point(i), locking(), lock(i).
/** @type {(ui: Ui, actions: Actions) => void} */
export function bindBench(ui, actions) {
  ui.cells = [...ui.kernelCells.map((el, i) => [el, i]), ...LEDGER.map(([id, i]) => [ui[id], i])];
  for (const [el, i] of ui.cells) {
    el.named = el.getAttribute("aria-label");
    el.dataset.tip = "Drag, arrow keys or type; double-click for 0; L locks";
    bindNumberInput(el, {
      get: () => actions.weight(i),
      set: v => actions.setWeight(i, v),
      done: how => actions.weightsDone(how),
      tell: actions.tell,
      locking: actions.locking,
      lock: () => actions.lock(lockOf(i)),
    });
  }
  ui.effective.addEventListener("click", () =>
    actions.showKernel(ui.effective.ariaPressed === "true" ? "alone" : "effective"),
  );
  bindPointing(ui, actions);
}

// Where the transport stays in view, on a phone, the output and the verdict stay with it: what a tap on a pixel does is seen.
/** @type {(ui: Ui) => void} */
export function placeResult(ui) {
  const { position, display } = getComputedStyle(ui.move);
  const at = position === "sticky" && display !== "none" ? ui.move : ui.headPart;
  if (ui.result.parentElement === at) return;
  if (at === ui.move) at.prepend(ui.result);
  else at.append(ui.result);
}

// What is under the pointer or has the focus lights up with what it is multiplied with, and its product is written out.
/** @type {(ui: Ui, actions: Actions) => void} */
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

// The ledger's rows and names belong to the network: once per record, not per frame.
/** @type {(ui: Ui, header: RecordHeader, names: Names) => void} */
export function nameBench(ui, header, names) {
  const softmax = header.head === "softmax";
  const second = header.second_conv;
  const difference = softmax && !second;
  put(ui.kernelName, difference ? "Kernel 1 − 0" : "Kernel");
  attribute(ui.kernel, "aria-label", difference ? "Difference of the two kernels, 3 by 3" : "Kernel, 3 by 3");
  put(ui.tB, difference ? "+ (b₁ − b₀)" : "+ bias");
  put(ui.tZ, softmax ? "= z₁ − z₀" : "= z");
  ui.lB.named = difference ? "Difference of the two biases" : "Bias";
  ui.effective.hidden = !hasEffective(header);
  ui.ledger.classList.toggle("short", !second);
  ui.ledger.classList.toggle("pair", softmax);
  put(ui.headName, header.head);
  put(ui.toTarget, names.the === "the corner" ? "Corner" : "Target");
}

/** @type {(ui: Ui, view: View, P: Palette) => void} */
export function showBench(ui, view, P) {
  const { weights, pixels, wMax, z, effective, factor } = view;
  const { header } = view.record;
  const at = steps(weights, pixels, z);
  const hot = view.pointed;
  for (const i of NINE) {
    const on = bit(pixels, i);
    const w = weights[i] * factor;
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
  if (ui.index !== ui.index.getRootNode().activeElement || ui.index.dataset.shown !== String(pixels))
    ui.index.value = ui.index.dataset.shown = String(pixels);
  attribute(ui.effective, "aria-pressed", String(effective));
  // Times w2 already: then the ledger is so too, down to the row that says it.
  put(ui.lSum, ledgerNumber(at.products * factor));
  put(ui.lS, ledgerNumber(at.sum * factor));
  if (!ui.effective.hidden) {
    put(ui.tB, effective ? "+ bias × w₂" : "+ bias");
    put(ui.tW, effective ? "(× w₂)" : "× w₂");
    ui.lB.named = effective ? "Bias times w₂" : "Bias";
  }
  for (const [id, i] of LEDGER) {
    const v = numberOf(weights, i) * (i === 9 ? factor : 1);
    if (!Number.isFinite(v)) continue; // the softmax cells of a network that has one output
    number(ui[id], i < 12 ? ledgerNumber(v) : signed(v));
    attribute(ui[id], "aria-valuenow", v.toFixed(3));
  }
  if (weights.length > 12) {
    put(ui.l0Z, signed(at.other));
    put(ui.l1Z, signed(at.corner));
    put(ui.lBoth, `${signed(at.other)}, ${signed(at.corner)}`);
  }
  put(ui.lZ, signed(z));
  put(ui.formula, hot === null || ui.told.textContent ? "" : cellFormula(view, hot));
  put(
    ui.turned,
    ui.formula.textContent || ui.told.textContent
      ? ""
      : turnedSentence(header, weights[10], view.effective ? "effective" : "alone"),
  );
  showLocks(ui, view.locks);
  showVerdict(ui, view);
}

/** @type {(ui: Ui, locks: Set<number>) => void} */
function showLocks(ui, locks) {
  for (const [el, i] of ui.cells) {
    const locked = locks.has(lockOf(i));
    el.classList.toggle("locked", locked);
    attribute(el, "aria-label", locked ? `${el.named}, locked` : el.named);
  }
}

/** @type {(ui: Ui, view: View) => void} */
function showVerdict(ui, view) {
  const { z } = view;
  put(
    ui.slope,
    view.slope === 0 ? "slope exactly 0" : `slope ${view.slope < 0.0005 ? "under 0.001" : view.slope.toFixed(3)}`,
  );
  ui.slopeIs.classList.toggle("flat", view.slope === 0);
  put(ui.out, outputNumber(view.output));
  put(ui.verdict, { 1: view.names.is, [-1]: view.names.isNot }[sideOf(z, view.threshold)] ?? "on the threshold");
  const verdict = view.right ? "right" : "wrong";
  if (ui.mark.dataset.shown !== verdict) {
    ui.mark.dataset.shown = verdict;
    ui.mark.className = view.right ? "define mark" : "define mark bad";
    ui.mark.dataset.term = known(verdict);
    ui.mark.innerHTML = `${MARKS[verdict]}<span>${verdict}</span>`;
  }
  put(ui.nRight, `${view.sum.right} right`);
  put(ui.nWrong, `${512 - view.sum.right} wrong`);
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
