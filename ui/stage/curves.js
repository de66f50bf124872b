// Loss and outputs over the record: the past in colour, what is to come as a trace.
import { HEADS } from "./forward.js";
import { extremes, thinned } from "./record.js";
import { epochTicks, plainTicks } from "./axis.js";
import { decade, grouped, lossNumber, outputNumber } from "./format.js";
import { layerOf, penOn } from "./draw.js";

export function drawLoss(canvas, view, P, k) {
  const pen = penOn(canvas, k, P), F = chartFrame(pen, view, 8), { T, h, X, E } = F, { record, row } = view;
  const references = (record.header.references ?? []).filter(r => r.loss > 0), { low, high } = lossRange(record, references);
  const Y = v => T + h * Math.max(0, Math.min(1, v > 0 ? Math.log(high / v) / Math.log(high / low) : v === 0 ? 1 : 0));
  const series = [{ name: "loss", colour: P.ink }];
  pen.blit(layerOf(canvas, "still", view.recordId, pen, still => paintLossField(still, F, Y, low, high, references)));
  drawTraces(canvas, pen, F, view, series, Y);
  const upper = references.length && Math.max(...references.map(r => r.loss));
  for (const r of references) pen.text(r.text + " " + lossNumber(r.loss), E - 4 * k, Y(r.loss) + (r.loss === upper ? -10 : 10) * k, { a: "right" });
  pen.down(X(view.epoch), T, T + h, P.ink);
  drawDots(pen, F, view, series, Y);
  const loss = record.column.loss[row], set = record.header.rows === 1 && Number.isNaN(loss);   // set by hand, or refused
  pen.text(set ? "no loss" : lossNumber(loss), E + 10 * k, Math.max(T + 8 * k, Math.min(T + h - 6 * k, Y(loss) || T)), { c: set ? P.muted : P.ink, px: 14, w: set ? 400 : 600 });
}

export function drawOutputs(canvas, view, P, k) {
  const pen = penOn(canvas, k, P), F = chartFrame(pen, view, 24), { T, h, X, E } = F, { record, row, names } = view;
  const [low, high] = outputRange(record, view), Y = v => T + h * (high - Math.max(low, Math.min(high, v))) / (high - low);
  const series = [{ name: "worst_other_output", colour: P.muted, dash: [5 * k, 3 * k] }, { name: "corner_output", colour: P.accent }];
  pen.blit(layerOf(canvas, "still", view.recordId, pen, still => paintOutputField(still, F, Y, low, high, view)));
  drawTraces(canvas, pen, F, view, series, Y);
  pen.down(X(view.epoch), T, T + h, P.ink);
  drawDots(pen, F, view, series, Y);

  const corner = record.column.corner_output[row], other = record.column.worst_other_output[row];
  // Two labels of two lines each, never on each other.
  const need = 38 * k, top = T + 4 * k, bottom = T + h - 18 * k, yc = Number.isFinite(corner) ? Y(corner) : T + h, yo = Number.isFinite(other) ? Y(other) : T + h;
  let up = Math.max(top, Math.min(yc, yo) - 8 * k);
  const down = Math.min(bottom, Math.max(up + need, Math.max(yc, yo) - 8 * k));
  up = Math.min(up, down - need);
  const swap = corner < other || (corner === other && !(view.sum.gap > 0)), [a, b] = swap ? [down, up] : [up, down];
  pen.text(names.line, E + 10 * k, a, { c: P.accent, px: 14, w: 600 });
  pen.text(outputNumber(corner), E + 10 * k, a + 17 * k, { c: P.accent, px: 14, w: 600 });
  pen.text("worst other", E + 10 * k, b, { px: 14 });
  pen.text(outputNumber(other), E + 10 * k, b + 17 * k, { px: 14 });
}

function chartFrame(pen, view, below) {
  const { k, W, H } = pen, L = 44 * k, T = 8 * k, labels = view.names.line.length > 10 ? 100 : 84, w = Math.max(1, W - L - labels * k), h = Math.max(1, H - T - below * k);
  return { L, T, w, h, E: L + w, X: epoch => L + w * Math.min(1, view.axis.u(epoch)) };
}

