// @ts-check
// The atlas by distance: all 512 patterns, z against Hamming distance from the nearest target.
import { tr } from "../../language/tr.js";
import { zTicks } from "../canvas/axis.js";
import { gapNumber } from "../canvas/format.js";
import { layerOf, penOn } from "../canvas/pen.js";
import { HEADS } from "../network/forward.js";
import { isRight } from "../network/verdict.js";
import { atlasScales } from "./layout_distance.js";
import { drawPoints } from "./points.js";

/**
 * @import { AtlasScales } from "./layout_distance.js"
 * @import { Palette } from "../canvas/palette.js"
 * @import { Pen } from "../canvas/pen.js"
 * @import { View } from "../core/frame_view.js"
 */

/** @type {(canvas: HTMLCanvasElement, view: View, P: Palette, k: number) => void} */
export function drawByDistance(canvas, view, P, k) {
  const pen = penOn(canvas, k, P);
  const A = atlasScales(pen.W, pen.H, k, view.places, view.show.domain);
  const { g } = pen;
  const { sum, show } = view;
  const { L, T, E } = A;
  const words = [-1, 1].map(way => wordsRoom(A, view, way, pen.width(aboveWords(view), 14)));
  const { dead } = HEADS[view.head];
  const rows = [(T + A.Y(dead)) / 2, T + A.h - 14 * k];
  const flat = rows.map(y => isLeftFreer(A, view, y, pen.width(tr("gradient exactly 0"), 14)));
  const key = `${flat}|${show.domain}|${view.head}|${view.threshold}|${view.placesId}|${words}`;
  pen.blit(layerOf(canvas, "distance", key, pen, still => paintField(still, A, view, dead, words, flat)));
  // The gap is drawn from true z to true z: where the two points are just now, less their nudge.
  const drawn = sum.targetAt >= 0 && sum.otherAt >= 0 && Number.isFinite(show.ys[sum.targetAt]);
  const [yc, yo] = [sum.targetAt, sum.otherAt].map(i => show.ys[i] - view.layout.ys[i] + A.Y(view.zs[i]));
  if (drawn && sum.gap > 0 && yo > yc) {
    // separated: an empty band between the targets and all others
    g.globalAlpha = 0.1;
    g.fillStyle = P.accent;
    g.fillRect(L, yc, E - L, yo - yc);
    g.globalAlpha = 1;
    pen.across(L, E, A.Y(view.threshold), P.ink, 1.5 * k);
  }
  if (drawn) drawFacts(pen, A, view, yc, yo, words, dead < 9 ? rows.filter((_, i) => flat[i]) : []);
  else pen.text(tr("z is not a number: nothing to draw"), L + 8 * k, T + 16 * k, { px: 14, c: P.wrong });
  drawPoints(pen, view);
}

/** @type {(view: View) => string} */
function aboveWords({ names }) {
  return tr("above the threshold: {called}", { called: names.is });
}

/** @type {(view: View) => string} */
function belowWords({ names }) {
  return tr("below: {called}", { called: names.isNot });
}

// The target's way, the gap and their words; a label's halo takes the colour it stands on.
/** @type {(pen: Pen, A: AtlasScales, view: View, yc: number, yo: number, words: number[], left: number[]) => void} */
function drawFacts(pen, A, view, yc, yo, words, left) {
  const { k, P } = pen;
  const { L, T, h, Y } = A;
  const { sum, show } = view;
  const { dead } = HEADS[view.head];
  const back = y =>
    sum.gap > 0 && y > yc && y < yo ? P.band : dead < 9 && (y < Y(dead) || y > Y(-dead)) ? P.dead : P.bg;
  const note = (s, x, y, more) => pen.text(s, x, y, { px: 14, c: P.ink, halo: back(y), ...more });
  const ok = isRight(sum.targetZ, true, view.threshold);
  const colour = ok ? P.accent : P.wrong;
  const x0 = show.xs[sum.targetAt];
  const star = show.ys[sum.targetAt];
  if (view.startZ !== null) {
    // how far the target has come since epoch 0
    const ys = Y(view.startZ);
    if (Math.abs(ys - star) > 40 * k) {
      pen.rule(x0, ys, x0, star, colour, 1.5 * k);
      pen.rule(x0 - 5 * k, ys, x0 + 5 * k, ys, colour, 1.5 * k);
    }
  }
  drawGap(pen, A, view, yc, yo, words, note);
  const below = ok ? star - T < 40 * k : star < T + h - 34 * k;
  const label = ok ? view.names.star : tr("rejected");
  const half = Math.max(pen.width(view.names.star, 14, 600), pen.width(label, 14, 600)) / 2;
  const own = view.layout.target + 12 * k;
  const others = view.places.targets.map(t => show.ys[t]);
  const lines = [Y(view.threshold), ...left]; // and words at the left
  const yl = labelHeight({ star, below, own, others, lines, top: T + 8 * k, bottom: T + h - 8 * k, room: 12 * k });
  note(label, Math.max(x0, L + half + 4 * k), yl, { a: "center", c: colour, w: 600 });
}

