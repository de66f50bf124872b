// @ts-check
// Corners that were found, paired with the true ones that they are near, as many as can be. The same as in
// corner_lab/pictures/detection.py. Pure.

export const MOST_TOLERANCE = 16; // pixels

/** @type {[number, number][][]} */
const ways = [];

// Rows and columns to go, the nearest places first.
/** @type {(tolerance: number) => [number, number][]} */
export function stepsWithin(tolerance) {
  return (ways[tolerance] ??= (() => {
    const reach = Array.from({ length: 2 * tolerance + 1 }, (_, i) => i - tolerance);
    const steps = reach.flatMap(y => reach.map(x => /** @type {[number, number]} */ ([y, x])));
    return steps.sort((a, b) => a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2);
  })());
}

// `nearby`: for each true corner the places that it may be paired with. Whose index to the chosen place. By augmenting
// paths, e.g. Cormen et al., Introduction to Algorithms, section 26.3.
/** @type {(nearby: number[][]) => Map<number, number>} */
export function largestPairing(nearby) {
  /** @type {Map<number, number>} */
  const chosen = new Map();
  /** @type {Map<number, number>} */
  const holder = new Map(); // the other way round
  for (let start = 0; start < nearby.length; start++) {
    const waiting = [start];
    /** @type {Map<number, number>} */
    const reachedFrom = new Map();
    for (let next = 0; next < waiting.length; next++) {
      const fresh = nearby[waiting[next]].filter(place => !reachedFrom.has(place));
      for (const place of fresh) reachedFrom.set(place, waiting[next]);
      let step = fresh.find(place => !holder.has(place));
      if (step === undefined) {
        for (const place of fresh) waiting.push(/** @type {number} */ (holder.get(place)));
        continue;
      }
      while (step !== undefined) {
        const who = /** @type {number} */ (reachedFrom.get(step)); // back to the start, everyone on the way moves on
        const before = chosen.get(who);
        chosen.set(who, step);
        holder.set(step, who);
        step = before;
      }
      break;
    }
  }
  return chosen;
}
