// @ts-check
// The run before this one, kept to be drawn behind it. Pure.
import { rowAt } from "./record.js";

/**
 * @import { StageRecord } from "./record.js"
 */

/**
 * @typedef {object} PreviousRun
 * @property {string} id
 * @property {string} title
 * @property {number} rows
 * @property {number} last its last epoch
 * @property {Record<string, Float32Array>} column
 * @property {Record<string, any>} kept
 * @property {(epoch: number) => number} rowsWithin how many rows lie up to an epoch
 */

// Only what plots draw is copied: the weights are let go.
/** @type {(record: StageRecord, columns: string[]) => PreviousRun} */
export function ghostOf(record, columns) {
  const column = Object.fromEntries(["epoch", ...columns].map(name => [name, record.column[name].slice()]));
  const ghost = {
    id: `${record.header.run}:${record.rows}`,
    title: record.header.title,
    rows: record.rows,
    last: column.epoch[record.rows - 1],
    column,
    kept: {},
    /** @type {PreviousRun["rowsWithin"]} */
    rowsWithin: epoch => rowAt(ghost, epoch) + 1,
  };
  return ghost;
}

// The ghost after `record` gives way to a run called `run`: one with a course takes the place, any other leaves it as it is.
/** @type {(ghost: PreviousRun | null, record: StageRecord | null, run: string, columns: string[]) => PreviousRun | null} */
export function ghostAfter(ghost, record, run, columns) {
  return record && record.header.run !== run && record.rows > 1 ? ghostOf(record, columns) : ghost;
}

// The ghost's row at an epoch, or -1 where it had already ended.
/** @type {(ghost: PreviousRun, epoch: number) => number} */
export function ghostRow(ghost, epoch) {
  return epoch > ghost.last ? -1 : rowAt(ghost, epoch);
}
