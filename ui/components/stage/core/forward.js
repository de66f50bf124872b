// The network's forward pass for all 512 patterns, from twelve numbers:
// kernel 0..8 (row by row), bias 9, 1x1 weight 10, its bias 11; z = (sum(pixel * kernel) + bias) * w2 + b2. Pure.

export const NINE = [0, 1, 2, 3, 4, 5, 6, 7, 8];

export function bit(pattern, pixel) {
  return (pattern >> pixel) & 1;
}

export function popcount(pattern) {
  let count = 0;
  for (; pattern; pattern &= pattern - 1) count++;
  return count;
}

// Each head: output, slope, the |z| from which the slope is exactly 0, and the stretch of z and output its picture shows.
export const HEADS = {
  hard_sigmoid: { output: z => Math.min(1, Math.max(0, z / 6 + 0.5)), slope: z => (Math.abs(z) < 3 ? 1 / 6 : 0), dead: 3, z: [-6, 6], y: [0, 1] },
  sigmoid: { output: logistic, slope: logisticSlope, dead: Infinity, z: [-6, 6], y: [0, 1] },
  softmax: { output: logistic, slope: logisticSlope, dead: Infinity, z: [-6, 6], y: [0, 1] },
  linear: { output: z => z, slope: () => 1, dead: Infinity, z: [-1.5, 2.5], y: [-1.5, 2.5] },
};

export function logistic(z) {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

// Rounded to float32 as Keras would hold it: far out a sigmoid's gradient really becomes 0.
export function logisticSlope(z) {
  const e = Math.exp(-Math.abs(z));
  return Math.fround(e / (1 + e) ** 2);
}

// z of all 512 patterns; each pattern is one already summed pattern plus one pixel.
export function allZ(weights, out = new Float64Array(512)) {
  out[0] = weights[9];
  for (let i = 0; i < 9; i++) for (let j = 0, n = 1 << i; j < n; j++) out[n + j] = out[j] + weights[i];
  for (let i = 0; i < 512; i++) out[i] = weights[10] * out[i] + weights[11];
  return out;
}

// Hamming distance of every pattern to its nearest target.
export function distances(targets) {
  return Uint8Array.from({ length: 512 }, (_, i) => targets.reduce((least, t) => Math.min(least, popcount(i ^ t)), 9));
}
