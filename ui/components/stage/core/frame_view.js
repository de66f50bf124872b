// @ts-check
// Everything a frame shows, derived from the stage's state. Pure but for the buffers it fills.
import { roundedOut, zDomain } from "../canvas/axis.js";
import { signed } from "../canvas/format.js";
import { kernelParts } from "../network/bench_numbers.js";
import { effectiveWeight, hasEffective, largestEffective } from "../network/effective_kernel.js";
import { allZ, HEADS, NINE } from "../network/forward.js";
import { numberLayout } from "../network/number_layout.js";
import { isRight, summary } from "../network/verdict.js";
import { foundInScene } from "../pictures/scene_view.js";
import { situation } from "./messages.js";
import { progressOf } from "./progress.js";
import { rowAt, weightsAt } from "./record.js";

/**
 * @import { Layout } from "../atlas/layout_distance.js"
 * @import { State } from "../app/state.js"
 * @import { Hidden } from "../network/forward.js"
 * @import { Summary } from "../network/verdict.js"
 */

/** @typedef {ReturnType<typeof frameView>} View */

// The kernels as the bench shows them: `kernel` is the chosen one, large there, `shown` its nine weights as they are shown,
// `part` what it makes of the pixels; `effective`: times w2, the `factor`, and of several kernels `merged`, their sum.
/**
 * @param {ArrayLike<number>} weights
 * @param {{ hidden: Hidden, pixels: number, chosen: number, effective: boolean }} how
 */
export function shownKernels(weights, { hidden, pixels, chosen, effective }) {
  const { kernels, w2 } = numberLayout(weights.length);
  const kernel = Math.min(chosen, kernels - 1);
  const merged = effective && kernels > 1;
  const factor = effective && !merged ? weights[w2] : 1;
  const shown = NINE.map(i => (effective ? effectiveWeight(weights, i) : weights[9 * kernel + i]));
  const parts = kernelParts(weights, hidden, pixels);
  return { hidden, kernels, kernel, effective, merged, factor, shown, parts, part: parts[kernel] };
}

// Derives `S.view` anew; `S.show` holds eased positions and keeps its identity.
/**
 * @param {State} S
 */
export function frameView(S) {
  const { record } = S;
  const { header, column } = record;
  const row = rowAt(record, S.playhead.epoch);
  const edited = S.edit !== null;
  const weights = S.edit ?? weightsAt(record, row, S.buffer.weights);
  const zs = allZ(weights, header.hidden, S.buffer.zs);
  const { threshold } = header;
  const sum = summary(zs, S.flags, header.threshold);
  const z = zs[S.pixels];
  const head = HEADS[header.head];
  const isTarget = Boolean(S.flags[S.pixels]);
  const corner = column.corner_output[row];
  const other = column.worst_other_output[row];
  const effective = S.kernelView === "effective" && hasEffective(header);
  const runMax = effective ? largestEffective(record) : positive(header.edges?.w_max);
  const kernels = shownKernels(weights, { hidden: header.hidden, pixels: S.pixels, chosen: S.kernel, effective });
  const domain = widened(S, sum, edited);
  S.domain = domain;
  return {
    record,
    row,
    weights,
    edited,
    zs,
    sum,
    z,
    isTarget,
    corner,
    other,
    runMax,
    ...kernels,
    recordId: S.recordId,
    placesId: S.placesId,
    places: S.places,
    flags: S.flags,
    names: S.names,
    show: S.show,
    hover: S.hover,
    axis: S.axis,
    ghostKept: S.ghost,
    ghost: S.ghostShown ? S.ghost : null,
    reached: Math.max(S.reached, column.epoch[row]),
    epoch: column.epoch[row],
    pixels: S.pixels,
    head: header.head,
    threshold: header.threshold,
    atlasView: S.atlasView,
    scene: S.scene,
    found: S.atlasView === "picture" && S.scene ? foundInScene(S.scene, { zs, threshold, places: S.places }) : null,
    pointed: S.pointed,
    locks: S.locks,
    playing: S.playhead.playing,
    pressed: S.presses?.id ?? null,
    progress: progressOf(
      header,
      Boolean(S.presses?.id),
      S.since === null ? 0 : (performance.now() - S.since.at) / 1000,
    ),
    unanswered: S.presses?.seconds ?? 0,
    away: S.away,
    stopping: Boolean(header.growing) && S.stopping === header.run,
    output: head.output(z),
    slope: head.slope(z),
    lowest: head.output(sum.targetZ),
    highest: head.output(sum.otherZ),
    right: isRight(z, isTarget, header.threshold),
    wMax: edited
      ? kernelScale(S.loaded ? 0 : runMax, effective ? kernels.shown : weights.slice(0, 9 * kernels.kernels))
      : runMax,
    startZ: !edited && record.rows > 1 ? S.startZ : null,
    signedTarget: signed(sum.targetZ),
    signedOther: signed(sum.otherZ),
    domain,
    situation: situation({ record, edited, row, playing: S.playhead.playing }),
    layout: /** @type {Layout} */ (/** @type {unknown} */ (null)), // by `render`, which knows the canvas
  };
}

// The record's own domain; edited weights may widen it, and it stays wide until they are given up.
/** @type {(S: State, sum: Summary, edited: boolean) => [number, number]} */
function widened(S, sum, edited) {
  const own = zDomain(S.record.header.head, S.record.header.edges);
  if (!edited) return own;
  const now = S.domain ?? own;
  return [Math.min(own[0], now[0], roundedOut(sum.low)), Math.max(own[1], now[1], roundedOut(sum.high))];
}

// What the kernels' colours reach: the record's own scale, and what edits go beyond it. Weights that were loaded have
// nothing to do with the record before them: 0 stands for its scale then.
/** @type {(own: number, weights: ArrayLike<number>) => number} */
export function kernelScale(own, weights) {
  return positive(Math.max(own, ...Array.from(weights, Math.abs)));
}

/** @type {(value: any) => number} */
function positive(value) {
  return Number.isFinite(value) && value > 0 ? value : 1;
}
