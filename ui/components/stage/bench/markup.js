// @ts-check
// The bench's elements: pixels, kernel, products, the ledger; the head's curve and the output; the tools below them.
import { iconOf, MARKS } from "../canvas/icons.js";

const value = (id, label) =>
  `<span class="value weight" id="${id}" tabindex="0" role="spinbutton" aria-label="${label}"><span class="num"></span></span>`;
const tool = (id, text, more = "") => `<button class="tool" id="${id}" type="button" ${more}>${text}</button>`;
// One class's row of a softmax: its weight, its bias, its score.
const classRow = (
  name,
  who,
) => `<div class="classRow"><span class="term">×</span>${value(`l${name}W`, `Weight of the 1x1 convolution, ${who}`)}
  <span class="term">+</span>${value(`l${name}B`, `Bias of the 1x1 convolution, ${who}`)}<span class="term">= z${name === "0" ? "₀" : "₁"}</span><span class="value" id="l${name}Z"></span></div>`;

export const BENCH = `
  <div class="sum">
    <div><div class="bar"><h2>Pixels</h2><input class="index end" id="index" type="text" inputmode="numeric" autocomplete="off" aria-label="Pattern index"></div>
      <div class="nine" id="px" role="group" aria-label="Pixels, 3 by 3"></div></div>
    <span class="op" aria-hidden="true">×</span>
    <div><div class="bar"><h2 id="kernelName">Kernel</h2><small class="end" id="scale"></small></div>
      <div class="nine" id="kernel" role="group" aria-label="Kernel, 3 by 3"></div></div>
    <span class="op eq" aria-hidden="true">=</span>
    <div class="products"><div class="bar"><h2>Products</h2></div><div class="nine" id="products" role="img" aria-label="Products"></div></div>
    <span class="op to" aria-hidden="true">→</span>
    <div><div class="bar"><h2>Pre-activation</h2></div><div class="ledger" id="ledger" role="group" aria-label="Pre-activation">
      <div><span class="term">Σ products</span><span class="value" id="lSum"></span></div>
      <div><span class="term" id="tB">+ bias</span>${value("lB", "Bias")}</div>
      <div class="total second"><span class="term">= sum</span><span class="value" id="lS"></span></div>
      <div class="second one"><span class="term">× w₂</span>${value("lW", "Weight of the 1x1 convolution")}</div>
      <div class="second one"><span class="term">+ b₂</span>${value("lC", "Bias of the 1x1 convolution")}</div>
      ${classRow("0", "not a corner")}${classRow("1", "corner")}
      <div class="both"><span class="term">z₀, z₁</span><span class="value" id="lBoth"></span></div>
      <div class="total z"><span class="term" id="tZ">= z</span><span class="value" id="lZ"></span></div></div></div>
    <div class="tools" id="tools" role="group" aria-label="Bench tools">
      ${tool("toTarget", "Corner")}${tool("clear", "Clear")}${tool("invert", "Invert")}${tool("random", "Random")}${tool("hardest", "Hardest", 'title="The pattern that is wrong by most"')}
      <span class="end"></span>
      ${tool("makeTarget", "Make target")}${tool("alsoTarget", MARKS.star, 'aria-pressed="false"')}
      ${tool("undo", iconOf("undo"), 'aria-label="Undo" title="Undo (Ctrl+Z)"')}${tool("redo", iconOf("redo"), 'aria-label="Redo" title="Redo (Ctrl+Shift+Z)"')}
      ${tool("lock", iconOf("lock"), 'aria-label="Lock weights" aria-pressed="false" title="Lock weights: those you click keep their value in training (L)"')}
      ${tool("sumShow", "Sum", 'aria-expanded="false" aria-controls="sumBox" title="Show the sum with its numbers"')}${tool("copyLink", "Link", 'title="Copy a link to all that you see"')}${tool("help", "?", 'aria-label="Help" title="Help (?)"')}
    </div>
    <p class="line"><span class="told" id="told" role="status"></span><span id="formula"></span></p>
    <div class="sumBox" id="sumBox" hidden><pre id="sumText" tabindex="0" role="region" aria-label="The sum, with its numbers"></pre><button class="tool" id="sumCopy" type="button">Copy</button></div>
  </div>
  <div class="head">
    <div><div class="bar"><h2 id="headName"></h2><small class="end" id="slope"></small></div><canvas id="curve" role="img"></canvas></div>
    <div><div class="bar"><h2>Output</h2></div><div class="verdict"><output id="out"></output><b id="verdict"></b><span class="mark" id="mark"></span></div></div>
  </div>`;
