// @ts-check
// The marks of what was found: right, missed and false differ by shape as well as by colour.

/**
 * @import { Pen } from "../canvas/pen.js"
 */

/** @typedef {"right" | "missed" | "false"} Mark */

// In a box of 14, as the canvas draws them too.
const PATHS = { right: "M2 2h10v10H2z", missed: "M7 .5 13.5 7 7 13.5 .5 7z", false: "M2 2l10 10M12 2 2 12" };

/** @type {Record<Mark, string>} */
export const MARK_SHAPES = {
  right: shape("right"),
  missed: shape("missed"),
  false: shape("false"),
};

/** @type {(mark: Mark) => string} */
function shape(mark) {
  return `<svg viewBox="0 0 14 14" class="${mark}" aria-hidden="true"><path d="${PATHS[mark]}"/></svg>`;
}

// All cells of one mark in one go: `cell` is the side of a cell, `at` their numbers.
/** @type {(pen: Pen, mark: Mark, at: number[], width: number, cell: number, colour: string) => void} */
export function drawMarks(pen, mark, at, width, cell, colour) {
  if (!at.length) return;
  const { g, P } = pen;
  const half = Math.max(4, cell / 2 + 1);
  g.beginPath();
  for (const i of at) {
    const x = ((i % width) + 0.5) * cell;
    const y = (Math.floor(i / width) + 0.5) * cell;
    if (mark === "right") g.rect(x - half, y - half, 2 * half, 2 * half);
    else if (mark === "missed") pathDiamond(g, x, y, half * 1.4);
    else {
      g.moveTo(x - half, y - half);
      g.lineTo(x + half, y + half);
      g.moveTo(x + half, y - half);
      g.lineTo(x - half, y + half);
    }
  }
  const thick = cell < 4 ? 1.5 : 2.5;
  if (at.length < 300) {
    g.strokeStyle = P.bg;
    g.lineWidth = thick + 2;
    g.stroke();
  }
  g.strokeStyle = colour;
  g.lineWidth = thick;
  g.stroke();
}

/** @type {(g: CanvasRenderingContext2D, x: number, y: number, r: number) => void} */
function pathDiamond(g, x, y, r) {
  g.moveTo(x, y - r);
  g.lineTo(x + r, y);
  g.lineTo(x, y + r);
  g.lineTo(x - r, y);
  g.closePath();
}
