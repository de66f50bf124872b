// Records as Python packs them; axes and the playhead over them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { epochAxis, zAxis, zDomain } from "../../ui/components/stage/canvas/axis.js";
import { kernelScale } from "../../ui/components/stage/core/frame_view.js";
import { advanced, awaitsMore, playheadAt, SPEEDS, steppedEpoch } from "../../ui/components/stage/core/playhead.js";
import { rowAt, thinned, unpacked, weightsAt } from "../../ui/components/stage/core/record.js";
import { close, inMessage, normalFrom, randomFrom, record, vectors } from "./helpers.js";

test("is what Python packed read back", () => {
  const bytes = Uint8Array.from(Buffer.from(vectors.record.bytes, "base64"));
  for (const offset of [0, 1, 2, 3]) {
    const got = unpacked(inMessage(bytes, offset));
    assert.deepEqual([got.header.run, got.header.target, got.header.edges], ["é−a", [432], { w_max: null, z_low: -2 }]);
    assert.equal(got.rows, 7);
    for (const [name, values] of Object.entries(vectors.record.columns))
      assert.deepEqual([...got.column[name]], values);
    const row = vectors.weight_columns[1].map(name => vectors.record.columns[name][3]);
    assert.deepEqual([...weightsAt(got, 3)], row);
  }
});

test("which row is shown at an epoch", () => {
  const whole = record({ loss: new Array(50).fill(1) });
  assert.deepEqual(
    [0, 1, 1.99, 30, 49, 80].map(e => rowAt(whole, e)),
    [0, 1, 1, 30, 49, 49],
  );
  const sparse = record({ epoch: [0, 10, 11, 40, 90] });
  assert.deepEqual(
    [0, 9.9, 10, 12, 89, 90, 200].map(e => rowAt(sparse, e)),
    [0, 0, 1, 2, 3, 4, 4],
  );
});

test("does thinning keep every bin's extremes", () => {
  const count = 20_000;
  const bins = 1000;
  const normal = normalFrom(5);
  const random = randomFrom(6);
  const values = Float32Array.from({ length: count }, () => (random() < 0.025 ? NaN : normal()));
  const epochs = Float32Array.from(values.keys());
  const rows = thinned(values, epochs, epochAxis(count - 1).epoch, bins);
  assert.ok(rows.length <= 2 * bins);
  assert.deepEqual(
    rows,
    [...new Set(rows)].sort((a, b) => a - b),
  );
  const kept = new Set(rows);
  const inside = Array.from({ length: bins }, () => ({ all: [], chosen: [] }));
  values.forEach((value, i) => {
    const place = Math.log1p(i / 5) / Math.log1p((count - 1) / 5);
    const bin = inside[Math.min(bins - 1, Math.floor(place * bins + 1e-12))];
    if (Number.isNaN(value)) return;
    bin.all.push(value);
    if (kept.has(i)) bin.chosen.push(value);
  });
  for (const { all, chosen } of inside) {
    assert.deepEqual([Math.min(...chosen), Math.max(...chosen)], [Math.min(...all), Math.max(...all)]);
  }
});

test("is a short record drawn whole", () => {
  const epochs = Float32Array.from({ length: 300 }, (_, i) => i);
  assert.deepEqual(thinned(epochs, epochs, epochAxis(299).epoch), [...epochs.keys()]);
});

test("do the axes lead back to where they came from", () => {
  for (const end of [1, 100, 100_000]) {
    const axis = epochAxis(end);
    for (const epoch of [0, 1, end / 3, end]) close(axis.epoch(axis.u(epoch)), epoch);
    close(axis.u(0), 0);
    close(axis.u(end), 1);
  }
  const axis = zAxis(-30, 7);
  for (const z of [-30, -3, -0.2, 0, 1, 7]) close(axis.z(axis.place(z)), z);
  [7, -30, 99, -99].forEach((z, i) => {
    close(axis.place(z), [0, 1, 0, 1][i]);
  });
});

