// @ts-check
// The transport: keys, speed, scrubber, markers, filmstrip; and the outcome row above it all.
import { tr, trc } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { grouped, letters, paceNumber } from "../canvas/format.js";
import { iconOf } from "../canvas/icons.js";
import { TERMS } from "../canvas/terms.js";
import { actionsFor, CONNECTION_AWAY, outcome, unansweredSentence } from "../core/messages.js";
import { SPEEDS } from "../core/playhead.js";
import { frameAt } from "./filmstrip.js";
import { laidMarkers, TONES } from "./markers.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { EpochAxis } from "../canvas/axis.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 * @import { Button, Names } from "../core/messages.js"
 * @import { RecordHeader } from "../core/record.js"
 */

// `actions` offers toggle(), step(by, rest), seek(epoch, rest), speed(s), axis(), press(id), back().
/** @type {(ui: Ui, actions: Actions) => void} */
export function bindTransport(ui, actions) {
  ui.play.addEventListener("click", () => actions.toggle());
  ui.step.addEventListener("click", () => actions.step(1, 250));
  ui.back.addEventListener("click", () => actions.step(-1, 250));
  ui.rewind.addEventListener("click", () => actions.seek(0, 0));
  ui.speed.value = "in5";
  ui.speed.addEventListener("change", () => actions.speed(SPEEDS.find(s => s.id === ui.speed.value)));
  ui.speed.addEventListener("keydown", ev => ev.stopPropagation());
  ui.scrub.addEventListener("input", () => actions.seek(Math.round(actions.axis().epoch(ui.scrub.value / 1000)), 400));
  ui.scrub.addEventListener("change", () => actions.seek(Math.round(actions.axis().epoch(ui.scrub.value / 1000)), 0));
  ui.scrub.addEventListener("keydown", ev => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[ev.key];
    if (!by || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    ev.preventDefault();
    ev.stopPropagation();
    actions.step(by * (ev.shiftKey ? 10 : 1), 250);
  });
  const frame = ev =>
    actions.runs() ? frameAt(ui.film.clientWidth, actions.scale(), actions.view(), ev.offsetX) : null;
  ui.film.addEventListener("click", ev => {
    const at = frame(ev);
    if (at) actions.seek(at.epoch, 0);
  });
  bindTips(ui, actions, frame);
  ui.flags.addEventListener("click", ev => {
    const flag = ev.target.closest("[data-epoch]");
    if (flag) actions.seek(Number(flag.dataset.epoch), 0);
  });
  ui.acts.addEventListener("click", ev => {
    const button = ev.target.closest("button");
    if (button?.dataset.id === "back") actions.back();
    else if (button) actions.press(button.dataset.id.slice(1));
  });
}

// Over the scrubber and the filmstrip: which epoch it is there, and both plots read it off.
/** @type {(ui: Ui, actions: Actions, frame: (ev: PointerEvent) => { epoch: number, x: number } | null) => void} */
function bindTips(ui, actions, frame) {
  const onScrubber = ev => {
    const thumb = 16 * actions.scale();
    const width = ui.scrub.clientWidth - thumb;
    const u = Math.max(0, Math.min(1, (ev.offsetX - thumb / 2) / width));
    return actions.runs()
      ? {
          epoch: Math.min(actions.last(), Math.round(actions.axis().epoch(u))),
          x: ui.scrub.offsetLeft + thumb / 2 + u * width,
        }
      : null;
  };
  for (const [node, at] of [
    [ui.film, frame],
    [ui.scrub, onScrubber],
  ]) {
    node.addEventListener("pointermove", ev => {
      const found = ev.pointerType === "mouse" ? at(ev) : null;
      ui.tip.hidden = !found;
      actions.probe(found ? found.epoch : null);
      if (!found) return;
      put(ui.tip, tr("epoch {epoch}", { epoch: grouped(found.epoch) }));
      ui.tip.style.left = `${Math.max(40, Math.min(ui.film.clientWidth - 40, found.x)).toFixed(1)}px`;
    });
    node.addEventListener("pointerleave", () => {
      ui.tip.hidden = true;
      actions.probe(null);
    });
  }
}

