// @ts-check
// What the terms of the atlas come to: right and wrong, the counts, the scores, the nearest to the wrong side. Pure.
import { tr, trn } from "../../language/tr.js";
import { scoresOf } from "../atlas/scores.js";
import { gapNumber, lossNumber, marginNumber, percent, signed, sizeNumber } from "../canvas/format.js";
import { isRight } from "../network/verdict.js";
import { calledWord } from "./of_bench.js";

/**
 * @import { View } from "../core/frame_view.js"
 * @import { Where } from "./explained.js"
 */

/** @type {Record<string, (view: View, where: Where) => string>} */
export const SCORE_SENTENCES = {
  right: (view, { of }) =>
    of === "pattern"
      ? verdictOf(view)
      : tr("{right} of 512 patterns lie strictly on their label's side of the threshold, z = {z}.", {
          right: view.sum.right,
          z: signed(view.threshold),
        }),
  wrong: (view, { of }) =>
    of === "pattern"
      ? verdictOf(view)
      : trn(
          "{wrong} of 512 patterns are wrong: {missed}, {count} other called {is}, drawn as a diamond.",
          "{wrong} of 512 patterns are wrong: {missed}, {count} others called {is}, drawn as diamonds.",
          view.sum.fp,
          {
            wrong: 512 - view.sum.right,
            missed: trn("{count} missed target", "{count} missed targets", view.sum.fn),
            is: view.names.is,
          },
        ),
  called: ({ sum, names: { is, isNot } }, { count }) => {
    if (count === "tp")
      return trn("{count} target called {is}: right.", "{count} targets called {is}: right.", sum.tp, { is });
    if (count === "fn")
      return trn("{count} target called {isNot}: wrong.", "{count} targets called {isNot}: wrong.", sum.fn, { isNot });
    if (count === "fp")
      return trn("{count} other called {is}: wrong.", "{count} others called {is}: wrong.", sum.fp, { is });
    if (count === "tn")
      return trn("{count} other called {isNot}: right.", "{count} others called {isNot}: right.", sum.tn, { isNot });
    return tr("What the network answers: {called} of 512 are called {is}, {rejected} {isNot}.", {
      called: sum.tp + sum.fp,
      is,
      rejected: sum.fn + sum.tn,
      isNot,
    });
  },
  recall: ({ sum, names }) =>
    tr("The share of the targets that are called {is}: {count} of {all}, {share}.", {
      is: names.is,
      count: sum.tp,
      all: sum.tp + sum.fn,
      share: percent(sum.recall),
    }),
  precision: view => {
    const { tp, fp } = view.sum;
    const { is } = view.names;
    const share = scoresOf(view).precision;
    return share === null
      ? tr("The share of the patterns called {is} that are targets; none is called so.", { is })
      : tr("The share of the patterns called {is} that are targets: {count} of {all}, {share}.", {
          is,
          count: tp,
          all: tp + fp,
          share: percent(share),
        });
  },
  "balanced-accuracy": view => {
    const { tn, fp, recall } = view.sum;
    return tr("The mean of {targets} of the targets and {others} of the others right: {share}.", {
      targets: percent(recall),
      others: percent(tn / (tn + fp)),
      share: percent(scoresOf(view).balanced),
    });
  },
  accuracy: view => {
    const { accuracy, rejecting } = scoresOf(view);
    return tr("The share of all 512 that are right: {right}, {share}; rejecting everything scores {rejecting}.", {
      right: view.sum.right,
      share: percent(accuracy),
      rejecting: percent(rejecting),
    });
  },
  "separation-gap": ({ sum }) => {
    const steps = { steps: `${signed(sum.targetZ)} − (${signed(sum.otherZ)}) = ${gapNumber(sum.gap)}` };
    return sum.gap > 0
      ? tr(
          "The lowest z of a target minus the highest z of an other: {steps}, so some threshold separates them.",
          steps,
        )
      : tr("The lowest z of a target minus the highest z of an other: {steps}, so no threshold separates them.", steps);
  },
  margin: view => {
    const { gap, margin } = scoresOf(view);
    if (view.hidden === "relu")
      return tr("With relu between the two convolutions no single kernel gives z: there is no margin.");
    const quotient = `${gapNumber(gap)} / (2 × ${lossNumber(gap / margin / 2)})`;
    return margin
      ? tr("The separation gap over twice the norm of the effective kernel: {steps} pixels.", {
          steps: `${quotient} = ${marginNumber(margin)}`,
        })
      : tr("The separation gap, {gap}, over twice the norm of the effective kernel: 0.", { gap: gapNumber(gap) });
  },
  nearest: (view, { pattern }) => {
    if (pattern === undefined) return "";
    const i = Number(pattern);
    const z = view.zs[i];
    const said = {
      pattern: view.flags[i] ? tr("Pattern {index}, a target", { index: i }) : tr("Pattern {index}", { index: i }),
      z: signed(z),
      distance: sizeNumber(z - view.threshold),
    };
    return isRight(z, view.flags[i], view.threshold)
      ? tr("{pattern}: z {z}, right by {distance}. Click to put it on the bench.", said)
      : tr("{pattern}: z {z}, wrong by {distance}. Click to put it on the bench.", said);
  },
};

/** @type {(view: View) => string} */
function verdictOf(view) {
  const answer = calledWord(view, view.z);
  const said = { index: view.pixels, label: view.isTarget ? view.names.is : view.names.isNot };
  if (!answer) return tr("Pattern {index} is to be called {label} and is called neither: wrong.", said);
  return view.right
    ? tr("Pattern {index} is to be called {label} and is called {answer}: right.", { ...said, answer })
    : tr("Pattern {index} is to be called {label} and is called {answer}: wrong.", { ...said, answer });
}
