// @ts-check
// Everything people can do, for bench, atlas and transport alike: what it changes in the state `S`, and what it reports.
import { put } from "../canvas/dom.js";
import { grouped } from "../canvas/format.js";
import { playheadAt, steppedEpoch } from "../core/playhead.js";
import { epochAt, lastEpoch, rowAt, weightsAt } from "../core/record.js";
import { fitted, numberOf, setNumber } from "../network/bench_numbers.js";
import { ownWeight } from "../network/effective_kernel.js";
import { remember } from "../sync/storage.js";
import { addressed } from "../sync/url.js";

/**
 * @import { State } from "./state.js"
 * @import { EpochAxis } from "../canvas/axis.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 * @import { BenchState } from "../core/undo_stack.js"
 */

/** @typedef {ReturnType<typeof createActions>} Actions */

/** @type {(S: State) => ReturnType<typeof timeActions> & ReturnType<typeof benchActions> & { view(): View, axis(): EpochAxis, scale(): number, addressed(): void, press(id: string): void }} */
export function createActions(S) {
  return {
    ...timeActions(S),
    ...benchActions(S),
    view: () => S.view,
    axis: () => S.axis,
    scale: () => S.k,
    addressed: () => addressed(S),
    press(id) {
      if (S.edit) S.reports.tell("weights", [...S.edit]);
      else if (S.record.rows > 1) S.report(0);
      if (id === "stop") {
        S.stopping = S.record.header.run; // said at once: on a busy machine Python's answer takes seconds
        S.wake(false);
      }
      S.press(id);
    },
  };
}

/**
 * @param {State} S
 */
function timeActions(S) {
  const now = () => epochAt(S.record, S.playhead.epoch);
  const dropEdit = () => {
    if (S.edit) {
      S.edit = null;
      S.reports.tell("weights", null);
      noted(S);
    }
  };
  const seek = (epoch, rest) => {
    dropEdit();
    S.opensAt = null;
    S.playhead = playheadAt(Math.max(0, Math.min(lastEpoch(S.record), epoch)));
    S.report(rest);
    S.wake();
  };
  return {
    seek,
    toggle() {
      if (S.playhead.playing) {
        pause(S);
        S.wake();
        return;
      }
      dropEdit();
      S.opensAt = null;
      const over = !S.record.header.growing && now() >= lastEpoch(S.record);
      S.playhead = playheadAt(over ? 0 : now(), true);
      S.report(0);
      S.wake();
    },
    step(by, rest) {
      seek(steppedEpoch(S.record, S.playhead.epoch, by), rest);
    },
    speed(choice) {
      S.speed = choice;
    },
    runs: () => Boolean(S.record) && (S.record.rows > 1 || S.record.header.growing),
    last: () => lastEpoch(S.record),
    probe(epoch) {
      if (S.probed !== epoch) {
        S.probed = epoch;
        S.glance();
      }
    },
    glance: () => S.glance(),
    redraw: () => S.wake(),
    back() {
      dropEdit();
      S.wake();
      S.ui.play.focus();
    },
  };
}

/**
 * @param {State} S
 */
function benchActions(S) {
  const weightsNow = () => S.edit ?? weightsAt(S.record, rowAt(S.record, S.playhead.epoch));
  const tell = (message, calm = false) => tellPerson(S.ui, message, calm);
  return {
    tell,
    pixels: () => S.pixels,
    // `moving`: the stroke goes on, and counts as one step of undo when it rests.
    setPixels(p, moving = false) {
      if (p === S.pixels) return;
      S.pixels = p;
      tell("");
      S.reports.tell("pixels", p, S.reports.recent("pixels") ? 120 : 0);
      if (!moving) noted(S);
      S.wake(false);
    },
    rested() {
      noted(S);
      S.wake(false);
    },
    // Kernel and bias are read and set as they are shown: while that is times w2, what is set is divided by it.
    weight: i => numberOf(weightsNow(), i) * (i <= 9 && S.view.effective ? weightsNow()[10] : 1),
    setWeight(i, shown) {
      const value = i <= 9 && S.view.effective ? ownWeight(shown, weightsNow()[10]) : shown;
      if (value === null) {
        tell("w₂ is too near 0: no weight within ±1,000,000 times w₂ gives that. Change w₂, or show the kernel alone.");
        return;
      }
      if (S.playhead.playing) {
        pause(S);
        tell(`Paused at epoch ${grouped(epochAt(S.record, S.playhead.epoch))}: the weights are yours now.`, true);
      }
      if (!S.edit) S.loaded = false;
      S.edit ??= fitted(weightsNow(), S.record.weights.length);
      setNumber(S.edit, i, value);
      S.moving = true;
      S.wake();
    },
    weightsDone(how) {
      S.moving = false;
      if (S.edit) S.reports.tell("weights", [...S.edit], how === "key" ? 250 : 0);
      noted(S);
      S.wake();
    },
    showKernel(how) {
      S.kernelView = how;
      S.wake();
    },
    point(i) {
      if (S.pointed !== i) {
        S.pointed = i;
        S.wake();
      }
    },
    locking(on) {
      if (on === undefined) return S.locking;
      S.locking = on;
      S.wake();
      tell(on ? "Click the weights that are to keep their value in training." : "", true);
      return on;
    },
    lock(i) {
      const locked = S.locks.has(i);
      S.locks = new Set([...S.locks, i].filter(j => !locked || j !== i).sort((a, b) => a - b));
      tell(locked ? "Unlocked: training may change it." : "Locked: training keeps its value.", true);
      S.reports.tell("locks", [...S.locks]);
      noted(S);
      S.wake();
    },
    undo() {
      adoptBench(S, S.past.undo());
    },
    redo() {
      adoptBench(S, S.past.redo());
    },
  };
}

/** @type {(S: State) => void} */
function pause(S) {
  if (!S.playhead.playing) return;
  S.playhead = playheadAt(epochAt(S.record, S.playhead.epoch));
  S.report(0);
}

/** @type {(ui: Ui, message: string, calm?: boolean) => void} */
export function tellPerson(ui, message, calm = false) {
  put(ui.told, message);
  ui.told.classList.toggle("calm", calm);
}

// The bench becomes what `state` says, where there is one, and Python is told.
/** @type {(S: State, state: BenchState | null) => void} */
export function adoptBench(S, state) {
  if (!state) return;
  if (state.edit) pause(S);
  S.pixels = state.pixels;
  S.locks = new Set(state.locks);
  S.edit = state.edit && fitted(state.edit, S.record.weights.length);
  S.reports.tell("pixels", S.pixels);
  S.reports.tell("weights", S.edit && [...S.edit]);
  S.reports.tell("locks", state.locks);
  tellPerson(S.ui, "");
  S.wake();
}

// What the bench has come to becomes the newest thing that can be undone; `anew` where a run has begun.
/** @type {(S: State, anew?: boolean) => void} */
export function noted(S, anew = false) {
  if (S.past?.note(benchState(S), anew) && !S.record.header.guest) remember(S.past.kept());
}

/** @type {(S: State) => BenchState} */
export function benchState(S) {
  return { pixels: S.pixels, edit: S.edit && [...S.edit], locks: [...S.locks] };
}
