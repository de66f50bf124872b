// @ts-check
// Opens the browser's printing.

export default function printButton({ parentElement, data }) {
  const button =
    parentElement.querySelector("button") ??
    parentElement.appendChild(
      Object.assign(document.createElement("button"), { type: "button", textContent: "Print", onclick: () => print() }),
    );
  if (data) button.disabled = data.waits;
}
