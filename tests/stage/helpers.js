// What the tests share: the vectors that vectors.py has written, records, and numbers that are always the same.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { epochAxis } from "../../ui/components/stage/canvas/axis.js";
import { namesFor } from "../../ui/components/stage/core/messages.js";
import { lastEpoch, unpacked } from "../../ui/components/stage/core/record.js";

const path = process.env.STAGE_VECTORS;
if (!path) throw new Error("run the tests with `python tools/js.py test`, which computes what they compare with");
export const vectors = JSON.parse(readFileSync(path, "utf8"));

export const ALL = Array.from({ length: 512 }, (_, i) => i);

// `bytes` at an odd offset, as they sit inside a message.
export function inMessage(bytes, offset = 1) {
  const message = new Uint8Array(bytes.length + offset);
  message.set(bytes, offset);
  return message.subarray(offset);
}

// A record with these columns, the rest 0.5, by way of its bytes.
export function record(columns, header = {}) {
  const rows = Object.values(columns)[0].length;
  const full = Object.fromEntries(vectors.columns.map(name => [name, new Float32Array(rows).fill(0.5)]));
  full.epoch = Float32Array.from({ length: rows }, (_, i) => i);
  for (const [name, values] of Object.entries(columns)) full[name] = Float32Array.from(values);
  const text = JSON.stringify({ run: "a", title: "A run", ...header, rows, columns: Object.keys(full) });
  const head = new TextEncoder().encode(text);
  const padded = Math.ceil(head.length / 4) * 4;
  const bytes = new Uint8Array(4 + padded + 4 * rows * Object.keys(full).length).fill(32);
  new DataView(bytes.buffer).setUint32(0, padded, true);
  bytes.set(head, 4);
  Object.values(full).forEach((column, i) => {
    bytes.set(new Uint8Array(column.buffer), 4 + padded + 4 * rows * i);
  });
  return unpacked(inMessage(bytes));
}

// As much of a view as the scales of the plots need.
export function viewOf(of, more = {}) {
  const axis = epochAxis(lastEpoch(of));
  return { record: of, names: namesFor([432]), head: "sigmoid", threshold: 0, ghost: null, axis, ...more };
}

// Numbers from 0 to 1, the same ones for every `seed` (mulberry32).
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function normalFrom(seed) {
  const random = randomFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function close(got, wanted, tolerance = 1e-6) {
  const within = Math.abs(got - wanted) <= tolerance + tolerance * Math.abs(wanted);
  assert.ok(within || Object.is(got, wanted), `${got} is not ${wanted}`);
}
