// @ts-check
// A plot over the epochs: the past in colour, what is to come as a trace, the run before as a ghost behind both.
import { tr } from "../../language/tr.js";
import { epochTicks } from "../canvas/axis.js";
import { grouped, letters, lossNumber } from "../canvas/format.js";
import { layerOf, penOn } from "../canvas/pen.js";
import { ghostRow } from "../core/previous_run.js";
import { rowAt, thinned } from "../core/record.js";
import { TONES } from "./markers.js";
import { referencesFor, scaleFor } from "./series.js";

/**
 * @import { Palette } from "../canvas/palette.js"
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 * @import { PreviousRun } from "../core/previous_run.js"
 * @import { RecordHeader, StageRecord } from "../core/record.js"
 * @import { Marker } from "./markers.js"
 * @import { Scale } from "./scale.js"
 * @import { PlotChoice } from "./series.js"
 */

/** @typedef {{ F: ReturnType<typeof plotFrame>, Y(value: number): number, scale: Scale, series: any[], plot: PlotChoice }} Drawing */

const LEFT = 44;
const TOP = 8;
const GHOST = [
  [1.5, 3],
  [6, 3, 1.5, 3],
];

// `reading`: the epoch that is read off, or null; its values are text beside the plot then, where the labels are else.
/** @type {(canvas: HTMLCanvasElement, view: View, plot: PlotChoice, reading: number | null, P: Palette, k: number) => void} */
export function drawPlot(canvas, view, plot, reading, P, k) {
  const pen = penOn(canvas, k, P);
  const F = plotFrame(pen.W, pen.H, view, canvas.id === "lower", k);
  const { T, h, X } = F;
  const { record, row, ghost } = view;
  const scale = scaleFor(plot, view);
  const Y = v => T + h * scale.place(v);
  const series = plot.measure.series(view.names);
  const D = { F, Y, scale, series, plot };
  const key = `${view.recordId}|${plot.measure.id}|${scale.kind}|${ghost?.id}|${view.axis.end}`;
  pen.blit(layerOf(canvas, "still", key, pen, still => paintPlot(still, D, view)));
  const cut = Math.min(pen.W, X(view.epoch));
  const line = past => sheet =>
    series.forEach(s => strokeSeries(sheet, D, view, record, s, past ? sheet.P[s.colour] : sheet.P.hatch, s.dash));
  pen.blit(layerOf(canvas, "past", key, pen, line(true)), 0, cut);
  pen.blit(layerOf(canvas, "future", key, pen, line(false)), cut, pen.W);
  drawReferences(pen, D, referencesFor(plot.measure, record), record);
  for (const m of record.header.markers ?? []) if (m.epoch <= view.reached) drawMarker(pen, F, m);
  pen.down(X(view.epoch), T, T + h, P.ink);
  for (const s of series) dotAt(pen, D, record, row, s.column, P[s.colour], view.epoch);
  if (reading === null) drawLabels(pen, D, view);
  else drawReading(pen, D, view, reading);
}

// Where a plot's axes lie within its box: the lower one carries the epochs. Labels at the lines' ends stand right of E.
/**
 * @param {number} W
 * @param {number} H
 * @param {View} view
 * @param {boolean} epochs
 * @param {number} k
 */
export function plotFrame(W, H, view, epochs, k) {
  const L = LEFT * k;
  const T = TOP * k;
  const labels = letters(view.names.line) > 10 ? 100 : 84;
  const w = Math.max(1, W - L - labels * k);
  const h = Math.max(1, H - T - (epochs ? 24 : 8) * k);
  return {
    L,
    T,
    w,
    h,
    H,
    E: L + w,
    epochs,
    X: epoch => L + w * Math.min(1, view.axis.u(epoch)),
    epoch: x => view.axis.epoch(Math.max(0, Math.min(1, (x - L) / w))),
  };
}

/**
 * @param {Pen} pen
 * @param {Drawing} D
 * @param {View} view
 */
