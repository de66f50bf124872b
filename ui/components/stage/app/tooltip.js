// @ts-check
// The one tooltip of the stage: what a term comes to, or what a control does (`data-tip`). On hover after a moment, on the
// keyboard's focus, and where a term is clicked or tapped until it is again, or something else is, or Escape. A control that
// has `data-tap` says its own to a finger too.
import { tr } from "../../language/tr.js";
import { attribute, put } from "../canvas/dom.js";
import { TERMS } from "../canvas/terms.js";
import { explained } from "../explain/explained.js";

/**
 * @import { State } from "./state.js"
 */

const AFTER = 450; // ms of hovering
const AWAY = 6; // px from what it explains, and
const EDGE = 8; // from the window's edges
const HOSTS = "[data-term], [data-tip]";

export const TIP = `
<div class="explain" id="explain" role="tooltip" hidden><b id="explainWord"></b> <span id="explainText"></span> <a id="explainMore" class="online" target="_blank" rel="noopener">${tr("Glossary")}</a></div>`;

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

// Below what it explains, above it where there is no room, and never beyond the window's sides.
/** @type {(of: Box, w: number, h: number, room: Box) => [number, number]} */
export function tipPlace(of, w, h, room) {
  const left = Math.max(room.left, Math.min(room.right - w, of.left));
  const above = of.top - AWAY - h;
  return [left, of.bottom + AWAY + h <= room.bottom || above < room.top ? of.bottom + AWAY : above];
}

// Returns what writes the tooltip's numbers anew; `S.view` is what they are from.
/** @type {(S: State) => () => void} */
export function bindTooltip(S) {
  const { lab, ui } = S;
  const { signal } = S.life;
  /** @type {{ host: any, how: "hover" | "focus" | "pinned" | "" }} */
  const now = { host: null, how: "" };
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    if (!now.host) return;
    speaker(now.host)?.removeAttribute("aria-describedby");
    Object.assign(now, { host: null, how: "" });
    ui.explain.hidden = true;
  };
  const show = (host, how) => {
    hide();
    if (!S.view || !host.isConnected) return;
    Object.assign(now, { host, how });
    write(S, host);
    ui.explain.classList.toggle("pinned", how === "pinned");
    ui.explain.hidden = false;
    speaker(host)?.setAttribute("aria-describedby", "explain");
    placeTip(S, host);
  };
  const over = host => {
    clearTimeout(timer);
    if (now.how === "pinned" || host === now.host) return;
    if (now.how === "hover") hide();
    if (host) timer = setTimeout(() => show(host, "hover"), AFTER);
  };
  lab.addEventListener("pointerover", ev => {
    if (ev.pointerType !== "touch") over(hostOf(ev));
  });
  lab.addEventListener("pointerleave", () => over(null));
  document.addEventListener(
    "pointerdown",
    ev => {
      clearTimeout(timer);
      const path = ev.composedPath();
      if (!path.includes(ui.explain) && !(path.includes(now.host) && isTerm(now.host))) hide();
    },
    { signal, capture: true },
  );
  lab.addEventListener("click", ev => {
    const host = hostOf(ev);
    const tapped = /** @type {PointerEvent} */ (ev).pointerType === "touch" && host?.matches("[data-tap]");
    if (!host || !(isTerm(host) || tapped)) return;
    if (now.host === host && now.how === "pinned") hide();
    else show(host, "pinned");
  });
  lab.addEventListener("focusin", ev => {
    const host = hostOf(ev);
    if (host && /** @type {Element} */ (ev.target).matches(":focus-visible")) show(host, "focus");
  });
  lab.addEventListener("focusout", ev => {
    if (now.how === "focus" || (now.how === "pinned" && ev.relatedTarget && ev.relatedTarget !== ui.explainMore))
      hide();
  });
  lab.addEventListener("keydown", ev => rove(/** @type {Element} */ (ev.target), ev), { capture: true });
  document.addEventListener(
    "keydown",
    ev => {
      if (ev.key === "Escape" || (now.host && !isTerm(now.host) && ev.key !== "Tab")) hide();
    },
    { signal, capture: true },
  );
  for (const region of lab.querySelectorAll(ROVING))
    [...region.querySelectorAll(".define")].forEach((button, i) => {
      /** @type {HTMLElement} */ (button).tabIndex = i ? -1 : 0;
    });
  return () => {
    if (now.host?.isConnected) write(S, now.host);
    else if (now.host) hide();
  };
}

// Many terms stand together here: one of them is reached by Tab, the others from it with the arrow keys.
const ROVING = ".sum, .head, .atlas";

/** @type {(from: Element, ev: KeyboardEvent) => void} */
function rove(from, ev) {
  const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[ev.key];
  const region = from.closest(ROVING);
  if (!way || !region || !from.matches(".define") || ev.ctrlKey || ev.metaKey || ev.altKey) return;
  ev.preventDefault();
  ev.stopPropagation();
  const all = /** @type {HTMLElement[]} */ ([...region.querySelectorAll(".define")]).filter(
    button => button.getClientRects().length,
  );
  const to = all[all.indexOf(/** @type {HTMLElement} */ (from)) + way];
  if (!to) return;
  for (const button of all) button.tabIndex = button === to ? 0 : -1;
  to.focus();
}

/** @type {(ev: Event) => any} */
function hostOf(ev) {
  return /** @type {Element} */ (ev.target).closest?.(HOSTS) ?? null;
}

// A control with a tip has a use of its own for a click; a term has none.
/** @type {(host: Element) => boolean} */
function isTerm(host) {
  return host.matches(".define") || host.querySelector(".define") !== null;
}

// The element that a screen reader is on when it reads the tip.
/** @type {(host: Element) => Element | null} */
function speaker(host) {
  return host.querySelector(".define") ?? host;
}

/** @type {(S: State, host: any) => void} */
function write({ ui, view }, host) {
  const { term, tip } = host.dataset;
  put(ui.explainWord, term ? tr("{term}:", { term: TERMS[term].label }) : "");
  put(ui.explainText, tip || explained(view, term, host.dataset));
  attribute(ui.explainMore, "href", `glossary#${term ?? ""}`);
}

// Large things, a grid of cells, say with `data-beside` that nothing of them is to be covered.
/** @type {(S: State, host: Element) => void} */
function placeTip({ lab, ui }, host) {
  const of = (host.closest("[data-beside]") ?? host).getBoundingClientRect();
  const own = lab.getBoundingClientRect();
  Object.assign(ui.explain.style, { left: "0px", top: "0px" });
  const { width, height } = ui.explain.getBoundingClientRect();
  const header = 60; // Streamlit's own, which stays
  const room = {
    left: EDGE,
    top: header,
    right: document.documentElement.clientWidth - EDGE,
    bottom: innerHeight - EDGE,
  };
  const [left, top] = tipPlace(of, width, height, room);
  Object.assign(ui.explain.style, { left: `${left - own.left}px`, top: `${top - own.top}px` });
}
