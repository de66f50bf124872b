// @ts-check
// Tells the story of a file, a step at a time: by keys, buttons and the number in its address. The stage is new on each
// step that has one, and plays the record that its switch says.
import { tr } from "../language/tr.js";
import patterns from "../slides/patterns.js";
import { wishOf } from "../slides/talk_keys.js";
import stage from "../stage/app/main.js";
import { attribute, put } from "../stage/canvas/dom.js";
import { unfoldedRecord } from "./record_block.js";
import { refusalOf } from "./refusal.js";
import { unfolded } from "./unfold.js";

/** @type {(selector: string, within?: ParentNode) => any[]} */
const every = (selector, within = document) => [...within.querySelectorAll(selector)];
/** @type {(name: string) => any} */
const named = name => document.getElementById(name);

async function tellStory() {
  const [records, drawings] = await Promise.all([
    Promise.all(every(".record").map(node => unfoldedRecord(node.textContent))),
    Promise.all(every(".drawing").map(node => unfolded(node.textContent))),
  ]);
  const steps = every(".step");
  /** @type {any} */
  const T = { steps, records, drawings, at: 0, open: "", stage: null };
  named("back").addEventListener("click", () => goTo(T, T.at - 1));
  named("next").addEventListener("click", () => goTo(T, T.at + 1));
  for (const button of every("[data-opens]"))
    button.addEventListener("click", () => togglePanel(T, button.dataset.opens));
  for (const button of every(".show")) button.addEventListener("click", () => playRun(T, button));
  for (const box of every("[data-drawing]")) patterns({ parentElement: box, data: drawingOf(T, box) });
  const onKey = ev => {
    const found = wishOf(ev, T.at, steps.length);
    if (found === "notes") togglePanel(T, "notes");
    else if (found !== null) goTo(T, found);
  };
  window.addEventListener("keydown", onKey, { capture: true });
  window.addEventListener("hashchange", () => followAddress(T));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => T.stage?.draw(null));
  followAddress(T);
}

function drawingOf(T, box) {
  return JSON.parse(new TextDecoder().decode(T.drawings[Number(box.dataset.drawing)]));
}

// The step that the address names; the first one, and a sentence, where it names none.
function followAddress(T) {
  const word = location.hash.slice(1);
  const number = word === "" ? 1 : stepNumber(word, T.steps.length);
  if (number === T.at) return;
  const wrong = number === 0;
  goTo(T, number || 1, wrong ? "" : word);
  if (wrong) tellProblem(problemWith(word, T.steps.length));
}

// What is wrong, in a sentence; "" for nothing.
/** @type {(problem: string) => void} */
function tellProblem(problem) {
  put(named("problem"), problem);
  named("problem").hidden = !problem;
}

// The number of a step as an address has it; 0 for anything that is none.
/** @type {(word: string, steps: number) => number} */
export function stepNumber(word, steps) {
  const number = /^[0-9]{1,9}$/.test(word) ? Number(word) : 0;
  return number <= steps ? number : 0;
}

/** @type {(word: string, steps: number) => string} */
export function problemWith(word, steps) {
  return tr("The link says step '{word}': the story has steps 1 to {last}. The story begins at its first step.", {
    word: word.slice(0, 60),
    last: steps,
  });
}

// `written`: what the address says already.
/** @type {(T: any, number: number, written?: string | null) => void} */
function goTo(T, number, written = null) {
  const to = Math.max(1, Math.min(T.steps.length, number));
  if (to === T.at) return;
  leaveStep(T);
  T.at = to;
  tellProblem("");
  for (const [i, step] of T.steps.entries()) step.classList.toggle("now", i === to - 1);
  if (T.open === "code" || T.open === "runs") T.open = "";
  showStep(T);
  if (written === null) location.hash = String(to);
  scrollTo(0, 0);
}

// The buttons and what is open follow the step.
function showStep(T) {
  const step = T.steps[T.at - 1];
  put(named("at"), tr("{at} of {all}", { at: T.at, all: T.steps.length }));
  named("back").disabled = T.at === 1;
  named("next").disabled = T.at === T.steps.length;
  for (const box of every("[data-panel]")) {
    const ours = box.dataset.step === undefined || Number(box.dataset.step) === T.at;
    box.hidden = !(ours && box.dataset.panel === T.open);
  }
  for (const button of every("[data-opens]"))
    attribute(button, "aria-expanded", String(button.dataset.opens === T.open));
  const about = (step.dataset.runs ?? "").split(" ");
  for (const [i, run] of every(".run").entries()) run.hidden = !about.includes(String(i));
  const box = step.querySelector("[data-record]");
  if (box && !T.stage) mountStage(T, box, every(".show", step)[0]);
  aimTry(step);
}

// What "Try it" opens: the run that the step shows.
function aimTry(step) {
  attribute(
    named("try"),
    "href",
    step.querySelector('.show[aria-pressed="true"]')?.dataset.opened ?? step.dataset.opens,
  );
}

function togglePanel(T, panel) {
  T.open = T.open === panel ? "" : panel;
  showStep(T);
  every(".panel")
    .find(box => !box.hidden)
    ?.scrollIntoView({ block: "nearest" }); // on a phone it stands below the picture
}

// ---------------------------------------------------------------- the stage

function mountStage(T, box, button) {
  const host = document.createElement("div");
  attribute(host, "data-alone", "");
  box.replaceChildren(host);
  const root = host.attachShadow({ mode: "open" });
  const draw = data => stage({ parentElement: root, data, setStateValue() {}, setTriggerValue() {} });
  T.stage = { host, draw, gone: () => {} };
  if (button) playRun(T, button);
  else playRecord(T, Number(box.dataset.record));
}

function playRecord(T, record) {
  const refusal = refusalOf(T.records[record]);
  tellProblem(refusal);
  if (!refusal) T.stage.gone = T.stage.draw(T.records[record]);
}

// The run of a switch's button.
function playRun(T, button) {
  for (const other of every(".show", button.parentElement)) attribute(other, "aria-pressed", String(other === button));
  aimTry(button.closest(".step"));
  playRecord(T, Number(button.dataset.shows));
}

function leaveStep(T) {
  T.stage?.host.remove();
  T.stage?.gone();
  T.stage = null;
}

tellStory();
