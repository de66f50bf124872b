// What a screen reader gets instead of the pictures, written when they are at rest.
import { outputNumber, signed } from "./format.js";
import { attribute } from "./bench.js";
import { describePlots } from "./plots.js";

export function describe(ui, view, plots) {
  const { sum, names } = view;
  attribute(ui.curve, "aria-label", `${view.head}: z ${signed(view.z)} gives ${outputNumber(view.output)}, ${view.slope === 0 ? "slope exactly 0" : "slope " + view.slope.toPrecision(2)}`);
  attribute(ui.atlas, "aria-label", `All 512 patterns: ${512 - sum.right} wrong; ${names.the}'s z is ${signed(sum.targetZ)}, the highest other's ${signed(sum.otherZ)}, separation gap ${signed(sum.gap)}`);
  describePlots(ui, view, plots);
  attribute(ui.pick, "aria-valuenow", String(view.pixels));
  attribute(ui.pick, "aria-valuetext", `pattern ${view.pixels}, distance ${view.places.distance[view.pixels]}, z ${signed(view.z)}, ${view.right ? "right" : "wrong"}`);
}
