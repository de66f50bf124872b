// What a screen reader gets instead of the pictures, written when they are at rest.
import { lossNumber, outputNumber, signed } from "./format.js";
import { attribute } from "./bench.js";
import { toldOf } from "./card.js";
import { zoneWords } from "./heap.js";

export function describe(ui, view) {
  const { sum, names } = view, loss = view.record.column.loss[view.row];
  attribute(ui.curve, "aria-label", `${view.head}: z ${signed(view.z)} gives ${outputNumber(view.output)}, ${view.slope === 0 ? "slope exactly 0" : "slope " + view.slope.toPrecision(2)}`);
  const zones = zoneWords(view).filter(Boolean).map(([count, words]) => `${count}: ${words}`).join("; ");
  attribute(ui.atlas, "aria-label", view.atlasView === "curve"
    ? `All 512 patterns on the ${view.head} curve: ${zones}; ${512 - sum.right} wrong; ${names.the}'s z is ${signed(sum.targetZ)}`
    : `All 512 patterns: ${512 - sum.right} wrong; ${names.the}'s z is ${signed(sum.targetZ)}, the highest other's ${signed(sum.otherZ)}, separation gap ${signed(sum.gap)}`);
  attribute(ui.loss, "aria-label", Number.isNaN(loss) ? "No loss: nothing was trained" : `Loss ${lossNumber(loss)} at epoch ${view.epoch}`);
  attribute(ui.outputs, "aria-label", `At epoch ${view.epoch} ${names.the}'s output is ${outputNumber(view.corner)}, the worst other's ${outputNumber(view.other)}`);
  attribute(ui.pick, "aria-valuenow", String(view.pixels));
  attribute(ui.pick, "aria-valuetext", toldOf(view, view.pixels));
}