function paintPlot(pen, D, view) {
  const { k, H, P } = pen;
  const { F, Y, scale, plot } = D;
  const { L, T, h, E, X, w } = F;
  const rule = plot.measure.rule?.(view);
  const shows = rule !== undefined && rule >= scale.low && rule <= scale.high;
  const tick = (text, y) => pen.text(text, L - 8 * k, y, { a: "right", halo: null });
  for (const { value, text } of scale.ticks(h, 18 * k)) {
    if (shows && Math.abs(Y(value) - Y(rule)) < 14 * k) continue;
    pen.across(L, E, Y(value), P.line, 1, value === 0 && scale.foot ? [1, 3] : []);
    tick(text, Y(value));
  }
  if (shows) {
    pen.across(L, E, Y(rule), P.edge, 1, [4, 4]);
    tick(rule === 0.5 ? "½" : String(rule), Y(rule));
  }
  // A log axis ends before its 0: the gap says that this is another place, not another decade.
  pen.down(L, T, T + h * (scale.foot ?? 1), P.edge);
  if (F.epochs) {
    const room = (a, b) => (pen.width(grouped(a), 12) + pen.width(grouped(b), 12)) / 2 + 8 * k;
    for (const t of epochTicks(view.axis, w, room)) {
      pen.down(X(t), T + h, T + h + 4 * k, P.edge);
      pen.text(grouped(t), X(t), H - 8 * k, { a: "center", halo: null });
    }
    pen.text(tr("epoch"), L - 10 * k, H - 8 * k, { a: "right", halo: null });
  }
  const { ghost } = view;
  if (!ghost) return;
  pen.g.globalAlpha = 0.7;
  D.series.forEach((s, i) =>
    strokeSeries(
      pen,
      D,
      view,
      ghost,
      s,
      P[s.colour === "ink" ? "muted" : s.colour],
      GHOST[D.series.length > 1 && !i ? 1 : 0],
      1.5,
    ),
  );
  pen.g.globalAlpha = 1;
}

/**
 * @param {Pen} pen
 * @param {Drawing} D
 * @param {View} view
 * @param {StageRecord | PreviousRun} record
 * @param {any} series
 * @param {string} colour
 * @param {number[]} [dash]
 * @param {number} [width]
 */
function strokeSeries(pen, { F, Y }, view, record, { column }, colour, dash = [], width = 2) {
  const { g, k } = pen;
  const { axis } = view;
  const rows = rowAt(record, axis.end) + 1;
  const values = record.column[column].subarray(0, rows);
  const epochs = record.column.epoch;
  const bins = Math.min(1000, Math.max(100, Math.round(F.w)));
  g.strokeStyle = colour;
  g.lineWidth = width * k;
  g.setLineDash(dash.map(d => d * k));
  g.beginPath();
  let broken = true;
  for (const i of (record.kept[`${column} in ${bins} to ${axis.end}`] ??= thinned(values, epochs, axis.epoch, bins))) {
    if (!Number.isFinite(values[i])) {
      broken = true;
      continue;
    }
    if (broken) g.moveTo(F.X(epochs[i]), Y(values[i]));
    else g.lineTo(F.X(epochs[i]), Y(values[i]));
    broken = false;
  }
  g.stroke();
  g.setLineDash([]);
}

/**
 * Each with its name at the right: above its line or below it, where it hides nothing of the curve.
 * @param {Pen} pen
 * @param {Drawing} D
 * @param {RecordHeader["references"]} references
 * @param {StageRecord} record
 */
function drawReferences(pen, { F, Y }, references, record) {
  const { k, P } = pen;
  const upper = Math.max(...references.map(r => r.loss));
  for (const r of references) {
    const text = `${r.text} ${lossNumber(r.loss)}`;
    const from = F.E - 8 * k - pen.width(text);
    const own = r.loss === upper ? -10 : 10;
    const hides = way => curveThrough(record.column, F.X, Y, from, Y(r.loss) + way * k, 9 * k);
    const turns = () => references.length === 1 && hides(own) && !hides(-own);
    const way = (record.kept[`turns ${[text, from, Y(r.loss), F.X(1)]}`] ??= turns()) ? -own : own;
    pen.across(F.L, F.E, Y(r.loss), P.ink, 1, [2, 3]);
    pen.text(text, F.E - 4 * k, Y(r.loss) + way * k, { a: "right" });
  }
}

