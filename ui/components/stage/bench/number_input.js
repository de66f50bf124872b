// @ts-check
// A number one can drag sideways, step with the arrow keys, or type. The element is a spinbutton with a `.num` inside.
import { tr } from "../../language/tr.js";
import { signed, typedNumber } from "../canvas/format.js";

/**
 * @typedef {object} NumberInput
 * @property {() => number} get
 * @property {(value: number) => void} set while it changes
 * @property {(how: "drag" | "key" | "typed") => void} done a change is complete
 * @property {(message: string) => void} tell kind refusals
 * @property {() => boolean} [locking]
 * @property {() => void} [lock]
 */

// Dragging moves along log(1 + |v|): fine near zero, and -100 to +100 is one stroke of the hand.
/** @type {(start: number, pixels: number) => number} */
export function dragged(start, pixels) {
  const place = Math.sign(start) * Math.log1p(Math.abs(start)) + pixels * 0.02;
  const size = Math.expm1(Math.abs(place));
  const grain = size < 10 ? 100 : size < 100 ? 10 : 1;
  return (Math.sign(place) * Math.round(size * grain)) / grain || 0;
}

/** @type {(value: number, by: number) => number} */
export function stepped(value, by) {
  return Math.round((value + by) * 1e6) / 1e6 || 0;
}

// `get`, `set(value)` while it changes, `done(how)` when a change is complete, `tell(message)` for kind refusals;
// `lock()` turns the lock, by the key L, or by a click while `locking()`.
/**
 * @param {HTMLElement} el
 * @param {NumberInput} input
 */
export function bindNumberInput(el, { get, set, done, tell, locking = () => false, lock = () => {} }) {
  /** @type {{ x: number, from: number, moved: boolean, way: number } | null} */
  let drag = null;
  el.addEventListener("pointerdown", ev => {
    if (ev.button !== 0 || /** @type {Element} */ (ev.target).tagName === "INPUT") return;
    ev.preventDefault();
    el.focus();
    if (locking()) {
      lock();
      return;
    }
    el.setPointerCapture(ev.pointerId);
    drag = { x: ev.clientX, from: get(), moved: false, way: 0 };
  });
  el.addEventListener("pointermove", ev => {
    if (!drag) return;
    drag.way += (ev.clientX - drag.x) * (ev.shiftKey ? 0.1 : 1);
    drag.x = ev.clientX;
    if (!drag.moved && Math.abs(drag.way) < 3) return;
    drag.moved = true;
    set(dragged(drag.from, drag.way));
  });
  const release = ev => {
    if (!drag) return;
    const { moved } = drag;
    drag = null;
    if (moved) done("drag");
    else if (ev.type === "pointerup" && ev.pointerType === "touch") openEditor(el, null, { get, set, done, tell });
  };
  el.addEventListener("pointerup", release);
  el.addEventListener("pointercancel", release);
  el.addEventListener("dblclick", ev => {
    if (/** @type {Element} */ (ev.target).tagName !== "INPUT" && !locking()) {
      set(0);
      done("typed");
    }
  });
  el.addEventListener("keydown", ev => {
    if (/** @type {Element} */ (ev.target).tagName === "INPUT" || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    const way = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[ev.key];
    if (way) {
      set(stepped(get(), way * (ev.shiftKey ? 1 : 0.1)));
      done("key");
    } else if (ev.key === "Enter" || ev.key === "F2") openEditor(el, null, { get, set, done, tell });
    else if (ev.key === "l" || ev.key === "L") lock();
    else if (/^[0-9+\-−.,]$/.test(ev.key)) openEditor(el, ev.key, { get, set, done, tell });
    else return;
    ev.preventDefault();
    ev.stopPropagation();
  });
}

/**
 * @param {HTMLElement} el
 * @param {string | null} first
 * @param {Pick<NumberInput, "get" | "set" | "done" | "tell">} input
 */
function openEditor(el, first, { get, set, done, tell }) {
  if (el.querySelector("input")) return;
  const input = document.createElement("input");
  const refusal = tr("Not a number: type something like −0.5 or 12, up to ±1,000,000. The old value stays.");
  input.className = "editor";
  input.type = "text";
  input.autocomplete = "off";
  input.setAttribute("aria-label", tr("New value"));
  input.value = first ?? String(Number(get().toPrecision(6))).replace("-", "−");
  el.append(input);
  input.focus();
  if (first === null) input.select();
  let open = true;
  const close = back => {
    open = false;
    input.remove();
    if (back) el.focus();
  };
  const accept = (value, back) => {
    close(back);
    tell("");
    set(value);
    done("typed");
  };
  input.addEventListener("keydown", ev => {
    ev.stopPropagation(); // r and c, for one, are keys of the page
    if (ev.key === "Escape") {
      tell("");
      close(true);
    }
    if (ev.key !== "Enter") return;
    ev.preventDefault();
    const value = typedNumber(input.value);
    if (value !== null) {
      accept(value, true);
      return;
    }
    input.setAttribute("aria-invalid", "true");
    input.title = refusal;
    tell(refusal);
  });
  input.addEventListener("input", () => {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("title");
  });
  input.addEventListener("blur", () => {
    if (!open) return;
    const value = typedNumber(input.value);
    if (value === null) {
      if (input.value.trim()) tell(refusal);
      close(false);
    } else if (signed(value, 6) === signed(get(), 6)) close(false);
    else accept(value, false);
  });
}
