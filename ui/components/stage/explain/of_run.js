// @ts-check
// What the terms of time come to: of the run's row at the playhead, and of a marker. Pure.
import { tr } from "../../language/tr.js";
import { gapNumber, grouped, lossNumber, outputNumber, percent } from "../canvas/format.js";

/**
 * @import { View } from "../core/frame_view.js"
 * @import { Where } from "./explained.js"
 */

/** @type {Record<string, (view: View) => string>} */
export const TIME_SENTENCES = {
  epoch: ({ record: { header }, epoch, axis }) =>
    header.status === "set"
      ? ""
      : tr("Epoch {epoch} of {end}: so often training has passed over its data by here.", {
          epoch: grouped(epoch),
          end: grouped(axis.end),
        }),
};

// Of the run's row at the playhead, whatever is on the bench.
/** @type {Record<string, (view: View) => string>} */
export const OF_RUN = {
  loss: view => {
    const loss = rowValue(view, "loss");
    if (Number.isNaN(loss)) return "";
    return view.epoch
      ? tr("Keras's mean over the batches of epoch {epoch}: {loss}.", {
          epoch: grouped(view.epoch),
          loss: lossNumber(loss),
        })
      : tr("Keras's loss of the weights before training: {loss}.", { loss: lossNumber(loss) });
  },
  "worst-other": view =>
    tr("{when} the highest output of a pattern that is no target is {other}; {target}'s is {corner}.", {
      when: when(view),
      other: outputNumber(view.other),
      target: view.names.the,
      corner: outputNumber(view.corner),
    }),
  recall: view =>
    tr("{when} {share} of the targets are called {is}.", {
      when: when(view),
      share: percent(rowValue(view, "recall")),
      is: view.names.is,
    }),
  "separation-gap": view =>
    tr(
      "{when} the lowest z of a target is {gap} from the highest z of an other; above 0 some threshold separates them.",
      { when: when(view), gap: gapNumber(rowValue(view, "gap")) },
    ),
  "live-fraction": view =>
    tr("{when} {share} of the 512 patterns lie where {head} has a slope other than 0.", {
      when: when(view),
      share: percent(rowValue(view, "live_fraction")),
      head: view.head,
    }),
  gradient: view => {
    const [targets, others] = ["gradient_targets", "gradient_others"].map(name => rowValue(view, name));
    if (Number.isNaN(targets)) return "";
    return tr("{when} the targets contribute a gradient of length {targets}, the others one of {others}.", {
      when: when(view),
      targets: lossNumber(targets),
      others: lossNumber(others),
    });
  },
};

// Of a marker on the timeline, which carries its epoch.
/** @type {Record<string, (view: View, where: Where) => string>} */
export const MARKER_SENTENCES = {
  solved: (_, where) =>
    tr("At epoch {epoch} all 512 patterns are right for the first time.", { epoch: markedEpoch(where) }),
  died: (view, where) =>
    tr("From epoch {epoch} on {target}'s z lies where {head} is flat, so its gradient is exactly 0.", {
      epoch: markedEpoch(where),
      target: view.names.the,
      head: view.head,
    }),
  collapsed: (view, where) =>
    tr("From epoch {epoch} on every pattern is rejected, {target} with an output below 0.1.", {
      epoch: markedEpoch(where),
      target: view.names.the,
    }),
  diverged: (_, where) =>
    tr("After epoch {epoch} the weights became infinite or not a number; the run ends there.", {
      epoch: markedEpoch(where),
    }),
};

/** @type {(where: Where) => string} */
function markedEpoch({ epoch }) {
  return grouped(Number(epoch));
}

/** @type {(view: View, column: string) => number} */
function rowValue({ record, row }, column) {
  return record.column[column][row];
}

/** @type {(view: View) => string} */
function when(view) {
  return view.record.header.status === "set" ? tr("Now") : tr("At epoch {epoch}", { epoch: grouped(view.epoch) });
}
