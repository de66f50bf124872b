// @ts-check
// A pen over a canvas context: text with a halo, hairlines, hatching, marks. Everything scales with k.

/**
 * @import { Palette } from "./palette.js"
 */

export class Pen {
  /**
   * @param {CanvasRenderingContext2D} g
   * @param {number} W width and
   * @param {number} H height in CSS pixels
   * @param {number} k
   * @param {Palette} P
   */
  constructor(g, W, H, k, P) {
    this.g = g;
    this.W = W;
    this.H = H;
    this.k = k;
    this.P = P;
  }

  /**
   * @param {string | number} s
   * @param {number} x
   * @param {number} y
   * @param {{ c?: string, a?: CanvasTextAlign, halo?: string | null, px?: number, w?: number }} [style]
   *   colour, align, colour around the letters or null, size, weight
   */
  text(s, x, y, { c = this.P.muted, a = "left", halo = this.P.bg, px = 12, w = 400 } = {}) {
    const { g, k, P } = this;
    g.font = `${w} ${px * k}px ${P.font}`;
    g.textAlign = a;
    g.textBaseline = "middle";
    if (halo) {
      g.strokeStyle = halo;
      g.lineWidth = 4 * k;
      g.strokeText(String(s), x, y);
    }
    g.fillStyle = c;
    g.fillText(String(s), x, y);
  }

  width(s, px, w = 400) {
    this.g.font = `${w} ${px * this.k}px ${this.P.font}`;
    return this.g.measureText(s).width;
  }

  rule(x1, y1, x2, y2, c, w = 1, dash = []) {
    const { g } = this;
    g.strokeStyle = c;
    g.lineWidth = w;
    g.setLineDash(dash);
    g.beginPath();
    g.moveTo(x1, y1);
    g.lineTo(x2, y2);
    g.stroke();
    g.setLineDash([]);
  }

  across(x1, x2, y, c, w, dash) {
    this.rule(x1, crisp(y), x2, crisp(y), c, w, dash);
  }
  down(x, y1, y2, c, w, dash) {
    this.rule(crisp(x), y1, crisp(x), y2, c, w, dash);
  }

  // Where the gradient is exactly 0: tint and 45 degree hatch.
  dead(x, y, w, h) {
    if (!(w > 0 && h > 0)) return;
    const { g, k, P } = this;
    g.save();
    g.beginPath();
    g.rect(x, y, w, h);
    g.clip();
    g.fillStyle = P.dead;
    g.fillRect(x, y, w, h);
    g.strokeStyle = P.hatch;
    g.lineWidth = 1;
    g.beginPath();
    for (let s = -h; s < w; s += 8 * k) {
      g.moveTo(x + s, y + h);
      g.lineTo(x + s + h, y);
    }
    g.stroke();
    g.restore();
  }

  dot(x, y, r, fill, ring = this.P.bg) {
    const { g, k } = this;
    g.fillStyle = fill;
    g.strokeStyle = ring;
    g.lineWidth = 2 * k;
    g.beginPath();
    g.arc(x, y, r, 0, 7);
    g.fill();
    g.stroke();
  }

  diamond(x, y, r) {
    const { g } = this;
    g.beginPath();
    g.moveTo(x, y - r);
    g.lineTo(x + r, y);
    g.lineTo(x, y + r);
    g.lineTo(x - r, y);
    g.closePath();
  }

  star(x, y, r) {
    const { g } = this;
    g.beginPath();
    for (let i = 0; i < 10; i++) {
      const angle = -Math.PI / 2 + (i * Math.PI) / 5;
      const reach = i % 2 ? r * 0.45 : r;
      g.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
    g.closePath();
  }

  // Blits a layer, or the part of it between two x, in CSS pixels.
  blit(layer, from = 0, to = this.W) {
    if (to <= from || !layer.width || !layer.height) return; // not laid out yet, or not shown
    const d = layer.width / this.W;
    this.g.drawImage(layer, from * d, 0, (to - from) * d, layer.height, from, 0, to - from, this.H);
  }
}

/** @type {(v: number) => number} */
export function crisp(v) {
  return Math.round(v) + 0.5;
}

// The canvas's size on the screen; `box` is kept by the resize observer, so drawing never asks for layout.
/** @type {(canvas: any) => { W: number, H: number }} */
export function boxOf(canvas) {
  return canvas.box ?? { W: canvas.clientWidth, H: canvas.clientHeight };
}

// A cleared pen at the canvas's size on the screen.
/** @type {(canvas: HTMLCanvasElement, k: number, P: Palette) => Pen} */
export function penOn(canvas, k, P) {
  const d = /** @type {any} */ (canvas).density || devicePixelRatio || 1;
  const { W, H } = boxOf(canvas);
  const w = Math.round(W * d);
  const h = Math.round(H * d);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const g = contextOf(canvas);
  g.setTransform(d, 0, 0, d, 0, 0);
  g.clearRect(0, 0, W, H);
  g.lineJoin = "round";
  return new Pen(g, W, H, k, P);
}

/** @type {(canvas: HTMLCanvasElement) => CanvasRenderingContext2D} */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

// What stays still is drawn once into a layer of its own, again only when `key`, size or theme changed.
/** @type {(canvas: any, name: string, key: string, pen: Pen, paint: (pen: Pen) => void) => HTMLCanvasElement} */
export function layerOf(canvas, name, key, pen, paint) {
  const layers = (canvas.layers ??= {});
  const full = `${key}|${canvas.width}|${canvas.height}|${pen.k}|${pen.P.id}`;
  if (layers[name]?.key === full) return layers[name].sheet;
  const sheet = layers[name]?.sheet ?? document.createElement("canvas");
  sheet.width = canvas.width;
  sheet.height = canvas.height;
  const g = contextOf(sheet);
  const d = canvas.width / pen.W;
  g.setTransform(d, 0, 0, d, 0, 0);
  g.lineJoin = "round";
  paint(new Pen(g, pen.W, pen.H, pen.k, pen.P));
  layers[name] = { key: full, sheet };
  return sheet;
}
