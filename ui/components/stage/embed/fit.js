// @ts-check
// Fits the parts that an address asks for to the frame, and tells the page around it how much room they want.
import { fittedLayout, wantedHeight } from "./layout.js";
import { partsOf, showWords, wrongPartsSentence } from "./parts.js";

/**
 * @import { RecordHeader } from "../core/record.js"
 * @import { Ui } from "../canvas/dom.js"
 */

// As the stage's own style sheet calls them; the others' names are the same.
const OWN_NAMES = { transport: "move" };
const PART_NODES = {
  atlas: ".atlas",
  curves: "#curves",
  transport: "#move",
  picture: "#sceneryPart",
  outcome: ".outcome",
};

// The parts to be fitted: in the app Python says them, in a file the address does; null for the whole page.
/** @type {(header: RecordHeader, host: Element | undefined) => string[] | null} */
export function partsToFit({ guest, parts }, host) {
  if (!guest) return parts;
  return host instanceof HTMLElement && host.dataset.show ? host.dataset.show.split(" ") : null;
}

// In a file: the address's parts for its stage, and what is wrong with them.
/** @type {(host: HTMLElement) => string} */
export function showOnly(host) {
  const texts = showWords(location.search, location.hash);
  if (!texts) return "";
  const found = partsOf(texts);
  host.dataset.show = found.parts.join(" ");
  document.documentElement.dataset.show = host.dataset.show;
  return wrongPartsSentence(found);
}

// Call when a record has come and when the frame's size has changed. Writes nothing that stands there.
/** @type {(lab: HTMLElement, ui: Ui, parts: string[] | null, header: RecordHeader) => void} */
export function fitToFrame(lab, ui, parts, header) {
  if (!parts) {
    if (lab.dataset.fitted) unfit(lab);
    return;
  }
  const host = /** @type {ShadowRoot} */ (lab.getRootNode()).host;
  const top = Math.max(0, Math.round(host?.getBoundingClientRect().top ?? 0)); // below what is said of the link
  const [width, height] = [document.documentElement.clientWidth, innerHeight - top];
  if (width <= 0 || height <= 0) return; // a slide that does not show yet
  const network = { several: header.kernels > 1, pair: header.head === "softmax" && header.second_conv };
  const key = JSON.stringify([parts, top, width, height, network]);
  if (lab.dataset.fitted === key) return;
  lab.dataset.fitted = key;
  const fitted = fittedLayout(parts, width, height, network);
  Object.assign(lab.dataset, {
    parts: parts.map(name => OWN_NAMES[name] ?? name).join(" "),
    detail: fitted.detail,
    bench: fitted.corner ? "corner" : "line",
    atlas: (fitted.boxes.atlas?.w ?? 0) < 430 * fitted.k ? "narrow" : "wide",
    curves: fitted.curvesBeside ? "beside" : "above",
    transport: fitted.transportInLine ? "line" : "two",
    outcome: fitted.outcomeAcross ? "across" : "two",
  });
  lab.style.setProperty("--fit", fitted.k.toFixed(4));
  lab.style.top = `${top}px`;
  const nodes = { sum: ui.headPart.previousElementSibling, head: ui.headPart };
  for (const [name, selector] of Object.entries(PART_NODES)) nodes[name] = lab.querySelector(selector);
  for (const [name, { x, y, w, h }] of Object.entries(fitted.boxes)) {
    // One pixel of the line between it and what follows.
    const [right, below] = [x + w < width - 1 ? 1 : 0, y + h < height - 1 ? 1 : 0];
    Object.assign(nodes[name].style, {
      left: `${x}px`,
      top: `${y}px`,
      width: `${w - right}px`,
      height: `${h - below}px`,
    });
  }
  tellSize(width, top + wantedHeight(parts, width, network));
}

// Another link of the same session may show the whole page.
/** @type {(lab: HTMLElement) => void} */
function unfit(lab) {
  for (const name of ["fitted", "parts", "detail", "bench", "atlas", "curves", "transport", "outcome"])
    delete lab.dataset[name];
  lab.style.removeProperty("--fit");
  lab.style.removeProperty("top");
  const nodes = /** @type {HTMLElement[]} */ ([...lab.querySelectorAll(":scope > .outcome, .stage > *")]);
  for (const { style } of nodes) for (const name of ["left", "top", "width", "height"]) style.removeProperty(name);
}

// What the page around the frame may do with it is in docs/embed.md.
/** @type {(width: number, height: number) => void} */
function tellSize(width, height) {
  if (window.parent !== window) window.parent.postMessage({ "corner-lab": "size", width, height }, "*");
}
