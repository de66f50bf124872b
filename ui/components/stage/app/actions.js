// @ts-check
// Everything people can do, for bench, atlas and transport alike: what it changes in the state `S`, and what it reports.
import { tr } from "../../language/tr.js";
import { put } from "../canvas/dom.js";
import { grouped } from "../canvas/format.js";
import { playheadAt, steppedEpoch } from "../core/playhead.js";
import { epochAt, lastEpoch, rowAt, weightsAt } from "../core/record.js";
import { fitted, fittedLocks, lockOf, setNumber } from "../network/bench_numbers.js";
import { nearZeroSentence, ownNumber, shownNumber } from "../network/effective_kernel.js";
import { B2, BIAS, numberLayout } from "../network/number_layout.js";
import { remember } from "../sync/storage.js";
import { addressed } from "../sync/url.js";
import { viewNow } from "./render.js";

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
    view: () => viewNow(S),
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
    // What the cells show is of the chosen kernel, and read and set as it is shown: the effective kernel is divided by w2.
    weight(cell) {
      const { kernel, effective } = viewNow(S);
      return shownNumber(weightsNow(), cell, kernel, effective);
    },
    setWeight(cell, shown) {
      const { kernel, kernels, effective } = viewNow(S);
      const [own, value] = ownNumber(weightsNow(), cell, kernel, effective, shown);
      if (value === null) {
        tell(nearZeroSentence(kernels, kernel));
        return;
      }
      if (S.playhead.playing) {
        pause(S);
        tell(
          tr("Paused at epoch {epoch}: the weights are yours now.", {
            epoch: grouped(epochAt(S.record, S.playhead.epoch)),
          }),
          true,
        );
      }
      if (!S.edit) S.loaded = false;
      S.edit ??= fitted(weightsNow(), S.record.weights.length);
      setNumber(S.edit, own, value, kernel);
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
    chooseKernel(k) {
      S.kernel = k;
      tell("");
      rememberBench(S);
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
      tell(on ? tr("Click the weights that are to keep their value in training.") : "", true);
      return on;
    },
    lock(cell) {
      if (S.record.header.guest) {
        tell(tr("Weights are locked in the app, on Play, where they are trained."), true);
        return;
      }
      const { merged, kernel, weights } = viewNow(S);
      const i = lockOf(weights.length, merged && cell === BIAS ? B2 : cell, kernel);
      const locked = S.locks.has(i);
      S.locks = new Set([...S.locks, i].filter(j => !locked || j !== i).sort((a, b) => a - b));
      tell(locked ? tr("Unlocked: training may change it.") : tr("Locked: training keeps its value."), true);
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
  const { kernels } = numberLayout(S.record.weights.length);
  S.locks = new Set(fittedLocks(state.locks, state.kernels ?? 1, kernels));
  const own = weightsAt(S.record, rowAt(S.record, S.playhead.epoch));
  S.edit = state.edit && fitted(state.edit, own.length, own);
  S.reports.tell("pixels", S.pixels);
  S.reports.tell("weights", S.edit && [...S.edit]);
  S.reports.tell("locks", [...S.locks]);
  tellPerson(S.ui, "");
  S.wake();
}

// What the bench has come to becomes the newest thing that can be undone; `anew` where a run has begun.
/** @type {(S: State, anew?: boolean) => void} */
export function noted(S, anew = false) {
  if (S.past?.note(benchState(S), anew)) rememberBench(S);
}

// What was done on the bench, and which kernel it shows, outlive a reload of the page.
/** @type {(S: State) => void} */
export function rememberBench(S) {
  if (S.past && !S.record.header.guest) remember({ ...S.past.kept(), kernel: S.kernel });
}

/** @type {(S: State) => BenchState} */
export function benchState(S) {
  const { kernels } = numberLayout(S.record.weights.length);
  const state = { pixels: S.pixels, edit: S.edit && [...S.edit], locks: [...S.locks] };
  return kernels > 1 ? { ...state, kernels } : state;
}
