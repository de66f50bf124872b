// Which parts an address shows, and where they stand in a frame.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fittedLayout, LARGEST_SCALE, wantedHeight } from "../../ui/components/stage/embed/layout.js";
import {
  embedAddress,
  frameMarkup,
  PARTS,
  partsOf,
  showWords,
  wrongPartsSentence,
} from "../../ui/components/stage/embed/parts.js";
import { vectors } from "./helpers.js";

test("are the parts those that Python knows, and is the same said of what is none", () => {
  assert.deepEqual(PARTS, vectors.parts);
  for (const { texts, parts, error } of vectors.shown) {
    const found = partsOf(texts);
    assert.deepEqual(found.parts, parts, String(texts));
    assert.equal(wrongPartsSentence(found), error ? `The address says ${error}.` : "");
  }
});

test("does a file read its parts from its query and from behind the #, and nothing from anything else", () => {
  assert.deepEqual(showWords("?show=bench,atlas", ""), ["bench,atlas"]);
  assert.deepEqual(showWords("", "#show=curves&x=1"), ["curves"]);
  assert.deepEqual(showWords("?show=bench", "#show=atlas"), ["bench", "atlas"]);
  assert.equal(showWords("?shows=bench", "#why"), null);
  assert.deepEqual(partsOf(showWords("?show=%62ench%2Catlas", "") ?? []).parts, ["bench", "atlas"]);
});

test("does the address of parts keep all other words as they are written, and the frame none of them as markup", () => {
  const href = "https://lab.example.org/a/?seed=4&embed=false&weights=1,2&show=curves&v=1&epoch=5#why";
  const address = embedAddress(href, ["bench", "atlas"]);
  assert.equal(address, "https://lab.example.org/a/?embed=true&show=bench,atlas&seed=4&weights=1,2&v=1&epoch=5");
  assert.equal(embedAddress("http://localhost:8501/", ["picture"]), "http://localhost:8501/?embed=true&show=picture");
  const markup = frameMarkup('http://a/?x="><script>&y=<', ["bench"]);
  assert.ok(markup.startsWith('<iframe src="http://a/?x=&quot;>&lt;script>&amp;y=&lt;" title="Corner Lab: bench" '));
  assert.equal(markup.match(/"/g)?.length, 10);
});

const SUBSETS = Array.from({ length: 63 }, (_, i) => PARTS.filter((_name, at) => ((i + 1) >> at) & 1));
const FRAMES = [
  [480, 270],
  [270, 480],
  [390, 300],
  [960, 540],
  [960, 120],
  [1920, 1080],
];
const NETWORKS = [false, true].flatMap(several => [false, true].map(pair => ({ several, pair })));

test("do all parts stand within every frame, none over another", () => {
  for (const parts of SUBSETS)
    for (const [width, height] of FRAMES)
      for (const network of NETWORKS) {
        const { k, detail, boxes } = fittedLayout(parts, width, height, network);
        const what = `${parts} in ${width}x${height}`;
        const bench = detail === 2 ? ["sum"] : ["sum", "head"];
        assert.deepEqual(
          Object.keys(boxes).sort(),
          parts.flatMap(name => (name === "bench" ? bench : [name])).sort(),
          what,
        );
        const all = Object.values(boxes);
        for (const { x, y, w, h } of all) {
          assert.ok(w > 0 && h > 0 && x >= 0 && y >= 0 && x + w <= width && y + h <= height, what);
        }
        for (const [i, a] of all.entries())
          for (const b of all.slice(i + 1)) {
            const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
            assert.ok(apart, `${what}: ${JSON.stringify(boxes)}`);
          }
        assert.ok(k > 0 && k <= LARGEST_SCALE, what);
      }
});

test("is a larger frame never drawn smaller, and are one or two parts legible in the smallest slide", () => {
  const network = { several: false, pair: false };
  for (const parts of SUBSETS) {
    const scales = [1, 1.5, 2, 3, 4].map(by => fittedLayout(parts, 480 * by, 270 * by, network));
    for (const [i, { k, detail }] of scales.entries())
      if (i && detail === scales[i - 1].detail)
        assert.ok(k >= scales[i - 1].k, `${parts}: ${scales.map(one => one.k)}`);
    if (parts.length <= 2) assert.ok(scales[0].k >= 0.6, `${parts}: ${scales[0].k}`);
    assert.ok(scales[4].k >= 1 && scales[4].detail === 0, `${parts}: ${scales[4].k}`);
  }
});

test("is a frame as high as the parts want legible, whatever they are", () => {
  for (const parts of SUBSETS)
    for (const width of [720, 960, 1280]) {
      const height = wantedHeight(parts, width, { several: false, pair: false });
      const { k } = fittedLayout(parts, width, height, { several: false, pair: false });
      assert.ok(height > 0 && k >= 0.79, `${parts}: ${width}x${height} ${k}`);
    }
});
