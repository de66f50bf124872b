// The pictures of the targets: their names, one more and one less.
import assert from "node:assert/strict";
import { test } from "node:test";
import { targetTools } from "../../ui/components/stage/bench/tools.js";
import { nameOfPattern, toggled } from "../../ui/components/targets/targets.js";

test("does a picture add what is missing and remove what is there, in the order of the indices", () => {
  assert.deepEqual(toggled([27, 432], 100), [27, 100, 432]);
  assert.deepEqual(toggled([27, 100, 432], 100), [27, 432]);
});

test("does a picture say its index, and its name where it has one", () => {
  assert.equal(nameOfPattern(27, { 27: "bottom-right corner" }), "pattern 27 (bottom-right corner)");
  assert.equal(nameOfPattern(5, {}), "pattern 5");
});

test("does the bench offer what the pattern on it is not yet", () => {
  assert.deepEqual(targetTools([27, 432], 5), { make: "target:5", toggle: "also:5", is: false, says: "Also a target" });
  assert.deepEqual(targetTools([27, 432], 27), {
    make: "target:27",
    toggle: "not:27",
    is: true,
    says: "No longer a target",
  });
  assert.deepEqual(targetTools([27], 27), { make: "", toggle: "", is: true, says: "The only target" });
});
