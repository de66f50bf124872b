// Networks of several kernels: where their numbers are, what a change changes, how z comes about, and what is said of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { marginOf } from "../../ui/components/stage/atlas/scores.js";
import { cellFormula, sumLines } from "../../ui/components/stage/bench/formula.js";
import { kernelAfter, partWords } from "../../ui/components/stage/bench/kernel_row.js";
import { epochAxis } from "../../ui/components/stage/canvas/axis.js";
import { TERMS } from "../../ui/components/stage/canvas/terms.js";
import { shownKernels } from "../../ui/components/stage/core/frame_view.js";
import { namesFor } from "../../ui/components/stage/core/messages.js";
import { explained } from "../../ui/components/stage/explain/explained.js";
import {
  fitted,
  fittedLocks,
  kernelParts,
  lockOf,
  numberOf,
  setNumber,
} from "../../ui/components/stage/network/bench_numbers.js";
import {
  effectiveBias,
  effectiveWeight,
  hasEffective,
  largestEffective,
  ownNumber,
  shownNumber,
  turnedSentence,
} from "../../ui/components/stage/network/effective_kernel.js";
import { allZ, distances, HEADS } from "../../ui/components/stage/network/forward.js";
import {
  B0,
  B1,
  B2,
  BIAS,
  isNumberCount,
  numberLayout,
  numberNames,
  W0,
  W1,
  W2,
} from "../../ui/components/stage/network/number_layout.js";
import { summary, targetFlags } from "../../ui/components/stage/network/verdict.js";
import { wordsFor } from "../../ui/components/stage/sync/url.js";
import { filmFrame } from "../../ui/components/stage/timeline/filmstrip.js";
import { rowOf } from "../../ui/components/stage/timeline/table.js";
import { ALL, close, normalFrom, record, vectors, viewOf } from "./helpers.js";

const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8];
const NINE = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const networks = vectors.networks.filter(n => n.kernels > 1);

// A view of numbers and one pattern; its z is that of the network.
function bench(numbers, { hidden = "none", pixels = 432, chosen = 0, effective = false, head = "sigmoid" } = {}) {
  const zs = allZ(numbers, hidden);
  const flags = targetFlags([432]);
  const z = zs[pixels];
  const run = record({ loss: [0.5] }, { status: "set", second_conv: true });
  return viewOf(run, {
    ...{ weights: numbers, pixels, zs, flags, z, head, row: 0, epoch: 0, wMax: 1, corner: 0, other: 0, edited: false },
    ...shownKernels(numbers, { hidden, pixels, chosen, effective }),
    places: { targets: [432], distance: distances([432]) },
    sum: summary(zs, flags, 0),
    names: namesFor([432]),
    output: HEADS[head].output(z),
    slope: HEADS[head].slope(z),
    isTarget: pixels === 432,
    right: true,
  });
}

function numbersOf(count, seed = 1) {
  const normal = normalFrom(seed);
  return Float32Array.from({ length: count }, () => normal());
}

test("does the count tell the layout, and has every number one name", () => {
  const counts = [22, ...COUNTS.flatMap(k => [11 * k + 1, 12 * k + 2])];
  assert.equal(new Set(counts).size, 17);
  for (const count of counts) {
    const names = numberNames(count);
    assert.ok(isNumberCount(count));
    assert.equal(names.length, count);
    assert.equal(new Set(names).size, count);
  }
  assert.deepEqual(
    Array.from({ length: 130 }, (_, i) => i).filter(isNumberCount),
    counts.sort((a, b) => a - b),
  );
  for (const count of [0, 13, 24, 100]) assert.throws(() => numberLayout(count), RangeError);
  for (const k of COUNTS) assert.deepEqual(numberNames(11 * k + 1), vectors.weight_columns[k]);
  assert.deepEqual(
    [0, 8, 9, 17, 18, 19, 20, 21, 22, 23, 24, 25].map(i => numberNames(26)[i]),
    ["k0.0", "k0.8", "k1.0", "k1.8", "bias.0", "bias.1", "w2.0", "w2.1", "b2", "w0.0", "w0.1", "b0"],
  );
});

