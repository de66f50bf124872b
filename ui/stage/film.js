// The filmstrip: the kernel at evenly spaced places of the epoch axis.
import { NINE } from "./forward.js";
import { rowAt } from "./record.js";
import { diverging } from "./palette.js";
import { layerOf, penOn } from "./draw.js";

const INSET = 22;

export function drawFilm(canvas, view, P, k) {
  const pen = penOn(canvas, k, P), F = filmFrame(pen.W, k, view), { g } = pen;
  pen.blit(layerOf(canvas, "frames", view.recordId, pen, sheet => paintFrames(sheet, F, view)));
  const near = Math.round(Math.min(1, view.axis.u(view.epoch)) * (F.n - 1)), x = F.x(near);
  g.strokeStyle = P.ink; g.lineWidth = 2 * k; g.strokeRect(x - 0.5, F.y - 0.5, F.cell * 3 + 1, F.cell * 3 + 1);
}

// A place on the filmstrip, in CSS pixels -> 0..1 on the epoch axis.
export function filmPlace(canvas, k, x) {
  return Math.min(1, Math.max(0, (x - INSET * k) / Math.max(1, canvas.clientWidth - 2 * INSET * k)));
}

function filmFrame(W, k, view) {
  const size = 40 * k, cell = Math.floor(size / 3), w = W - 2 * INSET * k, n = view.axis.end ? Math.max(2, Math.floor(w / (size + 8 * k)) + 1) : 1;
  const u = i => (n > 1 ? i / (n - 1) : 0);
  return { n, cell, u, y: Math.round(8 * k), x: i => Math.round(INSET * k + u(i) * w - cell * 1.5) };
}

function paintFrames(pen, F, view) {
  const { g, k, P } = pen, { record, axis } = view, { cell, y } = F, last = record.column.epoch[record.rows - 1];
  for (let i = 0; i < F.n; i++) {
    const epoch = axis.epoch(F.u(i)), x = F.x(i), row = rowAt(record, Math.min(last, Math.round(epoch)));
    if (epoch <= last + 0.5) for (const j of NINE) {
      const v = record.weights[j][row], left = x + j % 3 * cell, top = y + Math.floor(j / 3) * cell;
      g.fillStyle = diverging(P, v, view.runMax); g.fillRect(left, top, cell, cell);
      if (v < 0) {
        g.fillStyle = P.ink; g.globalAlpha = 0.7;
        g.fillRect(Math.round(left + cell / 2 - 2.5 * k), Math.round(top + cell / 2 - 0.5), Math.round(5 * k), Math.round(k)); g.globalAlpha = 1;
      }
    }
    g.strokeStyle = P.line; g.lineWidth = 1; g.strokeRect(x - 0.5, y - 0.5, cell * 3 + 1, cell * 3 + 1);
  }
}
