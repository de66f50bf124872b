// @ts-check
// The ten patterns nearest to the wrong side: the most wrong first, then the right ones by what they have left.
import { tr } from "../../language/tr.js";
import { picturePath } from "../bench/thumbnail.js";
import { attribute } from "../canvas/dom.js";
import { signed } from "../canvas/format.js";
import { isRight, nearestWrong } from "../network/verdict.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 */

/** @type {(ui: Ui, actions: Actions) => void} */
export function bindNearest(ui, actions) {
  ui.near.addEventListener("click", ev => {
    const button = ev.target.closest("button");
    if (button) actions.setPixels(Number(button.dataset.pattern));
  });
}

/** @type {(ui: Ui, view: View) => void} */
export function showNearest(ui, view) {
  const { zs, flags, threshold } = view;
  const list = nearestWrong(zs, flags, threshold);
  list.forEach((pattern, i) => {
    const button = ui.near.children[i];
    const z = zs[pattern];
    const right = isRight(z, flags[pattern], threshold);
    attribute(button, "data-pattern", String(pattern));
    attribute(
      button,
      "aria-label",
      right
        ? tr("{pattern}, z {z}, right: put on the bench", { pattern: nearName(pattern, flags), z: signed(z) })
        : tr("{pattern}, z {z}, wrong: put on the bench", { pattern: nearName(pattern, flags), z: signed(z) }),
    );
    attribute(button, "class", `thumb${flags[pattern] ? " target" : ""}${right ? "" : " wrong"}`);
    attribute(button, "aria-current", pattern === view.pixels ? "true" : "false");
    attribute(button.querySelector("path"), "d", picturePath(pattern));
  });
}

/** @type {(pattern: number, flags: ArrayLike<number>) => string} */
function nearName(pattern, flags) {
  return flags[pattern] ? tr("pattern {index}, target", { index: pattern }) : tr("pattern {index}", { index: pattern });
}
