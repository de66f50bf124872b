// @ts-check
// The picture and the network in the address, beside what Python and the stage write there.
import { queryWith, wordsFor } from "../stage/sync/url.js";
import { bitmapText } from "./core/run_lengths.js";

/**
 * @import { PictureState } from "./state.js"
 */

const OWN = ["scene", "drawing", "network"];
export const LONGEST_DRAWING = 1500; // characters: links are passed on in messages and codes

// The page's own words. A drawing that is too long for a link gives none.
/** @type {(shown: { scene: import("./state.js").Scene | null, text: string, home: string, network: string }) => [string, string][]} */
export function pictureWords({ scene, text, home, network }) {
  /** @type {[string, string][]} */
  const words = [];
  if (scene) {
    const word = `${scene.kind}:${scene.seed}:${scene.side}`;
    if (word !== home) words.push(["scene", word]);
  } else if (text.length <= LONGEST_DRAWING) words.push(["drawing", text]);
  if (network !== "bench") words.push(["network", network]);
  return words;
}

/** @type {(S: PictureState, epoch: number) => string} */
export function pictureSearch(S, epoch) {
  const { header, scene, bitmap, choice } = S;
  if (!header) return location.search;
  const leads = header.run?.leads ?? false;
  const bench = wordsFor({ ...header.bench, epoch: leads ? epoch : null });
  const others = location.search
    .replace(/^\?/, "")
    .split("&")
    .filter(part => part && !OWN.includes(part.split("=")[0]))
    .join("&");
  const own = pictureWords({ scene, text: scene ? "" : bitmapText(bitmap), home: header.home, network: choice });
  return queryWith(others && `?${others}`, [...bench, ...own]);
}
