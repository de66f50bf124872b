// The stage: keeps the state, wires pictures, bench and transport, and plays. Mounted once per shadow root.
import { lastEpoch, rowAt } from "../core/record.js";
import { SPEEDS, advanced, playheadAt } from "../core/playhead.js";
import { isDark, readPalette } from "../canvas/palette.js";
import { reporter } from "../sync/debounce.js";
import { poller } from "../sync/poll.js";
import { whenGone } from "../sync/lifecycle.js";
import { benchRequests, postBench, say } from "../sync/bench_request.js";
import { settle } from "../sync/url.js";
import { bindNearest } from "../atlas/nearest.js";
import { plotsAtFirst } from "../timeline/series.js";
import { playbackRate } from "../timeline/playback_rate.js";
import { built } from "./markup.js";
import { attribute } from "../canvas/dom.js";
import { bindBench } from "../bench/bench.js";
import { bindPixels } from "../bench/pixels.js";
import { bindTools } from "../bench/tools.js";
import { showTable } from "../timeline/table.js";
import { describe } from "./describe.js";
import { keepAlive, remember } from "../sync/storage.js";
import { createActions } from "./actions.js";
import { bindAtlas } from "../atlas/pick.js";
import { bindPlots } from "../timeline/plot_panel.js";
import { bindTransport, layFlags, showPace } from "../timeline/transport.js";
import { bindKeys } from "../timeline/keys.js";
import { loadRecord } from "./load_record.js";
import { drawPlaces, place, show, showCurves } from "./render.js";

// Positions ease towards their row with this time constant, and have arrived after SETTLED (both in ms).
const EASE = 40, SETTLED = 240;

export default function stage({ parentElement, data, setStateValue, setTriggerValue }) {
  const S = parentElement.cornerLab ??= mounted(parentElement);
  Object.assign(S, { toStreamlit: setStateValue, trigger: setTriggerValue });   // fresh with every call
  readTheme(S);
  const started = performance.now();
  const news = data && loadRecord(S, data);
  if (data) S.asks.heard(S.record.header.ask);
  S.stats.longest = Math.max(S.stats.longest, performance.now() - started);
  if (news || S.others) wake(S);
  return whenGone(parentElement, () => unmounted(S, parentElement));
}

function mounted(root) {
  const lab = document.createElement("div");
  lab.className = "lab";
  root.append(lab);
  const S = {
    root, lab, ui: built(lab), calm: matchMedia("(prefers-reduced-motion: reduce)"),
    record: null, playhead: playheadAt(0), speed: SPEEDS.find(s => s.id === "in5"), pixels: 432, edit: null, domain: null, reached: 0,
    locks: new Set(), locking: false, pointed: null, past: null, life: new AbortController(),
    buffer: { weights: null, zs: new Float64Array(512) }, show: { z: 0, xs: new Float64Array(512), ys: new Float64Array(512), domain: [-30, 7] },
    atlasView: "distance", hover: -1, keyed: false, opensAt: null,
    plots: plotsAtFirst(), ghost: null, ghostShown: true, probed: null, focused: false, pace: playbackRate(),
    dirty: true, others: true, snap: true, shownRow: -1, settled: 0, asked: 0, before: 0, k: 1, P: null,
    stats: { waits: true, frames: 0, draws: 0, longest: 0, atlas: 0, epoch: 0, playing: false, run: "", right: 0, z: 0, output: 0, pixels: 432, edited: false },
  };
  lab._stats = S.stats;
  if (root.host) { root.host._stats = S.stats; root.host._placeOf = i => [S.show.xs[i], S.show.ys[i]]; }
  S.line = benchRequests({
    post: told => postBench(S.record.header.session, S.rev, told), heard: say,
    otherwise: (name, value) => S.toStreamlit(name, value), cut: globalThis.cornerLab?.cut,
  });
  S.press = id => S.line.idle().then(() => S.trigger("press", id));
  S.reports = reporter((name, value) => S.record.header.guest || (name === "playhead" ? S.toStreamlit(name, value) : S.line.tell(name, value)));
  S.wake = others => wake(S, others);
  S.asks = poller(now => S.toStreamlit("ask", now));
  S.glance = () => { S.glanced = true; requestOne(S); };
  const actions = createActions(S);
  S.actions = actions;
  bindBench(S.ui, actions);
  bindPixels(root, S.ui, actions);
  bindTools(S.ui, actions, S.life.signal);
  bindTransport(S.ui, actions);
  bindAtlas(S, actions, () => { if (S.view) { S.view.hover = S.hover; drawPlaces(S); } });
  bindNearest(S.ui, actions);
  window.addEventListener("pagehide", () => S.past && !S.record.header.guest && remember(S.past.kept()), { signal: S.life.signal });
  bindPlots(S, actions);
  S.unbindKeys = bindKeys(root, lab, actions);
  S.watch = new ResizeObserver(() => resized(S));
  for (const node of [lab, ...S.ui.canvases]) S.watch.observe(node);
  document.fonts?.ready.then(() => { S.fonts = true; readTheme(S, true); wake(S); });
  return S;
}

function unmounted(S, root) {
  if (!S.record?.header.guest) keepAlive(S);
  cancelAnimationFrame(S.asked);
  S.watch.disconnect(); S.reports.stop(); S.asks.stop(); S.life.abort(); S.unbindKeys(); S.lab.remove();
  S.gone = true;
  delete root.cornerLab;
}

function readTheme(S, force = false) {
  const dark = isDark(S.lab), theme = dark ? "dark" : "light";
  attribute(S.lab, "data-theme", theme);
  const P = readPalette(S.lab), look = JSON.stringify({ ...P, id: 0 });
  if (look !== S.look || force) { S.look = look; S.P = P; S.others = true; }
}

function resized(S) {
  S.k = parseFloat(getComputedStyle(S.ui.curve.closest(".stage")).getPropertyValue("--k")) || 1;
  for (const canvas of S.ui.canvases) canvas.box = { W: canvas.clientWidth, H: canvas.clientHeight };
  if (S.record) layFlags(S.ui, S.record.header, S.axis, S.k, S.names);
  S.snap = true;
  wake(S);
}

// Asks for one frame; frames follow each other only while something plays or eases. Other pixels change nothing that
// stands over the epochs, the rest of what people do may.
function wake(S, others = true) {
  S.dirty = true; S.others ||= others;
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
  if (still || S.told !== S.record.header.run) { S.told = S.record.header.run; describe(S.ui, S.view, S.plots); }
  if (still) { showTable(S.ui, S.view); settle(S); }
  S.before = still ? 0 : t;
  S.stats.frames++;
  S.stats.longest = Math.max(S.stats.longest, performance.now() - started);
  if (!still && !S.asked) S.asked = requestAnimationFrame(next => frame(S, next));
}
