// The atlas: no point hides another or crosses a line; scores, zones, cards and the nearest are the core's and Keras's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gapMiddle, labelHeight } from "../../ui/components/stage/atlas/by_distance.js";
import { cardPlace, factsOf } from "../../ui/components/stage/atlas/card.js";
import {
  atlasPlaces,
  atlasScales,
  layoutByDistance,
  patternBeside,
} from "../../ui/components/stage/atlas/layout_distance.js";
import {
  layoutByOutput,
  outputScales,
  patternAlong,
  zoneCounts,
  zoneEdge,
} from "../../ui/components/stage/atlas/layout_output.js";
import { scoresOf } from "../../ui/components/stage/atlas/scores.js";
import { zDomain } from "../../ui/components/stage/canvas/axis.js";
import { allZ, HEADS } from "../../ui/components/stage/network/forward.js";
import { nearestWrong, summary, targetFlags } from "../../ui/components/stage/network/verdict.js";
import { ALL, close, normalFrom, vectors } from "./helpers.js";

const WEIGHTS = vectors.weights;
const SIZES = { laptop: [540, 332, 1], small: [438, 256, 1], projector: [744, 395, 1.3], phone: [324, 304, 1] };

function layout(weights, targets, { size = "laptop", head = "hard_sigmoid", curve = false } = {}) {
  const [W, H, k] = SIZES[size];
  const threshold = head === "linear" ? 0.5 : 0;
  const zs = allZ(weights);
  const places = atlasPlaces(targets);
  const domain = zDomain(head, { z_low: Math.min(...zs), z_high: Math.max(...zs) });
  const edge = curve ? zoneEdge(head) : HEADS[head].dead;
  const A = curve ? outputScales(W, H, k, head, domain) : atlasScales(W, H, k, places, domain);
  const laid = (curve ? layoutByOutput : layoutByDistance)(A, places, zs, threshold, edge);
  const lines = [-edge, threshold, edge].filter(z => z > domain[0] && z < domain[1]);
  return { ...laid, A, zs, targets, threshold, lines: lines.map(z => [z, curve ? A.X(z) : A.Y(z)]) };
}

// The smallest room between two marks, 0 where they touch, by the shape of each: circles and diamonds.
function leastRoom({ xs, ys, zs, dot, diamond, target, targets, threshold }) {
  const own = ALL.map(i => targets.includes(i));
  const wrong = ALL.map(i => !own[i] && zs[i] >= threshold);
  const radius = ALL.map(i => (own[i] ? target : wrong[i] ? diamond : dot));
  let least = Infinity;
  for (let i = 0; i < 512; i++) {
    for (let j = 0; j < i; j++) {
      const dx = Math.abs(xs[i] - xs[j]);
      const dy = Math.abs(ys[i] - ys[j]);
      // Circles, and diamonds inside their circles; two diamonds touch along their sides.
      const room = wrong[i] && wrong[j] ? dx + dy - 2 * diamond : Math.sqrt(dx * dx + dy * dy) - radius[i] - radius[j];
      if (room < least) least = room;
    }
  }
  return least;
}

// Every place is on that side of every line where its z is; what is on a line exactly is free.
function assertOnItsSide({ zs, lines }, along, up) {
  for (const [z, line] of lines) {
    const crossed = ALL.filter(i => Math.sign(zs[i] - z) * up * (along[i] - line) < -1e-9);
    assert.deepEqual(crossed, [], `points that cross z = ${z}`);
  }
}

