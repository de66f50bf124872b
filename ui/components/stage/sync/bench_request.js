// @ts-check
// The bench's direct line to Python: what changes goes there in one small request, and Python's sentence about it comes
// back. Through Streamlit a click would run the stage's fragment, and React would go over the whole page three times.

const LIMIT = 3000; // ms for an answer

// `post` sends what is told and gives the answer, `heard` takes it. One request at a time: Python hears things in order,
// and the last answer is the newest. What cannot be sent goes the way of `otherwise`, and so does all that comes later:
// of two ways at once, the slower one would bring what is out of date.
/**
 * @param {{ post(told: Record<string, unknown>): Promise<any>, heard(answer: any): void, otherwise(name: string, value: unknown): void, cut?: boolean }} parts
 */
export function benchRequests({ post, heard, otherwise, cut = false }) {
  /** @type {Record<string, unknown> | null} */
  let told = null;
  let busy = Promise.resolve();
  let unanswered = 0;
  const instead = sent => {
    for (const [name, value] of Object.entries(sent)) otherwise(name, value);
  };
  const deliver = async () => {
    const sent = told ?? {};
    told = null;
    if (cut) {
      instead(sent);
      return;
    }
    try {
      heard(await post(sent));
    } catch {
      cut = true;
      instead(sent);
    }
  };
  return {
    tell(name, value) {
      if (told) {
        told[name] = value;
        return;
      }
      told = { [name]: value };
      unanswered++;
      busy = busy
        .then(deliver)
        .catch(error => console.warn(error))
        .finally(() => unanswered--);
    },
    // Once all that was told has been answered.
    idle: () => busy,
    // Whether something was told that has not been answered yet.
    get waits() {
      return unanswered > 0;
    },
    get cut() {
      return cut;
    },
  };
}

// What is no answer to what was told.
class Refused extends Error {}

// The server's answer to what the bench of this session shows. `rev`: the last bench that Python has set.
/** @type {(session: string, rev: number, told: Record<string, unknown>) => Promise<{ says: string, heard: number, rev: number }>} */
export async function postBench(session, rev, told) {
  const body = JSON.stringify({ session, rev, ...told });
  const response = await fetch(new URL("corner-lab/bench", location.href), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    signal: AbortSignal.timeout(LIMIT),
  });
  const answer = await response.json(); // who answers may be a proxy's page to log in
  if (!response.ok || typeof answer.says !== "string") throw new Refused(answer.error);
  return answer;
}

// Whether the server still knows this session; null where nobody, or somebody else, answers.
/** @type {(session: string) => Promise<boolean | null>} */
export async function knowsSession(session) {
  try {
    await postBench(session, -1, {});
    return true;
  } catch (error) {
    return error instanceof Refused && error.message === "no such session" ? false : null;
  }
}

export const SAYS = "corner-lab-says";

/** @type {(answer: { says: string, heard: number }) => void} */
export function say(answer) {
  document.dispatchEvent(new CustomEvent(SAYS, { detail: answer }));
}
