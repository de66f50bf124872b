// @ts-check
// Numbers as the screen shows them, and numbers as people type them. Pure.
import { trc } from "../../language/tr.js";

// Signed, with a true minus; whole numbers stay whole, and what rounds to zero has no sign.
/** @type {(value: number, digits?: number) => string} */
export function signed(value, digits = 2) {
  if (!Number.isFinite(value)) return unbounded(value);
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "+";
  if (size >= 1e5) return sign + power(size, 1);
  if (Math.abs(value - Math.round(value)) < 1e-9) return Math.round(value) === 0 ? "0" : sign + Math.round(size);
  return signedText(sign, size.toFixed(size >= 100 ? 0 : size >= 10 ? Math.min(1, digits) : digits));
}

/** @type {(sign: string, text: string) => string} */
function signedText(sign, text) {
  return Number(text) === 0 ? text : sign + text;
}

// How large, without a sign; what is small keeps two digits.
/** @type {(value: number) => string} */
export function sizeNumber(value) {
  const size = Math.abs(value);
  return size < 0.005 ? lossNumber(size) : signed(size).replace("+", "");
}

// A difference of two z: a digit more where it is small.
/** @type {(value: number) => string} */
export function gapNumber(value) {
  return signed(value, Math.abs(value) < 0.1 ? 3 : 2);
}

// A margin, in pixels.
/** @type {(value: number) => string} */
export function marginNumber(value) {
  return signed(value, 3);
}

// The ledger carries a digit more than the cells, so that z can be redone by hand.
/** @type {(value: number) => string} */
export function ledgerNumber(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1e5 || Math.abs(value - Math.round(value)) < 1e-9) return signed(value);
  return signedText(value < 0 ? "−" : "+", size.toFixed(size >= 1000 ? 1 : size >= 100 ? 2 : 3));
}

// An output of the head: three decimals; signed only where it can be negative (linear).
/** @type {(value: number) => string} */
export function outputNumber(value) {
  if (!Number.isFinite(value)) return unbounded(value);
  const size = Math.abs(value);
  if (size >= 1e5) return (value < 0 ? "−" : "") + power(size, 1);
  const text = size.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

// A share as a percentage: one decimal, whole ones stay whole; what is not all never reads 100%.
/** @type {(value: number) => string} */
export function percent(share) {
  if (!Number.isFinite(share)) return unbounded(share);
  const value = share < 1 ? Math.min(99.9, share * 100) : 100;
  const text = value.toFixed(1);
  return `${text.endsWith(".0") ? text.slice(0, -2) : text}%`;
}

// A loss: two significant digits or so, down to powers of ten.
/** @type {(value: number) => string} */
export function lossNumber(value) {
  if (!Number.isFinite(value)) return unbounded(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size < 0.001 || size >= 1e5) return sign + power(size, 1);
  return sign + (size < 0.1 ? size.toFixed(4) : size >= 100 ? size.toFixed(0) : size.toFixed(2));
}

// What a reading says: six significant digits, all that a float32 is sure of.
/** @type {(value: number) => string} */
export function exactNumber(value) {
  if (!Number.isFinite(value)) return unbounded(value);
  const size = Math.abs(value);
  const short = Number(size.toPrecision(6));
  const sign = value < 0 ? "−" : "";
  return sign + (short && (short < 1e-4 || short >= 1e6) ? power(short) : String(short));
}

// How fast: two significant digits, as fits something measured.
/** @type {(value: number) => string} */
export function paceNumber(value) {
  return value >= 100 ? grouped(Math.round(Number(value.toPrecision(2)))) : String(Number(value.toPrecision(2)));
}

// An axis tick on a log axis: 0.01, 1, 100, 1e−5.
/** @type {(exponent: number) => string} */
export function decade(exponent) {
  return exponent < -3 || exponent > 4
    ? `1e${String(exponent).replace("-", "−")}`
    : String(Number((10 ** exponent).toPrecision(1)));
}

// 100000 -> 100,000
/** @type {(value: number) => string} */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

// Facts, one after the other: "row 2, column 3, on".
/** @type {(facts: string[]) => string} */
export function inARow(facts) {
  return facts.filter(Boolean).join(trc("between facts", ", "));
}

// How wide a text is, in letters: a Chinese character is as wide as two.
/** @type {(text: string) => number} */
export function letters(text) {
  return [...text].reduce((wide, letter) => wide + (letter >= "\u2e80" ? 2 : 1), 0);
}

// What someone typed -> a number, or null: accepts a true minus, a decimal comma and an exponent.
/** @type {(text: string, limit?: number) => number | null} */
export function typedNumber(text, limit = 1e6) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= limit ? value : null;
}

// What someone typed -> a pattern index 0..511, or null.
/** @type {(text: string) => number | null} */
export function typedIndex(text) {
  const plain = text.trim();
  return /^\d{1,4}$/.test(plain) && Number(plain) <= 511 ? Number(plain) : null;
}

/** @type {(size: number, digits?: number) => string} */
function power(size, digits) {
  return size.toExponential(digits).replace(/\.0e/, "e").replace("e-", "e−").replace("e+", "e");
}

/** @type {(value: number) => string} */
function unbounded(value) {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+∞" : "−∞";
}
