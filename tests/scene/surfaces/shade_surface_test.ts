import assert from "node:assert/strict";
import shadingCode from "../../../shaders/scene/surface_shading.wgsl" with { type: "text" };
import { type ForgeDevice, ReadbackBatch, requestDevice } from "../../../src/gpu/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { normalized, type Vec3 } from "../../rvt/oracle/affine.ts";
import { type LightAndView, shadeSurface, type SurfaceAttributes } from "../../rvt/oracle/shade.ts";

/** Points that one test shades. */
const COUNT = 4096;
/** Of the radiance and of 1: what float32 loses, mostly where highlights are narrowest. */
const MOST_ERROR = 3e-4;

interface ShadedPoint extends SurfaceAttributes, LightAndView {}

/** Shades points on the GPU; the light's direction is normalised before, as pictures do. */
async function shadeOnGpu(
  device: ForgeDevice,
  points: readonly ShadedPoint[],
  code: string = shadingCode,
): Promise<Vec3[]> {
  const { gpu } = device;
  const words = Float32Array.from(points.flatMap((point) => [
    ...[...point.baseColor, point.specular],
    ...[...point.normal, point.roughness],
    ...[...point.towardsViewer, 0],
    ...[...normalized(point.towardsLight), 0],
    ...[...point.lightColor, 0],
  ]));
  const module = gpu.createShaderModule({
    code: `${code}
      struct Point { color: vec4f, normal: vec4f, viewer: vec4f, light: vec4f, light_color: vec4f }
      @group(0) @binding(0) var<storage, read> points: array<Point>;
      @group(0) @binding(1) var<storage, read_write> shaded: array<vec4f>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        let at = points[id.x];
        let surface = ShadedSurface(at.color.xyz, at.color.w, at.normal.w, at.normal.xyz);
        let light = shade_surface(surface, at.viewer.xyz, at.light.xyz, at.light_color.xyz);
        shaded[id.x] = vec4f(light, 1.0);
      }`,
  });
  const pipeline = gpu.createComputePipeline({ layout: "auto", compute: { module } });
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const input = gpu.createBuffer({ size: words.byteLength, usage: STORAGE | COPY_DST });
  const output = gpu.createBuffer({ size: 16 * points.length, usage: STORAGE | COPY_SRC });
  gpu.queue.writeBuffer(input, 0, words);
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: input } }, {
        binding: 1,
        resource: { buffer: output },
      }],
    }),
  );
  pass.dispatchWorkgroups(points.length / 64);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addBuffer(output);
  const [bytes] = await readback.read();
  input.destroy();
  output.destroy();
  const numbers = new Float32Array(bytes!.buffer, bytes!.byteOffset, 4 * points.length);
  return points.map((_, i) => Array.from(numbers.subarray(4 * i, 4 * i + 3)) as unknown as Vec3);
}

/** Random surfaces; every fourth one has its normal near the highlight's. */
function randomPoints(seed: number): ShadedPoint[] {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const direction = (): Vec3 => [between(-1, 1), between(-1, 1), between(-1, 1)];
  return Array.from({ length: COUNT }, (_, i) => {
    const towardsViewer = direction().map((part) => 20 * part) as unknown as Vec3;
    const towardsLight = direction();
    const [v, l] = [normalized(towardsViewer), normalized(towardsLight)];
    const nearHighlight = v.map((part, k) => part + l[k]! + between(-0.05, 0.05)) as unknown;
    return {
      baseColor: [random(), random(), random()],
      specular: random(),
      // Rougher and smoother than what is shaded, too.
      roughness: between(-0.1, 1.1),
      normal: i % 4 === 0 ? nearHighlight as Vec3 : direction(),
      towardsViewer,
      towardsLight,
      lightColor: [between(0, 4), between(0, 4), between(0, 4)],
    };
  });
}

/** Largest difference, as a part of the radiance or of 1. */
function largestError(found: readonly Vec3[], points: readonly ShadedPoint[]): number {
  return Math.max(...points.flatMap((point, i) => {
    const wanted = shadeSurface(point, point);
    return wanted.map((value, k) => {
      const error = Math.abs(value - found[i]![k]!) / Math.max(1, value);
      // What is not a number is no less than everything.
      return Number.isFinite(error) ? error : Infinity;
    });
  }));
}

Deno.test(`surfaces are shaded as the CPU does in float64, within ${MOST_ERROR} of the radiance and of 1`, async () => {
  using device = await requestDevice();
  for (const seed of [1, 2]) {
    const points = randomPoints(seed);
    const error = largestError(await shadeOnGpu(device, points), points);
    assert.ok(error <= MOST_ERROR, `seed ${seed}: ${error}`);
  }
});

Deno.test("a normal of length 0 is up, and light from behind gives nothing", async () => {
  using device = await requestDevice();
  const [point] = randomPoints(3);
  const flat = { ...point!, normal: [0, 0, 0] as Vec3, towardsLight: [0.1, 0.2, 1] as Vec3 };
  const behind = { ...flat, normal: [0, 0, -1] as Vec3 };
  const opposite = { ...flat, towardsViewer: [-0.1, -0.2, -1] as Vec3 };
  const points = Array.from({ length: 64 }, (_, i) => [flat, behind, opposite][i % 3]!);
  const found = await shadeOnGpu(device, points);
  const isDefined = (_: unknown, i: number) => i % 3 !== 2;
  const error = largestError(found.filter(isDefined), points.filter(isDefined));
  assert.ok(error <= MOST_ERROR, `${error}`);
  assert.deepEqual(found[1], [0, 0, 0]);
  // Between light and viewer there is no direction half-way: any finite radiance is right.
  assert.ok(found[2]!.every((value) => Number.isFinite(value) && value >= 0), `${found[2]}`);
});

for (
  const [what, from, to] of [
    ["specular of half the reflectance", "0.08 * surface.specular", "0.04 * surface.specular"],
    ["roughness that is not squared", "let alpha = roughness * roughness", "let alpha = roughness"],
    ["another least roughness", "LEAST_ROUGHNESS: f32 = 0.089", "LEAST_ROUGHNESS: f32 = 0.08"],
    ["light that is not cut off behind the surface", "max(dot(n, l), 0.0)", "abs(dot(n, l))"],
  ] as const
) {
  Deno.test(`negative control: ${what} shows`, async () => {
    using device = await requestDevice();
    const points = randomPoints(1);
    assert.ok(shadingCode.includes(from));
    const found = await shadeOnGpu(device, points, shadingCode.replace(from, to));
    assert.ok(largestError(found, points) > 10 * MOST_ERROR);
  });
}