test("is a record of several kernels read by the names of its numbers", () => {
  for (const count of [34, 38]) {
    const names = numberNames(count);
    const columns = Object.fromEntries(names.map((name, i) => [name, [0, i]]));
    const got = record(columns, { kernels: 3, hidden: "relu" });
    assert.deepEqual(
      got.weights.map(column => column[1]),
      names.map((_, i) => i),
    );
  }
});

test("does a change of a cell change that kernel's number, and of a softmax one class's", () => {
  for (const count of [23, 38, 98]) {
    const { kernels, scores } = numberLayout(count);
    const cells = [...NINE, BIAS, W2, B2, ...(scores === "pair" ? [W0, B0, W1, B1] : [])];
    for (const cell of cells) {
      const numbers = numbersOf(count, cell + 1);
      const k = kernels - 1;
      const all = () => cells.flatMap(c => COUNTS.slice(0, kernels).map((_, i) => numberOf(numbers, c, i)));
      const before = all();
      setNumber(numbers, cell, 7, k);
      close(numberOf(numbers, cell, k), 7, 1e-6);
      // Of a pair w2 and b2 are differences: they follow a class's own.
      const follows = scores === "pair" ? { [W0]: W2, [W1]: W2, [B0]: B2, [B1]: B2, [W2]: W1, [B2]: B1 }[cell] : null;
      all().forEach((value, at) => {
        const c = cells[Math.floor(at / kernels)];
        const whole = [B2, B0, B1].includes(c); // the same for all kernels
        const own = c === cell || c === follows;
        if (!(own && (whole || at % kernels === k))) close(value, before[at], 1e-6);
      });
    }
  }
  const locked = [0, BIAS, W2, B2, W0, W1, B0, B1].map(cell => lockOf(38, cell, 2));
  assert.deepEqual(locked, [18, 29, 32, 33, 32, 32, 33, 33]);
});

for (const { head, kernels, hidden, numbers } of networks)
  test(`do the parts and the written sum come to z: ${head}, ${kernels} with ${hidden}`, () => {
    for (const pixels of [0, 16, 432, 511]) {
      const view = bench(numbers, { hidden, pixels, head });
      const { b2 } = numberLayout(numbers.length);
      close(view.parts.reduce((sum, at) => sum + at.part, 0) + numbers[b2], view.z, 1e-12);
      for (const { sum, passed, cut } of view.parts) {
        assert.equal(cut, hidden === "relu" && sum < 0);
        assert.equal(passed, cut ? 0 : sum);
      }
      const lines = sumLines(view);
      assert.equal(lines.filter(line => line.endsWith(", cut off")).length, view.parts.filter(at => at.cut).length);
      for (const line of lines) {
        const [, ...sides] = line.replace(", cut off", "").split(" = ");
        const values = sides.map(side => evaluated(side)).filter(value => value !== null);
        for (const value of values) close(value, values.at(-1), 2e-5);
        assert.ok(values.length > 0, line);
      }
      assert.equal(
        lines.length,
        head === "softmax" && hidden === "none" ? kernels + 4 : 2 * kernels + (head === "softmax" ? 4 : 2),
      );
    }
  });

// What a side of a written sum comes to; null for names.
function evaluated(side) {
  const plain = side
    .replaceAll("−", "-")
    .replaceAll("×", "*")
    .replaceAll("max(", "Math.max(")
    .replaceAll("exp(", "Math.exp(");
  if (/[z₀₁]|softmax|sigmoid/.test(plain)) return null;
  return Number(new Function(`return ${plain}`)());
}

test("is a chain of several linear kernels one kernel", () => {
  for (const { numbers } of networks.filter(n => n.hidden === "none")) {
    const one = [...NINE.map(i => effectiveWeight(numbers, i)), effectiveBias(numbers), 1, 0];
    const [z, own] = [allZ(numbers), allZ(one)];
    for (const i of ALL) close(own[i], z[i], 1e-9);
    const gap = 0.7;
    const squares = NINE.reduce((sum, i) => sum + one[i] ** 2, 0);
    close(marginOf(numbers, gap, "none"), gap / 2 / Math.sqrt(squares), 1e-12);
  }
  assert.ok(Number.isNaN(marginOf(numbersOf(23), 0.7, "relu")));
});