// Markers once per record and width: each beside its place, flipped or shortened where it would cover another.
/** @type {(ui: Ui, header: RecordHeader, axis: EpochAxis, k: number, names: Names) => void} */
export function layFlags(ui, header, axis, k, names) {
  const place = JSON.stringify([header.markers, names, axis.end, ui.flags.clientWidth, k]);
  if (ui.flags.place === place) return; // news that move no marker
  ui.flags.place = place;
  const laid = laidMarkers(
    header.markers ?? [],
    names,
    axis,
    ui.flags.clientWidth || 1,
    22 * k,
    text => letters(text) * 6.8 * k + 16 * k,
  );
  ui.flags.replaceChildren(
    ...laid.map(({ marker, x, text, full, flip }) => {
      const flag = document.createElement("button");
      flag.type = "button";
      flag.dataset.epoch = String(marker.epoch);
      flag.className = `flag ${TONES[marker.kind] ?? ""} ${flip ? "flip" : ""} ${text ? "" : "bare"}`;
      flag.style.left = `${x.toFixed(1)}px`;
      flag.setAttribute("aria-label", full);
      flag.dataset.tap = "";
      if (marker.kind in TERMS) flag.dataset.term = marker.kind;
      else flag.dataset.tip = full;
      flag.textContent = text;
      return flag;
    }),
  );
  ui.ticks.replaceChildren(
    ...laid.map(({ marker }) => {
      const tick = document.createElement("i");
      tick.dataset.epoch = String(marker.epoch);
      tick.className = TONES[marker.kind] ?? "";
      tick.style.left = `${(axis.u(marker.epoch) * 100).toFixed(2)}%`;
      return tick;
    }),
  );
}

const SPARSE_ON = tr("To the next of the epochs sent so far; one epoch on once the run is over");
const SPARSE_BACK = tr("To the next of the epochs sent so far; one epoch back once the run is over");

// A marker shows once the playhead has been there: the ending is not told before.
/** @type {(ui: Ui, view: View, axis: EpochAxis, reached: number) => void} */
export function showTransport(ui, view, axis, reached) {
  const { header } = view.record;
  const end = axis.end;
  const at = view.epoch;
  const stuck = view.record.rows < 2 && !header.growing;
  const where = `${grouped(at)} / ${grouped(end)}`;
  const shown = where + header.status;
  if (ui.when.dataset.shown !== shown) {
    ui.when.dataset.shown = shown;
    ui.when.innerHTML =
      header.status === "set"
        ? tr("no run yet")
        : `<span class="${end >= 10000 ? "sr" : "word"}">${tr("epoch")} </span><b>${grouped(at)}</b> <span>/ ${grouped(end)}</span>`;
  }
  const state = view.playing ? trc("playback", "Pause") : trc("playback", "Play");
  if (ui.play.getAttribute("aria-label") !== state) {
    ui.play.setAttribute("aria-label", state);
    ui.play.innerHTML = iconOf(view.playing ? "pause" : "play");
  }
  const u = end ? Math.min(1, axis.u(at)) : 0;
  const place = String(Number((u * 1000).toFixed(3)));
  if (ui.scrub.value !== place && !ui.scrub.matches(":active")) ui.scrub.value = place;
  ui.scrub.style.setProperty("--done", `${(u * 100).toFixed(2)}%`);
  attribute(ui.scrub, "aria-valuetext", tr("epoch {epoch} of {end}", { epoch: grouped(at), end: grouped(end) }));
  for (const [node, off] of [
    [ui.scrub, stuck],
    [ui.play, stuck],
    [ui.rewind, view.row === 0],
    [ui.back, view.row === 0],
    [ui.step, view.row >= view.record.rows - 1],
  ]) {
    if (node.disabled !== off) node.disabled = off;
  }
  const sparse = header.growing && view.record.rows <= header.last;
  attribute(ui.step, "data-tip", sparse ? SPARSE_ON : tr("One epoch on"));
  attribute(ui.back, "data-tip", sparse ? SPARSE_BACK : tr("One epoch back"));
  for (const flag of [...ui.flags.children, ...ui.ticks.children]) {
    const hide = Number(flag.dataset.epoch) > reached;
    if (flag.hidden !== hide) flag.hidden = hide;
  }
}

