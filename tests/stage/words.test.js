// Numbers and sentences as the screen shows them, and numbers as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dragged } from "../../ui/components/stage/bench/number_input.js";
import { picturePath } from "../../ui/components/stage/bench/thumbnail.js";
import * as format from "../../ui/components/stage/canvas/format.js";
import { actionsFor, namesFor, outcome } from "../../ui/components/stage/core/messages.js";
import { progressOf, waitingSince } from "../../ui/components/stage/core/progress.js";
import { close, vectors } from "./helpers.js";

test("how are numbers written", () => {
  const signed = [0, -0, -0.004, 1, -100, 0.994, -1.038, 12.34, -123.4, 2e7, NaN].map(v => format.signed(v));
  assert.deepEqual(signed, ["0", "0", "0.00", "+1", "−100", "+0.99", "−1.04", "+12.3", "−123", "+2e7", "NaN"]);
  assert.deepEqual([-3.0421, 40, 123.456].map(format.ledgerNumber), ["−3.042", "+40", "+123.46"]);
  const outputs = [0, 0.03125, 1, -0.5, -1e-9, 12.3456].map(format.outputNumber);
  assert.deepEqual(outputs, ["0.000", "0.031", "1.000", "−0.500", "0.000", "12.35"]);
  const losses = [31 / 8192, 0, 0.69, 0.00001234, Infinity].map(format.lossNumber);
  assert.deepEqual(losses, ["0.0038", "0", "0.69", "1.2e−5", "+∞"]);
  assert.deepEqual([1, 1000, 100_000].map(format.grouped), ["1", "1,000", "100,000"]);
});

test("does a reading carry all that a float32 is sure of", () => {
  for (const [value, short] of vectors.exact_numbers) {
    const text = format.exactNumber(value);
    assert.equal(Number(text.replaceAll("−", "-")), short, text);
    assert.ok(text.length <= 12);
  }
  const written = [0, 1, 0.5, 0.00312793, 1.2e-7, -3.25, NaN].map(format.exactNumber);
  assert.deepEqual(written, ["0", "1", "0.5", "0.00312793", "1.2e−7", "−3.25", "NaN"]);
});

test("is a share that is not whole never written as whole", () => {
  const percents = [0, 1, 0.5, 511 / 512, 0.99999, 1 / 3, NaN].map(format.percent);
  assert.deepEqual(percents, ["0%", "100%", "50%", "99.8%", "99.9%", "33.3%", "NaN"]);
});

test("does the stage write a number as Python does", () => {
  const by = new Map(Object.entries(format));
  const written = Object.entries(vectors.texts).map(([name, pairs]) => [name, pairs.map(([v]) => by.get(name)(v))]);
  assert.deepEqual(
    Object.fromEntries(written),
    Object.fromEntries(Object.entries(vectors.texts).map(([name, pairs]) => [name, pairs.map(pair => pair[1])])),
  );
});

test("which ways of typing a number are understood", () => {
  const typed = ["-0,5", "−100.5", "+.25", " 12 ", "1e3", "abc", "", "1.2.3", "1e9", "--1"];
  const understood = [-0.5, -100.5, 0.25, 12, 1000, null, null, null, null, null];
  assert.deepEqual(
    typed.map(t => format.typedNumber(t)),
    understood,
  );
  const indices = ["0", "511", "512", "-1", "4.5", "x"].map(format.typedIndex);
  assert.deepEqual(indices, [0, 511, null, null, null, null]);
});

test("can a drag reach minus 100 and come back", () => {
  assert.ok(dragged(0, 240) > 100 && dragged(10, -400) < -100);
  close(dragged(-0.41, 0), -0.41);
  const fine = dragged(0, 1);
  assert.ok(fine > 0 && fine <= 0.03);
});

test("does the picture show the pixels that are on", () => {
  const on = [4, 5, 7, 8].map(i => `M${i % 3} ${Math.floor(i / 3)}h1v1h-1z`).join("");
  assert.deepEqual([0, 1, 432].map(picturePath), ["", "M0 0h1v1h-1z", on]);
});

test("what is the target called", () => {
  const called = [[432], [7], [432, 216]].map(namesFor).map(names => [names.the, names.is]);
  assert.deepEqual(called, [
    ["the corner", "corner"],
    ["the target", "target"],
    ["the lowest target", "target"],
  ]);
});

