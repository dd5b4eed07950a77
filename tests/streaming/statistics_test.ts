/**
 * What the numbers of the statistics mean, and that the advice that is given by them is true.
 */

import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../src/gpu/mod.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";
import { uncompressedTexelBytes } from "../../src/texels/mod.ts";
import { type QualitySettings, VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { cameraAt, heightOfLevel, lookDown, type PictureSize } from "./cameras.ts";
import { checkMemory } from "./checks.ts";
import { insideOf } from "./inside.ts";
import { mapSource } from "./sources.ts";

const MIB = 2 ** 20;
const LOGGER = { debug() {}, info() {}, warn() {}, error() {} };
/** Room for some 250 tiles of 64 texels, of a texture of 1,365. */
const SYSTEM = { maxMemoryBytes: 7 * MIB, tileSize: 64, logger: LOGGER };

/** A view of a size and level, settled, and what is said of it. */
async function settled(
  device: ForgeDevice,
  view: { size: PictureSize; level?: number; quality?: QualitySettings },
) {
  using system = new VirtualTextureSystem(device, SYSTEM);
  const texture = await system.loadTexture(mapSource());
  system.setQualitySettings(view.quality ?? {});
  const camera = lookDown(1000, 1000, heightOfLevel(view.level ?? 0, view.size), view.size);
  const { tilesWanted } = await system.update(camera);
  await system.flush();
  checkMemory(system);
  const { viewCapacity } = insideOf(texture).residency.pool;
  return { ...system.getStatistics(), tilesWanted, viewCapacity };
}

Deno.test("memory in use is the wanted part of the slots: nearly empty, half full, full", async () => {
  using device = await requestDevice();
  const parts = [];
  for (const size of [[32, 24], [640, 360], [920, 640]] as const) {
    const { tilesWanted, viewCapacity, memoryUtilization, mipBias } = await settled(device, {
      size,
    });
    assert.equal(mipBias, 0);
    const part = 100 * tilesWanted / viewCapacity;
    assert.ok(Math.abs(memoryUtilization - part) < 4, `${memoryUtilization} % for ${part} %`);
    parts.push(memoryUtilization);
  }
  const [empty, half, full] = parts as [number, number, number];
  assert.ok(empty < 10 && half > 35 && half < 65 && full > 90, `${parts}`);
});

Deno.test("where less is loaded than is wanted, memory is full, and lower settings end that", async () => {
  using device = await requestDevice();
  const size = [1920, 1080] as const;
  const thrashing = await settled(device, { size });
  assert.ok(thrashing.forcedMipBias > 0);
  assert.equal(thrashing.memoryUtilization, 100);
  // What the advice says: reduce the quality settings.
  const { memoryUtilization, forcedMipBias } = await settled(device, {
    size,
    quality: { lodScale: 0.2 },
  });
  assert.ok(memoryUtilization < 90 && forcedMipBias === 0, `${memoryUtilization} %`);
});

Deno.test("a wide margin is in use, as a lower boost would free it", async () => {
  using device = await requestDevice();
  const size = [480, 270] as const;
  const parts = [];
  for (const cachePriorityBoost of [1, 1.5, 4]) {
    const view = { size, quality: { cachePriorityBoost } };
    parts.push((await settled(device, view)).memoryUtilization);
  }
  assert.ok(parts[0]! < 50 && parts[1]! > parts[0]! && parts[2]! > 90, `${parts}`);
});

Deno.test("a cache full of tiles that nobody wants any more is no pressure", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  await system.loadTexture(mapSource());
  for (let step = 0; step < 40; step++) {
    await system.update(lookDown(100 + 45 * step, 200 + 300 * (step % 5), heightOfLevel(0)));
  }
  const { atlasUtilization, memoryUtilization, tilesEvicted } = system.getStatistics();
  assert.ok(atlasUtilization > 0.95 && tilesEvicted > 0);
  assert.ok(memoryUtilization < 30, `${memoryUtilization} %`);
});

