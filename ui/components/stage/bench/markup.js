// @ts-check
// The bench's elements: pixels, kernel, products, the ledger; the head's curve and the output; the tools below them.
import { iconOf, MARKS } from "../canvas/icons.js";
import { defined } from "../canvas/terms.js";
import { NINE } from "../network/forward.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 */

/** @typedef {(word: string, text: string, more?: string) => string} Worded how a word is written that is a term, see `defined` */

const value = (id, label) =>
  `<span class="value weight" id="${id}" tabindex="0" role="spinbutton" aria-label="${label}"><span class="num"></span></span>`;
const tool = (id, text, more = "") => `<button class="tool" id="${id}" type="button" ${more}>${text}</button>`;
// One class's row of a softmax: its weight, its bias, its score; of one of several kernels its weight and what that makes.
const classRow = (
  name,
  who,
) => `<div class="classRow"><span class="term" id="l${name}By"></span>${value(`l${name}W`, `Weight of the 1x1 convolution, ${who}`)}
  <span class="term plus">+</span>${value(`l${name}B`, `Bias of the 1x1 convolution, ${who}`)}<span class="term" id="l${name}Is"></span><span class="value" id="l${name}Z"></span></div>`;

// Several kernels: each small with its part of z, and what all of them and the last bias come to.
/** @type {(worded: Worded) => string} */
const kernelRow = worded => `
    <div class="kernels" id="kernels" hidden><div class="kernelRow" id="kernelRow" role="radiogroup" aria-label="Kernels, each with its part of z"></div>
      <div class="kernelSum" id="kernelSum" data-beside role="group" aria-label="Sum over the kernels">
        <div class="one"><span class="term">${worded("b2", "+ b₂")}</span>${value("sC", "Bias of the 1x1 convolution")}</div>
        <div class="both"><span class="term">${worded("b2", "+ b₀")}</span>${value("s0B", "Bias of the 1x1 convolution, not a corner")}<span class="term">= z₀</span><span class="value" id="s0Z"></span></div>
        <div class="both"><span class="term">${worded("b2", "+ b₁")}</span>${value("s1B", "Bias of the 1x1 convolution, corner")}<span class="term">= z₁</span><span class="value" id="s1Z"></span></div>
        <div class="total z"><span class="term">${worded("pre-activation", "= z", 'id="sTZ"')}</span><span class="value" id="sZ"></span></div></div></div>`;

// From the pixels to z. `beside`: what stands beside the word "Pixels".
/** @type {(worded: Worded, beside: string) => string} */
export const sumMarkup = (
  worded,
  beside,
) => `    <div><div class="bar"><h2>${worded("pattern", "Pixels")}</h2>${beside}</div>
      <div class="nine" id="px" data-beside role="group" aria-label="Pixels, 3 by 3"></div></div>
    <span class="op" aria-hidden="true">×</span>
    <div><div class="bar"><h2>${worded("kernel", "Kernel", 'id="kernelName"')}</h2><button class="pill effective" id="effective" type="button" aria-pressed="false" aria-label="Kernel times w₂" data-term="effective-kernel" data-tap>× w₂</button><small class="end" id="scale"></small></div>
      <div class="nine" id="kernel" data-beside role="group" aria-label="Kernel, 3 by 3"></div></div>
    <span class="op eq" aria-hidden="true">=</span>
    <div class="products"><div class="bar"><h2>${worded("product", "Products")}</h2></div><div class="nine" id="products" role="img" aria-label="Products"></div></div>
    <span class="op to" aria-hidden="true">→</span>
    <div><div class="bar"><h2>${worded("pre-activation", "Pre-activation")}</h2></div><div class="ledger" id="ledger" data-beside role="group" aria-label="Pre-activation">
      <div><span class="term">${worded("product", "Σ products")}</span><span class="value" id="lSum"></span></div>
      <div><span class="term">${worded("bias", "+ bias", 'id="tB"')}</span>${value("lB", "Bias")}</div>
      <div class="total second"><span class="term">${worded("sum", "= sum", 'id="tS"')}</span><span class="value" id="lS"></span></div>
      <div class="second one"><span class="term">${worded("w2", "× w₂", 'id="tW"')}</span>${value("lW", "Weight of the 1x1 convolution")}</div>
      <div class="second one last"><span class="term">${worded("b2", "+ b₂")}</span>${value("lC", "Bias of the 1x1 convolution")}</div>
      ${classRow("0", "not a corner")}${classRow("1", "corner")}
      <div class="total of"><span class="term">${worded("part", "= part")}</span><span class="value" id="lPart"></span></div>
      <div class="both"><span class="term">z₀, z₁</span><span class="value" id="lBoth"></span></div>
      <div class="total z"><span class="term">${worded("pre-activation", "= z", 'id="tZ"')}</span><span class="value" id="lZ"></span></div></div></div>
${kernelRow(worded)}`;

