// @ts-check
// Drawing: by pointer and by keyboard, with the same tools. A drag shows what it would give, and counts as one step of undo.
import { croppedTo, flooded, insideBitmap, withRectangle, withStroke } from "../stage/pictures/bitmap.js";
import { putDrawn } from "./load.js";

/**
 * @import { PictureState } from "./state.js"
 * @import { Bitmap } from "../stage/pictures/bitmap.js"
 */

/**
 * @typedef {object} Draw
 * @property {(bitmap: Bitmap, moving?: boolean) => void} change a picture that somebody has drawn; `moving`: on the way
 * @property {() => void} rested
 * @property {() => void} wake
 * @property {() => void} bench
 * @property {(text: string, calm?: boolean) => void} tell
 */

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @type {(S: PictureState, draw: Draw) => void} */
export function bindDrawing(S, draw) {
  bindPointer(S, draw);
  S.ui.canvas.addEventListener("keydown", ev => onDrawingKey(S, draw, ev));
  S.ui.canvas.addEventListener("blur", () => {
    S.anchor = null;
    draw.wake();
  });
}

/** @type {(S: PictureState, ev: PointerEvent) => [number, number]} */
function cellUnder(S, ev) {
  const box = S.ui.canvas.getBoundingClientRect();
  const { height, width } = S.bitmap;
  const within = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return [within((ev.clientY - box.top) / box.height, height), within((ev.clientX - box.left) / box.width, width)];
}

/** @type {(S: PictureState, draw: Draw) => void} */
function bindPointer(S, draw) {
  const { canvas } = S.ui;
  /** @type {{ from: [number, number], last: [number, number], base: Bitmap, moved: boolean } | null} */
  let drag = null;
  canvas.addEventListener("pointerdown", ev => {
    if (ev.button !== 0 || drag) return;
    canvas.setPointerCapture(ev.pointerId);
    const cell = cellUnder(S, ev);
    pointTo(S, cell);
    drag = { from: cell, last: cell, base: S.bitmap, moved: false };
    if (S.tool === "pencil" || S.tool === "eraser") stroke(S, draw, cell, cell);
    else if (S.tool === "fill") draw.change(flooded(S.bitmap, ...cell));
    draw.wake();
  });
  canvas.addEventListener("pointermove", ev => {
    const cell = cellUnder(S, ev);
    const at = cell[0] * S.bitmap.width + cell[1];
    if (S.hover === at) return;
    S.hover = at;
    if (drag) {
      drag.moved = true;
      if (S.tool === "rectangle") draw.change(withRectangle(drag.base, drag.from, cell), true);
      else if (S.tool === "pencil" || S.tool === "eraser") stroke(S, draw, drag.last, cell);
      drag.last = cell;
      pointTo(S, cell);
    }
    draw.wake();
  });
  canvas.addEventListener("pointerup", () => {
    const ended = drag;
    drag = null;
    draw.rested();
    if (ended && !ended.moved && S.tool === "look") draw.bench();
  });
  canvas.addEventListener("pointercancel", () => {
    if (drag) putDrawn(S, S.past.present()); // the browser took the touch for something else
    drag = null;
    draw.wake();
  });
  canvas.addEventListener("pointerleave", () => {
    S.hover = null;
    draw.wake();
  });
}

/** @type {(S: PictureState, draw: Draw, from: [number, number], to: [number, number]) => void} */
function stroke(S, draw, from, to) {
  draw.change(withStroke(S.bitmap, from, to, S.tool === "pencil" ? 1 : 0), true);
}

/** @type {(S: PictureState, cell: [number, number]) => void} */
function pointTo(S, [row, column]) {
  S.cursor = row * S.bitmap.width + column;
}

/** @type {(S: PictureState, draw: Draw, ev: KeyboardEvent) => void} */
function onDrawingKey(S, draw, ev) {
  if (ev.ctrlKey || ev.metaKey || ev.altKey) return;
  const way = ARROWS[ev.key];
  if (way) moveCursor(S, way, ev.shiftKey ? 8 : 1);
  else if (ev.key === " ") useTool(S, draw);
  else if (ev.key === "Enter") draw.bench();
  else if (ev.key === "Escape" && S.anchor !== null) S.anchor = null;
  else return;
  ev.preventDefault();
  ev.stopPropagation();
  draw.wake();
}

/** @type {(S: PictureState, way: number[], by: number) => void} */
function moveCursor(S, [down, across], by) {
  const { width } = S.bitmap;
  const row = Math.floor(S.cursor / width);
  const column = S.cursor % width;
  for (let left = by; left > 0; left--) {
    if (!insideBitmap(S.bitmap, row + down * left, column + across * left)) continue;
    pointTo(S, [row + down * left, column + across * left]);
    break;
  }
  S.hover = null;
}

// Space: the pencil toggles, the eraser clears, a rectangle goes from the first press to the second.
/** @type {(S: PictureState, draw: Draw) => void} */
function useTool(S, draw) {
  const { bitmap, cursor } = S;
  /** @type {(at: number) => [number, number]} */
  const cellOf = at => [Math.floor(at / bitmap.width), at % bitmap.width];
  const here = cellOf(cursor);
  if (S.tool === "look") draw.bench();
  else if (S.tool === "fill") draw.change(flooded(bitmap, ...here));
  else if (S.tool !== "rectangle")
    draw.change(withStroke(bitmap, here, here, S.tool === "pencil" ? 1 - bitmap.cells[cursor] : 0));
  else if (S.anchor === null) S.anchor = cursor;
  else {
    draw.change(withRectangle(bitmap, cellOf(S.anchor), here));
    S.anchor = null;
  }
}

// Another size, for what was drawn: cut off or given room.
/** @type {(S: PictureState, draw: Draw, side: number) => void} */
export function resizeDrawing(S, draw, side) {
  draw.change(croppedTo(S.bitmap, side, side));
}
