/**
 * The reference renderer of scenes: a main pass with a directional light.
 *
 * @module
 */

import { checkedInstance } from "../../checks.ts";
import { type ForgeDevice, ReadbackBatch } from "../../gpu/mod.ts";
import {
  drawKindOf,
  LAYER_TEXELS,
  layerModule,
  RuntimeVirtualTextureScene,
} from "../../rvt/mod.ts";
import { Picture } from "../picture.ts";
import type { RenderCamera } from "../render_types.ts";
import { drawSurfaces } from "./draw_surfaces.ts";
import { type MainPassDraws, mainPassDraws } from "./surface_draws.ts";
import {
  type CheckedSceneView,
  checkedSceneView,
  type RenderSceneOptions,
} from "./surface_options.ts";
import { surfaceModule } from "./surface_pipelines.ts";
import { checkedView, type SeenFrom } from "./surface_view.ts";

const FAILURE = "Cannot render scene";
/** Times that a picture is drawn if the device is lost at each attempt. */
const MOST_ATTEMPTS = 16;

/**
 * Draws a scene's main pass: every component that its Draw in Main Pass shows, in its finest level of
 * detail, shaded by the surface pins of its material under one directional light. The picture is sRGB,
 * alpha 0 where nothing is.
 *
 * Where materials sample runtime virtual textures, they get what tiles hold that are resident now. With
 * `layers: "direct"` they get all that is written to the texture at the place of the sample, evaluated for
 * each pixel without any tile, as tiles blend it: what components at level 0 write in their finest level of
 * detail, in sort order. No tile is rendered or asked for. Writing materials see as Output Level what the
 * sample wants, between two levels where the pixel is, and as Output Derivative the size of a texel of that
 * level; they sample plain textures by the footprint of the sample. Where a translucent component lies over
 * itself, its nearest side decides what is sampled. It takes up to 96 bytes a pixel for each sample
 * and texture, and for each triangle that writes all blocks of the picture that may sample it: it is the picture
 * to compare with, not a fast one.
 *
 * Surfaces hide each other by distance. Those whose material has an opacity pin are blended over the others,
 * smaller Translucency Sort Priorities first and, within one, the farthest component first.
 *
 * A camera of any depth convention: near and far planes clip nothing. Meshes and landscapes on the GPU, and
 * the picture's own targets, are not part of the system's budget.
 *
 * @throws {InvalidArgumentError} if the scene or the camera is none, or an option is of the wrong type.
 * @throws {OutOfRangeError} if the size or an option is not allowed: with layers shaded directly, pictures
 * have at most half as many pixels along an edge as the device's textures.
 * @throws {OutOfRangeError} naming the node if a material's own WGSL does not compile.
 * @throws {UnsupportedError} naming the material if layers are shaded directly and one of them samples
 * another runtime virtual texture where it writes.
 * @throws {DisposedError} if the scene or its system was closed.
 * @throws {DeviceError} if the device is lost and cannot be replaced, or refuses the picture.
 */
export async function renderScene(
  scene: RuntimeVirtualTextureScene,
  camera: RenderCamera,
  options: RenderSceneOptions = {},
): Promise<Picture> {
  checkedInstance(scene, { name: "scene", failure: FAILURE, kind: RuntimeVirtualTextureScene });
  const view = checkedSceneView(options, FAILURE);
  const seen = checkedView(camera, {
    device: scene.system.device,
    failure: FAILURE,
    texelsPerPixel: view.layers === "direct" ? LAYER_TEXELS : 1,
  });
  view.signal?.throwIfAborted();
  scene.assertOpen();
  for (let attempt = 1;; attempt++) {
    if (!scene.system.isRestored) await scene.system.renewed({ signal: view.signal });
    const { device } = scene.system;
    const { present } = device;
    try {
      return await drawOnDevice(present, scene, { seen, view });
    } catch (cause) {
      if (view.signal?.aborted && cause === view.signal.reason) throw cause;
      const isBegunAgain = attempt < MOST_ATTEMPTS && device.isRenewable;
      if (isBegunAgain && await present.health.findLoss()) continue;
      device.assertAlive();
      throw cause;
    }
  }
}

async function drawOnDevice(
  device: ForgeDevice,
  scene: RuntimeVirtualTextureScene,
  what: { readonly seen: SeenFrom; readonly view: CheckedSceneView },
): Promise<Picture> {
  const { seen: { width, height }, view: { signal } } = what;
  device.assertAlive();
  const parts = scene.parts.partsForPictures(device);
  const owned: { destroy(): void }[] = [];
  try {
    const drawsNow = () =>
      mainPassDraws(scene, parts, {
        feedback: what.view.feedback,
        layers: what.view.layers,
        seen: what.seen,
      });
    await assertMaterialsCompile(device, drawsNow(), what.view);
    const { maxAnisotropy } = scene.system.tuning;
    const { value: target, error } = device.guard(
      "picture of scene",
      () => drawSurfaces(parts, { ...what, maxAnisotropy, drawsNow }, owned),
    );
    scene.system.noteRender([width, height]);
    const readback = new ReadbackBatch(device, "scene");
    readback.addTexture(target);
    const reading = readback.read(signal);
    // If drawing has failed, that says more than what reading makes of it.
    reading.catch(() => {});
    const failure = await device.health.unlessLost(error, signal);
    if (failure !== null) throw failure;
    const [data] = await reading;
    return new Picture(width, height, data!);
  } finally {
    parts.layered.destroy();
    for (const object of owned) object.destroy();
  }
}

/** Throws the error of the first material that does not compile, which names its node. */
async function assertMaterialsCompile(
  device: ForgeDevice,
  { opaque, translucent, layers }: MainPassDraws,
  view: CheckedSceneView,
): Promise<void> {
  const modules = [...opaque, ...translucent].map(({ draw, material }) => ({
    module: surfaceModule(device, {
      kind: drawKindOf(draw, view),
      material,
      layers: view.layers,
    }),
    material,
  }));
  for (const [{ materialType }, draws] of layers) {
    for (const { draw, material } of draws) {
      const kind = drawKindOf(draw, view);
      modules.push({ module: layerModule(device, { kind, materialType, material }), material });
    }
  }
  for (const { module, material } of modules) {
    if (module.isValid) continue;
    const failure = await module.explain(material);
    if (failure !== null) throw failure;
  }
}
