// @ts-check
// Colours for the canvases, read from the theme, and the diverging scale of the weights.

/**
 * @typedef {Record<"bg" | "ink" | "muted" | "line" | "edge" | "accent" | "wrong" | "false" | "neg" | "pos" | "dot" | "hatch" | "dead", string>
 *   & Record<string, any> & { id: number, font: string, band: string, diverge: string[] }} Palette colours as #rrggbb
 */

const NAMES = ["bg", "ink", "muted", "line", "edge", "accent", "wrong", "false", "neg", "pos", "dot", "hatch", "dead"];
let paletteCount = 0;

// Reads the custom properties of `node`; each reading has its own id, so that drawn layers know when they are stale.
/** @type {(node: Element) => Palette} */
export function readPalette(node) {
  const style = getComputedStyle(node);
  const probe = document.createElement("canvas").getContext("2d");
  /** @type {any} */
  const P = { id: ++paletteCount };
  for (const name of NAMES) P[name] = hexOf(probe, style.getPropertyValue(`--${name}`).trim());
  P.font = style.fontFamily;
  const ends = { bg: oklab(P.bg), neg: oklab(P.neg), pos: oklab(P.pos) };
  const accent = oklab(P.accent);
  P.band = hexFrom(mixed(ends.bg, accent, 0.1));
  P.diverge = Array.from({ length: 65 }, (_, i) => {
    const x = (i - 32) / 32;
    return hexFrom(mixed(ends.bg, x < 0 ? ends.neg : ends.pos, Math.abs(x)));
  });
  return P;
}

// The background's luminance tells light from dark, whatever theme the page has.
/** @type {(node: Element) => boolean} */
export function isDark(node) {
  const probe = document.createElement("canvas").getContext("2d");
  return (
    oklab(hexOf(probe, getComputedStyle(node).getPropertyValue("--st-background-color").trim() || "#fff"))[0] < 0.5
  );
}

/** @type {(P: Palette, value: number, max: number) => string} */
export function diverging(P, value, max) {
  const x = max > 0 ? Math.max(-1, Math.min(1, value / max)) : 0;
  return P.diverge[Math.round(32 + 32 * (x || 0))];
}

// A canvas context understands every CSS colour and gives back #rrggbb.
/** @type {(probe: any, colour: string) => string} */
function hexOf(probe, colour) {
  probe.fillStyle = "#888888";
  probe.fillStyle = colour;
  return probe.fillStyle[0] === "#"
    ? probe.fillStyle
    : `#${probe.fillStyle
        .match(/\d+/g)
        .slice(0, 3)
        .map(n => Number(n).toString(16).padStart(2, "0"))
        .join("")}`;
}

/** @type {(a: number[], b: number[], share: number) => number[]} */
function mixed(a, b, share) {
  return a.map((c, i) => c + (b[i] - c) * share);
}

/** @type {(c: number) => number} */
function linear(c) {
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** @type {(c: number) => number} */
function gamma(c) {
  return c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
}

// Oklab: https://bottosson.github.io/posts/oklab/
/** @type {(hex: string) => number[]} */
function oklab(hex) {
  const [r, g, b] = [1, 3, 5].map(i => linear(parseInt(hex.slice(i, i + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @type {(lab: number[]) => string} */
function hexFrom([L, A, B]) {
  const l = (L + 0.3963377774 * A + 0.2158037573 * B) ** 3;
  const m = (L - 0.1055613458 * A - 0.0638541728 * B) ** 3;
  const s = (L - 0.0894841775 * A - 1.291485548 * B) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${channels
    .map(x =>
      Math.round(255 * Math.min(1, Math.max(0, gamma(x))))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
