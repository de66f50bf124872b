// The stage: keeps the state, wires pictures, bench and transport, and plays. Mounted once per shadow root.
import { lastEpoch, rowAt } from "./record.js";
import { SPEEDS, advanced, playheadAt } from "./player.js";
import { isDark, readPalette } from "./palette.js";
import { reporter } from "./reports.js";
import { asker } from "./asking.js";
import { whenGone } from "./leaving.js";
import { directLine, postBench, say } from "./line.js";
import { settle } from "./address.js";
import { bindNearest } from "./nearest.js";
import { plotsAtFirst } from "./measures.js";
import { pacer } from "./pace.js";
import { built } from "./markup.js";
import { attribute, bindBench } from "./bench.js";
import { bindPixels } from "./pixels.js";
import { bindTools } from "./tools.js";
import { showTable } from "./table.js";
import { describe } from "./describe.js";
import { keepAlive, remember } from "./memory.js";
import { deeds } from "./deeds.js";
import { bindAtlas } from "./pick.js";
import { bindPlots } from "./plots.js";
import { bindTransport, layFlags, showPace } from "./transport.js";
import { bindKeys } from "./keys.js";
import { load } from "./arrival.js";
import { drawPlaces, place, show, showCurves } from "./paint.js";

// Positions ease towards their row with this time constant, and have arrived after SETTLED (both in ms).
const EASE = 40, SETTLED = 240;

export default function stage({ parentElement, data, setStateValue, setTriggerValue }) {
  const S = parentElement.cornerLab ??= mounted(parentElement);
  Object.assign(S, { toStreamlit: setStateValue, trigger: setTriggerValue });   // fresh with every call
  readTheme(S);
  const started = performance.now();
  const news = data && load(S, data);
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
    plots: plotsAtFirst(), ghost: null, ghostShown: true, probed: null, focused: false, pace: pacer(),
    dirty: true, others: true, snap: true, shownRow: -1, settled: 0, asked: 0, before: 0, k: 1, P: null,
    stats: { waits: true, frames: 0, draws: 0, longest: 0, atlas: 0, epoch: 0, playing: false, run: "", right: 0, z: 0, output: 0, pixels: 432, edited: false },
  };
  lab._stats = S.stats;
  if (root.host) { root.host._stats = S.stats; root.host._placeOf = i => [S.show.xs[i], S.show.ys[i]]; }
  S.line = directLine({
    post: told => postBench(S.record.header.session, S.rev, told), heard: say,
    otherwise: (name, value) => S.toStreamlit(name, value), cut: globalThis.cornerLab?.cut,
  });
  S.press = id => S.line.idle().then(() => S.trigger("press", id));
  S.reports = reporter((name, value) => S.record.header.guest || (name === "playhead" ? S.toStreamlit(name, value) : S.line.tell(name, value)));
  S.wake = others => wake(S, others);
  S.asks = asker(now => S.toStreamlit("ask", now));
  S.glance = () => { S.glanced = true; requestOne(S); };
  const deed = deeds(S);
  S.deed = deed;
  bindBench(S.ui, deed);
  bindPixels(root, S.ui, deed);
  bindTools(S.ui, deed, S.life.signal);
  bindTransport(S.ui, deed);
  bindAtlas(S, deed, () => { if (S.view) { S.view.hover = S.hover; drawPlaces(S); } });
  bindNearest(S.ui, deed);
  window.addEventListener("pagehide", () => S.past && !S.record.header.guest && remember(S.past.kept()), { signal: S.life.signal });
  bindPlots(S, deed);
  S.unbindKeys = bindKeys(root, lab, deed);
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
