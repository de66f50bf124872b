// @ts-check
// Plays the records of a file on the stage, one at a time. It takes the place of page and server: the stage is given its
// records, and what it tells goes nowhere.
import stage from "../stage/app/main.js";
import { attribute, put } from "../stage/canvas/dom.js";
import { showOnly } from "../stage/embed/fit.js";
import { unfoldedRecord } from "./record_block.js";
import { refusalOf } from "./refusal.js";

/** @type {(name: string) => any} */
const part = name => document.getElementById(name);
/** @type {(selector: string) => HTMLElement[]} */
const parts = selector => [...document.querySelectorAll(selector)].map(node => /** @type {HTMLElement} */ (node));

async function playFile() {
  const root = part("stage").attachShadow({ mode: "open" });
  const wrong = showOnly(part("stage")); // with the parts that an address asks for
  window.addEventListener("hashchange", ev => /[#&]show=/.test(ev.oldURL + ev.newURL) && location.reload());
  const records = await Promise.all(parts(".record").map(node => unfoldedRecord(node.textContent ?? "")));
  const [buttons, texts] = [parts(".choose"), parts(".run")];
  const draw = data => stage({ parentElement: root, data, setStateValue() {}, setTriggerValue() {} });
  const open = chosen => {
    const refusal = refusalOf(records[chosen]);
    put(part("problem"), refusal || wrong);
    part("problem").hidden = !(refusal || wrong);
    part("stage").hidden = Boolean(refusal);
    for (const [i, text] of texts.entries()) text.hidden = i !== chosen;
    for (const [i, button] of buttons.entries()) attribute(button, "aria-pressed", String(i === chosen));
    if (!refusal) draw(records[chosen]);
  };
  for (const [i, button] of buttons.entries()) button.addEventListener("click", () => open(i));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(null));
  open(0);
}

playFile();
