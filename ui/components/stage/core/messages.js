// @ts-check
// What the stage says: names for the target, the sentence, its reason, the buttons. Pure.
import { tr } from "../../language/tr.js";
import { grouped, outputNumber } from "../canvas/format.js";

/**
 * @import { View } from "./frame_view.js"
 * @import { StageRecord } from "./record.js"
 */

/**
 * @typedef {Record<"the" | "opens" | "star" | "line" | "is" | "isNot" | "from", string>} Names what the target is called;
 *   `opens`: at the beginning of a sentence
 * @typedef {{ id: string, text: string, primary: boolean, busy: boolean }} Button `busy`: pressed, and not answered yet
 */

// The pressed button, until Python has heard and the last of the run has come.
export const STOPPING = tr("Stopping…");

// Whether the target is the question's own, the one corner.
/** @type {(targets: number[]) => boolean} */
export function isTheCorner(targets) {
  return targets.length === 1 && targets[0] === 432;
}

// The one corner has its own name; any other target is "the target", of several the lowest speaks for all.
/** @type {(targets: number[]) => Names} */
export function namesFor(targets) {
  if (isTheCorner(targets)) {
    return {
      the: tr("the corner"),
      opens: tr("The corner"),
      star: tr("the corner"),
      line: tr("the corner"),
      is: tr("corner"),
      isNot: tr("not a corner"),
      from: tr("the corner"),
    };
  }
  if (targets.length === 1)
    return {
      the: tr("the target"),
      opens: tr("The target"),
      star: tr("the target"),
      line: tr("the target"),
      is: tr("target"),
      isNot: tr("not a target"),
      from: tr("the target"),
    };
  return {
    the: tr("the lowest target"),
    opens: tr("The lowest target"),
    star: tr("lowest target"),
    line: tr("lowest target"),
    is: tr("target"),
    isNot: tr("not a target"),
    from: tr("the nearest target"),
  };
}

// While the connection is away, and nothing was pressed.
export const CONNECTION_AWAY = tr(
  "The connection to the server is gone. Bench and curves work without it; the rest follows once it is back.",
);

// Of a press that Python has not answered. `away`: the connection is; `loading`: TensorFlow is still starting.
/** @type {(cause: { away: boolean, loading: boolean }) => string} */
export function unansweredSentence({ away, loading }) {
  if (away) return tr("The connection to the server is gone. Your press is kept, and sent once it is back.");
  return loading
    ? tr("The server has not answered yet. It is starting TensorFlow; your press is kept.")
    : tr("The server has not answered yet. It may be busy training for others; your press is kept.");
}

// "start": weights that were set, no run yet · "edited" · "playing" · "between": paused on the way · "end".
/** @type {(view: { record: StageRecord, edited: boolean, playing: boolean, row: number }) => "start" | "edited" | "playing" | "between" | "end"} */
export function situation(view) {
  const { header } = view.record;
  if (view.edited) return "edited";
  if (header.rows === 1 && header.status === "set") return "start";
  if (view.playing) return "playing";
  return !header.growing && view.row === header.rows - 1 ? "end" : "between";
}

// [sentence, reason]: short, true, quoting this run. The ending is told only when the playhead gets there.
/** @type {(view: View) => [string, string]} */
export function outcome(view) {
  const { header } = view.record;
  const { say, title } = header;
  const where = situation(view);
  const { sum, names } = view;
  const { right } = sum;
  const corner = outputNumber(view.corner);
  if (where === "edited")
    return [
      tr("Your weights: {right} of 512 right", { right }),
      tr("Nothing is trained. {Target}'s z is {z}, the highest other's {other}.", {
        Target: names.opens,
        z: view.signedTarget,
        other: view.signedOther,
      }),
    ];
  if (where === "start" && say.start?.length) return say.start;
  if (where === "end" && say.end?.length) return say.end;
  if (where === "playing")
    return [
      say.running?.[0] || title,
      tr("{right} of 512 right; {target}'s output is {output}.", { right, target: names.the, output: corner }),
    ];
  return [
    countedRight(view),
    tr("{Target}'s output is {output}, the worst other's {other}.", {
      Target: names.opens,
      output: corner,
      other: outputNumber(view.other),
    }),
  ];
}

/** @type {(view: View) => string} */
function countedRight({ sum: { right, fn }, names, epoch }) {
  const counts = { epoch: grouped(epoch), right, target: names.the };
  if (!fn) return tr("Epoch {epoch}: {right} of 512 right", counts);
  return fn === 1
    ? tr("Epoch {epoch}: {right} of 512 right, {target} rejected", counts)
    : tr("Epoch {epoch}: {right} of 512 right, targets rejected", counts);
}

// Those that train what is set, from where they say: what is locked on the bench is told too.
const TRAINING = ["train", "bench"];

// The buttons of this situation; while a run grows they are its own ("running"), and at most one is primary.
/** @type {(view: View) => Button[]} */
export function actionsFor(view) {
  const { actions = {}, growing } = view.record.header;
  const where = situation(view);
  let list = actions[where === "playing" ? "playing" : where] ?? actions.between ?? [];
  if (growing && where !== "edited") list = actions.running ?? [];
  let filled = false;
  return list.map(a => {
    const primary = Boolean(a.primary) && !filled;
    filled ||= primary;
    const locked = TRAINING.includes(a.id) && view.locks?.size;
    const text = locked ? tr("{action}: {count} locked", { action: a.text, count: locked }) : a.text;
    return {
      id: a.id,
      text: a.id === "stop" && view.stopping ? STOPPING : text,
      primary,
      busy: a.id === view.pressed,
    };
  });
}
