// @ts-check
// One entry of the browser's history for each page and each run. Streamlit makes two for a page, one at a bare address and
// one for its words, and pushes words that stand there already: back would seem to do nothing, or lead to the bare
// address, at which the run is gone. Where the words of a page come first, it gives them to the page that is left; and
// what is still on its way when somebody steps back, page or words, it writes over the entry that is stepped to, or pushes
// in place of all that is ahead.
import { OURS, pythonWords } from "./url.js";

/**
 * @typedef {{ pathname: string, search: string }} Address
 * @typedef {{ opened: boolean, early: string | null, stepped: boolean }} Since what there was since somebody did anything:
 *   Streamlit has pushed a page; words for the page before, maybe; and that it was a step through the history
 */

// What becomes of an entry that Streamlit asks for, and what has been pushed by then.
/** @type {(from: Address, to: Address, since: Since) => { act: "push" | "replace" | "drop", since: Since }} */
export function entryFor(from, to, since) {
  if (since.stepped) return { act: "drop", since }; // Python takes what the entry says, so there is nothing to write
  const moves = from.pathname !== to.pathname;
  if (moves) {
    const theirs = since.early !== null && since.early === pythonWords(to.search);
    return { act: theirs ? "replace" : "push", since: { opened: true, early: null, stepped: false } };
  }
  const words = pythonWords(to.search);
  if (pythonWords(from.search) === words) return { act: "drop", since };
  return { act: since.opened ? "replace" : "push", since: { ...since, early: since.opened ? null : words } };
}

// For as long as the browser shows this app.
export function keepEntries() {
  if (globalThis.cornerLabEntries) return;
  globalThis.cornerLabEntries = true;
  const nothing = { opened: false, early: null, stepped: false };
  /** @type {Since} */
  let since = nothing;
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  // A push right after which a script says that there was a step is no late one of Streamlit's: it is a link to go to.
  /** @type {Parameters<typeof push> | null} */
  let link = null;
  history.pushState = (state, title, url) => {
    if (!url || state === OURS) return push(state, title, url);
    const { act, since: now } = entryFor(location, new URL(url, location.href), since);
    since = now;
    if (act === "push") push(state, title, url);
    else if (act === "replace") replace(state, title, url);
    else if (since.stepped) {
      link = [state, title, url];
      queueMicrotask(() => {
        link = null;
      });
    }
  };
  // What Streamlit pushes otherwise it replaces with after a step.
  history.replaceState = (state, title, url) => {
    if (!url || state === OURS || !since.stepped) replace(state, title, url);
  };
  const did = ev => {
    if (ev.type === "popstate" && !ev.isTrusted && link) {
      const to = link;
      link = null;
      push(...to);
      window.dispatchEvent(new PopStateEvent("popstate")); // Streamlit has looked at the address before
    }
    since = { ...nothing, stepped: ev.type === "popstate" };
  };
  for (const name of ["pointerdown", "keydown", "click", "popstate"])
    window.addEventListener(name, did, { capture: true });
}
