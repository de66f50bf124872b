// @ts-check
// The elements of the page's picture, once. Everything with an id is handed to the wiring under that id.
import { builtCells } from "../stage/bench/markup.js";
import { iconOf } from "../stage/canvas/icons.js";
import { MARK_SHAPES } from "../stage/pictures/marks.js";
import { MOST_TOLERANCE } from "../stage/pictures/pairing.js";
import { WINDOW } from "./bench.js";

/**
 * @import { Ui } from "../stage/canvas/dom.js"
 */

export const TOOLS = [
  ["rectangle", "Rectangle", "Drag, and the rectangle is filled; a press without a drag moves the window"],
  ["pencil", "Pencil", "Turns cells on"],
  ["eraser", "Eraser", "Turns cells off"],
  ["fill", "Fill", "Turns a cell and all of its kind that it touches"],
  ["look", "To the bench", "A press puts the patch on the bench of Play"],
];
const SIDES = [8, 16, 32, 64, 128, 256];

const options = pairs => pairs.map(([value, text]) => `<option value="${value}">${text}</option>`).join("");
const TOLERANCES = options(
  Array.from({ length: MOST_TOLERANCE + 1 }, (_, t) => [String(t), t ? `${t} pixel${t > 1 ? "s" : ""}` : "exact"]),
);
const radios = (name, list) =>
  list
    .map(
      ([value, text, help]) =>
        `<label class="choice" title="${help ?? ""}"><input type="radio" name="${name}" value="${value}"><span>${text}</span></label>`,
    )
    .join("");
const press = (id, text, label = "") =>
  `<button type="button" class="press" id="${id}"${label ? ` aria-label="${label}" title="${label}"` : ""}>${text}</button>`;
const figure = (id, name, mark = "") => `<div><dt>${mark}${name}</dt><dd id="${id}"></dd></div>`;

const PICTURE_PAGE = `
<div class="scene" role="group" aria-label="Scene">
  <label>Scene <select id="kind"></select></label>
  <label>Seed <input id="seed" type="text" inputmode="numeric" autocomplete="off"></label>
  <label>Size <select id="side"><option value="" id="otherSide" hidden></option>${options(SIDES.map(side => [String(side), `${side} × ${side}`]))}</select></label>
  <div class="row">${press("another", "Next scene")}${press("png", "Download PNG")}</div>
</div>
<p class="said" id="told" role="status"></p>
<div class="halves" id="halves">
  <div class="canvasSide">
    <div class="row apart"><div class="row" role="radiogroup" aria-label="Tool" id="tools">${radios("tool", TOOLS)}</div>
      <div class="row">${press("undo", iconOf("undo"), "Undo")}${press("redo", iconOf("redo"), "Redo")}${press("clear", "Clear")}</div></div>
    <canvas id="canvas" tabindex="0" role="application" aria-roledescription="picture" aria-describedby="keys"></canvas>
    <p class="hint" id="tooLong" hidden>This drawing is too detailed for a link: pass it on as a PNG.</p>
    <p class="hint" id="keys">Arrows move the window, Space uses the tool, Enter puts the patch on the bench.</p>
    <div class="row" role="radiogroup" aria-label="Response map" id="maps"><span>Response map</span>${radios("map", [
      ["none", "None"],
      ["z", "z"],
      ["output", "Output"],
    ])}</div>
    <div class="row" role="group" aria-label="The kernel slides"><span>Kernel</span>${press("slide", "Slide")}${press("slower", "Slower")}${press("faster", "Faster")}${press("stop", "Stop")}<small id="pace"></small></div>
  </div>
  <div class="numbers">
    <h3>Network</h3>
    <div class="row" role="radiogroup" aria-label="Network" id="networks"></div>
    <div id="transport" hidden>
      <div class="row">${press("play", iconOf("play"), "Play")}<input type="range" id="epoch" min="0" max="1000" step="1" aria-label="Epoch"></div>
      <p id="epochText" class="hint"></p>
    </div>
    <h3 id="title"></h3>
    <dl class="figures">
      ${figure("nFound", "Found")}${figure("nRight", "Right", MARK_SHAPES.right)}${figure("nMissed", "Missed", MARK_SHAPES.missed)}${figure("nFalse", "False", MARK_SHAPES.false)}
      ${figure("precision", "Precision")}${figure("recall", "Recall")}${figure("f1", "F1")}
    </dl>
    <div class="row"><label class="pick" title="How far from a true corner one may be found, in rows and in columns, and count as right">Tolerance <select id="tolerance">${TOLERANCES}</select></label>${press("before", "‹", "Previous")}${press("after", "›", "Next")}<small id="stop_text"></small></div>
    <h3>The window at <span id="where"></span></h3>
    ${WINDOW}
    <dl class="sums"><div><dt>Output</dt><dd id="output"></dd></div><div><dt>Verdict</dt><dd id="verdict"></dd></div></dl>
    <p class="hint" id="turned"></p>
    <div class="row">${press("bench", "Put on the bench")}${press("open", "Play with it")}</div>
  </div>
</div>
<p class="sr" id="summary" aria-live="polite"></p><p class="sr" id="spot" aria-live="polite"></p>`;

/** @type {(node: HTMLElement) => Ui} */
export function builtPicture(node) {
  node.innerHTML = PICTURE_PAGE;
  /** @type {Ui} */
  const ui = Object.fromEntries([...node.querySelectorAll("[id]")].map(e => [e.id, e]));
  builtCells(ui);
  return ui;
}
