// @ts-check
// Room for every point: places as near as possible to where the points belong, and never on each other. Pure.

// The places nearest (in least squares) to the ascending `wanted` that stand `size` apart within low..high: neighbours that
// would overlap are pooled around their mean. Written over `wanted`; false if there is no room, then evenly squeezed in.
/** @type {(wanted: number[], size: number, low: number, high: number) => boolean} */
export function apart(wanted, size, low, high) {
  const n = wanted.length;
  const room = high - low - (n - 1) * size;
  if (!(room >= -1e-9)) {
    const step = n > 1 ? Math.max(0, high - low) / (n - 1) : 0;
    const first = n > 1 ? low : (low + high) / 2;
    for (let i = 0; i < n; i++) wanted[i] = first + i * step;
    return false;
  }
  const means = [];
  const sizes = [];
  for (let i = 0; i < n; i++) {
    let mean = wanted[i] - i * size;
    let many = 1;
    while (means.length && means[means.length - 1] > mean) {
      const before = sizes.pop();
      mean = (means.pop() * before + mean * many) / (before + many);
      many += before;
    }
    means.push(mean);
    sizes.push(many);
  }
  for (let pool = 0, i = 0; pool < means.length; pool++) {
    const start = Math.max(low, Math.min(low + room, means[pool]));
    for (const end = i + sizes[pool]; i < end; i++) wanted[i] = start + i * size;
  }
  return true;
}

// Lane of the rank-th of a group over so many lanes: equally filled, neighbours in rank far apart.
/** @type {(rank: number, lanes: number) => number} */
export function laneOf(rank, lanes) {
  let step = Math.max(1, Math.round(lanes * 0.61803398875));
  while (commonDivisor(step, lanes) > 1) step++;
  return (rank * step) % lanes;
}

/** @type {(a: number, b: number) => number} */
function commonDivisor(a, b) {
  return b ? commonDivisor(b, a % b) : a;
}
