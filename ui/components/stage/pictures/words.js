// @ts-check
// What the page says of a picture: what was found where, in words. Rows and columns from 1, as on the bench. Pure.
import { grouped, outputNumber } from "../canvas/format.js";
import { sideOf } from "../network/verdict.js";
import { cornerName } from "./matching.js";

/**
 * @import { Found } from "./matching.js"
 */

const NAMED = 8; // more places than that are counted

/** @type {(count: number, one: string) => string} */
export function manyOf(count, one) {
  return `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** @type {(at: number, width: number) => string} */
export function placeWords(at, width) {
  return `row ${Math.floor(at / width) + 1}, column ${(at % width) + 1}`;
}

// "right", "missed" or "false", or "found" where nobody knows; "" for a cell of no interest.
/** @type {(found: Found, at: number) => string} */
export function standing(found, at) {
  if (!found.known) return found.hits?.includes(at) ? "found" : "";
  if (found.missed.includes(at)) return "missed";
  if (found.right.includes(at)) return "right";
  return found.wrong?.includes(at) ? "false" : "";
}

// What was found, in short.
/** @type {(found: Found) => string} */
export function foundWords({ known, count, right, missed, falses }) {
  if (!known) return `${grouped(count)} found`;
  return `${grouped(right.length)} right, ${grouped(missed.length)} missed, ${grouped(falses)} false`;
}

// The picture in words: how many corners, and where.
/** @type {(network: string, found: Found, indices: Uint16Array, size: { height: number, width: number }) => string} */
export function summaryWords(network, found, indices, { height, width }) {
  const where = at => `${cornerName(indices[at])} at ${placeWords(at, width)}`;
  const list = (what, places) =>
    places.length
      ? ` ${what}: ${places.slice(0, NAMED).map(where).join("; ")}${places.length > NAMED ? `; and ${grouped(places.length - NAMED)} more` : ""}.`
      : "";
  const start = `${network}, in a picture of ${height} by ${width}: ${manyOf(found.count, "corner")} found`;
  if (!found.known) return `${start}.${list("Found", found.hits ?? [])}`;
  return (
    `${start}, ${grouped(found.right.length)} of ${grouped(found.truth.length)} right, ` +
    `${grouped(found.missed.length)} missed, ${grouped(found.falses)} false.` +
    list("Missed", found.missed) +
    list("False", found.wrong ?? [])
  );
}

// A share, or a dash where there is nothing to take a share of.
/** @type {(value: number) => string} */
export function scoreWords(value) {
  return Number.isNaN(value) ? "–" : outputNumber(value);
}

/** @type {(z: number, threshold: number) => string} */
export function verdictWords(z, threshold) {
  return { 1: "corner", [-1]: "not a corner" }[sideOf(z, threshold)] ?? "on the threshold";
}
