// @ts-check
// The catalogue of the language that this module is joined for: English has none. The server and whatever writes a
// file put another one in this place (corner_lab/player/js_modules.py), with what the other modules say.

export const TAG = "en"; // for HTML's `lang`
export const SPACE = " ";

// By the English text; by context, "\u0004" and text; of what is counted an array of forms.
/** @type {Record<string, string | string[]>} */
export const MESSAGES = {};

// Which form a count has.
/** @type {(count: number) => number} */
export const FORM = count => (count === 1 ? 0 : 1);
