// @ts-check
// What a term comes to here: one sentence with the numbers of this run or bench, else its definition. Pure.
import { TERMS } from "../canvas/terms.js";
import { BENCH_SENTENCES } from "./of_bench.js";
import { MARKER_SENTENCES, OF_RUN, TIME_SENTENCES } from "./of_run.js";
import { SCORE_SENTENCES } from "./of_scores.js";

/**
 * @import { View } from "../core/frame_view.js"
 */

/** @typedef {Record<string, string | undefined>} Where what the element says of itself: of, count, pattern, epoch */

/** @type {Record<string, (view: View, where: Where) => string>} */
const SENTENCES = { ...BENCH_SENTENCES, ...SCORE_SENTENCES, ...TIME_SENTENCES };

/** @type {(view: View, word: string, where?: Where) => string} */
export function explained(view, word, where = {}) {
  const sentence = (where.of === "run" && OF_RUN[word]) || (where.epoch && MARKER_SENTENCES[word]) || SENTENCES[word];
  return sentence?.(view, where) || TERMS[word].explanation;
}
