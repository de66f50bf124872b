// @ts-check
// The page's buttons and choices: scenes, tools, networks, the place in the run, the errors, the sliding kernel.
import { tr } from "../language/tr.js";
import { iconOf } from "../stage/canvas/icons.js";
import { playheadAt, steppedEpoch } from "../stage/core/playhead.js";
import { epochAt, lastEpoch } from "../stage/core/record.js";
import { blankBitmap } from "../stage/pictures/bitmap.js";
import { stopsOf } from "../stage/pictures/matching.js";
import { tellBench } from "./bench_line.js";
import { slidByRow, slideOver, slidFaster } from "./core/slide.js";
import { windowAt } from "./draw.js";
import { foundNow, freshPatterns, putDrawn } from "./load.js";
import { resizeDrawing } from "./tools.js";

/**
 * @import { PictureState } from "./state.js"
 * @import { Draw } from "./tools.js"
 */

// Epochs: the slider's own steps would be shares of its length.
const BY_KEY = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const MOST_SEED = 2 ** 31 - 1;

/** @type {(S: PictureState, draw: Draw & { tell(text: string, calm?: boolean): void }) => void} */
export function bindControls(S, draw) {
  const { ui } = S;
  ui.icons = { Play: iconOf("play"), Pause: iconOf("pause") };
  ui.root = S.root;
  const on = (id, does) => ui[id].addEventListener("click", () => does());
  const pick = (id, does) => ui[id].addEventListener("change", ev => does(ev.target.value));
  for (const name of ["tool", "map"])
    for (const input of S.node.querySelectorAll(`input[name=${name}]`)) {
      const radio = /** @type {HTMLInputElement} */ (input);
      radio.addEventListener("change", () => {
        S[name] = radio.value;
        S.anchor = null;
        ui.canvas.dataset.tool = S.tool;
        draw.wake();
      });
    }
  on("clear", () => draw.change(blankBitmap(S.bitmap.height, S.bitmap.width)));
  on("undo", () => step(S, draw, S.past.undo()));
  on("redo", () => step(S, draw, S.past.redo()));
  on("png", () => download(S));
  S.node.addEventListener("keydown", ev => {
    if (!(ev.ctrlKey || ev.metaKey) || ev.key.toLowerCase() !== "z" || ev.composedPath()[0] === ui.seed) return;
    ev.preventDefault();
    step(S, draw, ev.shiftKey ? S.past.redo() : S.past.undo());
  });
  bindScenes(S, draw, pick, on);
  bindTime(S, draw, on);
  pick("networks", value => {
    S.choice = value;
    S.playhead = { ...S.playhead, playing: false };
    draw.wake();
  });
  pick("tolerance", value => {
    S.tolerance = Number(value);
    draw.wake();
  });
  on("before", () => stepStop(S, draw, -1));
  on("after", () => stepStop(S, draw, 1));
  bindSlide(S, draw, on);
  on("bench", () => draw.bench());
  on("open", () => toBench(S, true));
}

/** @type {(S: PictureState, draw: Draw, drawn: import("./state.js").Drawn | null) => void} */
function step(S, draw, drawn) {
  if (drawn) putDrawn(S, drawn);
  draw.wake();
}

/** @type {(S: PictureState, draw: Draw & { tell(text: string): void }, pick: any, on: any) => void} */
function bindScenes(S, draw, pick, on) {
  const { ui } = S;
  const ask = seed => {
    const side = Number(ui.side.value) || Math.max(S.bitmap.height, S.bitmap.width);
    draw.tell("");
    ui.canvas.setAttribute("aria-busy", "true");
    S.send("scene", { kind: ui.kind.value, seed, side, count: ++S.presses });
  };
  const seedTyped = () => {
    const text = ui.seed.value.trim();
    if (/^\d{1,10}$/.test(text) && Number(text) <= MOST_SEED) return Number(text);
    draw.tell(tr("A seed is a whole number from 0 to 2,147,483,647. The picture stays."));
    ui.seed.value = String(S.scene?.seed ?? 0);
    return null;
  };
  const show = () => {
    const seed = seedTyped();
    if (seed !== null) ask(seed);
  };
  pick("kind", show);
  pick("seed", show);
  on("another", () => {
    const seed = seedTyped();
    if (seed !== null) ask((seed + 1) % (MOST_SEED + 1));
  });
  pick("side", value => (S.scene ? show() : resizeDrawing(S, draw, Number(value))));
  ui.seed.addEventListener("keydown", ev => ev.stopPropagation());
}

/** @type {(S: PictureState, draw: Draw, on: any) => void} */
function bindTime(S, draw, on) {
  const { ui } = S;
  on("play", () => {
    if (!S.record) return;
    const now = epochAt(S.record, S.playhead.epoch);
    const over = now >= lastEpoch(S.record) && !S.header?.run?.growing;
    S.playhead = S.playhead.playing ? playheadAt(now) : playheadAt(over ? 0 : now, true);
    draw.wake();
  });
  ui.epoch.addEventListener("input", () => {
    ui.scrubbing = true;
    S.opensAt = null;
    S.playhead = playheadAt(S.axis.epoch(Number(ui.epoch.value) / 1000));
    draw.wake();
  });
  ui.epoch.addEventListener("keydown", ev => {
    const by = BY_KEY[ev.key];
    if (!by || !S.record) return;
    ev.preventDefault();
    ev.stopPropagation();
    S.playhead = playheadAt(steppedEpoch(S.record, S.playhead.epoch, by));
    draw.wake();
  });
  ui.epoch.addEventListener("change", () => {
    ui.scrubbing = false;
  });
}

/** @type {(S: PictureState, draw: Draw, by: number) => void} */
function stepStop(S, draw, by) {
  const stops = stopsOf(foundNow(S));
  if (!stops.length) return;
  S.stop = (Math.max(S.stop, by < 0 ? 0 : -1) + by + stops.length) % stops.length;
  S.cursor = stops[S.stop];
  S.hover = null;
  draw.wake();
}

/** @type {(S: PictureState, draw: Draw, on: any) => void} */
function bindSlide(S, draw, on) {
  const cells = () => S.bitmap.cells.length;
  const set = slide => {
    S.slide = slide;
    draw.wake();
  };
  on("slide", () => {
    if (S.calm.matches) set(slidByRow(S.slide ?? slideOver(cells()), S.bitmap.width, cells()));
    else set(S.slide ? { ...S.slide, playing: !S.slide.playing } : slideOver(cells()));
  });
  on("slower", () => S.slide && set(slidFaster(S.slide, -1)));
  on("faster", () => S.slide && set(slidFaster(S.slide, 1)));
  on("stop", () => set(null));
}

// The patch under the window goes on the bench of Play; `open`: and Play with it.
/** @type {(S: PictureState, open: boolean) => number} */
export function toBench(S, open) {
  freshPatterns(S);
  const pixels = S.indices[S.slide ? windowAt(S) : S.cursor];
  tellBench(S); // also what still waits for a burst of keys to end
  S.line.idle().then(() => S.send("bench", { pixels, open, count: ++S.presses })); // after the weights that it was told
  return pixels;
}

// One pixel a cell, white where it is on: as the command line writes and reads pictures.
/** @type {(S: PictureState) => void} */
function download(S) {
  const { height, width, cells } = S.bitmap;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer).set(Uint32Array.from(cells, on => (on ? 0xffffffff : 0xff000000)));
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
  const link = document.createElement("a");
  link.download = S.scene ? `${S.scene.kind}-${S.scene.seed}.png` : "drawing.png";
  link.href = canvas.toDataURL("image/png");
  link.click();
}