function lossRange(record, references) {
  const known = record.kept.loss ??= extremes(record.column.loss, 0) ?? [0.1, 1];
  const most = Math.max(known[1], ...references.map(r => r.loss)), least = Math.max(most * 1e-12, Math.min(known[0], ...references.map(r => r.loss)));
  return { high: 10 ** (Math.ceil(Math.log10(most) * 2) / 2), low: least * (references.length ? 0.45 : 0.7) };
}

// [0, 1] for heads that keep to it; otherwise what the record reached, its labels' side of the threshold included.
function outputRange(record, view) {
  if (view.head !== "linear") return [0, 1];
  return record.kept.outputs ??= (() => {
    const seen = ["corner_output", "worst_other_output"].map(name => extremes(record.column[name]) ?? [0, 1]);
    const low = Math.min(view.threshold - 0.5, seen[0][0], seen[1][0]), high = Math.max(view.threshold + 0.5, seen[0][1], seen[1][1]);
    return [low - (high - low) * 0.06, high + (high - low) * 0.06];
  })();
}

function paintLossField(pen, F, Y, low, high, references) {
  const { k, P } = pen, { L, T, h, E } = F, first = Math.ceil(Math.log10(low)), last = Math.floor(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first + 1) * 18 * k / h));
  for (let t = last; t >= first; t -= every) {
    pen.across(L, E, Y(10 ** t), P.line);
    pen.text(decade(t), L - 8 * k, Y(10 ** t), { a: "right", halo: null });
  }
  pen.down(L, T, T + h, P.edge);
  for (const r of references) pen.across(L, E, Y(r.loss), P.ink, 1, [2, 3]);
}

function paintOutputField(pen, F, Y, low, high, view) {
  const { k, H, P } = pen, { L, T, h, E, X, w } = F, cut = HEADS[view.head].output(view.threshold);
  for (const t of view.head === "linear" ? plainTicks(low, high) : [0, 1]) {
    if (Math.abs(Y(t) - Y(cut)) < 14 * k) continue;
    pen.across(L, E, Y(t), P.line);
    pen.text(String(t).replace("-", "−"), L - 8 * k, Y(t), { a: "right", halo: null });
  }
  pen.across(L, E, Y(cut), P.edge, 1, [4, 4]);
  pen.text(cut === 0.5 ? "½" : "0", L - 8 * k, Y(cut), { a: "right", halo: null });
  pen.down(L, T, T + h, P.edge);
  const room = (a, b) => (pen.width(grouped(a), 12) + pen.width(grouped(b), 12)) / 2 + 8 * k;
  for (const t of epochTicks(view.axis, w, room)) {
    pen.down(X(t), T + h, T + h + 4 * k, P.edge);
    pen.text(grouped(t), X(t), H - 8 * k, { a: "center", halo: null });
  }
  pen.text("epoch", L - 10 * k, H - 8 * k, { a: "right", halo: null });
}

// Both states of every line are drawn once per record; a frame only cuts them at the playhead.
function drawTraces(canvas, pen, F, view, series, Y) {
  const paint = past => sheet => {
    for (const s of series) strokeSeries(sheet, F, view, s, Y, past ? s.colour : sheet.P.hatch);
  };
  const cut = Math.min(pen.W, F.X(view.epoch));
  pen.blit(layerOf(canvas, "past", view.recordId, pen, paint(true)), 0, cut);
  pen.blit(layerOf(canvas, "future", view.recordId, pen, paint(false)), cut, pen.W);
}

function strokeSeries(pen, F, view, { name, dash }, Y, colour) {
  const { g, k } = pen, { record, axis } = view, values = record.column[name], epochs = record.column.epoch, bins = Math.min(1000, Math.max(100, Math.round(F.w)));
  g.strokeStyle = colour; g.lineWidth = 2 * k; g.setLineDash(dash ?? []); g.beginPath();
  let broken = true;
  for (const i of record.kept[`${name} in ${bins}`] ??= thinned(values, epochs, axis.epoch, bins)) {
    if (!Number.isFinite(values[i])) { broken = true; continue; }
    if (broken) g.moveTo(F.X(epochs[i]), Y(values[i])); else g.lineTo(F.X(epochs[i]), Y(values[i]));
    broken = false;
  }
  g.stroke(); g.setLineDash([]);
}

function drawDots(pen, F, view, series, Y) {
  for (const { name, colour } of series) {
    const v = view.record.column[name][view.row];
    if (Number.isFinite(v)) pen.dot(F.X(view.epoch), Y(v), 4 * pen.k, colour);
  }
}
