// @ts-check
// "In a picture": the atlas as a scene, each cell the pattern around it, with what the network on the bench finds there.
import { tr, trc } from "../../language/tr.js";
import { penOn } from "../canvas/pen.js";
import { drawMarks } from "./marks.js";
import { found, takenFor, wantedCorners } from "./matching.js";
import { patternCounts, patternIndices } from "./patches.js";
import { cellColours, colourTable, paintedCells } from "./response.js";
import { bitmapOf } from "./run_lengths.js";
import { summaryWords } from "./words.js";

/**
 * @import { Palette } from "../canvas/palette.js"
 * @import { Layout } from "../atlas/layout_distance.js"
 * @import { View } from "../core/frame_view.js"
 * @import { Bitmap } from "./bitmap.js"
 * @import { Corner, Found } from "./matching.js"
 */

/**
 * @typedef {object} AtlasScene
 * @property {Bitmap} bitmap
 * @property {Uint16Array} indices
 * @property {Int32Array} counts
 * @property {Corner[] | null} corners
 * @property {Int32Array} first the first cell of each pattern, -1 where it does not occur
 * @property {number} at the cell that was chosen
 * @property {number} hover the one under the pointer, or -1
 *
 * @typedef {{ left: number, top: number, cell: number, legend?: number, card?: [number, number] }} ScenePlace where it stands
 *   on the canvas and, with room beside it, the legend and the card of a pattern, in px
 */

const LEGEND = 128; // px beside it
const CARD = 220;

// Null for what is no picture. `corners`: row, column and name of each, where they are known.
/** @type {(text: string, corners: [number, number, string][] | null) => AtlasScene | null} */
export function atlasScene(text, corners) {
  const bitmap = bitmapOf(text);
  if (!bitmap) return null;
  const indices = patternIndices(bitmap);
  const first = new Int32Array(512).fill(-1);
  for (let at = indices.length - 1; at >= 0; at--) first[indices[at]] = at;
  const truth = corners?.map(([row, column, name]) => ({ at: row * bitmap.width + column, name })) ?? null;
  return { bitmap, indices, counts: patternCounts(indices), corners: truth, first, at: truth?.[0]?.at ?? 0, hover: -1 };
}

// As large as there is room for, with the legend beside it where that costs little.
/** @type {(W: number, H: number, k: number, bitmap: Bitmap) => ScenePlace} */
export function scenePlace(W, H, k, { height, width }) {
  const alone = Math.max(0, Math.min(W / width, H / height));
  const cell = Math.max(0, Math.min((W - LEGEND * k) / width, H / height));
  if (cell < 0.8 * alone) return { left: 0, top: 0, cell: alone };
  const x = cell * width + 8 * k;
  return { left: 0, top: 0, cell, legend: x + 8 * k, card: x + CARD * k <= W ? [x, 144 * k] : undefined };
}

// The cell at a point of the canvas; `any`: the nearest one, else -1 beside the picture.
/** @type {(place: ScenePlace, bitmap: Bitmap, x: number, y: number, any?: boolean) => number} */
export function sceneCell({ left, top, cell }, { height, width }, x, y, any = false) {
  const [column, row] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
  const within = (at, count) => Math.max(0, Math.min(count - 1, at));
  if (any) return within(row, height) * width + within(column, width);
  return row >= 0 && column >= 0 && row < height && column < width ? row * width + column : -1;
}

// Where each pattern is shown: its cell under the pointer, or the chosen one, or the first; NaN where it does not occur.
/** @type {(scene: AtlasScene, place: ScenePlace) => Layout} */
export function layoutInScene(scene, { left, top, cell, card }) {
  const { width } = scene.bitmap;
  const xs = new Float64Array(512).fill(NaN);
  const ys = new Float64Array(512).fill(NaN);
  const put = at => {
    const p = scene.indices[at];
    xs[p] = left + ((at % width) + 0.5) * cell;
    ys[p] = top + (Math.floor(at / width) + 0.5) * cell;
  };
  for (const at of scene.first) if (at >= 0) put(at);
  put(scene.at);
  if (scene.hover >= 0) put(scene.hover);
  return { xs, ys, dot: 0, diamond: 0, target: cell, nudge: 0, card };
}

// The cell one step further by an arrow key, the first true corner by Home; -1 where there is none.
/** @type {(scene: AtlasScene, key: string) => number} */
export function cellBeside({ bitmap: { height, width }, at, corners }, key) {
  if (key === "Home") return corners?.[0]?.at ?? 0;
  const row = Math.floor(at / width) + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? 0);
  const column = (at % width) + ({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0);
  return row >= 0 && column >= 0 && row < height && column < width ? row * width + column : -1;
}

