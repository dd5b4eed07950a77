/**
 * The cost of shading through a virtual texture against an ordinary trilinear texture of the same
 * format: 1280×720 pixels of a tilted plane that fills the picture, everything resident, in one
 * run.
 *
 * Both draw the same triangles to the same sRGB target, from the same texels with all their levels,
 * with derivatives of the hardware and clamped to the edge. The lower half of the picture is
 * magnified down to half a texel a pixel, where one level is enough for either; upwards it is
 * minified to 15 texels a pixel. RGBA8 is the hard case on CPUs: there, both
 * decode BC7 anew for every texel, so that lookups hardly matter.
 *
 * @module
 */

import type { Benchmark } from "../../src/cli/bench/benchmark.ts";
import { checkedCamera, lookAt, perspective } from "../../src/geometry/mod.ts";
import { type ForgeDevice, type SampleFilter, virtualTextureWgsl } from "../../src/gpu/mod.ts";
import { SMALL_PASS_FORMAT } from "../../src/scene/scene_pipelines.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";
import { randomContents } from "../scene/level_contents.ts";
import { ResidentTexture } from "../scene/resident_texture.ts";
import { uvCorners } from "../scene/uv_corners.ts";
import { timePasses } from "./pass_timer.ts";

/** A figure of a benchmark. */
export interface Metric {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** `x` is a ratio. */
  readonly unit: string;
  /** The target, in the same unit. */
  readonly target?: number;
}

const WIDTH = 1280;
const HEIGHT = 720;
const TEXTURE_SIZE = 2048;
const TILE_SIZE = 256;

/**
 * The default format of colour pictures, and the one without block compression. The shortest repeat
 * of a round counts, since other work on the machine only adds time.
 */
const FORMATS = {
  bc7: { format: "bc7-rgba-unorm-srgb", rounds: 5, repeats: 3 },
  rgba8: { format: "rgba8unorm-srgb", rounds: 21, repeats: 7 },
} as const;

const TARGET_FORMAT = "rgba8unorm-srgb";

const PASS_NAMES = [
  "plain",
  "bilinear",
  "trilinear",
  "fading",
  "reporting",
  "smallPass",
] as const;

type PassName = typeof PASS_NAMES[number];

interface Program {
  readonly pipeline: GPURenderPipeline;
  readonly group: GPUBindGroup;
}

const SCREEN_CODE = `
struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) uv: vec2<f32>,
}

@vertex
fn project(@location(0) clip: vec3<f32>, @location(1) uv: vec2<f32>) -> Corner {
  return Corner(vec4<f32>(clip.xy, 0.5 * clip.z, clip.z), uv);
}
`;

const PLAIN_CODE = `
@group(0) @binding(0) var plain: texture_2d<f32>;
@group(0) @binding(1) var plain_sampler: sampler;

@fragment
fn main(corner: Corner) -> @location(0) vec4<f32> {
  return textureSample(plain, plain_sampler, corner.uv);
}
`;

const VIRTUAL_CODE = `
@fragment
fn main(corner: Corner) -> @location(0) vec4<f32> {
  return vt_sample(corner.uv, corner.position.xy);
}
`;

/** Without the shift by less than a pixel, which takes no time. */
const SMALL_PASS_CODE = `
@fragment
fn main(corner: Corner) -> @location(0) vec4<f32> {
  vt_report_in_small_pass(corner.uv);
  return vec4<f32>(0.0);
}
`;

function createProgram(
  gpu: GPUDevice,
  code: string,
  layout: GPUBindGroupLayout,
  group: GPUBindGroup,
  target: GPUColorTargetState = { format: TARGET_FORMAT },
): Program {
  const module = gpu.createShaderModule({ code: SCREEN_CODE + code });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
    vertex: {
      module,
      entryPoint: "project",
      buffers: [{
        arrayStride: 20,
        attributes: [
          { shaderLocation: 0, offset: 0, format: "float32x3" },
          { shaderLocation: 1, offset: 12, format: "float32x2" },
        ],
      }],
    },
    fragment: { module, entryPoint: "main", targets: [target] },
  });
  return { pipeline, group };
}

function plainProgram(gpu: GPUDevice, texture: GPUTexture): Program {
  const layout = gpu.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: {} },
      { binding: 1, visibility: GPUShaderStage.FRAGMENT, sampler: {} },
    ],
  });
  const sampler = gpu.createSampler({
    magFilter: "linear",
    minFilter: "linear",
    mipmapFilter: "linear",
  });
  const group = gpu.createBindGroup({
    layout,
    entries: [
      { binding: 0, resource: texture.createView() },
      { binding: 1, resource: sampler },
    ],
  });
  return createProgram(gpu, PLAIN_CODE, layout, group);
}

function virtualProgram(
  gpu: GPUDevice,
  { binding }: ResidentTexture,
  options: { filter: SampleFilter; feedback?: boolean; fade?: boolean },
): Program {
  const { filter, feedback = false, fade = false } = options;
  const code = virtualTextureWgsl({ group: 0, filter, feedback, fade }) + VIRTUAL_CODE;
  return feedback
    ? createProgram(gpu, code, binding.layout, binding.group)
    : createProgram(gpu, code, binding.layoutWithoutFeedback, binding.groupWithoutFeedback);
}

function smallPassProgram(gpu: GPUDevice, { binding }: ResidentTexture): Program {
  const code = virtualTextureWgsl({ group: 0, feedback: true }) + SMALL_PASS_CODE;
  const target = { format: SMALL_PASS_FORMAT, writeMask: 0 };
  return createProgram(gpu, code, binding.layout, binding.group, target);
}

