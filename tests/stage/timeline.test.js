// Curves and time: scales, what plots can show, the run before, the playback rate, markers, keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { epochAxis } from "../../ui/components/stage/canvas/axis.js";
import { namesFor } from "../../ui/components/stage/core/messages.js";
import { ghostAfter, ghostOf, ghostRow } from "../../ui/components/stage/core/previous_run.js";
import { timeCommand } from "../../ui/components/stage/timeline/keys.js";
import { curveThrough } from "../../ui/components/stage/timeline/line_plot.js";
import { laidMarkers, markerText } from "../../ui/components/stage/timeline/markers.js";
import { playbackRate } from "../../ui/components/stage/timeline/playback_rate.js";
import { logScale } from "../../ui/components/stage/timeline/scale.js";
import { MEASURES, measureOf, scaleFor, spoken } from "../../ui/components/stage/timeline/series.js";
import { close, randomFrom, record, vectors, viewOf } from "./helpers.js";

const plot = (id, scale) => ({ measure: measureOf(id), scales: { [id]: scale } });

test("does an exact 0 have a place of its own on a log axis", () => {
  const [withZero, without] = [true, false].map(zero => {
    const scale = logScale(1e-4, 1, zero);
    const places = [1, 1e-2, 1e-4, 1e-9, 0].map(v => scale.place(v));
    return { places, ticks: scale.ticks(120, 18).map(t => t.text) };
  });
  const [top, middle, low, below, zero] = withZero.places;
  assert.ok(top === 0 && low === below && zero === 1);
  close(middle, low / 2);
  assert.ok(zero - low > 0.1, "0 does not look like the lowest decade");
  assert.ok(withZero.ticks.at(-1) === "0" && !without.ticks.includes("0"));
  close(without.places[2], 1);
});

test("does a log axis of less than a decade have ticks", () => {
  for (const [low, high] of [
    [0.3, 1],
    [0.02, 0.09],
    [0.4, 0.7],
  ]) {
    const values = logScale(low, high)
      .ticks(120, 18)
      .map(t => Number(t.text));
    assert.ok(values.length && values.every(v => v >= low * 0.99 && v <= high * 1.01), `${low} to ${high}: ${values}`);
  }
});

test("are all measures sent and can each be drawn on each of its scales", () => {
  const random = randomFrom(1);
  const measured = vectors.columns.filter(name => name !== "epoch" && !vectors.weight_columns[1].includes(name));
  const made = record(Object.fromEntries(measured.map(name => [name, Array.from({ length: 40 }, random)])));
  const ids = new Set(MEASURES.map(m => m.id));
  assert.deepEqual(ids, new Set(["loss", "outputs", "recall", "gap", "live", "gradients"]));
  for (const measure of MEASURES) {
    for (const kind of measure.scales) {
      const columns = measure.series(namesFor([432])).map(s => s.column);
      assert.ok(columns.every(name => vectors.columns.includes(name)));
      const scale = scaleFor(plot(measure.id, kind), viewOf(made));
      const at = columns.flatMap(name => [...made.column[name]].map(v => scale.place(v)));
      assert.ok(at.every(p => p >= 0 && p <= 1) && new Set(at).size > 20, `${measure.id}, ${kind}`);
      assert.ok(scale.ticks(120, 18).length >= 1);
    }
  }
});

test("is only what can be 0 or less given another log axis", () => {
  const made = record({ gap: [-4, -1, 2], corner_output: [-0.5, 0.2, 1.5], gradient_targets: [1e-3, 1e-6, 0] });
  const kindOf = (id, head = "sigmoid") => {
    const scale = scaleFor(plot(id, "log"), viewOf(made, { head }));
    return [scale.kind, scale.foot !== null];
  };
  assert.deepEqual(kindOf("gap"), ["asinh", false]);
  assert.deepEqual(kindOf("outputs"), ["log", true]);
  assert.deepEqual(kindOf("outputs", "linear"), ["asinh", false]);
  assert.deepEqual(kindOf("gradients"), ["log", true]);
  assert.deepEqual(kindOf("loss"), ["log", false]);
});

test("do both runs fit into the picture", () => {
  const now = record({ loss: [0.1, 0.05, 0.02] });
  const before = ghostOf(record({ loss: [3, 1, 1e-4, 1e-9] }, { run: "b" }), ["loss"]);
  const [alone, both] = [null, before].map(ghost => scaleFor(plot("loss", "log"), viewOf(now, { ghost })));
  assert.ok(alone.low > 0.01 && alone.high < 1);
  assert.ok(both.low > 1e-5 && both.low < 1e-4, "beyond the present run's end the run before is not drawn");
  assert.ok(both.high > 3);
});

