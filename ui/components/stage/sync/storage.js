// @ts-check
// Keeps the bench over a reload of the page, for this tab and this address (what was stored may be anything: it is checked),
// and the stage's state over its own removal: on a busy server Streamlit may take the component away and mount it again.

/**
 * @import { State } from "../app/state.js"
 * @import { RecordHeader } from "../core/record.js"
 */

const KEY = "corner-lab-bench";

/** @type {(kept: { states: string[], at: number }) => void} */
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

// What was remembered under the address of now, or null.
/** @type {() => { states: string[], at: number } | null} */
export function remembered() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept.search === location.search && isTimeline(kept) ? { states: kept.states, at: kept.at } : null;
  } catch {
    return null;
  }
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
function isState({ pixels, edit, locks }) {
  const whole = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
  return (
    whole(pixels, 511) &&
    Array.isArray(locks) &&
    locks.every(i => whole(i, 11)) &&
    (edit === null || (Array.isArray(edit) && [12, 14, 22].includes(edit.length) && edit.every(Number.isFinite)))
  );
}
