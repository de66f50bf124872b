// @ts-check
// A server that was started again, or that has forgotten this visit after a long sleep, answers nobody here: Streamlit
// connects anew, but what the page tells and asks goes to a session that is gone. Then the page opens its own address
// again, in which everything stands.

const LOOKS_EVERY = 1000; // ms between two looks while the connection is away
const LOOKS = 5; // looks once it is back, where only Streamlit answers
const CONNECTION = "data-test-connection-state"; // of Streamlit's app
// Said right before the page is opened again: what shows is to stand in its address.
export const LEAVING = "corner-lab-leaving";
const LEFT_WORD = "corner-lab-again";
export const AGAIN = "The server was started again, or had let go of this page: it is back as it was.";

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

// `known` asks the server whether it knows this visit: null where it does not answer. `again` opens the page anew.
/** @type {(parts: { known(): Promise<boolean | null>, again(): void, signal: AbortSignal, app?: Element | null }) => void} */
export function watchConnection({ known, again, signal, app = streamlitApp() }) {
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

// Says on the page that opens next why it did.
export function leaveWord() {
  try {
    sessionStorage.setItem(LEFT_WORD, "yes");
  } catch {
    /* storage is off: it goes unsaid */
  }
}

/** @type {() => boolean} */
export function wordLeft() {
  try {
    const left = sessionStorage.getItem(LEFT_WORD) !== null;
    sessionStorage.removeItem(LEFT_WORD);
    return left;
  } catch {
    return false;
  }
}
