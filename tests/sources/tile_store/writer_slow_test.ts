import assert from "node:assert/strict";
import { MemorySink, TileStoreWriter } from "../../../src/sources/mod.ts";
import { openBytes, SMALL } from "./made_store.ts";

Deno.test("runs of equal tiles are found whatever their place in memory, and only they", async () => {
  const sink = new MemorySink("made.pmtiles");
  const writer = await TileStoreWriter.openWriter(sink, SMALL);
  const bytes = 12 * 12 * 4;
  const memory = new Uint8Array(bytes + 8);
  const wanted: number[] = [];
  for (let tile = 0; tile < writer.grid.tileCount; tile++) {
    // The same content at odd and even places, then one that differs in a byte, then all again.
    const last = tile % 5 === 3 ? 1 : 0;
    const at = tile % 3;
    memory.fill(9);
    memory[at + bytes - 1] = last;
    await writer.putTile(tile, memory.subarray(at, at + bytes));
    wanted.push(last);
  }
  const { contents } = await writer.finish();
  assert.equal(contents, 2);
  const store = await openBytes(sink.bytes!);
  for (const [tile, last] of wanted.entries()) {
    const { level, x, y } = store.grid.addressOf(tile);
    assert.equal((await store.readTile(level, x, y)).at(-1), last);
  }
});

Deno.test("a texture of 2^20 × 2^20 texels is written with few tiles, opened and read", async () => {
  const sink = new MemorySink("huge.pmtiles");
  const huge = { ...SMALL, width: 2 ** 20, height: 2 ** 20, tileSize: 256, border: 0 };
  const writer = await TileStoreWriter.openWriter(sink, {
    ...huge,
    holes: [Uint8Array.of(1, 2, 3, 4)],
  });
  assert.equal(writer.grid.tileCount, 22_369_621 + 8);
  const { width } = writer.grid.level(0);
  const last = writer.grid.tileIndexOf(0, width / 256 - 1, width / 256 - 1);
  for (const tile of [0, last]) await writer.putTile(tile, new Uint8Array(256 * 256 * 4).fill(7));
  await writer.finish();
  const store = await openBytes(sink.bytes!);
  assert.equal((await store.readTile(0, 4095, 4095))[3], 7);
  assert.equal((await store.readTile(0, 4094, 4095))[3], 4);
  assert.equal((await store.readTile(20, 0, 0))[3], 4);
});