test("is what is set in the effective kernel what it shows then, by the chosen kernel alone", () => {
  const numbers = [...numbersOf(34, 3)];
  for (const cell of [0, 4, 8, BIAS]) {
    const changed = [...numbers];
    const [own, value] = ownNumber(changed, cell, 1, true, -2.5);
    setNumber(changed, own, value, 1);
    close(shownNumber(changed, cell, 1, true), -2.5, 1e-9);
    const touched = numbers.map((_, i) => i).filter(i => changed[i] !== numbers[i]);
    assert.deepEqual(touched, [cell === BIAS ? 33 : 9 + cell]);
  }
  numbers[numberLayout(34).w2 + 1] = 0;
  assert.deepEqual(ownNumber(numbers, 3, 1, true, 5), [3, null]);
  assert.deepEqual(ownNumber(numbers, W2, 1, true, 5), [W2, 5]);
  assert.equal(shownNumber(numbers, 3, 2, false), numbers[21]);
});

test("where is there an effective kernel, and where is a kernel shown turned round", () => {
  const header = { head: "sigmoid", second_conv: true, kernels: 4, hidden: "none" };
  assert.deepEqual(
    [
      header,
      { ...header, head: "softmax" },
      { ...header, hidden: "relu" },
      { ...header, kernels: 1, hidden: "relu" },
    ].map(hasEffective),
    [true, true, false, false],
  );
  assert.equal(
    turnedSentence({ ...header, hidden: "relu" }, -1.23, "alone", 2),
    "Kernel 3 is shown before it is multiplied by w₂ = −1.230.",
  );
  const columns = Object.fromEntries(numberNames(23).map(name => [name, [0, 0]]));
  Object.assign(columns, { "k0.4": [1, 3], "k1.4": [2, 3], "w2.0": [2, 5], "w2.1": [-3, -5] });
  assert.equal(largestEffective(record(columns, { kernels: 2 })), 4);
});

test("do weights and locks of another number of kernels stay with the kernels that both have", () => {
  const three = numbersOf(34, 4);
  const two = fitted(three, 26); // with the other class's numbers, which it did not have
  for (const k of [0, 1])
    for (const cell of [...NINE, BIAS, W2, B2]) assert.equal(numberOf(two, cell, k), numberOf(three, cell, k));
  assert.deepEqual([...two.slice(23)], [0, 0, 0]);
  const again = fitted(two, 34);
  assert.deepEqual([...kernelParts(again, "none", 511)].slice(0, 2), kernelParts(three, "none", 511).slice(0, 2));
  assert.equal(kernelParts(again, "none", 511)[2].part, 0);
  const grown = fitted(two, 34, three); // a kernel of zeros that nothing weighs could not learn
  assert.deepEqual([...grown.slice(18, 27)], [...three.slice(18, 27)]);
  const [before, after] = [two, grown].map(numbers => [...allZ(numbers)]);
  assert.deepEqual(after, before);
  assert.deepEqual([...fitted([...numbersOf(12), 5, 6], 14)].slice(12), [5, 6]);
  assert.deepEqual([...fitted([...numbersOf(12), 5, 6], 22)].slice(12), new Array(10).fill(0));
  // kernel 0's first weight and bias, kernel 2's, and b2
  assert.deepEqual(fittedLocks([0, 18, 27, 29, 33], 3, 2), [0, 18, 22]);
  assert.deepEqual(fittedLocks([0, 18, 22], 2, 3), [0, 27, 33]);
  assert.deepEqual(fittedLocks([3, 11], 1, 1), [3, 11]);
});

test("does a link name the locks of several kernels", () => {
  const words = wordsFor({ pixels: 432, home: 432, weights: null, locks: [9, 19, 22], kernels: 2, epoch: null });
  assert.deepEqual(words, [
    ["v", "1"],
    ["locks", "k1.0,bias.1,b2"],
  ]);
});

