/**
 * The reference renderer: placed virtual textures, seen by a camera, as a picture.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedSignal,
  checkedVector,
  checkOptionNames,
  describeValue,
} from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import {
  checkedPlanes,
  type ForgeDevice,
  MAX_PLANES,
  type PlaneCount,
  ReadbackBatch,
  SAMPLE_FILTERS,
  type SampleFilter,
  type VirtualTextureBinding,
} from "../gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../texels/mod.ts";
import { type Camera, checkedCamera } from "../geometry/mod.ts";
import { Picture } from "./picture.ts";
import {
  CORNER_FLOATS,
  DEBUG_VIEWS,
  type DebugView,
  scenePipeline,
  sceneViewLayout,
  SMALL_PASS_FORMAT,
  smallPassPipeline,
} from "./scene_pipelines.ts";
import { type PlacedTexture, visiblePart } from "./visible_corners.ts";

/** What the renderer needs to know of a texture. */
export interface RenderableTexture extends PlacedTexture {
  /** What to bind to sample it. */
  readonly binding: Pick<
    VirtualTextureBinding,
    "group" | "groupWithoutFeedback" | "layout" | "layoutWithoutFeedback"
  >;
  /** Format in the atlas, of plane 0. */
  readonly format: TexelFormat;
  /** Format of each plane in the atlas; default the one of plane 0. */
  readonly formats?: readonly TexelFormat[];
}

/** The system that is drawn. */
export interface RenderableSystem {
  /** The device that the textures are on. */
  readonly device: ForgeDevice;
  /** Its textures; later ones are drawn over earlier ones. */
  readonly textures: readonly RenderableTexture[];
  /** Throws if the textures can no longer be drawn. */
  assertOpen?(): void;
  /** Told the picture's size after each submit that draws the textures. */
  noteRender?(viewport: readonly [number, number]): void;
}

/** Camera and size of the picture. Matrices are column-major. */
export interface RenderCamera {
  /** World position; implied by the matrices. */
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
  /** Shows a debug view instead of the texture. */
  readonly debug?: DebugView;
  /** Whether drawing reports the tiles that it wants; default `true`. */
  readonly feedback?: boolean;
  /** Whether new tiles fade in; default `false`. */
  readonly fade?: boolean;
  /** Ends the wait for the picture; `render` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The plane that is shown; every texture that is drawn must have it. Default 0. */
  readonly plane?: number;
}

const FAILURE = "Cannot render";

const OPTION_NAMES: readonly (keyof RenderOptions)[] = [
  "texture",
  "filter",
  "debug",
  "feedback",
  "fade",
  "plane",
  "signal",
];

const STORED_FORMAT = "rgba8unorm";
const SRGB_FORMAT = "rgba8unorm-srgb";

/** A texture and what is seen of it. */
interface VisibleTexture {
  readonly texture: RenderableTexture;
  readonly planes: PlaneCount;
  readonly vertices: GPUBuffer;
  /** The bind group of `SceneView`. */
  readonly view: GPUBindGroup;
}

/**
 * Draws placed virtual textures as they are resident now, and reads the picture back.
 *
 * Colours of sRGB formats come out exactly, others as stored values; one channel shows as grey.
 * Where nothing is drawn or resident the picture is transparent black. Nothing is clipped by depth,
 * so any depth convention will do, and there is none between textures: later ones are drawn over
 * earlier ones. Changes no residency; feedback is written by a pass of an eighth of the size. Its
 * targets live for the call and are in no budget. Places are computed from a texel near the camera,
 * and are exact in textures of any size, as far as the matrices are.
 *
 * @throws {InvalidArgumentError} if the view matrix is missing, an argument has the wrong type, or
 * an option does not exist.
 * @throws {OutOfRangeError} if a number is not finite, the size is not from 1 to the device's
 * largest texture, an option is not one of its choices, or a texture lacks the plane.
 * @throws {DisposedError} if the system was closed.
 * @throws {DeviceError} if the device is lost, before or meanwhile, or refuses what is drawn.
 * @throws The signal's reason.
 */
