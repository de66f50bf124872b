// @ts-check
// A recorded run: u32 header length, JSON header, float32 columns one after another. Pure.
import { recordedNames } from "../network/number_layout.js";

/**
 * @import { Hidden } from "../network/forward.js"
 */

/**
 * What Python tells beside the columns; `Header` in corner_lab/export/stage_record.py says what each field means, and a
 * test holds that both name the same. `rows` and `columns` are added where it is packed.
 *
 * @typedef {object} RecordHeader
 * @property {number[]} target
 * @property {"hard_sigmoid" | "sigmoid" | "linear" | "softmax"} head
 * @property {"as_asked" | "aligned"} labels
 * @property {boolean} second_conv
 * @property {number} kernels
 * @property {Hidden} hidden
 * @property {number} threshold
 * @property {string} run
 * @property {number[]} held
 * @property {boolean} growing
 * @property {string} status
 * @property {number} last
 * @property {number} planned
 * @property {string} title
 * @property {{ w_max: number | null, z_low: number | null, z_high: number | null }} edges null where a run diverged
 * @property {{ kind: string, epoch: number, text: string }[]} markers
 * @property {{ text: string, loss: number }[]} references
 * @property {Record<"start" | "end" | "running", [string, string]>} say
 * @property {boolean} autoplay
 * @property {number} format
 * @property {number} tick
 * @property {string} notice
 * @property {boolean} loading
 * @property {"" | "tensorflow" | "queued" | "compiling" | "training"} phase
 * @property {number} pressed
 * @property {number | null} ask
 * @property {number} answer
 * @property {Record<string, { id: string, text: string, primary: boolean }[]>} actions
 * @property {number | null} pixels
 * @property {number[] | null} weights
 * @property {number[]} locks
 * @property {number} rev
 * @property {number | null} at
 * @property {boolean} arriving
 * @property {boolean} awaited
 * @property {boolean} leads
 * @property {Record<string, string>} words
 * @property {number} home
 * @property {number[]} wanted
 * @property {string} session
 * @property {boolean} fresh
 * @property {{ text: string, corners: [number, number, string][] } | null} scene
 * @property {string[] | null} parts
 * @property {boolean} guest
 * @property {number} rows
 * @property {string[]} columns
 */

/**
 * @typedef {object} StageRecord
 * @property {RecordHeader} header
 * @property {number} rows
 * @property {Record<string, Float32Array>} column
 * @property {Float32Array[]} weights the numbers of the bench, column by column
 * @property {Record<string, any>} kept what was computed from the columns once
 */

// The format that this reads; `FORMAT` in corner_lab/export/stage_record.py.
export const FORMAT = 1;

// The header as text, without touching the columns: equal text means that nothing changed.
/** @type {(bytes: Uint8Array) => string} */
export function headerText(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  return new TextDecoder().decode(bytes.subarray(4, 4 + length));
}

/** @type {(bytes: Uint8Array) => StageRecord} */
export function unpacked(bytes) {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = { kernels: 1, hidden: "none", ...JSON.parse(headerText(bytes)) };
  const rows = header.rows;
  const column = {};
  // The bytes arrive as a view into a larger message, at any offset: a copy is aligned.
  const floats = new Float32Array(bytes.slice(start, start + 4 * rows * header.columns.length).buffer);
  header.columns.forEach((name, i) => {
    column[name] = floats.subarray(i * rows, (i + 1) * rows);
  });
  return {
    header,
    rows,
    column,
    weights: recordedNames(header.kernels, column).map(name => column[name]),
    kept: {},
  };
}

/** @type {(record: StageRecord, row: number, out?: Float64Array) => Float64Array} */
export function weightsAt(record, row, out = new Float64Array(record.weights.length)) {
  for (let i = 0; i < out.length; i++) out[i] = record.weights[i][row];
  return out;
}

// The last row whose epoch is not after `epoch`: in a complete record row e is epoch e, a thinned one is searched.
/** @type {(record: Pick<StageRecord, "rows" | "column">, epoch: number) => number} */
export function rowAt(record, epoch) {
  const epochs = record.column.epoch;
  const wanted = Math.floor(epoch + 1e-6);
  if (wanted < record.rows && epochs[wanted] === wanted) return Math.max(0, wanted);
  let low = 0;
  let high = record.rows - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (epochs[middle] <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

// The epoch of that row, and the last one there is.
/** @type {(record: StageRecord, epoch: number) => number} */
export function epochAt(record, epoch) {
  return record.column.epoch[rowAt(record, epoch)];
}

/** @type {(record: StageRecord) => number} */
export function lastEpoch(record) {
  return record.column.epoch[record.rows - 1];
}

// Rows to draw, at most two per bin of the epoch axis: each bin keeps its lowest and its highest value, in order.
// `epochAt` maps 0..1 to an epoch: asked once per bin, not per row.
/** @type {(values: Float32Array, epochs: Float32Array, epochAt: (share: number) => number, bins?: number) => number[]} */
export function thinned(values, epochs, epochAt, bins = 1000) {
  if (values.length <= bins) return Array.from(values.keys());
  const rows = [];
  for (let bin = 1, i = 0; i < values.length; bin++) {
    const end = bin < bins ? epochAt(bin / bins) : Infinity;
    const first = i;
    let low = -1;
    let high = -1;
    for (; i < values.length && epochs[i] < end; i++) {
      const v = values[i];
      if (!Number.isFinite(v)) continue;
      if (low < 0 || v < values[low]) low = i;
      if (high < 0 || v > values[high]) high = i;
    }
    if (i === first) continue;
    if (low < 0)
      rows.push(first); // nothing but NaN: the line breaks here
    else if (low === high) rows.push(low);
    else rows.push(Math.min(low, high), Math.max(low, high));
  }
  return rows;
}

// Lowest and highest finite value, optionally above a floor (a log axis has no room for 0).
/** @type {(values: Float32Array, floor?: number) => [number, number] | null} */
export function extremes(values, floor = -Infinity) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!(v > floor) || v === Infinity) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : null;
}
