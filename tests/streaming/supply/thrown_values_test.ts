import assert from "node:assert/strict";
import { FileError, SourceReadError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { memorySource, openTileStore } from "../../../src/sources/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { badValues } from "../../helpers/bad_values.ts";
import { mapSource } from "../sources.ts";

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

/** What a call rejects with. */
async function rejection(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}

function assertNamed(error: unknown, thrown: unknown, what: string): void {
  if (what === "an error") return assert.equal(error, thrown, what);
  assert.ok(error instanceof SourceReadError, what);
  assert.equal(error.cause, thrown, what);
}

const logger = { debug() {}, info() {}, warn() {}, error() {} };

Deno.test("whatever a source throws instead of a tile, the load fails with a typed error", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64, logger });
  for (const [what, thrown] of Object.entries(badValues())) {
    for (const readTile of [throwing(thrown), () => Promise.reject(thrown)]) {
      const source = Object.assign(mapSource({ width: 256, height: 256 }), { readTile });
      assertNamed(await rejection(() => system.loadTexture(source)), thrown, what);
    }
  }
  const own = new FileError("file-unreadable", "a", "an error of the caller's");
  const source = Object.assign(mapSource(), { readTile: throwing(own) });
  assert.equal(await rejection(() => system.loadTexture(source)), own);
  await system.loadTexture(mapSource());
});

Deno.test("whatever a source throws after the load, its tiles fail and the system goes on", async () => {
  const warnings: string[] = [];
  const telling = { ...logger, warn: (text: string) => void warnings.push(text) };
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryMb: 8,
    tileSize: 64,
    logger: telling,
  });
  for (const [what, thrown] of Object.entries(badValues())) {
    const source = mapSource({ width: 512, height: 512 });
    const texture = await system.loadTexture(source);
    Object.assign(source, { readTile: throwing(thrown) });
    const region = { x: 0, y: 0, width: 64, height: 64, level: 0 };
    warnings.length = 0;
    system.prefetchRegion(texture, region);
    await system.flush();
    assert.match(warnings[0] ?? "", /cannot read a tile of map 0: /, what);
    await system.unloadTexture(texture);
  }
});

Deno.test("whatever a source of bytes throws, its reader fails with a typed error", async () => {
  for (const [what, thrown] of Object.entries(badValues())) {
    for (const method of ["size", "read"]) {
      const bytes = Object.assign(memorySource(new Uint8Array(200_000)), {
        [method]: throwing(thrown),
      });
      assertNamed(await rejection(() => openTileStore(bytes)), thrown, what);
    }
  }
});
