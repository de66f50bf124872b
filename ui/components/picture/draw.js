// @ts-check
// Draws the picture: cells in their colours, the grid, the marks, the window. A frame is one look-up a cell.
import { attribute } from "../stage/canvas/dom.js";
import { penOn } from "../stage/canvas/pen.js";
import { drawMarks } from "../stage/pictures/marks.js";
import { colourTable, paintedCells } from "../stage/pictures/response.js";
import { drawFrame } from "../stage/pictures/scene_view.js";

/**
 * @import { PictureState } from "./state.js"
 * @import { Found } from "../stage/pictures/matching.js"
 */

const GRID_FROM = 7; // px a cell needs for lines between cells

/** @type {(S: PictureState, found: Found) => void} */
export function drawPicture(S, found) {
  const { ui, P, bitmap, sheet } = S;
  const { height, width } = bitmap;
  paintSheet(S);
  const pen = penOn(ui.canvas, 1, P);
  const { g, W, H } = pen;
  const cell = W / width;
  g.imageSmoothingEnabled = false;
  g.drawImage(sheet.canvas, 0, 0, W, H);
  if (cell >= GRID_FROM) drawGrid(g, P.line, W, H, width, height);
  const covered = S.slide ? Math.floor(S.slide.at) : bitmap.cells.length;
  const reached = at => at.filter(i => i < covered);
  if (found.hits) {
    drawMarks(pen, "right", reached(found.known ? found.right : found.hits), width, cell, P.accent);
    drawMarks(pen, "false", reached(found.wrong ?? []), width, cell, P.false);
  }
  drawMarks(pen, "missed", reached(found.missed), width, cell, P.wrong);
  drawFrame(pen, windowAt(S), width, cell, 2);
}

// The cells as an image of one pixel a cell, drawn large without smoothing.
/** @type {(S: PictureState) => void} */
function paintSheet(S) {
  const { bitmap, sheet, network } = S;
  const { height, width } = bitmap;
  if (sheet.image?.width !== width || sheet.image.height !== height) {
    sheet.canvas.width = width;
    sheet.canvas.height = height;
    sheet.context = sheet.canvas.getContext("2d");
    sheet.image = new ImageData(width, height);
    sheet.pixels = new Uint32Array(sheet.image.data.buffer);
  }
  colourTable(S.zs, network, S.map, S.colours, S.table);
  const end = S.slide ? Math.floor(S.slide.at) : bitmap.cells.length;
  if (S.slide) colourTable(S.zs, network, "none", S.colours, S.plain);
  paintedCells(S.indices, S.table, S.plain, end, sheet.pixels);
  sheet.context.putImageData(sheet.image, 0, 0);
}

/** @type {(g: CanvasRenderingContext2D, colour: string, W: number, H: number, width: number, height: number) => void} */
function drawGrid(g, colour, W, H, width, height) {
  g.strokeStyle = colour;
  g.lineWidth = 1;
  g.beginPath();
  for (let i = 1; i < width; i++) {
    const x = Math.round((i * W) / width) + 0.5;
    g.moveTo(x, 0);
    g.lineTo(x, H);
  }
  for (let i = 1; i < height; i++) {
    const y = Math.round((i * H) / height) + 0.5;
    g.moveTo(0, y);
    g.lineTo(W, y);
  }
  g.stroke();
}

// The cell in the window's middle: where the kernel slides, else under the pointer, else the cursor.
/** @type {(S: PictureState) => number} */
export function windowAt(S) {
  if (S.slide) return Math.min(S.bitmap.cells.length - 1, Math.floor(S.slide.at));
  return S.hover ?? S.cursor;
}

// The canvas is as wide as there is room, and no higher than most of the screen.
/** @type {(S: PictureState) => void} */
export function sizeCanvas(S) {
  const { height, width } = S.bitmap;
  attribute(S.ui.canvas, "style", `aspect-ratio: ${width} / ${height}`);
  attribute(S.ui.halves, "style", `--wide: ${(width / height).toFixed(4)}`);
}
