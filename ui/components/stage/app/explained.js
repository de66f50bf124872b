// @ts-check
// What a term comes to here: one sentence with the numbers of this run or bench, else its definition. Pure.
import { scoresOf } from "../atlas/scores.js";
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
import { steps } from "../network/bench_numbers.js";
import { HEADS, popcount } from "../network/forward.js";
import { isRight, sideOf } from "../network/verdict.js";

/**
 * @import { View } from "../core/frame_view.js"
 */

/** @typedef {Record<string, string | undefined>} Where what the element says of itself: of, count, pattern, epoch */

const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;
const called = (view, z) => ({ 1: view.names.is, [-1]: view.names.isNot })[sideOf(z, view.threshold)];
const stepsOf = view => steps(view.weights, view.pixels, view.z);
// As the ledger shows a number of it: times w2 while the kernel is.
const inLedger = (view, value) => ledgerNumber(view.effective ? value * view.weights[10] : value);

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
  kernel: view =>
    `The nine weights of the 3x3 convolution, coloured from −${sizeNumber(view.wMax)}, orange, over 0 to +${sizeNumber(view.wMax)}, blue.`,
  product: view =>
    `Each pixel times the kernel's weight over it: ${many(popcount(view.pixels), "pixel")} on, in sum ${inLedger(view, stepsOf(view).products)}.`,
  bias: view =>
    `A learned number, added to the products: ${inLedger(view, stepsOf(view).products)} + (${inLedger(view, view.weights[9])}) = ${inLedger(view, stepsOf(view).sum)}.`,
  sum: view =>
    `The products plus the bias: ${inLedger(view, stepsOf(view).products)} + (${inLedger(view, view.weights[9])}) = ${inLedger(view, stepsOf(view).sum)}.`,
  w2: view => {
    const w = view.weights[10];
    const turned = w < 0 ? "; being negative, it turns the kernel's signs round" : "";
    return `The weight of the 1x1 convolution: ${ledgerNumber(stepsOf(view).sum)} × (${ledgerNumber(w)}) = ${ledgerNumber(stepsOf(view).sum * w)}${turned}.`;
  },
  b2: view =>
    `The bias of the 1x1 convolution, added last: ${ledgerNumber(stepsOf(view).sum * view.weights[10])} + (${ledgerNumber(view.weights[11])}) = ${ledgerNumber(view.z)}.`,
  "effective-kernel": view =>
    `The kernel times w₂ = ${ledgerNumber(view.weights[10])}: how far each pixel that is on moves z${view.weights[10] < 0 ? ", all signs turned round" : ""}.`,
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
