// @ts-check
// Every 3x3 patch of a binary picture is one of the 512 patterns: a picture is an array of their indices. Pure.

/**
 * @import { Bitmap } from "./bitmap.js"
 */

// The pattern around every cell, zeros beyond the border (Keras's padding "same"), row by row. A column of three cells is
// read once: it is the right one, the middle and the left one of three patches.
/** @type {(bitmap: Bitmap, out?: Uint16Array) => Uint16Array} */
export function patternIndices({ height, width, cells }, out = new Uint16Array(height * width)) {
  for (let row = 0; row < height; row++) {
    const at = row * width;
    const above = row > 0 ? at - width : -1;
    const below = row < height - 1 ? at + width : -1;
    let left = 0;
    let middle = threeAt(cells, above, at, below, 0);
    for (let column = 0; column < width; column++) {
      const right = column < width - 1 ? threeAt(cells, above, at, below, column + 1) : 0;
      out[at + column] = left | (middle << 1) | (right << 2);
      left = middle;
      middle = right;
    }
  }
  return out;
}

// Bits 0, 3 and 6: a column of the pattern.
/** @type {(cells: Uint8Array, above: number, at: number, below: number, column: number) => number} */
function threeAt(cells, above, at, below, column) {
  return (
    (above < 0 ? 0 : cells[above + column]) | (cells[at + column] << 3) | (below < 0 ? 0 : cells[below + column] << 6)
  );
}

// How often each of the 512 occurs.
/** @type {(indices: Uint16Array) => Int32Array} */
export function patternCounts(indices) {
  const counts = new Int32Array(512);
  for (let i = 0; i < indices.length; i++) counts[indices[i]]++;
  return counts;
}