for (const [name, weights] of Object.entries(WEIGHTS)) {
  test(`does no point hide another or cross a line: ${name}`, () => {
    for (const targets of [[432], [432, 216, 54, 27], [7, 432, 433]]) {
      for (const size in SIZES) {
        for (const head of ["hard_sigmoid", "linear"]) {
          const found = layout(weights, targets, { size, head }); // three lines, or the threshold alone
          const { A, xs, ys } = found;
          assert.ok(leastRoom(found) >= -1e-6, `${size}, ${head}`);
          assertOnItsSide(found, ys, -1);
          assert.ok(ALL.every(i => xs[i] >= A.L && xs[i] <= A.E && ys[i] >= A.T && ys[i] <= A.T + A.h));
        }
      }
    }
  });

  test(`does no point hide another on the curve: ${name}`, () => {
    for (const head of ["hard_sigmoid", "sigmoid", "linear"]) {
      for (const targets of [[432], [7, 432, 433]]) {
        for (const size in SIZES) {
          const found = layout(weights, targets, { size, head, curve: true });
          assert.ok(leastRoom(found) >= -1e-6, `${size}, ${head}`);
          assertOnItsSide(found, found.xs, 1);
        }
      }
    }
  });

  test(`how far is a point from its z: ${name}`, () => {
    // 126 equal patterns in a column of 72 pixels cannot do with less; what is spread out by itself moves less.
    const spreadOut = ["random, scale 3", "random, scale 30"].includes(name);
    assert.ok(layout(weights, [432]).nudge <= (spreadOut ? 12 : 45));
  });

  test(`which ten are nearest to the wrong side: ${name}`, () => {
    for (const targets of [[432], [432, 433]]) {
      const z = allZ(weights);
      const left = ALL.map(i => (targets.includes(i) ? z[i] : -z[i]));
      const order = [...ALL].sort((a, b) => left[a] - left[b] || a - b);
      assert.deepEqual(nearestWrong(z, targetFlags(targets), 0), order.slice(0, 10));
    }
  });
}

test("does a point that touches no other stay at its true z", () => {
  const weights = [...Array.from({ length: 9 }, (_, i) => 2 ** i), -300, 1, 0];
  const { A, zs, ys } = layout(weights, [432]);
  const away = ALL.map(i => Math.abs(A.Y(zs[i]) - ys[i])).sort((a, b) => a - b);
  assert.ok((away[255] + away[256]) / 2 < 6);
  close(ys[432 ^ 511], A.Y(zs[432 ^ 511])); // alone at distance 9
});

test("do points stay in their lanes", () => {
  const [first, second] = ["set by hand", "all just below it"].map(name => layout(WEIGHTS[name], [432]));
  for (const i of ALL) if (i !== 432) close(first.xs[i], second.xs[i]);
});

test("how long does a layout take", t => {
  const took = { distance: [], curve: [] };
  const places = atlasPlaces([432]);
  for (const weights of Object.values(WEIGHTS)) {
    const zs = allZ(weights);
    const domain = zDomain("hard_sigmoid", { z_low: Math.min(...zs), z_high: Math.max(...zs) });
    const A = atlasScales(540, 332, 1, places, domain);
    const B = outputScales(540, 332, 1, "hard_sigmoid", domain);
    const once = {
      distance: () => layoutByDistance(A, places, zs, 0, 3),
      curve: () => layoutByOutput(B, places, zs, 0, 3),
    };
    for (const view in once) {
      let best = Infinity; // the best of several: others use this machine too
      for (let i = 0; i < 12; i++) {
        const start = performance.now();
        for (let j = 0; j < 10; j++) once[view]();
        best = Math.min(best, (performance.now() - start) / 10);
      }
      took[view].push(best);
    }
  }
  for (const [view, times] of Object.entries(took)) {
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1];
    t.diagnostic(`${view}: median ${median.toFixed(2)} ms, longest ${times.at(-1).toFixed(2)} ms`);
    assert.ok(median < 1, `${view}: ${times} ms`);
  }
});

for (const { name, targets, ...core } of vectors.scores) {
  test(`are the scores those of the core: ${name}, ${targets.length}`, () => {
    const weights = WEIGHTS[name];
    const got = scoresOf({ weights, hidden: "none", sum: summary(allZ(weights), targetFlags(targets), 0) });
    for (const score of ["recall", "balanced"]) close(got[score], core[score]);
    assert.equal(got.precision === null, core.precision === null);
    if (core.precision !== null) close(got.precision, core.precision);
    close(got.accuracy, core.right / 512);
    close(got.rejecting, (512 - targets.length) / 512);
    close(got.gap, core.gap, 1e-5);
    close(got.margin, core.margin, 1e-5);
  });
}

for (const { name, head, ...counts } of vectors.zones) {
  test(`how many live where on the curve: ${name}, ${head}`, () => {
    assert.deepEqual(zoneCounts(allZ(WEIGHTS[name]), head), counts);
  });
}

