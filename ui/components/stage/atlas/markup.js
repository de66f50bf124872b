// @ts-check
// The atlas's elements: the plot with its card, the scores beside it, the patterns nearest to the wrong side.
import { emptyPicture } from "../bench/thumbnail.js";
import { MARKS } from "../canvas/icons.js";
import { NEAREST } from "../core/verdict.js";

const score = (id, name) => `<div><dt>${name}</dt><dd id="${id}"></dd></div>`;
const thumb = `<button type="button" class="thumb">${emptyPicture()}<span class="sign star">${MARKS.star}</span><span class="sign bad">${MARKS.wrong}</span></button>`;

export const ATLAS = `
  <div class="atlas">
    <div class="bar"><h2>Atlas</h2><span class="views" role="group" aria-label="View of the atlas"><button type="button" id="byDistance" aria-pressed="true">by distance</button><button type="button" id="onCurve" aria-pressed="false">on the curve</button></span>
      <small id="atlasOf"></small><span class="end count"><span class="dotted">${MARKS.dot}</span><span id="nRight"></span><span class="mark bad">${MARKS.wrong}</span><span id="nWrong"></span></span></div>
    <div class="spread">
      <div class="plot field"><canvas id="atlas" role="img"></canvas>
        <div class="touch" id="pick" tabindex="0" role="slider" aria-label="Pattern on the bench, chosen in the atlas" aria-valuemin="0" aria-valuemax="511"></div>
        <div class="card" id="card" aria-hidden="true" hidden>${emptyPicture()}<div><b id="cardTitle"></b>
          <span>z <b id="cardZ"></b></span><span>output <b id="cardOutput"></b></span></div>
          <p><span id="cardGradient"></span><span id="cardShould"></span><span class="verdict-mark"><i class="ok">${MARKS.right}</i><i class="no">${MARKS.wrong}</i><span id="cardRight"></span></span></p></div></div>
      <div class="scores" role="group" aria-label="Scores">
        <table><caption class="sr">Confusion counts</caption>
          <thead><tr><th scope="col">called</th><th scope="col" id="calledIs"></th><th scope="col" id="calledNot"></th></tr></thead>
          <tbody><tr><th scope="row">targets</th><td id="cTp"></td><td id="cFn"></td></tr><tr><th scope="row">others</th><td id="cFp"></td><td id="cTn"></td></tr></tbody></table>
        <dl>${score("sRecall", "recall")}${score("sPrecision", "precision")}${score("sBalanced", "balanced accuracy")}<div class="trap"><dt>accuracy</dt><dd id="sAccuracy"></dd><dd class="but" id="sTrap"></dd></div>${score("sGap", "separation gap")}${score("sMargin", "margin")}</dl>
        <div class="nearest"><h3 id="nearTitle">Nearest to the wrong side</h3><div class="near" id="near" role="group" aria-labelledby="nearTitle">${thumb.repeat(NEAREST)}</div></div>
      </div>
    </div>
  </div>`;
