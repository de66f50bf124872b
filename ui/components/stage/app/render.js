// @ts-check
// Paints what the state says: numbers, colours and lines at once, positions as they ease.
import { drawByDistance } from "../atlas/by_distance.js";
import { drawByOutput } from "../atlas/by_output.js";
import { showCard } from "../atlas/card.js";
import { atlasScales, easedTowards, layoutByDistance } from "../atlas/layout_distance.js";
import { layoutByOutput, outputScales, zoneEdge } from "../atlas/layout_output.js";
import { showNearest } from "../atlas/nearest.js";
import { showScores } from "../atlas/scores.js";
import { drawCurve } from "../bench/activation_curve.js";
import { showBench } from "../bench/bench.js";
import { showTools } from "../bench/tools.js";
import { attribute, put } from "../canvas/dom.js";
import { boxOf } from "../canvas/pen.js";
import { frameView } from "../core/frame_view.js";
import { waitingSince } from "../core/progress.js";
import { HEADS } from "../network/forward.js";
import { drawScene, layoutInScene, scenePlace } from "../pictures/scene_view.js";
import { showWays } from "../sync/sections.js";
import { drawFilmstrip, filmWords } from "../timeline/filmstrip.js";
import { drawPlot } from "../timeline/line_plot.js";
import { PLOTS, readingEpoch, showPlots } from "../timeline/plot_panel.js";
import { showOutcome, showTransport } from "../timeline/transport.js";

/**
 * @import { State } from "./state.js"
 * @import { Layout } from "../atlas/layout_distance.js"
 * @import { View } from "../core/frame_view.js"
 */

// What the state says now: people act between two frames, and before the first.
/** @type {(S: State) => View} */
export function viewNow(S) {
  if (S.dirty || !S.view) {
    S.view = frameView(S);
    S.view.layout = layoutOf(S, S.view);
  }
  return S.view;
}

// Numbers, colours and lines switch to the row at once.
/** @type {(S: State, row: number) => void} */
export function show(S, row) {
  const { ui, P } = S;
  clock(S);
  S.dirty = true;
  const view = viewNow(S);
  const others = S.others || row !== S.shownRow;
  S.dirty = S.others = false;
  S.shownRow = row;
  S.drawn = null;
  S.reached = Math.max(S.reached, view.epoch);
  showBench(ui, view, P);
  showTools(ui, view, S.past, S.locking);
  for (const [node, name] of [
    [ui.byDistance, "distance"],
    [ui.onCurve, "curve"],
    [ui.inPicture, "picture"],
  ])
    attribute(node, "aria-pressed", String(S.atlasView === name));
  showScores(ui, view);
  showNearest(ui, view);
  showOutcome(ui, view, view.playing || S.moving);
  showWays(ui, view, S.below);
  showTransport(ui, view, S.axis, S.reached);
  if (others) showCurves(S);
  S.retell();
  Object.assign(S.stats, {
    epoch: view.epoch,
    playing: view.playing,
    run: view.record.header.run,
    right: view.sum.right,
    z: view.z,
    output: view.output,
    pixels: view.pixels,
    edited: view.edited,
  });
}

// While something is waited for, the seconds that it takes are counted from its beginning.
/** @type {(S: State) => void} */
function clock(S) {
  clearTimeout(S.ticking);
  const { id, at } = S.presses;
  if (S.record.header.phase || id) {
    const trains = id !== null && id !== "stop" && !id.includes(":");
    S.since = waitingSince(S.since, S.record.header, trains ? at : null, performance.now());
    S.ticking = setTimeout(() => S.wake(false), 1000);
  } else S.since = null;
}

// What stands over the epochs; also where only the epoch that is read off has changed.
/** @type {(S: State) => void} */
export function showCurves(S) {
  const { ui, view, P, k } = S;
  const reading = readingEpoch(S);
  S.glanced = false;
  PLOTS.forEach((name, i) => drawPlot(ui[name], view, S.plots[i], reading, P, k));
  showPlots(ui, view, S.plots, reading);
  drawFilmstrip(ui.film, view, reading, P, k);
  put(ui.filmNote, filmWords(view));
  Object.assign(S.stats, { reading, ghost: S.ghost?.title ?? null });
}

// Positions ease: dots, star, the curve's dot. `placed` marks the view that has arrived.
/** @type {(S: State, share: number, eases: boolean) => void} */
export function place(S, share, eases) {
  const { view, show: eased, ui, P, k } = S;
  const moved = easedTowards(eased, view.layout, view.domain, share);
  eased.z += (view.z - eased.z) * share;
  if (!eases) {
    eased.z = view.z;
    S.placed = view;
  }
  drawCurve(ui.curve, view, P, k);
  if (moved || S.drawn !== view) drawPlaces(S);
  S.drawn = view;
  S.stats.draws++;
}

// Where the points of the chosen view belong at rest.
/** @type {(S: State, view: View) => Layout} */
function layoutOf(S, view) {
  const { W, H } = boxOf(S.ui.atlas);
  const { places, zs, threshold, head, domain } = view;
  if (S.atlasView === "picture" && S.scene) return layoutInScene(S.scene, scenePlace(W, H, S.k, S.scene.bitmap));
  if (S.atlasView === "curve")
    return layoutByOutput(outputScales(W, H, S.k, head, domain), places, zs, threshold, zoneEdge(head));
  return layoutByDistance(atlasScales(W, H, S.k, places, domain), places, zs, threshold, HEADS[head].dead);
}

/** @type {(S: State) => void} */
export function drawPlaces(S) {
  const { view, ui, P, k } = S;
  const started = performance.now();
  if (S.atlasView === "picture" && S.scene) {
    drawScene(ui.atlas, S.scene, view, P, k);
  } else if (S.atlasView === "curve") drawByOutput(ui.atlas, view, P, k);
  else drawByDistance(ui.atlas, view, P, k);
  if (S.scene && S.shows?.includes("picture")) drawScene(ui.scenery, S.scene, view, P, k);
  S.stats.atlas += (performance.now() - started - S.stats.atlas) * (S.stats.atlas ? 0.1 : 1); // running mean, ms
  showCard(S);
}
