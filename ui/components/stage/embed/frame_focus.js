// @ts-check
// Keys in a frame: none until somebody clicks into it or tabs to something in it, and the page around it has them back
// on Escape. Whoever shows the page alone notices nothing.

const HEARD = 250; // ms after which a click that has brought the focus was heard of

// For as long as `signal` lets it.
/** @type {(root: ShadowRoot, signal: AbortSignal) => void} */
export function keepKeysToTheFrame(root, signal) {
  if (window.parent === window) return;
  let taken = false;
  const focused = () => root.activeElement ?? document.activeElement;
  const nowhere = () => !focused() || focused() === document.body || focused() === document.documentElement;
  const giveBack = () => {
    taken = false;
    const node = focused();
    if (node instanceof HTMLElement) node.blur();
    window.parent.focus();
  };
  window.addEventListener(
    "pointerdown",
    () => {
      taken = true;
      window.focus();
    },
    { signal, capture: true },
  );
  window.addEventListener(
    "blur",
    () => {
      taken = false;
    },
    { signal },
  );
  // A script has given the frame the focus, or what had it has gone: nobody has asked for that.
  window.addEventListener("focus", () => setTimeout(() => !taken && nowhere() && giveBack(), HEARD), { signal });
  window.addEventListener(
    "keydown",
    ev => {
      if (taken) return;
      if (nowhere()) {
        ev.stopImmediatePropagation();
        giveBack();
      } else taken = true;
    },
    { signal, capture: true },
  );
  // What has a use of its own for Escape, an open dialog or a number that is being typed, comes first.
  window.addEventListener(
    "keydown",
    ev => {
      if (ev.key !== "Escape" || ev.defaultPrevented || root.querySelector("dialog[open]")) return;
      giveBack();
    },
    { signal },
  );
}
