// @ts-check
// Where the parts stand that are fitted to a frame: the arrangement in which they are largest. Pure.
//
// Sizes are in units of the stage's own scale: px where k is 1. The least that is legible comes first; plots take what is
// left. Where the frame is too small for all of the bench its tools go, then its products and the head's curve.

/**
 * @typedef {{ x: number, y: number, w: number, h: number }} Box
 * @typedef {{ several: boolean, pair: boolean }} Network several kernels; two outputs
 * @typedef {{ w: number, h: number }} Size
 * @typedef {Size & { detail: number, corner?: boolean, boxes: (at: Box) => Record<string, Box> }} BenchForm detail: 0 for
 *   all of it, 1 without the tools, 2 without products and curve
 * @typedef {Size & { roomy: Size }} PlotForm
 * @typedef {Size & { roomy: Size, plots: [string, PlotForm][], row: boolean, right: boolean, bench: BenchForm | null,
 *   outcome: Size | null, transport: Size | null, curves: PlotForm }} Arrangement
 * @typedef {{ k: number, detail: number, corner: boolean, curvesBeside: boolean, transportInLine: boolean,
 *   outcomeAcross: boolean, boxes: Record<string, Box> }} Fitted boxes in px, by what they are of: sum, head, atlas, ...
 */

export const LARGEST_SCALE = 2.4; // as large as it is drawn,
export const LEGIBLE_SCALE = 0.8; // and from where on more detail is better than more size
const USUAL_SHAPE = 16 / 9; // of what is shown on a screen
const HEAD_WIDTH = 340;
const LEDGER_SIDE = 148;
/**
 * The least that a plot takes, and what it wants before anything is drawn larger.
 * @type {Record<string, PlotForm[]>}
 */
const PLOT_FORMS = {
  atlas: [{ w: 350, h: 240, roomy: { w: 440, h: 320 } }],
  curves: [
    { w: 310, h: 260, roomy: { w: 400, h: 340 } },
    { w: 620, h: 160, roomy: { w: 760, h: 220 } },
  ],
  picture: [{ w: 220, h: 210, roomy: { w: 300, h: 290 } }],
};
const OUTCOMES = [
  { w: 640, h: 84 },
  { w: 330, h: 150 },
];
const TRANSPORTS = [
  { w: 640, h: 60 },
  { w: 360, h: 100 },
];

// The forms that the bench can have, the fullest first.
/** @type {(network: Network) => BenchForm[]} */
function benchForms({ several, pair }) {
  const more = several ? 70 : 0;
  const wider = pair ? 56 : 0;
  const middle = (at, h) => at.y + (at.h - h) / 2;
  const beside = (detail, w, h, head) => ({
    detail,
    w: w + head,
    h,
    boxes: at => {
      const sum = Math.min(at.w - head, 1.15 * w);
      const tall = Math.min(at.h, 1.4 * h);
      const y = middle(at, tall);
      return { sum: { x: at.x, y, w: sum, h: tall }, head: { x: at.x + sum, y, w: at.w - sum, h: tall } };
    },
  });
  const above = (detail, w, h, head) => ({
    detail,
    w,
    h: h + head,
    boxes: at => ({ sum: { ...at, h }, head: { ...at, y: at.y + h, h: at.h - h } }),
  });
  // The output beside the pre-activation; in the corner, both below the pixels.
  const small = (corner, w, h) => ({ detail: 2, corner, w, h, boxes: at => ({ sum: at }) });
  const full = 700 + wider;
  return [
    beside(0, full, 248 + more, HEAD_WIDTH),
    above(0, full, 248 + more, 170),
    beside(1, full, 192 + more, HEAD_WIDTH),
    above(1, full, 192 + more, 160),
    small(false, full, 192 + more),
    small(true, pair ? 408 : 358, 192 + LEDGER_SIDE + 48 + more),
  ];
}

// All arrangements of these parts.
/** @type {(parts: string[], network: Network) => Arrangement[]} */
function arrangements(parts, network) {
  const has = name => parts.includes(name);
  const names = parts.filter(name => name in PLOT_FORMS);
  const found = [];
  for (const bench of has("bench") ? benchForms(network) : [null])
    for (const curves of PLOT_FORMS.curves.slice(0, has("curves") ? 2 : 1))
      for (const row of names.length > 1 ? [true, false] : [true])
        for (const right of bench && names.length ? [false, true] : [false])
          for (const outcome of has("outcome") ? OUTCOMES : [null])
            for (const transport of has("transport") ? TRANSPORTS : [null]) {
              /** @type {[string, PlotForm][]} */
              const plots = names.map(name => [name, name === "curves" ? curves : PLOT_FORMS[name][0]]);
              /** @type {[string, Size][]} */
              const roomiest = plots.map(([name, { roomy }]) => [name, roomy]);
              const sizeWith = all => {
                const { w, h } = bench ?? { w: 0, h: 0 };
                return {
                  w: Math.max(right ? w + all.w : Math.max(w, all.w), outcome?.w ?? 0, transport?.w ?? 0),
                  h: (right ? Math.max(h, all.h) : h + all.h) + (outcome?.h ?? 0) + (transport?.h ?? 0),
                };
              };
              found.push({
                ...sizeWith(sizeOfAll(plots, row)),
                roomy: sizeWith(sizeOfAll(roomiest, row)),
                ...{ plots, row, right, bench, outcome, transport, curves },
              });
            }
  return found;
}

