// What a term says of this run or bench, and where its tooltip stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tipPlace } from "../../ui/components/stage/app/tooltip.js";
import { ATLAS } from "../../ui/components/stage/atlas/markup.js";
import { atlasWords } from "../../ui/components/stage/atlas/scores.js";
import { cellFormula } from "../../ui/components/stage/bench/formula.js";
import { BENCH } from "../../ui/components/stage/bench/markup.js";
import { TERM_LIST } from "../../ui/components/stage/canvas/term_list.js";
import { TERMS } from "../../ui/components/stage/canvas/terms.js";
import { shownKernels } from "../../ui/components/stage/core/frame_view.js";
import { namesFor } from "../../ui/components/stage/core/messages.js";
import { explained } from "../../ui/components/stage/explain/explained.js";
import {
  hasEffective,
  largestEffective,
  ownWeight,
  turnedSentence,
} from "../../ui/components/stage/network/effective_kernel.js";
import { distances, HEADS } from "../../ui/components/stage/network/forward.js";
import { isRight, summary, targetFlags } from "../../ui/components/stage/network/verdict.js";
import { TIME } from "../../ui/components/stage/timeline/markup.js";
import { aboutWords } from "../../ui/components/stage/timeline/plot_panel.js";
import { MEASURES, measureOf } from "../../ui/components/stage/timeline/series.js";
import { ALL, record, viewOf } from "./helpers.js";

const CORNER = [-1, -1, -1, -1, 1, 1, -1, 1, 1];
const columns = { loss: [NaN, 0.0038], gap: [-1, 0.094], recall: [0, 1], live_fraction: [1, 0.25] };
const run = record({ ...columns, corner_output: [0, 0.031], worst_other_output: [0, 0.25] }, { status: "finished" });

// A view of twelve numbers and one pattern, worked out the long way.
function bench(weights, pixels = 432, { effective = false, ...more } = {}) {
  const at = p => {
    let total = weights[9];
    for (let i = 0; i < 9; i++) if ((p >> i) & 1) total += weights[i];
    return total * weights[10] + weights[11];
  };
  const zs = ALL.map(at);
  const flags = targetFlags([432]);
  const head = "hard_sigmoid";
  const z = zs[pixels];
  return viewOf(run, {
    ...{ weights, pixels, zs, flags, z, head, threshold: 0, row: 1, epoch: 1, wMax: 1, corner: 0.031, other: 0.25 },
    places: { targets: [432], distance: distances([432]) },
    sum: summary(zs, flags, 0),
    names: namesFor([432]),
    output: HEADS[head].output(z),
    slope: HEADS[head].slope(z),
    isTarget: pixels === 432,
    right: isRight(z, pixels === 432, 0),
    ...shownKernels(weights, { hidden: "none", pixels, chosen: 0, effective }),
    ...more,
  });
}
const matched = bench([...CORNER, -3.5, 1, 0]);
const turned = bench([...CORNER, -3.5, -1.23, 0]);

test("has the scale of a kernel that is nearly 0 a number", () => {
  const scales = [1e-4, 0.0031, 0.25, 12.34, 100].map(wMax => explained({ ...matched, wMax }, "kernel"));
  const found = scales.map(text => text.match(/coloured from −(\S+), orange, over 0 to \+(\S+), blue/)?.slice(1));
  const sizes = ["1e−4", "0.0031", "0.25", "12.3", "100"];
  assert.deepEqual(
    found,
    sizes.map(size => [size, size]),
  );
});

test("is the stage's list of terms the core's", async () => {
  const { vectors } = await import("./helpers.js");
  assert.deepEqual(TERM_LIST, vectors.terms, "python tools/js.py format");
});