for (const { pattern, right, ...wanted } of vectors.cards) {
  test(`what does the card say: ${pattern}`, () => {
    const names = { is: "corner", isNot: "not a corner" };
    const zs = allZ(WEIGHTS["random, scale 3"]);
    const got = factsOf({ zs, head: "hard_sigmoid", flags: targetFlags([432]), threshold: 0, names }, pattern);
    assert.deepEqual([got.title, got.right], [`pattern ${pattern}`, right]);
    assert.equal(got.should, `should be: ${pattern === 432 ? "corner" : "not a corner"}`);
    const said = { pattern, z: got.z.replace("−", "-"), output: got.output, gradient: got.gradient };
    assert.deepEqual(said, { pattern, ...wanted });
  });
}

test("does the card ever cover its point", () => {
  const [W, H, w, h, away] = [540, 332, 220, 112, 14];
  for (let x = 0; x <= W; x += 20) {
    for (let y = 0; y <= H; y += 20) {
      const [left, top] = cardPlace(x, y, W, H, w, h, away);
      assert.ok(!(left - 4 < x && x < left + w + 4 && top - 4 < y && y < top + h + 4), `${x}, ${y}`);
      assert.ok(left >= 0 && left <= W - w && top >= 0 && top <= H - h);
    }
  }
});

// Many equal values among them.
function coarse() {
  const normal = normalFrom(1);
  return Float64Array.from(ALL, () => Math.round(normal() * 10) / 10);
}

test("do arrow keys in the atlas reach every point of a distance", () => {
  const zs = coarse();
  const places = atlasPlaces([432]);
  const inside = ALL.filter(i => places.distance[i] === 3);
  let at = inside.reduce((low, i) => (zs[i] < zs[low] ? i : low), inside[0]);
  for (let to = at; to >= 0; to = patternBeside(places, zs, at, "ArrowDown")) at = to;
  const seen = new Set();
  for (; at >= 0; at = patternBeside(places, zs, at, "ArrowUp")) seen.add(at);
  assert.deepEqual([seen.size, inside.length], [84, 84]);
});

test("do arrow keys on the curve reach every pattern", () => {
  const zs = coarse();
  const seen = new Set();
  let at = 432;
  for (let to = at; to >= 0; to = patternAlong(zs, at, "ArrowLeft")) at = to;
  for (let to = at; to >= 0; to = patternAlong(zs, at, "ArrowRight")) {
    at = to;
    seen.add(at);
  }
  assert.equal(seen.size, 512);
});

test("do the words of the gap stand on the threshold, on its words, or above the field", () => {
  const top = 24;
  for (const cut of [60, 120, 200])
    for (let yc = top; yc < 330; yc += 7)
      for (let yo = top; yo < 330; yo += 7)
        for (const taken of [[], [cut - 12], [cut + 12], [cut - 12, cut + 12], [cut - 30, cut + 48]]) {
          const middle = gapMiddle(yc, yo, top, cut, taken, 1);
          for (const y of taken) assert.ok(Math.abs(middle - y) >= 26, `${yc} ${yo} ${taken}: ${middle}`);
          assert.ok(Math.abs(middle - cut) >= 20 && middle >= top + 20, `${yc} ${yo} ${taken}: ${middle}`);
        }
});

test("does the label of the target stand on another target, on a line or on words", () => {
  const field = { own: 20, top: 32, bottom: 320, room: 12 };
  for (let star = 32; star < 320; star += 5)
    for (const below of [true, false])
      for (const lines of [[120], [120, 310], [40, 120]]) {
        const alone = labelHeight({ ...field, star, below, lines, others: [star] });
        for (const line of lines) assert.ok(Math.abs(line - alone) >= 12, `${star} ${lines}: ${alone}`);
        for (let other = 32; other < 320; other += 9) {
          const y = labelHeight({ ...field, star, below, lines, others: [star, other] });
          assert.ok(y > 32 && y < 320, `${star} ${other} ${lines}: ${y}`);
          for (const at of [star, other]) assert.ok(Math.abs(at - y) >= 20, `${star} ${other} ${lines}: ${y}`);
        }
      }
  // Nearest first: below where that is free.
  assert.equal(labelHeight({ ...field, star: 200, below: true, lines: [120], others: [200] }), 220);
});
