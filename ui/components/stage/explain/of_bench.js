// @ts-check
// What the terms of the bench come to: pattern, kernel, the sum, the head. Pure.
import { tr, trn } from "../../language/tr.js";
import { shownProducts } from "../bench/formula.js";
import { ledgerNumber, lossNumber, outputNumber, signed, sizeNumber } from "../canvas/format.js";
import { numberOf } from "../network/bench_numbers.js";
import { effectiveBias } from "../network/effective_kernel.js";
import { HEADS, popcount } from "../network/forward.js";
import { B2, BIAS, W2 } from "../network/number_layout.js";
import { sideOf } from "../network/verdict.js";

/**
 * @import { View } from "../core/frame_view.js"
 */

// What a pattern with this z is called; undefined where it is neither.
/** @type {(view: View, z: number) => string | undefined} */
export function calledWord({ names, threshold }, z) {
  return { 1: names.is, [-1]: names.isNot }[sideOf(z, threshold)];
}

// As the ledger shows a number of the chosen kernel: times w2 while the kernel is.
const inLedger = (view, value) => ledgerNumber(value * view.factor);

/** @type {Record<string, (view: View) => string>} */
export const BENCH_SENTENCES = {
  pattern: view =>
    trn(
      "Pattern {index} has {count} pixel on and lies at Hamming distance {distance} from {target}.",
      "Pattern {index} has {count} pixels on and lies at Hamming distance {distance} from {target}.",
      popcount(view.pixels),
      { index: view.pixels, distance: view.places.distance[view.pixels], target: view.names.from },
    ),
  target: ({ places: { targets }, names: { is }, sum }) =>
    targets.length === 1
      ? tr("Pattern {index}, which is to be called {is}: its z is {z}.", {
          index: targets[0],
          is,
          z: signed(sum.targetZ),
        })
      : tr("{count} patterns that are to be called {is}: their lowest z is {z}.", {
          count: targets.length,
          is,
          z: signed(sum.targetZ),
        }),
  other: ({ places: { targets }, sum }) =>
    tr("The other {count} patterns, which are to be rejected: their highest z is {z}.", {
      count: 512 - targets.length,
      z: signed(sum.otherZ),
    }),
  "hamming-distance": view =>
    tr("How many of the nine pixels differ from {target}: {distance} for the pattern on the bench.", {
      target: view.names.from,
      distance: view.places.distance[view.pixels],
    }),
  kernel: view => {
    const size = sizeNumber(view.wMax);
    if (view.merged)
      return tr("The nine weights of the effective kernel, coloured from −{size}, orange, over 0 to +{size}, blue.", {
        size,
      });
    return view.kernels > 1
      ? tr(
          "The nine weights of kernel {number} of {kernels}, coloured from −{size}, orange, over 0 to +{size}, blue.",
          { number: view.kernel + 1, kernels: view.kernels, size },
        )
      : tr("The nine weights of the 3x3 convolution, coloured from −{size}, orange, over 0 to +{size}, blue.", {
          size,
        });
  },
  product: view =>
    trn(
      "Each pixel times the kernel's weight over it: {count} pixel on, in sum {sum}.",
      "Each pixel times the kernel's weight over it: {count} pixels on, in sum {sum}.",
      popcount(view.pixels),
      { sum: ledgerNumber(shownProducts(view)) },
    ),
  bias: view => {
    const { weights, merged, part } = view;
    if (!merged)
      return tr("A learned number, added to the products: {steps}.", {
        steps: `${biased(view)} = ${inLedger(view, part.sum)}`,
      });
    const sum = `${ledgerNumber(shownProducts(view))} + (${ledgerNumber(effectiveBias(weights))})`;
    return tr("The kernels' biases times w₂, and b₂, added to the products: {steps}.", {
      steps: `${sum} = ${ledgerNumber(view.z)}`,
    });
  },
  sum: view => {
    const steps = { steps: `${biased(view)} = ${inLedger(view, view.part.sum)}` };
    if (view.hidden !== "relu") return tr("The products plus the bias: {steps}.", steps);
    return view.part.cut
      ? tr("The products plus the bias: {steps}; being below 0, it is cut off.", steps)
      : tr("The products plus the bias: {steps}; not being below 0, it passes relu as it is.", steps);
  },
  relu: view => {
    if (view.hidden !== "relu") return "";
    const { sum, passed, cut } = view.part;
    const steps = { steps: `relu(${ledgerNumber(sum)}) = ${ledgerNumber(passed)}` };
    return cut
      ? tr(
          "Between the two convolutions stands relu, which keeps what is above 0: {steps}; being below 0, it is cut off.",
          steps,
        )
      : tr(
          "Between the two convolutions stands relu, which keeps what is above 0: {steps}; not being below 0, it passes relu as it is.",
          steps,
        );
  },
  w2: view => {
    const w = numberOf(view.weights, W2, view.kernel);
    const steps = `${ledgerNumber(view.part.passed)} × (${ledgerNumber(w)}) = ${ledgerNumber(view.part.part)}`;
    const said = { steps, number: view.kernel + 1 };
    if (view.kernels > 1)
      return w < 0
        ? tr(
            "The weight of kernel {number} in the 1x1 convolution: {steps}; being negative, it turns the kernel's signs round.",
            said,
          )
        : tr("The weight of kernel {number} in the 1x1 convolution: {steps}.", said);
    return w < 0
      ? tr("The weight of the 1x1 convolution: {steps}; being negative, it turns the kernel's signs round.", { steps })
      : tr("The weight of the 1x1 convolution: {steps}.", { steps });
  },
  part: view => {
    const { kernels, part } = view;
    if (kernels === 1) return "";
    const said = { number: view.kernel + 1, part: signed(part.part), kernels, z: signed(view.z) };
    return part.cut
      ? tr(
          "What kernel {number} adds to z: relu cuts its sum off. The {kernels} parts and the last bias make z = {z}.",
          said,
        )
      : tr("What kernel {number} adds to z: {part}. The {kernels} parts and the last bias make z = {z}.", said);
  },
  b2: view => {
    const before = view.parts.reduce((sum, { part }) => sum + part, 0);
    const sum = `${ledgerNumber(before)} + (${ledgerNumber(numberOf(view.weights, B2))})`;
    return tr("The bias of the 1x1 convolution, added last: {steps}.", { steps: `${sum} = ${ledgerNumber(view.z)}` });
  },
  "effective-kernel": view => {
    if (view.hidden === "relu") return "";
    if (view.kernels > 1)
      return tr(
        "The {kernels} kernels, each times its w₂, added up: with nothing between the two convolutions the network is this one kernel.",
        { kernels: view.kernels },
      );
    const w = numberOf(view.weights, W2);
    return w < 0
      ? tr("The kernel times w₂ = {w2}: how far each pixel that is on moves z, all signs turned round.", {
          w2: ledgerNumber(w),
        })
      : tr("The kernel times w₂ = {w2}: how far each pixel that is on moves z.", { w2: ledgerNumber(w) });
  },
  "pre-activation": view => {
    const answer = calledWord(view, view.z);
    const said = { z: signed(view.z), head: view.head, threshold: signed(view.threshold), index: view.pixels };
    return answer
      ? tr("z = {z} goes into {head}; with the threshold at z = {threshold} pattern {index} is called {answer}.", {
          ...said,
          answer,
        })
      : tr(
          "z = {z} goes into {head}; with the threshold at z = {threshold} pattern {index} is called neither, which is wrong.",
          said,
        );
  },
  head: view =>
    tr("{head} is the activation function at the end: from z = {z} it makes the output {output}.", {
      head: view.head,
      z: signed(view.z),
      output: outputNumber(view.output),
    }),
  output: view =>
    tr("{head} of z = {z} is {output}; above {cut} a pattern is called {is}.", {
      head: view.head,
      z: signed(view.z),
      output: outputNumber(view.output),
      cut: cutOutput(view),
      is: view.names.is,
    }),
  threshold: view =>
    tr(
      "z = {z}, an output of {output}: above it a pattern is called {is}, below it {isNot}; exactly on it is wrong for either.",
      { z: signed(view.threshold), output: cutOutput(view), is: view.names.is, isNot: view.names.isNot },
    ),
  slope: view => {
    const said = { z: signed(view.z), head: view.head, index: view.pixels, slope: lossNumber(view.slope) };
    return view.slope === 0
      ? tr("At z = {z} {head} is flat: the slope is exactly 0, so pattern {index} has no gradient.", said)
      : tr("At z = {z} {head} rises by {slope} per unit of z, the factor of pattern {index}'s gradient.", said);
  },
};

// What the head gives at the threshold.
/** @type {(view: View) => string} */
function cutOutput(view) {
  return outputNumber(HEADS[view.head].output(view.threshold));
}

// The products of the chosen kernel and its bias, as the ledger has them.
/** @type {(view: View) => string} */
function biased(view) {
  const bias = numberOf(view.weights, BIAS, view.kernel);
  return `${inLedger(view, view.part.products)} + (${inLedger(view, bias)})`;
}
