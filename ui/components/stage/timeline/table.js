// @ts-check
// The row at the playhead as a table, for reading and for screen readers; written when the pictures are at rest.
import { tr } from "../../language/tr.js";
import { put } from "../canvas/dom.js";
import { gapNumber, grouped, lossNumber, outputNumber, percent, signed } from "../canvas/format.js";
import { defined, TERMS } from "../canvas/terms.js";
import { numberLayout } from "../network/number_layout.js";
import { markerText } from "./markers.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 */

export const TABLE = `
<details class="row" id="row"><summary>${tr("Numbers at this epoch")}</summary>
  <table aria-label="${tr("Numbers at this epoch")}"><tbody id="rowBody"></tbody></table></details>`;

// [name, value] for everything that the stage shows of a row, and what has happened up to the last epoch that was seen,
// with the term that explains it: on a phone nothing else has its words.
/** @type {(view: View) => [string, string, string?][]} */
export function rowOf(view) {
  const { record, row, sum, names, weights, edited } = view;
  const { column } = record;
  const epoch = grouped(view.epoch);
  const measured = (name, format) =>
    edited || Number.isNaN(column[name]?.[row] ?? NaN) ? tr("not measured") : format(column[name][row]);
  return [
    [tr("Epoch"), edited ? tr("{epoch}, weights changed by hand", { epoch }) : epoch],
    [tr("Loss"), measured("loss", lossNumber)],
    [tr("Output of {target}", { target: names.the }), edited ? outputNumber(view.lowest) : outputNumber(view.corner)],
    [tr("Highest other output"), edited ? outputNumber(view.highest) : outputNumber(view.other)],
    [tr("Right"), tr("{count} of 512", { count: sum.right })],
    [tr("Targets found, missed"), `${sum.tp}, ${sum.fn}`],
    [tr("Others called, rejected"), `${sum.fp}, ${sum.tn}`],
    [tr("Separation gap"), gapNumber(sum.gap)],
    [tr("Live fraction"), measured("live_fraction", percent)],
    [tr("Gradient norm, targets"), measured("gradient_targets", lossNumber)],
    [tr("Gradient norm, others"), measured("gradient_others", lossNumber)],
    ...kernelRows(weights),
    ...happened(view),
  ];
}

/** @type {(weights: ArrayLike<number>) => [string, string][]} */
function kernelRows(weights) {
  const { kernels, bias, w2, b2 } = numberLayout(weights.length);
  const numbers = Array.from(weights, v => signed(v));
  const kernelText = k => [0, 3, 6].map(i => numbers.slice(9 * k + i, 9 * k + i + 3).join("  ")).join(" / ");
  if (kernels === 1)
    return [
      [tr("Kernel"), kernelText(0)],
      [tr("Bias, w₂, b₂"), numbers.slice(bias, b2 + 1).join(", ")],
    ];
  /** @type {(k: number) => [string, string][]} */
  const rows = k => [
    [tr("Kernel {number}", { number: k + 1 }), kernelText(k)],
    [tr("Bias, w₂ of kernel {number}", { number: k + 1 }), `${numbers[bias + k]}, ${numbers[w2 + k]}`],
  ];
  return [...Array.from({ length: kernels }, (_, k) => rows(k)).flat(), ["b₂", numbers[b2]]];
}

/** @type {(view: View) => [string, string, string][]} */
function happened({ record, names, reached }) {
  return (record.header.markers ?? [])
    .filter(marker => marker.epoch <= reached)
    .map(marker => {
      const text = markerText(marker, names);
      const term = marker.kind in TERMS ? marker.kind : "";
      return [text[0].toUpperCase() + text.slice(1), tr("epoch {epoch}", { epoch: grouped(marker.epoch) }), term];
    });
}

/** @type {(ui: Ui, view: View) => void} */
export function showTable(ui, view) {
  const rows = rowOf(view);
  while (ui.rowBody.rows.length < rows.length) {
    const line = ui.rowBody.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    line.append(name);
    line.insertCell();
  }
  while (ui.rowBody.rows.length > rows.length) ui.rowBody.deleteRow(-1);
  rows.forEach(([name, value, term = ""], i) => {
    const [head, cell] = ui.rowBody.rows[i].cells;
    if ((head.dataset.word ?? "") !== term) {
      head.dataset.word = term;
      head.innerHTML = term ? defined(term, "") : "";
    }
    put(head.firstElementChild ?? head, name);
    put(cell, value);
  });
}
