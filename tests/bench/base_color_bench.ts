/**
 * Base colours in YCoCg, with a scale a tile and a scale a block, against BC1: PSNR in sRGB of what
 * shaders see that magnify four times, and the time that shading takes.
 *
 * The pictures are crops of Blue Marble, and gradients. All are encoded in medium quality, and compared
 * with the same picture in `rgba8unorm-srgb`, sampled in the same way. The limit of a scale a tile is what
 * the picture itself gives that is filtered gamma-encoded, as samplers filter YCoCg: no encoder gets above.
 *
 * @module
 */

import { type Benchmark, type BenchMetric, summarize } from "../../src/cli/bench/benchmark.ts";
import {
  type EncodeTransform,
  type ForgeDevice,
  type TexelTap,
  virtualTextureWgsl,
} from "../../src/gpu/mod.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";
import { type TestPicture, testPictures } from "../gpu/encode/pictures.ts";
import { recordBlocks } from "../gpu/encode/record_blocks.ts";
import { landscapeContents } from "../scene/level_contents.ts";
import { ResidentTexture } from "../scene/resident_texture.ts";
import { blueMarbleCrops } from "./blue_marble.ts";
import { colorPsnr, magnifyPicture } from "./magnified_colors.ts";
import { type RecordPass, timePasses } from "./pass_timer.ts";

/** How base colours may be stored. */
const STORED = {
  bc1: { format: "bc1-rgba-unorm-srgb", transform: "none", tap: "filtered" },
  tile_scale: { format: "bc3-rgba-unorm", transform: "ycocg", tap: "ycocg" },
  block_scale: {
    format: "bc3-rgba-unorm",
    transform: "ycocg_block_scale",
    tap: "ycocg_block_scale",
  },
} as const satisfies Record<
  string,
  { format: TexelFormat; transform: EncodeTransform; tap: TexelTap }
>;

type StoredName = keyof typeof STORED;

const VARIANTS = ["tile_scale", "block_scale"] as const;

/** What a picture measured, and the limit of `tile_scale`. */
type PsnrName = StoredName | "tile_scale_limit";

/** What is measured. */
export interface BaseColorOptions {
  /** Whether crops of Blue Marble, which may have to be downloaded, are measured. */
  readonly pictures: boolean;
  /** Repetitions of shading. */
  readonly rounds: number;
}

export const bench: Benchmark = {
  name: "base_color",
  description: "base colours in YCoCg against BC1: PSNR magnified four times, and time of shading",
  runBenchmark: ({ device }) => benchBaseColor(device, { pictures: true, rounds: 15 }),
};

/** Measures; a figure called `…_vs_bc1` is negative, in dB, by how much YCoCg is better. */
export async function benchBaseColor(
  device: ForgeDevice,
  { pictures, rounds }: BaseColorOptions,
): Promise<{ metrics: Record<string, BenchMetric> }> {
  const metrics: Record<string, BenchMetric> = {};
  const kinds: [string, readonly TestPicture[], number][] = [
    ["dark_gradient", [testPictures().darkGradient!], -8],
  ];
  if (pictures) kinds.unshift(["pictures", await blueMarbleCrops(), -4]);
  for (const [kind, list, target] of kinds) {
    const values = await psnrOf(device, list);
    for (const [name, samples] of Object.entries(values)) {
      metrics[`${kind}_${name}`] = summarize(samples, { unit: "dB" });
    }
    for (const variant of [...VARIANTS, "tile_scale_limit"] as const) {
      const gains = values[variant].map((value, i) => values.bc1[i]! - value);
      const options = variant === "tile_scale_limit" ? {} : { target };
      metrics[`${kind}_${variant}_vs_bc1`] = summarize(gains, { unit: "dB", ...options });
    }
  }
  const times = await shadingTimes(device, rounds);
  for (const variant of VARIANTS) {
    const ratios = times[variant].map((time, i) => time / times.bc1[i]!);
    metrics[`shading_${variant}_vs_bc1`] = summarize(ratios, { unit: "ratio" });
  }
  return { metrics };
}

