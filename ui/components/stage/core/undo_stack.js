// @ts-check
// What was done on the bench or in a picture, to undo and redo. A state is JSON-ready. Pure.

/**
 * @typedef {{ pixels: number, edit: number[] | null, locks: number[], kernels?: number }} BenchState `kernels`: of the network
 *   whose numbers the locks are, where it has more than one
 */
/**
 * @template [T=BenchState]
 * @typedef {object} UndoStack
 * @property {(state: T, anew?: boolean) => boolean} note
 * @property {() => T | null} undo
 * @property {() => T | null} redo
 * @property {() => T} present
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {() => { states: string[], at: number }} kept
 * @property {(kept: { states: string[], at: number }) => void} restore
 */

const MOST = 100;

/** @type {<T>(first: T) => UndoStack<T>} */
export function undoStack(first) {
  let states = [JSON.stringify(first)];
  let at = 0;
  const present = () => JSON.parse(states[at]);
  return {
    // Takes the state that things have come to; returns whether anything is new. `anew`: a run has begun, after which
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
