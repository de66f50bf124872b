// @ts-check
// What a term comes to here: one sentence with the numbers of this run or bench, else its definition. Pure.
import { scoresOf } from "../atlas/scores.js";
import { shownProducts } from "../bench/formula.js";
import {
  gapNumber,
  grouped,
  ledgerNumber,
  lossNumber,
  marginNumber,
  outputNumber,
  percent,
  signed,
  sizeNumber,
} from "../canvas/format.js";
import { TERMS } from "../canvas/terms.js";
import { numberOf } from "../network/bench_numbers.js";
import { effectiveBias } from "../network/effective_kernel.js";
import { HEADS, popcount } from "../network/forward.js";
import { B2, BIAS, W2 } from "../network/number_layout.js";
import { isRight, sideOf } from "../network/verdict.js";

/**
 * @import { View } from "../core/frame_view.js"
 */

/** @typedef {Record<string, string | undefined>} Where what the element says of itself: of, count, pattern, epoch */

const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;
const called = (view, z) => ({ 1: view.names.is, [-1]: view.names.isNot })[sideOf(z, view.threshold)];
// As the ledger shows a number of the chosen kernel: times w2 while the kernel is.
const inLedger = (view, value) => ledgerNumber(value * view.factor);
const kernelName = view => `kernel ${view.kernel + 1}`;

/** @type {(view: View, word: string, where?: Where) => string} */
export function explained(view, word, where = {}) {
  const sentence = (where.of === "run" && OF_RUN[word]) || (where.epoch && MARKERS[word]) || SENTENCES[word];
  return sentence?.(view, where) || TERMS[word].explanation;
}

