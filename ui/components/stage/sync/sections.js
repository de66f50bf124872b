// @ts-check
// What stands below the stage on the page, as far as it is there, and the way to it.
import { situation } from "../core/messages.js";

/**
 * @import { Ui } from "../canvas/dom.js"
 * @import { View } from "../core/frame_view.js"
 */

/** @typedef {"study" | "why" | "take" | "finding"} Section "finding": the first of those that are issues */

// What gets the focus: a heading, or what opens the section.
/** @type {Record<Section, string>} */
const PLACES = {
  study: ".st-key-study h3",
  why: ".st-key-why h3",
  take: ".st-key-take summary",
  finding: ".st-key-why h5",
};

/** @type {(section: Section) => HTMLElement | null} */
const placeOf = section => document.querySelector(PLACES[section]);

const ELEMENT = '[data-testid="stElementContainer"], [class*="st-key-take"]';
const REMEDY = '[class*="st-key-remedy-"] button';
const GROWS_FOR = 3000; // ms

// Calls `changed` with those that are there, whenever others are. What is drawn on the stage is no change of the page.
/** @type {(changed: (there: Set<Section>) => void, signal: AbortSignal) => void} */
export function watchSections(changed, signal) {
  let before = "";
  const look = () => {
    const there = /** @type {Section[]} */ (Object.keys(PLACES)).filter(placeOf);
    if (there.join() === before) return;
    before = there.join();
    changed(new Set(there));
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => watch.disconnect());
  look();
}

// Shows the links to what is there; that to the finding stands beside the outcome, where its place is kept until it comes.
/** @type {(ui: Ui, view: View, there: Set<Section>) => void} */
export function showWays(ui, view, there) {
  for (const link of ui.ways.children) link.hidden = !there.has(link.dataset.to);
  ui.ways.hidden = ![...ui.ways.children].some(link => !link.hidden);
  ui.toFinding.hidden = situation(view) !== "end";
  ui.toFinding.style.visibility = there.has("finding") ? "" : "hidden";
}

// And back: whoever takes a remedy sees it trained.
/** @type {(ui: Ui, signal: AbortSignal) => void} */
export function bindWays(ui, signal) {
  const taken = ev => {
    if (!(/** @type {Element} */ (ev.target).closest?.(REMEDY))) return;
    setTimeout(() => {
      ui.say.focus({ preventScroll: true }); // the button goes
      ui.say.scrollIntoView({ block: "start" });
    }); // once it was heard
  };
  document.addEventListener("click", taken, { signal, capture: true });
  for (const link of [ui.toFinding, ...ui.ways.children])
    link.addEventListener("click", ev => {
      ev.preventDefault(); // the address is the stage's
      leadTo(link.dataset.to);
    });
}

// Moves the focus there, opens what is folded, and scrolls there.
/** @type {(section: Section) => void} */
function leadTo(section) {
  const place = placeOf(section);
  const whole = place?.closest(section === "finding" ? '[class*="st-key-why-"]' : ELEMENT);
  if (!place || !whole) return;
  if (place.tagName !== "SUMMARY") place.tabIndex = -1;
  place.focus({ preventScroll: true });
  keepAtTop(whole);
  const fold = whole.querySelector("details");
  if (fold && !fold.hasAttribute("open")) fold.querySelector("summary")?.click();
}

// At the window's top also while the page still grows, as what was opened is filled; until the visitor does something.
/** @type {(whole: Element) => void} */
function keepAtTop(whole) {
  const life = new AbortController();
  const watch = new ResizeObserver(() => whole.scrollIntoView({ block: "start" }));
  life.signal.addEventListener("abort", () => watch.disconnect());
  for (const type of ["wheel", "pointerdown", "keydown"])
    window.addEventListener(type, () => life.abort(), { signal: life.signal, capture: true, passive: true });
  setTimeout(() => life.abort(), GROWS_FOR);
  whole.scrollIntoView({ block: "start" });
  watch.observe(/** @type {Element} */ (whole.closest('[data-testid="stMainBlockContainer"]')));
}
