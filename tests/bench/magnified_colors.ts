/**
 * Pictures as shaders see them that magnify them four times, and how far they are from the original.
 *
 * @module
 */

import { type ForgeDevice, ReadbackBatch, type TexelTap } from "../../src/gpu/mod.ts";
import { tapsWgsl } from "../../src/gpu/sampling/texel_taps.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../src/texels/mod.ts";

/** A square picture in some format. */
export interface StoredPicture {
  readonly format: TexelFormat;
  /** Tight rows of blocks. */
  readonly bytes: Uint8Array;
  /** Texels of an edge. */
  readonly edge: number;
  /** How texels are read. */
  readonly tap: TexelTap;
  /** Whether taps give gamma-encoded colours already; default false. */
  readonly isEncoded?: boolean;
}

/** Pixels for each texel, in each direction. */
const FACTOR = 4;

function magnifierWgsl(tap: TexelTap, isEncoded: boolean): string {
  return `
struct vt_Place { atlas_uv: vec2<f32>, slot: vec3<i32>, level: u32 }
const vt_no_level: u32 = 31u;
fn vt_swizzled(stored: vec4<f32>) -> vec4<f32> { return stored; }
${tapsWgsl([tap])}
@group(0) @binding(0) var picture: texture_2d_array<f32>;
@group(0) @binding(1) var picture_sampler: sampler;
@group(0) @binding(2) var<storage, read_write> pixels: array<vec4f>;

@compute @workgroup_size(8, 8) fn magnify(@builtin(global_invocation_id) id: vec3u) {
  let size = ${FACTOR}u * textureDimensions(picture);
  // Half a texel inside, as lookups in an atlas are.
  let margin = ${FACTOR / 2}.0 / vec2f(size);
  let uv = clamp((vec2f(id.xy) + 0.5) / vec2f(size), margin, 1.0 - margin);
  let place = vt_Place(uv, vec3i(0), 0u);
  let light = ${
    tap === "filtered" ? "vt_tap" : `vt_tap_${tap}`
  }(place, 0.0, picture, picture_sampler).rgb;
  let gamma = select(1.055 * pow(light, vec3f(1.0 / 2.4)) - 0.055, 12.92 * light, light <= vec3f(0.0031308));
  pixels[id.y * size.x + id.x] = vec4f(${isEncoded ? "light" : "gamma"}, 1.0);
}`;
}

/** Red, green, blue and 1 of each pixel, gamma-encoded, 0 to 1. */
export async function magnifyPicture(
  device: ForgeDevice,
  { format, bytes, edge, tap, isEncoded = false }: StoredPicture,
): Promise<Float32Array> {
  const { gpu } = device;
  const { blockTexels } = formatInfo(format);
  const texture = gpu.createTexture({
    label: "picture",
    size: [edge, edge],
    format: format as GPUTextureFormat,
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
  gpu.queue.writeTexture(
    { texture },
    bytes as Uint8Array<ArrayBuffer>,
    { bytesPerRow: regionBytes(format, edge, 1), rowsPerImage: edge / blockTexels },
    [edge, edge],
  );
  const pixels = gpu.createBuffer({
    label: "pixels",
    size: 16 * (FACTOR * edge) ** 2,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const module = gpu.createShaderModule({ code: magnifierWgsl(tap, isEncoded) });
  const pipeline = gpu.createComputePipeline({ layout: "auto", compute: { module } });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: texture.createView({ dimension: "2d-array" }) },
        {
          binding: 1,
          resource: gpu.createSampler({ magFilter: "linear", minFilter: "linear" }),
        },
        { binding: 2, resource: { buffer: pixels } },
      ],
    }),
  );
  pass.dispatchWorkgroups(FACTOR * edge / 8, FACTOR * edge / 8);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addBuffer(pixels);
  const [read] = await readback.read();
  texture.destroy();
  pixels.destroy();
  return new Float32Array(read!.buffer);
}

/** Peak signal-to-noise ratio in dB of gamma-encoded colours, 0 to 1. */
export function colorPsnr(wanted: Float32Array, found: Float32Array): number {
  let squares = 0;
  for (const [k, value] of wanted.entries()) squares += (value - found[k]!) ** 2;
  // The fourth number of each pixel is 1 in both.
  return 10 * Math.log10(0.75 * wanted.length / squares);
}