// Beside the epoch, a few times a second; nothing at rest.
/** @type {(ui: Ui, pace: number | null, time: number) => void} */
export function showPace(ui, pace, time) {
  if (pace !== null && time - (ui.pace.shownAt ?? 0) < 200) return;
  ui.pace.shownAt = pace === null ? 0 : time;
  put(ui.pace, pace === null ? "" : tr("≈ {pace} epochs/s", { pace: paceNumber(pace) }));
}

// `quiet`: something moves, so a screen reader is not told of every change.
/** @type {(ui: Ui, view: View, quiet: boolean) => void} */
export function showOutcome(ui, view, quiet) {
  const [sentence, reason] = outcome(view);
  const { header } = view.record;
  attribute(ui.say, "aria-live", quiet ? "off" : "polite");
  put(ui.say, sentence);
  // In place of the reason: the page is not to move for it.
  const late = view.unanswered ? unansweredSentence({ away: view.away, loading: header.loading }) : "";
  const { progress } = view;
  const alone = Boolean(late || view.away || progress?.alone);
  if (alone !== Boolean(ui.because.gone)) {
    ui.because.gone = alone;
    const line = ui.because.parentElement;
    line.style.minHeight = alone ? `${line.offsetHeight}px` : ""; // as high as what it takes the place of
  }
  put(ui.because, alone ? "" : (reason ?? ""));
  put(ui.notice, late || (view.away ? CONNECTION_AWAY : header.notice));
  put(
    ui.elapsed,
    late
      ? tr("{seconds} s", { seconds: grouped(view.unanswered) })
      : progress && (header.notice || progress.alone)
        ? progress.text
        : "",
  );
  ui.progress.hidden = !progress;
  if (progress?.share == null) ui.progress.removeAttribute("aria-valuenow");
  else {
    ui.progress.style.setProperty("--share", progress.share.toFixed(4));
    attribute(ui.progress, "aria-valuenow", String(Math.round(100 * progress.share)));
  }
  const list = actionsFor(view).map(a => ({ ...a, id: `-${a.id}` }));
  if (view.edited)
    list.unshift({
      id: "back",
      text: view.record.rows > 1 ? tr("Back to the run") : tr("Undo my changes"),
      primary: false,
      busy: false,
    });
  const shown = JSON.stringify(list);
  if (ui.acts.dataset.shown === shown) return;
  ui.acts.dataset.shown = shown;
  showButtons(ui.acts, list);
}

// A button stays what it is while others come and go: it may be under a finger. Where the one that has the focus goes,
// the one in its place has it.
/** @type {(acts: any, list: Button[]) => void} */
function showButtons(acts, list) {
  const nodes = new Map([...acts.children].map(node => [node.dataset.id, node]));
  const place = [...acts.children].indexOf(acts.getRootNode().activeElement);
  for (const [id, node] of nodes) if (!list.some(action => action.id === id)) node.remove();
  list.forEach((action, i) => {
    const button = nodes.get(action.id) ?? Object.assign(document.createElement("button"), { type: "button" });
    if (acts.children[i] !== button) acts.insertBefore(button, acts.children[i] ?? null);
    button.dataset.id = action.id;
    button.className = `btn${action.primary ? " primary" : action.id === "back" ? " quiet" : ""}`;
    attribute(button, "aria-busy", String(action.busy));
    put(button, action.text);
  });
  if (place >= 0 && !acts.contains(acts.getRootNode().activeElement))
    acts.children[Math.min(place, list.length - 1)]?.focus({ preventScroll: true });
}
