// @ts-check
// The elements of the curves and of the transport.
import { iconOf } from "../canvas/icons.js";
import { defined } from "../canvas/terms.js";
import { SPEEDS } from "../core/playhead.js";
import { MEASURES } from "./series.js";

const key = (id, label) => `<button class="key" id="${id}" type="button" aria-label="${label}">${iconOf(id)}</button>`;

const plot = (name, more = "") => `
    <div class="bar"><select class="pill" id="${name}Measure" data-of="run" aria-label="Measure, ${name} plot">${MEASURES.map(m => `<option value="${m.id}">${m.label}</option>`).join("")}</select>
      <button class="pill" id="${name}Log" type="button" aria-label="Log axis, ${name} plot">log</button><small class="about">${defined("loss", "", `id="${name}About" data-of="run" tabindex="-1"`)}</small>${more}</div>
    <div class="plot"><canvas id="${name}" role="img"></canvas><div class="read" id="${name}Read" aria-hidden="true" hidden></div>
      <div class="probe" id="${name}Field" data-time tabindex="0" role="slider" aria-label="At an epoch, ${name} plot" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></div></div>`;

const GHOST_TOGGLE = `<button class="pill ghost" id="ghost" type="button" aria-pressed="true" data-tap hidden>
      <svg viewBox="0 0 18 4" aria-hidden="true"><path d="M1 2h17" stroke="currentColor" stroke-width="2" stroke-dasharray="2 3"/></svg><span id="ghostName"></span></button>`;

export const TIME = `
  <div class="curves" id="curves"><h2 class="sr">Curves</h2>${plot("upper", GHOST_TOGGLE)}${plot("lower")}
  </div>
  <div class="move" id="move">
    <div class="transport">
      <div class="keys">${key("rewind", "Rewind")}${key("back", "Step back")}<button class="key play" id="play" type="button" aria-label="Play">${iconOf("play")}</button>${key("step", "Step forward")}</div>
      <div class="when"><div><output id="when" class="define" data-term="epoch" tabindex="0"></output><small id="pace" aria-hidden="true"></small></div>
        <select id="speed" aria-label="Speed">${SPEEDS.map(s => `<option value="${s.id}">${s.text}</option>`).join("")}</select></div>
    </div>
    <div class="time"><div class="flags" id="flags"></div><div class="tip" id="tip" aria-hidden="true" hidden></div>
      <div class="rail"><input id="scrub" data-time type="range" min="0" max="1000" step="any" aria-label="Epoch"><div class="ticks" id="ticks" aria-hidden="true"></div></div>
      <canvas id="film" aria-hidden="true"></canvas><p class="filmNote" id="filmNote"></p></div>
  </div>`;
