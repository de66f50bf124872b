// @ts-check
// A picture as text: "32x32:" and the lengths of its runs, off and on in turn, the first one off. A length is written in
// 64 characters that a link leaves as they are, five bits each, the lowest first, 32 added where more follow.
// The same as in corner_lab/pictures/picture_link.py. Pure.
import { blankBitmap, LEAST_SIDE, MOST_SIDE } from "./bitmap.js";

/**
 * @import { Bitmap } from "./bitmap.js"
 */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** @type {(bitmap: Bitmap) => string} */
export function bitmapText({ height, width, cells }) {
  let text = `${height}x${width}:`;
  let kind = 0;
  for (let at = 0; at < cells.length; kind = 1 - kind) {
    const start = at;
    while (at < cells.length && cells[at] === kind) at++;
    let rest = at - start;
    for (; rest >= 32; rest >>= 5) text += DIGITS[32 + (rest & 31)];
    text += DIGITS[rest];
  }
  return text;
}

// Null for a text that is none, whose runs do not fill the picture, or whose sides are not 3 to 256.
/** @type {(text: string) => Bitmap | null} */
export function bitmapOf(text) {
  const found = /^(\d{1,3})x(\d{1,3}):([\w-]*)$/.exec(text);
  if (!found) return null;
  const [height, width] = [Number(found[1]), Number(found[2])];
  if (Math.min(height, width) < LEAST_SIDE || Math.max(height, width) > MOST_SIDE) return null;
  const bitmap = blankBitmap(height, width);
  let at = 0;
  let kind = 0;
  let length = 0;
  let shift = 0;
  for (const digit of found[3]) {
    const value = DIGITS.indexOf(digit);
    length += (value & 31) << shift;
    shift += 5;
    if (shift > 20 || at + length > bitmap.cells.length) return null;
    if (value & 32) continue;
    if (kind) bitmap.cells.fill(1, at, at + length);
    at += length;
    [kind, length, shift] = [1 - kind, 0, 0];
  }
  return at === bitmap.cells.length && shift === 0 ? bitmap : null;
}