test("does the z axis always show the threshold and the dead edges", () => {
  const [low, high] = zDomain("hard_sigmoid", { z_low: -2, z_high: 1 });
  assert.ok(low <= -30 && high >= 7);
  const [lower, higher] = zDomain("hard_sigmoid", { z_low: -535, z_high: 12.3 });
  assert.ok(lower <= -535 && higher >= 12.3);
  assert.deepEqual(zDomain("linear", { z_low: null }), [-4, 4]);
});

function played(steps, speed, end = 100, tape = {}) {
  const choice = SPEEDS.find(s => s.id === speed);
  const settings = { last: end, growing: false, calm: false, ...tape, axis: epochAxis(end) };
  return steps.reduce((head, dt) => advanced(head, dt, choice, settings), playheadAt(0, true));
}

test("does it matter how often the display refreshes", () => {
  for (const speed of ["10", "in20", "in5"]) {
    const once = played([3], speed);
    const often = played([...new Array(187).fill(0.016), 0.008], speed);
    close(once.epoch, often.epoch, 1e-6);
    assert.ok(once.playing && often.playing);
  }
});

test("does all in 5 s take 5 s", () => {
  for (const end of [10, 100_000]) {
    assert.ok(played([4.99], "in5", end).playing);
    assert.deepEqual(played([5.01], "in5", end), { epoch: end, playing: false, held: 0 });
  }
});

test("does the playhead wait for a run that still grows", () => {
  const waiting = played([50, 1], "10", 1000, { last: 40, growing: true });
  assert.ok(waiting.epoch === 40 && waiting.playing);
  assert.equal(played([0.01], "once", 1000, { last: 40, growing: true }).epoch, 40);
  assert.ok(awaitsMore(waiting, { last: 40, growing: true })); // nothing to draw, then
  assert.ok(!awaitsMore(waiting, { last: 41, growing: true }) && !awaitsMore(waiting, { last: 40, growing: false }));
  assert.ok(!awaitsMore(playheadAt(40), { last: 40, growing: true }));
  assert.deepEqual(played([0.01], "once", 1000, { last: 40 }), { epoch: 40, playing: false, held: 0 });
});

test("does reduced motion step twice a second", () => {
  const after = times => played(new Array(times).fill(0.1), "10", 100, { calm: true }).epoch;
  assert.equal(after(4), 0);
  close(after(5), 5);
  close(after(12), 10);
});

test("is a step one epoch in a run of 10,000", () => {
  const whole = record({ loss: new Float32Array(10_001).fill(1) });
  const stepped = (from, by) => from.map(e => steppedEpoch(whole, e, by));
  const starts = [0, 1, 4999, 9998, 9999, 10_000];
  assert.deepEqual(stepped(starts, 1), [1, 2, 5000, 9999, 10_000, 10_000]);
  assert.deepEqual(stepped(starts, -1), [0, 0, 4998, 9997, 9998, 9999]);
  assert.deepEqual(stepped(starts, 10), [10, 11, 5009, 10_000, 10_000, 10_000]);
  const sparse = record({ epoch: [0, 1, 2, 5, 40, 90] }); // still grows: only some rows were sent
  const through = (from, by) => from.map(e => steppedEpoch(sparse, e, by));
  assert.deepEqual(through([0, 2, 5, 90], 1), [1, 5, 40, 90]);
  assert.deepEqual(through([0, 2, 5, 90], -1), [0, 1, 2, 40]);
  assert.deepEqual(through([0, 2, 40], 10), [5, 5, 90]);
});

test("are the colours of the kernel those of the weights that were loaded, not of larger ones before", () => {
  assert.equal(kernelScale(100, [0.5, -2, 1, 0, 0, 0, 0, 0, 0]), 100, "an edit keeps the record's scale");
  assert.equal(kernelScale(0, [0.5, -2, 1, 0, 0, 0, 0, 0, 0]), 2, "loaded: their own");
  assert.equal(kernelScale(1, [0, 0, 0, 0, 0, 0, 0, 0, -300]), 300);
  assert.equal(kernelScale(0, new Array(9).fill(0)), 1);
});
