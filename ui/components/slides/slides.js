// @ts-check
// Listens to the keys of a talk, and tells Python what they ask for.

import { whenGone } from "../stage/sync/lifecycle.js";
import { wishOf } from "./talk_keys.js";

const LOST_AFTER = 3000; // ms after which a step that has not come is no longer counted on

export default function slides({ parentElement, data, setTriggerValue }) {
  const S = (parentElement.cornerLabSlides ??= mounted());
  S.send = setTriggerValue;
  if (data) {
    Object.assign(S, { at: data.step, steps: data.steps });
    if (S.wanted === S.at) S.wanted = null;
    document.body.dataset.storyStep = String(S.at); // from which a key leads on
  }
  return whenGone(parentElement, () => ended(S, parentElement));
}

function mounted() {
  const S = { at: 1, steps: 0, wanted: null, since: 0, send: () => {}, life: new AbortController() };
  window.addEventListener("keydown", ev => pressed(S, ev), { signal: S.life.signal, capture: true });
  return S;
}

function ended(S, root) {
  delete document.body.dataset.storyStep;
  S.life.abort();
  delete root.cornerLabSlides;
}

function pressed(S, ev) {
  const now = performance.now();
  const at = S.wanted !== null && now - S.since < LOST_AFTER ? S.wanted : S.at;
  const found = wishOf(ev, at, S.steps);
  if (found === null) return;
  if (found === "notes") {
    S.send("notes", true);
    return;
  }
  if (found === at) return;
  Object.assign(S, { wanted: found, since: now });
  S.send("go", found); // where to, not by how much: two presses may become one
}