export async function render(
  system: RenderableSystem,
  camera: RenderCamera,
  options: RenderOptions = {},
): Promise<Picture> {
  checkSystem(system);
  const { device } = system;
  checkCamera(camera);
  const { width, height } = camera;
  checkSize(device, "width", width);
  checkSize(device, "height", height);
  system.assertOpen?.();
  const textures = checkOptions(system, options);
  checkedVector(camera.view, { name: "view", failure: FAILURE, length: 16 });
  const seen = checkedCamera({
    position: camera.position ?? [0, 0, 0],
    view: camera.view,
    projection: camera.projection,
    viewport: [width, height],
  });
  const { signal } = options;
  signal?.throwIfAborted();
  device.assertAlive();
  const owned: { destroy(): void }[] = [];
  try {
    const { value: target, error } = device.guard(
      "picture",
      () => drawPicture(device, { seen, textures, size: [width, height], options }, owned),
    );
    system.noteRender?.([width, height]);
    const readback = new ReadbackBatch(device, "scene");
    readback.addTexture(target);
    const reading = readback.read(signal);
    // If drawing has failed, that says more than what reading makes of it.
    reading.catch(() => {});
    const failure = await device.health.unlessLost(error, signal);
    if (failure !== null) throw failure;
    const [data] = await reading;
    return new Picture(width, height, data!);
  } catch (cause) {
    if (signal?.aborted && cause === signal.reason) throw cause;
    // An error of a call on a lost device names only the call.
    device.assertAlive();
    throw cause;
  } finally {
    for (const object of owned) object.destroy();
  }
}

/**
 * Submits the passes that draw a picture.
 *
 * @param owned Takes what is to be destroyed when the picture was read.
 * @returns What it is drawn to.
 */
