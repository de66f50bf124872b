// The run before this one, kept to be drawn behind it. Pure.
import { rowAt } from "./record.js";

// Only what plots draw is copied: the weights are let go.
export function ghostOf(record, columns) {
  const column = Object.fromEntries(["epoch", ...columns].map(name => [name, record.column[name].slice()]));
  const ghost = {
    id: `${record.header.run}:${record.rows}`,
    title: record.header.title,
    rows: record.rows,
    last: column.epoch[record.rows - 1],
    column,
    kept: {},
  };
  ghost.rowsWithin = epoch => rowAt(ghost, epoch) + 1;
  return ghost;
}

// The ghost after `record` gives way to a run called `run`: one with a course takes the place, any other leaves it as it is.
export function ghostAfter(ghost, record, run, columns) {
  return record && record.header.run !== run && record.rows > 1 ? ghostOf(record, columns) : ghost;
}

// The ghost's row at an epoch, or -1 where it had already ended.
export function ghostRow(ghost, epoch) {
  return epoch > ghost.last ? -1 : rowAt(ghost, epoch);
}