test("how are values spoken", () => {
  const said = (columns, id) => {
    const made = record(columns);
    return spoken(measureOf(id), made, made.rows - 1, namesFor([432]));
  };
  const trained = { gradient_targets: [1, 0], gradient_others: [1, 0.25], loss: [1, 0.00312793] };
  assert.equal(said(trained, "gradients"), "the corner 0, others 0.25");
  assert.equal(said(trained, "loss"), "loss 0.00312793");
  const byHand = { loss: [NaN], gradient_targets: [NaN], gradient_others: [NaN] };
  assert.equal(said(byHand, "loss"), "no loss");
  assert.equal(said(byHand, "gradients"), "not measured, not measured");
});

test("which run stays behind", () => {
  const long = record({ loss: [1, 2, 3] }, { run: "a", title: "First" });
  const short = record({ loss: [NaN] }, { run: "b", title: "Refused" });
  const after = (ghost, of, run) => ghostAfter(ghost, of, run, ["loss"]);
  const first = after(null, long, "b");
  assert.deepEqual([after(null, null, "a"), after(null, long, "a")], [null, null]);
  assert.deepEqual([first.title, first.rows, Object.keys(first.column)], ["First", 3, ["epoch", "loss"]]);
  assert.equal(after(first, short, "c"), first);
  assert.deepEqual(
    [0, 1.5, 2, 3].map(e => ghostRow(first, e)),
    [0, 1, 2, -1],
  );
});

test("is the playback rate what was shown", () => {
  for (const [every, rate] of [
    [16.7, 41],
    [16.7, 1],
    [16.7, 1000],
    [500, 10],
    [50, 7],
  ]) {
    const pace = playbackRate();
    let last = null;
    for (let t = 0; t < 4000; t += every) last = pace.note(t, Math.floor((t / 1000) * rate), true);
    close(last, rate, 0.12);
  }
});

test("does the playback rate sink while training is slower and end at rest", () => {
  const pace = playbackRate();
  const at = (t, e, playing = true) => pace.note(t, e, playing);
  assert.deepEqual([at(0, 0), at(50, 0)], [null, null]);
  for (let t = 100; t <= 1000; t += 20) at(t, t / 10);
  close(at(1020, 102), 100, 0.1);
  assert.ok(at(3000, 102) < 25);
  assert.deepEqual([at(3020, 102, false), at(3040, 0)], [null, null]);
});

test("which keys move time", () => {
  assert.deepEqual(timeCommand(" "), ["toggle"]);
  assert.deepEqual(timeCommand("ArrowLeft"), ["step", -1]);
  assert.deepEqual(timeCommand("ArrowRight", true), ["step", 10]);
  assert.deepEqual(timeCommand("Home"), ["seek", 0]);
  assert.deepEqual([timeCommand("x"), timeCommand("Home", true)], [null, null]);
});

test("do markers never cover each other", () => {
  const random = randomFrom(2);
  const whole = below => Math.floor(random() * below);
  const kinds = { died: "gradient died", collapsed: "collapsed", solved: "solved", confident: "confident" };
  for (let draw = 0; draw < 60; draw++) {
    const width = 300 + whole(700);
    const markers = Object.entries(kinds).map(([kind, text]) => ({ kind, text, epoch: whole(101) }));
    const laid = laidMarkers(markers, namesFor([432]), epochAxis(100), width, 22, s => s.length * 7 + 16);
    const spans = laid.map(({ x, text, flip }) => {
      const size = text ? text.length * 7 + 16 : 4;
      return flip ? [x - size, x] : [x, x + size];
    });
    spans.forEach(([a, b], i) => {
      assert.ok(a >= -1 && b <= width + 4);
      const others = spans.filter((_, j) => j !== i && laid[j].text && laid[i].text);
      assert.ok(
        others.every(([c, d]) => b <= c + 0.01 || a >= d - 0.01),
        `${spans} in ${width}`,
      );
    });
  }
});

test("whose gradient died", () => {
  const words = targets => markerText({ kind: "died", text: "gradient died" }, namesFor(targets));
  assert.deepEqual([words([432]), words([7, 8])], ["the corner's gradient died", "the lowest target's gradient died"]);
  assert.equal(markerText({ kind: "collapsed", text: "collapsed" }, namesFor([432])), "collapsed");
});

test("have two markers of one epoch their words on both sides", () => {
  const markers = [
    { kind: "died", epoch: 30, text: "gradient died" },
    { kind: "collapsed", epoch: 30, text: "collapsed" },
  ];
  const laid = laidMarkers(markers, namesFor([432]), epochAxis(100), 900, 22, s => s.length * 7 + 16);
  assert.deepEqual(
    laid.map(({ text, flip }) => [text, flip]),
    [
      ["the corner's gradient died, epoch 30", false],
      ["collapsed, epoch 30", true],
    ],
  );
});

test("does the curve run through words at the right", () => {
  const column = { epoch: [0, 1, 2, 3, 4], loss: [100, 50, 40, 12, 10] };
  const ten = epoch => 10 * epoch;
  const same = loss => loss;
  const at = (from, y) => curveThrough(column, ten, same, from, y, 9);
  assert.equal(at(30, 20), true, "epoch 3 is there");
  assert.equal(at(30, 45), false, "what is further left counts no more");
  assert.equal(at(15, 45), true);
});
