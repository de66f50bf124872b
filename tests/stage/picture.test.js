// Pictures: patches as patterns, drawings as text, the tools, what was found and how right it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_DRAWING, pictureWords } from "../../ui/components/picture/address.js";
import { PACES, slidByRow, slideOver, slidFaster, slidOn } from "../../ui/components/picture/core/slide.js";
import { followRun } from "../../ui/components/picture/load.js";
import { epochAxis } from "../../ui/components/stage/canvas/axis.js";
import { playheadAt } from "../../ui/components/stage/core/playhead.js";
import { undoStack } from "../../ui/components/stage/core/undo_stack.js";
import { allZ, bit, NINE } from "../../ui/components/stage/network/forward.js";
import {
  blankBitmap,
  croppedTo,
  flooded,
  withRectangle,
  withStroke,
} from "../../ui/components/stage/pictures/bitmap.js";
import { rememberedScene, rememberScene } from "../../ui/components/stage/pictures/last_scene.js";
import {
  detectionScores,
  found,
  stopsOf,
  takenFor,
  wantedCorners,
} from "../../ui/components/stage/pictures/matching.js";
import { patternCounts, patternIndices } from "../../ui/components/stage/pictures/patches.js";
import { cellColours, colourTable, paintedCells } from "../../ui/components/stage/pictures/response.js";
import { bitmapOf, bitmapText } from "../../ui/components/stage/pictures/run_lengths.js";
import {
  atlasScene,
  cellBeside,
  foundInScene,
  layoutInScene,
  sceneCell,
  scenePlace,
} from "../../ui/components/stage/pictures/scene_view.js";
import { summaryWords } from "../../ui/components/stage/pictures/words.js";
import { ALL, close, randomFrom, vectors } from "./helpers.js";

const of = (height, width, cells) => ({ height, width, cells: Uint8Array.from(cells) });

function randomBitmap(seed, height, width, share = 0.5) {
  const random = randomFrom(seed);
  return of(
    height,
    width,
    Array.from({ length: height * width }, () => Number(random() < share)),
  );
}

function drawn(...rows) {
  return of(rows.length, rows[0].length, rows.join("").split("").map(Number));
}

// The same pattern, pixel by pixel.
function slowPattern({ height, width, cells }, at) {
  const [row, column] = [Math.floor(at / width), at % width];
  return NINE.reduce((sum, i) => {
    const [r, c] = [row + Math.floor(i / 3) - 1, column + (i % 3) - 1];
    return sum + (r >= 0 && c >= 0 && r < height && c < width ? cells[r * width + c] : 0) * 2 ** i;
  }, 0);
}

test("is each of the 512 patterns found as itself", () => {
  for (const p of ALL)
    assert.equal(
      patternIndices(
        of(
          3,
          3,
          NINE.map(i => bit(p, i)),
        ),
      )[4],
      p,
    );
});

test("is every patch of a random picture its pattern, zeros beyond the border", () => {
  for (const [height, width] of [
    [3, 3],
    [8, 8],
    [5, 17],
    [64, 31],
  ]) {
    const bitmap = randomBitmap(height, height, width);
    const indices = patternIndices(bitmap);
    assert.deepEqual(
      [...indices],
      [...indices.keys()].map(at => slowPattern(bitmap, at)),
    );
    const counts = patternCounts(indices);
    for (const p of ALL) assert.equal(counts[p], indices.filter(i => i === p).length);
  }
});

test("is a look-up in the 512 what Keras's own convolution gives over the whole picture", () => {
  for (const { height, width, cells, numbers, hidden, keras_z } of vectors.pictures) {
    const zs = allZ(Float32Array.from(numbers), hidden);
    patternIndices(of(height, width, cells)).forEach((p, at) => close(zs[p], keras_z[at], 1e-5));
  }
});

test("are right, missed and false what the core says, exactly and within a tolerance", () => {
  const sorted = list => [...list].sort((a, b) => a - b);
  let falses = 0;
  const rights = new Set();
  for (const { height, width, cells, numbers, hidden, targets, corners, ...wanted } of vectors.pictures) {
    const indices = patternIndices(of(height, width, cells));
    const truth = wantedCorners(
      corners.map(([row, column, name]) => ({ at: row * width + column, name })),
      targets,
    );
    const zs = allZ(Float32Array.from(numbers), hidden);
    const picture = { indices, counts: patternCounts(indices), width };
    wanted.matched.forEach(({ right, missed, false: wrong }, i) => {
      const seen = found(picture, zs, 0, truth, takenFor(targets), [0, 1, 2, 5, 16][i]);
      assert.deepEqual(seen.hits, wanted.found);
      assert.equal(seen.count, wanted.found.length);
      assert.deepEqual([seen.right, sorted(seen.missed), seen.wrong], [sorted(right), sorted(missed), sorted(wrong)]);
      assert.equal(seen.falses, wrong.length);
      assert.deepEqual(stopsOf(seen), sorted([...missed, ...wrong]));
      if (right.length > wanted.matched[0].right.length) rights.add(i);
    });
    falses += wanted.matched[0].false.length;
  }
  assert.ok(falses > 0 && rights.size > 1, "a tolerance has to matter somewhere");
});

