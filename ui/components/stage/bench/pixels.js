// @ts-check
// Choosing the pattern on the bench: pixels by click, stroke and keyboard, the index by typing, the ready-made ones.
import { tr } from "../../language/tr.js";
import { typedIndex } from "../canvas/format.js";
import { bit } from "../network/forward.js";
import { nearestWrong } from "../network/verdict.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { Ui } from "../canvas/dom.js"
 */

/** @typedef {{ pixels(): number, setPixels(p: number, moving?: boolean): void, rested(): void }} Painting */

// `actions` offers pixels(), setPixels(p, moving), rested(), tell(message), view().
/** @type {(root: ShadowRoot, ui: Ui, actions: Actions) => void} */
export function bindPixels(root, ui, actions) {
  bindPixelCells(root, ui, actions);
  ui.index.addEventListener("keydown", ev => ev.stopPropagation());
  ui.index.addEventListener("change", () => {
    const index = typedIndex(ui.index.value);
    actions.tell(index === null ? tr("A pattern index is a whole number from 0 to 511. The old one stays.") : "");
    if (index === null) ui.index.value = String(actions.pixels());
    else actions.setPixels(index);
  });
  ui.toTarget.addEventListener("click", () => actions.setPixels(actions.view().places.targets[0]));
  ui.clear.addEventListener("click", () => actions.setPixels(0));
  ui.invert.addEventListener("click", () => actions.setPixels(511 - actions.pixels()));
  ui.random.addEventListener("click", () =>
    actions.setPixels((actions.pixels() + 1 + Math.floor(Math.random() * 511)) % 512),
  );
  ui.hardest.addEventListener("click", () => {
    const { zs, flags, threshold, sum } = actions.view();
    actions.setPixels(nearestWrong(zs, flags, threshold, 1)[0]);
    if (sum.right === 512) actions.tell(tr("All 512 are right; this one is nearest to the wrong side."), true);
  });
}

// The nine cells: by click, stroke and keyboard.
/** @type {(root: ShadowRoot, ui: Ui, actions: Painting) => void} */
export function bindPixelCells(root, ui, actions) {
  bindPainting(root, ui, actions);
  ui.px.addEventListener("keydown", ev => {
    const at = ui.pixelCells.indexOf(ev.target);
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[ev.key];
    if (at < 0 || !way || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    ev.preventDefault();
    ev.stopPropagation();
    const to = at + way;
    const sameRow = Math.floor(to / 3) === Math.floor(at / 3);
    if (to < 0 || to > 8 || (Math.abs(way) === 1 && !sameRow)) return;
    ui.pixelCells.forEach((cell, i) => {
      cell.tabIndex = i === to ? 0 : -1;
    });
    ui.pixelCells[to].focus();
  });
}

// The first pixel touched decides whether the stroke fills or clears.
/** @type {(root: ShadowRoot, ui: Ui, actions: Painting) => void} */
function bindPainting(root, ui, actions) {
  const cellAt = ev => ui.pixelCells.indexOf(root.elementFromPoint(ev.clientX, ev.clientY));
  const flip = (i, moving) => actions.setPixels(actions.pixels() ^ (1 << i), moving);
  /** @type {number | null} */
  let paint = null;
  let byPointer = false;
  ui.px.addEventListener("pointerdown", ev => {
    const i = cellAt(ev);
    if (i < 0 || ev.button !== 0) return;
    ui.px.setPointerCapture(ev.pointerId);
    byPointer = true;
    paint = 1 - bit(actions.pixels(), i);
    flip(i, true);
    ui.pixelCells[i].focus({ preventScroll: true });
    ui.pixelCells.forEach((cell, j) => {
      cell.tabIndex = i === j ? 0 : -1;
    });
  });
  ui.px.addEventListener("pointermove", ev => {
    const i = paint === null ? -1 : cellAt(ev);
    if (i >= 0 && bit(actions.pixels(), i) !== paint) flip(i, true);
  });
  for (const type of ["pointerup", "pointercancel"])
    ui.px.addEventListener(type, () => {
      if (paint !== null) actions.rested();
      paint = null;
    });
  // A click without a pointer is a key or an assistive tool.
  ui.px.addEventListener("click", ev => {
    const i = ui.pixelCells.indexOf(ev.target.closest?.(".pixel"));
    if (i >= 0 && (!byPointer || ev.detail === 0)) flip(i);
    byPointer = false;
  });
}