/** @type {(plots: [string, Size][], row: boolean) => Size} */
function sizeOfAll(plots, row) {
  const [widths, heights] = [plots.map(([, { w }]) => w), plots.map(([, { h }]) => h)];
  const sum = numbers => numbers.reduce((a, b) => a + b, 0);
  return row ? { w: sum(widths), h: Math.max(0, ...heights) } : { w: Math.max(0, ...widths), h: sum(heights) };
}

// The fullest of which `worth` says at least LEGIBLE_SCALE, else that of which it says most.
/** @type {(all: Arrangement[], scale: (one: Arrangement) => number, worth?: (one: Arrangement) => number) => Arrangement} */
function best(all, scale, worth = scale) {
  const most = some => some.reduce((a, b) => (worth(b) > worth(a) ? b : a));
  for (const detail of [0, 1]) {
    const legible = all.filter(one => (one.bench?.detail ?? 0) === detail && scale(one) >= LEGIBLE_SCALE);
    if (legible.length) return most(legible);
  }
  return all.reduce((a, b) => (scale(b) > scale(a) ? b : a));
}

// `parts` as the address names them, the frame's size in px.
/** @type {(parts: string[], width: number, height: number, network: Network) => Fitted} */
export function fittedLayout(parts, width, height, network) {
  const fits = ({ w, h }) => Math.min(width / w, height / h, LARGEST_SCALE);
  const scale = one => Math.min(fits(one), Math.max(1, fits(one.roomy)));
  // Of two that are about as large, the one that leaves more to the plots.
  const worth = one => scale(one) * (1 + 0.5 * shareOfPlots(one, width / scale(one), height / scale(one)));
  const chosen = best(arrangements(parts, network), scale, worth);
  const k = Math.max(0.05, scale(chosen));
  const boxes = boxesOf(chosen, { x: 0, y: 0, w: width / k, h: height / k });
  return {
    k,
    detail: chosen.bench?.detail ?? 0,
    corner: Boolean(chosen.bench?.corner),
    curvesBeside: chosen.curves === PLOT_FORMS.curves[1],
    transportInLine: chosen.transport === TRANSPORTS[0],
    outcomeAcross: chosen.outcome === OUTCOMES[0],
    boxes: Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, inPixels(box, k)])),
  };
}

/** @type {(one: Arrangement, w: number, h: number) => number} */
function shareOfPlots({ plots, right, bench, outcome, transport }, w, h) {
  if (!plots.length) return 0;
  const across = right && bench ? 1 - bench.w / w : 1;
  const down = 1 - ((outcome?.h ?? 0) + (transport?.h ?? 0) + (right ? 0 : (bench?.h ?? 0))) / h;
  return across * down;
}

// The height at which the parts are well seen in a frame of this width, in px; it does not depend on the frame's.
/** @type {(parts: string[], width: number, network: Network) => number} */
export function wantedHeight(parts, width, network) {
  const scale = ({ w }) => Math.min(width / w, 1);
  const all = arrangements(parts, network).map(one => ({ ...one, h: one.roomy.h }));
  const chosen = best(all, scale, one => -Math.abs(one.h * scale(one) - width / USUAL_SHAPE));
  return Math.ceil(chosen.h * scale(chosen));
}

/** @type {(chosen: Arrangement, all: Box) => Record<string, Box>} */
function boxesOf({ plots, row, right, bench, outcome, transport }, all) {
  /** @type {Record<string, Box>} */
  const boxes = {};
  let { y, h } = all;
  if (!bench && !plots.length) {
    const own = (outcome?.h ?? 0) + (transport?.h ?? 0); // nothing that would grow: in the middle
    y += (h - own) / 2;
    h = own;
  }
  const [top, bottom] = [outcome?.h ?? 0, transport?.h ?? 0];
  if (outcome) boxes.outcome = { ...all, y, h: top };
  if (transport) boxes.transport = { ...all, y: y + h - bottom, h: bottom };
  let left = { ...all, y: y + top, h: h - top - bottom };
  if (bench && !plots.length) Object.assign(boxes, bench.boxes(left));
  else if (bench && right) {
    Object.assign(boxes, bench.boxes({ ...left, w: bench.w }));
    left = { ...left, x: left.x + bench.w, w: left.w - bench.w };
  } else if (bench) {
    Object.assign(boxes, bench.boxes({ ...left, h: bench.h }));
    left = { ...left, y: left.y + bench.h, h: left.h - bench.h };
  }
  const whole = sizeOfAll(plots, row);
  let { x, y: down } = left;
  for (const [name, { w, h: high }] of plots) {
    const box = row ? { ...left, x, w: (left.w * w) / whole.w } : { ...left, y: down, h: (left.h * high) / whole.h };
    boxes[name] = box;
    if (row) x += box.w;
    else down += box.h;
  }
  return boxes;
}

/** @type {(box: Box, k: number) => Box} */
function inPixels({ x, y, w, h }, k) {
  const [left, top] = [Math.round(x * k), Math.round(y * k)];
  return { x: left, y: top, w: Math.round((x + w) * k) - left, h: Math.round((y + h) * k) - top };
}