test("are scores those of the counts, and none where there is nothing to share", () => {
  const seen = { right: [1, 2, 3], missed: [4], falses: 2 };
  assert.deepEqual(detectionScores(seen), { precision: 3 / 5, recall: 3 / 4, f1: 2 / 3 });
  const nothing = detectionScores({ right: [], missed: [4], falses: 0 });
  assert.ok(Number.isNaN(nothing.precision) && nothing.recall === 0 && nothing.f1 === 0);
});

test("is nothing known of a target that is no corner, and is a picture full of hits only counted", () => {
  assert.equal(wantedCorners([], [432, 186]), null);
  assert.equal(wantedCorners(null, [432]), null);
  const indices = patternIndices(blankBitmap(64, 64));
  const picture = { indices, counts: patternCounts(indices), width: 64 };
  const seen = found(picture, new Float64Array(512).fill(1), 0, [], takenFor([432]));
  assert.deepEqual([seen.count, seen.hits, seen.wrong, seen.falses], [4096, null, null, 4096]);
  assert.deepEqual(stopsOf(seen), []);
});

test("is a drawing as text read back, the same as Python's", () => {
  for (const { height, width, cells, text } of vectors.pictures) {
    assert.equal(bitmapText(of(height, width, cells)), text);
    assert.deepEqual(bitmapOf(text), of(height, width, cells));
  }
  const full = of(256, 256, new Array(65536).fill(1));
  for (const bitmap of [
    blankBitmap(256, 256),
    full,
    blankBitmap(3, 8),
    ...[0.02, 0.5, 0.9].map(s => randomBitmap(7, 40, 256, s)),
  ])
    assert.deepEqual(bitmapOf(bitmapText(bitmap)), bitmap);
});

test("is text that is no drawing refused", () => {
  const good = bitmapText(randomBitmap(1, 8, 8));
  const junk = ["", "8x8", "8x8:", "2x8:Q", "300x8:A", "8x8:________", "8x8:gggggggggg", "8x8:Ag", "8x8:é", "-8x8:C"];
  for (const text of [...junk, `${good}A`.replace(/A$/, "B"), good.slice(0, -1), `${good} `])
    assert.equal(bitmapOf(text), null, text);
});

test("does fill turn what is connected by edges and nothing else", () => {
  const bitmap = drawn("0011", "0101", "1100");
  assert.deepEqual(flooded(bitmap, 0, 0), drawn("1111", "1101", "1100"));
  assert.deepEqual(flooded(bitmap, 2, 0).cells, drawn("0011", "0001", "0000").cells);
  for (const seed of [1, 2, 3]) {
    const random = randomBitmap(seed, 20, 30, 0.55);
    const reached = new Set([0]);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size; // spreads until nothing new is reached
      for (let at = 0; at < 600; at++)
        for (const next of [at - 30, at + 30, ...(at % 30 ? [at - 1] : []), ...(at % 30 < 29 ? [at + 1] : [])])
          if (reached.has(next) && random.cells[at] === random.cells[0]) reached.add(at);
    }
    const wanted = random.cells.map((cell, at) => (reached.has(at) ? 1 - cell : cell));
    assert.deepEqual(flooded(random, 0, 0).cells, wanted);
  }
  assert.ok(flooded(blankBitmap(256, 256), 128, 128).cells.every(cell => cell === 1));
});

test("does a rectangle fill from any corner to the opposite one, and a stroke leave no gap", () => {
  const wanted = drawn("00000", "01110", "01110", "00000");
  for (const [from, to] of [
    [
      [1, 1],
      [2, 3],
    ],
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 1],
      [1, 3],
    ],
  ])
    assert.deepEqual(withRectangle(blankBitmap(4, 5), from, to), wanted);
  for (const to of [
    [0, 19],
    [7, 3],
    [19, 0],
    [13, 14],
  ]) {
    const { cells } = withStroke(blankBitmap(20, 20), [9, 9], to, 1);
    const on = [...cells.keys()].filter(at => cells[at]);
    assert.equal(on.length, 1 + Math.max(Math.abs(to[0] - 9), Math.abs(to[1] - 9)));
    assert.ok(cells[to[0] * 20 + to[1]] && cells[189]);
    const near = (a, b) => Math.abs(Math.floor(a / 20) - Math.floor(b / 20)) <= 1 && Math.abs((a % 20) - (b % 20)) <= 1;
    assert.ok(on.every(a => on.filter(b => near(a, b)).length >= 2));
  }
  assert.deepEqual(withStroke(wanted, [1, 1], [1, 3], 0), drawn("00000", "00000", "01110", "00000"));
  assert.deepEqual(croppedTo(wanted, 3, 6), drawn("000000", "011100", "011100"));
});

