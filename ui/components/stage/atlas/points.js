// @ts-check
// The marks of the 512 points, where they are drawn just now: dots right, diamonds wrong, stars the targets.
import { isRight, sideOf } from "../network/verdict.js";

/**
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 */

/** @type {(pen: Pen, view: View) => void} */
export function drawPoints(pen, view) {
  const { g, k, P } = pen;
  const { zs, show, flags, threshold, layout, places } = view;
  const { xs, ys } = show;
  const { dot, diamond } = layout;
  drawRings(pen, view);
  g.fillStyle = P.dot;
  g.beginPath();
  for (let i = 0; i < 512; i++)
    if (!flags[i] && isRight(zs[i], false, threshold)) {
      g.moveTo(xs[i] + dot, ys[i]);
      g.arc(xs[i], ys[i], dot, 0, 7);
    }
  g.fill();
  g.fillStyle = P.wrong;
  g.beginPath();
  for (let i = 0; i < 512; i++)
    if (!flags[i] && sideOf(zs[i], threshold) >= 0) {
      const x = xs[i];
      const y = ys[i];
      g.moveTo(x, y - diamond);
      g.lineTo(x + diamond, y);
      g.lineTo(x, y + diamond);
      g.lineTo(x - diamond, y);
      g.closePath();
    }
  g.fill();
  for (const t of places.targets)
    if (!Number.isNaN(xs[t])) drawTarget(pen, xs[t], ys[t], isRight(zs[t], true, threshold), layout.target, k);
}

/** @type {(pen: Pen, x: number, y: number, ok: boolean, size: number, k: number) => void} */
function drawTarget(pen, x, y, ok, size, k) {
  const { g, P } = pen;
  const colour = ok ? P.accent : P.wrong;
  g.fillStyle = P.bg;
  g.strokeStyle = colour;
  g.lineWidth = Math.min(2 * k, size / 5);
  g.beginPath();
  g.arc(x, y, size - g.lineWidth / 2, 0, 7);
  g.fill();
  g.stroke();
  pen.star(x, y, size * 0.66);
  g.fillStyle = colour;
  if (ok) g.fill();
  else {
    g.lineWidth = Math.min(1.5 * k, size / 7);
    g.stroke();
  }
}

// The pattern on the bench, and thinner the one under the pointer: rings that lie under the points and so hide none.
/** @type {(pen: Pen, view: View) => void} */
function drawRings(pen, { show, pixels, hover, flags, layout }) {
  const { g, k, P } = pen;
  for (const [i, width] of [
    [pixels, 2 * k],
    [hover, k],
  ]) {
    if (i < 0 || !Number.isFinite(show.xs[i]) || (i === hover && i === pixels)) continue;
    g.strokeStyle = P.ink;
    g.lineWidth = width;
    g.beginPath();
    g.arc(show.xs[i], show.ys[i], flags[i] ? layout.target + 2 * k : 8 * k, 0, 7);
    g.stroke();
  }
}
