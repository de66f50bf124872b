// @ts-check
// Asks Python for news, for a page whose other components do not.

import { whenGone } from "./stage/sync/lifecycle.js";
import { poller } from "./stage/sync/poll.js";

const LEAVING = 3000; // ms in which another page should have opened

export default function polling({ parentElement, data, setStateValue }) {
  const S = (parentElement.cornerLabPolling ??= mounted());
  S.toStreamlit = setStateValue;
  if (data) {
    S.asking = Number.isFinite(data.ask);
    S.asks.heard(data.ask);
  }
  return whenGone(parentElement, () => {
    S.asks.stop();
    S.life.abort();
    delete parentElement.cornerLabPolling;
  });
}

function mounted() {
  const S = { asking: false, toStreamlit: (_name, _value) => {}, life: new AbortController(), asks: poller(ask) };
  function ask(now) {
    S.toStreamlit("ask", now);
  }
  // Whoever follows a link is on the way to another page: a question that crosses with it would call them back.
  const follow = ev => {
    if (S.asking && /** @type {Element} */ (ev.target).closest?.("a")) S.asks.heard(LEAVING);
  };
  window.addEventListener("click", follow, { signal: S.life.signal, capture: true });
  return S;
}
