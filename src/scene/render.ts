/**
 * The reference renderer: placed virtual textures, seen by a camera, as a picture.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedVector,
  checkOptionNames,
} from "../checks.ts";
import {
  type ForgeDevice,
  ReadbackBatch,
  SAMPLE_FILTERS,
  type SampleFilter,
  type VirtualTextureBinding,
} from "../gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../texels/mod.ts";
import { checkedCamera, type Placement } from "../geometry/mod.ts";
import { Picture } from "./picture.ts";
import {
  CORNER_FLOATS,
  type DebugView,
  scenePipeline,
  SMALL_PASS_FORMAT,
  smallPassLayout,
  smallPassPipeline,
} from "./scene_pipelines.ts";
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

const OPTION_NAMES: readonly (keyof RenderOptions)[] = [
  "texture",
  "filter",
  "debug",
  "feedback",
  "fade",
];

const STORED_FORMAT = "rgba8unorm";
const SRGB_FORMAT = "rgba8unorm-srgb";

/** A texture and what is seen of it. */
interface VisibleTexture {
  readonly texture: RenderableTexture;
  readonly vertices: GPUBuffer;
}

/**
 * Draws placed virtual textures as they are resident now, and reads the picture back.
 *
 * Colours of sRGB formats come out exactly, others as stored values; one channel shows as grey.
 * Where nothing is drawn or resident the picture is transparent black. Nothing is clipped by depth,
 * so any depth convention will do, and there is none between textures: later ones are drawn over
 * earlier ones. Changes no residency; feedback is written by a pass of an eighth of the size. Its
 * targets live for the call and are in no budget.
 *
 * @throws {InvalidArgumentError} if the view matrix is missing, or an argument has the wrong type.
 * @throws {OutOfRangeError} if a number is not finite, the size not from 1 to the device's largest
 * texture, or an option none of its choices.
 * @throws {DeviceError} if the device is lost.
 */
export async function render(
  system: RenderableSystem,
  camera: RenderCamera,
  options: RenderOptions = {},
): Promise<Picture> {
  const { device } = system;
  const { width, height } = camera;
  const failure = "Cannot render";
  const range = [1, device.limit("maxTextureDimension2D")] as const;
  checkedInteger(width, { name: "width", failure, range });
  checkedInteger(height, { name: "height", failure, range });
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const filter = options.filter ?? "trilinear";
  checkedChoice(filter, { name: "filter", failure, choices: SAMPLE_FILTERS });
  checkedChoice(options.debug ?? "level", { name: "debug", failure, choices: ["level"] });
  checkedBoolean(options.feedback ?? true, { name: "feedback", failure });
  checkedBoolean(options.fade ?? false, { name: "fade", failure });
  checkedVector(camera.view, { name: "view", failure, length: 16 });
  const seen = checkedCamera({
    position: camera.position ?? [0, 0, 0],
    view: camera.view,
    projection: camera.projection,
    viewport: [width, height],
  });
  device.assertAlive();
  const owned: { destroy(): void }[] = [];
  try {
    const target = device.gpu.createTexture({
      label: "scene",
      size: [width, height],
      format: STORED_FORMAT,
      viewFormats: [SRGB_FORMAT],
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    });
    owned.push(target);
    const visible: VisibleTexture[] = [];
    for (const texture of options.texture ? [options.texture] : system.textures) {
      const corners = visibleCorners(seen, texture);
      if (corners.length === 0) continue;
      const vertices = uploadBuffer(device.gpu, corners, GPUBufferUsage.VERTEX);
      owned.push(vertices);
      visible.push({ texture, vertices });
    }
    const encoder = device.gpu.createCommandEncoder({ label: "scene" });
    drawTextures(device.gpu, encoder, { target, visible, options });
    if (options.feedback ?? true) {
      owned.push(...reportTextures(device.gpu, encoder, { width, height, visible, options }));
    }
    device.submits.submit([encoder.finish()]);
    system.noteRender?.([width, height]);
    const readback = new ReadbackBatch(device, "scene");
    readback.addTexture(target);
    const [data] = await readback.read();
    return new Picture(width, height, data!);
  } finally {
    for (const object of owned) object.destroy();
  }
}

function drawTextures(
  gpu: GPUDevice,
  encoder: GPUCommandEncoder,
  what: {
    readonly target: GPUTexture;
    readonly visible: readonly VisibleTexture[];
    readonly options: RenderOptions;
  },
): void {
  const { target, visible, options } = what;
  const { filter = "trilinear", debug = null, fade = false } = options;
  encoder.beginRenderPass({
    label: "scene background",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  }).end();
  for (const { texture, vertices } of visible) {
    const { binding } = texture;
    const { channels, colorSpace } = formatInfo(texture.format);
    // What the sampler decodes from sRGB the target encodes again.
    const format = colorSpace === "srgb" ? SRGB_FORMAT : STORED_FORMAT;
    const kind = { filter, debug, fade, grey: channels === 1, target: format } as const;
    const pass = encoder.beginRenderPass({
      label: "scene texture",
      colorAttachments: [{ view: target.createView({ format }), loadOp: "load", storeOp: "store" }],
    });
    pass.setPipeline(scenePipeline(gpu, kind, binding.layoutWithoutFeedback));
    pass.setBindGroup(0, binding.groupWithoutFeedback);
    pass.setVertexBuffer(0, vertices);
    pass.draw(vertices.size / (4 * CORNER_FLOATS));
    pass.end();
  }
}

/** Records the small pass; returns what it needs until it is submitted. */
function reportTextures(
  gpu: GPUDevice,
  encoder: GPUCommandEncoder,
  what: {
    readonly width: number;
    readonly height: number;
    readonly visible: readonly VisibleTexture[];
    readonly options: RenderOptions;
  },
): { destroy(): void }[] {
  const { width, height, visible, options } = what;
  const size = uploadBuffer(gpu, Float32Array.of(width, height), GPUBufferUsage.UNIFORM);
  const target = gpu.createTexture({
    label: "scene feedback",
    size: [Math.ceil(width / 8), Math.ceil(height / 8)],
    format: SMALL_PASS_FORMAT,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const group = gpu.createBindGroup({
    label: "scene feedback",
    layout: smallPassLayout(gpu),
    entries: [{ binding: 0, resource: { buffer: size } }],
  });
  const pass = encoder.beginRenderPass({
    label: "scene feedback",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "discard" }],
  });
  pass.setViewport(0, 0, width / 8, height / 8, 0, 1);
  pass.setBindGroup(1, group);
  for (const { texture: { binding }, vertices } of visible) {
    pass.setPipeline(smallPassPipeline(gpu, options.filter ?? "trilinear", binding.layout));
    pass.setBindGroup(0, binding.group);
    pass.setVertexBuffer(0, vertices);
    pass.draw(vertices.size / (4 * CORNER_FLOATS));
  }
  pass.end();
  return [size, target];
}

function uploadBuffer(
  gpu: GPUDevice,
  data: Float32Array<ArrayBuffer>,
  usage: GPUBufferUsageFlags,
): GPUBuffer {
  const buffer = gpu.createBuffer({
    label: "scene",
    size: data.byteLength,
    usage: usage | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(buffer, 0, data);
  return buffer;
}
