// @ts-check
// Vertical scales of the plots: 0 is the top, 1 the bottom. Pure.
import { plainTicks, zAxis, zTicks } from "../canvas/axis.js";
import { decade } from "../canvas/format.js";

/**
 * @typedef {object} Scale
 * @property {"log" | "linear" | "asinh"} kind
 * @property {number} low
 * @property {number} high
 * @property {number | null} foot where the decades end and the line of an exact 0 begins, if there is one
 * @property {(value: number) => number} place 0 is the top, 1 the bottom
 * @property {(height: number, apart: number) => { value: number, text: string }[]} ticks
 */

// What a log axis cannot hold, an exact 0, lies on a line of its own below the lowest decade; this share is left for it.
const FLOOR = 0.16;

const upright = value => String(value).replace("-", "−");

// `low` and `high`, both above 0; `zero`: whether the floor is needed. Nothing is drawn more than 12 decades down.
/** @type {(low: number, high: number, zero?: boolean) => Scale} */
export function logScale(low, high, zero = false) {
  const bottom = Math.max(low, high * 1e-12);
  const span = Math.log(high / bottom);
  const foot = zero ? 1 - FLOOR : 1;
  return {
    kind: "log",
    low: bottom,
    high,
    foot: zero ? foot : null,
    place: v => (v > 0 ? foot * clipped(Math.log(high / v) / span) : 1),
    ticks(height, apart) {
      const first = Math.ceil(Math.log10(bottom) - 1e-9);
      const last = Math.floor(Math.log10(high) + 1e-9);
      const found = [];
      const every = Math.max(1, Math.ceil(((last - first + 1) * apart) / (height * foot)));
      for (let t = last; t >= first; t -= every) found.push({ value: 10 ** t, text: decade(t) });
      if (last - first < 1) {
        // hardly a decade: 2 and 5 help, as far as there is room
        for (let t = first - 1; t <= last; t++)
          for (const digit of [5, 2]) {
            const value = digit * 10 ** t;
            const at = this.place(value);
            if (
              value > bottom &&
              value < high &&
              found.every(f => Math.abs(this.place(f.value) - at) * height >= apart)
            )
              found.push({ value, text: String(Number(value.toPrecision(1))) });
          }
      }
      return zero ? [...found, { value: 0, text: "0" }] : found;
    },
  };
}

/** @type {(low: number, high: number) => Scale} */
export function linearScale(low, high) {
  const span = high - low || 1;
  return {
    kind: "linear",
    low,
    high,
    foot: null,
    place: v => clipped((high - v) / span),
    ticks: (height, apart) =>
      plainTicks(low, high, Math.max(1, Math.min(4, Math.floor(height / (2 * apart))))).map(value => ({
        value,
        text: upright(value),
      })),
  };
}

// Logarithmic to both sides of 0, even near it: for numbers that change their sign.
/** @type {(low: number, high: number) => Scale} */
export function bothSigns(low, high) {
  const axis = zAxis(low, high);
  return {
    kind: "asinh",
    low,
    high,
    foot: null,
    place: axis.place,
    ticks: (height, apart) => zTicks(axis, height, apart).map(value => ({ value, text: upright(value) })),
  };
}

/** @type {(place: number) => number} */
function clipped(place) {
  return Math.max(0, Math.min(1, place));
}
