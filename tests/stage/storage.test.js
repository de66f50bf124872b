// What a tab remembers of the bench, and under which address it is believed; what the browser keeps of the tasks.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { remember, remembered } from "../../ui/components/stage/sync/storage.js";
import { forgetTasks, keepTasks, keptTasks } from "../../ui/components/tasks/storage.js";

const STATE = JSON.stringify({ pixels: 433, edit: [3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0], locks: [0] });

beforeEach(() => {
  const kept = new Map();
  globalThis.sessionStorage = { getItem: key => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) };
  globalThis.location = { search: "?labels=aligned&v=1&pixels=433&weights=3,0,0,0,0,0,0,0,0,1,1,0&locks=k0" };
  came("navigate");
  remember({ states: [STATE], at: 0, kernel: 0 });
});

function came(type) {
  Object.defineProperty(performance, "getEntriesByType", { configurable: true, value: () => [{ type }] });
}

test("is what a tab remembers believed under its own address alone", () => {
  assert.deepEqual(remembered(true), { states: [STATE], at: 0, kernel: 0 });
  for (const search of ["", "?labels=aligned", "?labels=aligned&v=1&pixels=7"]) {
    globalThis.location.search = search;
    assert.equal(remembered(true), null, search);
  }
});

test("is it believed after a reload that began before the address was written", () => {
  came("reload");
  globalThis.location.search = "?labels=aligned&v=1&pixels=433";
  assert.deepEqual(remembered(true), { states: [STATE], at: 0, kernel: 0 });
  assert.equal(remembered(false), null, "the page has gone on since");
  globalThis.location.search = "?labels=as_asked&v=1&pixels=433";
  assert.equal(remembered(true), null, "these are other settings");
});

test("is nonsense in the tab's memory ignored", () => {
  const { search } = globalThis.location;
  const bad = ["", "{", "[]", "null", "7", { states: ["{}"], at: 0 }, { states: [], at: 7 }, { states: ["{"], at: 0 }];
  const states = [STATE.replace("433", "512"), STATE.replace("[0]", "[12]"), STATE.replace("[3,", '["3",')];
  for (const kept of [...bad, ...states.map(state => ({ states: [state], at: 0 }))]) {
    const text = typeof kept === "string" ? kept : JSON.stringify({ ...kept, search });
    globalThis.sessionStorage.setItem("corner-lab-bench", text);
    assert.equal(remembered(true), null, text);
  }
  globalThis.sessionStorage.getItem = () => {
    throw new Error("a browser may refuse");
  };
  assert.equal(remembered(true), null);
});

test("are tasks that were reached in two tabs both kept, until all are forgotten, and is nothing believed", () => {
  const kept = new Map();
  globalThis.localStorage = {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
    removeItem: key => kept.delete(key),
  };
  keepTasks({ taken: null, solved: {} });
  assert.equal(kept.size, 0, "nothing to keep");
  keepTasks({ taken: "unlearn", solved: { unlearn: "epoch=1" } });
  keepTasks({ taken: null, solved: { be_sure: "epoch=2" } });
  assert.deepEqual(keptTasks(), { taken: null, solved: { unlearn: "epoch=1", be_sure: "epoch=2" } });
  for (const text of ["{", "3", "null", '{"solved": "x"}']) {
    kept.set("corner-lab-tasks", text);
    assert.equal(keptTasks(), null, text);
  }
  forgetTasks();
  assert.equal(kept.size, 0);
});
