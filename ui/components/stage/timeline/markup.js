// @ts-check
// The elements of the curves and of the transport.
import { tr, trc } from "../../language/tr.js";
import { iconOf } from "../canvas/icons.js";
import { defined } from "../canvas/terms.js";
import { SPEEDS } from "../core/playhead.js";
import { MEASURES } from "./series.js";

const key = (id, label) => `<button class="key" id="${id}" type="button" aria-label="${label}">${iconOf(id)}</button>`;

const plot = (name, labels, more = "") => `
    <div class="bar"><select class="pill" id="${name}Measure" data-of="run" aria-label="${labels.measure}">${MEASURES.map(m => `<option value="${m.id}">${m.label}</option>`).join("")}</select>
      <button class="pill" id="${name}Log" type="button" aria-label="${labels.log}">${tr("log")}</button><small class="about">${defined("loss", "", `id="${name}About" data-of="run" tabindex="-1"`)}</small>${more}</div>
    <div class="plot"><canvas id="${name}" role="img"></canvas><div class="read" id="${name}Read" aria-hidden="true" hidden></div>
      <div class="probe" id="${name}Field" data-time tabindex="0" role="slider" aria-label="${labels.epoch}" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></div></div>`;

const UPPER = {
  measure: tr("Measure, upper plot"),
  log: tr("Log axis, upper plot"),
  epoch: tr("At an epoch, upper plot"),
};
const LOWER = {
  measure: tr("Measure, lower plot"),
  log: tr("Log axis, lower plot"),
  epoch: tr("At an epoch, lower plot"),
};

const GHOST_TOGGLE = `<button class="pill ghost" id="ghost" type="button" aria-pressed="true" data-tap hidden>
      <svg viewBox="0 0 18 4" aria-hidden="true"><path d="M1 2h17" stroke="currentColor" stroke-width="2" stroke-dasharray="2 3"/></svg><span id="ghostName"></span></button>`;

export const TIME = `
  <div class="curves" id="curves"><h2 class="sr">${tr("Curves")}</h2>${plot("upper", UPPER, GHOST_TOGGLE)}${plot("lower", LOWER)}
  </div>
  <div class="move" id="move">
    <div class="transport">
      <div class="keys">${key("rewind", tr("Rewind"))}${key("back", tr("Step back"))}<button class="key play" id="play" type="button" aria-label="${trc("playback", "Play")}">${iconOf("play")}</button>${key("step", tr("Step forward"))}</div>
      <div class="when"><div><output id="when" class="define" data-term="epoch" tabindex="0"></output><small id="pace" aria-hidden="true"></small></div>
        <select id="speed" aria-label="${tr("Speed")}">${SPEEDS.map(s => `<option value="${s.id}">${s.text}</option>`).join("")}</select></div>
    </div>
    <div class="time"><div class="flags" id="flags"></div><div class="tip" id="tip" aria-hidden="true" hidden></div>
      <div class="rail"><input id="scrub" data-time type="range" min="0" max="1000" step="any" aria-label="${tr("Epoch")}"><div class="ticks" id="ticks" aria-hidden="true"></div></div>
      <canvas id="film" aria-hidden="true"></canvas><p class="filmNote" id="filmNote"></p></div>
  </div>`;
