// @ts-check
// What is waited for, from a press to the end of training. Pure.
import { tr } from "../../language/tr.js";
import { grouped } from "../canvas/format.js";

/**
 * @import { RecordHeader } from "./record.js"
 */

/** @typedef {{ share: number | null, text: string, alone: boolean }} Progress `share`: from 0 to 1, null where nobody knows; `alone`: in place of the reason */

/**
 * @typedef {{ at: number, of: string, awaits: boolean, pressedAt: number | null }} Waiting since when, in ms, what is waited
 *   for is: the run `of`, "" as long as it has no row; `awaits`: another one is to take its place
 */

// Since when: a press of a button that trains begins anew, and so does a run that takes another's place unbidden.
// `pressedAt`: when such a press was made that has no answer yet.
/** @type {(before: Waiting | null, header: Pick<RecordHeader, "run" | "awaited">, pressedAt: number | null, now: number) => Waiting} */
export function waitingSince(before, { run, awaited }, pressedAt, now) {
  const of = awaited ? "" : run;
  if (pressedAt !== null && pressedAt !== before?.pressedAt) return { at: pressedAt, of, awaits: true, pressedAt };
  if (!before) return { at: now, of, awaits: awaited, pressedAt };
  if (of === before.of) return before;
  return { ...before, at: before.awaits ? before.at : now, of, awaits: awaited };
}

const TOLD_AFTER = 2; // s after which training is told in words

// `pressed`: a button was, and Python has not answered; `seconds` since that began. Null where nothing is waited for.
/** @type {(header: Pick<RecordHeader, "phase" | "growing" | "last" | "planned">, pressed: boolean, seconds: number) => Progress | null} */
export function progressOf({ phase, growing, last, planned }, pressed, seconds) {
  const elapsed = seconds >= 1 ? tr("{seconds} s", { seconds: grouped(Math.floor(seconds)) }) : "";
  if (phase === "training" && growing) {
    const told = seconds >= TOLD_AFTER;
    const text = tr("Training: {last} of {planned} epochs · {elapsed}", {
      last: grouped(last),
      planned: grouped(planned),
      elapsed,
    });
    return { share: planned ? last / planned : null, text: told ? text : "", alone: told };
  }
  if (!phase && !pressed) return null;
  return { share: null, text: elapsed, alone: Boolean(phase) };
}
