// @ts-check
// Opens the browser's printing.
import { tr } from "../language/tr.js";

export default function printButton({ parentElement, data }) {
  const button =
    parentElement.querySelector("button") ??
    parentElement.appendChild(
      Object.assign(document.createElement("button"), {
        type: "button",
        textContent: tr("Print"),
        onclick: () => print(),
      }),
    );
  if (data) button.disabled = data.waits;
}
