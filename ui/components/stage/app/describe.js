// @ts-check
// What a screen reader gets instead of the pictures, written for a run's first frame and when they are at rest.
import { zoneWords } from "../atlas/by_output.js";
import { toldOf } from "../atlas/card.js";
import { attribute } from "../canvas/dom.js";
import { gapNumber, outputNumber, signed } from "../canvas/format.js";
import { sceneWords } from "../pictures/scene_view.js";
import { describePlots } from "../timeline/plot_panel.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 * @import { PlotChoice } from "../timeline/series.js"
 */

/** @type {(ui: Ui, view: View, plots: PlotChoice[]) => void} */
export function describe(ui, view, plots) {
  const { sum, names } = view;
  attribute(
    ui.curve,
    "aria-label",
    `${view.head}: z ${signed(view.z)} gives ${outputNumber(view.output)}, ${view.slope === 0 ? "slope exactly 0" : `slope ${view.slope.toPrecision(2)}`}`,
  );
  const zones = zoneWords(view)
    .filter(zone => zone !== null)
    .map(([count, words]) => `${count}: ${words}`)
    .join("; ");
  attribute(
    ui.atlas,
    "aria-label",
    view.atlasView === "picture" && view.scene
      ? sceneWords(view.scene, view)
      : view.atlasView === "curve"
        ? `All 512 patterns on the ${view.head} curve: ${zones}; ${512 - sum.right} wrong; ${names.the}'s z is ${signed(sum.targetZ)}`
        : `All 512 patterns: ${512 - sum.right} wrong; ${names.the}'s z is ${signed(sum.targetZ)}, the highest other's ${signed(sum.otherZ)}, separation gap ${gapNumber(sum.gap)}`,
  );
  if (view.scene) attribute(ui.scenery, "aria-label", sceneWords(view.scene, view));
  describePlots(ui, view, plots);
  attribute(ui.pick, "aria-valuenow", String(view.pixels));
  attribute(ui.pick, "aria-valuetext", toldOf(view, view.pixels));
}
