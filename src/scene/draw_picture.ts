/**
 * The passes that draw placed virtual textures.
 *
 * @module
 */

import { checkedPlanes, type ForgeDevice, type PlaneCount, type TexelTap } from "../gpu/mod.ts";
import { formatInfo, type TexelFormat, USUAL_SWIZZLE } from "../texels/mod.ts";
import type { Camera } from "../geometry/mod.ts";
import type { RenderableTexture, RenderOptions } from "./render_types.ts";
import {
  CORNER_FLOATS,
  scenePipeline,
  sceneViewLayout,
  SMALL_PASS_FORMAT,
  smallPassPipeline,
} from "./scene_pipelines.ts";
import { lookNumbers, type ValueLook } from "./value_look.ts";
import { visiblePart } from "./visible_corners.ts";

const STORED_FORMAT = "rgba8unorm";
const SRGB_FORMAT = "rgba8unorm-srgb";

/** A texture and what is seen of it. */
interface VisibleTexture {
  readonly texture: RenderableTexture;
  readonly planes: PlaneCount;
  readonly taps: readonly TexelTap[];
  readonly vertices: GPUBuffer;
  /** The bind group of `SceneView`. */
  readonly view: GPUBindGroup;
}

/** What a picture shows. */
export interface PictureParts {
  readonly seen: Camera;
  readonly textures: readonly RenderableTexture[];
  readonly size: readonly [number, number];
  readonly options: RenderOptions;
  /** The range of values of each texture; null if they are shown as they are stored. */
  readonly looks: ReadonlyMap<RenderableTexture, ValueLook> | null;
}

/**
 * Submits the passes that draw a picture.
 *
 * @param owned Takes what is to be destroyed when the picture was read.
 * @returns What it is drawn to.
 */
