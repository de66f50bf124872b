// @ts-check
// The stage's elements, once. Everything with an id is handed to the wiring under that id.
import { tr } from "../../language/tr.js";
import { ATLAS } from "../atlas/markup.js";
import { BENCH, builtCells } from "../bench/markup.js";
import { SCENERY } from "../embed/scenery.js";
import { SHARE } from "../embed/share.js";
import { TIME } from "../timeline/markup.js";
import { TABLE } from "../timeline/table.js";
import { HELP } from "./help.js";
import { TIP } from "./tooltip.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 */

const WAYS = `
<nav class="ways" id="ways" aria-label="${tr("Below the stage")}" hidden>
  <a class="way" data-to="study" href="#study">${tr("Study")}</a><a class="way" data-to="take" href="#take">${tr("Take it along")}</a><a class="way" data-to="why" href="#why">${tr("Why")}</a></nav>`;

const PAGE = `
<header class="outcome">
  <div><div class="said"><h1 id="say" aria-live="polite" tabindex="-1"></h1><a class="way" id="toFinding" data-to="finding" href="#finding" hidden>${tr("Why?")}</a></div><p><span id="because"></span> <span id="notice" class="notice" role="status"></span> <span id="elapsed" class="elapsed" aria-hidden="true"></span></p></div>
  <div class="acts" id="acts"></div>
  <div class="progress" id="progress" role="progressbar" aria-label="${tr("Training")}" aria-valuemin="0" aria-valuemax="100" hidden><i></i></div>
</header>
<section class="stage" aria-label="${tr("Stage")}">${BENCH}${ATLAS}${TIME}${SCENERY}
</section>
<div class="below">${TABLE}${WAYS}</div>${HELP}${TIP}${SHARE}`;

// Builds the stage into `lab`; returns its elements by id, the nine cells of each grid beside them.
/** @type {(lab: HTMLElement) => Ui} */
export function built(lab) {
  lab.innerHTML = PAGE;
  /** @type {Ui} */
  const ui = Object.fromEntries([...lab.querySelectorAll("[id]")].map(e => [e.id, e]));
  builtCells(ui);
  ui.canvases = [ui.curve, ui.atlas, ui.upper, ui.lower, ui.film, ui.scenery];
  return ui;
}
