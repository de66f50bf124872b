// @ts-check
// The stage: wires pictures, bench and transport, and plays. Mounted once per shadow root.
import { tr } from "../../language/tr.js";
import { bindNearest } from "../atlas/nearest.js";
import { bindAtlas } from "../atlas/pick.js";
import { bindBench, placeResult } from "../bench/bench.js";
import { bindPixels } from "../bench/pixels.js";
import { bindTools } from "../bench/tools.js";
import { attribute } from "../canvas/dom.js";
import { isDark, readPalette } from "../canvas/palette.js";
import { addStyle } from "../canvas/style_sheet.js";
import { advanced, awaitsMore } from "../core/playhead.js";
import { lastEpoch, rowAt } from "../core/record.js";
import { fitToFrame } from "../embed/fit.js";
import { keepKeysToTheFrame } from "../embed/frame_focus.js";
import { bindScenery } from "../embed/scenery.js";
import { bindShare } from "../embed/share.js";
import { bindPrinting, densityOf, onPaper } from "../paper/printing.js";
import { whenGone } from "../sync/lifecycle.js";
import { CROSSING } from "../sync/poll.js";
import { leavePress, leftPressNow } from "../sync/press.js";
import { followConnection, LEAVING } from "../sync/reconnect.js";
import { bindWays, watchSections } from "../sync/sections.js";
import { keepAlive } from "../sync/storage.js";
import { addressed, OURS, queryWith, settle, stateOf, steppedInHistory, wordsFor } from "../sync/url.js";
import { bindKeys } from "../timeline/keys.js";
import { bindPlots } from "../timeline/plot_panel.js";
import { showTable } from "../timeline/table.js";
import { bindTransport, layFlags, showPace } from "../timeline/transport.js";
import { createActions, rememberBench, tellPerson } from "./actions.js";
import { describe } from "./describe.js";
import { loadRecord } from "./load_record.js";
import { built } from "./markup.js";
import { drawPlaces, place, show, showCurves } from "./render.js";
import { createState } from "./state.js";
import { bindTooltip } from "./tooltip.js";

/**
 * @import { State } from "./state.js"
 */

// Positions ease towards their row with this time constant, and have arrived after SETTLED (both in ms).
const EASE = 40;
const SETTLED = 240;

export default function stage({ parentElement, data, setStateValue, setTriggerValue }) {
  const S = (parentElement.cornerLab ??= mounted(parentElement));
  Object.assign(S, { toStreamlit: setStateValue, trigger: setTriggerValue }); // fresh with every call
  if (S.closing) return () => {}; // what comes now is another session's
  readTheme(S);
  const started = performance.now();
  const news = data && loadRecord(S, data);
  if (data && S.record && !S.closing) {
    S.asks.heard(S.record.header.ask);
    S.presses.heard(S.record.header.pressed, S.record.header.answer);
    pressAsBefore(S);
  }
  if (news && S.record) fitToFrame(S.lab, S.ui, S.shows, S.record.header);
  S.stats.longest = Math.max(S.stats.longest, performance.now() - started);
  if (news || S.others) wake(S);
  return whenGone(parentElement, () => unmounted(S, parentElement));
}

/** @type {(root: ShadowRoot) => State} */
function mounted(root) {
  addStyle(root);
  const lab = document.createElement("div");
  lab.className = "lab";
  root.append(lab);
  const S = createState({ root, lab, ui: built(lab), palette: readPalette(lab), wake, glance });
  const actions = createActions(S);
  const { signal } = S.life;
  // For tests and benchmarks.
  Object.assign(lab, { _stats: S.stats });
  if (root.host) Object.assign(root.host, { _stats: S.stats, _placeOf: i => [S.show.xs[i], S.show.ys[i]] });
  bindBench(S.ui, actions);
  bindPixels(root, S.ui, actions);
  bindTools(S.ui, actions, signal);
  bindTransport(S.ui, actions);
  bindAtlas(S, actions, () => {
    if (S.view) {
      S.view.hover = S.hover;
      drawPlaces(S);
    }
  });
  bindNearest(S.ui, actions);
  bindWays(S.ui, signal);
  watchSections(there => {
    S.below = there;
    wake(S, false);
  }, signal);
  bindPlots(S, actions);
  bindKeys(root, lab, actions, signal);
  bindScenery(S, actions);
  bindShare(S.ui, actions);
  keepKeysToTheFrame(root, signal);
  S.retell = bindTooltip(S);
  bindPrinting(S, () => {
    readTheme(S, true);
    resized(S);
    cancelAnimationFrame(S.asked);
    frame(S, performance.now()); // at once: what is printed is what stands on the canvases now
  });
  window.addEventListener("pagehide", () => S.closing || rememberBench(S), { signal });
  const leave = () => Number.isFinite(S.record?.header.ask) && S.asks.heard(CROSSING);
  window.addEventListener("popstate", () => [steppedInHistory(S), leave()], { signal });
  // Whoever follows a link may leave this page: what shows is to stand in the entry that is left.
  const followed = ev => {
    if (!S.record || !(/** @type {Element} */ (ev.target).closest?.("a"))) return;
    addressed(S, true);
    leave();
  };
  window.addEventListener("click", followed, { signal, capture: true });
  document.addEventListener(LEAVING, () => openedAgain(S), { signal });
  followConnection(away => {
    S.away = away;
    S.presses.connection(away);
    S.wake(false);
  }, signal);
  const watch = new ResizeObserver(() => resized(S));
  for (const node of [lab, ...S.ui.canvases]) watch.observe(node);
  signal.addEventListener("abort", () => watch.disconnect());
  document.fonts?.ready.then(() => {
    readTheme(S, true);
    wake(S);
  });
  return S;
}

