// @ts-check
// What goes on for as long as somebody visits, whichever page is open: the entries of the browser's history, the phone's
// sidebar, and opening the page again once its server was started anew.
import { closeSidebarOnChoice } from "./sidebar.js";
import { knowsSession } from "./stage/sync/bench_request.js";
import { keepEntries } from "./stage/sync/entries.js";
import { whenGone } from "./stage/sync/lifecycle.js";
import { AGAIN, LEAVING, leaveWord, watchConnection, wordLeft } from "./stage/sync/reconnect.js";

const SAID_FOR = 12_000; // ms

export default function visit({ parentElement, data }) {
  const S = (parentElement.cornerLabVisit ??= mounted(parentElement));
  // Streamlit may have connected to a new session before anybody looked.
  if (data && S.session !== null && S.session !== data.session) openAgain();
  else if (data) S.session = data.session;
  return whenGone(parentElement, () => {
    S.life.abort();
    delete parentElement.cornerLabVisit;
  });
}

function mounted(root) {
  const S = { session: null, life: new AbortController() };
  keepEntries();
  closeSidebarOnChoice(S.life.signal);
  watchConnection({
    known: async () => S.session === null || knowsSession(S.session),
    again: openAgain,
    signal: S.life.signal,
  });
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  root.append(line);
  if (wordLeft())
    setTimeout(() => {
      line.textContent = AGAIN; // after the region is there: only then is it read out
      setTimeout(() => line.remove(), SAID_FOR);
    });
  return S;
}

// Opens the page's own address, once all that shows stands in it; a run on its way is trained again.
function openAgain() {
  document.dispatchEvent(new Event(LEAVING));
  leaveWord();
  location.reload();
}
