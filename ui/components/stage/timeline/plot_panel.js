// @ts-check
// The two plots' controls and readings: what each shows, on which scale, and the exact values at an epoch.
import { tr, trc } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { exactNumber, grouped } from "../canvas/format.js";
import { known } from "../canvas/terms.js";
import { namesFor } from "../core/messages.js";
import { ghostRow } from "../core/previous_run.js";
import { lastEpoch, rowAt } from "../core/record.js";
import { plotFrame } from "./line_plot.js";
import { MEASURES, measureOf, spoken } from "./series.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { State } from "../app/state.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 * @import { Names } from "../core/messages.js"
 * @import { PreviousRun } from "../core/previous_run.js"
 * @import { StageRecord } from "../core/record.js"
 * @import { Measure, PlotChoice } from "./series.js"
 */

export const PLOTS = ["upper", "lower"];

export const PLOT_COLUMNS = [...new Set(MEASURES.flatMap(m => m.series(namesFor([])).map(s => s.column)))];

// `S.plots` is what both show; `actions` offers redraw(), glance(), probe(epoch), seek(epoch, rest), runs(), last().
/** @type {(S: State, actions: Actions) => void} */
export function bindPlots(S, actions) {
  PLOTS.forEach((name, i) => {
    const { ui } = S;
    const choice = ui[`${name}Measure`];
    const log = ui[`${name}Log`];
    const field = ui[`${name}Field`];
    choice.addEventListener("change", () => {
      S.plots[i].measure = measureOf(choice.value);
      actions.redraw();
    });
    log.addEventListener("click", () => {
      const plot = S.plots[i];
      const id = plot.measure.id;
      plot.scales[id] = plot.scales[id] === "log" ? "linear" : "log";
      actions.redraw();
    });
    bindField(S, field, actions);
  });
  S.ui.ghost.addEventListener("click", () => {
    S.ghostShown = !S.ghostShown;
    actions.redraw();
  });
}

// Pointing reads, dragging scrubs, the focus reads at the playhead.
/** @type {(S: State, field: HTMLElement, actions: Actions) => void} */
function bindField(S, field, actions) {
  let held = false;
  /** @type {number | null} */
  let from = 0;
  const epochOf = ev => {
    const box = field.getBoundingClientRect();
    return Math.min(
      actions.last(),
      Math.round(plotFrame(box.width, box.height, actions.view(), false, S.k).epoch(ev.clientX - box.left)),
    );
  };
  field.addEventListener("pointerdown", ev => {
    if (ev.button !== 0 || !actions.runs()) return;
    ev.preventDefault();
    field.focus({ preventScroll: true });
    field.setPointerCapture(ev.pointerId);
    held = true;
    from = ev.clientX;
    if (ev.pointerType === "mouse") {
      actions.probe(epochOf(ev));
      actions.seek(epochOf(ev), 400);
    }
  });
  // A finger that goes up or down scrolls the page: it scrubs only once it goes sideways, or has just tapped.
  const scrubs = ev => held && (ev.pointerType === "mouse" || from === null || Math.abs(ev.clientX - from) > 4);
  field.addEventListener("pointermove", ev => {
    if (!S.record || (held && !scrubs(ev))) return;
    actions.probe(epochOf(ev));
    if (held) {
      from = null;
      actions.seek(epochOf(ev), 400);
    }
  });
  field.addEventListener("pointerup", ev => {
    if (held) actions.seek(epochOf(ev), 0);
  });
  for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
    field.addEventListener(type, ev => {
      held = false;
      if (ev.pointerType !== "mouse") actions.probe(null);
    });
  field.addEventListener("pointerleave", () => {
    if (!held) actions.probe(null);
  });
  for (const type of ["focus", "blur"])
    field.addEventListener(type, () => {
      S.focused = type === "focus" && field.matches(":focus-visible");
      actions.glance();
    });
}

// The epoch that is read off: under the pointer, or at the playhead while a plot has the keyboard's focus.
/** @type {(S: State) => number | null} */
export function readingEpoch(S) {
  if (S.probed !== null) return Math.min(S.probed, lastEpoch(S.record));
  return S.focused ? S.view.epoch : null;
}

