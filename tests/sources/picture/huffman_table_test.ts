import assert from "node:assert/strict";
import { HuffmanTables } from "../../../src/sources/picture/jpeg/huffman_table.ts";

/** A segment of one table of two codes of one bit and two. */
function segment(slot: number, symbols: readonly [number, number]): Uint8Array {
  return Uint8Array.from([slot, 1, 1, ...new Array(14).fill(0), ...symbols]);
}

Deno.test("Huffman tables are built anew where they change, and only there", () => {
  const tables = new HuffmanTables();
  const lookUp = (bits: number) => tables.table(0, 1)!.long[bits << 14]! & 255;
  assert.ok(tables.define(segment(1, [7, 9])));
  assert.deepEqual([lookUp(0), lookUp(1), lookUp(2)], [7, 7, 9]);
  const first = tables.table(0, 1);
  const repeated = segment(1, [7, 9]);
  assert.ok(tables.define(repeated));
  assert.equal(tables.table(0, 1), first);
  // What was taken in is not what the caller writes over.
  repeated.set(segment(1, [3, 4]));
  assert.ok(tables.define(repeated));
  assert.deepEqual([lookUp(0), lookUp(2)], [3, 4]);
  assert.ok(tables.define(segment(0x11, [5, 6])));
  assert.deepEqual([lookUp(0), tables.table(1, 1)!.long[0]! & 255], [3, 5]);
  const tooMany = Uint8Array.from([1, 3, ...new Array(15).fill(0), 1, 2, 3]);
  assert.equal(tables.define(tooMany), false);
});
