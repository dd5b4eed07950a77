import assert from "node:assert/strict";
import sharp from "sharp";
import { isCpuAdapter } from "../../../src/gpu/device/adapter.ts";
import { adoptDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { randomBytes } from "../../helpers/random.ts";

const SIDE = 96;

/** A PNG file of noise. */
async function png(channels: 1 | 3): Promise<Uint8Array> {
  const raw = { width: SIDE, height: SIDE, channels } as const;
  const picture = sharp(randomBytes(SIDE * SIDE * channels, channels), { raw });
  if (channels === 1) picture.toColourspace("b-w");
  return new Uint8Array(await picture.png().toBuffer());
}

/** The format that pictures get where the adapter says what it is, and what their `info` says. */
async function formatsOn(
  info: Partial<GPUAdapterInfo>,
  loads: readonly [input: Uint8Array, options?: LoadTextureOptions][],
): Promise<(readonly [format: string, info: string])[]> {
  using owner = await requestDevice();
  Object.defineProperty(owner.gpu, "adapterInfo", { value: info });
  using device = adoptDevice(owner.gpu);
  const cacheFolder = await Deno.makeTempDir();
  try {
    const settings = { maxMemoryBytes: 8 * 2 ** 20, tileSize: 64, cacheFolder };
    using system = new VirtualTextureSystem(device, settings);
    const formats: (readonly [string, string])[] = [];
    for (const [input, options] of loads) {
      const texture = await system.loadTexture(input, options ?? {});
      formats.push([texture.format, texture.info]);
    }
    return formats;
  } finally {
    await Deno.remove(cacheFolder, { recursive: true });
  }
}

Deno.test("colour pictures become BC7 on a GPU and RGBA8 on a CPU, unless a format is asked for", async () => {
  const [color, grey] = [await png(3), await png(1)];
  const gpu = await formatsOn({ isFallbackAdapter: false, description: "llvmpipe" }, [
    [color],
    [grey],
    [color, { preferredFormat: "RGBA8" }],
    [color, { colorSpace: "linear" }],
  ]);
  assert.deepEqual(gpu.map(([format]) => format), [
    "bc7-rgba-unorm-srgb",
    "r8unorm",
    "rgba8unorm-srgb",
    "bc7-rgba-unorm",
  ]);
  const cpu = await formatsOn({ isFallbackAdapter: true, description: "Radeon" }, [
    [color],
    [grey],
    [color, { preferredFormat: "BC7" }],
    [color, { colorSpace: "linear", quality: "high" }],
  ]);
  assert.deepEqual(cpu.map(([format]) => format), [
    "rgba8unorm-srgb",
    "r8unorm",
    "bc7-rgba-unorm-srgb",
    "rgba8unorm",
  ]);
  for (const [format, info] of [...gpu, ...cpu]) assert.match(info, new RegExp(`to ${format}$`));
});

Deno.test("an adapter that does not say whether it is a CPU is known by its name", () => {
  const named = (description: string) =>
    isCpuAdapter({ vendor: "", architecture: "", device: "", description } as GPUAdapterInfo);
  for (
    const name of [
      "llvmpipe (LLVM 15.0.6, 256 bits)",
      "SwiftShader Device (LLVM 10.0.0)",
      "Microsoft Basic Render Driver",
    ]
  ) assert.equal(named(name), true, name);
  for (const name of ["NVIDIA H100", "AMD Radeon RX 6800", ""]) {
    assert.equal(named(name), false, name);
  }
  assert.equal(isCpuAdapter(undefined), false);
});
