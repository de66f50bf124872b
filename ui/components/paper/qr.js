// @ts-check
// A QR code (ISO/IEC 18004) of a text as rows of 0 and 1, in bytes, of the smallest version that holds it. The page makes
// it itself, when it is printed: what the link says is known there alone.

// By version, from 1: error correction codewords in a block, and blocks. Level M as long as the code is small, then L.
const LEVELS = {
  M: {
    bits: 0,
    words: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16],
  },
  L: {
    bits: 1,
    words: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28],
    blocks: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8],
  },
};
const SMALL = 10; // versions up to this one have level M
const MOST = 20; // of the versions: on paper a phone reads no finer one

/** @typedef {{ version: number, level: { bits: number, words: number[], blocks: number[] } }} Form */

/** @typedef {{ size: number, on: Uint8Array, fixed: Uint8Array }} Sheet modules row by row, and which of them are no data */

/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  x => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// Null for a text that is too long. `mask`: 0 to 7, or the one that reads best.
/** @type {(text: string, mask?: number | null) => number[][] | null} */
export function qrRows(text, mask = null) {
  const data = new TextEncoder().encode(text);
  const form = formFor(data.length);
  if (!form) return null;
  const words = withCorrection(codewords(data, form), form);
  const sheets = [...(mask === null ? MASKS.keys() : [mask])].map(which => drawn(words, form, which));
  const best = sheets.reduce((a, b) => (penalty(b) < penalty(a) ? b : a));
  return Array.from({ length: best.size }, (_, y) => [...best.on.subarray(y * best.size, (y + 1) * best.size)]);
}

// The code as an SVG's path, each module 1 by 1.
/** @type {(rows: number[][]) => string} */
export function qrPath(rows) {
  return rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
}

/** @type {(bytes: number) => Form | null} */
function formFor(bytes) {
  for (let version = 1; version <= MOST; version++) {
    const form = { version, level: version <= SMALL ? LEVELS.M : LEVELS.L };
    if (bytes + (version < 10 ? 2 : 3) <= dataWords(form)) return form;
  }
  return null;
}

/** @type {(version: number) => number} */
function allWords(version) {
  const n = Math.floor(version / 7) + 2;
  const alignment = version > 1 ? (25 * n - 10) * n - 55 : 0;
  return Math.floor(((16 * version + 128) * version + 64 - alignment - (version > 6 ? 36 : 0)) / 8);
}

/** @type {(form: Form) => number} */
function dataWords({ version, level }) {
  return allWords(version) - level.words[version - 1] * level.blocks[version - 1];
}

/** @type {(data: Uint8Array, form: Form) => number[]} */
function codewords(data, form) {
  const length = form.version < 10 ? [data.length] : [data.length >> 8, data.length & 255];
  const bytes = [...length, ...data, 0]; // behind a mode of four bits, so each byte is split; the zero ends it
  const words = [(4 << 4) | (bytes[0] >> 4)];
  for (let i = 0; i + 1 < bytes.length; i++) words.push(((bytes[i] & 15) << 4) | (bytes[i + 1] >> 4));
  const room = dataWords(form);
  for (let pad = 0xec; words.length < room; pad ^= 0xec ^ 0x11) words.push(pad);
  return words.slice(0, room);
}

// Blocks, each with its correction, word by word in turn.
/** @type {(data: number[], form: Form) => number[]} */
function withCorrection(data, { version, level }) {
  const count = level.blocks[version - 1];
  const more = level.words[version - 1];
  const short = Math.floor(data.length / count);
  const long = data.length % count; // so many blocks, the last, have one word more
  const divisor = generator(more);
  const blocks = Array.from({ length: count }, (_, i) => {
    const from = i * short + Math.max(0, i - (count - long));
    return data.slice(from, from + short + (i >= count - long ? 1 : 0));
  });
  const checks = blocks.map(block => remainder(block, divisor));
  const turns = parts => Array.from({ length: Math.max(...parts.map(p => p.length)) }, (_, i) => parts.map(p => p[i]));
  return [...turns(blocks).flat(), ...turns(checks).flat()].filter(word => word !== undefined);
}

// In the field of 256 elements modulo 0x11d.
/** @type {(x: number, y: number) => number} */
function times(x, y) {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((y >>> i) & 1) * x;
  }
  return z;
}

/** @type {(degree: number) => number[]} */
function generator(degree) {
  const found = [...Array(degree - 1).fill(0), 1];
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2))
    for (let j = 0; j < degree; j++) found[j] = times(found[j], root) ^ (found[j + 1] ?? 0);
  return found;
}

