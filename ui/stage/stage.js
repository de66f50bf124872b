// The stage: keeps the state, wires pictures, bench and transport, and plays. Mounted once per shadow root.
import { allZ, targetFlags } from "./forward.js";
import { headerText, lastEpoch, rowAt, unpacked, weightsAt } from "./record.js";
import { epochAxis } from "./axis.js";
import { SPEEDS, advanced, playheadAt } from "./player.js";
import { isDark, readPalette } from "./palette.js";
import { namesFor } from "./outcome.js";
import { derived } from "./view.js";
import { reporter } from "./reports.js";
import { atlasPlaces, drawAtlas } from "./atlas.js";
import { drawCurve } from "./curve.js";
import { drawPlot } from "./curves.js";
import { drawFilm } from "./film.js";
import { plotsAtFirst } from "./measures.js";
import { ghostAfter } from "./ghost.js";
import { pacer } from "./pace.js";
import { built } from "./markup.js";
import { attribute, bindBench, nameBench, showBench } from "./bench.js";
import { describe } from "./describe.js";
import { deeds } from "./deeds.js";
import { bindAtlas } from "./pick.js";
import { PLOTS, PLOT_COLUMNS, bindPlots, readingEpoch, showPlots } from "./plots.js";
import { bindTransport, layFlags, showOutcome, showPace, showTransport } from "./transport.js";
import { bindKeys } from "./keys.js";

// Positions ease towards their row with this time constant, and have arrived after SETTLED (both in ms).
const EASE = 40, SETTLED = 240;

export default function stage({ parentElement, data, setStateValue, setTriggerValue }) {
  const S = parentElement.cornerLab ??= mounted(parentElement);
  S.reports.use(setStateValue);
  S.press = id => setTriggerValue("press", id);
  readTheme(S);
  const started = performance.now();
  if (data) load(S, data);
  S.stats.longest = Math.max(S.stats.longest, performance.now() - started);
  wake(S);
  return () => unmounted(S, parentElement);
}

function mounted(root) {
  const lab = document.createElement("div");
  lab.className = "lab";
  root.append(lab);
  const S = {
    root, lab, ui: built(lab), reports: reporter(), calm: matchMedia("(prefers-reduced-motion: reduce)"),
    record: null, playhead: playheadAt(0), speed: SPEEDS.find(s => s.id === "in5"), pixels: 432, edit: null, domain: null, reached: 0,
    buffer: { weights: new Float64Array(12), zs: new Float64Array(512) }, show: { z: 0, zs: new Float64Array(512) },
    plots: window.cornerLabPlots ??= plotsAtFirst(), ghost: null, ghostShown: true, probed: null, focused: false, pace: pacer(),
    dirty: true, snap: true, shownRow: -1, settled: 0, asked: 0, before: 0, k: 1, P: null,
    stats: { frames: 0, draws: 0, longest: 0, epoch: 0, playing: false, run: "", right: 0, z: 0, output: 0, pixels: 432, edited: false },
  };
  lab._stats = S.stats;
  if (root.host) root.host._stats = S.stats;
  S.wake = () => wake(S);
  S.glance = () => { S.glanced = true; requestOne(S); };
  const deed = deeds(S);
  bindBench(root, S.ui, deed);
  bindTransport(S.ui, deed);
  bindAtlas(S, deed);
  bindPlots(S, deed);
  S.unbindKeys = bindKeys(root, lab, deed);
  S.watch = new ResizeObserver(() => resized(S));
  for (const node of [lab, ...S.ui.canvases]) S.watch.observe(node);
  document.fonts?.ready.then(() => { S.fonts = true; readTheme(S, true); wake(S); });
  return S;
}

function unmounted(S, root) {
  cancelAnimationFrame(S.asked);
  S.watch.disconnect(); S.unbindKeys(); S.reports.stop(); S.lab.remove();
  S.gone = true;
  delete root.cornerLab;
}

function load(S, bytes) {
  const text = headerText(bytes);
  if (text === S.headerText) return;
  S.headerText = text;
  const next = unpacked(bytes), { header } = next, { run, tick, rows, growing, head, threshold, references, edges } = header;
  const id = JSON.stringify([run, tick, rows, growing, head, threshold, references, edges, header.planned, header.last]);
  const resumes = goesOn(S, header);
  S.ghost = ghostAfter(S.ghost, S.record, run, PLOT_COLUMNS);
  S.record = id === S.recordId ? { ...S.record, header } : next;
  S.recordId = id;
  S.axis = epochAxis(growing ? Math.max(header.planned, header.last) : header.last);
  const targets = JSON.stringify(header.target);
  if (targets !== S.placesId) {
    Object.assign(S, { placesId: targets, flags: targetFlags(header.target), places: atlasPlaces(header.target), names: namesFor(header.target) });
  }
  const zs = allZ(weightsAt(S.record, 0));
  S.startZ = Math.min(...header.target.map(t => zs[t]));
  if (run !== S.run) begin(S, header);
  if (resumes) { S.playhead = playheadAt(S.playhead.epoch, true); S.report(1); }
  S.playhead = { ...S.playhead, epoch: Math.min(S.playhead.epoch, lastEpoch(S.record)) };
  if (header.rev !== S.rev) {
    S.rev = header.rev;
    S.pixels = header.pixels ?? S.pixels;
    S.edit = header.weights ? Float64Array.from(header.weights) : null;
    S.reports.known("pixels", S.pixels);
    S.reports.known("weights", header.weights ?? null);
  }
  nameBench(S.ui, header, S.names);
  layFlags(S.ui, header, S.axis, S.k, S.names);
}

