// @ts-check
// A record as a file holds it: `corner_lab/player/record_block.py` says how, and why.
import { headerText } from "../stage/core/record.js";
import { unfolded } from "./unfold.js";

/** @type {(text: string) => Promise<Uint8Array>} */
export async function unfoldedRecord(text) {
  return restored(await unfolded(text));
}

// The record that the stage reads: each column's words added up twice, from four planes of bytes.
/** @type {(block: Uint8Array) => Uint8Array} */
export function restored(block) {
  const header = headerText(block);
  const { rows, columns } = JSON.parse(header);
  const record = block.slice();
  const start = 4 + new DataView(block.buffer, block.byteOffset).getUint32(0, true);
  const view = new DataView(record.buffer);
  for (let column = 0; column < columns.length; column++) {
    const at = start + 4 * rows * column;
    let [step, value] = [0, 0];
    for (let row = 0; row < rows; row++) {
      let word = 0;
      for (let plane = 3; plane >= 0; plane--) word = (word << 8) | block[at + plane * rows + row];
      step = (step + word) | 0;
      value = (value + step) | 0;
      view.setInt32(at + 4 * row, value, true);
    }
  }
  return record;
}
