// @ts-check
// The filmstrip: the kernel at evenly spaced places of the epoch axis. Of several all are shown, small and in two rows, or
// the one effective kernel as large as a single one.
import { tr } from "../../language/tr.js";
import { SIGN_FROM } from "../bench/kernel_row.js";
import { diverging } from "../canvas/palette.js";
import { layerOf, penOn } from "../canvas/pen.js";
import { epochAt, lastEpoch, rowAt } from "../core/record.js";
import { turnedSentence } from "../network/effective_kernel.js";
import { NINE } from "../network/forward.js";
import { numberLayout } from "../network/number_layout.js";

/**
 * @import { Palette } from "../canvas/palette.js"
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 */

const INSET = 22;

/**
 * @typedef {object} FilmFrame
 * @property {number} n how many frames
 * @property {number} cell
 * @property {number} width
 * @property {number} height
 * @property {[number, number][]} places where each kernel lies in a frame
 * @property {boolean} small several kernels in one frame
 * @property {number} dash of a negative weight
 * @property {number} inset where the first frame has its middle
 * @property {(i: number) => number} u
 * @property {number} y
 * @property {(i: number) => number} x
 */

// What the frames show, where that is not to be seen from them.
/** @type {(view: View) => string} */
export function filmWords({ record, row, effective, kernels }) {
  if (kernels > 1) return effective ? tr("Effective kernel.") : tr("Kernels 1 to {kernels}, row by row.", { kernels });
  return effective ? tr("Kernel × w₂.") : turnedSentence(record.header, record.weights[10][row], "alone");
}

// The frame that stands for the playhead is framed; the one under the pointer, or nearest to what is read off, more lightly.
/** @type {(canvas: HTMLCanvasElement, view: View, reading: number | null, P: Palette, k: number) => void} */
export function drawFilmstrip(canvas, view, reading, P, k) {
  const pen = penOn(canvas, k, P);
  const F = filmFrame(pen.W, k, view);
  const { g } = pen;
  pen.blit(layerOf(canvas, "frames", `${view.recordId}|${view.effective}`, pen, sheet => paintFrames(sheet, F, view)));
  const framed = (epoch, colour) => {
    const x = F.x(Math.round(Math.min(1, view.axis.u(epoch)) * (F.n - 1)));
    g.strokeStyle = colour;
    g.lineWidth = 2 * k;
    g.strokeRect(x - 0.5, F.y - 0.5, F.width + 1, F.height + 1);
  };
  if (reading !== null) framed(reading, P.edge);
  framed(view.epoch, P.ink);
}

// The frame at x, in CSS pixels: its epoch, exactly, and where its middle is; null where nothing is recorded yet.
/** @type {(W: number, k: number, view: View, x: number) => { epoch: number, x: number } | null} */
export function frameAt(W, k, view, x) {
  const F = filmFrame(W, k, view);
  const w = W - 2 * F.inset;
  const u = F.u(Math.round(Math.min(1, Math.max(0, (x - F.inset) / Math.max(1, w))) * (F.n - 1)));
  const epoch = frameEpoch(view, u);
  return epoch === null ? null : { epoch, x: F.inset + u * w };
}

/** @type {(view: View, u: number) => number | null} */
function frameEpoch({ record, axis }, u) {
  const last = lastEpoch(record);
  const epoch = axis.epoch(u);
  return epoch <= last + 0.5 ? epochAt(record, Math.min(last, Math.round(epoch))) : null;
}

/** @type {(W: number, k: number, view: Pick<View, "axis" | "kernels" | "effective">) => FilmFrame} */
export function filmFrame(W, k, { axis, kernels, effective }) {
  const size = 40 * k;
  const many = kernels > 1 && !effective;
  const columns = many ? Math.ceil(kernels / 2) : 1;
  const cell = Math.floor(many ? 6 * k : size / 3);
  const step = cell * 3 + Math.round(2 * k);
  const width = step * (columns - 1) + cell * 3;
  const inset = Math.max(INSET * k, Math.ceil(width / 2) + k);
  const w = W - 2 * inset;
  const n = axis.end ? Math.max(2, Math.floor(w / (Math.max(size, width) + 8 * k)) + 1) : 1;
  const u = i => (n > 1 ? i / (n - 1) : 0);
  return {
    n,
    cell,
    width,
    height: many ? step + cell * 3 : width,
    places: Array.from({ length: many ? kernels : 1 }, (_, at) => [
      (at % columns) * step,
      Math.floor(at / columns) * step,
    ]),
    small: many,
    dash: (many ? 2 : 5) * k,
    inset,
    u,
    y: Math.round(8 * k),
    x: i => Math.round(inset + u(i) * w - width / 2),
  };
}

/** @type {(pen: Pen, F: FilmFrame, view: View) => void} */
function paintFrames(pen, F, view) {
  const { g, P } = pen;
  for (let i = 0; i < F.n; i++) {
    const epoch = frameEpoch(view, F.u(i));
    const x = F.x(i);
    if (epoch !== null)
      F.places.forEach(([dx, dy], at) => {
        const weights = frameKernel(view, rowAt(view.record, epoch), at);
        for (const j of NINE)
          paintWeight(pen, F, view, weights[j], x + dx + (j % 3) * F.cell, F.y + dy + Math.floor(j / 3) * F.cell);
      });
    g.strokeStyle = P.line;
    g.lineWidth = 1;
    g.strokeRect(x - 0.5, F.y - 0.5, F.width + 1, F.height + 1);
  }
}

// The nine weights that a frame shows of kernel `at`, or of the effective one.
/** @type {(view: Pick<View, "record" | "effective">, row: number, at: number) => number[]} */
function frameKernel({ record, effective }, row, at) {
  const { weights } = record;
  const { kernels, w2 } = numberLayout(weights.length);
  if (!effective) return NINE.map(j => weights[9 * at + j][row]);
  return NINE.map(j => {
    let found = 0;
    for (let k = 0; k < kernels; k++) found += weights[9 * k + j][row] * weights[w2 + k][row];
    return found;
  });
}

/** @type {(pen: Pen, F: FilmFrame, view: View, v: number, left: number, top: number) => void} */
function paintWeight({ g, k, P }, { cell, dash, small }, { runMax }, v, left, top) {
  g.fillStyle = diverging(P, v, runMax);
  g.fillRect(left, top, cell, cell);
  if (!(v < (small ? -runMax * SIGN_FROM : 0))) return;
  g.fillStyle = P.ink;
  g.globalAlpha = 0.7;
  g.fillRect(Math.round(left + cell / 2 - dash / 2), Math.round(top + cell / 2 - 0.5), Math.round(dash), Math.round(k));
  g.globalAlpha = 1;
}
