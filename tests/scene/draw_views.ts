/**
 * Draws a resident texture from many views by fragment code of the test's own, all in one submit
 * and one read-back.
 *
 * @module
 */

import {
  type ForgeDevice,
  type PlaneCount,
  ReadbackBatch,
  virtualTextureWgsl,
} from "../../src/gpu/mod.ts";
import { formatInfo } from "../../src/texels/mod.ts";
import { checkedCamera } from "../../src/geometry/mod.ts";
import { CORNER_CODE, CORNER_FLOATS, CORNER_LAYOUT, cornersOf } from "./corners.ts";
import type { ResidentTexture } from "./resident_texture.ts";
import { PICTURE_SIZE, type View } from "./views.ts";

/** How to shade a pixel. */
export interface Shading {
  /**
   * Body of a function with the parameters `uv`, `pixel`, and `texel` and `offset` from it, which
   * returns a colour. It may use the functions of `virtualTextureWgsl`, and the ordinary texture as
   * `plain` with `plain_sampler`.
   */
  readonly body: string;
  /** Changes the virtual texture's code, to break it. */
  readonly tamper?: (code: string) => string;
  /** Sampler of the ordinary texture; default trilinear. */
  readonly sampler?: GPUSamplerDescriptor;
  /** Whether new tiles fade in; default false. */
  readonly fade?: boolean;
  /** How many planes the virtual texture's code is made for; default all. */
  readonly planes?: PlaneCount;
  /** The plane that the ordinary texture holds; default 0. */
  readonly plane?: number;
}

const PLAIN_CODE = `
@group(1) @binding(0) var plain: texture_2d<f32>;
@group(1) @binding(1) var plain_sampler: sampler;

@fragment
fn main(corner: Corner) -> @location(0) vec4<f32> {
  return shade(corner.uv, corner.position.xy, corner.anchor, corner.offset);
}
`;

const TRILINEAR: GPUSamplerDescriptor = {
  magFilter: "linear",
  minFilter: "linear",
  mipmapFilter: "linear",
};

/** The pictures, one per view: RGBA, top down. */
export async function drawViews(
  device: ForgeDevice,
  texture: ResidentTexture,
  options: { readonly views: readonly View[]; readonly shading: Shading },
): Promise<Uint8Array[]> {
  const { gpu, submits } = device;
  const { views, shading } = options;
  const { width, height } = PICTURE_SIZE;
  const plane = shading.plane ?? 0;
  const srgb = formatInfo(texture.formats[plane]!).colorSpace === "srgb";
  const format: GPUTextureFormat = srgb ? "rgba8unorm-srgb" : "rgba8unorm";
  const plainLayout = gpu.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: {} },
      { binding: 1, visibility: GPUShaderStage.FRAGMENT, sampler: {} },
    ],
  });
  const plainGroup = gpu.createBindGroup({
    layout: plainLayout,
    entries: [
      { binding: 0, resource: texture.plainPlanes[plane]!.createView() },
      { binding: 1, resource: gpu.createSampler(shading.sampler ?? TRILINEAR) },
    ],
  });
  const planes = shading.planes ?? texture.binding.planes;
  const code = virtualTextureWgsl({ group: 0, fade: shading.fade ?? false, planes });
  const shade = `fn shade(
    uv: vec2<f32>,
    pixel: vec2<f32>,
    texel: vec2<i32>,
    offset: vec2<f32>,
  ) -> vec4<f32> {\n${shading.body}\n}\n`;
  const module = gpu.createShaderModule({
    code: (shading.tamper?.(code) ?? code) + CORNER_CODE + PLAIN_CODE + shade,
  });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({
      bindGroupLayouts: [texture.binding.layoutWithoutFeedback, plainLayout],
    }),
    vertex: {
      module,
      entryPoint: "project",
      buffers: [CORNER_LAYOUT],
    },
    fragment: { module, entryPoint: "main", targets: [{ format }] },
  });
  const owned: { destroy(): void }[] = [];
  const batch = new ReadbackBatch(device);
  const encoder = gpu.createCommandEncoder();
  for (const view of views) {
    const target = gpu.createTexture({
      size: [width, height],
      format,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    });
    owned.push(target);
    batch.addTexture(target);
    const camera = checkedCamera({ ...view, position: [0, 0, 0], viewport: [width, height] });
    const vertices = cornersOf(camera, texture);
    if (vertices.length === 0) throw new Error(`Nothing is seen in view "${view.name}"`);
    const buffer = gpu.createBuffer({
      size: vertices.byteLength,
      usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
    });
    owned.push(buffer);
    gpu.queue.writeBuffer(buffer, 0, vertices);
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, texture.binding.groupWithoutFeedback);
    pass.setBindGroup(1, plainGroup);
    pass.setVertexBuffer(0, buffer);
    pass.draw(vertices.length / CORNER_FLOATS);
    pass.end();
  }
  submits.submit([encoder.finish()]);
  const pictures = await batch.read();
  for (const object of owned) object.destroy();
  return pictures;
}

/** Largest difference of any channel, and the share of pixels that differ by more than 2. */
export function difference(
  a: readonly Uint8Array[],
  b: readonly Uint8Array[],
): { most: number; mean: number; share: number; worstView: number } {
  let most = 0;
  let sum = 0;
  let beyond = 0;
  let pixels = 0;
  let worstView = 0;
  for (const [view, picture] of a.entries()) {
    const other = b[view]!;
    for (let at = 0; at < picture.length; at += 4) {
      let worst = 0;
      for (let k = at; k < at + 4; k++) worst = Math.max(worst, Math.abs(picture[k]! - other[k]!));
      if (worst > most) {
        most = worst;
        worstView = view;
      }
      if (worst > 2) beyond++;
      sum += worst;
      pixels++;
    }
  }
  return { most, mean: sum / pixels, share: beyond / pixels, worstView };
}
