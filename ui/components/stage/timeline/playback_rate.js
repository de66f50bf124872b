// @ts-check
// How fast the playhead really moves: epochs per second over what was shown in the last half second. Pure.

const WINDOW = 500;

// `note(time in ms, epoch, playing)` once per frame gives epochs per second, or null at rest and before two changes were seen.
/** @type {() => { note(time: number, epoch: number, playing: boolean): number | null }} */
export function playbackRate() {
  let seen = [];
  return {
    note(time, epoch, playing) {
      if (!playing || (seen.length && epoch < seen.at(-1).epoch)) seen = [];
      if (!playing) return null;
      if (!seen.length || epoch !== seen.at(-1).epoch) seen.push({ time, epoch });
      // Slow play and reduced motion change less often than twice per window: the last two changes always count.
      while (seen.length > 2 && seen[1].time <= time - WINDOW) seen.shift();
      if (seen.length < 2) return null;
      const first = seen[0];
      const last = seen.at(-1);
      const span = last.time - first.time;
      const mean = span / (seen.length - 1);
      const since = time - last.time;
      // Nothing new for much longer than usual, as when training is slower than play: the pace sinks.
      return ((last.epoch - first.epoch) / (span + (since > 2 * mean + 100 ? since : 0))) * 1000;
    },
  };
}