// Where the label of a point stands: below it or above it, as near as others of its kind (`own`), lines and words
// (`room`) allow.
/** @type {(about: { star: number, below: boolean, own: number, others: number[], lines: number[], top: number, bottom: number, room: number }) => number} */
export function labelHeight({ star, below, own, others, lines, top, bottom, room }) {
  const places = [1, -1, 1.7, -1.7, 2.4, -2.4, 3.1, -3.1].map(step => star + (below ? step : -step) * own);
  const free = y => y > top && y < bottom && others.every(other => Math.abs(other - y) >= own);
  const clear = y => free(y) && lines.every(line => Math.abs(line - y) >= room);
  return places.find(clear) ?? places.find(free) ?? places[0];
}

// How far from the threshold its words find room: they lie under the points, so they look for a place with hardly any.
/** @type {(A: AtlasScales, view: View, way: number, width: number) => number} */
function wordsRoom(A, view, way, width) {
  const { k, E } = A;
  const { xs, ys } = view.layout;
  const cut = A.Y(view.threshold);
  return (
    [12, 30, 48, 66, 84].find(off => {
      let inside = 0;
      for (let i = 0; i < 512; i++)
        if (xs[i] > E - width - 12 * k && Math.abs(ys[i] - cut - way * off * k) < 11 * k) inside++;
      return inside < 3;
    }) ?? 12
  );
}

// Whether words at this height stand at the left: where points hide them at the right, and fewer do there.
/** @type {(A: AtlasScales, view: View, y: number, width: number) => boolean} */
function isLeftFreer(A, view, y, width) {
  const { k, L, E } = A;
  const { xs, ys } = view.layout;
  const hidden = (from, to) => {
    let inside = 0;
    for (let i = 0; i < 512; i++) if (xs[i] > from && xs[i] < to && Math.abs(ys[i] - y) < 11 * k) inside++;
    return inside;
  };
  const right = hidden(E - width - 12 * k, E);
  return right > 2 && hidden(L, L + width + 12 * k) < right;
}

/** @type {(pen: Pen, A: AtlasScales, view: View, yc: number, yo: number, words: number[], note: (text: string, x: number, y: number, more: object) => void) => void} */
function drawGap(pen, A, view, yc, yo, [above, below], note) {
  const { k, P } = pen;
  const { sum, show } = view;
  const x = A.L + Math.max(0.6 * A.zero, pen.width(view.names.star, 14, 600) + 8 * k);
  const cut = A.Y(view.threshold);
  pen.rule(x, yo, show.xs[sum.otherAt], yo, P.ink, 1, [2, 3]);
  pen.rule(show.xs[sum.targetAt] + view.layout.target, yc, x, yc, P.ink, 1, [2, 3]);
  pen.rule(x, yo, x, yc, P.ink, 1.5 * k);
  for (const y of [yo, yc]) pen.rule(x - 4 * k, y, x + 4 * k, y, P.ink, 1.5 * k);
  const end = x + 8 * k + Math.max(pen.width(tr("gap"), 14), pen.width(gapNumber(sum.gap), 14, 600));
  const ends = words => A.E - 12 * k - pen.width(words, 14) < end; // a narrow screen has them side by side
  const taken = [
    ...(ends(aboveWords(view)) ? [cut - above * k] : []),
    ...(ends(belowWords(view)) ? [cut + below * k] : []),
  ];
  const middle = gapMiddle(yc, yo, A.T, cut, taken, k);
  note(tr("gap"), x + 8 * k, middle - 9 * k, { c: P.muted });
  note(gapNumber(sum.gap), x + 8 * k, middle + 9 * k, {
    c: sum.gap > 0 ? P.accent : P.ink,
    w: 600,
  });
}

