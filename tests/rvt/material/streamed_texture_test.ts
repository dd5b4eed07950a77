import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  assertMaterialCompiles,
  compileMaterial,
  expressions as e,
  Material,
  type VirtualTextureSampleOptions,
} from "../../../src/rvt/material/mod.ts";
import { proceduralTileSource } from "../../../src/sources/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { evaluateMaterial, maskMaterial } from "./evaluate.ts";

const SIZE = 256;

/** Red tells the level in steps of 16, green the column. */
async function loadLevels(system: VirtualTextureSystem): Promise<StreamedTexture> {
  const source = proceduralTileSource((level, column, _, out, at) => {
    out.set([16 * level, column * 2 ** level, 0, 255], at);
  }, { name: "levels", width: SIZE, height: SIZE, tileSize: 64, border: 4, format: "rgba8unorm" });
  const texture = await system.loadTexture(source);
  const position = [SIZE / 2, SIZE / 2, 100];
  await system.update({ position, viewport: [4 * SIZE, 4 * SIZE] });
  return texture;
}

/** The levels that a row of pixels sees, each `step` texels from the one before. */
async function levelsSeen(
  device: ForgeDevice,
  texture: StreamedTexture,
  options: VirtualTextureSampleOptions & { readonly step: number },
): Promise<number[]> {
  const { step, ...sampleOptions } = options;
  const points = Array.from({ length: 8 }, (_, i) => ({
    uv: [(64 + (i + 0.5) * step) / SIZE, 0.5],
  }));
  const material = maskMaterial(e.virtualTextureSample(texture, sampleOptions));
  const values = await evaluateMaterial(device, material, { points });
  return values.map(([red]) => Math.round(10 * red! * 255 / 16) / 10);
}

Deno.test("each mip mode of a streaming virtual texture samples the level that it says", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const texture = await loadLevels(system);
  const texel = 1 / SIZE;
  const cases: readonly (readonly [VirtualTextureSampleOptions & { step: number }, number])[] = [
    [{ step: 1 }, 0],
    [{ step: 4 }, 2],
    [{ step: 4, mipMode: "level", level: 1 }, 1],
    [{ step: 4, mipMode: "level", level: 0.5 }, 0.5],
    [{ step: 4, mipMode: "bias", bias: -1 }, 1],
    [{ step: 1, mipMode: "bias", bias: 2 }, 2],
    [{ step: 1, mipMode: "derivatives", ddx: [2 * texel, 0], ddy: [0, texel] }, 1],
  ];
  for (const [options, level] of cases) {
    const seen = await levelsSeen(device, texture, options);
    assert.deepEqual(seen, Array(8).fill(level), JSON.stringify(options));
  }
});

Deno.test("a streaming virtual texture is bound once, however often it is sampled", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const [one, other] = [await loadLevels(system), await loadLevels(system)];
  const sum = e.add(
    e.add(e.virtualTextureSample(one), e.virtualTextureSample(one, { mipMode: "level", level: 1 })),
    e.virtualTextureSample(other),
  );
  const material = new Material({
    name: "streamed",
    opacity: e.componentMask(sum, "w"),
    rvtOutput: e.runtimeVirtualTextureOutput({ mask4: sum }),
  });
  for (const context of ["virtual_texture", "main_pass"] as const) {
    const compiled = compileMaterial(material, { context, feedback: true });
    const { streamedTextures } = compiled.layout;
    assert.deepEqual(streamedTextures.map(({ texture }) => texture), [one, other]);
    assert.deepEqual(streamedTextures.map(({ bindsFeedback }) => bindsFeedback), [true, false]);
    const module = device.gpu.createShaderModule({ code: compiled.code });
    await assertMaterialCompiles(module, compiled);
  }
});
