// @ts-check
// The card of one pattern: the one under the pointer, or with the keyboard the one on the bench.
import { tr, trc } from "../../language/tr.js";
import { picturePath } from "../bench/thumbnail.js";
import { attribute, put } from "../canvas/dom.js";
import { outputNumber, signed } from "../canvas/format.js";
import { boxOf } from "../canvas/pen.js";
import { HEADS } from "../network/forward.js";
import { isRight } from "../network/verdict.js";

/**
 * @import { State } from "../app/state.js"
 * @import { View } from "../core/frame_view.js"
 */

// Everything the card says of a pattern; the slider's value says the same in one line.
/** @type {(view: View, pattern: number) => Record<"title" | "z" | "output" | "right" | "gradient" | "should", string> & { is: { right: boolean, alive: boolean } }} */
export function factsOf(view, pattern) {
  const z = view.zs[pattern];
  const head = HEADS[view.head];
  const right = isRight(z, view.flags[pattern], view.threshold);
  const alive = head.slope(z) !== 0;
  return {
    is: { right, alive },
    title: tr("pattern {index}", { index: pattern }),
    z: signed(z),
    output: outputNumber(head.output(z)),
    right: right ? trc("verdict", "right") : trc("verdict", "wrong"),
    gradient: alive ? tr("gradient alive") : tr("gradient exactly 0"),
    should: tr("should be: {called}", { called: view.flags[pattern] ? view.names.is : view.names.isNot }),
  };
}

/** @type {(view: View, pattern: number) => string} */
export function toldOf(view, pattern) {
  const { title, z, output, gradient, should, right } = factsOf(view, pattern);
  return tr("{pattern}, distance {distance}, z {z}, output {output}, {gradient}, {should}, {right}", {
    pattern: title,
    distance: view.places.distance[pattern],
    z,
    output,
    gradient,
    should,
    right,
  });
}

// Beside its point, never on it: flipped where the plot ends.
/** @type {(x: number, y: number, W: number, H: number, w: number, h: number, away: number) => [number, number]} */
export function cardPlace(x, y, W, H, w, h, away) {
  const right = x + away + w <= W;
  const left = x - away - w >= 0;
  const top = Math.max(0, Math.min(H - h, y - h / 2));
  if (right || left) return [right ? x + away : x - away - w, top];
  return [Math.max(0, Math.min(W - w, x - w / 2)), y - away - h >= 0 ? y - away - h : y + away];
}

/** @type {(S: State) => void} */
export function showCard(S) {
  const { ui, view, show, k } = S;
  const pattern = S.hover >= 0 ? S.hover : S.keyed ? view.pixels : -1;
  const off = pattern < 0 || !Number.isFinite(show.xs[pattern]);
  if (ui.card.hidden !== off) ui.card.hidden = off;
  if (off) return;
  const f = factsOf(view, pattern);
  const box = boxOf(ui.atlas);
  put(ui.cardTitle, f.title);
  put(ui.cardZ, f.z);
  put(ui.cardOutput, f.output);
  put(ui.cardGradient, f.gradient);
  put(ui.cardShould, f.should);
  put(ui.cardRight, f.right);
  attribute(ui.card, "class", `card ${f.is.right ? "right" : "wrong"}${f.is.alive ? "" : " still"}`);
  attribute(ui.card.querySelector("path"), "d", picturePath(pattern));
  const [left, top] =
    view.layout.card ??
    cardPlace(
      show.xs[pattern],
      show.ys[pattern],
      box.W,
      box.H,
      220 * k,
      112 * k,
      (view.flags[pattern] ? view.layout.target : 6) + 8 * k,
    );
  Object.assign(ui.card.style, { left: `${left.toFixed(1)}px`, top: `${top.toFixed(1)}px` });
}