/** @type {(scene: AtlasScene, view: { zs: ArrayLike<number>, threshold: number, places: { targets: number[] } }) => Found} */
export function foundInScene({ bitmap, indices, counts, corners }, { zs, threshold, places: { targets } }) {
  const picture = { indices, counts, width: bitmap.width };
  return found(picture, zs, threshold, wantedCorners(corners, targets), takenFor(targets));
}

/** @type {(scene: AtlasScene, view: View) => string} */
export function sceneWords(scene, view) {
  const name = view.edited ? tr("Your weights") : view.record.header.title;
  return summaryWords(name, view.found ?? foundInScene(scene, view), scene.indices, scene.bitmap);
}

/** @type {(canvas: HTMLCanvasElement, scene: AtlasScene, view: View, P: Palette, k: number) => void} */
export function drawScene(canvas, scene, view, P, k) {
  const pen = penOn(canvas, k, P);
  const { g, W, H } = pen;
  const { bitmap, indices } = scene;
  const { height, width } = bitmap;
  const { left, top, cell, legend } = scenePlace(W, H, k, bitmap);
  const seen = view.found ?? foundInScene(scene, view);
  if (!(cell > 0)) return;
  g.imageSmoothingEnabled = false;
  g.drawImage(sheetOf(canvas, scene, view, P), left, top, cell * width, cell * height);
  g.strokeStyle = P.edge;
  g.lineWidth = 1;
  g.strokeRect(left + 0.5, top + 0.5, cell * width - 1, cell * height - 1);
  g.save();
  g.translate(left, top);
  if (seen.hits) {
    drawMarks(pen, "right", seen.known ? seen.right : seen.hits, width, cell, P.accent);
    drawMarks(pen, "false", seen.wrong ?? [], width, cell, P.false);
  }
  drawMarks(pen, "missed", seen.missed, width, cell, P.wrong);
  const chosen = indices[scene.at] === view.pixels ? scene.at : scene.first[view.pixels];
  for (const [at, thick] of [
    [scene.hover, k],
    [chosen, 2 * k],
  ])
    if (at >= 0) drawFrame(pen, at, width, cell, thick);
  g.restore();
  if (legend) drawLegend(pen, seen, legend, top);
}

const MARKED = { right: "accent", missed: "wrong", false: "false" };

/** @type {(pen: import("../canvas/pen.js").Pen, seen: Found, x: number, top: number) => void} */
function drawLegend(pen, seen, x, top) {
  const { k, P, g } = pen;
  const lines = seen.known
    ? [
        ["right", tr("{count} right", { count: seen.right.length })],
        ["missed", tr("{count} missed", { count: seen.missed.length })],
        ["false", tr("{count} false", { count: seen.falses })],
      ]
    : [["right", tr("{count} found", { count: seen.count })]];
  lines.forEach(([mark, text], i) => {
    const y = top + (16 + 26 * i) * k;
    g.save();
    g.translate(x, y - 5 * k);
    drawMarks(pen, /** @type {import("./marks.js").Mark} */ (mark), [0], 1, 10 * k, P[MARKED[mark]]);
    g.restore();
    pen.text(text, x + 22 * k, y, { px: 14, c: P.ink, w: 600 });
  });
  // In two lines: "The scene on" and "Pictures".
  pen.text(tr("The scene on"), x, top + 98 * k, { px: 14 });
  pen.text(trc("the scene on", "Pictures"), x, top + 116 * k, { px: 14 });
}

// The patch around a cell.
/** @type {(pen: import("../canvas/pen.js").Pen, at: number, width: number, cell: number, thick: number) => void} */
export function drawFrame({ g, P }, at, width, cell, thick) {
  for (const [colour, line] of /** @type {[string, number][]} */ ([
    [P.bg, thick + 3],
    [P.ink, thick],
  ])) {
    g.strokeStyle = colour;
    g.lineWidth = line;
    g.strokeRect(((at % width) - 1) * cell, (Math.floor(at / width) - 1) * cell, 3 * cell, 3 * cell);
  }
}

// One pixel a cell, in the colours of the output; painted anew for each frame.
/** @type {(canvas: any, scene: AtlasScene, view: View, P: Palette) => HTMLCanvasElement} */
function sheetOf(canvas, { bitmap: { height, width }, indices }, view, P) {
  canvas.scene ??= { sheet: document.createElement("canvas"), table: new Uint32Array(512), look: -1 };
  const kept = canvas.scene;
  if (kept.sheet.width !== width || kept.sheet.height !== height || !kept.image) {
    Object.assign(kept.sheet, { width, height });
    kept.image = new ImageData(width, height);
  }
  if (kept.look !== P.id) Object.assign(kept, { look: P.id, colours: cellColours(P) });
  colourTable(view.zs, view, "output", kept.colours, kept.table);
  paintedCells(indices, kept.table, kept.table, indices.length, new Uint32Array(kept.image.data.buffer));
  kept.sheet.getContext("2d").putImageData(kept.image, 0, 0);
  return kept.sheet;
}