/** @type {Record<string, (view: View, where: Where) => string>} */
const SENTENCES = {
  pattern: view =>
    `Pattern ${view.pixels} has ${many(popcount(view.pixels), "pixel")} on and lies at Hamming distance ${view.places.distance[view.pixels]} from ${view.names.from}.`,
  target: ({ places: { targets }, names, sum }) =>
    targets.length === 1
      ? `Pattern ${targets[0]}, which is to be called ${names.is}: its z is ${signed(sum.targetZ)}.`
      : `${many(targets.length, "pattern")} that are to be called ${names.is}: their lowest z is ${signed(sum.targetZ)}.`,
  other: ({ places: { targets }, sum }) =>
    `The other ${512 - targets.length} patterns, which are to be rejected: their highest z is ${signed(sum.otherZ)}.`,
  "hamming-distance": view =>
    `How many of the nine pixels differ from ${view.names.from}: ${view.places.distance[view.pixels]} for the pattern on the bench.`,
  kernel: view => {
    const own = view.kernels > 1 ? `${kernelName(view)} of ${view.kernels}` : "the 3x3 convolution";
    const of = view.merged ? "the effective kernel" : own;
    return `The nine weights of ${of}, coloured from −${sizeNumber(view.wMax)}, orange, over 0 to +${sizeNumber(view.wMax)}, blue.`;
  },
  product: view =>
    `Each pixel times the kernel's weight over it: ${many(popcount(view.pixels), "pixel")} on, in sum ${ledgerNumber(shownProducts(view))}.`,
  bias: view => {
    const { weights, merged, part } = view;
    if (merged)
      return `The kernels' biases times w₂, and b₂, added to the products: ${ledgerNumber(shownProducts(view))} + (${ledgerNumber(effectiveBias(weights))}) = ${ledgerNumber(view.z)}.`;
    return `A learned number, added to the products: ${biased(view)} = ${inLedger(view, part.sum)}.`;
  },
  sum: view => `The products plus the bias: ${biased(view)} = ${inLedger(view, view.part.sum)}${throughRelu(view)}.`,
  relu: view => {
    if (view.hidden !== "relu") return "";
    const { sum, passed } = view.part;
    return `Between the two convolutions stands relu, which keeps what is above 0: relu(${ledgerNumber(sum)}) = ${ledgerNumber(passed)}${throughRelu(view)}.`;
  },
  w2: view => {
    const w = numberOf(view.weights, W2, view.kernel);
    const turned = w < 0 ? "; being negative, it turns the kernel's signs round" : "";
    const of = view.kernels > 1 ? `${kernelName(view)} in the 1x1 convolution` : "the 1x1 convolution";
    return `The weight of ${of}: ${ledgerNumber(view.part.passed)} × (${ledgerNumber(w)}) = ${ledgerNumber(view.part.part)}${turned}.`;
  },
  part: view => {
    if (view.kernels === 1) return "";
    const of = view.part.cut ? "relu cuts its sum off" : `${signed(view.part.part)}`;
    return `What ${kernelName(view)} adds to z: ${of}. The ${view.kernels} parts and the last bias make z = ${signed(view.z)}.`;
  },
  b2: view => {
    const before = view.parts.reduce((sum, { part }) => sum + part, 0);
    return `The bias of the 1x1 convolution, added last: ${ledgerNumber(before)} + (${ledgerNumber(numberOf(view.weights, B2))}) = ${ledgerNumber(view.z)}.`;
  },
  "effective-kernel": view => {
    if (view.hidden === "relu") return "";
    if (view.kernels > 1)
      return `The ${view.kernels} kernels, each times its w₂, added up: with nothing between the two convolutions the network is this one kernel.`;
    const w = numberOf(view.weights, W2);
    return `The kernel times w₂ = ${ledgerNumber(w)}: how far each pixel that is on moves z${w < 0 ? ", all signs turned round" : ""}.`;
  },
  "pre-activation": view =>
    `z = ${signed(view.z)} goes into ${view.head}; with the threshold at z = ${signed(view.threshold)} pattern ${view.pixels} is called ${called(view, view.z) ?? "neither, which is wrong"}.`,
  head: view =>
    `${view.head} is the activation function at the end: from z = ${signed(view.z)} it makes the output ${outputNumber(view.output)}.`,
  output: view =>
    `${view.head} of z = ${signed(view.z)} is ${outputNumber(view.output)}; above ${outputNumber(HEADS[view.head].output(view.threshold))} a pattern is called ${view.names.is}.`,
  threshold: view =>
    `z = ${signed(view.threshold)}, an output of ${outputNumber(HEADS[view.head].output(view.threshold))}: above it a pattern is called ${view.names.is}, below it ${view.names.isNot}; exactly on it is wrong for either.`,
  slope: view =>
    view.slope === 0
      ? `At z = ${signed(view.z)} ${view.head} is flat: the slope is exactly 0, so pattern ${view.pixels} has no gradient.`
      : `At z = ${signed(view.z)} ${view.head} rises by ${lossNumber(view.slope)} per unit of z, the factor of pattern ${view.pixels}'s gradient.`,
  right: (view, { of }) =>
    of === "pattern"
      ? verdictOf(view)
      : `${view.sum.right} of 512 patterns lie strictly on their label's side of the threshold, z = ${signed(view.threshold)}.`,
  wrong: (view, { of }) =>
    of === "pattern"
      ? verdictOf(view)
      : `${512 - view.sum.right} of 512 patterns are wrong: ${many(view.sum.fn, "missed target")}, ${many(view.sum.fp, "other")} called ${view.names.is}, drawn as ${view.sum.fp === 1 ? "a diamond" : "diamonds"}.`,
  called: ({ sum, names }, { count }) =>
    ({
      tp: `${many(sum.tp, "target")} called ${names.is}: right.`,
      fn: `${many(sum.fn, "target")} called ${names.isNot}: wrong.`,
      fp: `${many(sum.fp, "other")} called ${names.is}: wrong.`,
      tn: `${many(sum.tn, "other")} called ${names.isNot}: right.`,
    })[count ?? ""] ??
    `What the network answers: ${sum.tp + sum.fp} of 512 are called ${names.is}, ${sum.fn + sum.tn} ${names.isNot}.`,
  recall: ({ sum, names }) =>
    `The share of the targets that are called ${names.is}: ${sum.tp} of ${sum.tp + sum.fn}, ${percent(sum.recall)}.`,
  precision: view => {
    const { tp, fp } = view.sum;
    const share = scoresOf(view).precision;
    return share === null
      ? `The share of the patterns called ${view.names.is} that are targets; none is called so.`
      : `The share of the patterns called ${view.names.is} that are targets: ${tp} of ${tp + fp}, ${percent(share)}.`;
  },
  "balanced-accuracy": view => {
    const { tn, fp, recall } = view.sum;
    return `The mean of ${percent(recall)} of the targets and ${percent(tn / (tn + fp))} of the others right: ${percent(scoresOf(view).balanced)}.`;
  },
  accuracy: view => {
    const { accuracy, rejecting } = scoresOf(view);
    return `The share of all 512 that are right: ${view.sum.right}, ${percent(accuracy)}; rejecting everything scores ${percent(rejecting)}.`;
  },
  "separation-gap": ({ sum }) =>
    `The lowest z of a target minus the highest z of an other: ${signed(sum.targetZ)} − (${signed(sum.otherZ)}) = ${gapNumber(sum.gap)}, so ${sum.gap > 0 ? "some" : "no"} threshold separates them.`,
  margin: view => {
    const { gap, margin } = scoresOf(view);
    if (view.hidden === "relu")
      return "With relu between the two convolutions no single kernel gives z: there is no margin.";
    return margin
      ? `The separation gap over twice the norm of the effective kernel: ${gapNumber(gap)} / (2 × ${lossNumber(gap / margin / 2)}) = ${marginNumber(margin)} pixels.`
      : `The separation gap, ${gapNumber(gap)}, over twice the norm of the effective kernel: 0.`;
  },
  nearest: (view, { pattern }) => {
    if (pattern === undefined) return "";
    const i = Number(pattern);
    const z = view.zs[i];
    const right = isRight(z, view.flags[i], view.threshold);
    return `Pattern ${i}${view.flags[i] ? ", a target" : ""}: z ${signed(z)}, ${right ? "right" : "wrong"} by ${sizeNumber(z - view.threshold)}. Click to put it on the bench.`;
  },
  epoch: ({ record: { header }, epoch, axis }) =>
    header.status === "set"
      ? ""
      : `Epoch ${grouped(epoch)} of ${grouped(axis.end)}: so often training has passed over its data by here.`,
};

