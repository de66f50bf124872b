// @ts-check
// The picture and the network in the address, beside what Python and the stage write there.

import { bitmapText } from "../stage/pictures/run_lengths.js";
import { queryWith, wordsFor } from "../stage/sync/url.js";

/**
 * @import { PictureState } from "./state.js"
 */

const OWN = ["scene", "drawing", "network", "tolerance", "map"];
export const LONGEST_DRAWING = 1500; // characters: links are passed on in messages and codes

// The page's own words. A drawing that is too long for a link gives none.
/** @type {(shown: { scene: import("./state.js").Scene | null, text: string, home: string, network: string, tolerance: number, map: string }) => [string, string][]} */
export function pictureWords({ scene, text, home, network, tolerance, map }) {
  /** @type {[string, string][]} */
  const words = [];
  if (scene) {
    const word = `${scene.kind}:${scene.seed}:${scene.side}`;
    if (word !== home) words.push(["scene", word]);
  } else if (text.length <= LONGEST_DRAWING) words.push(["drawing", text]);
  if (network !== "bench") words.push(["network", network]);
  if (tolerance) words.push(["tolerance", String(tolerance)]);
  if (map !== "output") words.push(["map", map]);
  return words;
}

/** @type {(S: PictureState, epoch: number) => string} */
export function pictureSearch(S, epoch) {
  const { header, scene, bitmap, choice, tolerance, map, edit } = S;
  if (!header) return location.search;
  const leads = header.run?.leads ?? false;
  const bench = wordsFor({ ...header.bench, weights: edit, epoch: leads ? epoch : null });
  const others = location.search
    .replace(/^\?/, "")
    .split("&")
    .filter(part => part && !OWN.includes(part.split("=")[0]))
    .join("&");
  const text = scene ? "" : bitmapText(bitmap);
  const own = pictureWords({ scene, text, home: header.home, network: choice, tolerance, map });
  return queryWith(others && `?${others}`, [...bench, ...own]);
}
