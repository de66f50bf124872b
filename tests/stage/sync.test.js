// Talking to Python, undo, and what outlives the component.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { undoStack } from "../../ui/components/stage/core/undo_stack.js";
import { benchRequests } from "../../ui/components/stage/sync/bench_request.js";
import { reporter } from "../../ui/components/stage/sync/debounce.js";
import { poller } from "../../ui/components/stage/sync/poll.js";
import { leavePress, leftPressNow, pressKeeper, pressLeft } from "../../ui/components/stage/sync/press.js";
import { stillThere, watchConnection } from "../../ui/components/stage/sync/reconnect.js";
import { keepAlive, revive } from "../../ui/components/stage/sync/storage.js";

function withClock(run) {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    // In small steps: what is called in a step sees the time of its end.
    run(ms => {
      for (let passed = 0; passed < ms; passed += 10) mock.timers.tick(Math.min(10, ms - passed));
    });
  } finally {
    mock.timers.reset();
  }
}

test("does the stage wait for an answer before it asks again", () => {
  withClock(tick => {
    const asked = [];
    const asks = poller(value => asked.push(value));
    const after = () => {
      tick(100);
      return asked.length;
    };
    asks.heard(10);
    assert.equal(after(), 1);
    assert.equal(after(), 1, "no answer: not again");
    asks.heard(10);
    assert.equal(after(), 2, "answered");
    asks.heard(null);
    assert.equal(after(), 2, "answered, and nothing more is to come");
    asks.heard(10);
    asks.stop();
    assert.equal(after(), 2);
  });
});

test("is a question that got lost asked again", () => {
  withClock(tick => {
    const asked = [];
    poller(value => asked.push(value)).heard(10);
    tick(2900);
    assert.equal(asked.length, 1);
    tick(3200);
    assert.equal(new Set(asked).size, 3, "each time with another value");
  });
});

test("is a burst of changes told once, and what Python knows not at all", () => {
  withClock(tick => {
    const told = [];
    const reports = reporter(
      (...it) => told.push(it),
      () => Date.now(),
    );
    reports.tell("pixels", 1);
    assert.ok(reports.recent("pixels"));
    for (const p of [2, 3, 4]) reports.tell("pixels", p, 120);
    tick(119);
    assert.deepEqual(told, [["pixels", 1]]);
    tick(1);
    assert.deepEqual(told, [
      ["pixels", 1],
      ["pixels", 4],
    ]);
    assert.deepEqual(
      [reports.told("pixels", 4), reports.told("pixels", 3), reports.told("weights", null)],
      [true, false, false],
    );
    reports.known("weights", null);
    assert.ok(reports.told("weights", null));
    reports.tell("weights", null);
    reports.tell("pixels", 4);
    tick(1000);
    assert.equal(told.length, 2);
    assert.ok(!reports.recent("pixels"));
  });
});

test("are requests sent one by one with what changed meanwhile", async () => {
  const sent = [];
  const said = [];
  const instead = [];
  const answers = [];
  const post = told => {
    sent.push(told);
    return new Promise((yes, no) => answers.push({ yes, no }));
  };
  const line = benchRequests({ post, heard: text => said.push(text), otherwise: (...it) => instead.push(it) });
  const turn = () => new Promise(done => setTimeout(done));
  assert.equal(line.waits, false);
  line.tell("pixels", 1);
  line.tell("weights", null);
  assert.equal(line.waits, true);
  await turn();
  line.tell("pixels", 2);
  line.tell("pixels", 3);
  let idle = false;
  line.idle().then(() => {
    idle = true; // as a button of the stage waits
  });
  await turn();
  assert.deepEqual([sent.length, idle], [1, false]);
  answers[0].yes("one");
  await turn();
  assert.deepEqual([sent.length, idle, line.cut, line.waits], [2, false, false, true]);
  line.tell("locks", [1]);
  answers[1].no(new Error("cut"));
  await line.idle();
  line.tell("pixels", 4);
  await line.idle();
  assert.deepEqual([idle, line.cut, line.waits], [true, true, false]);
  assert.deepEqual([sent, said], [[{ pixels: 1, weights: null }, { pixels: 3 }], ["one"]]);
  assert.deepEqual(instead, [
    ["pixels", 3],
    ["locks", [1]],
    ["pixels", 4],
  ]);
});

test("does a new change forget what was undone", () => {
  const t = undoStack({ a: 0 });
  const seen = [t.canUndo, t.note({ a: 0 }), t.note({ a: 1 }), t.note({ a: 2 })];
  seen.push(t.undo(), t.undo(), t.undo(), t.redo(), t.note({ a: 9 }), t.redo(), t.canRedo, t.undo());
  assert.deepEqual(seen, [false, false, true, true, { a: 1 }, { a: 0 }, null, { a: 1 }, true, null, false, { a: 1 }]);
  for (let i = 0; i < 300; i++) t.note({ a: 100 + i });
  const kept = t.kept();
  const again = undoStack({});
  again.restore(kept);
  assert.deepEqual([kept.states.length, again.present(), again.undo()], [100, { a: 399 }, { a: 398 }]);
});

