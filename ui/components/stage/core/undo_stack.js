// @ts-check
// What was done on the bench, to undo and redo. A state is JSON-ready. Pure.

/**
 * @typedef {{ pixels: number, edit: number[] | null, locks: number[] }} BenchState
 *
 * @typedef {object} UndoStack
 * @property {(state: BenchState, anew?: boolean) => boolean} note
 * @property {() => BenchState | null} undo
 * @property {() => BenchState | null} redo
 * @property {() => BenchState} present
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {() => { states: string[], at: number }} kept
 * @property {(kept: { states: string[], at: number }) => void} restore
 */

const MOST = 100;

/** @type {(first: BenchState) => UndoStack} */
export function undoStack(first) {
  let states = [JSON.stringify(first)];
  let at = 0;
  const present = () => JSON.parse(states[at]);
  return {
    // Takes the state that the bench has come to; returns whether anything is new. `anew`: a run has begun, after which
    // what was undone before it is not to come back, though the bench may look as it did. What can be undone stays: it is
    // how the weights that the run took over are had again.
    note(state, anew = false) {
      const text = JSON.stringify(state);
      if (text === states[at]) {
        const undone = states.length - 1 > at;
        if (anew) states = states.slice(0, at + 1);
        return anew && undone;
      }
      states = [...states.slice(Math.max(0, at + 2 - MOST), at + 1), text];
      at = states.length - 1;
      return true;
    },
    undo() {
      if (at === 0) return null;
      at--;
      return present();
    },
    redo() {
      if (at === states.length - 1) return null;
      at++;
      return present();
    },
    present,
    get canUndo() {
      return at > 0;
    },
    get canRedo() {
      return at < states.length - 1;
    },

    // For another page's life.
    kept() {
      return { states, at };
    },
    restore(kept) {
      ({ states, at } = kept);
    },
  };
}
