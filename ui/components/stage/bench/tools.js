// @ts-check
// The tools below the bench: undo and redo, the lock, the written sum, the help; and their keys.
import { tr } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { sumLines } from "./formula.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 * @import { UndoStack } from "../core/undo_stack.js"
 */

// `actions` offers addressed() (the address says all now), undo(), redo(), locking(on), view(), tell(message, kind). Listeners on the window end with `signal`.
/** @type {(ui: Ui, actions: Actions, signal: AbortSignal) => void} */
export function bindTools(ui, actions, signal) {
  ui.undo.addEventListener("click", () => actions.undo());
  ui.redo.addEventListener("click", () => actions.redo());
  ui.lock.addEventListener("click", () => actions.locking(!actions.locking()));
  ui.sumShow.addEventListener("click", () => {
    ui.sumBox.hidden = !ui.sumBox.hidden;
    attribute(ui.sumShow, "aria-expanded", String(!ui.sumBox.hidden));
    put(ui.sumText, sumLines(actions.view()).join("\n"));
  });
  ui.sumCopy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(ui.sumText.textContent);
      actions.tell(tr("Copied."), true);
    } catch {
      // no permission, or not a secure page: select it for Ctrl+C
      getSelection()?.selectAllChildren(ui.sumText);
      actions.tell(tr("Press Ctrl+C to copy the sum."), true);
    }
  });
  ui.copyLink.addEventListener("click", async () => {
    actions.addressed();
    try {
      await navigator.clipboard.writeText(location.href);
      actions.tell(tr("The link is copied."), true);
    } catch {
      actions.tell(tr("The link is in the address bar: copy it there."), true);
    }
  });
  for (const [node, which] of [
    [ui.makeTarget, "make"],
    [ui.alsoTarget, "toggle"],
  ])
    node.addEventListener("click", () => {
      const { pixels, record } = actions.view();
      const id = targetTools(record.header.wanted, pixels)[which];
      if (id) actions.press(id);
    });
  ui.help.addEventListener("click", () => ui.helpBox.showModal());
  window.addEventListener(
    "keydown",
    ev => {
      if (!isText(ev.composedPath()[0])) onKey(ui, actions, ev);
    },
    { signal },
  );
}

/** @type {(ui: Ui, actions: Actions, ev: KeyboardEvent) => void} */
function onKey(ui, actions, ev) {
  const command = (ev.ctrlKey || ev.metaKey) && !ev.altKey;
  const key = ev.key.toLowerCase();
  if (command && key === "z") {
    if (ev.shiftKey) actions.redo();
    else actions.undo();
  } else if (command && key === "y") actions.redo();
  else if (ev.key === "?" && !command && !ui.helpBox.open) ui.helpBox.showModal();
  else return;
  ev.preventDefault();
  ev.stopPropagation();
}

// Where keys are text, they are not commands.
/** @type {(node: any) => boolean} */
export function isText(node) {
  return Boolean(node?.closest?.("input:not([type=range]), textarea, [contenteditable=true]"));
}

// What the pattern on the bench can be to the settings, as presses that Python knows; "" where there is nothing to do.
/** @type {(wanted: number[], pattern: number) => { make: string, toggle: string, is: boolean, says: string }} */
export function targetTools(wanted, pattern) {
  const is = wanted.includes(pattern);
  const only = is && wanted.length === 1;
  return {
    make: only ? "" : `target:${pattern}`,
    toggle: only ? "" : `${is ? "not" : "also"}:${pattern}`,
    is,
    says: only ? tr("The only target") : is ? tr("No longer a target") : tr("Also a target"),
  };
}

/** @type {(ui: Ui, view: View, past: UndoStack, locking: boolean) => void} */
export function showTools(ui, view, past, locking) {
  const target = targetTools(view.record.header.wanted, view.pixels);
  attribute(ui.makeTarget, "data-tip", tr("Make this pattern the only target"));
  attribute(ui.alsoTarget, "aria-pressed", String(target.is));
  attribute(ui.alsoTarget, "aria-label", target.is ? tr("A target") : tr("Also a target"));
  attribute(ui.alsoTarget, "data-tip", target.says);
  for (const [node, off] of [
    [ui.makeTarget, !target.make],
    [ui.alsoTarget, !target.toggle],
    [ui.undo, !past.canUndo],
    [ui.redo, !past.canRedo],
  ])
    if (node.disabled !== off) node.disabled = off;
  attribute(ui.lock, "aria-pressed", String(locking));
  if (!ui.sumBox.hidden) put(ui.sumText, sumLines(view).join("\n"));
}
