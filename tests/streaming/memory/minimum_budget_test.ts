import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import type { TileSource } from "../../../src/sources/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../../src/texels/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { lookDown } from "../cameras.ts";
import { checkMemory } from "../checks.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const FORMATS: readonly TexelFormat[] = [
  "r8unorm",
  "rgba8unorm",
  "r32float",
  "bc7-rgba-unorm",
  "bc1-rgba-unorm",
];

interface Kind {
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  readonly border: number;
  readonly format: TexelFormat;
}

/** A texture whose tiles are all the same zeros. */
function zeros({ width, height, tileSize, border, format }: Kind): TileSource {
  const texels = tileSize + 2 * border;
  const tile = new Uint8Array(regionBytes(format, texels, texels));
  return {
    name: `zeros ${format} ${width} × ${height}`,
    grid: new TileGrid(width, height, tileSize),
    border,
    format,
    colorSpace: formatInfo(format).colorSpace,
    info: "zeros",
    counters: { bytesRead: 0, bytesUsed: 0 },
    readTile: () => Promise.resolve(tile),
    close() {},
  };
}

/** Loads the textures and streams; the least budget that an error named, or null if all went well. */
async function loadAll(
  device: ForgeDevice,
  maxMemoryBytes: number,
  kinds: readonly Kind[],
): Promise<number | null> {
  let system: VirtualTextureSystem | null = null;
  try {
    system = new VirtualTextureSystem(device, { maxMemoryBytes, logger });
    for (const kind of kinds) await system.loadTexture(zeros(kind));
    for (const [i, { width, height }] of kinds.entries()) {
      const texture = system.textures[i]!;
      await system.update(lookDown(width / 2, height / 2, 60), { texture });
      await system.update(lookDown(width / 4, height / 3, 300), { texture });
    }
    await system.flush();
    checkMemory(system);
    const { tilesLoaded, tilesFailed } = system.getStatistics();
    assert.equal(tilesFailed, 0);
    const pinned = system.textures.reduce((sum, { grid }) => {
      return sum + grid.levelCount - grid.tailLevel;
    }, 0);
    const isTailAll = system.textures.every(({ grid }) => grid.tailLevel === 0);
    assert.ok(isTailAll || tilesLoaded > pinned, "tiles beyond the tails were streamed");
    return null;
  } catch (error) {
    if (error instanceof BudgetError) return error.minimumBytes;
    throw error;
  } finally {
    system?.close();
    await device.submits.wait();
  }
}

Deno.test("the minimum that an error names loads and streams, and one byte less is refused", async () => {
  using device = await requestDevice();
  const random = seededRandom(11);
  function one<T>(choices: readonly T[]): T {
    return choices[Math.floor(random() * choices.length)]!;
  }
  const formats = FORMATS.filter((format) => device.supports(format));
  for (let round = 0; round < 24; round++) {
    const kinds: Kind[] = [];
    const count = 1 + Math.floor(random() * 4);
    for (let i = 0; i < count; i++) {
      const tileSize = one(count > 2 ? [64, 128] : [64, 128, 256, 512]);
      kinds.push({
        width: Math.ceil(2 ** (5 + 8 * random())),
        height: Math.ceil(2 ** (5 + 8 * random())),
        tileSize,
        border: one([2, 4, 8]),
        format: one(formats),
      });
    }
    const what = JSON.stringify(kinds);
    let budget = 1;
    for (let attempt = 0;; attempt++) {
      const named = await loadAll(device, budget, kinds);
      if (named === null) break;
      assert.ok(named > budget, `${named} for ${what}`);
      // An error names what the textures need that it knows of: the first names those of one.
      assert.ok(attempt <= count, `${attempt} attempts for ${what}`);
      budget = named;
    }
    assert.equal(await loadAll(device, budget - 1, kinds), budget, what);
  }
});
