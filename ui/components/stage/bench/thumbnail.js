// @ts-check
// A pattern as a small picture: filled squares on a framed ground, as SVG in the text's colour.
import { bit, NINE } from "../network/forward.js";

const drawings = new Array(512);

// The squares that are on, as one path in a box of 3 by 3.
/** @type {(pattern: number) => string} */
export function picturePath(pattern) {
  return (drawings[pattern] ??= NINE.filter(i => bit(pattern, i))
    .map(i => `M${i % 3} ${Math.floor(i / 3)}h1v1h-1z`)
    .join(""));
}

/** @type {() => string} */
export function emptyPicture() {
  return '<svg class="picture" viewBox="0 0 3 3" aria-hidden="true"><path fill="currentColor" d=""/><path d="M1 0v3M2 0v3M0 1h3M0 2h3" class="mesh"/></svg>';
}
