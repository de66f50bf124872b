// @ts-check
// What Python tells does to the picture's state: another picture, another choice of network, a run that begins or grows.
import { trc } from "../language/tr.js";
import { nameSum } from "../stage/bench/bench.js";
import { epochAxis } from "../stage/canvas/axis.js";
import { attribute, put } from "../stage/canvas/dom.js";
import { playheadAt } from "../stage/core/playhead.js";
import { headerText, lastEpoch, rowAt, unpacked, weightsAt } from "../stage/core/record.js";
import { fitted } from "../stage/network/bench_numbers.js";
import { rememberScene } from "../stage/pictures/last_scene.js";
import { found, takenFor, wantedCorners } from "../stage/pictures/matching.js";
import { patternCounts, patternIndices } from "../stage/pictures/patches.js";
import { bitmapOf, bitmapText } from "../stage/pictures/run_lengths.js";
import { tellBench } from "./bench_line.js";
import { sizeCanvas } from "./draw.js";

/**
 * @import { PictureState, Drawn, Network, PictureHeader } from "./state.js"
 * @import { Bitmap } from "../stage/pictures/bitmap.js"
 */

// Returns whether it says anything new.
/** @type {(S: PictureState, bytes: Uint8Array) => boolean} */
export function loadPicture(S, bytes) {
  const text = headerText(bytes);
  if (text === S.headerText) return false;
  S.headerText = text;
  S.record = unpacked(bytes);
  const header = /** @type {PictureHeader} */ (/** @type {unknown} */ (S.record.header));
  const first = S.header === null;
  S.header = header;
  const revived = first && revivePicture(S, header);
  loadBench(S, header, first && !(revived && globalThis.cornerLabPicture.header === text));
  if (!S.ui.kind.options.length) S.ui.kind.append(...header.kinds.map(([value, name]) => new Option(name, value)));
  followRun(S, header);
  if (header.choice.rev !== S.choiceRev) {
    S.choiceRev = header.choice.rev;
    S.choice = header.choice.network;
    if (header.choice.epoch !== null) S.opensAt = header.choice.epoch;
    if (header.choice.tolerance !== null) S.tolerance = header.choice.tolerance;
    if (header.choice.map !== null) S.map = header.choice.map;
  }
  if (header.picture.rev !== S.rev) {
    S.rev = header.picture.rev;
    attribute(S.ui.canvas, "aria-busy", "false");
    const { text: cells, scene, corners } = header.picture;
    if (!revived) {
      putDrawn(S, { text: cells, scene, corners }); // what was revived is at least as new
      S.cursor = S.corners?.[0]?.at ?? S.cursor;
    }
    if (first && !revived) S.past.restore({ states: [JSON.stringify(S.past.present())], at: 0 });
  }
  if (first && !revived) rememberedDrawing(S);
  openAt(S);
  offerNetworks(S, header);
  return true;
}

// The bench is Python's where it has set it, and when the page is opened; what was edited here it has been told.
/** @type {(S: PictureState, header: PictureHeader, anew: boolean) => void} */
function loadBench(S, header, anew) {
  const record = /** @type {import("../stage/core/record.js").StageRecord} */ (S.record);
  const count = record.weights.length;
  const { weights } = header.bench;
  // What was told here comes back, with another `rev`: to adopt it would undo what was done since.
  const own = S.line.waits || S.reports.told("weights", weights);
  if (anew || (header.bench.rev !== S.benchRev && !own)) {
    S.edit = weights ? fitted(weights, count) : null;
    S.scale = 0;
    S.reports.known("weights", weights);
  } else if (S.edit) S.edit = fitted(S.edit, count);
  if (anew || !S.line.waits) S.benchRev = header.bench.rev;
  nameSum(S.ui, record.header);
}

