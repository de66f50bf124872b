// @ts-check
// The atlas's "in a picture" as a part of its own, to stand in a frame alone or beside the atlas.
import { tr } from "../../language/tr.js";
import { boxOf } from "../canvas/pen.js";
import { defined } from "../canvas/terms.js";
import { sceneCell, scenePlace } from "../pictures/scene_view.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { State } from "../app/state.js"
 */

export const SCENERY = `
  <div class="scenery" id="sceneryPart"><div class="bar"><h2>${defined("pattern", tr("In a picture"))}</h2></div>
    <div class="plot"><canvas id="scenery" role="img"></canvas></div></div>`;

// A click puts the pattern of that place on the bench. (So does the bench itself, by keyboard.)
/** @type {(S: State, actions: Actions) => void} */
export function bindScenery(S, actions) {
  S.ui.scenery.addEventListener("click", ev => {
    const { scene } = S;
    if (!scene) return;
    const { W, H } = boxOf(S.ui.scenery);
    const at = sceneCell(scenePlace(W, H, S.k, scene.bitmap), scene.bitmap, ev.offsetX, ev.offsetY);
    if (at < 0) return;
    scene.at = at;
    actions.setPixels(scene.indices[at]);
    S.wake(false);
  });
}
