// The stage's elements, once. Everything with an id is handed to the wiring under that id.
import { NINE } from "./forward.js";
import { SPEEDS } from "./player.js";

const ICONS = {
  rewind: "M2 2h2v12H2zM14 2v12L5 8z", back: "M11 3v10L4 8zM12 3h2v10h-2z", step: "M5 3v10l7-5zM2 3h2v10H2z",
  play: "M4 2v12l10-6z", pause: "M3 2h4v12H3zM9 2h4v12H9z",
};

export function iconOf(name) {
  return `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

export const MARKS = {
  right: '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="7" fill="currentColor"/><path d="M3.6 7.2 6 9.6l4.4-4.8" fill="none" stroke="var(--bg)" stroke-width="1.8"/></svg>',
  wrong: '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M7 0l7 7-7 7-7-7z" fill="currentColor"/></svg>',
  dot: '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="4" fill="currentColor"/></svg>',
};

const key = (id, label) => `<button class="key" id="${id}" type="button" aria-label="${label}">${iconOf(id)}</button>`;
const value = (id, label) => `<span class="value weight" id="${id}" tabindex="0" role="spinbutton" aria-label="${label}"><span class="num"></span></span>`;

const PAGE = `
<header class="outcome">
  <div><h1 id="say" aria-live="polite"></h1><p><span id="because"></span> <span id="notice" class="notice" role="status"></span></p></div>
  <div class="acts" id="acts"></div>
</header>
<section class="stage" aria-label="Stage">
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
      <div class="second"><span class="term" id="tW">× w₂</span>${value("lW", "Weight of the 1x1 convolution")}</div>
      <div class="second"><span class="term" id="tC">+ b₂</span>${value("lC", "Bias of the 1x1 convolution")}</div>
      <div class="total z"><span class="term">= z</span><span class="value" id="lZ"></span></div></div></div>
    <p class="told" id="told" role="status"></p>
  </div>
  <div class="head">
    <div><div class="bar"><h2 id="headName"></h2><small class="end" id="slope"></small></div><canvas id="curve" role="img"></canvas></div>
    <div><div class="bar"><h2>Output</h2></div><div class="verdict"><output id="out"></output><b id="verdict"></b><span class="mark" id="mark"></span></div></div>
  </div>
  <div class="atlas">
    <div class="bar"><h2>Atlas</h2><small id="atlasOf"></small><span class="end count">
      <span class="dotted">${MARKS.dot}</span><span id="nRight"></span><span class="mark bad">${MARKS.wrong}</span><span id="nWrong"></span></span></div>
    <div class="plot field"><canvas id="atlas" role="img"></canvas>
      <div class="touch" id="pick" tabindex="0" role="slider" aria-label="Pattern on the bench, chosen in the atlas" aria-valuemin="0" aria-valuemax="511"></div></div>
  </div>
  <div class="curves">
    <div class="bar"><h2>Loss</h2><small>log axis</small></div><div class="plot"><canvas id="loss" role="img"></canvas></div>
    <div class="bar"><h2>Outputs</h2><small id="outputsOf"></small></div><div class="plot"><canvas id="outputs" role="img"></canvas></div>
  </div>
  <div class="move">
    <div class="transport">
      <div class="keys">${key("rewind", "Rewind")}${key("back", "Step back")}<button class="key play" id="play" type="button" aria-label="Play">${iconOf("play")}</button>${key("step", "Step forward")}</div>
      <div class="when"><output id="when"></output>
        <select id="speed" aria-label="Speed">${SPEEDS.map(s => `<option value="${s.id}">${s.text}</option>`).join("")}</select></div>
    </div>
    <div class="time"><div class="flags" id="flags"></div>
      <input id="scrub" type="range" min="0" max="1000" step="1" aria-label="Epoch"><canvas id="film" aria-hidden="true"></canvas></div>
  </div>
</section>`;

// Builds the stage into `lab`; returns its elements by id, the nine cells of each grid beside them.
export function built(lab) {
  lab.innerHTML = PAGE;
  const ui = Object.fromEntries([...lab.querySelectorAll("[id]")].map(e => [e.id, e]));
  const cell = (tag, kind, i, label) => {
    const e = document.createElement(tag);
    e.className = "cell " + kind;
    if (label) e.setAttribute("aria-label", `${label}, row ${Math.floor(i / 3) + 1}, column ${i % 3 + 1}`);
    return e;
  };
  ui.pixelCells = NINE.map(i => { const e = cell("button", "pixel", i, "Pixel"); e.type = "button"; e.tabIndex = i ? -1 : 0; ui.px.append(e); return e; });
  ui.kernelCells = NINE.map(i => {
    const e = cell("div", "weight", i, "Kernel");
    e.tabIndex = 0; e.setAttribute("role", "spinbutton"); e.innerHTML = '<span class="num"></span>';
    ui.kernel.append(e);
    return e;
  });
  ui.productCells = NINE.map(i => { const e = cell("div", "product", i); e.innerHTML = '<span class="num"></span>'; ui.products.append(e); return e; });
  ui.weightCells = [...ui.kernelCells, ui.lB, ui.lW, ui.lC];
  ui.canvases = [ui.curve, ui.atlas, ui.loss, ui.outputs, ui.film];
  return ui;
}