test("does a new run forget what was undone before it, and keep what can be undone", () => {
  const trained = { pixels: 432, edit: null, locks: [] };
  const mine = { pixels: 432, edit: [1, 2], locks: [] };
  const past = undoStack(trained);
  past.note(mine);
  past.undo(); // the bench shows what is trained, and redo would bring the weights
  assert.ok(past.note(trained, true), "the run begins: the bench looks the same");
  assert.deepEqual([past.canRedo, past.redo(), past.present()], [false, null, trained]);
  past.note(mine);
  assert.ok(past.note(trained, true), "trained from those weights");
  assert.deepEqual([past.canRedo, past.undo()], [false, mine]);
  assert.equal(past.note(mine), false);
  assert.deepEqual(past.redo(), trained, "no run has begun since");
});

test("does a stage that was removed go on in the same session alone", () => {
  const record = { header: { session: "a" } };
  keepAlive({ record, pixels: 7, plots: ["mine"], edit: null, speed: "slow" });
  const same = { pixels: 432, plots: [] };
  const other = { pixels: 432, plots: [] };
  assert.deepEqual([revive(same, { session: "a" }), revive(other, { session: "b" })], [true, false]);
  assert.deepEqual([same.pixels, same.plots, same.speed, other.pixels], [7, ["mine"], "slow", 432]);
});

// Streamlit's app as far as it is looked at: an attribute, and who watches it.
function connection() {
  const watchers = [];
  globalThis.MutationObserver = class {
    constructor(changed) {
      watchers.push(changed);
    }
    observe() {}
    disconnect() {
      watchers.length = 0;
    }
  };
  const app = { state: "CONNECTED", getAttribute: () => app.state };
  const becomes = state => {
    app.state = state;
    for (const changed of watchers) changed();
  };
  return { app: /** @type {any} */ (app), becomes };
}

const soon = () => new Promise(done => setImmediate(done));

for (const [answers, opened] of [
  [[null, null, false], 1],
  [[null, true], 0],
  [[true], 0],
]) {
  test(`is the page opened again only where the server has forgotten it: ${JSON.stringify(answers)}`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const { app, becomes } = connection();
      const [life, asked] = [new AbortController(), []];
      let again = 0;
      const known = async () => {
        asked.push(app.state);
        return answers[Math.min(asked.length, answers.length) - 1];
      };
      watchConnection({ known, again: () => again++, signal: life.signal, app });
      mock.timers.tick(5000);
      assert.equal(asked.length, 0, "nothing is asked while the connection stands");
      becomes("PINGING_SERVER");
      for (let i = 0; i < answers.length; i++) {
        if (i === answers.length - 1) becomes("CONNECTED");
        mock.timers.tick(1000);
        await soon();
      }
      mock.timers.tick(20_000);
      await soon();
      assert.deepEqual([asked.length, again], [answers.length, opened]);
      life.abort();
    } finally {
      mock.timers.reset();
    }
  });
}

test("does it give up where only Streamlit answers", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { app, becomes } = connection();
    const life = new AbortController();
    let asked = 0;
    const known = async () => {
      asked += 1;
      return null;
    };
    watchConnection({ known, again: assert.fail, signal: life.signal, app });
    becomes("CONNECTING");
    becomes("CONNECTED");
    for (let i = 0; i < 20; i++) {
      mock.timers.tick(1000);
      await soon();
    }
    assert.equal(asked, 5);
    life.abort();
  } finally {
    mock.timers.reset();
  }
});

// A press, and what happened to it: the ids sent, whether records were asked for, how long nothing has come.
function presses(tick) {
  const seen = { sent: [], asked: 0, shown: 0 };
  const keeper = pressKeeper({
    send: (id, sent) => {
      seen.sent.push(id);
      sent();
    },
    ask: () => seen.asked++,
    changed: () => seen.shown++,
    now: () => Date.now(),
  });
  return { seen, keeper, tick };
}

test("is a press without an answer noticed after two seconds, until the answer comes", () => {
  withClock(tick => {
    const { seen, keeper } = presses(tick);
    keeper.press("train", 3, false);
    assert.deepEqual([keeper.id, keeper.seconds, seen.sent, seen.shown], ["train", 0, ["train"], 1]);
    tick(1900);
    keeper.heard(3); // a record that was made before
    assert.deepEqual([keeper.id, keeper.seconds, seen.shown], ["train", 0, 1]);
    tick(100);
    assert.deepEqual([keeper.seconds, seen.shown], [2, 2]);
    tick(1000);
    assert.deepEqual([keeper.seconds, seen.shown], [3, 3], "it counts");
    keeper.heard(4);
    assert.deepEqual([keeper.id, keeper.seconds, seen.shown], [null, 0, 4]);
    tick(5000);
    assert.deepEqual([seen.shown, seen.sent], [4, ["train"]]);
  });
});

