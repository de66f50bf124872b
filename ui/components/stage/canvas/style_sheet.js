// @ts-check
// The stage's style sheet. Python puts its text here: it comes with the module, and not with every record.

export const STYLE = "";

// Once for each shadow root, however often the stage is mounted there.
/** @type {(root: ShadowRoot) => void} */
export function addStyle(root) {
  if (root.querySelector("style.lab-style")) return;
  const style = document.createElement("style");
  style.className = "lab-style";
  style.textContent = STYLE;
  root.append(style);
}
