// @ts-check
// The bench's elements: pixels, kernel, products, the ledger; the head's curve and the output; the tools below them.
import { tr, trc } from "../../language/tr.js";
import { iconOf, MARKS } from "../canvas/icons.js";
import { defined } from "../canvas/terms.js";
import { NINE } from "../network/forward.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 */

/** @typedef {(word: string, text: string, more?: string) => string} Worded how a word is written that is a term, see `defined` */

const value = (id, label) =>
  `<span class="value weight" id="${id}" tabindex="0" role="spinbutton" aria-label="${label}"><span class="num"></span></span>`;
const tip = text => `data-tip="${text}"`;
const tool = (id, text, more = "") => `<button class="tool" id="${id}" type="button" ${more}>${text}</button>`;
// One class's row of a softmax: its weight, its bias, its score; of one of several kernels its weight and what that makes.
const classRow = (
  name,
  weight,
  bias,
) => `<div class="classRow"><span class="term" id="l${name}By"></span>${value(`l${name}W`, weight)}
  <span class="term plus">+</span>${value(`l${name}B`, bias)}<span class="term" id="l${name}Is"></span><span class="value" id="l${name}Z"></span></div>`;

// Several kernels: each small with its part of z, and what all of them and the last bias come to.
/** @type {(worded: Worded) => string} */
const kernelRow = worded => `
    <div class="kernels" id="kernels" hidden><div class="kernelRow" id="kernelRow" role="radiogroup" aria-label="${tr("Kernels, each with its part of z")}"></div>
      <div class="kernelSum" id="kernelSum" data-beside role="group" aria-label="${tr("Sum over the kernels")}">
        <div class="one"><span class="term">${worded("b2", "+ b₂")}</span>${value("sC", tr("Bias of the 1x1 convolution"))}</div>
        <div class="both"><span class="term">${worded("b2", "+ b₀")}</span>${value("s0B", tr("Bias of the 1x1 convolution, not a corner"))}<span class="term">= z₀</span><span class="value" id="s0Z"></span></div>
        <div class="both"><span class="term">${worded("b2", "+ b₁")}</span>${value("s1B", tr("Bias of the 1x1 convolution, corner"))}<span class="term">= z₁</span><span class="value" id="s1Z"></span></div>
        <div class="total z"><span class="term">${worded("pre-activation", "= z", 'id="sTZ"')}</span><span class="value" id="sZ"></span></div></div></div>`;

// From the pixels to z. `beside`: what stands beside the word "Pixels".
/** @type {(worded: Worded, beside: string) => string} */
export const sumMarkup = (
  worded,
  beside,
) => `    <div><div class="bar"><h2>${worded("pattern", tr("Pixels"))}</h2>${beside}</div>
      <div class="nine" id="px" data-beside role="group" aria-label="${tr("Pixels, 3 by 3")}"></div></div>
    <span class="op" aria-hidden="true">×</span>
    <div><div class="bar"><h2>${worded("kernel", tr("Kernel"), 'id="kernelName"')}</h2><button class="pill effective" id="effective" type="button" aria-pressed="false" aria-label="${tr("Kernel times w₂")}" data-term="effective-kernel" data-tap>× w₂</button><small class="end" id="scale"></small></div>
      <div class="nine" id="kernel" data-beside role="group" aria-label="${tr("Kernel, 3 by 3")}"></div></div>
    <span class="op eq" aria-hidden="true">=</span>
    <div class="products"><div class="bar"><h2>${worded("product", tr("Products"))}</h2></div><div class="nine" id="products" role="img" aria-label="${tr("Products")}"></div></div>
    <span class="op to" aria-hidden="true">→</span>
    <div><div class="bar"><h2>${worded("pre-activation", tr("Pre-activation"))}</h2></div><div class="ledger" id="ledger" data-beside role="group" aria-label="${tr("Pre-activation")}">
      <div><span class="term">${worded("product", tr("Σ products"))}</span><span class="value" id="lSum"></span></div>
      <div><span class="term">${worded("bias", tr("+ bias"), 'id="tB"')}</span>${value("lB", tr("Bias"))}</div>
      <div class="total second"><span class="term">${worded("sum", tr("= sum"), 'id="tS"')}</span><span class="value" id="lS"></span></div>
      <div class="second one"><span class="term">${worded("w2", "× w₂", 'id="tW"')}</span>${value("lW", tr("Weight of the 1x1 convolution"))}</div>
      <div class="second one last"><span class="term">${worded("b2", "+ b₂")}</span>${value("lC", tr("Bias of the 1x1 convolution"))}</div>
      ${classRow("0", tr("Weight of the 1x1 convolution, not a corner"), tr("Bias of the 1x1 convolution, not a corner"))}${classRow("1", tr("Weight of the 1x1 convolution, corner"), tr("Bias of the 1x1 convolution, corner"))}
      <div class="total of"><span class="term">${worded("part", tr("= part"))}</span><span class="value" id="lPart"></span></div>
      <div class="both"><span class="term">z₀, z₁</span><span class="value" id="lBoth"></span></div>
      <div class="total z"><span class="term">${worded("pre-activation", "= z", 'id="tZ"')}</span><span class="value" id="lZ"></span></div></div></div>
${kernelRow(worded)}`;

