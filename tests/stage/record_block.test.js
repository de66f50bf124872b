// A record as a file holds it is the record that was written, to the last bit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { restored } from "../../ui/components/player/record_block.js";

test("are the columns of a block what was written, whatever their bits", () => {
  const columns = { loss: [0.1, 0.09, -0, 0, 1e-42], w0: [NaN, 1, -3.5e38, Infinity, 7] };
  const rows = 5;
  let text = JSON.stringify({ rows, columns: Object.keys(columns), title: "Ä" });
  const bytes = () => new TextEncoder().encode(text);
  while (bytes().length % 4) text += " ";
  const [before, inPlanes] = [[], []];
  for (const values of Object.values(columns)) {
    const words = [...new Uint32Array(new Float32Array(values).buffer)];
    before.push(...words.flatMap(word => [word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24]));
    const at = i => BigInt(i < 0 ? 0 : words[i]);
    const second = words.map((_, i) => BigInt.asUintN(32, at(i) - 2n * at(i - 1) + at(i - 2)));
    for (const plane of [0n, 8n, 16n, 24n]) inPlanes.push(...second.map(word => Number((word >> plane) & 255n)));
  }
  const head = [...new Uint8Array(new Uint32Array([bytes().length]).buffer), ...bytes()];
  assert.deepEqual([...restored(Uint8Array.from([...head, ...inPlanes]))], [...head, ...before]);
});
