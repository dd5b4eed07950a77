import assert from "node:assert/strict";
import {
  adoptDevice,
  feedbackPixel,
  type ForgeDevice,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import {
  assertMaterialCompiles,
  compileMaterial,
  expressions as e,
  Material,
  type VirtualTextureSampleOptions,
} from "../../../src/rvt/material/mod.ts";
import { proceduralTileSource } from "../../../src/sources/mod.ts";
import { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TexturePlace } from "../../../src/streaming/texture_place.ts";
import { randomContents } from "../../scene/level_contents.ts";
import { ResidentTexture } from "../../scene/resident_texture.ts";
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

Deno.test("each mip mode reports the tile that it wants, and one for many pixels", async () => {
  using device = await requestDevice();
  const contents = randomContents(SIZE, SIZE, "rgba8unorm");
  const resident = new ResidentTexture(device, { contents, tileSize: 32 });
  const { grid, binding, feedback, placement, formats } = resident;
  const description = {
    name: "a",
    info: "",
    grid,
    border: 4,
    formats,
    colorSpace: "linear",
  } as const;
  const texture = new StreamedTexture({
    id: 1,
    description,
    place: TexturePlace.fixed(placement),
    binding,
  });
  // A frame in which the fourth pixel of the row reports.
  resident.writeFrame(Array.from({ length: 64 }, (_, i) => i).find((i) => feedbackPixel(i) === 3)!);
  const texel = 1 / SIZE;
  const points = Array.from({ length: 8 }, (_, i) => ({ uv: [(i + 0.5) * texel, 0.5] }));
  const cases: readonly (readonly [VirtualTextureSampleOptions, number])[] = [
    [{}, 0],
    [{ mipMode: "level", level: 2.75 }, 2],
    [{ mipMode: "bias", bias: 1.5 }, 1],
    [{ mipMode: "derivatives", ddx: [8 * texel, 0], ddy: [0, 0] }, 3],
  ];
  for (const [i, [options, level]] of cases.entries()) {
    const material = maskMaterial(e.virtualTextureSample(texture, options));
    await evaluateMaterial(device, material, { points, feedback: true });
    const encoder = device.gpu.createCommandEncoder();
    feedback.recordReadback(encoder, i);
    device.submits.submit([encoder.finish()]);
    feedback.startReadbacks();
    await feedback.waitForReadbacks();
    const keys = feedback.takeFrames().flatMap(({ keys }) => [...keys]);
    const row = (SIZE / 2 >> level) / 32;
    assert.deepEqual(keys, [grid.tileIndexOf(level, 0, Math.floor(row))], JSON.stringify(options));
    // Without feedback the same material reports nothing.
    await evaluateMaterial(device, material, { points });
  }
  resident.destroy();
});

Deno.test("a texture that the device does not filter is refused by the materials that sample it", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice();
  const device = adoptDevice(gpu);
  try {
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
    const source = proceduralTileSource(() => {}, {
      ...{ name: "floats", width: SIZE, height: SIZE, tileSize: 64, border: 4 },
      format: "r32float",
    });
    const texture = await system.loadTexture(source);
    assert.deepEqual(texture.taps, ["holes"]);
    await assert.rejects(levelsSeen(device, texture, { step: 1 }), {
      name: "UnsupportedError",
      message: /samples texture "floats", whose r32float the device does not filter/,
    });
  } finally {
    device.close();
    gpu.destroy();
  }
});
