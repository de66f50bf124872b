// @ts-check
// What a record that arrives does to the stage's state: a new run begins, one that grows goes on, the bench may be set.
import { atlasPlaces } from "../atlas/layout_distance.js";
import { nameScores } from "../atlas/scores.js";
import { nameBench } from "../bench/bench.js";
import { epochAxis } from "../canvas/axis.js";
import { namesFor } from "../core/messages.js";
import { playheadAt } from "../core/playhead.js";
import { ghostAfter } from "../core/previous_run.js";
import { headerText, lastEpoch, unpacked, weightsAt } from "../core/record.js";
import { undoStack } from "../core/undo_stack.js";
import { partsToFit } from "../embed/fit.js";
import { fitted } from "../network/bench_numbers.js";
import { allZ } from "../network/forward.js";
import { targetFlags } from "../network/verdict.js";
import { rememberedScene } from "../pictures/last_scene.js";
import { atlasScene } from "../pictures/scene_view.js";
import { pressLeft } from "../sync/press.js";
import { isSameVisit } from "../sync/reconnect.js";
import { remembered, revive } from "../sync/storage.js";
import { settle } from "../sync/url.js";
import { PLOT_COLUMNS } from "../timeline/plot_panel.js";
import { layFlags } from "../timeline/transport.js";
import { adoptBench, benchState, noted } from "./actions.js";

/**
 * @import { State } from "./state.js"
 * @import { RecordHeader } from "../core/record.js"
 */

// Returns whether it says anything new.
/** @type {(S: State, bytes: Uint8Array) => boolean} */
export function loadRecord(S, bytes) {
  const text = headerText(bytes).replace(/"answer":\d+,/, ""); // an answer that brings nothing new
  if (text === S.headerText) return false;
  S.headerText = text;
  const next = unpacked(bytes);
  const { header } = next;
  if (!header.guest && !isSameVisit(header.session)) return false;
  const { run, tick, rows, growing, head, threshold, references, edges } = header;
  const id = JSON.stringify([
    run,
    tick,
    rows,
    growing,
    head,
    header.kernels,
    header.hidden,
    threshold,
    references,
    edges,
    header.planned,
    header.last,
  ]);
  const revived = !S.record && revive(S, header);
  S.shows = partsToFit(header, S.root.host);
  if (header.guest && header.parts) S.lab.dataset.parts = header.parts.join(" "); // on another page: which of its parts show
  if (!growing) S.stopping = null;
  const resumes = goesOn(S, header);
  S.ghost = ghostAfter(S.ghost, S.record, run, PLOT_COLUMNS);
  S.record = id === S.recordId ? { ...S.record, header } : next;
  S.recordId = id;
  if (S.buffer.weights.length !== S.record.weights.length) S.buffer.weights = new Float64Array(S.record.weights.length);
  S.axis = epochAxis(growing ? Math.max(header.planned, header.last) : header.last);
  S.stats.waits = Number.isFinite(header.ask); // something is under way that the stage asks about
  aim(S, header.target);
  const moved = run !== S.run || header.rev !== S.rev;
  const anew = run !== S.run && header.status !== "set" && header.at === null; // not one that a link brings back
  if (run !== S.run) begin(S, header);
  if (resumes) {
    S.playhead = playheadAt(S.playhead.epoch, true);
    S.report(1);
  }
  if (header.rev !== S.rev) setBench(S, header);
  S.playhead = { ...S.playhead, epoch: Math.min(S.playhead.epoch, lastEpoch(S.record)) };
  if (S.opensAt !== null) open(S, header);
  S.ui.speed.value = S.speed.id;
  S.scene ??= sceneToShow(header);
  S.ui.inPicture.hidden = !S.scene;
  if ((!S.scene || S.shows) && S.atlasView === "picture") S.atlasView = "distance"; // shown alone it is a part of its own
  if (!S.past) begun(S, header);
  else if (revived) {
    adoptBench(S, benchState(S));
    noted(S); // another page may have changed it
    settle(S);
  } else if (moved) noted(S, anew);
  nameBench(S.ui, header);
  nameScores(S.ui, S.names);
  layFlags(S.ui, header, S.axis, S.k, S.names);
  return true;
}

