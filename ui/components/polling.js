// @ts-check
// Asks Python for news, for a page whose other components do not.

import { whenGone } from "./stage/sync/lifecycle.js";
import { CROSSING, poller } from "./stage/sync/poll.js";

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
  const leave = () => S.asking && S.asks.heard(CROSSING);
  const follow = ev => /** @type {Element} */ (ev.target).closest?.("a") && leave();
  window.addEventListener("click", follow, { signal: S.life.signal, capture: true });
  window.addEventListener("popstate", leave, { signal: S.life.signal });
  return S;
}
