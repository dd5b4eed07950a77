import assert from "node:assert/strict";
import fc from "fast-check";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type PoolConfig, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { PoolLimits } from "../../../src/streaming/memory/pool_limits.ts";
import {
  neededPoolBytes,
  poolSizeWarning,
  PoolSizeWarnings,
} from "../../../src/streaming/memory/pool_size_warning.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { mapSource } from "../sources.ts";

const MIB = 2 ** 20;
const KIND = { formats: ["rgba8unorm"], tileSize: 64, border: 4 } as const;
const GRID = new TileGrid(4096, 4096, 64);

function limitOf(config: PoolConfig, scales: Record<number, number> = {}) {
  const limits = new PoolLimits();
  limits.setConfig(config);
  limits.setScales(scales);
  return limits.limitOf(KIND);
}

/** The configuration and scales that a warning says to write, in place of those that it is about. */
function asWarned(warning: string, config: PoolConfig, scale: number) {
  const size = Number(
    /sizeMb: (\d+) there|defaultSizeMb: (\d+) /i.exec(warning)?.slice(1)
      .find((one) => one !== undefined),
  );
  const rescale = Number(/(?:a scale of at least|the scale) ([\d.]+)$/.exec(warning)?.[1]);
  const resized = config.pools === undefined
    ? { defaultSizeMb: size }
    : { pools: [{ ...config.pools[0]!, sizeMb: size }] };
  const isEither = / or give scalability group/.test(warning);
  const all: [PoolConfig, number][] = [];
  if (isEither) all.push([resized, scale], [config, rescale]);
  else if (Number.isNaN(size)) all.push([config, rescale]);
  else all.push([resized, Number.isNaN(rescale) ? scale : rescale]);
  return all;
}

const anyTextures = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 });

Deno.test("a size is warned of if and only if its textures need more, and what is said to write is enough", () => {
  const anyScale = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0.01, max: 4, noNaN: true }));
  const anySize = fc.double({ min: 0.05, max: 4, noNaN: true });
  let warned = 0;
  fc.assert(fc.property(anyTextures, anySize, anyScale, fc.boolean(), (all, mb, scale, isOwn) => {
    const textures = all.map((log2) => ({
      grid: new TileGrid(32 << log2, 32 << log2, 64),
    }));
    const pool = { kind: KIND, textures };
    const config: PoolConfig = isOwn
      ? { pools: [{ formats: KIND.formats, sizeMb: mb, scalabilityGroup: 2 }] }
      : { defaultSizeMb: mb };
    const scales = { [isOwn ? 2 : 0]: scale };
    const warning = poolSizeWarning(pool, limitOf(config, scales));
    assert.equal(warning !== null, mb * scale * MIB < neededPoolBytes(pool));
    if (warning === null) return;
    warned++;
    for (const [written, rescale] of asWarned(warning, config, scale)) {
      const after = limitOf(written, { [isOwn ? 2 : 0]: rescale });
      assert.equal(poolSizeWarning(pool, after), null, warning);
      const less = limitOf(config, { [isOwn ? 2 : 0]: scale * 0.999 });
      assert.notEqual(poolSizeWarning(pool, less), null, "negative control: nothing is written");
    }
  }));
  assert.ok(warned > 10);
});

Deno.test("a pool's size is warned of once, and again when it is another or comes back", () => {
  const limits = new PoolLimits();
  const warnings = new PoolSizeWarnings();
  const take = (textures = 1) =>
    warnings.takeWarnings([{ kind: KIND, textures: Array(textures).fill({ grid: GRID }) }], limits);
  assert.deepEqual(take(), [], "no size");
  limits.setConfig({ pools: [{ formats: ["r8unorm"], sizeMb: 0.1 }] });
  assert.deepEqual(take(), [], "of another pool");
  limits.setConfig({ pools: [{ formats: KIND.formats, sizeMb: 0.125 }] });
  assert.deepEqual(take(), [
    "The pool of rgba8unorm/64+4 is larger than its size: pools[0] of the pool configuration gives it " +
    "0.125 MiB, and its texture needs 0.30 MiB. Write sizeMb: 1 there (SizeInMegabyte=1 in an ini text)",
  ]);
  assert.deepEqual(take(), []);
  assert.deepEqual(take(3), [], "more textures");
  assert.deepEqual(warnings.takeWarnings([], limits), [], "a pool that is gone for a while");
  assert.deepEqual(take(), []);
  limits.setScales({ 0: 0.5 });
  assert.match(
    take()[0]!,
    /0.125 MiB × 0.5, the scale of scalability group 0, and its texture needs/,
  );
  limits.setConfig({ defaultSizeMb: 4 });
  assert.deepEqual(take(), []);
  limits.setConfig({ defaultSizeMb: 0.125 });
  assert.match(
    take(2)[0]!,
    /defaultSizeMb of .* its 2 textures need .*or add {"formats":\["rgba8unorm"\],"minTileSize":64,/,
  );
});

Deno.test("a system warns of a size that is too small, when it is set and when textures come", async () => {
  const warnings: string[] = [];
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 12 * MIB,
    tileSize: 64,
    logger: { debug() {}, info() {}, warn: (text) => void warnings.push(text), error() {} },
  });
  const shown = () => system.tuning.poolInfos().map(({ warning }) => warning);
  const config = { pools: [{ formats: KIND.formats, sizeMb: 0.5 }] };
  await system.tuning.configurePools(config);
  await system.loadTexture(mapSource());
  assert.deepEqual([warnings, shown()], [[], [null]], "it holds one texture");
  await system.loadTexture(mapSource({ seed: 1 }));
  const [pool] = system.tuning.poolInfos();
  assert.deepEqual(warnings.map((text) => text.split(": The")[1]), [pool!.warning!.slice(3)]);
  assert.ok(pool!.neededMemory > 0.5 * MIB && pool!.slotsTotal >= 16);
  await system.loadTexture(mapSource({ seed: 2 }));
  device.gpu.destroy();
  await system.renewed();
  const [texture] = system.textures;
  await system.unloadTexture(texture!);
  assert.match(warnings[1]!, /device/);
  assert.equal(warnings.length, 2);
  await system.tuning.configurePools({ pools: [{ formats: KIND.formats, sizeMb: 1 }] });
  assert.deepEqual([warnings.length, shown()], [2, [null]]);
  await system.tuning.setPoolSizeScales({ 0: 0.25 });
  assert.match(warnings.at(-1)!, /or give scalability group 0 a scale of at least 0\.\d+$/);
  assert.equal(warnings.length, 3);

  await system.tuning.setPoolSizeScales({});
  await system.update({ ...lookDown(1000, 1000, 3 * heightOfLevel(0)), viewport: [480, 270] });
  assert.match(
    warnings.at(-1)!,
    /levels coarser, as pools\[0\] of .* gives it 1 MiB\. Write sizeMb: \d .*; or lower lod_scale/,
  );
});
