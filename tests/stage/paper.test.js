// @ts-check
// What stands on paper beside the stage.
import assert from "node:assert/strict";
import { test } from "node:test";
import { printedLink } from "../../ui/components/paper/paper.js";
import { qrPath } from "../../ui/components/paper/qr.js";

test("is the link that of the run and of what shows of it", () => {
  const here = "http://localhost:8501/";
  const address = "https://lab.example.org/";
  assert.equal(printedLink({ words: "", address: "" }, [], here), here);
  assert.equal(printedLink({ words: "a=1", address: "" }, [], here), "http://localhost:8501/?a=1");
  const shown = /** @type {[string, string][]} */ ([
    ["v", "1"],
    ["epoch", "3"],
  ]);
  assert.equal(printedLink({ words: "a=1", address }, shown, here), "https://lab.example.org/?a=1&v=1&epoch=3");
  assert.equal(printedLink({ words: "", address }, shown, here), "https://lab.example.org/?v=1&epoch=3");
});

test("is each dark module of a code a square of its own", () => {
  assert.equal(
    qrPath([
      [1, 0],
      [0, 1],
    ]),
    "M0 0h1v1h-1zM1 1h1v1h-1z",
  );
});
