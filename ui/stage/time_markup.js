// The elements of the curves and of the transport.
import { SPEEDS } from "./player.js";
import { iconOf } from "./marks.js";

const key = (id, label) => `<button class="key" id="${id}" type="button" aria-label="${label}">${iconOf(id)}</button>`;

export const TIME = `
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
  </div>`;
