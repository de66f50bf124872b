// @ts-check
// The script that stands bare in a file: unfolds the player's and runs it. The file's policy names the hashes of both.
import { tr } from "../language/tr.js";
import { unfolded } from "./unfold.js";

const PROGRAM = /** @type {HTMLElement} */ (document.getElementById("program"));
const PROBLEM = /** @type {HTMLElement} */ (document.getElementById("problem"));

async function load() {
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = new TextDecoder().decode(await unfolded(PROGRAM.textContent));
  document.body.append(script);
}

load().catch(() => {
  PROBLEM.textContent = tr(
    "This browser cannot unfold what stands in this file; Chrome 103, Firefox 113 and Safari 16.4 can.",
  );
  PROBLEM.hidden = false;
  document.documentElement.setAttribute("data-failed", ""); // what can be read without is shown
});
