// The atlas's elements.
import { MARKS } from "./marks.js";

export const ATLAS = `
  <div class="atlas">
    <div class="bar"><h2>Atlas</h2><small id="atlasOf"></small><span class="end count">
      <span class="dotted">${MARKS.dot}</span><span id="nRight"></span><span class="mark bad">${MARKS.wrong}</span><span id="nWrong"></span></span></div>
    <div class="plot field"><canvas id="atlas" role="img"></canvas>
      <div class="touch" id="pick" tabindex="0" role="slider" aria-label="Pattern on the bench, chosen in the atlas" aria-valuemin="0" aria-valuemax="511"></div></div>
  </div>`;
