// @ts-check
// The atlas on the curve: where on the activation curve all 512 live, how many where the gradient is 0.
import { tr, trn } from "../../language/tr.js";
import { zTicks } from "../canvas/axis.js";
import { layerOf, penOn } from "../canvas/pen.js";
import { HEADS } from "../network/forward.js";
import { isRight } from "../network/verdict.js";
import { outputScales, zoneCounts, zoneEdge } from "./layout_output.js";
import { drawPoints } from "./points.js";

/**
 * @import { OutputScales } from "./layout_output.js"
 * @import { Palette } from "../canvas/palette.js"
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 */

/** @type {(canvas: HTMLCanvasElement, view: View, P: Palette, k: number) => void} */
export function drawByOutput(canvas, view, P, k) {
  const pen = penOn(canvas, k, P);
  const A = outputScales(pen.W, pen.H, k, view.head, view.show.domain);
  const { g } = pen;
  const { zs, show, flags } = view;
  pen.blit(
    layerOf(canvas, "curve", `${view.show.domain}|${view.head}|${view.threshold}|${view.names.is}`, pen, still =>
      paintCurve(still, A, view),
    ),
  );
  drawHeads(pen, A, view);
  // Every occupied place of the curve, and from a target's place a line down to its star.
  g.fillStyle = P.ink;
  g.beginPath();
  for (let i = 0; i < 512; i++) {
    if (flags[i] || !Number.isFinite(zs[i])) continue;
    const x = A.X(zs[i]);
    const y = A.P(A.output(zs[i]));
    g.moveTo(x + 2.5 * k, y);
    g.arc(x, y, 2.5 * k, 0, 7);
  }
  g.fill();
  for (const t of view.places.targets) {
    if (!Number.isFinite(zs[t])) continue;
    const x = A.X(zs[t]);
    const y = A.P(A.output(zs[t]));
    const colour = isRight(zs[t], true, view.threshold) ? P.accent : P.wrong;
    pen.rule(x, y, show.xs[t], show.ys[t], colour, 1.5 * k);
    pen.dot(x, y, 5 * k, colour);
  }
  drawPoints(pen, view);
}

/** @typedef {{ count: number, patterns: string, words: string, short: string, narrow: string }} Zone `words` in full, `short` on the canvas */

// The zones, left to right, in the words for this head; null for one that it has not.
/** @type {(view: View) => (Zone | null)[]} */
export function zoneWords(view) {
  const counts = zoneCounts(view.zs, view.head);
  const zone = (count, words, short = words, narrow = short) => {
    return { count, patterns: trn("{count} pattern", "{count} patterns", count), words, short, narrow };
  };
  if (view.head === "linear") return [null, zone(counts.live, tr("slope 1 everywhere")), null];
  const still = count =>
    HEADS[view.head].dead < Infinity
      ? zone(count, tr("gradient exactly 0"))
      : zone(
          count,
          tr("only vanishing: slope under 1% of the largest"),
          tr("only vanishing: slope under 1%"),
          tr("slope under 1%"),
        );
  return [still(counts.low), zone(counts.live, tr("live")), still(counts.high)];
}

/** @type {(pen: Pen, A: OutputScales, view: View) => void} */
function drawHeads(pen, A, view) {
  const { k, P } = pen;
  const edge = Math.min(1e9, zoneEdge(view.head));
  const words = zoneWords(view);
  const narrow = A.E - A.L < 420 * k;
  const [low, high] = [-edge, edge].map(z => A.X(z));
  const middle = (low + high) / 2;
  words.forEach((zone, i) => {
    if (!zone || (i === 2 && !(high < A.E - 1) && zone.count === 0)) return;
    const [x, a] = /** @type {[number, CanvasTextAlign][]} */ ([
      [A.L, "left"],
      [Math.max(A.L + 130 * k, Math.min(A.E - 130 * k, middle)), "center"],
      [A.E, "right"],
    ])[i];
    pen.text(zone.patterns, x, 12 * k, {
      px: 14,
      w: 600,
      c: i === 1 || zone.count === 0 ? P.ink : P.wrong,
      a,
      halo: null,
    });
    pen.text(narrow ? zone.narrow : zone.short, x, 29 * k, { a, halo: null });
  });
}

/** @type {(pen: Pen, A: OutputScales, view: View) => void} */
function paintCurve(pen, A, view) {
  const { g, H, k, P } = pen;
  const { L, T, h, E, X, axis, output } = A;
  const { dead } = HEADS[view.head];
  const edge = zoneEdge(view.head);
  const cut = X(view.threshold);
  if (dead < 9) {
    pen.dead(L, T, X(-dead) - L, h);
    pen.dead(X(dead), T, E - X(dead), h);
  } else for (const z of [-edge, edge]) if (z > axis.low && z < axis.high) pen.down(X(z), T, T + h, P.edge, 1, [3, 3]);
  for (const p of A.bounded ? [0, 1] : []) pen.across(L, E, A.P(p), P.line);
  const half = output(view.threshold);
  pen.across(L, E, A.P(half), P.edge, 1, [4, 4]);
  for (const p of A.bounded ? [0, 0.5, 1] : [half])
    pen.text(p === 0.5 ? "½" : String(p), L - 8 * k, A.P(p), { a: "right", halo: null });
  pen.text(tr("z: asinh scale"), L + 8 * k, T + 14 * k, { halo: dead < 9 ? P.dead : P.bg });
  for (const t of zTicks({ low: axis.low, high: axis.high, place: z => axis.place(z) }, E - L, 34 * k)) {
    pen.down(X(t), T + h, T + h + 4 * k, P.edge);
    pen.text((t > 0 ? "+" : t < 0 ? "−" : "z ") + Math.abs(t), X(t), H - 12 * k, { a: "center", halo: null });
  }
  g.strokeStyle = P.ink;
  g.lineWidth = 2 * k;
  g.beginPath();
  for (let i = 0; i <= 240; i++) {
    const x = L + ((E - L) * i) / 240;
    g.lineTo(x, A.P(output(A.Z(x))));
  }
  g.stroke();
  pen.down(cut, T, T + h, P.ink, 1.5 * k);
  pen.text(view.names.isNot, cut - 6 * k, T + 14 * k, { a: "right" });
  pen.text(view.names.is, cut + 6 * k, T + 14 * k);
  g.strokeStyle = P.edge;
  g.lineWidth = 1;
  g.strokeRect(Math.round(L) + 0.5, Math.round(T) + 0.5, Math.round(E - L) - 1, Math.round(h) - 1);
}