/** @type {(ui: Ui, view: View, plots: PlotChoice[], reading: number | null) => void} */
export function showPlots(ui, view, plots, reading) {
  const { ghost, names, record } = view;
  const row = reading === null ? -1 : rowAt(record, reading);
  ui.curves.classList.toggle("reading", reading !== null && ghost !== null);
  showGhost(ui, view);
  PLOTS.forEach((name, i) => {
    const { measure, scales } = plots[i];
    const log = ui[`${name}Log`];
    const only = measure.scales.length < 2;
    if (ui[`${name}Measure`].value !== measure.id) ui[`${name}Measure`].value = measure.id;
    for (const node of [ui[`${name}Measure`], ui[`${name}About`]]) attribute(node, "data-term", known(measure.term));
    attribute(log, "aria-pressed", String(scales[measure.id] === "log"));
    if (log.disabled !== only) log.disabled = only;
    attribute(
      log,
      "data-tip",
      only
        ? tr("{measure} has a linear axis only", { measure: measure.label })
        : measure.signed
          ? tr("Logarithmic beyond ±1, to both sides of 0")
          : tr("Logarithmic axis; an exact 0 lies on a line below it"),
    );
    const before = reading !== null && ghost ? ghostRow(ghost, reading) : null;
    put(
      ui[`${name}About`],
      before === null || ghost === null
        ? aboutWords(measure, view)
        : before < 0
          ? tr("before: ended at {epoch}", { epoch: grouped(ghost.last) })
          : tr("before {values}", {
              values: valuesOf(measure, ghost, before, names)
                .map(v => v[1])
                .join(" · "),
            }),
    );
    const box = ui[`${name}Read`];
    if (box.hidden !== row < 0) box.hidden = row < 0;
    if (row < 0) return;
    const lines = [
      [tr("epoch {epoch}", { epoch: grouped(record.column.epoch[row]) }), ""],
      ...valuesOf(measure, record, row, names).flatMap(([n, v, colour], _, all) =>
        all.length > 1
          ? [
              [n, colour],
              [v, colour],
            ]
          : [[v, colour]],
      ),
    ];
    while (box.children.length < lines.length) box.append(document.createElement("span"));
    [...box.children].forEach((line, j) => {
      put(line, lines[j]?.[0] ?? "");
      attribute(line, "class", lines[j]?.[1] ?? "");
    });
  });
}

// What the measure is; while the bench has other weights than the run's row, that the plots do not show them.
/** @type {(measure: Measure, view: Pick<View, "edited" | "names" | "record">) => string} */
export function aboutWords(measure, { edited, names, record }) {
  if (!edited) return measure.about(names);
  return record.header.status === "set" ? tr("as set, unedited") : tr("the run, unedited");
}

/** @type {(ui: Ui, view: View) => void} */
function showGhost(ui, { ghostKept, ghost }) {
  if (ui.ghost.hidden !== !ghostKept) ui.ghost.hidden = !ghostKept;
  if (!ghostKept) return;
  // A title may be as long as three remedies together: the pill says it by its tip, also to a finger.
  const { title } = ghostKept;
  put(ui.ghostName, trc("the run before this one", "before"));
  attribute(ui.ghost, "aria-label", tr("before: {title}", { title }));
  attribute(ui.ghost, "aria-pressed", String(ghost !== null));
  attribute(
    ui.ghost,
    "data-tip",
    ghost
      ? tr("Hide the run before this one: {title}", { title })
      : tr("Show the run before this one: {title}", { title }),
  );
}

// [name, number, colour] of each series, the one that matters first.
/** @type {(measure: Measure, record: StageRecord | PreviousRun, row: number, names: Names) => [string, string, string][]} */
function valuesOf(measure, record, row, names) {
  return measure
    .series(names)
    .reverse()
    .map(s => {
      const v = record.column[s.column][row];
      const none = Number.isNaN(v) && record.rows === 1 && measure.none;
      return [none ? "" : s.name, none || exactNumber(v), s.colour];
    });
}

// Text alternatives, written at rest.
/** @type {(ui: Ui, view: View, plots: PlotChoice[]) => void} */
export function describePlots(ui, view, plots) {
  const { record, row, ghost, names } = view;
  const last = lastEpoch(record);
  PLOTS.forEach((name, i) => {
    const { measure, scales } = plots[i];
    const was = ghost ? ghostRow(ghost, view.epoch) : -1;
    const now = spoken(measure, record, row, names);
    const said =
      was < 0 || ghost === null
        ? now
        : tr("{now}; before: {earlier}", { now, earlier: spoken(measure, ghost, was, names) });
    const told = { measure: measure.label, epoch: grouped(view.epoch), said };
    attribute(
      ui[name],
      "aria-label",
      scales[measure.id] === "log"
        ? tr("{measure}, logarithmic axis; at epoch {epoch}: {said}", told)
        : tr("{measure}, linear axis; at epoch {epoch}: {said}", told),
    );
    attribute(
      ui[`${name}Field`],
      "aria-label",
      name === "upper"
        ? tr("{measure} at an epoch, upper plot", { measure: measure.label })
        : tr("{measure} at an epoch, lower plot", { measure: measure.label }),
    );
    attribute(ui[`${name}Field`], "aria-valuemax", String(last));
    attribute(ui[`${name}Field`], "aria-valuenow", String(view.epoch));
    attribute(ui[`${name}Field`], "aria-valuetext", tr("epoch {epoch}: {said}", { epoch: grouped(view.epoch), said }));
  });
}