// Whether the curve of the loss runs through words that begin at x `from` and reach to the right end, `room` around y.
/** @type {(column: Record<string, ArrayLike<number>>, X: (epoch: number) => number, Y: (loss: number) => number, from: number, y: number, room: number) => boolean} */
export function curveThrough({ epoch, loss }, X, Y, from, y, room) {
  for (let i = epoch.length - 1; i >= 0 && X(epoch[i]) >= from; i--) if (Math.abs(Y(loss[i]) - y) < room) return true;
  return false;
}

/**
 * @param {Pen} pen
 * @param {ReturnType<typeof plotFrame>} frame
 * @param {Marker} marker
 */
function drawMarker(pen, { T, h, X }, marker) {
  const { g, k, P } = pen;
  const colour = { bad: P.wrong, good: P.accent }[TONES[marker.kind]] ?? P.ink;
  const x = X(marker.epoch);
  g.globalAlpha = 0.4;
  pen.down(x, T, T + h, colour);
  g.globalAlpha = 1;
  g.fillStyle = colour;
  g.fillRect(Math.round(x - k + 0.5), T, 2 * k, 8 * k);
}

function dotAt(pen, { F, Y }, record, row, column, colour, epoch, r = 4) {
  const v = row < 0 ? NaN : record.column[column][row];
  if (Number.isFinite(v)) pen.dot(F.X(epoch), Y(v), r * pen.k, colour);
}

// The crosshair, and where it meets the lines.
/**
 * @param {Pen} pen
 * @param {Drawing} D
 * @param {View} view
 * @param {number} reading
 */
function drawReading(pen, D, view, reading) {
  const { P } = pen;
  const { record, ghost } = view;
  const row = rowAt(record, reading);
  const { T, h, X } = D.F;
  if (record.column.epoch[row] !== view.epoch) pen.down(X(reading), T, T + h, P.edge);
  for (const s of D.series) {
    if (ghost) dotAt(pen, D, ghost, ghostRow(ghost, reading), s.column, P.edge, reading, 3);
    dotAt(pen, D, record, row, s.column, P[s.colour], record.column.epoch[row], 3);
  }
}

// At the end of each line what it is, and its number at the playhead; two of them never on each other.
/**
 * @param {Pen} pen
 * @param {Drawing} D
 * @param {View} view
 */
function drawLabels(pen, D, view) {
  const { k, P } = pen;
  const { E, T, h } = D.F;
  const { measure } = D.plot;
  const { record, row } = view;
  const x = E + 10 * k;
  const label = D.series
    .map(s => {
      const value = record.column[s.column][row];
      const none = Number.isNaN(value) && record.rows === 1 && measure.none;
      return { ...s, value, none, text: none || measure.number(value), y: Number.isFinite(value) ? D.Y(value) : T + h };
    })
    .reverse(); // the one that matters first
  const style = s => (s.none ? { px: 14 } : { px: 14, c: P[s.colour], w: s.colour === "muted" ? 400 : 600 });
  const [a, b] = label;
  if (!b || a.none) {
    pen.text(a.text, x, Math.max(T + 8 * k, Math.min(T + h - 6 * k, a.none ? T : a.y)), style(a));
    return;
  }
  const need = 38 * k;
  const top = T + 4 * k;
  const bottom = T + h - 18 * k;
  let up = Math.max(top, Math.min(a.y, b.y) - 8 * k);
  const down = Math.min(bottom, Math.max(up + need, Math.max(a.y, b.y) - 8 * k));
  up = Math.min(up, down - need);
  const swap = a.value < b.value || (a.value === b.value && !(view.sum.gap > 0));
  const ys = swap ? [down, up] : [up, down];
  [a, b].forEach((s, i) => {
    pen.text(s.name, x, ys[i], style(s));
    pen.text(s.text, x, ys[i] + 17 * k, style(s));
  });
}