Deno.test("textures that fit as a whole are measured against the budget", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...SYSTEM, maxMemoryBytes: 64 * MIB });
  await system.loadTexture(mapSource({ width: 300, height: 200 }));
  const camera = lookDown(150, 100, heightOfLevel(0, [400, 300]), [400, 300]);
  await system.update(camera);
  await system.flush();
  const { atlasUtilization, memoryUtilization } = system.getStatistics();
  assert.ok(atlasUtilization > 0.9, "its pool has no slots that it could not use");
  assert.ok(memoryUtilization < 2, `${memoryUtilization} %`);
});

Deno.test("before any texture nothing is in use, and no number is a division by zero", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { memoryUsed, memoryLimit, memoryUtilization } = system.getStatistics();
  assert.deepEqual([memoryUsed, memoryLimit, memoryUtilization], [0, 7 * MIB, 0]);
});

/** What compression saves of the tiles of textures, in percent, by the formula of the statistics. */
async function savedPercent(device: ForgeDevice, formats: readonly TexelFormat[]): Promise<number> {
  using system = new VirtualTextureSystem(device, SYSTEM);
  for (const [seed, format] of formats.entries()) {
    await system.loadTexture(mapSource({ format, seed }));
  }
  await system.update(lookDown(1000, 1000, heightOfLevel(0)));
  checkMemory(system);
  const { memoryUsed, memoryLimit } = system.getStatistics();
  return 100 - 100 * memoryUsed / memoryLimit;
}

Deno.test("memory used of its limit is what compression leaves: BC7 saves 75 %, RGBA8 nothing", async () => {
  using device = await requestDevice();
  const cases: [TexelFormat, number][] = [
    ["rgba8unorm", 0],
    ["r8unorm", 0],
    ["bc7-rgba-unorm-srgb", 75],
    ["bc3-rgba-unorm", 75],
    ["bc1-rgba-unorm", 87.5],
    ["bc5-rg-unorm", 50],
    ["bc4-r-unorm", 50],
  ];
  for (const [format, saved] of cases) {
    assert.equal(await savedPercent(device, [format]), saved, format);
  }
  const both = await savedPercent(device, ["bc7-rgba-unorm", "rgba8unorm"]);
  assert.ok(both > 25 && both < 50, `${both} % of a compressed texture and another`);
});

Deno.test("the uncompressed size of a texel is that of its channels", () => {
  assert.equal(uncompressedTexelBytes("bc7-rgba-unorm"), 4);
  assert.equal(uncompressedTexelBytes("r32float"), 4);
  assert.throws(() => uncompressedTexelBytes("bc9" as TexelFormat), { name: "UnsupportedError" });
});

/** The settings that the documentation calls performance focused, and those of high quality. */
const PERFORMANCE = { maxMipBias: 1, lodScale: 0.8, cachePriorityBoost: 1 };
const HIGH_QUALITY = { maxMipBias: 0, lodScale: 1, cachePriorityBoost: 2 };

Deno.test("performance settings want no more tiles than those for quality, whatever the camera", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    ...SYSTEM,
    maxMemoryBytes: 64 * MIB,
    tilesPerUpdate: 1,
  });
  await system.loadTexture(mapSource({ width: 2048, height: 1500 }));
  await system.loadTexture(mapSource({ width: 600, height: 2048, seed: 1 }), {
    placement: "y_up",
    origin: [200, 300, 40],
  });
  let fewer = 0;
  for (let i = 0; i < 100; i++) {
    // Golden ratios spread evenly.
    const [a, b, c] = [0.618, 0.755, 0.57].map((step) => (i * step) % 1) as [
      number,
      number,
      number,
    ];
    const eye = [2048 * a, 1500 * b, 2 ** (3 + 9 * c)] as const;
    const camera = cameraAt(eye, [eye[0] + eye[2] * (a - b), eye[1] + eye[2] * (2 * c - b), 0], [
      320,
      180,
    ]);
    const wanted = [PERFORMANCE, { ...PERFORMANCE, lodScale: 0.9 }, HIGH_QUALITY].map((quality) => {
      system.setQualitySettings(quality);
      return system.updateNow(camera).tilesWanted;
    });
    assert.ok(wanted[0]! <= wanted[1]! && wanted[1]! <= wanted[2]!, `${wanted} tiles, camera ${i}`);
    if (wanted[0]! < wanted[2]!) fewer++;
  }
  assert.ok(fewer > 30);
});
