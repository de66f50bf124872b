// @ts-check
// What this browser keeps of the tasks, over visits: which is taken, and by task the link that reached it. What was stored
// may be anything: Python checks it.

/**
 * @typedef {{ taken: string | null, solved: Record<string, string> }} Kept
 */

const TASKS_KEY = "corner-lab-tasks";

// Null where nothing is kept.
/** @type {() => Kept | null} */
export function keptTasks() {
  try {
    const kept = JSON.parse(localStorage.getItem(TASKS_KEY) ?? "null");
    return kept && typeof kept === "object" && typeof kept.solved === "object" ? kept : null;
  } catch {
    return null;
  }
}

// What was reached in another tab stays.
/** @type {(now: Kept) => void} */
export function keepTasks({ taken, solved }) {
  const before = keptTasks();
  if (!before && !taken && !Object.keys(solved).length) return;
  try {
    localStorage.setItem(TASKS_KEY, JSON.stringify({ taken, solved: { ...before?.solved, ...solved } }));
  } catch {
    /* storage is off or full */
  }
}

export function forgetTasks() {
  try {
    localStorage.removeItem(TASKS_KEY);
  } catch {
    /* storage is off */
  }
}