/** @type {(data: number[], divisor: number[]) => number[]} */
function remainder(data, divisor) {
  const found = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ /** @type {number} */ (found.shift());
    found.push(0);
    divisor.forEach((c, i) => {
      found[i] ^= times(c, factor);
    });
  }
  return found;
}

/** @type {(words: number[], form: Form, mask: number) => Sheet} */
function drawn(words, form, mask) {
  const size = 17 + 4 * form.version;
  const sheet = { size, on: new Uint8Array(size * size), fixed: new Uint8Array(size * size) };
  drawFixed(sheet, form.version);
  drawFormat(sheet, (form.level.bits << 3) | mask);
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5; // the column of the timing
    const upward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const y = upward ? size - 1 - step : step;
        if (sheet.fixed[y * size + x]) continue;
        const bit = i < 8 * words.length ? (words[i >> 3] >> (7 - (i & 7))) & 1 : 0;
        sheet.on[y * size + x] = bit ^ Number(MASKS[mask](x, y));
        i++;
      }
  }
  return sheet;
}

/** @type {(sheet: Sheet, x: number, y: number, lit: boolean | number) => void} */
function lay({ size, on, fixed }, x, y, lit) {
  if (x < 0 || y < 0 || x >= size || y >= size) return;
  on[y * size + x] = Number(lit);
  fixed[y * size + x] = 1;
}

/** @type {(sheet: Sheet, version: number) => void} */
function drawFixed(sheet, version) {
  const { size } = sheet;
  for (let i = 0; i < size; i++) {
    lay(sheet, 6, i, i % 2 === 0);
    lay(sheet, i, 6, i % 2 === 0);
  }
  const rings = (x, y, reach, dark) => {
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) lay(sheet, x + dx, y + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ])
    rings(x, y, 4, d => d !== 2 && d !== 4);
  const middles = alignment(version, size);
  const last = middles.length - 1;
  middles.forEach((x, i) => {
    middles.forEach((y, j) => {
      const corner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!corner) rings(x, y, 2, d => d !== 1);
    });
  });
  if (version < 7) return;
  const bits = (version << 12) | checked(version, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
    lay(sheet, a, b, (bits >> i) & 1);
    lay(sheet, b, a, (bits >> i) & 1);
  }
}

/** @type {(version: number, size: number) => number[]} */
function alignment(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((size - 13) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - step * i).reverse()];
}

/** @type {(sheet: Sheet, data: number) => void} */
function drawFormat(sheet, data) {
  const { size } = sheet;
  const bits = ((data << 10) | checked(data, 10, 0x537)) ^ 0x5412;
  const bit = i => (bits >> i) & 1;
  for (let i = 0; i < 15; i++) {
    if (i < 8) lay(sheet, size - 1 - i, 8, bit(i));
    else lay(sheet, 8, size - 15 + i, bit(i));
    if (i < 8) lay(sheet, 8, i < 6 ? i : i + 1, bit(i));
    else lay(sheet, i === 8 ? 7 : 14 - i, 8, bit(i));
  }
  lay(sheet, 8, size - 8, 1);
}

// What is left of data, moved up by so many bits, after division by a polynomial of that degree.
/** @type {(data: number, degree: number, divisor: number) => number} */
function checked(data, degree, divisor) {
  let rest = data;
  for (let i = 0; i < degree; i++) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * divisor);
  return rest;
}

// How hard it is to read: long lines and blocks of one colour, what looks like a finder, more of one colour than the other.
/** @type {(sheet: Sheet) => number} */
function penalty({ size, on }) {
  const lines = [];
  for (let i = 0; i < size; i++) {
    lines.push(on.subarray(i * size, (i + 1) * size).join(""));
    lines.push(Array.from({ length: size }, (_, j) => on[j * size + i]).join(""));
  }
  let found = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) found += run.length - 2;
    for (const finder of ["10111010000", "00001011101"])
      for (let at = line.indexOf(finder); at >= 0; at = line.indexOf(finder, at + 1)) found += 40;
  }
  for (let y = 0; y + 1 < size; y++)
    for (let x = 0; x + 1 < size; x++) {
      const i = y * size + x;
      if (on[i] === on[i + 1] && on[i] === on[i + size] && on[i] === on[i + size + 1]) found += 3;
    }
  const dark = on.reduce((sum, bit) => sum + bit, 0);
  return found + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}