// A run that begins shows its end, or what grows of it; one that grows goes on, and its last rows come when it is over.
/** @type {(S: PictureState, header: Pick<PictureHeader, "run">) => void} */
export function followRun(S, { run }) {
  const record = /** @type {import("../stage/core/record.js").StageRecord} */ (S.record);
  const last = lastEpoch(record);
  S.axis = epochAxis(Math.max(1, last));
  if (!run) return;
  if (run.id !== S.run) {
    S.run = run.id;
    S.playhead = playheadAt(run.growing ? last : run.epoch);
  } else if (S.grewTo !== null && S.playhead.epoch >= S.grewTo) S.playhead = playheadAt(last);
  S.grewTo = run.growing ? last : null;
  S.playhead = { ...S.playhead, epoch: Math.min(S.playhead.epoch, last) };
}

/** @type {(S: PictureState) => void} */
function openAt(S) {
  const run = S.header?.run;
  if (S.opensAt === null || !run || !S.record) return;
  const last = lastEpoch(S.record);
  S.playhead = playheadAt(Math.min(S.opensAt, last));
  if (!run.growing || last >= S.opensAt) S.opensAt = null;
}

/** @type {(S: PictureState, header: PictureHeader) => void} */
function offerNetworks(S, header) {
  const offered = [...(header.run ? [{ id: "run", name: trc("a network", "Run") }] : []), ...header.networks];
  const waits = header.arriving && S.choice === "run";
  if (!offered.some(n => n.id === S.choice) && !waits) S.choice = "bench";
  const key = JSON.stringify(offered.map(n => [n.id, n.name]));
  if (S.ui.networks.dataset.offered !== key) {
    S.ui.networks.dataset.offered = key;
    S.ui.networks.replaceChildren(...offered.map(n => networkChoice(n)));
  }
  for (const input of S.ui.networks.querySelectorAll("input")) input.checked = input.value === S.choice;
}

/** @type {(of: { id: string, name: string }) => HTMLElement} */
function networkChoice({ id, name }) {
  const label = document.createElement("label");
  label.className = "choice";
  label.innerHTML = '<input type="radio" name="network"><span></span>';
  const input = /** @type {HTMLInputElement} */ (label.firstElementChild);
  input.value = id;
  put(/** @type {Node} */ (label.lastElementChild), name);
  return label;
}

// The network that is shown now, the numbers that give its z in `S.numbers`.
/** @type {(S: PictureState) => Network} */
export function chooseNetwork(S) {
  const header = /** @type {PictureHeader} */ (S.header);
  const record = /** @type {import("../stage/core/record.js").StageRecord} */ (S.record);
  const { head, hidden, threshold, target } = record.header;
  if (S.choice === "run" && header.run) {
    makeRoom(S, record.weights.length);
    weightsAt(record, rowAt(record, S.playhead.epoch), S.numbers);
    S.network = { id: "run", name: header.run.title, numbers: null, hidden, head, threshold, target };
  } else {
    S.network = header.networks.find(n => n.id === S.choice) ?? header.networks[0];
    const numbers =
      (S.network.id === "bench" && S.edit) || fitted(S.network.numbers ?? S.numbers, record.weights.length);
    makeRoom(S, numbers.length);
    S.numbers.set(numbers);
  }
  const of = S.network.target.join();
  if (of !== S.namesOf) {
    S.namesOf = of;
    S.names = takenFor(S.network.target);
  }
  return S.network;
}

// What it finds in the picture, from its z of the 512.
/** @type {(S: PictureState) => import("../stage/pictures/matching.js").Found} */
export function foundNow(S) {
  freshPatterns(S);
  const { indices, counts, bitmap, zs, network, corners, names, tolerance } = S;
  const truth = wantedCorners(corners, network.target);
  return found({ indices, counts, width: bitmap.width }, zs, network.threshold, truth, names, tolerance);
}

/** @type {(S: PictureState, count: number) => void} */
function makeRoom(S, count) {
  if (S.numbers.length !== count) S.numbers = new Float64Array(count);
}

// ---------------------------------------------------------------- the picture

