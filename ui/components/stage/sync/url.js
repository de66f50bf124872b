// @ts-check
// What the bench and the playhead show, in the address beside what Python writes there: replaced, so that the browser's
// back button leads to the experiment before and not through every pixel. The words are those of corner_lab/export/share_link.py.
import { epochAt, rowAt, weightsAt } from "../core/record.js";

/**
 * @import { State } from "../app/state.js"
 */

const WORDS = ["v", "pixels", "weights", "locks", "epoch"];
export const NUMBERS = ["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "bias", "w2", "b2"];

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

// The words for a state: `home` is the pattern that needs no word, `epoch` null where no link leads to the run.
/** @type {(shown: { pixels: number, home: number, weights: ArrayLike<number> & Iterable<number> | null, locks: number[], epoch: number | null }) => [string, string][]} */
export function wordsFor({ pixels, home, weights, locks, epoch }) {
  const words = [];
  if (pixels !== home) words.push(["pixels", String(pixels)]);
  if (weights) words.push(["weights", [...weights].map(shortest).join(",")]);
  if (locks.length) words.push(["locks", locks.map(i => NUMBERS[i]).join(",")]);
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
    epoch: leads ? Math.round(epochAt(S.record, S.playhead.epoch)) : null,
  };
}

// Nothing is written while a link's own run is still to come, or a record is on the move; nor by a guest on another page.
/** @type {(S: State) => void} */
export function addressed(S) {
  const { arriving, growing, guest } = S.record.header;
  if (S.gone || guest || arriving || growing || S.playhead.playing) return;
  const search = queryWith(location.search, wordsFor(stateOf(S)));
  if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
}

const REST = 300; // ms without a change

// Call when the picture has come to rest.
/** @type {(S: State) => void} */
export function settle(S) {
  clearTimeout(S.settling);
  S.settling = setTimeout(() => addressed(S), REST);
}