// A press that was left by the page before, as the server had forgotten it, once its button is there again.
/** @type {(S: State) => void} */
function pressAsBefore(S) {
  if (S.left === null) return;
  const now = leftPressNow(S.left, S.record.header, S.opensAt === null);
  if (now === "wait") return;
  const id = S.left;
  S.left = null;
  if (now === "press") S.press(id);
  else tellPerson(S.ui, tr("The button pressed before the server was gone is not offered any more."));
}

// The server was started again: the page is about to open its own address.
/** @type {(S: State) => void} */
function openedAgain(S) {
  if (!S.record || S.record.header.guest || S.closing) return;
  const search = queryWith(location.search, wordsFor(stateOf(S)));
  history.replaceState(OURS, "", location.pathname + search + location.hash);
  rememberBench(S);
  leavePress(S.presses.id ?? S.left);
  S.closing = true;
}

/** @type {(S: State, root: any) => void} */
function unmounted(S, root) {
  if (!S.record?.header.guest) keepAlive(S);
  cancelAnimationFrame(S.asked);
  S.reports.stop();
  S.asks.stop();
  S.presses.stop();
  clearTimeout(S.ticking);
  S.life.abort();
  S.lab.remove();
  S.gone = true;
  delete root.cornerLab;
}

/** @type {(S: State, force?: boolean) => void} */
function readTheme(S, force = false) {
  const paper = onPaper(S);
  const theme = isDark(S.lab) && !paper ? "dark" : "light";
  attribute(S.lab, "data-theme", theme);
  if (paper) attribute(S.lab, "data-paper", paper);
  else S.lab.removeAttribute("data-paper");
  const P = readPalette(S.lab);
  const look = JSON.stringify({ ...P, id: 0 });
  if (look !== S.look || force) {
    S.look = look;
    S.P = P;
    S.others = true;
  }
}

/** @type {(S: State) => void} */
function resized(S) {
  if (S.record) fitToFrame(S.lab, S.ui, S.shows, S.record.header);
  S.k = parseFloat(getComputedStyle(S.ui.curve.closest(".stage")).getPropertyValue("--k")) || 1;
  placeResult(S.ui);
  for (const canvas of S.ui.canvases) {
    canvas.box = { W: canvas.clientWidth, H: canvas.clientHeight };
    canvas.density = densityOf(S);
  }
  if (S.record) layFlags(S.ui, S.record.header, S.axis, S.k, S.names);
  S.snap = true;
  wake(S);
}

// Asks for one frame; frames follow each other only while something plays or eases. Other pixels change nothing that
// stands over the epochs, the rest of what people do may.
/** @type {(S: State, others?: boolean) => void} */
function wake(S, others = true) {
  S.dirty = true;
  S.others ||= others;
  requestOne(S);
}

/** @type {(S: State) => void} */
function glance(S) {
  S.glanced = true;
  requestOne(S);
}

/** @type {(S: State) => void} */
function requestOne(S) {
  if (!S.asked && !S.gone) S.asked = requestAnimationFrame(t => frame(S, t));
}

/** @type {(S: State, t: number) => void} */
function frame(S, t) {
  S.asked = 0;
  if (!S.record || S.gone) return;
  const started = performance.now();
  const dt = S.before ? Math.min(250, t - S.before) : 0;
  const tape = { axis: S.axis, last: lastEpoch(S.record), growing: S.record.header.growing, calm: S.calm.matches };
  if (S.playhead.playing) {
    S.playhead = advanced(S.playhead, dt / 1000, S.speed, tape);
    if (!S.playhead.playing) {
      S.dirty = true;
      S.report(0);
    }
  }
  const row = rowAt(S.record, S.playhead.epoch);
  if (S.dirty || row !== S.shownRow) {
    show(S, row);
    S.settled = t + SETTLED;
  } else if (S.glanced) showCurves(S);
  S.stats.pace = S.pace.note(t, S.view.epoch, S.playhead.playing);
  showPace(S.ui, S.stats.pace, t);
  const eases = t < S.settled && !S.snap && !S.calm.matches;
  if (eases || S.placed !== S.view) place(S, eases ? 1 - Math.exp(-dt / EASE) : 1, eases);
  S.snap = false;
  const still = !S.playhead.playing && S.placed === S.view;
  S.stats.still = still;
  if (still || S.described !== S.record.header.run) {
    S.described = S.record.header.run;
    describe(S.ui, S.view, S.plots);
  }
  if (still) {
    showTable(S.ui, S.view);
    settle(S);
  }
  const rests = still || (awaitsMore(S.playhead, tape) && S.placed === S.view && !eases);
  S.before = rests ? 0 : t;
  S.stats.frames++;
  S.stats.longest = Math.max(S.stats.longest, performance.now() - started);
  if (!rests && !S.asked) S.asked = requestAnimationFrame(next => frame(S, next));
}