const INDEX =
  '<input class="index end" id="index" type="text" inputmode="numeric" autocomplete="off" aria-label="Pattern index">';

export const BENCH = `
  <div class="sum">${sumMarkup(defined, INDEX)}
    <div class="tools" id="tools" role="group" aria-label="Bench tools">
      ${tool("toTarget", "Corner")}${tool("clear", "Clear")}${tool("invert", "Invert")}${tool("random", "Random")}${tool("hardest", "Hardest", 'data-tip="The pattern that is wrong by most"')}
      <span class="end"></span>
      ${tool("makeTarget", "Make target")}${tool("alsoTarget", MARKS.star, 'aria-pressed="false"')}
      ${tool("undo", iconOf("undo"), 'aria-label="Undo" data-tip="Undo (Ctrl+Z)"')}${tool("redo", iconOf("redo"), 'aria-label="Redo" data-tip="Redo (Ctrl+Shift+Z)"')}
      ${tool("lock", iconOf("lock"), 'aria-label="Lock weights" aria-pressed="false" data-tip="Lock weights: those you click keep their value in training (L)"')}
      ${tool("sumShow", "Sum", 'aria-expanded="false" aria-controls="sumBox" data-tip="Show the sum with its numbers"')}${tool("copyLink", "Link", 'data-tip="Copy a link to all that you see"')}${tool("help", "?", 'aria-label="Help" data-tip="Help (?)"')}
    </div>
    <p class="line"><span class="told" id="told" role="status"></span><span id="formula"></span><span id="turned"></span></p>
    <div class="sumBox" id="sumBox" hidden><pre id="sumText" tabindex="0" role="region" aria-label="The sum, with its numbers"></pre><button class="tool" id="sumCopy" type="button">Copy</button></div>
  </div>
  <div class="head" id="headPart">
    <div><div class="bar"><h2>${defined("head", "head", 'id="headName"')}</h2><small class="end" id="slopeIs">${defined("slope", "slope", 'id="slope"')}</small></div><canvas id="curve" role="img"></canvas></div>
    <div class="result" id="result"><div class="bar"><h2>${defined("output", "Output")}</h2></div><div class="verdict"><output id="out"></output><b>${defined("threshold", "", 'id="verdict"')}</b><button type="button" class="define mark" id="mark" data-of="pattern"></button></div></div>
  </div>`;

// The nine cells of pixels, kernel and products.
/** @type {(ui: Ui) => void} */
export function builtCells(ui) {
  const cell = (tag, kind, i, label) => {
    const e = document.createElement(tag);
    e.className = `cell ${kind}`;
    if (label) e.setAttribute("aria-label", `${label}, row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`);
    return e;
  };
  ui.pixelCells = NINE.map(i => {
    const e = cell("button", "pixel", i, "Pixel");
    e.type = "button";
    e.tabIndex = i ? -1 : 0;
    ui.px.append(e);
    return e;
  });
  ui.kernelCells = NINE.map(i => {
    const e = cell("div", "weight", i, "Kernel");
    e.tabIndex = 0;
    e.setAttribute("role", "spinbutton");
    e.innerHTML = '<span class="num"></span>';
    ui.kernel.append(e);
    return e;
  });
  ui.productCells = NINE.map(i => {
    const e = cell("div", "product", i);
    e.innerHTML = '<span class="num"></span>';
    ui.products.append(e);
    return e;
  });
}