async function psnrOf(
  device: ForgeDevice,
  pictures: readonly TestPicture[],
): Promise<Record<PsnrName, number[]>> {
  const values: Record<PsnrName, number[]> = {
    bc1: [],
    tile_scale: [],
    block_scale: [],
    tile_scale_limit: [],
  };
  const originals: Float32Array[] = [];
  for (const { texels, width } of pictures) {
    const tap = "filtered";
    const original = { format: "rgba8unorm-srgb", bytes: texels, edge: width, tap } as const;
    originals.push(await magnifyPicture(device, original));
    const filtered = { ...original, format: "rgba8unorm", isEncoded: true } as const;
    const limit = await magnifyPicture(device, filtered);
    values.tile_scale_limit.push(colorPsnr(originals.at(-1)!, limit));
  }
  for (const [name, { format, transform, tap }] of Object.entries(STORED)) {
    const blocks = await recordBlocks(device, pictures, { format, transform });
    for (const [i, { width }] of pictures.entries()) {
      const stored = { format, bytes: blocks[i]!, edge: width, tap };
      const found = await magnifyPicture(device, stored);
      values[name as StoredName].push(colorPsnr(originals[i]!, found));
    }
  }
  return values;
}

const PICTURE = [1280, 720];
const TARGET_FORMAT = "rgba8unorm-srgb";

/** Milliseconds of a pass that fills 1280×720 pixels by trilinear taps, everything resident. */
async function shadingTimes(
  device: ForgeDevice,
  rounds: number,
): Promise<Record<StoredName, number[]>> {
  const textures: ResidentTexture[] = [];
  const contents = landscapeContents(1024, 1024);
  const target = device.gpu.createTexture({
    label: "shaded",
    size: PICTURE,
    format: TARGET_FORMAT,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  try {
    const passes: RecordPass[] = [];
    for (const { format, transform, tap } of Object.values(STORED)) {
      const levels = await recordBlocks(
        device,
        contents.levels.map((texels, level) => ({
          width: Math.max(1, 1024 >> level),
          height: Math.max(1, 1024 >> level),
          texels,
        })),
        { format, transform },
      );
      const texture = new ResidentTexture(device, {
        contents: { ...contents, format, levels: levels as Uint8Array<ArrayBuffer>[] },
        tileSize: 256,
      });
      textures.push(texture);
      passes.push(shadingPass(device, { texture, tap, target: target.createView() }));
    }
    const times: Record<StoredName, number[]> = { bc1: [], tile_scale: [], block_scale: [] };
    await timePasses(device, passes);
    for (let round = 0; round < rounds; round++) {
      // The fastest of three, since other work only adds time.
      const measured: number[][] = [];
      for (let repeat = 0; repeat < 3; repeat++) measured.push(await timePasses(device, passes));
      for (const [i, name] of (Object.keys(STORED) as StoredName[]).entries()) {
        times[name].push(Math.min(...measured.map((list) => list[i]!)));
      }
    }
    return times;
  } finally {
    for (const texture of textures) texture.destroy();
    target.destroy();
  }
}

function shadingPass(
  { gpu }: ForgeDevice,
  { texture, tap, target }: {
    readonly texture: ResidentTexture;
    readonly tap: TexelTap;
    readonly target: GPUTextureView;
  },
): RecordPass {
  const code = virtualTextureWgsl({ group: 0, taps: [tap] }) + `
    @vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
      return vec4f(select(-1.0, 3.0, i == 1u), select(-1.0, 3.0, i == 2u), 0.0, 1.0);
    }
    @fragment fn shade(@builtin(position) at: vec4f) -> @location(0) vec4f {
      let uv = at.xy / vec2f(${PICTURE[0]}.0, ${PICTURE[1]}.0);
      return vt_trilinear(uv, 1.5 * uv.y);
    }`;
  const { binding } = texture;
  const module = gpu.createShaderModule({ code });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [binding.layoutWithoutFeedback] }),
    vertex: { module },
    fragment: { module, targets: [{ format: TARGET_FORMAT }] },
  });
  return (encoder, timestampWrites) => {
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: target, loadOp: "clear", storeOp: "store" }],
      ...(timestampWrites === null ? {} : { timestampWrites }),
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, binding.groupWithoutFeedback);
    pass.draw(3);
    pass.end();
  };
}
