// @ts-check
// The activation curve: where this pattern's z lies on the head, and what comes out.
import { layerOf, penOn } from "../canvas/pen.js";
import { HEADS } from "../network/forward.js";

/**
 * @import { Palette } from "../canvas/palette.js"
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 */

/** @type {(canvas: HTMLCanvasElement, view: View, P: Palette, k: number) => void} */
export function drawCurve(canvas, view, P, k) {
  const pen = penOn(canvas, k, P);
  const { g, W } = pen;
  const C = curveScales(pen, view);
  const { X, Y, L, T, w, h, bar } = C;
  const {
    output,
    z: [low, high],
    y: [bottom, top],
  } = C.head;
  pen.blit(layerOf(canvas, "still", `${view.head}|${view.threshold}`, pen, still => paintStill(still, C, view)));

  const z = view.show.z;
  const p = output(z);
  const right = view.right;
  const colour = right ? P.accent : P.wrong;
  const out = z < low ? 14 * k : z > high ? -14 * k : 0; // off the picture: room for an arrow
  const x = X(Math.max(low, Math.min(high, z))) + out;
  const y = Y(Math.max(bottom, Math.min(top, p)));
  const base = Y(0);
  pen.rule(x, y, L + w + 20 * k, y, P.ink, 1, [2, 3]);
  g.fillStyle = colour;
  g.fillRect(W - bar + 0.5, Math.min(y, base), bar - 1, Math.abs(base - y));
  pen.rule(W - bar, y, W, y, colour, 2 * k);
  pen.dot(x, y, 6 * k, P.ink);
  if (z < low || z > high) {
    const way = z > high ? 1 : -1;
    const tip = x + way * 9 * k;
    g.fillStyle = P.ink;
    g.beginPath();
    g.moveTo(tip + way * 5 * k, y);
    g.lineTo(tip, y - 4 * k);
    g.lineTo(tip, y + 4 * k);
    g.fill();
  }
  if (h > 0) pen.across(W - bar, W, T, P.edge);
}

/**
 * @param {Pen} pen
 * @param {View} view
 */
function curveScales(pen, view) {
  const { k, W, H } = pen;
  const head = HEADS[view.head];
  const L = 24 * k;
  const T = 8 * k;
  const bar = 20 * k;
  const w = W - L - bar - 20 * k;
  const h = H - T - 20 * k;
  const [low, high] = head.z;
  const [bottom, top] = head.y;
  return {
    head,
    L,
    T,
    w,
    h,
    bar,
    X: z => L + (w * (z - low)) / (high - low),
    Y: p => T + (h * (top - p)) / (top - bottom),
  };
}

/** @type {(pen: Pen, C: ReturnType<typeof curveScales>, view: View) => void} */
function paintStill(pen, C, view) {
  const { g, W, H, k, P } = pen;
  const { head, L, T, w, h, bar, X, Y } = C;
  const [low, high] = head.z;
  const bounded = view.head !== "linear";
  if (head.dead < high) {
    pen.dead(L, T, X(-head.dead) - L, h);
    pen.dead(X(head.dead), T, L + w - X(head.dead), h);
  }
  const cut = head.output(view.threshold);
  const marks = bounded ? [0, 1] : [-1, 0, 1, 2];
  for (const t of marks) if (t !== cut) pen.across(L, L + w, Y(t), P.line);
  pen.across(L, W, Y(cut), P.edge, 1, [4, 4]);
  for (const t of marks.includes(cut) ? marks : [...marks, cut]) {
    if (t !== cut && Math.abs(Y(t) - Y(cut)) < 14 * k) continue;
    pen.text(t === 0.5 ? "½" : String(t).replace("-", "−"), L - 8 * k, Y(t), { a: "right" });
  }
  for (const t of bounded ? [-3, 0, 3] : [-1, 0, 1, 2]) {
    pen.down(X(t), T + h, T + h + 4 * k, P.edge);
    pen.text(t < 0 ? `−${-t}` : t ? `+${t}` : "z 0", X(t), H - 6 * k, { a: "center" });
  }
  g.strokeStyle = P.ink;
  g.lineWidth = 2 * k;
  g.beginPath();
  for (let i = 0; i <= 96; i++) {
    const z = low + ((high - low) * i) / 96;
    g.lineTo(X(z), Y(head.output(z)));
  }
  g.stroke();
  g.strokeStyle = P.edge;
  g.lineWidth = 1;
  g.strokeRect(Math.round(W - bar) + 0.5, Math.round(T) + 0.5, bar - 1, h);
}
