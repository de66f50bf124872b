// @ts-check
// The bench beside the picture, by the stage's own modules: the patch under the kernel's window times the kernel, and the sum
// on to z. Its weights are dragged, its pixels pressed as on Play; the picture follows in the same frame.
import { tr } from "../language/tr.js";
import { bindBench, showSum } from "../stage/bench/bench.js";
import { sumMarkup } from "../stage/bench/markup.js";
import { bindPixelCells } from "../stage/bench/pixels.js";
import { put } from "../stage/canvas/dom.js";
import { grouped, outputNumber } from "../stage/canvas/format.js";
import { kernelScale, shownKernels } from "../stage/core/frame_view.js";
import { playheadAt } from "../stage/core/playhead.js";
import { epochAt } from "../stage/core/record.js";
import { fitted, numberOf, setNumber } from "../stage/network/bench_numbers.js";
import {
  hasEffective,
  largestEffective,
  nearZeroSentence,
  ownNumber,
  shownNumber,
  turnedSentence,
} from "../stage/network/effective_kernel.js";
import { allZ, bit, HEADS, NINE } from "../stage/network/forward.js";
import { numberLayout, W2 } from "../stage/network/number_layout.js";
import { insideBitmap } from "../stage/pictures/bitmap.js";
import { placeWords, verdictWords } from "../stage/pictures/words.js";
import { tellBench } from "./bench_line.js";
import { windowAt } from "./draw.js";
import { chooseNetwork, freshPatterns } from "./load.js";

/**
 * @import { BenchActions, SumView } from "../stage/bench/bench.js"
 * @import { StageRecord } from "../stage/core/record.js"
 * @import { Draw } from "./tools.js"
 * @import { PictureState } from "./state.js"
 */

// Terms are explained on Play, and in the glossary.
const plain = (_word, text, more = "") => `<span ${more}>${text}</span>`;

export const WINDOW = `<div class="lab window"><div class="sum">${sumMarkup(plain, "")}</div></div>`;

const HOW = tr("Drag a weight sideways, type it, or step it with the arrow keys; press a pixel to turn it.");

/** @type {(S: PictureState, draw: Draw) => void} */
export function bindSum(S, draw) {
  bindBench(S.ui, sumActions(S, draw));
  bindPixelCells(S.root, S.ui, {
    pixels: () => patternShown(S),
    setPixels: (pattern, moving) => draw.change(withPatch(S, pattern), moving),
    rested: () => draw.rested(),
  });
}

/** @type {(S: PictureState) => number} */
function patternShown(S) {
  freshPatterns(S);
  return S.indices[windowAt(S)];
}

// The picture with this pattern under the window; beyond the border everything stays off.
/** @type {(S: PictureState, pattern: number) => import("../stage/pictures/bitmap.js").Bitmap} */
function withPatch(S, pattern) {
  const { height, width, cells } = S.bitmap;
  const at = windowAt(S);
  const next = cells.slice();
  for (const i of NINE) {
    const row = Math.floor(at / width) + Math.floor(i / 3) - 1;
    const column = (at % width) + (i % 3) - 1;
    if (insideBitmap(S.bitmap, row, column)) next[row * width + column] = bit(pattern, i);
  }
  return { height, width, cells: next };
}

/** @type {(S: PictureState, draw: Draw) => BenchActions} */
function sumActions(S, draw) {
  return {
    view: () => sumNow(S),
    weight(cell) {
      const { kernel, effective } = sumNow(S);
      return shownNumber(S.numbers, cell, kernel, effective);
    },
    setWeight(cell, shown) {
      const { kernel, kernels, effective } = sumNow(S);
      const [own, value] = ownNumber(S.numbers, cell, kernel, effective, shown);
      if (value === null) draw.tell(nearZeroSentence(kernels, kernel));
      else {
        setNumber(ownWeights(S, draw), own, value, kernel);
        draw.wake();
      }
    },
    weightsDone(how) {
      if (S.edit) tellBench(S, how === "key" ? 250 : 0);
      draw.rested();
    },
    tell: draw.tell,
    point(i) {
      if (S.pointed === i) return;
      S.pointed = i;
      draw.wake();
    },
    locking: () => false,
    lock: () => draw.tell(tr("Weights are locked on Play, where they are trained."), true),
    showKernel(how) {
      S.kernelView = how;
      draw.wake();
    },
    chooseKernel(k) {
      S.kernel = k;
      draw.wake();
    },
  };
}

