// @ts-check
// Two axes shared by several pictures: compressed epochs and asinh z. Pure.

/**
 * @typedef {{ end: number, u(epoch: number): number, epoch(u: number): number }} EpochAxis u runs from 0 to 1
 * @typedef {{ low: number, high: number, place(z: number): number, z(place: number): number }} ZAxis place: 0 is `high`
 */

// log(1 + e/5): the first epochs, where everything happens, get room. u runs from 0 to 1 over 0..end.
/** @type {(end: number) => EpochAxis} */
export function epochAxis(end) {
  const bend = 5;
  const span = Math.log(1 + Math.max(1, end) / bend);
  return { end, u: epoch => Math.log(1 + epoch / bend) / span, epoch: u => bend * (Math.exp(u * span) - 1) };
}

// 0, 3, 10, 30, ... and the end; a tick too near to a more important one gives way.
/** @type {(axis: EpochAxis, width: number, apart: (a: number, b: number) => number) => number[]} */
export function epochTicks(axis, width, apart) {
  const ticks = [0];
  if (axis.end < 1) return ticks;
  ticks.push(axis.end);
  for (let ten = 1; ten * 3 < axis.end; ten *= 10)
    for (const t of [3 * ten, 10 * ten]) {
      if (t < axis.end && ticks.every(k => Math.abs(axis.u(k) - axis.u(t)) * width >= apart(k, t))) ticks.push(t);
    }
  return ticks.sort((a, b) => a - b);
}

// z -> 0 (high) .. 1 (low); values outside sit on the edge.
/** @type {(low: number, high: number) => ZAxis} */
export function zAxis(low, high) {
  const top = Math.asinh(high);
  const bottom = Math.asinh(low);
  const span = top - bottom;
  return {
    low,
    high,
    place: z => (top - Math.asinh(z < low ? low : Math.min(z, high))) / span,
    z: place => Math.sinh(top - place * span),
  };
}

// The z axis of a whole record: wide enough that the threshold and the dead edges stay where they are.
/** @type {(head: string, edges?: { z_low?: number | null, z_high?: number | null }) => [number, number]} */
export function zDomain(head, edges) {
  const [low, high] = head === "linear" ? [-4, 4] : [-30, head === "sigmoid" || head === "softmax" ? 4 : 7];
  return [
    roundedOut(Math.min(low, finiteOr(edges?.z_low, low))),
    roundedOut(Math.max(high, finiteOr(edges?.z_high, high))),
  ];
}

// Away from zero to the next round number: the domain moves rarely while a record grows or a weight is dragged.
/** @type {(z: number) => number} */
export function roundedOut(z) {
  const size = Math.abs(z);
  if (size <= 1) return z;
  const ten = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const step = [1, 1.5, 2, 3, 4, 5, 7, 10].find(s => s * ten >= size * (1 - 1e-9)) ?? 10;
  return Math.sign(z) * step * ten;
}

// 0 and the dead edges first, then what still finds room.
/** @type {(axis: Pick<ZAxis, "low" | "high" | "place">, height: number, apart: number) => number[]} */
export function zTicks(axis, height, apart) {
  const ticks = [];
  const offered = [0, 3, -3, 10, -10, 30, -30, 100, -100, 1, -1];
  for (let ten = 300; ten <= 1e6; ten *= 10) offered.push(ten, -ten, (ten / 3) * 10, (-ten / 3) * 10);
  for (const t of offered) {
    if (t < axis.low || t > axis.high) continue;
    if (ticks.every(k => Math.abs(axis.place(k) - axis.place(t)) * height >= apart)) ticks.push(t);
  }
  return ticks;
}

// A few round ticks between low and high, for an output that has no bounds.
/** @type {(low: number, high: number, wanted?: number) => number[]} */
export function plainTicks(low, high, wanted = 4) {
  const rough = (high - low) / wanted;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find(s => s * ten >= rough) ?? 10) * ten;
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(6)));
  return ticks;
}

/** @type {(value: any, otherwise: number) => number} */
function finiteOr(value, otherwise) {
  return Number.isFinite(value) ? value : otherwise;
}
