// @ts-check
// What is right and what is wrong: every count, mark and list on the page comes from here. Decided on z. Pure.

/**
 * @typedef {Record<"tp" | "fn" | "fp" | "tn" | "right" | "recall" | "targetAt" | "otherAt" | "targetZ" | "otherZ" | "gap" | "low" | "high", number>} Summary
 */

// 1 where a pattern counts as a corner, for all 512.
/** @type {(targets: number[]) => Uint8Array} */
export function targetFlags(targets) {
  const flags = new Uint8Array(512);
  for (const t of targets) flags[t] = 1;
  return flags;
}

// On which side of the threshold z is: 1 above (called a corner), -1 below, 0 exactly on it; NaN for NaN.
/** @type {(z: number, threshold: number) => number} */
export function sideOf(z, threshold) {
  return z > threshold ? 1 : z < threshold ? -1 : z === threshold ? 0 : NaN;
}

// Strictly on the label's side: exactly on the threshold is wrong for everybody.
/** @type {(z: number, isTarget: boolean | number, threshold: number) => boolean} */
export function isRight(z, isTarget, threshold) {
  return sideOf(z, threshold) === (isTarget ? 1 : -1);
}

// Counts and the separation gap: lowest target z minus highest other z.
/** @type {(zs: ArrayLike<number>, flags: ArrayLike<number>, threshold: number) => Summary} */
export function summary(zs, flags, threshold) {
  let tp = 0;
  let fn = 0;
  let fp = 0;
  let tn = 0;
  let targetAt = -1;
  let otherAt = -1;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < 512; i++) {
    const z = zs[i];
    const right = isRight(z, flags[i], threshold);
    if (z < low) low = z;
    if (z > high) high = z;
    if (flags[i]) {
      if (right) tp++;
      else fn++;
      if (targetAt < 0 || z < zs[targetAt]) targetAt = i;
    } else {
      if (right) tn++;
      else fp++;
      if (otherAt < 0 || z > zs[otherAt]) otherAt = i;
    }
  }
  const targetZ = targetAt < 0 ? NaN : zs[targetAt];
  const otherZ = otherAt < 0 ? NaN : zs[otherAt];
  return {
    tp,
    fn,
    fp,
    tn,
    right: tp + tn,
    recall: tp / (tp + fn),
    targetAt,
    otherAt,
    targetZ,
    otherZ,
    gap: targetZ - otherZ,
    low,
    high,
  };
}

export const NEAREST = 10;

// Signed distance to the threshold, negative on the wrong side; ties by index. NaN comes first: it is wrong for everybody.
/** @type {(zs: ArrayLike<number>, flags: ArrayLike<number>, threshold: number, many?: number) => number[]} */
export function nearestWrong(zs, flags, threshold, many = NEAREST) {
  const best = [];
  const left = new Float64Array(many);
  for (let i = 0; i < 512; i++) {
    const own = flags[i] ? zs[i] - threshold : threshold - zs[i];
    const d = Number.isNaN(own) ? -Infinity : own;
    if (best.length === many && d >= left[many - 1]) continue;
    let at = Math.min(best.length, many - 1);
    for (; at > 0 && left[at - 1] > d; at--) {
      left[at] = left[at - 1];
      best[at] = best[at - 1];
    }
    left[at] = d;
    best[at] = i;
  }
  return best;
}
