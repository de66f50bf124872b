// @ts-check
// Markers on the scrubber and in the plots: their words, and where there is room for them. Pure.
import { tr } from "../../language/tr.js";
import { grouped } from "../canvas/format.js";

/**
 * @import { EpochAxis } from "../canvas/axis.js"
 * @import { Names } from "../core/messages.js"
 * @import { RecordHeader } from "../core/record.js"
 */

/** @typedef {RecordHeader["markers"][number]} Marker */

export const TONES = {
  died: "bad",
  collapsed: "bad",
  diverged: "bad",
  refused: "bad",
  solved: "good",
  confident: "good",
};

// Python's words; whose gradient died depends on what the target is called.
/** @type {(marker: Marker, names: Names) => string} */
export function markerText(marker, names) {
  return marker.kind === "died" ? tr("{target}'s gradient died", { target: names.the }) : marker.text;
}

// Per marker, in the order of epochs: its place, and the longest text that fits beside it without covering another's
// or its tick, on its right or (`flip`) on its left, where two come at one epoch on both; "" where only a tick fits. `size(text)` is its width.
/** @type {(markers: Marker[], names: Names, axis: EpochAxis, width: number, inset: number, size: (text: string) => number) => { marker: Marker, x: number, text: string, full: string, flip: boolean }[]} */
export function laidMarkers(markers, names, axis, width, inset, size) {
  const list = [...markers].sort((a, b) => a.epoch - b.epoch);
  const x = m => inset + (width - 2 * inset) * axis.u(m.epoch);
  const taken = []; // by texts
  const clear = (from, to, at) => list.every(m => Math.abs(x(m) - at) < 4 || to <= x(m) - 2 || from >= x(m) + 2);
  const free = (from, to, at) =>
    from >= -1 && to <= width + 1 && clear(from, to, at) && taken.every(([a, b]) => to <= a || from >= b);
  return list.map(m => {
    const at = x(m);
    const words = markerText(m, names);
    const full = tr("{marker}, epoch {epoch}", { marker: words, epoch: grouped(m.epoch) });
    for (const text of [full, words])
      for (const flip of [false, true]) {
        const [from, to] = flip ? [at - size(text), at] : [at, at + size(text)];
        if (!free(from, to, at)) continue;
        taken.push([from, to]);
        return { marker: m, x: at, text, full, flip };
      }
    return { marker: m, x: at, text: "", full, flip: false };
  });
}