test("does undo lead back to a scene with its truth, and redo to what was drawn into it", () => {
  const scene = {
    text: bitmapText(randomBitmap(1, 8, 8)),
    scene: { kind: "filled", seed: 1, side: 8 },
    corners: [[1, 2, "top_left"]],
  };
  const theirs = { text: bitmapText(blankBitmap(8, 8)), scene: null, corners: null };
  const past = undoStack(scene);
  assert.ok(past.note(theirs) && !past.note(theirs));
  assert.deepEqual(past.undo(), scene);
  assert.deepEqual(past.redo(), theirs);
  assert.equal(past.redo(), null);
});

test("is a cell's colour that of its pattern, and plain where the kernel has not been", () => {
  const P = {
    bg: "#ffffff",
    ink: "#000000",
    diverge: Array.from({ length: 65 }, (_, i) => `#0000${(i + 16).toString(16)}`),
  };
  const colours = cellColours(P);
  const zs = allZ(Float32Array.from([0, 0, 0, 0, 6, 0, 0, 0, 0, -3, 1, 0])); // -3 where off, 3 where on
  const head = { head: "hard_sigmoid", threshold: 0 };
  const table = colourTable(zs, head, "output", colours);
  assert.equal(table[0], colours[0][32]); // output 0: no colour
  assert.equal(table[16], colours[1][64]); // output 1
  const plain = colourTable(zs, head, "none", colours);
  assert.equal(plain[16] >>> 0, 0xff000000);
  const far = Math.round(0.6 * 32 * (Math.asinh(3) / Math.asinh(30)));
  const z = colourTable(zs, head, "z", colours);
  assert.deepEqual([z[0], z[16]], [colours[0][32 - far], colours[1][32 + far]]);
  assert.deepEqual(
    [...paintedCells(Uint16Array.of(0, 16, 16), table, plain, 2, new Uint32Array(3))],
    [table[0], table[16], plain[16]],
  );
});

test("does the kernel slide at its pace, row by row without motion, and end with the picture", () => {
  const slide = slideOver(1024);
  assert.ok(1024 / PACES[slide.pace] <= 20);
  assert.equal(slidOn(slide, 1, 1024).at, PACES[slide.pace]);
  assert.equal(slidOn({ ...slide, playing: false }, 1, 1024).at, 0);
  assert.equal(slidOn(slide, 1000, 1024), null);
  assert.equal(slidFaster(slide, 1).pace, slide.pace + 1);
  assert.equal(slidFaster(slide, 100).pace, PACES.length - 1);
  let [at, rows] = [slide, 0];
  for (; at; rows++) at = slidByRow(at, 32, 1024);
  assert.equal(rows, 32);
});

test("does the address say a scene, a drawing that is short, the network, the tolerance and the map", () => {
  const plain = { text: "", home: "filled:0:32", network: "bench", tolerance: 0, map: "output" };
  const scene = { kind: "noisy", seed: 3, side: 64 };
  const home = { kind: "filled", seed: 0, side: 32 };
  assert.deepEqual(pictureWords({ ...plain, scene }), [["scene", "noisy:3:64"]]);
  assert.deepEqual(pictureWords({ ...plain, scene: home, network: "run", tolerance: 2, map: "z" }), [
    ["network", "run"],
    ["tolerance", "2"],
    ["map", "z"],
  ]);
  assert.deepEqual(pictureWords({ ...plain, scene: null, text: "8x8:gC" }), [["drawing", "8x8:gC"]]);
  assert.deepEqual(pictureWords({ ...plain, scene: null, text: "A".repeat(LONGEST_DRAWING + 1) }), []);
});

