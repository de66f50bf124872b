// @ts-check
// Asks Python for news while a run goes or Keras loads: the next time only once the last answer has come.
// Streamlit's own timer does not wait for answers; on a busy server its requests pile up until the page breaks.
//
// What it sends is to be a component's state, not a trigger: of two triggers of one component that come while the server
// is busy, Streamlit keeps the newer, and a question would take the place of a pressed button.

// ms in which another page should have opened for whoever follows a link or goes back: a question that crosses with that
// would call them back.
export const CROSSING = 3000;
const PATIENCE = 3000; // ms without an answer, after which a request counts as lost

// `ask` sends a value that is new each time.
/**
 * @param {(value: number) => void} ask
 */
export function poller(ask) {
  let timer = 0;
  const request = () => {
    timer = setTimeout(request, PATIENCE);
    ask(Date.now());
  };
  return {
    // An answer has come; the next request leaves `pause` ms from now, or never if that is null.
    heard(pause) {
      clearTimeout(timer);
      if (Number.isFinite(pause)) timer = setTimeout(request, pause);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
