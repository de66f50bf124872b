// @ts-check
// What is done on the bench beside the picture goes to Python as from the stage: by the bench's direct line, or through
// Streamlit where that does not work.
import { benchRequests, postBench } from "../stage/sync/bench_request.js";
import { reporter } from "../stage/sync/debounce.js";

/**
 * @import { PictureState } from "./state.js"
 */

/** @type {(S: PictureState) => Pick<PictureState, "line" | "reports">} */
export function benchLine(S) {
  const line = benchRequests({
    post: told => postBench(S.header?.session ?? "", S.benchRev, { ...told, elsewhere: true }),
    heard: ({ rev }) => {
      S.benchRev = rev;
    },
    otherwise: (name, value) => S.send("bench", { [name]: value, open: false, count: ++S.presses }),
  });
  return { line, reports: reporter((name, value) => line.tell(name, value)) };
}

/** @type {(S: PictureState, rest?: number) => void} */
export function tellBench(S, rest = 0) {
  S.reports.tell("weights", S.edit && [...S.edit], rest);
}