test("is what is said of several kernels whole, of the chosen one, and true", () => {
  for (const { head, hidden, numbers, kernels } of networks)
    for (const chosen of [0, kernels - 1])
      for (const effective of hidden === "none" ? [false, true] : [false]) {
        const view = bench(numbers, { hidden, chosen, effective, head });
        for (const word of Object.keys(TERMS)) {
          const text = explained(view, word, {});
          assert.match(text, /^[A-Z0-9z]\S* .*\.$|^(sigmoid|softmax) .*\.$/, `${word}: ${text}`);
          assert.doesNotMatch(text, /undefined|null|NaN|\[object/, `${word}: ${text}`);
        }
        const cells = [...NINE, BIAS, W2, B2, ...(head === "softmax" ? [W0, B0, W1, B1] : [])];
        for (const cell of cells) assert.doesNotMatch(cellFormula(view, cell), /undefined|NaN/, String(cell));
      }
  const numbers = new Float32Array(23).fill(0);
  numbers.set([1, -1], 18); // the biases
  numbers.set([2, 3, 0.5], 20);
  const view = bench(numbers, { hidden: "relu", chosen: 1, pixels: 0 });
  assert.equal(partWords(view, 0), "Kernel 1: sum +1, passes relu; +1 × (+2) adds +2");
  assert.equal(partWords(view, 1), "Kernel 2: sum −1, cut off by relu; adds 0");
  assert.match(
    explained(view, "part"),
    /^What kernel 2 adds to z: relu cuts its sum off\. The 2 parts .* z = \+2\.50\.$/,
  );
  assert.match(explained(view, "w2"), /^The weight of kernel 2 in the 1x1 convolution: 0 × \(\+3\) = 0\.$/);
  assert.match(explained(view, "sum"), /= −1; being below 0, it is cut off\.$/);
  assert.equal(cellFormula(view, B2), "+2 + (+0.500) = +2.500");
});

test("which kernel do the keys lead to", () => {
  const keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Home", "End", "x"];
  assert.deepEqual(
    keys.map(key => kernelAfter(key, 0, 4)),
    [1, 1, 3, 3, 0, 3, null],
  );
  assert.equal(kernelAfter("ArrowRight", 3, 4), 0);
});

test("do the frames of the filmstrip hold all kernels, none over another", () => {
  const axis = epochAxis(1000);
  for (const k of [1, 1.3])
    for (const kernels of COUNTS)
      for (const effective of [false, true]) {
        const F = filmFrame(700 * k, k, { axis, kernels, effective });
        assert.equal(F.places.length, effective ? 1 : kernels);
        assert.ok(F.height <= 42 * k && F.y + F.height <= 56 * k);
        for (let i = 0; i < F.n; i++) assert.ok(F.x(i) >= 0 && F.x(i) + F.width <= 700 * k);
        for (let i = 1; i < F.n; i++) assert.ok(F.x(i) - F.x(i - 1) >= F.width + 6 * k, `${kernels}`);
        for (const [x, y] of F.places) assert.ok(x + 3 * F.cell <= F.width && y + 3 * F.cell <= F.height);
        const apart = F.places.every(([x, y], a) =>
          F.places.every(([s, t], b) => a === b || Math.abs(x - s) > 3 * F.cell || Math.abs(y - t) > 3 * F.cell),
        );
        assert.ok(apart);
      }
});

test("does the table have every kernel's numbers", () => {
  const names = rowOf(bench(numbersOf(34))).map(([name]) => name);
  assert.deepEqual(names.slice(-7), [
    "Kernel 1",
    "Bias, w₂ of kernel 1",
    "Kernel 2",
    "Bias, w₂ of kernel 2",
    "Kernel 3",
    "Bias, w₂ of kernel 3",
    "b₂",
  ]);
  assert.deepEqual(
    rowOf(bench(numbersOf(12)))
      .map(([name]) => name)
      .slice(-2),
    ["Kernel", "Bias, w₂, b₂"],
  );
});
