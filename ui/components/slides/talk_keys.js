// @ts-check
// The keys of a talk: the remote's Page Down and Page Up, the arrows, N for the notes.
import { usesKey } from "../stage/timeline/keys.js";

const TURNS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };

// What a key asks for: the step to go to, "notes", or null for a key that is not ours. An arrow belongs to a control
// that has the focus and uses it; the remote's keys never do.
/** @type {(key: string, node: Element, at: number, steps: number) => number | "notes" | null} */
export function wish(key, node, at, steps) {
  if (key === "n" || key === "N") return usesKey(node, key) ? null : "notes";
  const by = TURNS[key];
  if (!by || (key.startsWith("Arrow") && (node.closest("[data-time]") || usesKey(node, key)))) return null;
  return Math.max(1, Math.min(steps, at + by));
}

// The same of a key that was pressed, which nothing else gets then: Page Down would scroll, and the stage has its own
// use for the arrows. Null too for one that is held down. To be heard before anything else on the page.
/** @type {(ev: KeyboardEvent, at: number, steps: number) => number | "notes" | null} */
export function wishOf(ev, at, steps) {
  const node = /** @type {Element} */ (ev.composedPath()[0]);
  if (!steps || ev.ctrlKey || ev.metaKey || ev.altKey || ev.shiftKey || !node.closest) return null;
  const found = wish(ev.key, node, at, steps);
  if (found === null) return null;
  ev.preventDefault();
  ev.stopPropagation();
  return ev.repeat ? null : found;
}