export function drawPicture(
  device: ForgeDevice,
  what: PictureParts,
  owned: { destroy(): void }[],
): GPUTexture {
  const { gpu, submits } = device;
  const { seen, textures, size: [width, height], options, looks } = what;
  const target = gpu.createTexture({
    label: "scene",
    size: [width, height],
    format: STORED_FORMAT,
    viewFormats: [SRGB_FORMAT],
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  owned.push(target);
  const visible: VisibleTexture[] = [];
  for (const texture of textures) {
    const part = visiblePart(seen, texture);
    if (part === null) continue;
    const vertices = uploadBuffer(gpu, part.corners, { usage: GPUBufferUsage.VERTEX, owned });
    const uniform = uploadBuffer(
      gpu,
      sceneView([width, height], part.anchor, looks?.get(texture)),
      {
        usage: GPUBufferUsage.UNIFORM,
        owned,
      },
    );
    const view = gpu.createBindGroup({
      label: "scene view",
      layout: sceneViewLayout(gpu),
      entries: [{ binding: 0, resource: { buffer: uniform } }],
    });
    visible.push({ texture, planes: planesOf(texture), taps: tapsOf(texture), vertices, view });
  }
  const encoder = gpu.createCommandEncoder({ label: "scene" });
  drawTextures(gpu, encoder, { target, visible, options, isRanged: looks !== null });
  if (options.feedback ?? true) {
    reportTextures(gpu, encoder, { width, height, visible, options, owned });
  }
  submits.submit([encoder.finish()]);
  return target;
}

function drawTextures(
  gpu: GPUDevice,
  encoder: GPUCommandEncoder,
  what: {
    readonly target: GPUTexture;
    readonly visible: readonly VisibleTexture[];
    readonly options: RenderOptions;
    readonly isRanged: boolean;
  },
): void {
  const { target, visible, options, isRanged } = what;
  const { filter = "trilinear", debug = null, fade = false, plane = 0, colorMap = null } = options;
  encoder.beginRenderPass({
    label: "scene background",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  }).end();
  for (const { texture, planes, taps, vertices, view } of visible) {
    const { binding } = texture;
    const { channels, colorSpace } = formatInfo(formatsOf(texture)[plane]!);
    // The target encodes again what the sampler or the tap decodes from sRGB.
    const isLight = colorSpace === "srgb" || taps[plane]!.startsWith("ycocg");
    const format = isLight && !isRanged ? SRGB_FORMAT : STORED_FORMAT;
    const encodes = isLight && isRanged;
    const opaque = texture.alphaIsData ?? false;
    const grey = channels === 1 && (texture.swizzle ?? USUAL_SWIZZLE) === USUAL_SWIZZLE;
    const premultiplied = texture.premultiplied ?? false;
    const shown = {
      grey,
      opaque,
      premultiplied,
      target: format,
      plane,
      colorMap,
      encodes,
    } as const;
    const kind = { filter, debug, fade, ...shown };
    const layout = binding.layoutWithoutFeedback;
    const pass = encoder.beginRenderPass({
      label: "scene texture",
      colorAttachments: [{ view: target.createView({ format }), loadOp: "load", storeOp: "store" }],
    });
    pass.setPipeline(scenePipeline(gpu, kind, { layout, planes, taps }));
    pass.setBindGroup(0, binding.groupWithoutFeedback);
    pass.setBindGroup(1, view);
    pass.setVertexBuffer(0, vertices);
    pass.draw(vertices.size / (4 * CORNER_FLOATS));
    pass.end();
  }
}

/** Records the small pass; `owned` takes what it needs until it is submitted. */
function reportTextures(
  gpu: GPUDevice,
  encoder: GPUCommandEncoder,
  what: {
    readonly width: number;
    readonly height: number;
    readonly visible: readonly VisibleTexture[];
    readonly options: RenderOptions;
    readonly owned: { destroy(): void }[];
  },
): void {
  const { width, height, visible, options, owned } = what;
  const target = gpu.createTexture({
    label: "scene feedback",
    size: [Math.ceil(width / 8), Math.ceil(height / 8)],
    format: SMALL_PASS_FORMAT,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  owned.push(target);
  const pass = encoder.beginRenderPass({
    label: "scene feedback",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "discard" }],
  });
  pass.setViewport(0, 0, width / 8, height / 8, 0, 1);
  for (const { texture: { binding }, planes, taps, vertices, view } of visible) {
    const shared = { layout: binding.layout, planes, taps };
    pass.setPipeline(smallPassPipeline(gpu, options.filter ?? "trilinear", shared));
    pass.setBindGroup(0, binding.group);
    pass.setBindGroup(1, view);
    pass.setVertexBuffer(0, vertices);
    pass.draw(vertices.size / (4 * CORNER_FLOATS));
  }
  pass.end();
}

/** Makes a buffer, which `owned` takes, and fills it. */
function uploadBuffer(
  gpu: GPUDevice,
  data: Float32Array<ArrayBuffer> | ArrayBuffer,
  { usage, owned }: {
    readonly usage: GPUBufferUsageFlags;
    readonly owned: { destroy(): void }[];
  },
): GPUBuffer {
  const buffer = gpu.createBuffer({
    label: "scene",
    size: data.byteLength,
    usage: usage | GPUBufferUsage.COPY_DST,
  });
  owned.push(buffer);
  gpu.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

/** `SceneView` of shaders/scene/scene_view.wgsl. */
function sceneView(
  pictureSize: readonly [number, number],
  anchor: readonly [number, number],
  look: ValueLook | undefined,
): ArrayBuffer {
  const bytes = new ArrayBuffer(48);
  new Float32Array(bytes, 0, 2).set(pictureSize);
  new Int32Array(bytes, 8, 2).set(anchor);
  new Float32Array(bytes, 16, 8).set(lookNumbers(look));
  return bytes;
}

function formatsOf(texture: RenderableTexture): readonly TexelFormat[] {
  return texture.formats ?? [texture.format];
}

function tapsOf(texture: RenderableTexture): readonly TexelTap[] {
  return texture.taps ?? formatsOf(texture).map(() => "filtered");
}

/** Number of planes of a texture. */
export function planesOf(texture: RenderableTexture): PlaneCount {
  return checkedPlanes(formatsOf(texture).length, { failure: "Cannot render" });
}