/** Corners of the plane as a camera above its lower edge sees it: magnified near, minified far. */
function planeCorners(texture: ResidentTexture): Float32Array<ArrayBuffer> {
  const camera = checkedCamera({
    position: [0, 0, 0],
    view: lookAt([1024, 250, 260], [1024, 640, 0], { up: [0, 0, 1] }),
    projection: perspective({ fovYDegrees: 50, aspect: WIDTH / HEIGHT, near: 1, far: Infinity }),
    viewport: [WIDTH, HEIGHT],
  });
  return uvCorners(camera, texture);
}

function ratios(of: readonly number[], to: readonly number[], target?: number): Metric {
  const sorted = of.map((time, round) => time / to[round]!).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, unit: "x", ...(target && { target }) };
}

/** Content and size of a pass. */
interface TimedPass {
  readonly program: Program;
  /** Divisor of the picture's edges. */
  readonly shrink: number;
}

/** Times of passes over one texture, by name, one figure per round. */
async function timeRounds(
  device: ForgeDevice,
  { format, rounds, repeats }: {
    readonly format: TexelFormat;
    readonly rounds: number;
    readonly repeats: number;
  },
): Promise<Record<PassName, number[]>> {
  const { gpu } = device;
  const contents = randomContents(TEXTURE_SIZE, TEXTURE_SIZE, format);
  const texture = new ResidentTexture(device, { contents, tileSize: TILE_SIZE });
  const corners = planeCorners(texture);
  const vertices = gpu.createBuffer({
    size: corners.byteLength,
    usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(vertices, 0, corners);
  const target = gpu.createTexture({
    size: [WIDTH, HEIGHT],
    format: TARGET_FORMAT,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const small = gpu.createTexture({
    size: [WIDTH / 8, HEIGHT / 8],
    format: SMALL_PASS_FORMAT,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const views = { 1: target.createView(), 8: small.createView() };
  const passes: Record<PassName, TimedPass> = {
    plain: { program: plainProgram(gpu, texture.plain), shrink: 1 },
    bilinear: { program: virtualProgram(gpu, texture, { filter: "bilinear" }), shrink: 1 },
    trilinear: { program: virtualProgram(gpu, texture, { filter: "trilinear" }), shrink: 1 },
    fading: {
      program: virtualProgram(gpu, texture, { filter: "trilinear", fade: true }),
      shrink: 1,
    },
    reporting: {
      program: virtualProgram(gpu, texture, { filter: "trilinear", feedback: true }),
      shrink: 1,
    },
    smallPass: { program: smallPassProgram(gpu, texture), shrink: 8 },
  };
  const times = Object.fromEntries(PASS_NAMES.map((name) => [name, [] as number[]])) as Record<
    PassName,
    number[]
  >;
  try {
    for (let round = -2; round < rounds; round++) {
      texture.writeFrame(round + 2);
      // Every other round backwards, so that no pass always follows the same one.
      const once = round % 2 === 0 ? PASS_NAMES : PASS_NAMES.toReversed();
      const order = Array.from({ length: repeats }, () => once).flat();
      const measured = await timePasses(
        device,
        order.map((name) => (encoder, timestampWrites) => {
          const { program, shrink } = passes[name];
          const pass = encoder.beginRenderPass({
            colorAttachments: [{
              view: shrink === 1 ? views[1] : views[8],
              loadOp: "clear",
              storeOp: shrink === 1 ? "store" : "discard",
            }],
            ...(timestampWrites && { timestampWrites }),
          });
          pass.setPipeline(program.pipeline);
          pass.setBindGroup(0, program.group);
          pass.setVertexBuffer(0, vertices);
          pass.draw(corners.length / 5);
          pass.end();
        }),
      );
      // The first two rounds compile and warm up.
      if (round < 0) continue;
      for (const name of PASS_NAMES) {
        times[name].push(Math.min(...measured.filter((_, i) => order[i] === name)));
      }
    }
  } finally {
    texture.destroy();
    vertices.destroy();
    target.destroy();
    small.destroy();
  }
  return times;
}

/**
 * Shading times as ratios to the ordinary texture's of the same round; feedback's as ratios to
 * trilinear shading without it.
 */
export async function benchShading(device: ForgeDevice): Promise<Record<string, Metric>> {
  const metrics: Record<string, Metric> = {};
  for (const [name, kind] of Object.entries(FORMATS)) {
    if (!device.supports(kind.format)) continue;
    const times = await timeRounds(device, kind);
    const { plain, trilinear } = times;
    const withSmallPass = trilinear.map((time, round) => time + times.smallPass[round]!);
    metrics[`${name}_bilinear_vs_plain`] = ratios(times.bilinear, plain, 1.1);
    metrics[`${name}_trilinear_vs_plain`] = ratios(trilinear, plain, 1.6);
    metrics[`${name}_trilinear_fading_vs_plain`] = ratios(times.fading, plain);
    metrics[`${name}_feedback_in_small_pass`] = ratios(withSmallPass, trilinear, 1.05);
    metrics[`${name}_feedback_in_same_pass`] = ratios(times.reporting, trilinear, 1.05);
  }
  return metrics;
}

/** The benchmark as the runner wants it. */
export const bench: Benchmark = {
  name: "shading",
  description: "a pass through a virtual texture against one with a plain trilinear texture",
  runBenchmark: async ({ device }) => ({ metrics: await benchShading(device) }),
};
