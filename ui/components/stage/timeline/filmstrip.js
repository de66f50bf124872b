// @ts-check
// The filmstrip: the kernel at evenly spaced places of the epoch axis.
import { diverging } from "../canvas/palette.js";
import { layerOf, penOn } from "../canvas/pen.js";
import { epochAt, lastEpoch, rowAt } from "../core/record.js";
import { NINE } from "../network/forward.js";

/**
 * @import { Palette } from "../canvas/palette.js"
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 */

const INSET = 22;

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
    g.strokeRect(x - 0.5, F.y - 0.5, F.cell * 3 + 1, F.cell * 3 + 1);
  };
  if (reading !== null) framed(reading, P.edge);
  framed(view.epoch, P.ink);
}

// The frame at x, in CSS pixels: its epoch, exactly, and where its middle is; null where nothing is recorded yet.
/** @type {(W: number, k: number, view: View, x: number) => { epoch: number, x: number } | null} */
export function frameAt(W, k, view, x) {
  const F = filmFrame(W, k, view);
  const u = F.u(Math.round(Math.min(1, Math.max(0, (x - INSET * k) / Math.max(1, W - 2 * INSET * k))) * (F.n - 1)));
  const epoch = frameEpoch(view, u);
  return epoch === null ? null : { epoch, x: INSET * k + u * (W - 2 * INSET * k) };
}

/** @type {(view: View, u: number) => number | null} */
function frameEpoch({ record, axis }, u) {
  const last = lastEpoch(record);
  const epoch = axis.epoch(u);
  return epoch <= last + 0.5 ? epochAt(record, Math.min(last, Math.round(epoch))) : null;
}

/** @type {(W: number, k: number, view: View) => { n: number, cell: number, u(i: number): number, y: number, x(i: number): number }} */
function filmFrame(W, k, view) {
  const size = 40 * k;
  const cell = Math.floor(size / 3);
  const w = W - 2 * INSET * k;
  const n = view.axis.end ? Math.max(2, Math.floor(w / (size + 8 * k)) + 1) : 1;
  const u = i => (n > 1 ? i / (n - 1) : 0);
  return { n, cell, u, y: Math.round(8 * k), x: i => Math.round(INSET * k + u(i) * w - cell * 1.5) };
}

/** @type {(pen: Pen, F: ReturnType<typeof filmFrame>, view: View) => void} */
function paintFrames(pen, F, view) {
  const { g, k, P } = pen;
  const { record } = view;
  const { cell, y } = F;
  for (let i = 0; i < F.n; i++) {
    const epoch = frameEpoch(view, F.u(i));
    const x = F.x(i);
    const row = epoch === null ? 0 : rowAt(record, epoch);
    if (epoch !== null)
      for (const j of NINE) {
        const v = record.weights[j][row] * (view.effective ? record.weights[10][row] : 1);
        const left = x + (j % 3) * cell;
        const top = y + Math.floor(j / 3) * cell;
        g.fillStyle = diverging(P, v, view.runMax);
        g.fillRect(left, top, cell, cell);
        if (v < 0) {
          g.fillStyle = P.ink;
          g.globalAlpha = 0.7;
          g.fillRect(
            Math.round(left + cell / 2 - 2.5 * k),
            Math.round(top + cell / 2 - 0.5),
            Math.round(5 * k),
            Math.round(k),
          );
          g.globalAlpha = 1;
        }
      }
    g.strokeStyle = P.line;
    g.lineWidth = 1;
    g.strokeRect(x - 0.5, y - 0.5, cell * 3 + 1, cell * 3 + 1);
  }
}
