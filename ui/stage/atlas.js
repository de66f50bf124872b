// The atlas: all 512 patterns, z against Hamming distance from the nearest target.
import { HEADS, distances } from "./forward.js";
import { zAxis, zTicks } from "./axis.js";
import { signed } from "./format.js";
import { layerOf, penOn } from "./draw.js";

// Where each pattern stands within its distance: fixed for a set of targets, so that a point only ever moves up and down.
export function atlasPlaces(targets) {
  const distance = distances(targets), count = new Array(10).fill(0), shift = new Float64Array(512);
  for (let i = 0; i < 512; i++) { shift[i] = (count[distance[i]]++ * 0.61803398875 + 0.21) % 1 - 0.5; }
  for (let i = 0; i < 512; i++) if (count[distance[i]] === 1) shift[i] = 0;
  let far = 9;
  while (far > 1 && !count[far]) far--;
  return { distance, count, shift, far, targets };
}

export function atlasScales(W, H, k, places, domain) {
  const L = 56 * k, R = 4 * k, T = 24 * k, B = 28 * k, w = W - L - R, h = H - T - B;
  const zero = Math.max(92 * k, 0.196 * w), unit = (w - zero) / places.far, axis = zAxis(domain[0], domain[1]), n = places.targets.length;
  // Distance 0 is wider: it holds the targets, their name and the gap.
  const left = d => (d === 0 ? L : L + zero + unit * (d - 1)), middle = d => (d === 0 ? L + 0.3 * zero : left(d) + unit / 2);
  const spread = i => (n < 2 ? 0 : (places.targets.indexOf(i) / (n - 1) - 0.5) * 0.32 * zero);
  const x = i => { const d = places.distance[i]; return middle(d) + (d === 0 ? spread(i) : places.shift[i] * unit * 0.8); };
  return { W, H, k, L, T, h, E: W - R, zero, unit, left, middle, x, axis, Y: z => T + h * axis.place(z), far: places.far };
}

// The pattern whose point is nearest to (x, y) on the canvas.
export function patternNear(A, zs, x, y) {
  let best = Infinity, at = 0;
  for (let i = 0; i < 512; i++) {
    const d = (A.x(i) - x) ** 2 + (A.Y(zs[i]) - y) ** 2;
    if (d < best) { best = d; at = i; }
  }
  return at;
}

// From point to point: up and down by z within a distance, left and right to the nearest z of the next distance.
export function patternBeside(places, zs, at, key) {
  const here = places.distance[at], others = [...zs.keys()].filter(i => i !== at);
  if (key === "ArrowUp" || key === "ArrowDown") {
    const rank = i => zs[i] + i * 1e-9, way = key === "ArrowUp" ? 1 : -1;
    return others.filter(i => places.distance[i] === here && (rank(i) - rank(at)) * way > 0)
      .reduce((best, i) => (best < 0 || (rank(i) - rank(best)) * way < 0 ? i : best), -1);
  }
  const want = here + (key === "ArrowRight" ? 1 : -1);
  return others.filter(i => places.distance[i] === want)
    .reduce((best, i) => (best < 0 || Math.abs(zs[i] - zs[at]) < Math.abs(zs[best] - zs[at]) ? i : best), -1);
}

export function drawAtlas(canvas, view, P, k) {
  const pen = penOn(canvas, k, P), A = atlasScales(pen.W, pen.H, k, view.places, view.domain), dead = HEADS[view.head].dead;
  pen.blit(layerOf(canvas, "still", `${view.domain}|${view.head}|${view.placesId}`, pen, still => paintField(still, A, view, dead)));
  const { g } = pen, { L, T, h, E, Y } = A, { sum, flags, zs, show } = view;
  const yc = Y(show.zs[sum.targetAt]), yo = sum.otherAt < 0 ? T + h : Y(show.zs[sum.otherAt]);
  if (sum.gap > 0) {                        // separated: an empty band between the targets and all others
    g.globalAlpha = 0.1; g.fillStyle = P.accent; g.fillRect(L, yc, E - L, yo - yc); g.globalAlpha = 1;
  }
  // A label's halo takes the colour it stands on.
  const back = y => (sum.gap > 0 && y > yc && y < yo ? P.band : dead < 9 && (y < Y(dead) || y > Y(-dead)) ? P.dead : P.bg);
  const note = (s, x, y, more) => pen.text(s, x, y, { px: 14, c: P.ink, halo: back(y), ...more });
  const cut = Y(view.threshold);
  pen.across(L, E, cut, P.ink, 1.5 * k);
  drawPoints(pen, A, view);

  if (dead < 9) {
    if (Y(dead) - T > 18 * k) note("gradient exactly 0", E - 8 * k, (T + Y(dead)) / 2, { a: "right", halo: P.dead });
    const far = view.domain[0] < -100;
    note("gradient exactly 0", far ? L + 8 * k : E - 8 * k, T + h - 14 * k, { a: far ? "left" : "right" });
  }
  note(`above the threshold: ${view.names.is}`, E - 8 * k, cut - 12 * k, { a: "right" });
  note(`below: ${view.names.isNot}`, E - 8 * k, cut + 12 * k, { a: "right" });

  const lowest = sum.targetAt, ok = zs[lowest] > view.threshold, colour = ok ? P.accent : P.wrong, x0 = A.x(lowest);
  if (view.startZ !== null) {               // how far the target has come since epoch 0
    const ys = Y(view.startZ);
    if (Math.abs(ys - yc) > 40 * k) {
      pen.rule(x0, ys, x0, yc, colour, 1.5 * k);
      pen.rule(x0 - 5 * k, ys, x0 + 5 * k, ys, colour, 1.5 * k);
    }
  }
  if (sum.otherAt >= 0) drawGap(pen, A, view, yc, yo, note);
  for (const t of view.places.targets) drawTarget(pen, A.x(t), Y(show.zs[t]), zs[t] > view.threshold, view.places.targets.length);
  const below = ok ? yc - T < 40 * k : yc < T + h - 34 * k, yl = yc + (below ? 24 : -24) * k, half = pen.width(view.names.star, 14, 600) / 2;
  note(ok ? view.names.star : "rejected", Math.max(x0, L + half + 4 * k), yl, { a: "center", c: colour, w: 600, halo: back(yl) });
  if (!flags[view.pixels]) {
    const x = A.x(view.pixels), y = Y(show.zs[view.pixels]), far = x > pen.W * 0.75;
    g.strokeStyle = P.ink; g.lineWidth = 2 * k; g.beginPath(); g.arc(x, y, 9 * k, 0, 7); g.stroke();
    pen.text("on the bench", x + (far ? -14 : 14) * k, y, { c: P.ink, px: 14, a: far ? "right" : "left", halo: back(y) });
  } else if (view.places.targets.length > 1) {
    g.strokeStyle = P.ink; g.lineWidth = 2 * k; g.beginPath(); g.arc(A.x(view.pixels), Y(show.zs[view.pixels]), 15 * k, 0, 7); g.stroke();
  }
}

