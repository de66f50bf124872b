// @ts-check
// Writing to the page.

/** @typedef {Record<string, any>} Ui the stage's elements by id, see `built` */

// Writes only what differs: an untouched node costs no layout.
/** @type {(node: Node, text: string) => void} */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @type {(node: Element, name: string, value: string) => void} */
export function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
