// @ts-check
// The playhead over a record. Pure: time comes in, a new playhead comes out.
import { tr } from "../../language/tr.js";
import { rowAt } from "./record.js";

/**
 * @import { EpochAxis } from "../canvas/axis.js"
 * @import { StageRecord } from "./record.js"
 */

/**
 * @typedef {{ epoch: number, playing: boolean, held: number }} Playhead `held`: seconds not yet moved, with reduced motion
 * @typedef {{ id: string, text: string, perSecond?: number, seconds?: number }} Speed
 * @typedef {{ axis: EpochAxis, last: number, growing: boolean, calm: boolean }} Tape
 */

/** @type {Speed[]} */
export const SPEEDS = [
  { id: "1", text: tr("1 epoch/s"), perSecond: 1 },
  { id: "10", text: tr("10 epochs/s"), perSecond: 10 },
  { id: "100", text: tr("100 epochs/s"), perSecond: 100 },
  { id: "1000", text: tr("1,000 epochs/s"), perSecond: 1000 },
  { id: "in20", text: tr("all in 20 s"), seconds: 20 },
  { id: "in5", text: tr("all in 5 s"), seconds: 5 },
  { id: "once", text: tr("all at once"), seconds: 0 },
];

// With reduced motion the playhead still keeps its speed, but moves in steps of this many seconds.
export const STEP = 0.5;

/** @type {(epoch: number, playing?: boolean) => Playhead} */
export function playheadAt(epoch, playing = false) {
  return { epoch, playing, held: 0 };
}

// `dt` in seconds; `tape`: the epoch axis, the last recorded epoch, whether more will come, whether motion is reduced.
/** @type {(head: Playhead, dt: number, speed: Speed, tape: Tape) => Playhead} */
export function advanced(head, dt, speed, { axis, last, growing, calm }) {
  if (!head.playing) return head;
  let { epoch, held } = head;
  if (calm) {
    held += dt;
    if (held < STEP - 1e-9) return { ...head, held };
    dt = held;
  }
  if (speed.perSecond) epoch += speed.perSecond * dt;
  else epoch = speed.seconds ? axis.epoch(axis.u(epoch) + dt / speed.seconds) : last;
  const edge = epoch >= last - 1e-6;
  return { epoch: edge ? last : epoch, playing: !edge || growing, held: 0 };
}

// Whether it plays and stands at the end of what is recorded so far: nothing moves until there is more.
/** @type {(head: Playhead, tape: Pick<Tape, "last" | "growing">) => boolean} */
export function awaitsMore(head, { last, growing }) {
  return head.playing && growing && head.epoch >= last - 1e-6;
}

// `by` epochs on or back, exactly; where a record that still grows has no row for that epoch, at least to the next row it has.
/** @type {(record: StageRecord, epoch: number, by: number) => number} */
export function steppedEpoch(record, epoch, by) {
  const { epoch: epochs } = record.column;
  const here = rowAt(record, epoch);
  const there = rowAt(record, epochs[here] + by);
  const row = by > 0 ? Math.max(there, here + 1) : Math.min(there, here - 1);
  return epochs[Math.max(0, Math.min(record.rows - 1, row))];
}
