// Which entries the browser's history gets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keepEntries } from "../../ui/components/stage/sync/entries.js";
import { nextEntry, OURS } from "../../ui/components/stage/sync/url.js";

// A browser with one entry, as far as `keepEntries` looks at it: `did` says what somebody does, `entries` what it holds.
function browser(first) {
  const held = [first];
  const listeners = {};
  const at = new URL(first, "http://lab");
  const go = text => {
    at.href = new URL(text, at).href;
  };
  const write = (place, text) => {
    held[place] = text;
    go(text);
  };
  globalThis.history = {
    pushState: (_state, _title, text) => write(held.length, text),
    replaceState: (_state, _title, text) => write(held.length - 1, text),
  };
  globalThis.location = at;
  globalThis.window = { addEventListener: (name, heard) => Object.assign(listeners, { [name]: heard }) };
  delete globalThis.cornerLabEntries;
  keepEntries();
  return {
    entries: () => held,
    did: name => listeners[name]({ type: name }),
    back() {
      held.pop();
      go(held.at(-1));
      this.did("popstate");
    },
  };
}

// What the history holds after Streamlit has pushed these addresses, none of them after a deed of the visitor.
function entries(first, pushed) {
  const { entries: held } = browser(first);
  for (const next of pushed) globalThis.history.pushState({}, "", next);
  return held();
}

test("does a page make one entry, in whatever order Streamlit writes page and words", () => {
  assert.deepEqual(entries("/?v=1&epoch=5", ["/autopsy", "/autopsy?seed=1"]), ["/?v=1&epoch=5", "/autopsy?seed=1"]);
  assert.deepEqual(entries("/story?step=3", ["/story?seed=1", "/?seed=1"]), ["/story?step=3", "/?seed=1"]);
  assert.deepEqual(entries("/story", ["/story?step=2"]), ["/story", "/story?step=2"]);
  assert.deepEqual(entries("/?seed=1", ["/?seed=2"]), ["/?seed=1", "/?seed=2"]);
});

test("do words that stand there already make no entry, whatever the stage has added", () => {
  const now = "/?start=1,2&v=1&pixels=7&weights=1,2&locks=k0&epoch=5&embed=true";
  assert.deepEqual(entries(now, ["/?start=1%2C2", "/?v=1&epoch=9&start=1,2"]), [now]);
});

test("do page and words that come late leave the entry alone to which somebody has stepped", () => {
  const page = browser("/story?step=3");
  page.did("pointerdown");
  for (const next of ["/", "/?epochs=20"]) globalThis.history.pushState({}, "", next);
  globalThis.history.replaceState(OURS, "", "/?epochs=20&v=1&epoch=19");
  assert.deepEqual(page.entries(), ["/story?step=3", "/?epochs=20&v=1&epoch=19"]);
  page.back();
  globalThis.history.replaceState({}, "", "/story?epochs=20"); // as Streamlit does until it has the answer to the step
  for (const next of ["/?epochs=20", "/story?epochs=20"]) globalThis.history.pushState({}, "", next);
  assert.deepEqual(page.entries(), ["/story?step=3"]);
  globalThis.history.replaceState(OURS, "", "/story?step=3&v=1");
  page.did("keydown");
  globalThis.history.pushState({}, "", "/story?step=4");
  assert.deepEqual(page.entries(), ["/story?step=3&v=1", "/story?step=4"]);
});

const AT = {
  search: "?seed=1&v=1&epoch=5",
  run: "b",
  words: { seed: "1" },
  leads: true,
  moving: false,
  leaving: false,
  entry: { run: "a", python: '[["seed","1"]]' },
  state: [
    ["v", "1"],
    ["epoch", "7"],
  ],
  end: [
    ["v", "1"],
    ["epoch", "9"],
  ],
};
const next = more => nextEntry({ ...AT, ...more });

test("does a run make an entry, once, unless its settings have just made one", () => {
  assert.deepEqual(next({}), { search: "?seed=1&v=1&epoch=7", push: true });
  assert.deepEqual(next({ moving: true }), { search: "?seed=1&v=1&epoch=9", push: true }, "as a link to its end");
  assert.deepEqual(next({ run: "a" }), { search: "?seed=1&v=1&epoch=7", push: false });
  assert.equal(next({ run: "a", moving: true }), null);
  assert.equal(next({ entry: null, moving: true }), null, "a link has led to it, and says where it is to rest");
  assert.equal(next({ entry: null, moving: true, search: "?seed=1" }).search, "?seed=1&v=1&epoch=9");
  assert.equal(next({ entry: { run: "a", python: "[]" } }).push, false, "Python has written the seed since");
  assert.equal(next({ entry: null }).push, false, "after a step back it is the entry's own");
  assert.equal(next({ leads: false }).push, false, "no link leads to it");
  assert.equal(next({ search: "?seed=1&v=1&epoch=7" }).push, false, "the same again");
});

test("is an entry left alone while Python is about to push another", () => {
  assert.equal(next({ run: "a", words: { seed: "2" } }), null);
  assert.equal(next({ words: { seed: "2" }, leads: false }), null);
  const begun = next({ words: { seed: "1", start: "1,2" } });
  assert.deepEqual(begun, { search: "?seed=1&start=1%2C2&v=1&epoch=7".replaceAll("%2C", ","), push: true });
});

test("is what shows written when the page is left, also while it moves", () => {
  const left = next({ run: "a", moving: true, leaving: true });
  assert.deepEqual(left, { search: "?seed=1&v=1&epoch=7", push: false });
});
