// @ts-check
// What Python says of the pattern on the bench: its data, or what the direct line has brought since.
import { SAYS } from "./bench_request.js";
import { whenGone } from "./lifecycle.js";

export default function says({ parentElement, data }) {
  const P = (parentElement.cornerLabSays ??= begun(parentElement));
  const text = JSON.stringify(data);
  if (data && P.data !== text) {
    P.data = text;
    if (P.session !== data.session) Object.assign(P, { session: data.session, heard: 0 });
    told(P, data);
  }
  return whenGone(parentElement, () => {
    P.life.abort();
    delete parentElement.cornerLabSays;
  });
}

// A run of the script that began before the last click ends after it.
function told(P, { says, heard }) {
  if (heard < P.heard) return;
  P.heard = heard;
  P.node.textContent = says;
}

function begun(root) {
  const P = { node: document.createElement("p"), life: new AbortController(), data: null, session: null, heard: 0 };
  P.node.className = "says";
  root.append(P.node);
  document.addEventListener(SAYS, ev => told(P, /** @type {CustomEvent} */ (ev).detail), { signal: P.life.signal });
  return P;
}
