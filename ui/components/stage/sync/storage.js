// @ts-check
// Keeps the bench over a reload of the page, for this tab and this address (what was stored may be anything: it is checked),
// and the stage's state over its own removal: on a busy server Streamlit may take the component away and mount it again.
import { isNumberCount, MOST_KERNELS } from "../network/number_layout.js";
import { pythonWords } from "./url.js";

/**
 * @import { State } from "../app/state.js"
 * @import { RecordHeader } from "../core/record.js"
 */

const KEY = "corner-lab-bench";

/** @type {(kept: { states: string[], at: number, kernel: number }) => void} */
export function remember(kept) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...kept, search: location.search }));
  } catch {
    /* storage is off or full */
  }
}

const LASTING = [
  "rev",
  "run",
  "playhead",
  "reached",
  "speed",
  "pixels",
  "edit",
  "locks",
  "past",
  "atlasView",
  "kernelView",
  "kernel",
  "plots",
  "ghost",
  "ghostShown",
];

// Call when the stage is removed, and when a new one has got its first header: the same session goes on.
/** @type {(S: State) => void} */
export function keepAlive(S) {
  globalThis.cornerLab = {
    session: S.record?.header.session,
    cut: S.line?.cut,
    kept: Object.fromEntries(LASTING.map(name => [name, S[name]])),
  };
}

/** @type {(S: State, header: RecordHeader) => boolean} */
export function revive(S, header) {
  const last = globalThis.cornerLab;
  if (!last?.session || last.session !== header.session) return false;
  Object.assign(S, last.kept);
  return true;
}

// What was remembered under the address of now, or null; `fresh`: the page was just opened.
/** @type {(fresh: boolean) => { states: string[], at: number, kernel: number } | null} */
export function remembered(fresh) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (!isSameAddress(kept.search, fresh) || !isTimeline(kept)) return null;
    return { states: kept.states, at: kept.at, kernel: isWhole(kept.kernel, MOST_KERNELS - 1) ? kept.kernel : 0 };
  } catch {
    return null;
  }
}

// A reload opens the address as it was when it began. What was done last may be written there while the page is left, and
// is remembered under an address that then is another one by our own words.
/** @type {(search: string, fresh: boolean) => boolean} */
function isSameAddress(search, fresh) {
  if (search === location.search) return true;
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return fresh && how?.type === "reload" && pythonWords(search) === pythonWords(location.search);
}

/** @type {(kept: any) => boolean} */
function isTimeline({ states, at }) {
  return (
    Array.isArray(states) &&
    Number.isInteger(at) &&
    at >= 0 &&
    at < states.length &&
    states.every(text => isState(JSON.parse(text)))
  );
}

/** @type {(state: any) => boolean} */
function isState({ pixels, edit, locks, kernels = 1 }) {
  return (
    isWhole(pixels, 511) &&
    isWhole(kernels - 1, MOST_KERNELS - 1) &&
    Array.isArray(locks) &&
    locks.every(i => isWhole(i, 11 * kernels)) &&
    (edit === null || (Array.isArray(edit) && isNumberCount(edit.length) && edit.every(Number.isFinite)))
  );
}

/** @type {(value: any, most: number) => boolean} */
function isWhole(value, most) {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
