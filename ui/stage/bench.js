// The bench: pixels x kernel = products -> ledger -> output. Wires the editing, writes the numbers.
import { NINE, bit } from "./forward.js";
import { ledgerNumber, outputNumber, signed, typedIndex } from "./format.js";
import { diverging } from "./palette.js";
import { bindSpin } from "./spin.js";
import { MARKS } from "./marks.js";

// `deed` offers pixels(), setPixels(p), weight(i), setWeight(i, v), weightsDone(how), tell(message).
export function bindBench(root, ui, deed) {
  ui.weightCells.forEach((el, i) => bindSpin(el, {
    get: () => deed.weight(i), set: v => deed.setWeight(i, v), done: how => deed.weightsDone(how), tell: deed.tell,
  }));
  bindPainting(root, ui, deed);
  ui.px.addEventListener("keydown", ev => {
    const at = ui.pixelCells.indexOf(ev.target), way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[ev.key];
    if (at < 0 || !way || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    ev.preventDefault(); ev.stopPropagation();
    const to = at + way, sameRow = Math.floor(to / 3) === Math.floor(at / 3);
    if (to < 0 || to > 8 || (Math.abs(way) === 1 && !sameRow)) return;
    ui.pixelCells.forEach((cell, i) => { cell.tabIndex = i === to ? 0 : -1; });
    ui.pixelCells[to].focus();
  });
  ui.index.addEventListener("keydown", ev => ev.stopPropagation());
  ui.index.addEventListener("change", () => {
    const index = typedIndex(ui.index.value);
    deed.tell(index === null ? "A pattern index is a whole number from 0 to 511. The old one stays." : "");
    if (index === null) ui.index.value = String(deed.pixels()); else deed.setPixels(index);
  });
}

// The first pixel touched decides whether the stroke fills or clears.
function bindPainting(root, ui, deed) {
  const cellAt = ev => ui.pixelCells.indexOf(root.elementFromPoint(ev.clientX, ev.clientY)), flip = i => deed.setPixels(deed.pixels() ^ (1 << i));
  let paint = null, byPointer = false;
  ui.px.addEventListener("pointerdown", ev => {
    const i = cellAt(ev);
    if (i < 0 || ev.button !== 0) return;
    ui.px.setPointerCapture(ev.pointerId);
    byPointer = true; paint = 1 - bit(deed.pixels(), i);
    flip(i); ui.pixelCells[i].focus({ preventScroll: true });
    ui.pixelCells.forEach((cell, j) => { cell.tabIndex = i === j ? 0 : -1; });
  });
  ui.px.addEventListener("pointermove", ev => {
    const i = paint === null ? -1 : cellAt(ev);
    if (i >= 0 && bit(deed.pixels(), i) !== paint) flip(i);
  });
  for (const type of ["pointerup", "pointercancel"]) ui.px.addEventListener(type, () => { paint = null; });
  // A click without a pointer is a key or an assistive tool.
  ui.px.addEventListener("click", ev => {
    const i = ui.pixelCells.indexOf(ev.target.closest?.(".pixel"));
    if (i >= 0 && (!byPointer || ev.detail === 0)) flip(i);
    byPointer = false;
  });
}

// The ledger's rows and names belong to the network: once per record, not per frame.
export function nameBench(ui, header, names) {
  const softmax = header.head === "softmax", second = header.second_conv;
  const difference = softmax && !second;
  put(ui.kernelName, difference ? "Kernel 1 − 0" : "Kernel");
  ui.kernel.setAttribute("aria-label", difference ? "Difference of the two kernels, 3 by 3" : "Kernel, 3 by 3");
  put(ui.tB, difference ? "+ (b₁ − b₀)" : "+ bias");
  put(ui.tW, softmax ? "× (w₁ − w₀)" : "× w₂");
  put(ui.tC, softmax ? "+ (b₁ − b₀)" : "+ b₂");
  ui.lB.setAttribute("aria-label", difference ? "Difference of the two biases" : "Bias");
  ui.lW.setAttribute("aria-label", (softmax ? "Difference of the two weights" : "Weight") + " of the 1x1 convolution");
  ui.lC.setAttribute("aria-label", (softmax ? "Difference of the two biases" : "Bias") + " of the 1x1 convolution");
  ui.ledger.classList.toggle("short", !second);
  put(ui.headName, header.head);
  put(ui.atlasOf, `z of all 512 patterns, by Hamming distance from ${names.from}`);
}

export function showBench(ui, view, P) {
  const { weights, pixels, wMax, z } = view;
  let total = 0;
  for (const i of NINE) {
    const on = bit(pixels, i), w = weights[i], text = signed(w);
    total += on * w;
    attribute(ui.pixelCells[i], "aria-pressed", on ? "true" : "false");
    number(ui.kernelCells[i], text);
    attribute(ui.kernelCells[i], "aria-valuenow", w.toFixed(2));
    paintCell(ui.kernelCells[i], diverging(P, w, wMax));
    number(ui.productCells[i], on ? text : "0");
    paintCell(ui.productCells[i], on ? diverging(P, w, wMax) : "");
    ui.productCells[i].classList.toggle("off", !on);
  }
  put(ui.scale, "±" + signed(wMax).slice(1));
  if (ui.index !== ui.index.getRootNode().activeElement || ui.index.dataset.shown !== String(pixels)) ui.index.value = ui.index.dataset.shown = String(pixels);
  put(ui.lSum, ledgerNumber(total));
  put(ui.lS, ledgerNumber(total + weights[9]));
  [ui.lB, ui.lW, ui.lC].forEach((el, j) => { number(el, ledgerNumber(weights[9 + j])); attribute(el, "aria-valuenow", weights[9 + j].toFixed(3)); });
  put(ui.lZ, signed(z));
  put(ui.slope, view.slope === 0 ? "slope exactly 0" : "slope " + (view.slope < 0.0005 ? "under 0.001" : view.slope.toFixed(3)));
  ui.slope.classList.toggle("flat", view.slope === 0);
  put(ui.out, outputNumber(view.output));
  put(ui.verdict, z > view.threshold ? view.names.is : z < view.threshold ? view.names.isNot : "on the threshold");
  const verdict = view.right ? "right" : "wrong";
  if (ui.mark.dataset.shown !== verdict) {
    ui.mark.dataset.shown = verdict; ui.mark.className = view.right ? "mark" : "mark bad";
    ui.mark.innerHTML = MARKS[verdict] + verdict;
  }
  put(ui.nRight, `${view.sum.right} right`);
  put(ui.nWrong, `${512 - view.sum.right} wrong`);
}

// Writes only what differs: an untouched node costs no layout.
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

function number(cell, text) {
  put(cell.firstElementChild, text);
}

function paintCell(cell, colour) {
  if (cell.shownColour !== colour) { cell.shownColour = colour; cell.style.background = colour; }
}