// Another picture is shown.
/** @type {(S: PictureState, bitmap: Bitmap) => void} */
export function putBitmap(S, bitmap) {
  const before = S.bitmap;
  S.bitmap = bitmap;
  const cells = bitmap.cells.length;
  S.stale = true;
  S.stop = -1;
  if (bitmap.width !== before.width || bitmap.height !== before.height) {
    S.cursor = Math.min(S.cursor, cells - 1);
    S.hover = null;
    S.anchor = null;
    S.slide = null;
  }
  sizeCanvas(S);
}

// Its patterns, computed once for each picture that is looked at: a drag may bring several between two frames.
/** @type {(S: PictureState) => void} */
export function freshPatterns(S) {
  if (!S.stale) return;
  S.stale = false;
  S.indices = patternIndices(S.bitmap, S.indices.length === S.bitmap.cells.length ? S.indices : undefined);
  S.counts = patternCounts(S.indices);
}

// A whole state: a scene, what a link or a file says, or what is undone.
/** @type {(S: PictureState, drawn: Drawn) => void} */
export function putDrawn(S, drawn) {
  const bitmap = bitmapOf(drawn.text);
  if (!bitmap) return;
  S.scene = drawn.scene;
  S.corners = drawn.corners?.map(([row, column, name]) => ({ at: row * bitmap.width + column, name })) ?? null;
  putBitmap(S, bitmap);
  if (drawn.edit !== undefined) putEdit(S, drawn.edit);
  S.past.note(drawnNow(S));
}

/** @type {(S: PictureState, edit: number[] | null) => void} */
function putEdit(S, edit) {
  if (JSON.stringify(edit) === JSON.stringify(S.edit && [...S.edit])) return;
  S.edit = edit && fitted(edit, /** @type {import("../stage/core/record.js").StageRecord} */ (S.record).weights.length);
  if (edit) S.choice = "bench"; // what comes back is to be seen
  tellBench(S);
}

/** @type {(S: PictureState) => Drawn} */
export function drawnNow(S) {
  const { width } = S.bitmap;
  const corners = S.corners?.map(
    ({ at, name }) => /** @type {[number, number, string]} */ ([Math.floor(at / width), at % width, name]),
  );
  return { text: bitmapText(S.bitmap), scene: S.scene, corners: corners ?? null, edit: S.edit && [...S.edit] };
}

// ---------------------------------------------------------------- over the page's own removal

const KEPT_PICTURE = [
  "rev",
  "choiceRev",
  "choice",
  "run",
  "grewTo",
  "playhead",
  "past",
  "tool",
  "map",
  "tolerance",
  "cursor",
];

// Call when the component is removed: the same session comes back to the same picture.
/** @type {(S: PictureState) => void} */
export function keepPicture(S) {
  rememberScene(drawnNow(S));
  globalThis.cornerLabPicture = {
    session: S.header?.session,
    header: S.headerText,
    kept: Object.fromEntries(KEPT_PICTURE.map(name => [name, S[name]])),
  };
}

/** @type {(S: PictureState, header: PictureHeader) => boolean} */
function revivePicture(S, header) {
  const last = globalThis.cornerLabPicture;
  if (!last?.session || last.session !== header.session) return false;
  Object.assign(S, last.kept);
  putDrawn(S, S.past.present());
  return true;
}

const DRAWING = "corner-lab-drawing";

// A drawing that has no room in the address outlives a reload in this tab, at this address.
/** @type {(text: string) => void} */
export function rememberDrawing(text) {
  try {
    sessionStorage.setItem(DRAWING, JSON.stringify({ text, search: location.search }));
  } catch {
    /* storage is off or full */
  }
}

// What was stored may be anything: `putDrawn` takes no text that is no drawing.
/** @type {(S: PictureState) => void} */
function rememberedDrawing(S) {
  try {
    const { text, search } = JSON.parse(sessionStorage.getItem(DRAWING) ?? "null") ?? {};
    if (text && search === location.search) putDrawn(S, { text: String(text), scene: null, corners: null });
  } catch {
    /* not ours */
  }
}
