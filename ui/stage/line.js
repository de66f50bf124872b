// The bench's direct line to Python: what changes goes there in one small request, and Python's sentence about it comes
// back. Through Streamlit a click would run the script, and draw the whole page three times.

const LIMIT = 3000; // ms for an answer

// `post` sends what is told and gives the sentence, `heard` takes it; what cannot be sent goes the way of `otherwise`.
// One request at a time: Python hears things in order, and the last sentence is the newest.
export function directLine({ post, heard, otherwise }) {
  let told = null, busy = Promise.resolve();
  const deliver = async () => {
    const sent = told;
    told = null;
    try { heard(await post(sent)); } catch { for (const [name, value] of Object.entries(sent)) otherwise(name, value); }
  };
  return {
    tell(name, value) {
      if (told) { told[name] = value; return; }
      told = { [name]: value };
      busy = busy.then(deliver);
    },
    // Once all that was told has been answered.
    idle: () => busy,
  };
}

// The server's answer to what the bench of this session shows.
export async function postBench(session, told) {
  const body = JSON.stringify({ session, ...told });
  const answer = await fetch(new URL("corner-lab/bench", location.href), { method: "POST", body, signal: AbortSignal.timeout(LIMIT) });
  const { says } = await answer.json();               // who answers may be a proxy's page to log in
  if (!answer.ok || typeof says !== "string") throw new Error("no answer");
  return says;
}

export const SAYS = "corner-lab-says";

export function say(text) { document.dispatchEvent(new CustomEvent(SAYS, { detail: text })); }
