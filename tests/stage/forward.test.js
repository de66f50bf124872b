// The network from its numbers: against real Keras, and to the last bit against exact arithmetic.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  kernelParts,
  lockOf,
  numberOf,
  scoresOfPair,
  setNumber,
} from "../../ui/components/stage/network/bench_numbers.js";
import { allZ, distances, HEADS } from "../../ui/components/stage/network/forward.js";
import { B0, B1, W0, W1 } from "../../ui/components/stage/network/number_layout.js";
import { isRight, nearestWrong, sideOf, summary, targetFlags } from "../../ui/components/stage/network/verdict.js";
import { ALL, close, normalFrom, vectors } from "./helpers.js";

for (const { head, second_conv, kernels, hidden, numbers, scores, output } of vectors.networks) {
  const what = `${head}, 1x1 ${second_conv}, ${kernels} with ${hidden}`;
  test(`does the bench compute what Keras computes for all 512: ${what}`, () => {
    const z = allZ(numbers, hidden);
    for (const i of ALL) {
      const [first, second] = scores[i];
      close(z[i], second === undefined ? first : second - first, 2e-5 * kernels);
      close(HEADS[head].output(z[i]), output[i], 1e-5);
    }
  });
}

for (const { head, second_conv, kernels, hidden, numbers, scores } of vectors.networks.filter(
  n => n.head === "softmax",
)) {
  test(`does the bench split a softmax into its two scores: 1x1 ${second_conv}, ${kernels} with ${hidden}`, () => {
    const z = allZ(numbers, hidden);
    assert.equal(head, "softmax");
    for (const i of ALL) {
      const { other, corner } = scoresOfPair(numbers, kernelParts(numbers, hidden, i), i, z[i]);
      close(other, scores[i][0], 1e-4);
      close(corner, scores[i][1], 1e-4);
    }
  });
}

for (const { head, z, slope } of vectors.slopes) {
  test(`is the slope on the bench the derivative Keras uses, and 0 where that is: ${head}`, () => {
    z.forEach((at, i) => {
      const own = HEADS[head].slope(at);
      close(own, slope[i], 1e-6);
      assert.equal(own === 0, slope[i] === 0, `z ${at}: ${own}, Keras ${slope[i]}`);
    });
  });
}

for (const { name, numbers, hidden, threshold, targets, z, core, right, ties } of vectors.verdicts) {
  test(`is every verdict that of exact arithmetic: ${name}`, () => {
    const got = allZ(numbers, hidden);
    const flags = targetFlags(targets);
    assert.deepEqual([...got], z);
    assert.deepEqual([...got], core, "the core's, to the bit");
    assert.deepEqual(
      ALL.map(i => isRight(got[i], flags[i], threshold)),
      right,
    );
    const sum = summary(got, flags, threshold);
    const count = (target, is) => ALL.filter(i => targets.includes(i) === target && right[i] === is).length;
    assert.deepEqual(
      [sum.tp, sum.fn, sum.fp, sum.tn],
      [count(true, true), count(true, false), count(false, false), count(false, true)],
    );
    assert.equal(ALL.filter(i => sideOf(got[i], threshold) === 0).length, ties);
    const wrong = right.filter(is => !is).length;
    const first = nearestWrong(got, flags, threshold, 512).slice(0, wrong);
    assert.ok(
      first.every(i => !right[i]),
      "the wrong ones come first, those on the threshold among them",
    );
  });
}

test("do the verdicts that are compared have ties and neighbours of ties", () => {
  const ties = Object.fromEntries(vectors.verdicts.map(v => [v.name, v.ties]));
  assert.deepEqual(
    [ties["on 0.5"], ties["one ulp above 0.5"], ties["one ulp below 0.5"], ties["start 0"], ties["all cut off"]],
    [256, 0, 0, 1, 512],
  );
});

test("how many are right and what separates the corner", () => {
  const normal = normalFrom(3);
  const z = ALL.map(normal);
  z[5] = z[432] = 0; // exactly on the threshold: wrong, target or not
  for (const targets of [[432], [432, 216, 7]]) {
    const got = summary(z, targetFlags(targets), 0);
    const own = ALL.filter(i => targets.includes(i));
    const others = ALL.filter(i => !targets.includes(i));
    assert.equal(got.tp, own.filter(i => z[i] > 0).length);
    assert.equal(got.tn, others.filter(i => z[i] < 0).length);
    assert.deepEqual([got.tp + got.fn, got.fp + got.tn], [own.length, others.length]);
    assert.equal(got.right, got.tp + got.tn);
    close(got.recall, got.tp / targets.length);
    const low = Math.min(...own.map(i => z[i]));
    const high = Math.max(...others.map(i => z[i]));
    assert.deepEqual([got.gap, z[got.targetAt], z[got.otherAt]], [low - high, low, high]);
  }
});

test("how far is a pattern from the nearest target", () => {
  const ones = i => i.toString(2).replaceAll("0", "").length;
  assert.deepEqual(
    [...distances([432, 54])],
    ALL.map(i => Math.min(ones(i ^ 432), ones(i ^ 54))),
  );
});

test("does a change of one class leave the other as it is", () => {
  const n = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 3, 4, 10, 20];
  const classes = () => [W0, B0, W1, B1].map(i => numberOf(n, i));
  const seen = [classes()];
  for (const [i, v] of [
    [W0, 2],
    [W1, 5],
    [B0, -1],
    [B1, 7],
  ]) {
    setNumber(n, i, v);
    seen.push(classes());
  }
  assert.deepEqual(seen, [
    [10, 20, 13, 24],
    [2, 20, 13, 24],
    [2, 20, 5, 24],
    [2, -1, 5, 24],
    [2, -1, 5, 7],
  ]);
  assert.deepEqual(n.slice(10), [3, 8, 2, -1]);
  assert.deepEqual(
    [W0, W1, B0, B1, 4].map(cell => lockOf(14, cell)),
    [10, 10, 11, 11, 4],
  );
});
