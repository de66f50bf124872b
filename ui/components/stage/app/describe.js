// @ts-check
// What a screen reader gets instead of the pictures, written for a run's first frame and when they are at rest.
import { tr, trc } from "../../language/tr.js";
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
  const { head } = view;
  const given = { head, z: signed(view.z), output: outputNumber(view.output) };
  attribute(
    ui.curve,
    "aria-label",
    view.slope === 0
      ? tr("{head}: z {z} gives {output}, slope exactly 0", given)
      : tr("{head}: z {z} gives {output}, slope {slope}", { ...given, slope: view.slope.toPrecision(2) }),
  );
  attribute(
    ui.atlas,
    "aria-label",
    view.atlasView === "picture" && view.scene ? sceneWords(view.scene, view) : atlasSaid(view),
  );
  if (view.scene) attribute(ui.scenery, "aria-label", sceneWords(view.scene, view));
  describePlots(ui, view, plots);
  attribute(ui.pick, "aria-valuenow", String(view.pixels));
  attribute(ui.pick, "aria-valuetext", toldOf(view, view.pixels));
}

/** @type {(view: View) => string} */
function atlasSaid(view) {
  const { sum, names, head } = view;
  const counts = { wrong: 512 - sum.right, target: names.the, z: signed(sum.targetZ) };
  if (view.atlasView !== "curve")
    return tr(
      "All 512 patterns: {wrong} wrong; {target}'s z is {z}, the highest other's {other}, separation gap {gap}",
      { ...counts, other: signed(sum.otherZ), gap: gapNumber(sum.gap) },
    );
  const zones = zoneWords(view)
    .flatMap(zone => (zone ? tr("{patterns}: {words}", { patterns: zone.patterns, words: zone.words }) : []))
    .join(trc("between facts", "; "));
  return tr("All 512 patterns on the {head} curve: {zones}; {wrong} wrong; {target}'s z is {z}", {
    ...counts,
    head,
    zones,
  });
}
