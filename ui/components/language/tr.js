// @ts-check
// Sentences in the language of whoever reads: the same messages and catalogue as corner_lab/language. Pure.
// The English text is the key, so it is always one literal in double quotes: tr("{count} of 512 are right.", { count }).
import { FORM, MESSAGES, SPACE } from "./messages.js";

/** @typedef {Record<string, string | number>} Values */

/** @type {(text: string, values?: Values) => string} */
export function tr(text, values) {
  const said = MESSAGES[text];
  return filled(typeof said === "string" ? said : text, values);
}

// A text whose translation depends on where it stands.
/** @type {(context: string, text: string, values?: Values) => string} */
export function trc(context, text, values) {
  const said = MESSAGES[`${context}\u0004${text}`];
  return filled(typeof said === "string" ? said : text, values);
}

// What is counted: trn("{count} pattern", "{count} patterns", 1234) is "1,234 patterns".
/** @type {(one: string, many: string, count: number, values?: Values) => string} */
export function trn(one, many, count, values) {
  const forms = MESSAGES[one];
  const said = Array.isArray(forms) ? forms[FORM(count)] : count === 1 ? one : many;
  return filled(said, { count: count.toLocaleString("en"), ...values });
}

// Sentences one after the other; empty ones are left out.
/** @type {(sentences: string[]) => string} */
export function joinedSentences(sentences) {
  return sentences.filter(Boolean).join(SPACE);
}

/** @type {(text: string, values?: Values) => string} */
function filled(text, values) {
  if (!values) return text;
  return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name) =>
    name === undefined ? whole[0] : name in values ? String(values[name]) : whole,
  );
}
