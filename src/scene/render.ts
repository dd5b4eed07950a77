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
import { type ForgeDevice, MAX_PLANES, ReadbackBatch, SAMPLE_FILTERS } from "../gpu/mod.ts";
import { checkedCamera } from "../geometry/mod.ts";
import { drawPicture, type PictureParts, planesOf } from "./draw_picture.ts";
import { Picture } from "./picture.ts";
import type {
  RenderableSystem,
  RenderableTexture,
  RenderCamera,
  RenderOptions,
} from "./render_types.ts";
import { checkValueOptions, valueLooks } from "./value_look.ts";
import { DEBUG_VIEWS } from "./scene_pipelines.ts";

const FAILURE = "Cannot render";
/** Times that a picture is drawn if the device is lost at each attempt. */
const MOST_ATTEMPTS = 16;

const OPTION_NAMES: readonly (keyof RenderOptions)[] = [
  "texture",
  "filter",
  "debug",
  "feedback",
  "fade",
  "plane",
  "signal",
  "valueRange",
  "colorMap",
];

/**
 * Draws placed virtual textures as they are resident now, and reads the picture back.
 *
 * Colours of sRGB formats come out exactly, others as stored values; one channel shows as grey. A runtime
 * virtual texture shows one of its planes, opaque where it is resident: plane 0 has the base colour, heights
 * from 0 to 1, or the first three masks; for a scene with light, see {@linkcode renderScene}.
 * `valueRange` and `colorMap` show a range of values instead, such as the heights of a terrain or a dark scene of
 * 16 bits. Where nothing is drawn or resident, and in holes, the picture is transparent black. Nothing is clipped by depth,
 * so any depth convention will do, and there is none between textures: later ones are drawn over
 * earlier ones. Changes no residency; feedback is written by a pass of an eighth of the size. Its
 * targets live for the call and are in no budget. If the device of a virtual texture system is lost, the
 * picture is drawn again once it is replaced and what was resident has been loaded anew. Places are computed from a texel near the camera,
 * and are exact in textures of any size, as far as the matrices are.
 *
 * @throws {InvalidArgumentError} if the view matrix is missing, an argument has the wrong type, or
 * an option does not exist.
 * @throws {OutOfRangeError} if a number is not finite, the size is not from 1 to the device's
 * largest texture, an option is not one of its choices, or a texture lacks the plane.
 * @throws {UnsupportedError} if a colour map is to show several bands, or a range cannot be found as values
 * cannot be read.
 * @throws {DisposedError} if the system was closed.
 * @throws {DeviceError} if the device is lost, before or meanwhile, and cannot be replaced, or refuses
 * what is drawn.
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
  checkOptions(system, options);
  checkedVector(camera.view, { name: "view", failure: FAILURE, length: 16 });
  const seen = checkedCamera({
    position: camera.position ?? [0, 0, 0],
    view: camera.view,
    projection: camera.projection,
    viewport: [width, height],
  });
  const { signal } = options;
  signal?.throwIfAborted();
  const what = { seen, size: [width, height] as const, options };
  for (let attempt = 1;; attempt++) {
    if (system.isRestored === false) await system.renewed?.({ signal });
    const { present } = device;
    try {
      const textures = checkOptions(system, options);
      const looks = await valueLooks(textures, options, FAILURE);
      // Reading a range takes its time, in which textures may go.
      if (looks !== null) system.assertOpen?.();
      return await drawOnDevice(present, system, { ...what, textures, looks });
    } catch (cause) {
      if (signal?.aborted && cause === signal.reason) throw cause;
      const isBegunAgain = device.isRenewable && system.renewed !== undefined;
      if (attempt < MOST_ATTEMPTS && isBegunAgain && await present.health.findLoss()) continue;
      device.assertAlive();
      throw cause;
    }
  }
}

/** Draws a picture on a device as it is now, and reads it back. */
async function drawOnDevice(
  device: ForgeDevice,
  system: RenderableSystem,
  what: PictureParts,
): Promise<Picture> {
  const { size: [width, height], options: { signal } } = what;
  device.assertAlive();
  const owned: { destroy(): void }[] = [];
  try {
    const { value: target, error } = device.guard(
      "picture",
      () => drawPicture(device, what, owned),
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
  checkValueOptions(textures, options, FAILURE);
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
