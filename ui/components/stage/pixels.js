// Choosing the pattern on the bench: pixels by click, stroke and keyboard, the index by typing, the ready-made ones.
import { bit } from "./forward.js";
import { typedIndex } from "./format.js";
import { nearestWrong } from "./nearest.js";

// `deed` offers pixels(), setPixels(p, moving), rested(), tell(message), view().
export function bindPixels(root, ui, deed) {
  bindPainting(root, ui, deed);
  ui.px.addEventListener("keydown", ev => {
    const at = ui.pixelCells.indexOf(ev.target), way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[ev.key];
    if (at < 0 || !way || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    ev.preventDefault(); ev.stopPropagation();
    const to = at + way, sameRow = Math.floor(to / 3) === Math.floor(at / 3);
    if (to < 0 || to > 8 || (Math.abs(way) === 1 && !sameRow)) return;
    ui.pixelCells.forEach((cell, i) => { cell.tabIndex = i === to ? 0 : -1; });
    ui.pixelCells[to].focus();
  });
  ui.index.addEventListener("keydown", ev => ev.stopPropagation());
  ui.index.addEventListener("change", () => {
    const index = typedIndex(ui.index.value);
    deed.tell(index === null ? "A pattern index is a whole number from 0 to 511. The old one stays." : "");
    if (index === null) ui.index.value = String(deed.pixels()); else deed.setPixels(index);
  });
  ui.toTarget.addEventListener("click", () => deed.setPixels(deed.view().places.targets[0]));
  ui.clear.addEventListener("click", () => deed.setPixels(0));
  ui.invert.addEventListener("click", () => deed.setPixels(511 - deed.pixels()));
  ui.random.addEventListener("click", () => deed.setPixels((deed.pixels() + 1 + Math.floor(Math.random() * 511)) % 512));
  ui.hardest.addEventListener("click", () => {
    const { zs, flags, threshold, sum } = deed.view();
    deed.setPixels(nearestWrong(zs, flags, threshold, 1)[0]);
    if (sum.right === 512) deed.tell("All 512 are right; this one is nearest to the wrong side.", true);
  });
}

// The first pixel touched decides whether the stroke fills or clears.
function bindPainting(root, ui, deed) {
  const cellAt = ev => ui.pixelCells.indexOf(root.elementFromPoint(ev.clientX, ev.clientY));
  const flip = (i, moving) => deed.setPixels(deed.pixels() ^ (1 << i), moving);
  let paint = null, byPointer = false;
  ui.px.addEventListener("pointerdown", ev => {
    const i = cellAt(ev);
    if (i < 0 || ev.button !== 0) return;
    ui.px.setPointerCapture(ev.pointerId);
    byPointer = true; paint = 1 - bit(deed.pixels(), i);
    flip(i, true); ui.pixelCells[i].focus({ preventScroll: true });
    ui.pixelCells.forEach((cell, j) => { cell.tabIndex = i === j ? 0 : -1; });
  });
  ui.px.addEventListener("pointermove", ev => {
    const i = paint === null ? -1 : cellAt(ev);
    if (i >= 0 && bit(deed.pixels(), i) !== paint) flip(i, true);
  });
  for (const type of ["pointerup", "pointercancel"]) ui.px.addEventListener(type, () => { if (paint !== null) deed.rested(); paint = null; });
  // A click without a pointer is a key or an assistive tool.
  ui.px.addEventListener("click", ev => {
    const i = ui.pixelCells.indexOf(ev.target.closest?.(".pixel"));
    if (i >= 0 && (!byPointer || ev.detail === 0)) flip(i);
    byPointer = false;
  });
}
