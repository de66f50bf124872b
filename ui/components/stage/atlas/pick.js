// @ts-check
// Choosing a pattern in the atlas: by click, or with the arrow keys from point to point; and which of the two views is drawn.
import { patternBeside, patternNear } from "./layout_distance.js";
import { patternAlong } from "./layout_output.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { State } from "../app/state.js"
 */

const REACH = 14;

// `S` is the stage's state, `actions` offers setPixels(p), `look` redraws the atlas as it stands.
/** @type {(S: State, actions: Actions, look: () => void) => void} */
export function bindAtlas(S, actions, look) {
  const { pick, byDistance: distance, onCurve: curve } = S.ui;
  const under = (ev, reach) => {
    const box = pick.getBoundingClientRect();
    return patternNear(S.show, ev.clientX - box.left, ev.clientY - box.top, reach);
  };
  const hover = at => {
    if (S.hover !== at) {
      S.hover = at;
      look();
    }
  };
  const keyed = on => {
    if (S.keyed !== on) {
      S.keyed = on;
      look();
    }
  };
  pick.addEventListener("pointermove", ev => {
    if (ev.pointerType !== "touch") hover(under(ev, REACH * S.k));
  });
  pick.addEventListener("pointerleave", () => hover(-1));
  pick.addEventListener("pointerdown", () => keyed(false));
  pick.addEventListener("focus", () => keyed(pick.matches(":focus-visible")));
  pick.addEventListener("blur", () => keyed(false));
  pick.addEventListener("click", ev => {
    const at = under(ev, Infinity);
    if (at >= 0) actions.setPixels(at);
  });
  pick.addEventListener("keydown", ev => {
    if (ev.key === "Escape") {
      keyed(false);
      hover(-1);
    }
    if (ev.ctrlKey || ev.metaKey || ev.altKey || !(ev.key.startsWith("Arrow") || ev.key === "Home")) return;
    ev.preventDefault();
    ev.stopPropagation();
    S.hover = -1;
    keyed(true);
    const along =
      S.atlasView === "curve"
        ? patternAlong(S.view.zs, S.pixels, ev.key)
        : patternBeside(S.places, S.view.zs, S.pixels, ev.key);
    const to = ev.key === "Home" ? S.places.targets[0] : along;
    if (to >= 0) actions.setPixels(to);
  });
  for (const [button, name] of [
    [distance, "distance"],
    [curve, "curve"],
  ])
    button.addEventListener("click", () => {
      S.atlasView = name;
      S.wake();
    });
}
