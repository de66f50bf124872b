// @ts-check
// What the plots can show: each measure's columns, range, scales and words. Pure; everything else reads this list.
import { tr, trc } from "../../language/tr.js";
import { exactNumber, gapNumber, inARow, lossNumber, outputNumber, percent } from "../canvas/format.js";
import { extremes } from "../core/record.js";
import { HEADS } from "../network/forward.js";
import { bothSigns, linearScale, logScale } from "./scale.js";

/**
 * @import { View } from "../core/frame_view.js"
 * @import { Names } from "../core/messages.js"
 * @import { PreviousRun } from "../core/previous_run.js"
 * @import { RecordHeader, StageRecord } from "../core/record.js"
 * @import { Scale } from "./scale.js"
 */

/**
 * @typedef {object} Measure
 * @property {string} id
 * @property {string} label
 * @property {string} term what explains it
 * @property {(names: Names) => string} about
 * @property {(names: Names) => { column: string, name: string, colour: string, dash?: number[] }[]} series the one drawn last matters
 * @property {string[]} scales the first is the one it opens with
 * @property {(head: string) => [number, number] | null} [bounds] where the numbers must lie, if anywhere
 * @property {boolean} [zero] 0 belongs into a linear picture
 * @property {boolean} [signed]
 * @property {(view: View) => number} [rule] a value with a meaning of its own
 * @property {(value: number) => string} number
 * @property {string} [none] what stands where there is no value
 *
 * @typedef {{ measure: Measure, scales: Record<string, string> }} PlotChoice a measure, and the scale of each
 */

const single = (column, name) => () => [{ column, name, colour: "ink" }];
const against = (targets, others, name) => names => [
  { column: others, name, colour: "muted", dash: [5, 3] },
  { column: targets, name: names.line, colour: "accent" },
];

// `scales`: the first is the one it opens with. `bounds`: where the numbers must lie, if anywhere. `zero`: 0 belongs into a
// linear picture. `rule`: a value with a meaning of its own. The series that is drawn last is the one that matters.
/** @type {Measure[]} */
export const MEASURES = [
  {
    id: "loss",
    label: tr("Loss"),
    term: "loss",
    about: () => tr("mean over an epoch"),
    series: single("loss", trc("a line", "loss")),
    scales: ["log", "linear"],
    zero: true,
    number: lossNumber,
    none: tr("no loss"),
  },
  {
    id: "outputs",
    label: tr("Outputs"),
    term: "worst-other",
    about: names => tr("{target}, worst other", { target: names.line }),
    series: against("corner_output", "worst_other_output", trc("a line", "worst other")),
    scales: ["linear", "log"],
    bounds: head => (head === "linear" ? null : [0, 1]),
    rule: view => HEADS[view.head].output(view.threshold),
    number: outputNumber,
  },
  {
    id: "recall",
    label: tr("Recall"),
    term: "recall",
    about: () => tr("share of targets found"),
    series: single("recall", trc("a line", "recall")),
    scales: ["linear"],
    bounds: () => [0, 1],
    number: percent,
  },
  {
    id: "gap",
    label: tr("Separation gap"),
    term: "separation-gap",
    about: () => tr("above 0: separated"),
    series: single("gap", trc("a line", "gap")),
    scales: ["log", "linear"],
    signed: true,
    zero: true,
    rule: () => 0,
    number: gapNumber,
  },
  {
    id: "live",
    label: tr("Live fraction"),
    term: "live-fraction",
    about: () => tr("patterns with a slope"),
    series: single("live_fraction", trc("a line", "live fraction")),
    scales: ["linear", "log"],
    bounds: () => [0, 1],
    number: percent,
  },
  {
    id: "gradients",
    label: tr("Gradient norms"),
    term: "gradient",
    about: names => tr("{target}, others", { target: names.line }),
    series: against("gradient_targets", "gradient_others", trc("a line", "others")),
    scales: ["log", "linear"],
    zero: true,
    number: lossNumber,
    none: tr("not measured"),
  },
];

/** @type {(id: string) => Measure} */
export function measureOf(id) {
  return /** @type {Measure} */ (MEASURES.find(m => m.id === id));
}

// The two plots as they open, and what each remembers of every measure's scale.
/** @type {() => PlotChoice[]} */
export function plotsAtFirst() {
  return ["loss", "outputs"].map(id => ({
    measure: measureOf(id),
    scales: Object.fromEntries(MEASURES.map(m => [m.id, m.scales[0]])),
  }));
}

// Lines at given losses, where the loss is drawn.
/** @type {(measure: Measure, record: StageRecord) => RecordHeader["references"]} */
export function referencesFor(measure, record) {
  return measure.id === "loss" ? (record.header.references ?? []).filter(r => r.loss > 0) : [];
}

// The scale for a view: it holds the record, the ghost as far as it is drawn, references and the rule.
/** @type {(plot: PlotChoice, view: View) => Scale} */
export function scaleFor(plot, view) {
  const { measure } = plot;
  const { record, ghost, axis } = view;
  const log = plot.scales[measure.id] === "log";
  const columns = measure.series(view.names).map(s => s.column);
  const bounds = measure.bounds?.(view.head);
  const references = referencesFor(measure, record).map(r => r.loss);
  /** @type {(floor?: number) => [number, number][]} */
  const seen = floor =>
    [
      ...columns.map(c => reach(record, c, record.rows, floor)),
      ...(ghost ? columns.map(c => reach(ghost, c, ghost.rowsWithin(axis.end), floor)) : []),
    ].filter(found => found !== null);
  if (log && !(measure.signed || (measure.bounds && !bounds))) {
    const found = seen(0);
    const zero = seen().some(([low]) => low <= 0);
    const all = [...found.flat(), ...references];
    const most = bounds?.[1] ?? (all.length ? Math.max(...all) : 1);
    const least = all.length ? Math.min(...all) : most / 10;
    return logScale(
      Math.min(least * (references.length ? 0.45 : 0.7), most * 0.5),
      bounds ? most : 10 ** (Math.ceil(Math.log10(most) * 2) / 2),
      zero,
    );
  }
  if (bounds) return linearScale(...bounds);
  const cut = measure.rule?.(view);
  const middle = cut === undefined ? [] : [cut - 0.5, cut + 0.5];
  const all = [...seen().flat(), ...references, ...middle, ...(measure.zero ? [0] : [])];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const air = (high - low || 1) * 0.06;
  if (log) return bothSigns(low - air, high + air);
  return linearScale(low < 0 || !measure.zero ? low - air : low, high + air);
}

// What the measure's series are at a row, in words: "loss 0.00312793", in the order of their weight.
/** @type {(measure: Measure, record: StageRecord | PreviousRun, row: number, names: Names) => string} */
export function spoken(measure, record, row, names) {
  const said = measure
    .series(names)
    .reverse()
    .map(s => {
      const value = record.column[s.column][row];
      return Number.isNaN(value) && measure.none && record.rows === 1
        ? measure.none
        : `${s.name} ${exactNumber(value)}`;
    });
  return inARow(said);
}

// Lowest and highest of the first rows of a column, looked for once per record.
/** @type {(record: StageRecord | PreviousRun, column: string, rows: number, floor?: number) => [number, number] | null} */
function reach(record, column, rows, floor) {
  const key = `${column}<${rows}>${floor}`;
  if (!(key in record.kept)) record.kept[key] = extremes(record.column[column].subarray(0, rows), floor);
  return record.kept[key];
}
