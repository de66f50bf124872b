// @ts-check
// The keys of a talk: the remote's Page Down and Page Up, the arrows, N for the notes.

import { whenGone } from "../stage/sync/lifecycle.js";
import { usesKey } from "../stage/timeline/keys.js";

const TURNS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };
const LOST_AFTER = 3000; // ms after which a step that has not come is no longer counted on

// What a key asks for: the step to go to, "notes", or null for a key that is not ours. An arrow belongs to a control
// that has the focus and uses it; the remote's keys never do.
export function wish(key, node, at, steps) {
  if (key === "n" || key === "N") return usesKey(node, key) ? null : "notes";
  const by = TURNS[key];
  if (!by || (key.startsWith("Arrow") && (node.closest("[data-time]") || usesKey(node, key)))) return null;
  return Math.max(1, Math.min(steps, at + by));
}

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

// Before anything else on the page: Page Down would scroll, and the stage has its own use for the arrows.
function pressed(S, ev) {
  const node = ev.composedPath()[0];
  if (!S.steps || ev.ctrlKey || ev.metaKey || ev.altKey || ev.shiftKey || !node.closest) return;
  const now = performance.now();
  const at = S.wanted !== null && now - S.since < LOST_AFTER ? S.wanted : S.at;
  const found = wish(ev.key, node, at, S.steps);
  if (found === null) return;
  ev.preventDefault();
  ev.stopPropagation();
  if (ev.repeat) return;
  if (found === "notes") {
    S.send("notes", true);
    return;
  }
  if (found === at) return;
  Object.assign(S, { wanted: found, since: now });
  S.send("go", found); // where to, not by how much: two presses may become one
}
