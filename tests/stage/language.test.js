// Sentences in another language, from a catalogue that stands in for English's, which has nothing in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MESSAGES } from "../../ui/components/language/messages.js";
import { joinedSentences, tr, trc, trn } from "../../ui/components/language/tr.js";
import { inARow, letters } from "../../ui/components/stage/canvas/format.js";
import { isTheCorner, namesFor } from "../../ui/components/stage/core/messages.js";

test("does English say what is written", () => {
  assert.equal(tr("{count} of 512 are right.", { count: 3 }), "3 of 512 are right.");
  assert.equal(tr("{ } is a brace"), "{ } is a brace");
  assert.equal(
    tr("{{{name}}} is in braces, {other} is not there", { name: "z" }),
    "{z} is in braces, {other} is not there",
  );
  assert.equal(trc("playback", "Play"), "Play");
  assert.deepEqual(
    [0, 1, 2, 1234].map(count => trn("{count} pattern of {all}", "{count} patterns of {all}", count, { all: "x" })),
    ["0 patterns of x", "1 pattern of x", "2 patterns of x", "1,234 patterns of x"],
  );
  assert.equal(joinedSentences(["One.", "", "Two."]), "One. Two.");
  assert.equal(inARow(["row 1, column 2", "", "on"]), "row 1, column 2, on");
});

test("does a catalogue say it in its own words and order", () => {
  Object.assign(MESSAGES, {
    "{share} of {count} are right.": "{count}个中{share}正确。",
    "playback\u0004Play": "播放",
    Play: "实验",
    "{count} pattern": ["第一种{count}", "第二种{count}"],
    "between facts\u0004, ": "，",
    "the corner": "角点",
  });
  assert.equal(tr("{share} of {count} are right.", { share: "$&", count: 512 }), "512个中$&正确。");
  assert.deepEqual([tr("Play"), trc("playback", "Play"), trc("elsewhere", "Play")], ["实验", "播放", "Play"]);
  assert.equal(trn("{count} pattern", "{count} patterns", 1), "第一种1");
  assert.equal(trn("{count} pattern", "{count} patterns", 2000), "第二种2,000");
  assert.equal(tr("{count} pattern", { count: 2 }), "2 pattern", "what is counted is no sentence of its own");
  assert.equal(tr("not translated"), "not translated");
  assert.equal(inARow(["a", "b"]), "a，b");
  assert.equal(namesFor([432]).the, "角点");
  assert.deepEqual([[432], [433], [432, 27]].map(isTheCorner), [true, false, false], "decided by no name");
});

test("is a Chinese character as wide as two letters", () => {
  assert.deepEqual(["", "lowest target", "角点 z", "“−1”，"].map(letters), [0, 13, 6, 6]);
});
