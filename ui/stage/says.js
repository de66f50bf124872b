// What Python says of the pattern on the bench: its data, until the direct line brings something newer.
import { SAYS } from "./line.js";
import { whenGone } from "./leaving.js";

export default function says({ parentElement, data }) {
  const P = parentElement.cornerLabSays ??= begun(parentElement), text = JSON.stringify(data);
  if (data && P.data !== text) { P.data = text; P.node.textContent = data.says; }
  return whenGone(parentElement, () => { P.life.abort(); delete parentElement.cornerLabSays; });
}

function begun(root) {
  const node = document.createElement("p"), life = new AbortController();
  node.className = "says";
  root.append(node);
  document.addEventListener(SAYS, ev => { node.textContent = ev.detail; }, { signal: life.signal });
  return { node, life, data: null };
}
