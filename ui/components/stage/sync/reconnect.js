// @ts-check
// A server that was started again, or that has forgotten this visit after a long sleep, answers nobody here: Streamlit
// connects anew, but what the page tells and asks goes to a session that is gone. Then the page opens its own address
// again, in which everything stands.
import { tr } from "../../language/tr.js";

const LOOKS_EVERY = 1000; // ms between two looks while the connection is away
const LOOKS = 5; // looks once it is back, where only Streamlit answers
const CONNECTION = "data-test-connection-state"; // of Streamlit's app
// Said right before the page is opened again: what shows is to stand in its address.
export const LEAVING = "corner-lab-leaving";
const LEFT_WORD = "corner-lab-again";
export const AGAIN = tr("The server was started again, or had let go of this page: it is back as it was.");

/** @type {() => Element | null} */
const streamlitApp = () => document.querySelector('[data-testid="stApp"]');

// Whether Streamlit has lost the server.
/** @type {(app?: Element | null) => boolean} */
export function isAway(app = streamlitApp()) {
  return app !== null && app.getAttribute(CONNECTION) !== "CONNECTED";
}

// Calls back whenever the connection goes or comes, until `signal`.
/** @type {(changed: (away: boolean) => void, signal: AbortSignal, app?: Element | null) => void} */
export function followConnection(changed, signal, app = streamlitApp()) {
  if (!app) return;
  const watch = new MutationObserver(() => changed(isAway(app)));
  watch.observe(app, { attributeFilter: [CONNECTION] });
  signal.addEventListener("abort", () => watch.disconnect());
}

// Streamlit lays a dialog over a page without connection, for whoever runs the server. What is in the browser works without
// it, and that the connection is away is said: it is closed as soon as it opens.
/** @type {(signal: AbortSignal) => void} */
export function closeConnectionDialog(signal) {
  const watch = new MutationObserver(() => {
    const dialog = document.querySelector('[data-testid="stErrorCodeBlock"]')?.closest('[role="dialog"]');
    /** @type {HTMLElement | null | undefined} */ (dialog?.querySelector('button[aria-label="Close"]'))?.click();
  });
  followConnection(away => {
    if (away) watch.observe(document.body, { childList: true, subtree: true });
    else watch.disconnect();
  }, signal);
  signal.addEventListener("abort", () => watch.disconnect());
}

// `known` asks the server whether it knows this visit: null where it does not answer. `again` opens the page anew, `back`
// is called where that is not needed.
/** @type {(parts: { known(): Promise<boolean | null>, again(): void, back?(): void, signal: AbortSignal, app?: Element | null }) => void} */
export function watchConnection({ known, again, back = () => {}, signal, app = streamlitApp() }) {
  if (!app) return;
  let timer = 0;
  let left = LOOKS;
  const away = () => isAway(app);
  const look = async () => {
    const answer = await known();
    if (signal.aborted) return;
    timer = 0;
    left = away() ? LOOKS : left - 1;
    if (answer === false) again();
    else if (answer && !away()) back();
    else if (away() || (answer === null && left > 0)) timer = setTimeout(look, LOOKS_EVERY);
  };
  followConnection(
    gone => {
      if (gone && !timer) timer = setTimeout(look, LOOKS_EVERY);
    },
    signal,
    app,
  );
  signal.addEventListener("abort", () => clearTimeout(timer));
}

const BEAT = 5000; // ms between two looks at the clock
const SLEPT = 30_000; // ms that none of them came, or the page was not looked at

// Calls back after a sleep of the machine, in which no timer ran, and when the network is there again: the connection may
// be dead without anybody having been told.
/** @type {(woke: () => void, signal: AbortSignal, now?: () => number) => void} */
export function watchSleep(woke, signal, now = Date.now) {
  let last = now();
  const look = () => {
    if (document.hidden) return;
    const slept = now() - last > SLEPT;
    last = now();
    if (slept) woke();
  };
  const timer = setInterval(look, BEAT);
  signal.addEventListener("abort", () => clearInterval(timer));
  document.addEventListener("visibilitychange", look, { signal });
  window.addEventListener("online", woke, { signal });
  window.addEventListener("pageshow", ev => ev.persisted && woke(), { signal });
}

const ANSWERS_WITHIN = 10_000; // ms, on a busy server too

// Whether Streamlit still answers: `ask` has it draw the page with a value that comes back to `heard`.
/** @type {(parts: { ask(value: number): void, known(): Promise<boolean | null>, again(): void, signal: AbortSignal, app?: Element | null }) => { ask(): void, look(): Promise<void>, heard(value: number | null): void, answered: number }} */
export function stillThere({ ask, known, again, signal, app = streamlitApp() }) {
  let asked = 0;
  let answered = 0;
  let timer;
  const send = () => {
    asked = Date.now();
    ask(asked);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    ask: send,
    // And where the server is there, but nothing comes through, the page is opened again.
    async look() {
      const knows = await known();
      if (signal.aborted) return;
      if (knows === false) again();
      if (!knows || isAway(app)) return; // nobody is there, or Streamlit has seen it too
      send();
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if ((await known()) !== null && !signal.aborted) again();
      }, ANSWERS_WITHIN);
    },
    heard(value) {
      if (value !== asked) return;
      clearTimeout(timer);
      answered = asked;
    },
    // What was last asked and answered, for tests.
    get answered() {
      return answered;
    },
  };
}

// What is known of this visit for as long as the page is open, whichever components come and go: the session that Python
// keeps for it, and the settings that could be undone to, as words of a link.
/** @type {() => { session: string | null, undo: string | null, opening: boolean }} */
export function ofVisit() {
  globalThis.cornerLabSession ??= { session: null, undo: null, opening: false };
  return globalThis.cornerLabSession;
}

// Whether what comes is of the session of this visit. Where Streamlit has connected to a new one, as the server had
// dropped it, the page opens again: what is drawn for another session knows nothing of what shows here.
/** @type {(session: string) => boolean} */
export function isSameVisit(session) {
  const visit = ofVisit();
  if (visit.opening) return false;
  if (visit.session === null || visit.session === session) {
    visit.session = session;
    return true;
  }
  openAgain();
  return false;
}

// Opens the page's own address, once all that shows stands in it; a run on its way is trained again.
export function openAgain() {
  const visit = ofVisit();
  if (visit.opening) return;
  visit.opening = true;
  document.dispatchEvent(new Event(LEAVING));
  leaveWord(visit.undo);
  location.reload();
}

// Says on the page that opens next why it did, and leaves it what stands in no address: the settings that could be undone
// to, as words of a link.
/** @type {(undo: string | null) => void} */
function leaveWord(undo) {
  try {
    sessionStorage.setItem(LEFT_WORD, JSON.stringify({ undo }));
  } catch {
    /* storage is off: it goes unsaid */
  }
}

/** @type {() => { undo: string | null } | null} */
export function wordLeft() {
  try {
    const left = JSON.parse(sessionStorage.getItem(LEFT_WORD) ?? "null");
    sessionStorage.removeItem(LEFT_WORD);
    return left && { undo: typeof left.undo === "string" ? left.undo : null };
  } catch {
    return null;
  }
}