// The products of the chosen kernel and its bias, as the ledger has them.
/** @type {(view: View) => string} */
function biased(view) {
  const bias = numberOf(view.weights, BIAS, view.kernel);
  return `${inLedger(view, view.part.products)} + (${inLedger(view, bias)})`;
}

/** @type {(view: View) => string} */
function throughRelu({ hidden, part }) {
  if (hidden !== "relu") return "";
  return part.cut ? "; being below 0, it is cut off" : "; not being below 0, it passes relu as it is";
}

// Of the run's row at the playhead, whatever is on the bench.
/** @type {Record<string, (view: View) => string>} */
const OF_RUN = {
  loss: view => {
    const loss = rowValue(view, "loss");
    if (Number.isNaN(loss)) return "";
    return view.epoch
      ? `Keras's mean over the batches of epoch ${grouped(view.epoch)}: ${lossNumber(loss)}.`
      : `Keras's loss of the weights before training: ${lossNumber(loss)}.`;
  },
  "worst-other": view =>
    `${at(view)} the highest output of a pattern that is no target is ${outputNumber(view.other)}; ${view.names.the}'s is ${outputNumber(view.corner)}.`,
  recall: view => `${at(view)} ${percent(rowValue(view, "recall"))} of the targets are called ${view.names.is}.`,
  "separation-gap": view =>
    `${at(view)} the lowest z of a target is ${gapNumber(rowValue(view, "gap"))} from the highest z of an other; above 0 some threshold separates them.`,
  "live-fraction": view =>
    `${at(view)} ${percent(rowValue(view, "live_fraction"))} of the 512 patterns lie where ${view.head} has a slope other than 0.`,
  gradient: view => {
    const [targets, others] = ["gradient_targets", "gradient_others"].map(name => rowValue(view, name));
    if (Number.isNaN(targets)) return "";
    return `${at(view)} the targets contribute a gradient of length ${lossNumber(targets)}, the others one of ${lossNumber(others)}.`;
  },
};

// Of a marker on the timeline, which carries its epoch.
/** @type {Record<string, (view: View, where: Where) => string>} */
const MARKERS = {
  solved: (_, { epoch }) => `At epoch ${grouped(Number(epoch))} all 512 patterns are right for the first time.`,
  died: (view, { epoch }) =>
    `From epoch ${grouped(Number(epoch))} on ${view.names.the}'s z lies where ${view.head} is flat, so its gradient is exactly 0.`,
  collapsed: (view, { epoch }) =>
    `From epoch ${grouped(Number(epoch))} on every pattern is rejected, ${view.names.the} with an output below 0.1.`,
  diverged: (_, { epoch }) =>
    `After epoch ${grouped(Number(epoch))} the weights became infinite or not a number; the run ends there.`,
};

/** @type {(view: View) => string} */
function verdictOf(view) {
  const { names } = view;
  return `Pattern ${view.pixels} is to be called ${view.isTarget ? names.is : names.isNot} and is called ${called(view, view.z) ?? "neither"}: ${view.right ? "right" : "wrong"}.`;
}

/** @type {(view: View, column: string) => number} */
function rowValue({ record, row }, column) {
  return record.column[column][row];
}

/** @type {(view: View) => string} */
function at(view) {
  return view.record.header.status === "set" ? "Now" : `At epoch ${grouped(view.epoch)}`;
}
