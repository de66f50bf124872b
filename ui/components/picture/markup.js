// @ts-check
// The elements of the page's picture, once. Everything with an id is handed to the wiring under that id.
import { tr, trc, trn } from "../language/tr.js";
import { builtCells } from "../stage/bench/markup.js";
import { iconOf } from "../stage/canvas/icons.js";
import { MARK_SHAPES } from "../stage/pictures/marks.js";
import { MOST_TOLERANCE } from "../stage/pictures/pairing.js";
import { WINDOW } from "./bench.js";

/**
 * @import { Ui } from "../stage/canvas/dom.js"
 */

export const TOOLS = [
  ["rectangle", tr("Rectangle"), tr("Drag, and the rectangle is filled; a press without a drag moves the window")],
  ["pencil", tr("Pencil"), tr("Turns cells on")],
  ["eraser", tr("Eraser"), tr("Turns cells off")],
  ["fill", tr("Fill"), tr("Turns a cell and all of its kind that it touches")],
  ["look", tr("To the bench"), tr("A press puts the patch on the bench of Play")],
];
const SIDES = [8, 16, 32, 64, 128, 256];

const options = pairs => pairs.map(([value, text]) => `<option value="${value}">${text}</option>`).join("");
const TOLERANCES = options(
  Array.from({ length: MOST_TOLERANCE + 1 }, (_, t) => [
    String(t),
    t ? trn("{count} pixel", "{count} pixels", t) : tr("exact"),
  ]),
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
<div class="scene" role="group" aria-label="${tr("Scene")}">
  <label>${tr("Scene")} <select id="kind"></select></label>
  <label>${tr("Seed")} <input id="seed" type="text" inputmode="numeric" autocomplete="off"></label>
  <label>${tr("Size")} <select id="side"><option value="" id="otherSide" hidden></option>${options(SIDES.map(side => [String(side), `${side} × ${side}`]))}</select></label>
  <div class="row">${press("another", tr("Next scene"))}${press("png", tr("Download PNG"))}</div>
</div>
<p class="said" id="told" role="status"></p>
<div class="halves" id="halves">
  <div class="canvasSide">
    <div class="row apart"><div class="row" role="radiogroup" aria-label="${tr("Tool")}" id="tools">${radios("tool", TOOLS)}</div>
      <div class="row">${press("undo", iconOf("undo"), tr("Undo"))}${press("redo", iconOf("redo"), tr("Redo"))}${press("clear", tr("Clear"))}</div></div>
    <canvas id="canvas" tabindex="0" role="application" aria-roledescription="${tr("picture")}" aria-describedby="keys"></canvas>
    <p class="hint" id="tooLong" hidden>${tr("This drawing is too detailed for a link: pass it on as a PNG.")}</p>
    <p class="hint" id="keys">${tr("Arrows move the window, Space uses the tool, Enter puts the patch on the bench.")}</p>
    <div class="row" role="radiogroup" aria-label="${tr("Response map")}" id="maps"><span>${tr("Response map")}</span>${radios(
      "map",
      [
        ["none", trc("response map", "None")],
        ["z", "z"],
        ["output", tr("Output")],
      ],
    )}</div>
    <div class="row" role="group" aria-label="${tr("The kernel slides")}"><span>${tr("Kernel")}</span>${press("slide", tr("Slide"))}${press("slower", tr("Slower"))}${press("faster", tr("Faster"))}${press("stop", tr("Stop"))}<small id="pace"></small></div>
  </div>
  <div class="numbers">
    <h3>${tr("Network")}</h3>
    <div class="row" role="radiogroup" aria-label="${tr("Network")}" id="networks"></div>
    <div id="transport" hidden>
      <div class="row">${press("play", iconOf("play"), trc("playback", "Play"))}<input type="range" id="epoch" min="0" max="1000" step="1" aria-label="${tr("Epoch")}"></div>
      <p id="epochText" class="hint"></p>
    </div>
    <h3 id="title"></h3>
    <dl class="figures">
      ${figure("nFound", trc("found in a picture", "Found"))}${figure("nRight", trc("found in a picture", "Right"), MARK_SHAPES.right)}${figure("nMissed", trc("found in a picture", "Missed"), MARK_SHAPES.missed)}${figure("nFalse", trc("found in a picture", "False"), MARK_SHAPES.false)}
      ${figure("precision", tr("Precision"))}${figure("recall", tr("Recall"))}${figure("f1", "F1")}
    </dl>
    <div class="row"><label class="pick" title="${tr("How far from a true corner one may be found, in rows and in columns, and count as right")}">${tr("Tolerance")} <select id="tolerance">${TOLERANCES}</select></label>${press("before", "‹", tr("Previous"))}${press("after", "›", tr("Next"))}<small id="stop_text"></small></div>
    <h3>${tr("The window at {place}", { place: '<span id="where"></span>' })}</h3>
    ${WINDOW}
    <dl class="sums"><div><dt>${tr("Output")}</dt><dd id="output"></dd></div><div><dt>${tr("Verdict")}</dt><dd id="verdict"></dd></div></dl>
    <p class="hint" id="turned"></p>
    <div class="row">${press("bench", tr("Put on the bench"))}${press("open", tr("Play with it"))}</div>
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
