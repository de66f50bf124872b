// @ts-check
// What the bench and the playhead show, in the address beside what Python writes there. A run that begins makes an entry
// of the browser's history, unless Python has just made one for its settings; all else is replaced, so that the back button
// leads to the run before and not through every pixel. The words are those of corner_lab/export/share_link.py.
import { epochAt, rowAt, weightsAt } from "../core/record.js";
import { numberNames } from "../network/number_layout.js";

/**
 * @import { State } from "../app/state.js"
 */

const WORDS = ["v", "pixels", "weights", "locks", "epoch"];
const VIEW_WORDS = ["embed", "embed_options", "show"]; // how much of the page shows: they stay as they are

// The fewest digits that give the same float32.
/** @type {(value: number) => string} */
export function shortest(value) {
  const wanted = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(wanted.toPrecision(digits)));
    if (Math.fround(Number(text)) === wanted) return text.replace("e+", "e");
  }
  return String(Number(wanted.toPrecision(9))).replace("e+", "e");
}

// The words for a state: `home` is the pattern that needs no word, `kernels` how many the network has, `epoch` null where no
// link leads to the run.
/** @type {(shown: { pixels: number, home: number, weights: ArrayLike<number> & Iterable<number> | null, locks: number[], kernels: number, epoch: number | null }) => [string, string][]} */
export function wordsFor({ pixels, home, weights, locks, kernels, epoch }) {
  const names = numberNames(11 * kernels + 1);
  const words = [];
  if (pixels !== home) words.push(["pixels", String(pixels)]);
  if (weights) words.push(["weights", [...weights].map(shortest).join(",")]);
  if (locks.length) words.push(["locks", locks.map(i => names[i]).join(",")]);
  if (epoch !== null) words.push(["epoch", String(epoch)]);
  return words.length ? [["v", "1"], ...words] : [];
}

// The query with these words in place of those that stood there; the others stay as they are written.
/** @type {(search: string, words: [string, string][]) => string} */
export function queryWith(search, words) {
  const others = search
    .replace(/^\?/, "")
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":")
    .split("&")
    .filter(part => part && !WORDS.includes(part.split("=")[0]));
  const all = [...others, ...words.map(([name, text]) => `${name}=${text}`)];
  return all.length ? `?${all.join("&")}` : "";
}

// Python's part of a query, to compare: without our words, in one order and one spelling.
/** @type {(search: string) => string} */
export function pythonWords(search) {
  const own = [...WORDS, ...VIEW_WORDS];
  const pairs = [...new URLSearchParams(search)].filter(([name]) => !own.includes(name));
  return JSON.stringify(pairs.sort());
}

// The query with Python's words as they are to be, where it has not written them yet.
/** @type {(search: string, words: Record<string, string>) => string} */
export function withPythonWords(search, words) {
  if (pythonWords(search) === pythonWords(new URLSearchParams(words).toString())) return search;
  const kept = search
    .replace(/^\?/, "")
    .split("&")
    .filter(part => VIEW_WORDS.includes(part.split("=")[0]));
  const all = [...kept, ...Object.entries(words).map(([name, text]) => `${name}=${encodeURIComponent(text)}`)];
  return all.length ? `?${all.join("&")}` : "";
}

// A run that has no entry yet is written as a link to its end, while it is still on the move.
/** @type {(S: State) => Parameters<typeof wordsFor>[0]} */
function endOf(S) {
  const { planned, growing, last } = S.record.header;
  return { ...stateOf(S), weights: null, epoch: growing ? planned : last };
}

/** @type {(S: State) => Parameters<typeof wordsFor>[0]} */
export function stateOf(S) {
  const { header } = S.record;
  const leads = header.leads && header.status !== "set";
  const shown =
    S.edit ?? (leads || header.status === "set" ? null : weightsAt(S.record, rowAt(S.record, S.playhead.epoch)));
  return {
    pixels: S.pixels,
    home: header.home,
    weights: shown,
    locks: [...S.locks],
    kernels: header.kernels,
    epoch: leads ? Math.round(epochAt(S.record, S.playhead.epoch)) : null,
  };
}

// What is to become of the address: its new query, and whether that is a new entry; null for nothing. `entry` is the run
// that the entry of now stands for, and Python's words in it; null where that is not known, as after a step back.
//
// Nothing is written while a link's own run or one that was asked for is still to come: the entry is of what was before;
// nor while Python's words there are not those of the record: it is about to push others. A record on the move is written
// when the page is left, and once when it begins, unless a link has led to it.
/** @type {(at: { search: string, run: string, words: Record<string, string>, leads: boolean, moving: boolean, leaving: boolean, entry: { run: string, python: string } | null, state: [string, string][], end: [string, string][] }) => { search: string, push: boolean } | null} */
export function nextEntry({ search, run, words, leads, moving, leaving, entry, state, end }) {
  const python = pythonWords(search);
  const begins = entry !== null && entry.run !== run && entry.python === python;
  const written = python === pythonWords(new URLSearchParams(words).toString());
  if (!written && !(begins && leads) && !leaving) return null;
  const unknown = entry === null ? !new URLSearchParams(search).has("epoch") : entry.run !== run;
  if (moving && !leaving && !(leads && unknown)) return null;
  const next = queryWith(withPythonWords(search, words), moving && !leaving ? end : state);
  return { search: next, push: begins && leads && next !== search };
}

/** @type {(S: State, leaving?: boolean) => void} */
export function addressed(S, leaving = false) {
  const { arriving, awaited, growing, guest, run, words, leads, status } = S.record.header;
  if (S.gone || guest || arriving || awaited || S.popped) return;
  const next = nextEntry({
    search: location.search,
    run,
    words,
    leads: leads && status !== "set",
    moving: growing || S.playhead.playing,
    leaving,
    entry: S.entry,
    state: wordsFor(stateOf(S)),
    end: wordsFor(endOf(S)),
  });
  if (!next) return;
  const url = location.pathname + next.search + location.hash;
  if (next.push) history.pushState(OURS, "", url);
  else if (next.search !== location.search) history.replaceState(OURS, "", url);
  S.entry = { run, python: pythonWords(next.search) };
}

// The state of an entry that we write: it is written as we ask for it, see `keepEntries`.
export const OURS = "corner-lab";

const REST = 300; // ms without a change
const TRIES = 20; // until Python has written its words

// Call when the picture has come to rest, and when a run begins.
/** @type {(S: State, tries?: number) => void} */
export function settle(S, tries = TRIES) {
  clearTimeout(S.settling);
  S.settling = setTimeout(() => {
    addressed(S);
    const { guest, words } = S.record.header;
    const written = pythonWords(location.search) === pythonWords(new URLSearchParams(words).toString());
    if (!guest && !written && tries > 0 && !S.gone) settle(S, tries - 1);
  }, REST);
}

// A step through the history: what is on its way there is Python's to bring; till then nothing is written.
/** @type {(S: State) => void} */
export function steppedInHistory(S) {
  clearTimeout(S.settling);
  S.entry = null;
  S.popped = true;
}
