// What a screen reader gets instead of the pictures, written when they are at rest.
import { lossNumber, outputNumber, signed } from "./format.js";
import { attribute } from "./bench.js";

export function describe(ui, view) {
  const { sum, names } = view, loss = view.record.column.loss[view.row];
  attribute(ui.curve, "aria-label", `${view.head}: z ${signed(view.z)} gives ${outputNumber(view.output)}, ${view.slope === 0 ? "slope exactly 0" : "slope " + view.slope.toPrecision(2)}`);
  attribute(ui.atlas, "aria-label", `All 512 patterns: ${512 - sum.right} wrong; ${names.the}'s z is ${signed(sum.targetZ)}, the highest other's ${signed(sum.otherZ)}, separation gap ${signed(sum.gap)}`);
  attribute(ui.loss, "aria-label", Number.isNaN(loss) ? "No loss: nothing was trained" : `Loss ${lossNumber(loss)} at epoch ${view.epoch}`);
  attribute(ui.outputs, "aria-label", `At epoch ${view.epoch} ${names.the}'s output is ${outputNumber(view.corner)}, the worst other's ${outputNumber(view.other)}`);
  attribute(ui.pick, "aria-valuenow", String(view.pixels));
  attribute(ui.pick, "aria-valuetext", `pattern ${view.pixels}, distance ${view.places.distance[view.pixels]}, z ${signed(view.z)}, ${view.right ? "right" : "wrong"}`);
}