test("do words say what was found where", () => {
  const bitmap = withRectangle(blankBitmap(8, 9), [2, 3], [5, 6]);
  const indices = patternIndices(bitmap);
  const zs = new Float64Array(512).fill(-1);
  zs[432] = 1;
  const picture = { indices, counts: patternCounts(indices), width: 9 };
  const say = truth => summaryWords("By hand", found(picture, zs, 0, truth, takenFor([432])), indices, bitmap);
  assert.equal(
    say(null),
    "By hand, in a picture of 8 by 9: 1 corner found. Found: top-left corner at row 3, column 4.",
  );
  assert.equal(
    say([
      { at: 21, name: "top_left" },
      { at: 70, name: "top_left" },
    ]),
    "By hand, in a picture of 8 by 9: 1 corner found, 1 of 2 right, 1 missed, 0 false. Missed: pattern 0 at row 8, column 8.",
  );
});

test("is a run that grows followed to its very end, unless somebody has moved away from it", () => {
  const S = { run: "", grewTo: null, playhead: playheadAt(0), axis: epochAxis(1), record: null };
  const tell = (id, growing, last, epoch = 0) => {
    S.record = { header: {}, column: { epoch: Float32Array.from([0, last]) }, rows: 2 };
    followRun(S, { run: { id, growing, epoch } });
    return S.playhead.epoch;
  };
  assert.equal(tell("a", true, 0), 0);
  assert.equal(tell("a", true, 10), 10, "from the row before training on");
  assert.equal(tell("a", true, 50), 50);
  assert.equal(tell("a", false, 80), 80, "the news that it is over brings its last rows");
  S.playhead = playheadAt(20);
  assert.equal(tell("a", false, 80), 20);
  assert.equal(tell("b", true, 30), 30);
  S.playhead = playheadAt(12);
  assert.equal(tell("b", true, 60), 12);
  assert.equal(tell("b", false, 90), 12);
  assert.equal(tell("c", false, 40, 7), 7, "a run that is over stands where its playhead stands");
  assert.equal(tell("c", false, 40, 40), 7);
});

test("does the atlas find in a scene what the page finds, and lead from cell to cell", () => {
  const { text, corners, targets, numbers, hidden, matched, width, cells } = vectors.pictures[1];
  const scene = atlasScene(text, corners);
  const zs = allZ(Float32Array.from(numbers), hidden);
  const seen = foundInScene(scene, { zs, threshold: 0, places: { targets } });
  assert.deepEqual(
    [seen.right, seen.wrong],
    [matched[0].right, matched[0].false].map(list => list.sort((a, b) => a - b)),
  );
  assert.equal(atlasScene("no picture", null), null);
  const place = scenePlace(600, 300, 1, scene.bitmap);
  const { xs, ys } = layoutInScene(scene, place);
  for (const p of ALL) {
    assert.equal(Number.isNaN(xs[p]), !scene.indices.includes(p));
    if (!Number.isNaN(xs[p])) assert.equal(scene.indices[sceneCell(place, scene.bitmap, xs[p], ys[p])], p);
  }
  const beyond = place.cell * width + 1;
  assert.equal(sceneCell(place, scene.bitmap, beyond, 10), -1);
  assert.equal(sceneCell(place, scene.bitmap, beyond, -10, true), width - 1);
  const square = blankBitmap(32, 32);
  const { legend, card } = scenePlace(600, 300, 1, square);
  assert.ok(legend > 300 && card[0] + 220 <= 600);
  assert.deepEqual(
    scenePlace(324, 304, 1, square),
    { left: 0, top: 0, cell: 304 / 32 },
    "a phone has room for it alone",
  );
  const beside = (at, key) => cellBeside({ ...scene, at }, key);
  assert.deepEqual([beside(0, "ArrowRight"), beside(0, "ArrowDown"), beside(0, "ArrowLeft")], [1, width, -1]);
  assert.deepEqual([beside(width - 1, "ArrowRight"), beside(cells.length - 1, "ArrowDown")], [-1, -1]);
  assert.equal(beside(7, "Home"), corners[0][0] * width + corners[0][1]);
});

test("is the picture that was last drawn remembered, and junk in its place none", () => {
  const kept = new Map();
  globalThis.sessionStorage = {
    setItem: (name, text) => kept.set(name, text),
    getItem: name => kept.get(name) ?? null,
  };
  assert.equal(rememberedScene(), null);
  rememberScene({ text: "8x8:gC", corners: [[1, 2, "top_left"]] });
  assert.deepEqual(rememberedScene(), { text: "8x8:gC", corners: [[1, 2, "top_left"]] });
  const [name] = kept.keys();
  for (const junk of ["", "7", "null", "{", '{"text":1}']) {
    kept.set(name, junk);
    assert.equal(rememberedScene(), null);
  }
  kept.set(name, '{"text":"8x8:gC","corners":[[1,-2,"x"]]}');
  assert.deepEqual(rememberedScene(), { text: "8x8:gC", corners: null });
  delete globalThis.sessionStorage;
});
