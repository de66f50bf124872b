// @ts-check
// A binary picture and what the drawing tools make of it: each gives a new picture. Rows and columns from 0. Pure.

/** @typedef {{ height: number, width: number, cells: Uint8Array }} Bitmap `cells`: 0 or 1, row by row */

export const LEAST_SIDE = 3;
export const MOST_SIDE = 256;

/** @type {(height: number, width: number) => Bitmap} */
export function blankBitmap(height, width) {
  return { height, width, cells: new Uint8Array(height * width) };
}

/** @type {(bitmap: Bitmap, row: number, column: number) => boolean} */
export function insideBitmap({ height, width }, row, column) {
  return row >= 0 && column >= 0 && row < height && column < width;
}

// Filled from one corner to the opposite one, both among it.
/** @type {(bitmap: Bitmap, from: [number, number], to: [number, number]) => Bitmap} */
export function withRectangle({ height, width, cells }, from, to) {
  const next = cells.slice();
  const [left, right] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  for (let row = Math.min(from[0], to[0]); row <= Math.max(from[0], to[0]); row++)
    next.fill(1, row * width + left, row * width + right + 1);
  return { height, width, cells: next };
}

// A stroke of the pencil (1) or the eraser (0): every cell on the straight way, its ends among them (Bresenham).
/** @type {(bitmap: Bitmap, from: [number, number], to: [number, number], value: number) => Bitmap} */
export function withStroke({ height, width, cells }, from, to, value) {
  const next = cells.slice();
  let [row, column] = from;
  const down = Math.abs(to[0] - row);
  const across = Math.abs(to[1] - column);
  let error = across - down;
  for (;;) {
    next[row * width + column] = value;
    if (row === to[0] && column === to[1]) return { height, width, cells: next };
    const twice = 2 * error;
    if (twice > -down) {
      error -= down;
      column += Math.sign(to[1] - column);
    }
    if (twice < across) {
      error += across;
      row += Math.sign(to[0] - row);
    }
  }
}

// The cell and all of its kind that it touches by an edge, turned into the other kind.
/** @type {(bitmap: Bitmap, row: number, column: number) => Bitmap} */
export function flooded({ height, width, cells }, row, column) {
  const next = cells.slice();
  const old = next[row * width + column];
  const waiting = [row * width + column];
  next[waiting[0]] = 1 - old;
  const visit = at => {
    if (next[at] !== old) return;
    next[at] = 1 - old;
    waiting.push(at);
  };
  while (waiting.length) {
    const at = /** @type {number} */ (waiting.pop());
    const x = at % width;
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (at >= width) visit(at - width);
    if (at + width < next.length) visit(at + width);
  }
  return { height, width, cells: next };
}

// As much of it as a picture of that size has room for, from the top left.
/** @type {(bitmap: Bitmap, height: number, width: number) => Bitmap} */
export function croppedTo(bitmap, height, width) {
  const next = blankBitmap(height, width);
  const wide = Math.min(width, bitmap.width);
  for (let row = 0; row < Math.min(height, bitmap.height); row++)
    next.cells.set(bitmap.cells.subarray(row * bitmap.width, row * bitmap.width + wide), row * width);
  return next;
}