// The middle of the two lines that say the gap: never on the threshold, nor on its words where these are in the way.
/** @type {(yc: number, yo: number, top: number, cut: number, taken: number[], k: number) => number} */
export function gapMiddle(yc, yo, top, cut, taken, k) {
  let middle = Math.abs(yo - yc) > 72 * k ? (yo + yc) / 2 : Math.min(yo, yc) - 22 * k;
  if (middle < top + 20 * k) middle = Math.max(yo, yc) + 24 * k;
  if (Math.abs(middle - cut) < 20 * k) middle = cut + (middle > yc ? 24 : -24) * k;
  const free = y => y >= top + 20 * k && Math.abs(y - cut) >= 20 * k && taken.every(t => Math.abs(y - t) >= 26 * k);
  const others = [cut, ...taken].flatMap(y => [y - 26 * k, y + 26 * k]);
  others.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return [middle, ...others].find(free) ?? middle;
}

/** @type {(pen: Pen, A: AtlasScales, view: View, dead: number, room: number[], left: boolean[]) => void} */
function paintField(pen, A, view, dead, [above, below], [leftAbove, leftBelow]) {
  const { g, H, k, P } = pen;
  const { L, T, h, E, Y } = A;
  const { count } = view.places;
  const cut = Y(view.threshold);
  const note = (s, x, y, more) => pen.text(s, x, y, { px: 14, c: P.ink, ...more });
  if (dead < 9) {
    pen.dead(L, T, E - L, Y(dead) - T);
    pen.dead(L, Y(-dead), E - L, T + h - Y(-dead));
  }
  for (let d = 1; d <= A.far; d++) pen.down(A.left[d], T, T + h, P.line);
  for (const t of zTicks(A.axis, h, 16 * k)) {
    pen.across(L - 4 * k, L, Y(t), P.edge);
    pen.text((t > 0 ? "+" : t < 0 ? "−" : "z ") + Math.abs(t), L - 8 * k, Y(t), { a: "right", halo: null });
  }
  for (let d = 0; d <= A.far; d++) {
    if (A.room[d] > 22 * k || d === 0 || A.room[d] > 8 * k * String(count[d]).length)
      pen.text(count[d], A.middle[d], T / 2 - 2 * k, { a: "center", halo: null });
    pen.text(d, A.middle[d], H - 10 * k, { a: "center", halo: null, px: 14, c: P.ink });
  }
  pen.text(tr("patterns"), L - 8 * k, T / 2 - 2 * k, { a: "right", halo: null });
  pen.text(tr("distance"), L - 8 * k, H - 10 * k, { a: "right", halo: null });
  pen.across(L, E, cut, P.ink, 1.5 * k);
  if (dead < 9) {
    const flat = (y, left) =>
      note(tr("gradient exactly 0"), left ? L + 8 * k : E - 8 * k, y, { a: left ? "left" : "right", halo: P.dead });
    if (Y(dead) - T > 18 * k) flat((T + Y(dead)) / 2, leftAbove);
    flat(T + h - 14 * k, leftBelow);
  }
  note(aboveWords(view), E - 8 * k, cut - above * k, { a: "right", halo: null });
  note(belowWords(view), E - 8 * k, cut + below * k, { a: "right", halo: null });
  g.strokeStyle = P.edge;
  g.lineWidth = 1;
  g.strokeRect(Math.round(L) + 0.5, Math.round(T) + 0.5, Math.round(E - L) - 1, Math.round(h) - 1);
}
