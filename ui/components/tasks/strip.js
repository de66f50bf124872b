// @ts-check
// The task that is taken: its goal, and whether it is reached. What Python says of the bench on its direct line counts at
// once, what it says of a run comes with the page.
import { joinedSentences, tr } from "../language/tr.js";
import { SAYS } from "../stage/sync/bench_request.js";
import { whenGone } from "../stage/sync/lifecycle.js";
import { keepTasks } from "./storage.js";

export default function taskStrip({ parentElement, data, setTriggerValue }) {
  const T = (parentElement.cornerLabTask ??= stripMounted(parentElement));
  T.press = setTriggerValue;
  const text = JSON.stringify(data);
  if (data && T.data !== text) {
    T.data = text;
    if (T.session !== data.session) Object.assign(T, { session: data.session, heard: 0 });
    toldOfTask(T, data);
  }
  return whenGone(parentElement, () => {
    T.life.abort();
    delete parentElement.cornerLabTask;
  });
}

// A run of the script that began before the last change of the bench ends after it.
function toldOfTask(T, { task, heard }) {
  if (!task || heard < T.heard) return;
  T.heard = heard;
  T.title.textContent = task.title;
  T.goal.textContent = task.goal;
  const said = saidOfTask(task);
  if (T.state.textContent !== said) T.state.textContent = said; // read out where it changes
  T.node.dataset.reached = String(task.reached);
  keepTasks({ taken: task.word, solved: task.link ? { [task.word]: task.link } : {} });
}

function saidOfTask({ reached, link, sentence }) {
  if (reached) return joinedSentences([tr("Reached."), sentence]);
  return link ? tr("Reached before. Now: {sentence}", { sentence }) : joinedSentences([tr("Not yet."), sentence]);
}

function stripMounted(root) {
  const node = document.createElement("section");
  node.className = "task";
  node.setAttribute("aria-label", tr("Task"));
  node.innerHTML = `<div class="words"><p><strong class="title"></strong> · <span class="goal"></span></p>
    <p class="state" role="status"></p></div><div class="ways"></div>`;
  const part = name => /** @type {HTMLElement} */ (node.querySelector(`.${name}`));
  /** @type {any} */
  const T = { node, press: () => {}, data: null, session: null, heard: 0, life: new AbortController() };
  Object.assign(T, { title: part("title"), goal: part("goal"), state: part("state") });
  const way = (text, onclick) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick });
    part("ways").append(button);
  };
  way(tr("All tasks"), () => T.press("way", "all"));
  way(tr("Leave this task"), () => {
    keepTasks({ taken: null, solved: {} });
    T.press("way", "leave");
  });
  root.append(node);
  document.addEventListener(SAYS, ev => toldOfTask(T, /** @type {CustomEvent} */ (ev).detail), {
    signal: T.life.signal,
  });
  return T;
}