// The weights that are shown become the bench's own, whosever they were.
/** @type {(S: PictureState, draw: Draw) => Float32Array} */
function ownWeights(S, draw) {
  if (S.choice === "bench" && S.edit) return S.edit;
  const record = /** @type {StageRecord} */ (S.record);
  if (S.choice === "run") {
    const epoch = epochAt(record, S.playhead.epoch);
    S.playhead = playheadAt(epoch);
    draw.tell(
      tr("The weights of epoch {epoch} are on the bench, and yours to change.", { epoch: grouped(epoch) }),
      true,
    );
  } else if (S.choice !== "bench")
    draw.tell(tr("{network}: on the bench now, and yours to change.", { network: S.network.name }), true);
  S.choice = "bench";
  S.scale = S.sum.wMax;
  S.edit = fitted(S.numbers, record.weights.length);
  return S.edit;
}

// ---------------------------------------------------------------- what it shows

/** @type {(S: PictureState) => void} */
export function showWindow(S) {
  const { ui, network } = S;
  const { head, threshold } = network;
  const view = (S.sum = sumView(S));
  put(
    ui.where,
    tr("{place} · pattern {index}", { place: placeWords(windowAt(S), S.bitmap.width), index: view.pixels }),
  );
  showSum(ui, view, S.P);
  const way = view.effective ? "effective" : "alone";
  put(ui.turned, turnedSentence(view.record.header, numberOf(S.numbers, W2, view.kernel), way, view.kernel) || HOW);
  put(ui.output, `${outputNumber(HEADS[head].output(view.z))} (${head})`);
  put(ui.verdict, verdictWords(view.z, threshold));
}

// As the state has it now: people act between two frames, and before the first.
/** @type {(S: PictureState) => SumView} */
function sumNow(S) {
  const { hidden } = chooseNetwork(S);
  allZ(S.numbers, hidden, S.zs);
  freshPatterns(S);
  return (S.sum = sumView(S));
}

/** @type {(S: PictureState) => SumView} */
function sumView(S) {
  const { header } = /** @type {StageRecord} */ (S.record);
  const { numbers, network } = S;
  const pixels = S.indices[windowAt(S)];
  const effective = S.kernelView === "effective" && hasEffective(header);
  const kernels = shownKernels(numbers, { hidden: network.hidden, pixels, chosen: S.kernel, effective });
  const wide = effective ? kernels.shown : numbers.subarray(0, 9 * kernels.kernels);
  return {
    ...kernels,
    record: { header },
    weights: numbers,
    pixels,
    z: S.zs[pixels],
    wMax: kernelScale(scaleOf(S, effective), wide),
    pointed: S.pointed,
    locks: new Set(S.choice === "bench" ? S.header?.bench.locks : []),
  };
}

// What the kernels' colours reach at least: over a whole run, so that they do not flicker, and while weights are dragged.
/** @type {(S: PictureState, effective: boolean) => number} */
function scaleOf(S, effective) {
  const record = /** @type {StageRecord} */ (S.record);
  if (S.choice === "bench") return S.edit ? S.scale : 0;
  if (S.choice !== "run") return 0;
  return effective ? largestEffective(record) : largestWeight(record);
}

/** @type {(record: StageRecord) => number} */
function largestWeight(record) {
  record.kept.largest ??= (() => {
    const { kernels } = numberLayout(record.weights.length);
    let most = 0;
    for (const column of record.weights.slice(0, 9 * kernels))
      for (const value of column) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
    return most;
  })();
  return record.kept.largest;
}
