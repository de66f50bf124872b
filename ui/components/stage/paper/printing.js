// @ts-check
// On paper: the stage as wide as a page has room for, in light colours and finely drawn, whatever the screen shows. The
// browser prints canvases as they are: so they are drawn for it before, and for the screen again after.
import { epochAt } from "../core/record.js";
import { PRINTS } from "../sync/lifecycle.js";
import { stateOf, wordsFor } from "../sync/url.js";

/**
 * @import { State } from "../app/state.js"
 */

const DENSITY = 3; // canvas pixels to a CSS pixel: 400 dots an inch and more

// `redraw` reads the theme and draws at once.
/** @type {(S: State, redraw: () => void) => void} */
export function bindPrinting(S, redraw) {
  const { signal } = S.life;
  const print = prints => {
    if (S.printing === prints || !S.record) return;
    S.printing = prints;
    redraw();
    if (S.record.header.guest) return;
    document.dispatchEvent(new CustomEvent(PRINTS, { detail: prints ? printedWords(S) : null }));
  };
  window.addEventListener("beforeprint", () => print(true), { signal });
  window.addEventListener("afterprint", () => print(false), { signal });
  // Without a dialogue, as tools print, and where a browser shows what it would look like.
  matchMedia("print").addEventListener("change", ev => print(ev.matches), { signal });
}

// Which kind of page it is on: "play" where the page is being printed, "page" where the page around it is one on the
// screen already (its style sets --paper), "" for none.
/** @type {(S: State) => "" | "play" | "page"} */
export function onPaper(S) {
  if (getComputedStyle(S.lab).getPropertyValue("--paper")) return "page";
  return S.printing && !S.record.header.parts && !S.shows ? "play" : "";
}

/** @type {(S: State) => number | undefined} */
export function densityOf(S) {
  return S.printing ? DENSITY : undefined;
}

/** @type {(S: State) => [string, string][]} */
function printedWords(S) {
  const { status, target } = S.record.header;
  const epoch = status === "set" ? null : Math.round(epochAt(S.record, S.playhead.epoch));
  return wordsFor({ ...stateOf(S), home: target[0], weights: S.edit, epoch });
}
