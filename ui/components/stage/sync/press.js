// @ts-check
// A press of a button that Python is to answer: kept until it has, sent again where it got lost on the way, and taken along
// where the page has to be opened again.
//
// Python takes things in their order: a press that a record does not count, made for a question that was put after it, is
// lost.

const TICK = 1000; // ms between two looks at how long it takes
const PATIENT = 2000; // ms after which it is said that nothing has come

/**
 * `send` gives a press to Python and calls `sent` when it has, `ask` asks for a record, `changed` is called whenever there is
 * something else to show; `clock` is that of the questions.
 *
 * @param {{ send(id: string, sent: () => void): void, ask(): void, changed(): void, now?: () => number, clock?: () => number }} parts
 */
export function pressKeeper({ send, ask, changed, now = () => performance.now(), clock = Date.now }) {
  // `sent`: when; null as long as it was not tried, Infinity while it waits for the bench's line.
  /** @type {{ id: string, counted: number, at: number, away: boolean, sent: number | null } | null} */
  let kept = null;
  let timer;
  const look = () => {
    changed();
    timer = setTimeout(look, TICK);
  };
  const sendNow = press => {
    press.sent = Infinity;
    send(press.id, () => {
      press.sent = clock();
    });
  };
  return {
    // `counted`: how many presses Python had answered by then.
    press(id, counted, away) {
      clearTimeout(timer);
      kept = { id, counted, at: now(), away, sent: null };
      timer = setTimeout(look, PATIENT);
      if (!away) sendNow(kept);
      changed();
    },
    // A record has come, made when Python had answered so many presses, and this question last.
    heard(counted, answer) {
      if (!kept) return;
      if (counted > kept.counted) {
        clearTimeout(timer);
        kept = null;
        changed();
      } else if (kept.sent !== null && !kept.away && answer > kept.sent) sendNow(kept);
    },
    // The connection went, or is back: whether the press got through is to be seen from the next record.
    connection(away) {
      if (!kept) return;
      if (kept.away && !away) {
        kept.sent ??= clock();
        ask();
      }
      kept.away = away;
      changed();
    },
    get id() {
      return kept?.id ?? null;
    },
    // When it was made; null where nothing is kept.
    get at() {
      return kept?.at ?? null;
    },
    // Whole seconds without an answer; 0 as long as there is nothing to say of it.
    get seconds() {
      const waited = kept ? now() - kept.at : 0;
      return waited < PATIENT - 1 ? 0 : Math.round(waited / 1000);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

const LEFT_PRESS = "corner-lab-press";

// Leaves a press for the page that opens next at this address.
/** @type {(id: string | null) => void} */
export function leavePress(id) {
  try {
    if (id) sessionStorage.setItem(LEFT_PRESS, JSON.stringify({ id, search: location.search }));
  } catch {
    /* storage is off: it has to be pressed again */
  }
}

/** @type {() => string | null} */
export function pressLeft() {
  try {
    const { id, search } = JSON.parse(sessionStorage.getItem(LEFT_PRESS) ?? "null");
    sessionStorage.removeItem(LEFT_PRESS);
    return search === location.search && typeof id === "string" ? id : null;
  } catch {
    return null;
  }
}

// What is to become of a press that was left: it waits until the link's run is there, and its button with it; where that
// does not come, it is told. A tool of the bench is always there.
/** @type {(id: string, header: Pick<import("../core/record.js").RecordHeader, "actions" | "arriving" | "awaited" | "ask" | "growing">, resting: boolean) => "press" | "wait" | "tell"} */
export function leftPressNow(id, { actions, arriving, awaited, ask, growing }, resting) {
  const offered = id.includes(":") || Object.values(actions).some(list => list.some(button => button.id === id));
  if (arriving || awaited || !resting) return "wait";
  if (id === "stop") return growing ? "press" : "tell";
  if (offered) return "press";
  return ask === null ? "tell" : "wait";
}
