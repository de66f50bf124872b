// @ts-check
// The page's picture: cells to draw in, what a network finds in them, and the kernel's window. Mounted once per shadow root.
import { tr } from "../language/tr.js";
import { attribute, put } from "../stage/canvas/dom.js";
import { isDark, readPalette } from "../stage/canvas/palette.js";
import { advanced } from "../stage/core/playhead.js";
import { epochAt, lastEpoch } from "../stage/core/record.js";
import { allZ } from "../stage/network/forward.js";
import { rememberScene } from "../stage/pictures/last_scene.js";
import { cellColours } from "../stage/pictures/response.js";
import { bitmapText } from "../stage/pictures/run_lengths.js";
import { whenGone } from "../stage/sync/lifecycle.js";
import { OURS } from "../stage/sync/url.js";
import { LONGEST_DRAWING, pictureSearch } from "./address.js";
import { bindSum } from "./bench.js";
import { benchLine } from "./bench_line.js";
import { bindControls, toBench } from "./controls.js";
import { slidOn } from "./core/slide.js";
import { drawPicture } from "./draw.js";
import { chooseNetwork, drawnNow, foundNow, keepPicture, loadPicture, putBitmap, rememberDrawing } from "./load.js";
import { builtPicture } from "./markup.js";
import { describePicture, showFigures } from "./show.js";
import { pictureState } from "./state.js";
import { bindDrawing } from "./tools.js";

/**
 * @import { PictureState } from "./state.js"
 */

const SETTLES = 300; // ms without a change before the address is written
const TIMED = 600; // frames whose times are kept

export default function picture({ parentElement, data, setTriggerValue }) {
  const S = (parentElement.cornerLabPicture ??= begunPicture(parentElement));
  S.send = setTriggerValue;
  readColours(S);
  if (data) loadPicture(S, data);
  wakePicture(S);
  return whenGone(parentElement, () => endPicture(S, parentElement));
}

/** @type {(root: any) => PictureState} */
function begunPicture(root) {
  const node = document.createElement("div");
  node.className = "pic";
  root.append(node);
  const S = pictureState(root, node, builtPicture(node));
  Object.assign(S, benchLine(S));
  Object.defineProperty(S.stats, "text", { get: () => bitmapText(S.bitmap), enumerable: true });
  Object.assign(root.host ?? node, { _picture: S.stats });
  const draw = {
    wake: () => wakePicture(S),
    tell: (text, calm = false) => {
      put(S.ui.told, text);
      S.ui.told.classList.toggle("calm", calm);
    },
    change: (bitmap, moving = false) => {
      Object.assign(S, { scene: null, corners: null });
      putBitmap(S, bitmap);
      if (!moving) draw.rested();
      wakePicture(S);
    },
    rested: () => {
      S.past.note(drawnNow(S));
      wakePicture(S);
    },
    bench: () => draw.tell(tr("Pattern {index} is on the bench of Play.", { index: toBench(S, false) }), true),
  };
  bindDrawing(S, draw);
  bindControls(S, draw);
  bindSum(S, draw);
  const watch = new ResizeObserver(() => {
    S.ui.canvas.box = { W: S.ui.canvas.clientWidth, H: S.ui.canvas.clientHeight };
    wakePicture(S);
  });
  watch.observe(S.ui.canvas);
  S.life.signal.addEventListener("abort", () => watch.disconnect());
  return S;
}

/** @type {(S: PictureState, root: any) => void} */
function endPicture(S, root) {
  keepPicture(S);
  cancelAnimationFrame(S.asked);
  clearTimeout(S.settling);
  S.life.abort();
  S.node.remove();
  S.gone = true;
  delete root.cornerLabPicture;
}

/** @type {(S: PictureState) => void} */
function readColours(S) {
  attribute(S.node, "data-theme", isDark(S.node) ? "dark" : "light");
  const P = readPalette(S.node);
  const look = JSON.stringify({ ...P, id: 0 });
  if (look === S.look) return;
  Object.assign(S, { look, P, colours: cellColours(P) });
}

// Asks for one frame; frames follow each other only while something plays or slides.
/** @type {(S: PictureState) => void} */
function wakePicture(S) {
  if (!S.asked && !S.gone) S.asked = requestAnimationFrame(t => pictureFrame(S, t));
}

/** @type {(S: PictureState, t: number) => void} */
function pictureFrame(S, t) {
  S.asked = 0;
  if (!S.header || !S.record || S.gone) return;
  const started = performance.now();
  const dt = S.before ? Math.min(0.25, (t - S.before) / 1000) : 0;
  const tape = {
    axis: S.axis,
    last: lastEpoch(S.record),
    growing: Boolean(S.header.run?.growing),
    calm: S.calm.matches,
  };
  S.playhead = advanced(S.playhead, dt, S.speed, tape);
  if (S.slide) S.slide = slidOn(S.slide, dt, S.bitmap.cells.length);
  const network = chooseNetwork(S);
  allZ(S.numbers, network.hidden, S.zs);
  const seen = foundNow(S);
  drawPicture(S, seen);
  showFigures(S, seen);
  const moves = S.playhead.playing || Boolean(S.slide?.playing);
  if (!moves) {
    settlePicture(S, seen);
  }
  S.before = moves ? t : 0;
  const { frames } = S.stats;
  frames.push(performance.now() - started);
  if (frames.length > TIMED) frames.shift();
  Object.assign(S.stats, {
    still: !moves,
    found: seen.count,
    hits: seen.hits,
    right: seen.right.length,
    missed: seen.missed.length,
    falses: seen.falses,
    epoch: epochAt(S.record, S.playhead.epoch),
    network: S.choice,
    scene: S.scene,
  });
  if (moves) wakePicture(S);
}

/** @type {(S: PictureState, seen: import("../stage/pictures/matching.js").Found) => void} */
function settlePicture(S, seen) {
  clearTimeout(S.settling);
  S.settling = setTimeout(() => {
    const { header, record } = S;
    if (S.gone || !header || !record) return;
    describePicture(S, seen);
    if (header.arriving || header.run?.growing) return;
    const epoch = Math.round(S.choice === "run" ? epochAt(record, S.playhead.epoch) : (header.run?.epoch ?? 0));
    const search = pictureSearch(S, epoch);
    if (search !== location.search) history.replaceState(OURS, "", location.pathname + search + location.hash);
    const text = bitmapText(S.bitmap);
    const long = !S.scene && text.length > LONGEST_DRAWING;
    S.ui.tooLong.hidden = !long;
    rememberDrawing(long ? text : "");
    rememberScene(drawnNow(S));
  }, SETTLES);
}
