// @ts-check
// Which parts of the stage an address asks for, `show=bench,atlas`. Its twin is in corner_lab/export/share_link.py.
import { tr, trc } from "../../language/tr.js";
import { inARow } from "../canvas/format.js";

export const PARTS = ["bench", "atlas", "curves", "transport", "picture", "outcome"];

/** @type {Record<string, string>} */
export const PART_NAMES = {
  bench: trc("a part", "bench"),
  atlas: trc("a part", "atlas"),
  curves: trc("a part", "curves"),
  transport: trc("a part", "transport"),
  picture: trc("a part", "picture"),
  outcome: trc("a part", "outcome"),
};

// What shows where no name is right.
export const ALL_PARTS = PARTS.filter(name => name !== "picture");

// The parts that texts as "bench, atlas" name, each once, in their order; and what is no part's name.
/** @type {(texts: string[]) => { parts: string[], wrong: string[] }} */
export function partsOf(texts) {
  const names = [...new Set(texts.flatMap(text => text.split(",")).map(name => name.trim().toLowerCase()))];
  const parts = names.filter(name => PARTS.includes(name));
  const wrong = names.filter(name => name && !PARTS.includes(name));
  return { parts: parts.length ? parts : ALL_PARTS, wrong };
}

// What is wrong with them, in a sentence; "" for nothing.
/** @type {(found: { parts: string[], wrong: string[] }) => string} */
export function wrongPartsSentence({ parts, wrong }) {
  if (!wrong.length) return "";
  const said = wrong.join(",");
  const short = said.length > 40 ? `${said.slice(0, 37)}...` : said;
  return tr("The address says show '{words}': allowed are {allowed}; shown now: {shown}.", {
    words: short,
    allowed: PARTS.join(", "),
    shown: parts.join(", "),
  });
}

// What `show` says in the address of a file, in its query or behind its #; null where neither has the word.
/** @type {(search: string, hash: string) => string[] | null} */
export function showWords(search, hash) {
  const texts = [search, hash.replace(/^#/, "")].flatMap(text => new URLSearchParams(text).getAll("show"));
  return texts.length ? texts : null;
}

// The address that shows these parts alone: `href` with its other words as they are written.
/** @type {(href: string, parts: string[]) => string} */
export function embedAddress(href, parts) {
  const [address, query = ""] = href.split("#")[0].split("?");
  const others = query.split("&").filter(word => word && !/^(?:embed|show)(?:=|$)/.test(word));
  return `${address}?${["embed=true", `show=${parts.join(",")}`, ...others].join("&")}`;
}

// The element to put into a page or a slide.
/** @type {(address: string, parts: string[]) => string} */
export function frameMarkup(address, parts) {
  const src = address.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${src}" title="Corner Lab: ${inARow(parts.map(name => PART_NAMES[name]))}" width="960" height="540" style="border: 0"></iframe>`;
}