test("is a press sent again where a record for a later question does not count it, and only there", () => {
  withClock(tick => {
    const { seen, keeper } = presses();
    const pressed = Date.now();
    keeper.press("train", 3, false);
    keeper.heard(3, pressed - 500); // an answer to what was asked before
    keeper.heard(3, pressed);
    assert.deepEqual(seen.sent, ["train"], "it may still be on its way");
    tick(500);
    keeper.heard(3, pressed + 400);
    assert.deepEqual(seen.sent, ["train", "train"], "it never got there");
    keeper.heard(3, pressed + 450);
    assert.deepEqual(seen.sent, ["train", "train"], "asked before it was sent again");
    keeper.heard(4, pressed + 600);
    assert.deepEqual([seen.sent.length, keeper.id], [2, null]);
  });
});

test("is a press that waits for the bench's line not taken for lost", () => {
  const sent = [];
  const keeper = pressKeeper({ send: id => sent.push(id), ask: () => {}, changed: () => {} });
  keeper.press("stop", 0, false);
  keeper.heard(0, Date.now() + 5000);
  assert.deepEqual(sent, ["stop"]);
  keeper.stop();
});

test("is a press sent again where the connection lost it, and only there", () => {
  for (const [counted, sent] of [
    [3, ["train", "train"]],
    [4, ["train"]],
  ]) {
    withClock(tick => {
      const { seen, keeper } = presses();
      keeper.press("train", 3, false);
      tick(100);
      keeper.connection(true);
      tick(100);
      keeper.connection(false);
      assert.equal(seen.asked, 1);
      tick(100);
      keeper.heard(counted, Date.now());
      keeper.heard(4, Date.now());
      assert.deepEqual([seen.sent, keeper.id], [sent, null]);
    });
  }
  withClock(tick => {
    const { seen, keeper } = presses();
    keeper.press("stop", 0, true);
    keeper.heard(0, Date.now() - 1);
    assert.deepEqual(seen.sent, [], "there is nobody to send it to");
    keeper.connection(false);
    tick(100);
    keeper.heard(0, Date.now());
    assert.deepEqual(seen.sent, ["stop"]);
    keeper.stop();
  });
});

test("is a press taken along to the page that opens next, once and at this address only", () => {
  const store = new Map();
  globalThis.sessionStorage = {
    getItem: key => store.get(key) ?? null,
    setItem: (key, value) => store.set(key, value),
    removeItem: key => store.delete(key),
  };
  globalThis.location = { search: "?epochs=7" };
  assert.equal(pressLeft(), null);
  leavePress(null);
  leavePress("train");
  assert.deepEqual([pressLeft(), pressLeft()], ["train", null]);
  leavePress("train");
  globalThis.location = { search: "?epochs=8" };
  assert.equal(pressLeft(), null);
  for (const text of ["{", "null", "[]", '{"id": 5, "search": "?epochs=8"}']) {
    store.set("corner-lab-press", text);
    assert.equal(pressLeft(), null, text);
  }
});

test("is a press that was left made once its button is there, and told where that does not come", () => {
  const header = {
    actions: { end: [{ id: "train" }, { id: "next" }], running: [{ id: "stop" }] },
    arriving: false,
    awaited: false,
    ask: null,
    growing: false,
  };
  assert.equal(leftPressNow("train", header, true), "press");
  assert.equal(leftPressNow("train", { ...header, arriving: true }, true), "wait", "the link's run is still to come");
  assert.equal(leftPressNow("train", { ...header, awaited: true }, true), "wait");
  assert.equal(leftPressNow("continue", { ...header, ask: 300 }, true), "wait", "it may still be found");
  assert.equal(leftPressNow("continue", header, true), "tell");
  assert.equal(leftPressNow("target:5", header, true), "press");
  assert.equal(leftPressNow("stop", { ...header, growing: true }, false), "wait", "it has not come as far as it was");
  assert.equal(leftPressNow("stop", { ...header, growing: true }, true), "press");
  assert.equal(leftPressNow("stop", header, true), "tell");
});

for (const [what, knows, answers, opened, sent] of [
  ["is forgotten", [false], false, 1, 0],
  ["is answered", [true, true], true, 0, 1],
  ["hears nothing though the server is there", [true, true], false, 1, 1],
  ["hears nothing as the server is gone by then", [true, null], false, 0, 1],
  ["is alone", [null], false, 0, 0],
]) {
  test(`is a page opened again after a sleep that ${what}`, async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    try {
      const { app } = connection();
      const asked = [];
      let [again, looks] = [0, 0];
      const there = stillThere({
        ask: value => asked.push(value),
        known: async () => knows[looks++],
        again: () => again++,
        signal: new AbortController().signal,
        app,
      });
      mock.timers.tick(1);
      await there.look();
      assert.equal(asked.length, sent);
      there.heard(null);
      if (answers) there.heard(asked[0]);
      mock.timers.tick(20_000);
      await soon();
      assert.equal(again, opened);
    } finally {
      mock.timers.reset();
    }
  });
}
