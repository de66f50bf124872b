// @ts-check
// What goes on for as long as somebody visits, whichever page is open: the entries of the browser's history, the phone's
// sidebar, opening the page again once its server was started anew, and what is kept of the tasks.
import { showLanguages } from "./language/switch.js";
import { tr } from "./language/tr.js";
import { closeSidebarOnChoice } from "./sidebar.js";
import { knowsSession } from "./stage/sync/bench_request.js";
import { keepEntries } from "./stage/sync/entries.js";
import { whenGone } from "./stage/sync/lifecycle.js";
import {
  AGAIN,
  closeConnectionDialog,
  followConnection,
  isSameVisit,
  ofVisit,
  openAgain,
  stillThere,
  watchConnection,
  watchSleep,
  wordLeft,
} from "./stage/sync/reconnect.js";
import { forgetTasks, keepTasks, keptTasks } from "./tasks/storage.js";

const CONNECTION_AWAY = tr("The connection to the server is gone. The page goes on once it is back.");
const SAID_FOR = 12_000; // ms

export default function visit({ parentElement, data, setStateValue, setTriggerValue }) {
  const S = (parentElement.cornerLabVisit ??= mounted(parentElement));
  S.toStreamlit = setStateValue;
  if (data && isSameVisit(data.session)) {
    S.there.heard(data.there);
    ofVisit().undo = data.undo;
    if (S.left !== null) setStateValue("undo", S.left); // Python knows nothing of it
    S.left = null;
    follow(S, data.tasks);
    showLanguages(S.languages, data.languages, code => setTriggerValue("language", code));
  }
  return whenGone(parentElement, () => {
    S.life.abort();
    delete parentElement.cornerLabVisit;
  });
}

// What the browser keeps of the tasks is told once, and is Python's from then on.
function follow(S, tasks) {
  if (tasks.forgotten > S.forgotten) forgetTasks();
  S.forgotten = tasks.forgotten;
  const kept = tasks.heard ? null : keptTasks();
  if (kept) S.toStreamlit("tasks", kept);
  else keepTasks(tasks);
}

function mounted(root) {
  const life = new AbortController();
  const { signal } = life;
  const known = async () => {
    const { session } = ofVisit();
    return session === null || knowsSession(session);
  };
  const word = wordLeft();
  if (word) ofVisit().undo = word.undo;
  const S = {
    life,
    toStreamlit: (_name, _value) => {},
    there: stillThere({ ask: value => S.toStreamlit("there", value), known, again: openAgain, signal }),
    languages: document.createElement("div"),
    forgotten: 0, // how often Python has said that the tasks are to be forgotten
    left: word?.undo ?? null, // the settings that could be undone to on the page before
  };
  keepEntries();
  closeSidebarOnChoice(signal);
  watchConnection({ known, again: openAgain, back: () => S.there.ask(), signal });
  closeConnectionDialog(signal);
  watchSleep(() => S.there.look(), signal);
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  root.append(line, S.languages);
  followConnection(away => {
    const told = [...document.querySelectorAll("*")].some(e => "_stats" in e); // by the stage
    line.textContent = away && !told ? CONNECTION_AWAY : "";
  }, signal);
  if (word)
    setTimeout(() => {
      line.textContent = AGAIN; // after the region is there: only then is it read out
      setTimeout(() => {
        line.textContent = "";
      }, SAID_FOR);
    });
  return S;
}