test("is the ending kept until the playhead gets there", () => {
  const header = {
    rows: 101,
    status: "finished",
    growing: false,
    title: "As asked",
    say: { start: ["set", ""], end: ["the end", "because"] },
    actions: {
      end: [
        { id: "a", text: "A", primary: true },
        { id: "b", text: "B", primary: true },
      ],
    },
  };
  const sum = { right: 511, fn: 1 };
  const shown = { edited: false, playing: true, row: 40, epoch: 40, corner: 0.25, other: 0.5 };
  const view = { record: { header }, names: namesFor([432]), sum, ...shown };
  assert.deepEqual(outcome(view), ["As asked", "511 of 512 right; the corner's output is 0.250."]);
  assert.equal(outcome({ ...view, playing: false })[0], "Epoch 40: 511 of 512 right, the corner rejected");
  const ended = { ...view, playing: false, row: 100, epoch: 100 };
  assert.deepEqual(outcome(ended), ["the end", "because"]);
  assert.deepEqual(
    actionsFor(ended).map(b => b.primary),
    [true, false],
  );
});

test("does a button that trains say what is locked", () => {
  const edited = [
    { id: "bench", text: "Train from your weights", primary: true },
    { id: "other", text: "Other", primary: false },
  ];
  const view = { record: { header: { rows: 1, status: "set", actions: { edited } } }, edited: true };
  const texts = locks => actionsFor({ ...view, locks: new Set(locks) }).map(b => b.text);
  assert.deepEqual(texts([]), ["Train from your weights", "Other"]);
  assert.deepEqual(texts([0, 9]), ["Train from your weights: 2 locked", "Other"]);
});

test("does a pressed stop say that it is on its way", () => {
  const running = [
    { id: "stop", text: "Stop" },
    { id: "a", text: "A" },
  ];
  const view = {
    record: { header: { rows: 2, growing: true, actions: { running } } },
    edited: false,
    playing: true,
    row: 0,
  };
  const texts = stopping => actionsFor({ ...view, stopping }).map(b => b.text);
  assert.deepEqual(
    [texts(false), texts(true)],
    [
      ["Stop", "A"],
      ["Stopping…", "A"],
    ],
  );
});

test("does a wait say what it is, how far and how long", () => {
  const at = (phase, seconds, more = {}) =>
    progressOf({ phase, growing: false, last: 0, planned: 0, ...more }, false, seconds);
  assert.equal(at("", 5), null);
  assert.deepEqual(progressOf({ phase: "", growing: false, last: 0, planned: 0 }, true, 0.2), {
    share: null,
    text: "",
    alone: false,
  });
  assert.deepEqual(at("compiling", 3.9), { share: null, text: "3 s", alone: true });
  const growing = { growing: true, last: 3400, planned: 100_000 };
  assert.deepEqual(at("training", 0.5, growing), { share: 0.034, text: "", alone: false }, "short runs stay calm");
  assert.equal(at("training", 61, growing).text, "Training: 3,400 of 100,000 epochs · 61 s");
  assert.equal(at("training", 3).share, null, "its record is still to come");
});

test("are the seconds of a run counted from its own press, not from that of the run before", () => {
  const [first, second, coming] = [
    { run: "a", awaited: false },
    { run: "b", awaited: false },
    { run: "a", awaited: true },
  ];
  let since = waitingSince(null, first, null, 1000);
  since = waitingSince(since, first, null, 5000);
  assert.equal(since.at, 1000);
  let pressed = waitingSince(since, first, 6000, 6010); // on the stage
  for (const [header, at, now] of [
    [coming, 6000, 6100],
    [coming, null, 6500],
    [second, null, 8000],
  ])
    pressed = waitingSince(pressed, header, at, now);
  assert.equal(pressed.at, 6000, "its waiting counts too");
  assert.equal(waitingSince(waitingSince(since, second, null, 6000), second, null, 7000).at, 6000, "by another button");
  const elsewhere = waitingSince(waitingSince(since, coming, null, 6000), second, null, 8000);
  assert.equal(elsewhere.at, 6000);
  assert.equal(waitingSince(pressed, second, 9000, 9001).at, 9000, "the same button once more");
});