const INDEX = `<input class="index end" id="index" type="text" inputmode="numeric" autocomplete="off" aria-label="${tr("Pattern index")}">`;

export const BENCH = `
  <div class="sum">${sumMarkup(defined, INDEX)}
    <div class="tools" id="tools" role="group" aria-label="${tr("Bench tools")}">
      ${tool("toTarget", tr("Corner"))}${tool("clear", tr("Clear"))}${tool("invert", tr("Invert"))}${tool("random", tr("Random"))}${tool("hardest", tr("Hardest"), tip(tr("The pattern that is wrong by most")))}
      <span class="end"></span>
      ${tool("makeTarget", tr("Make target"))}${tool("alsoTarget", MARKS.star, 'aria-pressed="false"')}
      ${tool("undo", iconOf("undo"), `aria-label="${tr("Undo")}" ${tip(tr("Undo (Ctrl+Z)"))}`)}${tool("redo", iconOf("redo"), `aria-label="${tr("Redo")}" ${tip(tr("Redo (Ctrl+Shift+Z)"))}`)}
      ${tool("lock", iconOf("lock"), `aria-label="${tr("Lock weights")}" aria-pressed="false" ${tip(tr("Lock weights: those you click keep their value in training (L)"))}`)}
      ${tool("sumShow", trc("a tool", "Sum"), `aria-expanded="false" aria-controls="sumBox" ${tip(tr("Show the sum with its numbers"))}`)}${tool("copyLink", tr("Link"), tip(tr("Copy a link to all that you see")))}${tool("help", "?", `aria-label="${tr("Help")}" ${tip(tr("Help (?)"))}`)}
    </div>
    <p class="line"><span class="told" id="told" role="status"></span><span id="formula"></span><span id="turned"></span></p>
    <div class="sumBox" id="sumBox" hidden><pre id="sumText" tabindex="0" role="region" aria-label="${tr("The sum, with its numbers")}"></pre><button class="tool" id="sumCopy" type="button">${tr("Copy")}</button></div>
  </div>
  <div class="head" id="headPart">
    <div><div class="bar"><h2>${defined("head", tr("head"), 'id="headName"')}</h2><small class="end" id="slopeIs">${defined("slope", tr("slope"), 'id="slope"')}</small></div><canvas id="curve" role="img"></canvas></div>
    <div class="result" id="result"><div class="bar"><h2>${defined("output", tr("Output"))}</h2></div><div class="verdict"><output id="out"></output><b>${defined("threshold", "", 'id="verdict"')}</b><button type="button" class="define mark" id="mark" data-of="pattern"></button></div></div>
  </div>`;

// The nine cells of pixels, kernel and products.
/** @type {(ui: Ui) => void} */
export function builtCells(ui) {
  const cell = (tag, kind) => {
    const e = document.createElement(tag);
    e.className = `cell ${kind}`;
    return e;
  };
  const place = i => ({ row: Math.floor(i / 3) + 1, column: (i % 3) + 1 });
  ui.pixelCells = NINE.map(i => {
    const e = cell("button", "pixel");
    e.setAttribute("aria-label", tr("Pixel, row {row}, column {column}", place(i)));
    e.type = "button";
    e.tabIndex = i ? -1 : 0;
    ui.px.append(e);
    return e;
  });
  ui.kernelCells = NINE.map(i => {
    const e = cell("div", "weight");
    e.setAttribute("aria-label", tr("Kernel, row {row}, column {column}", place(i)));
    e.tabIndex = 0;
    e.setAttribute("role", "spinbutton");
    e.innerHTML = '<span class="num"></span>';
    ui.kernel.append(e);
    return e;
  });
  ui.productCells = NINE.map(() => {
    const e = cell("div", "product");
    e.innerHTML = '<span class="num"></span>';
    ui.products.append(e);
    return e;
  });
}