function drawPoints(pen, A, view) {
  const { g, k, P } = pen, { zs, show, flags, threshold } = view, r = Math.min(3 * k, A.unit / 8), wrong = [];
  g.fillStyle = P.dot; g.globalAlpha = 0.8; g.beginPath();
  for (let i = 0; i < 512; i++) {
    if (flags[i]) continue;
    if (!(zs[i] < threshold)) { wrong.push(i); continue; }
    const x = A.x(i), y = A.Y(show.zs[i]);
    g.moveTo(x + r, y); g.arc(x, y, r, 0, 7);
  }
  g.fill(); g.globalAlpha = 1; g.fillStyle = P.wrong; g.strokeStyle = P.bg; g.lineWidth = k;
  for (const i of wrong) { pen.diamond(A.x(i), A.Y(show.zs[i]), 5 * k); g.fill(); g.stroke(); }
}

function drawTarget(pen, x, y, ok, many) {
  const { g, k, P } = pen, colour = ok ? P.accent : P.wrong, size = many > 4 ? 0.6 : many > 1 ? 0.8 : 1;
  g.fillStyle = P.bg; g.strokeStyle = colour; g.lineWidth = 2 * k;
  g.beginPath(); g.arc(x, y, 12 * k * size, 0, 7); g.fill(); g.stroke();
  pen.star(x, y, 8 * k * size);
  g.fillStyle = colour;
  if (ok) g.fill(); else { g.lineWidth = 1.5 * k; g.stroke(); }
}

function drawGap(pen, A, view, yc, yo, note) {
  const { k, P } = pen, { sum } = view, x = A.L + Math.max(0.6 * A.zero, pen.width(view.names.star, 14, 600) + 8 * k), cut = A.Y(view.threshold);
  pen.rule(x, yo, A.x(sum.otherAt), yo, P.ink, 1, [2, 3]);
  pen.rule(A.x(sum.targetAt) + 14 * k, yc, x, yc, P.ink, 1, [2, 3]);
  pen.rule(x, yo, x, yc, P.ink, 1.5 * k);
  for (const y of [yo, yc]) pen.rule(x - 4 * k, y, x + 4 * k, y, P.ink, 1.5 * k);
  let middle = Math.abs(yo - yc) > 72 * k ? (yo + yc) / 2 : Math.min(yo, yc) - 22 * k;
  if (middle < A.T + 20 * k) middle = Math.max(yo, yc) + 24 * k;
  if (Math.abs(middle - cut) < 20 * k) middle = cut + (middle > yc ? 24 : -24) * k;       // never on a line
  note("gap", x + 8 * k, middle - 9 * k, { c: P.muted });
  note(signed(sum.gap, Math.abs(sum.gap) < 0.1 ? 3 : 2), x + 8 * k, middle + 9 * k, { c: sum.gap > 0 ? P.accent : P.ink, w: 600 });
}

function paintField(pen, A, view, dead) {
  const { g, H, k, P } = pen, { L, T, h, E, Y } = A, { count } = view.places;
  if (dead < 9) { pen.dead(L, T, E - L, Y(dead) - T); pen.dead(L, Y(-dead), E - L, T + h - Y(-dead)); }
  for (let d = 1; d <= A.far; d++) pen.down(A.left(d), T, T + h, P.line);
  for (const t of zTicks(A.axis, h, 16 * k)) {
    pen.across(L - 4 * k, L, Y(t), P.edge);
    pen.text((t > 0 ? "+" : t < 0 ? "−" : "z ") + Math.abs(t), L - 8 * k, Y(t), { a: "right", halo: null });
  }
  for (let d = 0; d <= A.far; d++) {
    if (A.unit > 26 * k || d === 0 || d % 2) pen.text(count[d], A.middle(d), T / 2 - 2 * k, { a: "center", halo: null });
    pen.text(d, A.middle(d), H - 10 * k, { a: "center", halo: null, px: 14, c: P.ink });
  }
  pen.text("patterns", L - 8 * k, T / 2 - 2 * k, { a: "right", halo: null });
  pen.text("distance", L - 8 * k, H - 10 * k, { a: "right", halo: null });
  g.strokeStyle = P.edge; g.lineWidth = 1;
  g.strokeRect(Math.round(L) + 0.5, Math.round(T) + 0.5, Math.round(E - L) - 1, Math.round(h) - 1);
}