// A run that was over is trained longer while the playhead stands at its end: it plays on.
function goesOn(S, header) {
  const before = S.record?.header;
  if (!before || header.run !== S.run || before.growing || before.status === "set") return false;
  return (header.growing || header.last > before.last) && S.playhead.epoch >= before.last;
}

// A new run: the playhead starts, or rests where Python says, or at the end of what is already over.
function begin(S, header) {
  S.run = header.run;
  const plays = Boolean(header.autoplay) && (header.growing || header.last > 0);
  S.playhead = playheadAt(plays ? 0 : header.epoch ?? (header.growing ? 0 : header.last), plays);
  S.reached = S.playhead.epoch;
  if (S.edit) S.reports.tell("weights", null, 1);
  S.edit = null; S.snap = true; S.shownRow = -1;
  if (plays) S.report(1);
}

function readTheme(S, force = false) {
  const dark = isDark(S.lab), theme = dark ? "dark" : "light";
  attribute(S.lab, "data-theme", theme);
  const P = readPalette(S.lab), look = JSON.stringify({ ...P, id: 0 });
  if (look !== S.look || force) { S.look = look; S.P = P; S.dirty = true; }
}

function resized(S) {
  S.k = parseFloat(getComputedStyle(S.ui.curve.closest(".stage")).getPropertyValue("--k")) || 1;
  for (const canvas of S.ui.canvases) canvas.box = { W: canvas.clientWidth, H: canvas.clientHeight };
  if (S.record) layFlags(S.ui, S.record.header, S.axis, S.k, S.names);
  S.snap = true;
  wake(S);
}

// Asks for one frame; frames follow each other only while something plays or eases.
function wake(S) {
  S.dirty = true;
  requestOne(S);
}

function requestOne(S) {
  if (!S.asked && !S.gone) S.asked = requestAnimationFrame(t => frame(S, t));
}

function frame(S, t) {
  S.asked = 0;
  if (!S.record || S.gone) return;
  const started = performance.now(), dt = S.before ? Math.min(250, t - S.before) : 0;
  if (S.playhead.playing) {
    const tape = { axis: S.axis, last: lastEpoch(S.record), growing: S.record.header.growing, calm: S.calm.matches };
    S.playhead = advanced(S.playhead, dt / 1000, S.speed, tape);
    if (!S.playhead.playing) { S.dirty = true; S.report(0); }
  }
  const row = rowAt(S.record, S.playhead.epoch);
  if (S.dirty || row !== S.shownRow) { show(S, row); S.settled = t + SETTLED; } else if (S.glanced) showCurves(S);
  S.stats.pace = S.pace.note(t, S.view.epoch, S.playhead.playing);
  showPace(S.ui, S.stats.pace, t);
  const eases = t < S.settled && !S.snap && !S.calm.matches;
  if (eases || S.placed !== S.view) place(S, eases ? 1 - Math.exp(-dt / EASE) : 1, eases);
  S.snap = false;
  const still = !S.playhead.playing && S.placed === S.view;
  if (still) describe(S.ui, S.view, S.plots);
  S.before = still ? 0 : t;
  S.stats.frames++;
  S.stats.longest = Math.max(S.stats.longest, performance.now() - started);
  if (!still && !S.asked) S.asked = requestAnimationFrame(next => frame(S, next));
}

// Numbers, colours and lines switch to the row at once.
function show(S, row) {
  const { ui, P, k } = S, view = S.view = derived(S);
  S.dirty = false; S.shownRow = row; S.reached = Math.max(S.reached, view.epoch);
  showBench(ui, view, P);
  showOutcome(ui, view, view.playing || S.moving);
  showTransport(ui, view, S.axis, S.reached);
  showCurves(S);
  Object.assign(S.stats, {
    epoch: view.epoch, playing: view.playing, run: view.record.header.run, right: view.sum.right, z: view.z, output: view.output, pixels: view.pixels, edited: view.edited,
  });
}

// What stands over the epochs; also where only the epoch that is read off has changed.
function showCurves(S) {
  const { ui, view, P, k } = S, reading = readingEpoch(S);
  S.glanced = false;
  PLOTS.forEach((name, i) => drawPlot(ui[name], view, S.plots[i], reading, P, k));
  showPlots(ui, view, S.plots, reading);
  drawFilm(ui.film, view, reading, P, k);
  Object.assign(S.stats, { reading, ghost: S.ghost?.title ?? null });
}

// Positions ease: dots, star, the curve's dot. `placed` marks the view that has arrived.
function place(S, share, eases) {
  const { view, show: eased, ui, P, k } = S;
  for (let i = 0; i < 512; i++) eased.zs[i] += (view.zs[i] - eased.zs[i]) * share;
  eased.z += (view.z - eased.z) * share;
  if (!eases) { eased.zs.set(view.zs); eased.z = view.z; S.placed = view; }
  drawCurve(ui.curve, view, P, k);
  drawAtlas(ui.atlas, view, P, k);
  S.stats.draws++;
}
