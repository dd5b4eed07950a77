/**
 * The reference renderer: placed virtual textures, seen by a camera, as a picture.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";
import {
  type ForgeDevice,
  ReadbackBatch,
  type SampleFilter,
  type VirtualTextureBinding,
} from "../gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../texels/mod.ts";
import { checkedCamera, type Placement } from "../tiles/mod.ts";
import { Picture } from "./picture.ts";
import { CORNER_FLOATS, type DebugView, scenePipeline } from "./scene_pipelines.ts";
import { visibleCorners } from "./visible_corners.ts";

/** What the renderer needs to know of a texture. */
export interface RenderableTexture {
  /** What to bind to sample it. */
  readonly binding: Pick<
    VirtualTextureBinding,
    "group" | "groupWithoutFeedback" | "layout" | "layoutWithoutFeedback"
  >;
  /** Where it lies. */
  readonly placement: Placement;
  /** Size of level 0 in texels. */
  readonly grid: { readonly width: number; readonly height: number };
  /** Format in the atlas. */
  readonly format: TexelFormat;
}

/** What is drawn. */
export interface RenderableSystem {
  /** The device that the textures are on. */
  readonly device: ForgeDevice;
  /** Every texture; later ones are drawn over earlier ones. */
  readonly textures: readonly RenderableTexture[];
  /** Told the picture's size after each submit that draws the textures. */
  noteRender?(viewport: readonly [number, number]): void;
}

/** What the picture is seen from, and its size. Matrices are column-major. */
export interface RenderCamera {
  /** World position; the matrices already say it. */
  readonly position?: ArrayLike<number>;
  /** World to view. */
  readonly view: ArrayLike<number>;
  /** View to clip, any depth convention; default 60° vertical. */
  readonly projection?: ArrayLike<number> | null;
  /** Width of the picture in pixels. */
  readonly width: number;
  /** Height of the picture in pixels. */
  readonly height: number;
}

/** Options of {@linkcode render}. */
export interface RenderOptions {
  /** Draws this texture only. */
  readonly texture?: RenderableTexture;
  /** Default `"trilinear"`. */
  readonly filter?: SampleFilter;
  /** Shows something about the texture instead of it. */
  readonly debug?: DebugView;
  /** Whether drawing reports the tiles that it wants; default `true`. */
  readonly feedback?: boolean;
  /** Whether new tiles fade in; default `false`. */
  readonly fade?: boolean;
}

const FILTERS: readonly SampleFilter[] = ["bilinear", "trilinear", "anisotropic"];

const STORED_FORMAT = "rgba8unorm";
const SRGB_FORMAT = "rgba8unorm-srgb";

/**
 * Draws placed virtual textures as they are resident now, and reads the picture back.
 *
 * Colours of sRGB formats come out exactly, others as stored values; one channel shows as grey.
 * Where nothing is drawn or resident the picture is transparent black. Nothing is clipped by depth,
 * so any depth convention will do, and there is none between textures: later ones are drawn over
 * earlier ones. Changes no residency. Its targets live for the call and are in no budget.
 *
 * @throws {InvalidArgumentError} if a matrix is missing, not finite or has not 16 elements.
 * @throws {OutOfRangeError} if the size is not from 1 to the device's largest texture, or an option
 * is not one of its values.
 * @throws {DeviceError} if the device is lost.
 */
export async function render(
  system: RenderableSystem,
  camera: RenderCamera,
  options: RenderOptions = {},
): Promise<Picture> {
  const { device } = system;
  const { width, height } = camera;
  const { filter = "trilinear", debug = null } = options;
  checkSize(device, "width", width);
  checkSize(device, "height", height);
  checkChoice("filter", filter, FILTERS);
  if (debug !== null) checkChoice("debug", debug, ["level"]);
  if (!camera.view) {
    throw new InvalidArgumentError("view", "Cannot render as a view matrix must be given");
  }
  device.assertAlive();
  const target = device.gpu.createTexture({
    label: "scene",
    size: [width, height],
    format: STORED_FORMAT,
    viewFormats: [SRGB_FORMAT],
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const vertices: GPUBuffer[] = [];
  try {
    const encoder = device.gpu.createCommandEncoder({ label: "scene" });
    clear(encoder, target);
    const seen = checkedCamera({
      position: camera.position ?? [0, 0, 0],
      view: camera.view,
      projection: camera.projection,
      viewport: [width, height],
    });
    for (const texture of options.texture ? [options.texture] : system.textures) {
      const corners = visibleCorners(seen, texture);
      if (corners.length === 0) continue;
      const vertexBuffer = uploadCorners(device.gpu, corners);
      vertices.push(vertexBuffer);
      draw(device.gpu, encoder, { target, texture, vertexBuffer, options });
    }
    device.submits.submit([encoder.finish()]);
    system.noteRender?.([width, height]);
    const readback = new ReadbackBatch(device, "scene");
    readback.addTexture(target);
    const [data] = await readback.read();
    return new Picture(width, height, data!);
  } finally {
    target.destroy();
    for (const buffer of vertices) buffer.destroy();
  }
}

function clear(encoder: GPUCommandEncoder, target: GPUTexture): void {
  encoder.beginRenderPass({
    label: "scene background",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  }).end();
}

function uploadCorners(gpu: GPUDevice, corners: Float32Array<ArrayBuffer>): GPUBuffer {
  const buffer = gpu.createBuffer({
    label: "scene corners",
    size: corners.byteLength,
    usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(buffer, 0, corners);
  return buffer;
}

function draw(
  gpu: GPUDevice,
  encoder: GPUCommandEncoder,
  what: {
    readonly target: GPUTexture;
    readonly texture: RenderableTexture;
    readonly vertexBuffer: GPUBuffer;
    readonly options: RenderOptions;
  },
): void {
  const { target, texture, vertexBuffer, options } = what;
  const { filter = "trilinear", debug = null, feedback = true, fade = false } = options;
  const { binding } = texture;
  const { channels, colorSpace } = formatInfo(texture.format);
  // What the sampler decodes from sRGB the target encodes again.
  const format = colorSpace === "srgb" ? SRGB_FORMAT : STORED_FORMAT;
  const pipeline = scenePipeline(
    gpu,
    { filter, debug, feedback, fade, grey: channels === 1, target: format },
    feedback ? binding.layout : binding.layoutWithoutFeedback,
  );
  const pass = encoder.beginRenderPass({
    label: "scene texture",
    colorAttachments: [{ view: target.createView({ format }), loadOp: "load", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, feedback ? binding.group : binding.groupWithoutFeedback);
  pass.setVertexBuffer(0, vertexBuffer);
  pass.draw(vertexBuffer.size / (4 * CORNER_FLOATS));
  pass.end();
}

function checkSize(device: ForgeDevice, name: string, value: number): void {
  const largest = device.limit("maxTextureDimension2D");
  if (Number.isInteger(value) && value >= 1 && value <= largest) return;
  throw new OutOfRangeError(
    name,
    `Cannot render as ${name} must be a whole number from 1 to ${largest}: current value is ${value}`,
  );
}

function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new OutOfRangeError(
    name,
    `Cannot render as ${name} must be one of ${choices.join(", ")}: current value is ${value}`,
  );
}
