// @ts-check
// The atlas's elements: the plot with its card, the scores beside it, the patterns nearest to the wrong side.
import { tr } from "../../language/tr.js";
import { emptyPicture } from "../bench/thumbnail.js";
import { MARKS } from "../canvas/icons.js";
import { defined, definedWithin, known } from "../canvas/terms.js";
import { NEAREST } from "../network/verdict.js";

const score = (id, word, name) =>
  `<div data-term="${known(word)}"><dt>${definedWithin(name)}</dt><dd id="${id}"></dd></div>`;
const count = (id, name) => `<td id="${id}" data-term="called" data-count="${name}"></td>`;
const thumb = `<button type="button" class="thumb" data-term="nearest">${emptyPicture()}<span class="sign star">${MARKS.star}</span><span class="sign bad">${MARKS.wrong}</span></button>`;

export const ATLAS = `
  <div class="atlas">
    <div class="bar"><h2>${defined("atlas", tr("Atlas"))}</h2><span class="views" role="group" aria-label="${tr("View of the atlas")}"><button type="button" id="byDistance" aria-pressed="true">${tr("by distance")}</button><button type="button" id="onCurve" aria-pressed="false">${tr("on the curve")}</button><button type="button" id="inPicture" aria-pressed="false">${tr("in a picture")}</button></span>
      <small>${defined("hamming-distance", "", 'id="atlasOf"')}</small><span class="end count"><span class="dotted">${MARKS.dot}</span>${defined("right", "", 'id="nRight"')}<span class="mark bad">${MARKS.wrong}</span>${defined("wrong", "", 'id="nWrong"')}</span></div>
    <div class="spread">
      <div class="plot field"><canvas id="atlas" role="img"></canvas>
        <div class="touch" id="pick" tabindex="0" role="slider" aria-label="${tr("Pattern on the bench, chosen in the atlas")}" aria-valuemin="0" aria-valuemax="511"></div>
        <div class="card" id="card" aria-hidden="true" hidden>${emptyPicture()}<div><b id="cardTitle"></b>
          <span>z <b id="cardZ"></b></span><span>${tr("output")} <b id="cardOutput"></b></span></div>
          <p><span id="cardGradient"></span><span id="cardShould"></span><span class="verdict-mark"><i class="ok">${MARKS.right}</i><i class="no">${MARKS.wrong}</i><span id="cardRight"></span></span></p></div></div>
      <div class="scores" role="group" aria-label="${tr("Scores")}">
        <table><caption class="sr">${tr("Confusion counts")}</caption>
          <thead><tr><th scope="col">${defined("called", tr("called"))}</th><th scope="col" id="calledIs"></th><th scope="col" id="calledNot"></th></tr></thead>
          <tbody><tr><th scope="row">${defined("target", tr("targets"))}</th>${count("cTp", "tp")}${count("cFn", "fn")}</tr><tr><th scope="row">${defined("other", tr("others"))}</th>${count("cFp", "fp")}${count("cTn", "tn")}</tr></tbody></table>
        <dl>${score("sRecall", "recall", tr("recall"))}${score("sPrecision", "precision", tr("precision"))}${score("sBalanced", "balanced-accuracy", tr("balanced accuracy"))}<div class="trap" data-term="accuracy"><dt>${definedWithin(tr("accuracy"))}</dt><dd id="sAccuracy"></dd><dd class="but" id="sTrap"></dd></div>${score("sGap", "separation-gap", tr("separation gap"))}${score("sMargin", "margin", tr("margin"))}</dl>
        <div class="nearest"><h3 id="nearTitle">${defined("nearest", tr("Nearest to the wrong side"))}</h3><div class="near" id="near" data-beside role="group" aria-labelledby="nearTitle">${thumb.repeat(NEAREST)}</div></div>
      </div>
    </div>
  </div>`;
