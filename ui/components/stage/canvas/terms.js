// @ts-check
// The words of the app, and how one is written where it is explained: a button that looks like text. Pure.
import { tr } from "../../language/tr.js";
import { TERM_LIST } from "./term_list.js";

/** @type {Record<string, { label: string, explanation: string }>} */
export const TERMS = Object.fromEntries(
  TERM_LIST.map(([word, label, explanation]) => [word, { label: tr(label), explanation: tr(explanation) }]),
);

// What is explained has `data-term`: the button itself, or what stands round it and its number.
/** @type {(word: string, text: string, more?: string) => string} */
export function defined(word, text, more = "") {
  return `<button type="button" class="define" data-term="${known(word)}" ${more}>${text}</button>`;
}

// The button of something larger that has `data-term`.
/** @type {(text: string, more?: string) => string} */
export function definedWithin(text, more = "") {
  return `<button type="button" class="define" ${more}>${text}</button>`;
}

/** @type {(word: string) => string} */
export function known(word) {
  if (!(word in TERMS)) throw new Error(`'${word}' is no term of corner_lab/terms.py`);
  return word;
}
