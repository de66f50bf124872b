// @ts-check
// The scores of the weights on the bench: confusion counts and what follows from them, as corner_lab/network/metrics.py has it.
import { tr } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { gapNumber, marginNumber, percent } from "../canvas/format.js";
import { known } from "../canvas/terms.js";
import { effectiveWeight } from "../network/effective_kernel.js";
import { foundWords } from "../pictures/words.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 * @import { Names } from "../core/messages.js"
 * @import { Hidden } from "../network/forward.js"
 * @import { Summary } from "../network/verdict.js"
 */

/** @type {(of: { sum: Summary, weights: ArrayLike<number>, hidden: Hidden }) => { recall: number, precision: number | null, balanced: number, accuracy: number, rejecting: number, gap: number, margin: number }} */
export function scoresOf({ sum, weights, hidden }) {
  const { tp, fn, fp, tn, gap } = sum;
  const targets = tp + fn;
  const others = fp + tn;
  return {
    recall: tp / targets,
    precision: tp + fp ? tp / (tp + fp) : null,
    balanced: (tp / targets + tn / others) / 2,
    accuracy: (tp + tn) / (targets + others),
    rejecting: others / (targets + others),
    gap,
    margin: marginOf(weights, gap, hidden),
  };
}

// The gap over twice the norm of the effective kernel (kernel times w2, summed over the kernels), in pixel units; 0 for a
// kernel of zeros, NaN with relu, which leaves no such kernel.
/** @type {(weights: ArrayLike<number>, gap: number, hidden: Hidden) => number} */
export function marginOf(weights, gap, hidden) {
  if (hidden === "relu") return NaN;
  let squares = 0;
  for (let i = 0; i < 9; i++) squares += effectiveWeight(weights, i) ** 2;
  return squares ? gap / (2 * Math.sqrt(squares)) : 0;
}

// The words of the table belong to the target: once per record.
/** @type {(ui: Ui, names: Names) => void} */
export function nameScores(ui, names) {
  put(ui.calledIs, names.is);
  put(ui.calledNot, names.isNot);
}

// What the atlas has on its axes. On the curve its z axis is compressed, so straight pieces are drawn bent; a linear
// head's output is compressed alike.
/** @type {(view: View) => string} */
export function atlasWords({ atlasView, edited, head, names, found }) {
  if (found) return foundWords(found);
  if (atlasView === "curve") {
    return head === "linear" ? tr("output over z, asinh scales") : tr("output over z, asinh scale");
  }
  return edited ? tr("z by distance, weights in view") : tr("z by distance from {target}", { target: names.from });
}

const ABOUT = { distance: "hamming-distance", curve: "asinh-scale", picture: "pattern" };

/** @type {(ui: Ui, view: View) => void} */
export function showScores(ui, view) {
  const { sum } = view;
  const s = scoresOf(view);
  put(ui.atlasOf, atlasWords(view));
  attribute(ui.atlasOf, "data-term", known(ABOUT[view.atlasView]));
  for (const [cell, count, wrong] of [
    [ui.cTp, sum.tp, false],
    [ui.cFn, sum.fn, true],
    [ui.cFp, sum.fp, true],
    [ui.cTn, sum.tn, false],
  ]) {
    put(cell, String(count));
    attribute(cell, "class", wrong && count ? "bad" : "");
  }
  put(ui.sRecall, percent(s.recall));
  put(ui.sPrecision, s.precision === null ? tr("none called") : percent(s.precision));
  put(ui.sBalanced, percent(s.balanced));
  put(ui.sAccuracy, percent(s.accuracy));
  put(ui.sTrap, tr("rejecting all scores {share}", { share: percent(s.rejecting) }));
  put(ui.sGap, gapNumber(s.gap));
  put(ui.sMargin, view.hidden === "relu" ? "–" : marginNumber(s.margin));
}
