// @ts-check
// The keys of time: space, arrows, home and end, wherever the focus is not on something that uses them itself.

/**
 * @import { Actions } from "../app/actions.js"
 */

const PLAY = new Set([" "]);
const MOVE = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

// What a key does: ["toggle"], ["step", by] or ["seek", epoch]; null for a key that is not ours.
/** @type {(key: string, shift?: boolean) => ["toggle"] | ["step" | "seek", number] | null} */
export function timeCommand(key, shift = false) {
  if (key === " ") return shift ? null : ["toggle"];
  if (key === "ArrowLeft" || key === "ArrowRight") return ["step", (key === "ArrowLeft" ? -1 : 1) * (shift ? 10 : 1)];
  if (shift) return null;
  return key === "Home" ? ["seek", 0] : key === "End" ? ["seek", Infinity] : null;
}

// Whether the element with the focus has its own use for a key; what is marked `data-time` leaves all of them to us.
/** @type {(node: Element, key: string) => boolean} */
export function usesKey(node, key) {
  if (node.closest("[data-time]")) return false;
  if (node.closest("select, textarea, dialog, [role=dialog], [contenteditable], input")) return true;
  if (PLAY.has(key)) return Boolean(node.closest("button, a, summary, [role=button], [role=checkbox], [role=switch]"));
  return (
    MOVE.has(key) &&
    Boolean(
      node.closest(
        "[role=spinbutton], [role=slider], [role=group] button, [role=grid], [role=tablist], [role=radiogroup], [role=menu]",
      ),
    )
  );
}

// `actions` offers runs(), toggle(), step(by, rest), seek(epoch, rest). `signal` takes the keys off the page again.
/** @type {(root: ShadowRoot, lab: HTMLElement, actions: Actions, signal: AbortSignal) => void} */
export function bindKeys(root, lab, actions, signal) {
  const onKey = ev => {
    if (ev.defaultPrevented || ev.ctrlKey || ev.metaKey || ev.altKey || !actions.runs()) return;
    const node = ev.composedPath()[0];
    const wish = timeCommand(ev.key, ev.shiftKey);
    // Ours: the stage, and what merely holds it, which is where the focus is when nothing has it.
    if (!wish || !node.closest || !(root.contains(node) || node.contains(root.host ?? lab))) return;
    if (root.contains(node) && usesKey(node, ev.key)) return;
    if (!root.contains(node) && !inSight(lab)) return;
    ev.preventDefault();
    ev.stopPropagation();
    const [what, value] = wish;
    if (what === "toggle") {
      if (!ev.repeat) actions.toggle();
    } else actions[what](value, 250);
  };
  lab.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onKey, { signal });
}

// Far down the page, space scrolls as it always does.
/** @type {(node: Element) => boolean} */
function inSight(node) {
  const box = node.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}
