// @ts-check
// Choosing a pattern in the atlas: by click, or with the arrow keys from point to point; and which of the three views is drawn.
import { boxOf } from "../canvas/pen.js";
import { cellBeside, layoutInScene, sceneCell, scenePlace } from "../pictures/scene_view.js";
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
  const { pick, byDistance: distance, onCurve: curve, inPicture: picture } = S.ui;
  const scene = () => (S.atlasView === "picture" ? S.scene : null);
  const under = (ev, reach) => {
    const box = pick.getBoundingClientRect();
    const [x, y] = [ev.clientX - box.left, ev.clientY - box.top];
    const shown = scene();
    if (!shown) return patternNear(S.show, x, y, reach);
    const cell = sceneCell(
      scenePlace(box.width, box.height, S.k, shown.bitmap),
      shown.bitmap,
      x,
      y,
      reach === Infinity,
    );
    shown.hover = reach === Infinity ? -1 : cell;
    if (reach === Infinity) shown.at = cell;
    return settled(shown, cell);
  };
  // A pattern of a picture is shown at the cell that is meant.
  const settled = (shown, cell) => {
    const { W, H } = boxOf(S.ui.atlas);
    const { xs, ys } = layoutInScene(shown, scenePlace(W, H, S.k, shown.bitmap));
    S.show.xs.set(xs);
    S.show.ys.set(ys);
    return cell < 0 ? -1 : shown.indices[cell];
  };
  const hover = at => {
    if (at < 0 && S.scene) S.scene.hover = -1;
    if (S.hover !== at || scene()) {
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
    const shown = scene();
    if (shown) {
      const cell = cellBeside(shown, ev.key);
      if (cell < 0) return;
      shown.at = cell;
      actions.setPixels(settled(shown, cell));
      S.wake();
      return;
    }
    const along =
      S.atlasView === "curve"
        ? patternAlong(actions.view().zs, S.pixels, ev.key)
        : patternBeside(S.places, actions.view().zs, S.pixels, ev.key);
    const to = ev.key === "Home" ? S.places.targets[0] : along;
    if (to >= 0) actions.setPixels(to);
  });
  for (const [button, name] of [
    [distance, "distance"],
    [curve, "curve"],
    [picture, "picture"],
  ])
    button.addEventListener("click", () => {
      S.atlasView = name;
      S.wake();
    });
}
