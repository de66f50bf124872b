// @ts-check
// What the stage says: names for the target, the sentence, its reason, the buttons. Pure.
import { grouped, outputNumber } from "../canvas/format.js";

/**
 * @import { View } from "./frame_view.js"
 * @import { StageRecord } from "./record.js"
 */

/**
 * @typedef {Record<"the" | "star" | "line" | "is" | "isNot" | "from", string>} Names what the target is called
 * @typedef {{ id: string, text: string, primary: boolean, busy: boolean }} Button `busy`: pressed, and not answered yet
 */

// The pressed button, until Python has heard and the last of the run has come.
export const STOPPING = "Stopping…";

// The one corner has its own name; any other target is "the target", of several the lowest speaks for all.
/** @type {(targets: number[]) => Names} */
export function namesFor(targets) {
  if (targets.length === 1 && targets[0] === 432) {
    return {
      the: "the corner",
      star: "the corner",
      line: "the corner",
      is: "corner",
      isNot: "not a corner",
      from: "the corner",
    };
  }
  if (targets.length === 1)
    return {
      the: "the target",
      star: "the target",
      line: "the target",
      is: "target",
      isNot: "not a target",
      from: "the target",
    };
  return {
    the: "the lowest target",
    star: "lowest target",
    line: "lowest target",
    is: "target",
    isNot: "not a target",
    from: "the nearest target",
  };
}

// While the connection is away, and nothing was pressed.
export const CONNECTION_AWAY =
  "The connection to the server is gone. Bench and curves work without it; the rest follows once it is back.";

// Of a press that Python has not answered. `away`: the connection is; `loading`: TensorFlow is still starting.
/** @type {(cause: { away: boolean, loading: boolean }) => string} */
export function unansweredSentence({ away, loading }) {
  if (away) return "The connection to the server is gone. Your press is kept, and sent once it is back.";
  const why = loading ? "It is starting TensorFlow" : "It may be busy training for others";
  return `The server has not answered yet. ${why}; your press is kept.`;
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
  const right = `${sum.right} of 512 right`;
  const loaded = value => outputNumber(value);
  if (where === "edited")
    return [
      `Your weights: ${right}`,
      `Nothing is trained. ${names.the[0].toUpperCase() + names.the.slice(1)}'s z is ${view.signedTarget}, the highest other's ${view.signedOther}.`,
    ];
  if (where === "start" && say.start?.length) return say.start;
  if (where === "end" && say.end?.length) return say.end;
  if (where === "playing")
    return [say.running?.[0] || title, `${right}; ${names.the}'s output is ${loaded(view.corner)}.`];
  const rejected = sum.fn ? `, ${sum.fn === 1 ? names.the : "targets"} rejected` : "";
  return [
    `Epoch ${grouped(view.epoch)}: ${right}${rejected}`,
    `${names.the[0].toUpperCase() + names.the.slice(1)}'s output is ${loaded(view.corner)}, the worst other's ${loaded(view.other)}.`,
  ];
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
    const locked = TRAINING.includes(a.id) && view.locks?.size ? `: ${view.locks.size} locked` : "";
    const text = a.id === "stop" && view.stopping ? STOPPING : a.text + locked;
    return { id: a.id, text, primary, busy: a.id === view.pressed };
  });
}
