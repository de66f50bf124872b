// @ts-check
// What stands beside the picture: counts and scores, the place in the run, the window, and all of it in words.
import { attribute, put } from "../stage/canvas/dom.js";
import { grouped } from "../stage/canvas/format.js";
import { epochAt } from "../stage/core/record.js";
import { cornerName, detectionScores, stopsOf } from "./core/matching.js";
import { PACES } from "./core/slide.js";
import { manyOf, placeWords, scoreWords, standing, summaryWords } from "./core/words.js";
import { windowAt } from "./draw.js";
import { showWindow } from "./window.js";

/**
 * @import { PictureState } from "./state.js"
 * @import { Found } from "./core/matching.js"
 */

/** @type {(S: PictureState, found: Found) => void} */
export function showFigures(S, found) {
  const { ui, network } = S;
  put(ui.title, `${network.name}: ${manyOf(found.count, "corner")} found`);
  put(ui.nFound, grouped(found.count));
  const scores = detectionScores(found);
  const known = value => (found.known ? value : "–");
  put(ui.nRight, known(grouped(found.right.length)));
  put(ui.nMissed, known(grouped(found.missed.length)));
  put(ui.nFalse, known(grouped(found.falses)));
  for (const name of ["precision", "recall", "f1"]) put(ui[name], known(scoreWords(scores[name])));
  showStops(S, found);
  showPictureTools(S);
  showTime(S);
  const at = windowAt(S);
  const pattern = S.indices[at];
  const { head, threshold } = network;
  showWindow(ui, S.P, { numbers: S.numbers, head, threshold, z: S.zs[pattern], pattern, at, width: S.bitmap.width });
}

/** @type {(S: PictureState, found: Found) => void} */
function showStops(S, found) {
  const stops = stopsOf(found);
  const what = found.known ? "error" : "corner";
  for (const [id, way] of [
    ["before", "Previous"],
    ["after", "Next"],
  ]) {
    attribute(S.ui[id], "aria-label", `${way} ${what}`);
    S.ui[id].disabled = !stops.length;
  }
  const at = stops[S.stop];
  if (found.hits === null) put(S.ui.stop_text, "Too many to mark each");
  else if (!stops.length) put(S.ui.stop_text, `No ${what}s`);
  else if (at === undefined || at !== S.cursor) put(S.ui.stop_text, manyOf(stops.length, what));
  else {
    const told = [standing(found, at), cornerName(S.indices[at]), placeWords(at, S.bitmap.width)];
    put(S.ui.stop_text, `${S.stop + 1} of ${stops.length}: ${told.filter(Boolean).join(", ")}`);
  }
}

/** @type {(S: PictureState) => void} */
function showPictureTools(S) {
  const { ui, bitmap, scene, slide } = S;
  ui.undo.disabled = !S.past.canUndo;
  ui.redo.disabled = !S.past.canRedo;
  const size = bitmap.height === bitmap.width ? String(bitmap.height) : "";
  if (ui.side.value !== size && ui.root?.activeElement !== ui.side) ui.side.value = size;
  const shown = JSON.stringify(scene);
  if (ui.kind.dataset.shown !== shown) {
    ui.kind.dataset.shown = shown;
    if (scene) {
      ui.kind.value = scene.kind;
      ui.seed.value = String(scene.seed);
    }
  }
  put(ui.slide, S.calm.matches ? "Next row" : slide?.playing ? "Pause" : "Play");
  for (const id of ["slower", "faster"]) ui[id].disabled = !slide || S.calm.matches;
  ui.stop.disabled = !slide;
  put(ui.pace, slide && !S.calm.matches ? `${grouped(PACES[slide.pace])} patches a second` : "");
}

/** @type {(S: PictureState) => void} */
function showTime(S) {
  const { ui, record, playhead } = S;
  const runs = S.choice === "run" && S.header?.run;
  ui.transport.hidden = !runs;
  if (!runs || !record) return;
  const epoch = epochAt(record, playhead.epoch);
  const place = String(Math.round(1000 * S.axis.u(playhead.epoch)));
  if (ui.epoch.value !== place && !(ui.scrubbing && !playhead.playing)) ui.epoch.value = place;
  attribute(ui.epoch, "aria-valuetext", `epoch ${grouped(epoch)}`);
  const playing = playhead.playing ? "Pause" : "Play";
  if (ui.play.dataset.shown !== playing) {
    ui.play.dataset.shown = playing;
    ui.play.innerHTML = ui.icons[playing];
    attribute(ui.play, "aria-label", playing);
    attribute(ui.play, "title", playing);
  }
  put(ui.epochText, `Epoch ${grouped(epoch)} of ${grouped(S.axis.end)}${runs.growing ? ", still training" : ""}`);
}

// Written when the picture has come to rest.
/** @type {(S: PictureState, found: Found) => void} */
export function describePicture(S, found) {
  const text = summaryWords(S.network.name, found, S.indices, S.bitmap);
  put(S.ui.summary, text);
  attribute(S.ui.canvas, "aria-label", `Picture of ${S.bitmap.height} by ${S.bitmap.width} cells`);
}
