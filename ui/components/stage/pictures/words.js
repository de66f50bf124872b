// @ts-check
// What the page says of a picture: what was found where, in words. Rows and columns from 1, as on the bench. Pure.
import { joinedSentences, tr, trc, trn } from "../../language/tr.js";
import { grouped, outputNumber } from "../canvas/format.js";
import { sideOf } from "../network/verdict.js";
import { cornerName } from "./matching.js";

/**
 * @import { Found } from "./matching.js"
 */

const NAMED = 8; // more places than that are counted

/** @type {(at: number, width: number) => string} */
export function placeWords(at, width) {
  return tr("row {row}, column {column}", { row: Math.floor(at / width) + 1, column: (at % width) + 1 });
}

// "right", "missed" or "false", or "found" where nobody knows; "" for a cell of no interest.
/** @type {(found: Found, at: number) => string} */
export function standing(found, at) {
  if (!found.known) return found.hits?.includes(at) ? trc("a mark", "found") : "";
  if (found.missed.includes(at)) return trc("a mark", "missed");
  if (found.right.includes(at)) return trc("a mark", "right");
  return found.wrong?.includes(at) ? trc("a mark", "false") : "";
}

// What was found, in short.
/** @type {(found: Found) => string} */
export function foundWords({ known, count, right, missed, falses }) {
  if (!known) return tr("{count} found", { count: grouped(count) });
  return tr("{right} right, {missed} missed, {wrong} false", {
    right: grouped(right.length),
    missed: grouped(missed.length),
    wrong: grouped(falses),
  });
}

// The picture in words: how many corners, and where.
/** @type {(network: string, found: Found, indices: Uint16Array, size: { height: number, width: number }) => string} */
export function summaryWords(network, found, indices, { height, width }) {
  const listed = places => placesWords(places, indices, width);
  const hits = found.hits ?? [];
  const wrong = found.wrong ?? [];
  const where = { network, height, width };
  if (!found.known) {
    const start = trn(
      "{network}, in a picture of {height} by {width}: {count} corner found.",
      "{network}, in a picture of {height} by {width}: {count} corners found.",
      found.count,
      where,
    );
    return joinedSentences([start, hits.length ? tr("Found: {places}.", { places: listed(hits) }) : ""]);
  }
  const start = trn(
    "{network}, in a picture of {height} by {width}: {count} corner found, {right} of {all} right, {missed} missed, {wrong} false.",
    "{network}, in a picture of {height} by {width}: {count} corners found, {right} of {all} right, {missed} missed, {wrong} false.",
    found.count,
    {
      ...where,
      right: grouped(found.right.length),
      all: grouped(found.truth.length),
      missed: grouped(found.missed.length),
      wrong: grouped(found.falses),
    },
  );
  return joinedSentences([
    start,
    found.missed.length ? tr("Missed: {places}.", { places: listed(found.missed) }) : "",
    wrong.length ? tr("False: {places}.", { places: listed(wrong) }) : "",
  ]);
}

// "top-left corner at row 2, column 3; pattern 7 at row 4, column 1; and 12 more".
/** @type {(places: number[], indices: Uint16Array, width: number) => string} */
function placesWords(places, indices, width) {
  const named = places
    .slice(0, NAMED)
    .map(at => tr("{what} at {place}", { what: cornerName(indices[at]), place: placeWords(at, width) }))
    .join(trc("between facts", "; "));
  const more = places.length - NAMED;
  return more > 0 ? tr("{places}; and {count} more", { places: named, count: grouped(more) }) : named;
}

// A share, or a dash where there is nothing to take a share of.
/** @type {(value: number) => string} */
export function scoreWords(value) {
  return Number.isNaN(value) ? "–" : outputNumber(value);
}

/** @type {(z: number, threshold: number) => string} */
export function verdictWords(z, threshold) {
  return { 1: tr("corner"), [-1]: tr("not a corner") }[sideOf(z, threshold)] ?? tr("on the threshold");
}
