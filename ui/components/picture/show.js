// @ts-check
// What stands beside the picture: counts and scores, the place in the run, the window, and all of it in words.
import { tr, trc, trn } from "../language/tr.js";
import { attribute, put } from "../stage/canvas/dom.js";
import { grouped, inARow } from "../stage/canvas/format.js";
import { epochAt, lastEpoch } from "../stage/core/record.js";
import { cornerName, detectionScores, stopsOf } from "../stage/pictures/matching.js";
import { placeWords, scoreWords, standing, summaryWords, verdictWords } from "../stage/pictures/words.js";
import { showWindow } from "./bench.js";
import { PACES } from "./core/slide.js";

/**
 * @import { PictureState } from "./state.js"
 * @import { Found } from "../stage/pictures/matching.js"
 */

/** @type {(S: PictureState, found: Found) => void} */
export function showFigures(S, found) {
  const { ui, network } = S;
  const { name } = network;
  put(
    ui.title,
    trn("{network}: {count} corner found", "{network}: {count} corners found", found.count, { network: name }),
  );
  put(ui.nFound, grouped(found.count));
  const scores = detectionScores(found);
  const known = value => (found.known ? value : "–");
  put(ui.nRight, known(grouped(found.right.length)));
  put(ui.nMissed, known(grouped(found.missed.length)));
  put(ui.nFalse, known(grouped(found.falses)));
  for (const name of ["precision", "recall", "f1"]) put(ui[name], known(scoreWords(scores[name])));
  for (const input of ui.networks.querySelectorAll("input"))
    if (input.checked !== (input.value === S.choice)) input.checked = input.value === S.choice;
  const tolerance = String(S.tolerance);
  if (ui.tolerance.value !== tolerance) ui.tolerance.value = tolerance;
  showStops(S, found);
  showPictureTools(S);
  showTime(S);
  showWindow(S);
}

/** @type {(S: PictureState, found: Found) => void} */
function showStops(S, found) {
  const stops = stopsOf(found);
  const { known } = found;
  attribute(S.ui.before, "aria-label", known ? tr("Previous error") : tr("Previous corner"));
  attribute(S.ui.after, "aria-label", known ? tr("Next error") : tr("Next corner"));
  for (const id of ["before", "after"]) S.ui[id].disabled = !stops.length;
  put(S.ui.stop_text, stopWords(S, found, stops));
}

/** @type {(S: PictureState, found: Found, stops: number[]) => string} */
function stopWords(S, found, stops) {
  const { known } = found;
  const at = stops[S.stop];
  if (found.hits === null) return tr("Too many to mark each");
  if (!stops.length) return known ? tr("No errors") : tr("No corners");
  if (at === undefined || at !== S.cursor)
    return known
      ? trn("{count} error", "{count} errors", stops.length)
      : trn("{count} corner", "{count} corners", stops.length);
  return tr("{number} of {count}: {told}", {
    number: S.stop + 1,
    count: stops.length,
    told: inARow([standing(found, at), cornerName(S.indices[at]), placeWords(at, S.bitmap.width)]),
  });
}

/** @type {(S: PictureState) => void} */
function showPictureTools(S) {
  const { ui, bitmap, scene, slide } = S;
  for (const name of ["tool", "map"])
    for (const radio of ui[`${name}s`].querySelectorAll("input"))
      if (radio.checked !== (radio.value === S[name])) radio.checked = radio.value === S[name];
  ui.undo.disabled = !S.past.canUndo;
  ui.redo.disabled = !S.past.canRedo;
  showSize(ui, bitmap);
  const shown = JSON.stringify(scene);
  if (ui.kind.dataset.shown !== shown) {
    ui.kind.dataset.shown = shown;
    if (scene) {
      ui.kind.value = scene.kind;
      ui.seed.value = String(scene.seed);
    }
  }
  put(ui.slide, S.calm.matches ? tr("Next row") : slide?.playing ? tr("Hold") : tr("Slide"));
  for (const id of ["slower", "faster"]) ui[id].disabled = !slide || S.calm.matches;
  ui.stop.disabled = !slide;
  put(ui.pace, slide && !S.calm.matches ? tr("{count} patches a second", { count: grouped(PACES[slide.pace]) }) : "");
}

// A size that is not among those offered has a place of its own there.
/** @type {(ui: import("../stage/canvas/dom.js").Ui, size: { height: number, width: number }) => void} */
function showSize(ui, { height, width }) {
  const offered = height === width && [...ui.side.options].some(option => option.value === String(height));
  ui.otherSide.hidden = offered;
  put(ui.otherSide, offered ? "" : `${height} × ${width}`);
  const value = offered ? String(height) : "";
  if (ui.side.value !== value) ui.side.value = value;
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
  attribute(ui.epoch, "aria-valuetext", tr("epoch {epoch}", { epoch: grouped(epoch) }));
  const playing = playhead.playing ? "Pause" : "Play";
  if (ui.play.dataset.shown !== playing) {
    ui.play.dataset.shown = playing;
    ui.play.innerHTML = ui.icons[playing];
    const label = playhead.playing ? trc("playback", "Pause") : trc("playback", "Play");
    attribute(ui.play, "aria-label", label);
    attribute(ui.play, "title", label);
  }
  put(
    ui.epochText,
    runs.growing
      ? tr("Epoch {epoch}, still training", { epoch: grouped(epoch) })
      : tr("Epoch {epoch} of {end}", { epoch: grouped(epoch), end: grouped(lastEpoch(record)) }),
  );
}

// Written when the picture has come to rest.
/** @type {(S: PictureState, found: Found) => void} */
export function describePicture(S, found) {
  const { ui, bitmap, cursor } = S;
  put(ui.summary, summaryWords(S.network.name, found, S.indices, bitmap));
  if (ui.root.activeElement === ui.canvas) {
    const verdict = verdictWords(S.zs[S.indices[cursor]], S.network.threshold);
    const told = [
      placeWords(cursor, bitmap.width),
      bitmap.cells[cursor] ? trc("a pixel", "on") : trc("a pixel", "off"),
      verdict,
      standing(found, cursor),
    ];
    put(ui.spot, inARow(told));
  }
  attribute(
    S.ui.canvas,
    "aria-label",
    tr("Picture of {height} by {width} cells", { height: bitmap.height, width: bitmap.width }),
  );
}