/** @type {(S: State, target: number[]) => void} */
function aim(S, target) {
  const targets = JSON.stringify(target);
  const zs = allZ(weightsAt(S.record, 0), S.record.header.hidden);
  if (targets !== S.placesId)
    Object.assign(S, {
      placesId: targets,
      flags: targetFlags(target),
      places: atlasPlaces(target),
      names: namesFor(target),
    });
  S.startZ = Math.min(...target.map(t => zs[t]));
}

// The picture last drawn in this tab, else Python's; null on another page.
/** @type {(header: RecordHeader) => import("../pictures/scene_view.js").AtlasScene | null} */
function sceneToShow({ scene }) {
  if (!scene) return null;
  const last = rememberedScene();
  return (last && atlasScene(last.text, last.corners)) ?? atlasScene(scene.text, scene.corners);
}

// A link has named an epoch: the playhead rests there as soon as it is trained.
/** @type {(S: State, header: RecordHeader) => void} */
function open(S, { growing }) {
  const wanted = S.opensAt ?? 0;
  S.playhead = playheadAt(Math.min(wanted, lastEpoch(S.record)));
  if (!growing || lastEpoch(S.record) >= wanted) {
    S.opensAt = null;
    S.report(1);
  }
}

// Python has set the bench.
/** @type {(S: State, header: RecordHeader) => void} */
function setBench(S, header) {
  S.rev = header.rev;
  S.popped = false;
  S.opensAt = header.at;
  S.pixels = header.pixels ?? S.pixels;
  S.edit = header.weights ? fitted(header.weights, S.record.weights.length) : null;
  S.loaded = Boolean(header.weights) && S.record.rows === 1;
  S.locks = new Set(header.locks ?? []);
  S.reports.known("pixels", S.pixels);
  S.reports.known("weights", header.weights ?? null);
  S.reports.known("locks", header.locks ?? []);
}

// The first record: the page is new, or was reloaded and goes on where it was.
/** @type {(S: State, header: RecordHeader) => void} */
function begun(S, header) {
  S.past = undoStack(benchState(S));
  if (header.guest) return;
  S.left = pressLeft();
  const kept = remembered(header.fresh);
  if (!kept) return;
  S.kernel = kept.kernel;
  const now = S.past.present();
  S.past.restore(kept);
  if (!header.fresh) S.past.note(now);
  else {
    // Weights that only the address had, those of a run that it does not lead to, were no edit of the bench's.
    const last = S.past.present();
    if (now.edit && !last.edit) S.past.note({ ...last, edit: now.edit });
    adoptBench(S, S.past.present());
  }
}

// A run that was over is trained longer while the playhead stands at its end: it plays on.
/** @type {(S: State, header: RecordHeader) => boolean} */
function goesOn(S, header) {
  const before = S.record?.header;
  if (!before || header.run !== S.run || before.growing || before.status === "set") return false;
  return (header.growing || header.last > before.last) && S.playhead.epoch >= before.last;
}

// A new run: the playhead starts, or rests where Python says, or at the end of what is already over.
/** @type {(S: State, header: RecordHeader) => void} */
function begin(S, header) {
  S.run = header.run;
  const plays = header.autoplay && header.at === null && (header.growing || header.last > 0);
  S.playhead = playheadAt(plays || header.growing ? 0 : header.last, plays);
  S.opensAt = null;
  S.reached = S.playhead.epoch;
  if (S.edit) S.reports.tell("weights", null, 1);
  S.edit = null;
  S.snap = true;
  S.shownRow = -1;
  if (plays) S.report(1);
  settle(S);
}
