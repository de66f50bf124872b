// @ts-check
// Patterns that rest: all 512 on a sheet, or two sums of two; and a QR code.
import { emptyPicture, picturePath } from "../stage/bench/thumbnail.js";

export default function patterns({ parentElement, data }) {
  const text = JSON.stringify(data);
  if (parentElement.cornerLabShown === text) return;
  parentElement.cornerLabShown = text;
  const node = parentElement.querySelector(".patterns") ?? parentElement.appendChild(document.createElement("div"));
  node.className = `patterns ${data.kind}`;
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", data.say);
  if (data.kind === "code") node.innerHTML = data.svg;
  else node.replaceChildren(...data.items.map(item => patternItem(item, data.kind)));
}

function patternItem({ pattern, sums, sign, name, marked }, kind) {
  const item = document.createElement("div");
  item.className = (sign ? "sign" : sums ? "sums" : "one") + (marked ? " marked" : "");
  if (sign) item.textContent = sign;
  else if (sums)
    item.innerHTML = `<div class="nine">${sums.map(n => `<span class="n${n}">${n}</span>`).join("")}</div>`;
  else {
    item.innerHTML = emptyPicture();
    item.querySelector("path")?.setAttribute("d", picturePath(pattern));
  }
  if (name && kind !== "sheet")
    for (const line of name) item.append(Object.assign(document.createElement("p"), { textContent: line }));
  return item;
}
