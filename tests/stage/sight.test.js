// What counts as in sight: something on the screen, or close below it for whoever has begun to scroll.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isInSight } from "../../ui/components/sight.js";

test("is what is on the screen in sight, and what is below it only for who scrolls", () => {
  assert.equal(isInSight(899, 1900, 900, false), true);
  assert.equal(isInSight(900, 1900, 900, false), false);
  assert.equal(isInSight(1349, 2300, 900, true), true);
  assert.equal(isInSight(1350, 2300, 900, true), false);
});

test("is what has gone up under the page's header out of sight", () => {
  assert.equal(isInSight(-900, 73, 900, true), true);
  assert.equal(isInSight(-900, 72, 900, true), false);
});