function drawPicture(
  device: ForgeDevice,
  what: {
    readonly seen: Camera;
    readonly textures: readonly RenderableTexture[];
    readonly size: readonly [number, number];
    readonly options: RenderOptions;
  },
  owned: { destroy(): void }[],
): GPUTexture {
  const { gpu, submits } = device;
  const { seen, textures, size: [width, height], options } = what;
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
    const vertices = uploadBuffer(gpu, part.corners, GPUBufferUsage.VERTEX);
    owned.push(vertices);
    const uniform = uploadBuffer(
      gpu,
      sceneView([width, height], part.anchor),
      GPUBufferUsage.UNIFORM,
    );
    owned.push(uniform);
    const view = gpu.createBindGroup({
      label: "scene view",
      layout: sceneViewLayout(gpu),
      entries: [{ binding: 0, resource: { buffer: uniform } }],
    });
    visible.push({ texture, planes: planesOf(texture), vertices, view });
  }
  const encoder = gpu.createCommandEncoder({ label: "scene" });
  drawTextures(gpu, encoder, { target, visible, options });
  if (options.feedback ?? true) {
    owned.push(...reportTextures(gpu, encoder, { width, height, visible, options }));
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
  },
): void {
  const { target, visible, options } = what;
  const { filter = "trilinear", debug = null, fade = false, plane = 0 } = options;
  encoder.beginRenderPass({
    label: "scene background",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  }).end();
  for (const { texture, planes, vertices, view } of visible) {
    const { binding } = texture;
    const { channels, colorSpace } = formatInfo(formatsOf(texture)[plane]!);
    // The target encodes again what the sampler decodes from sRGB.
    const format = colorSpace === "srgb" ? SRGB_FORMAT : STORED_FORMAT;
    const kind = { filter, debug, fade, grey: channels === 1, target: format, plane } as const;
    const layout = binding.layoutWithoutFeedback;
    const pass = encoder.beginRenderPass({
      label: "scene texture",
      colorAttachments: [{ view: target.createView({ format }), loadOp: "load", storeOp: "store" }],
    });
    pass.setPipeline(scenePipeline(gpu, kind, { layout, planes }));
    pass.setBindGroup(0, binding.groupWithoutFeedback);
    pass.setBindGroup(1, view);
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
  const target = gpu.createTexture({
    label: "scene feedback",
    size: [Math.ceil(width / 8), Math.ceil(height / 8)],
    format: SMALL_PASS_FORMAT,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const pass = encoder.beginRenderPass({
    label: "scene feedback",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "discard" }],
  });
  pass.setViewport(0, 0, width / 8, height / 8, 0, 1);
  for (const { texture: { binding }, planes, vertices, view } of visible) {
    const { layout } = binding;
    pass.setPipeline(smallPassPipeline(gpu, options.filter ?? "trilinear", { layout, planes }));
    pass.setBindGroup(0, binding.group);
    pass.setBindGroup(1, view);
    pass.setVertexBuffer(0, vertices);
    pass.draw(vertices.size / (4 * CORNER_FLOATS));
  }
  pass.end();
  return [target];
}

function uploadBuffer(
  gpu: GPUDevice,
  data: Float32Array<ArrayBuffer> | ArrayBuffer,
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

/** `SceneView` of shaders/scene/scene_view.wgsl. */
function sceneView(
  pictureSize: readonly [number, number],
  anchor: readonly [number, number],
): ArrayBuffer {
  const bytes = new ArrayBuffer(16);
  new Float32Array(bytes, 0, 2).set(pictureSize);
  new Int32Array(bytes, 8, 2).set(anchor);
  return bytes;
}

function formatsOf(texture: RenderableTexture): readonly TexelFormat[] {
  return texture.formats ?? [texture.format];
}

function planesOf(texture: RenderableTexture): PlaneCount {
  return checkedPlanes(formatsOf(texture).length, { failure: FAILURE });
}

/** Checks options; returns the textures to draw. */
function checkOptions(
  system: RenderableSystem,
  options: RenderOptions,
): readonly RenderableTexture[] {
  checkOptionNames(options, { failure: FAILURE, names: OPTION_NAMES });
  const { texture, filter = "trilinear", plane = 0, signal } = options;
  const debug = options.debug ?? "level";
  checkedChoice(filter, { name: "filter", failure: FAILURE, choices: SAMPLE_FILTERS });
  checkedSignal(signal, FAILURE);
  checkedChoice(debug, { name: "debug", failure: FAILURE, choices: DEBUG_VIEWS });
  checkedBoolean(options.feedback ?? true, { name: "feedback", failure: FAILURE });
  checkedBoolean(options.fade ?? false, { name: "fade", failure: FAILURE });
  const isAll = texture === undefined || texture === null;
  if (!isAll) checkTexture(texture);
  const textures = isAll ? system.textures : [texture];
  const fewest = Math.min(MAX_PLANES, ...textures.map(planesOf));
  checkedInteger(plane, { name: "plane", failure: FAILURE, range: [0, fewest - 1] });
  return textures;
}

/** Checks that a texture can be drawn. */
function checkTexture(texture: RenderableTexture): void {
  const isTexture = typeof texture === "object" && typeof texture.binding === "object";
  if (isTexture && typeof texture.format === "string") return;
  throw new InvalidArgumentError(
    "texture",
    `${FAILURE} as texture must be a texture of the system: current value is ` +
      describeValue(texture),
  );
}

function checkSystem(system: RenderableSystem): void {
  if (Array.isArray(system?.textures) && typeof system.device?.guard === "function") return;
  throw new InvalidArgumentError(
    "system",
    `${FAILURE} as system must have a device and textures: current value is ` +
      describeValue(system),
  );
}

/** Checks that there is a camera; its parts are checked one by one. */
function checkCamera(camera: RenderCamera): void {
  if (typeof camera === "object" && camera !== null) return;
  throw new InvalidArgumentError(
    "camera",
    `${FAILURE} as camera must be an object: current value is ${describeValue(camera)}`,
  );
}

function checkSize(device: ForgeDevice, name: string, value: number): void {
  const largest = device.limit("maxTextureDimension2D");
  checkedInteger(value, { name, failure: FAILURE, range: [1, largest] });
}