test("does every term say something, with no hole in it, wherever it stands", () => {
  for (const view of [matched, turned, bench(new Array(12).fill(0)), bench([...CORNER, -3.5, 1, 40], 0)])
    for (const word of Object.keys(TERMS))
      for (const where of [{}, { of: "run" }, { of: "pattern" }, { epoch: "7" }, { pattern: "3" }, { count: "fp" }]) {
        const text = explained(view, word, where);
        assert.match(text, /^[A-Zhz0-9].*\.$/, `${word}: ${text}`);
        assert.doesNotMatch(text, /undefined|null|NaN|\[object/, `${word}: ${text}`);
      }
});

test("does a score say from which counts it comes", () => {
  const said = (view, word, where) => explained(view, word, where);
  assert.equal(said(matched, "recall"), "The share of the targets that are called corner: 1 of 1, 100%.");
  assert.match(said(matched, "separation-gap"), /: \+0\.50 − \(−0\.50\) = \+1, so some threshold separates them\.$/);
  // 3 = the norm of nine times 1
  assert.match(said(matched, "margin"), /: \+1 \/ \(2 × 3\.00\) = \+0\.167 pixels\.$/);
  assert.match(said(turned, "separation-gap"), /, so no threshold separates them\.$/);
  // Turned round, all but the corner lie above 0.
  assert.match(said(turned, "balanced-accuracy"), /^The mean of 0% of the targets and 0% of the others right: 0%\.$/);
  assert.match(said(turned, "wrong"), /^512 of 512 patterns are wrong: 1 missed target, 511 others called corner/);
  assert.equal(said(turned, "called", { count: "fp" }), "511 others called corner: wrong.");
  assert.match(said(bench([...CORNER, -9, 1, 0]), "precision"), /; none is called so\.$/);
});

test("is the bench's sum explained with its numbers", () => {
  assert.equal(explained(matched, "bias"), "A learned number, added to the products: +4 + (−3.500) = +0.500.");
  assert.equal(
    explained(turned, "w2"),
    "The weight of the 1x1 convolution: +0.500 × (−1.230) = −0.615; being negative, it turns the kernel's signs round.",
  );
  assert.match(explained(matched, "output"), /^hard_sigmoid of z = \+0\.50 is 0\.583; above 0\.500 a pattern/);
  assert.match(explained(bench([...CORNER, 8, 1, 0]), "slope"), /^At z = \+12 hard_sigmoid is flat: .* pattern 432 /);
  assert.equal(
    explained(turned, "wrong", { of: "pattern" }),
    "Pattern 432 is to be called corner and is called not a corner: wrong.",
  );
});

test("do the plots explain the run's row, and a marker its epoch", () => {
  const edited = { ...turned, edited: true };
  assert.equal(explained(edited, "loss", { of: "run" }), "Keras's mean over the batches of epoch 1: 0.0038.");
  assert.equal(explained(edited, "recall", { of: "run" }), "At epoch 1 100% of the targets are called corner.");
  assert.match(explained(edited, "separation-gap", { of: "run" }), /is \+0\.094 from/);
  assert.match(explained(edited, "worst-other", { of: "run" }), /is 0\.250; the corner's is 0\.031\.$/);
  assert.equal(explained({ ...edited, row: 0, epoch: 0 }, "loss", { of: "run" }), TERMS.loss.explanation);
  assert.equal(
    explained(edited, "solved", { epoch: "1234" }),
    "At epoch 1,234 all 512 patterns are right for the first time.",
  );
});

test("is everything that is explained a term", () => {
  const words = [...(BENCH + ATLAS + TIME).matchAll(/data-term="([^"]*)"/g)].map(found => found[1]);
  assert.ok(words.length > 25);
  for (const word of [...words, ...MEASURES.map(m => m.term)]) assert.ok(word in TERMS, word);
});

test("does a tooltip stand beside what it explains and inside the window", () => {
  const room = { left: 8, top: 60, right: 382, bottom: 836 };
  for (let left = 0; left < 390; left += 13)
    for (let top = 60; top < 820; top += 7) {
      const of = { left, top, right: left + 60, bottom: top + 20 };
      const [x, y] = tipPlace(of, 340, 90, room);
      assert.ok(x >= room.left && x + 340 <= room.right);
      assert.ok(y >= of.bottom || y + 90 <= of.top, "it covers what it explains");
      assert.ok(y >= room.top && y + 90 <= room.bottom);
    }
});

test("is it said that a kernel stands before a negative w2, and shown times w2 it is edited back", () => {
  const asked = { head: "hard_sigmoid", second_conv: true, kernels: 1, hidden: "none" };
  assert.equal(turnedSentence(asked, -1.23, "alone"), "The kernel is shown before it is multiplied by w₂ = −1.230.");
  for (const [header, w2, view] of [
    [asked, 1.23, "alone"],
    [asked, 0, "alone"],
    [asked, -1.23, "effective"],
    [{ ...asked, second_conv: false }, -1, "alone"],
  ])
    assert.equal(turnedSentence(header, w2, view), "");
  assert.deepEqual([asked, { ...asked, head: "softmax" }, { ...asked, second_conv: false }].map(hasEffective), [
    true,
    false,
    false,
  ]);
  for (const w2 of [-1.23, 0.01, 40])
    for (const shown of [-3.5, 0, 0.7]) assert.ok(Math.abs(ownWeight(shown, w2) * w2 - shown) < 1e-12);
  assert.deepEqual([ownWeight(1, 0), ownWeight(0, 0), ownWeight(1, 1e-9)], [null, null, null]);
  const rows = { k4: [1, -2, 3], w2: [-1, -5, 2] };
  for (const i of [0, 1, 2, 3, 5, 6, 7, 8]) rows[`k${i}`] = [0, 0, 0];
  assert.equal(largestEffective(record(rows)), 10);
  const shown = bench([...CORNER, -3.5, -1.5, 0], 432, { effective: true });
  assert.equal(cellFormula(shown, 4), "1 × +1 × (−1.500) = −1.50");
  assert.equal(cellFormula(shown, 9), "(+4 + (−3.500)) × (−1.500) = −0.750");
});

test("is it said which weights a picture shows, once those on the bench are edited", () => {
  const view = { record: run, names: namesFor([432]), atlasView: "distance", edited: false, head: "hard_sigmoid" };
  const outputs = measureOf("outputs");
  assert.equal(aboutWords(outputs, view), "the corner, worst other");
  assert.equal(atlasWords(view), "z by distance from the corner");
  const edited = { ...view, edited: true };
  for (const measure of MEASURES) assert.equal(aboutWords(measure, edited), "the run, unedited");
  assert.equal(atlasWords(edited), "z by distance, weights in view");
  assert.equal(
    aboutWords(outputs, { ...edited, record: record({ loss: [NaN] }, { status: "set" }) }),
    "as set, unedited",
  );
});

test("is it said that the curve's z axis is compressed", () => {
  for (const head of Object.keys(HEADS)) assert.match(atlasWords({ atlasView: "curve", head }), /asinh scale/);
});
