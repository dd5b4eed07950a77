/**
 * The reference renderer of scenes: a main pass with a directional light.
 *
 * @module
 */

import { checkedInstance } from "../../checks.ts";
import { type ForgeDevice, ReadbackBatch } from "../../gpu/mod.ts";
import {
  type MaterialDraw,
  recordBytes,
  recordDraws,
  recordsOf,
  RuntimeVirtualTextureScene,
  type SurfaceParts,
  writeDraws,
} from "../../rvt/mod.ts";
import { Picture } from "../picture.ts";
import type { RenderCamera } from "../render_types.ts";
import { withDepthOfBoxes } from "./surface_depth.ts";
import { type MainPassDraws, mainPassDraws } from "./surface_draws.ts";
import {
  type CheckedSceneView,
  checkedSceneView,
  type RenderSceneOptions,
} from "./surface_options.ts";
import {
  SURFACE_DEPTH_FORMAT,
  SURFACE_FORMAT,
  SURFACE_VIEW_BYTES,
  surfaceLayout,
  surfaceModule,
  surfacePipeline,
} from "./surface_pipelines.ts";
import { checkedView, distanceFrom, type SeenFrom } from "./surface_view.ts";

const FAILURE = "Cannot render scene";
/** Times that a picture is drawn if the device is lost at each attempt. */
const MOST_ATTEMPTS = 16;

/**
 * Draws a scene's main pass: every component that its Draw in Main Pass shows, in its finest level of
 * detail, shaded by the surface pins of its material under one directional light, with its runtime virtual
 * textures as they are resident now. The picture is sRGB, alpha 0 where nothing is.
 *
 * Surfaces hide each other by distance. Those whose material has an opacity pin are blended over the others,
 * smaller Translucency Sort Priorities first and, within one, the farthest component first.
 *
 * A camera of any depth convention: near and far planes clip nothing. Meshes and landscapes on the GPU, and
 * the picture's own targets, are not part of the system's budget.
 *
 * @throws {InvalidArgumentError} if the scene or the camera is none, or an option is of the wrong type.
 * @throws {OutOfRangeError} if the size or an option is not allowed.
 * @throws {OutOfRangeError} naming the node if a material's own WGSL does not compile.
 * @throws {DeviceError} if the device is lost and cannot be replaced, or refuses the picture.
 */
export async function renderScene(
  scene: RuntimeVirtualTextureScene,
  camera: RenderCamera,
  options: RenderSceneOptions = {},
): Promise<Picture> {
  checkedInstance(scene, { name: "scene", failure: FAILURE, kind: RuntimeVirtualTextureScene });
  const view = checkedSceneView(options, FAILURE);
  const seen = checkedView(camera, { device: scene.system.device, failure: FAILURE });
  view.signal?.throwIfAborted();
  scene.system.assertOpen();
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
  const owned: { destroy(): void }[] = [];
  try {
    const parts = scene.surfacePartsOn(device);
    const drawsNow = () =>
      mainPassDraws(scene, parts, {
        feedback: what.view.feedback,
        distanceTo: (point) => distanceFrom(what.seen, point),
      });
    await assertMaterialsCompile(device, drawsNow());
    const { value: target, error } = device.guard(
      "picture of scene",
      () => drawSurfaces(parts, { ...what, draws: drawsNow() }, owned),
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
    for (const object of owned) object.destroy();
  }
}

/** Throws the error of the first material that does not compile, which names its node. */
async function assertMaterialsCompile(
  device: ForgeDevice,
  { opaque, translucent }: MainPassDraws,
): Promise<void> {
  for (const { draw: { kind }, material } of [...opaque, ...translucent]) {
    const checked = surfaceModule(device, { kind, material });
    if (checked.isValid) continue;
    const failure = await checked.explain(material);
    if (failure !== null) throw failure;
  }
}

/** Submits the pass that draws a picture; returns what it is drawn to. */
function drawSurfaces(
  parts: SurfaceParts,
  what: {
    readonly seen: SeenFrom;
    readonly view: CheckedSceneView;
    readonly draws: MainPassDraws;
  },
  owned: { destroy(): void }[],
): GPUTexture {
  const { device } = parts;
  const { gpu, submits } = device;
  const { seen, view, draws: { opaque, translucent, boxes } } = what;
  const { width, height, nearnessSign } = seen;
  const draws = [...opaque, ...translucent];
  const toClip = nearnessSign === null
    ? seen.toClip
    : withDepthOfBoxes(seen.toClip, nearnessSign, boxes);
  const texture = (label: string, format: GPUTextureFormat, usage: number) => {
    const made = gpu.createTexture({ label, format, size: [width, height], usage });
    owned.push(made);
    return made;
  };
  const drawn = GPUTextureUsage.RENDER_ATTACHMENT;
  const target = texture("scene", SURFACE_FORMAT, drawn | GPUTextureUsage.COPY_SRC);
  const depth = texture("scene depth", SURFACE_DEPTH_FORMAT, drawn);
  const mapped = (label: string, size: number, usage: number) => {
    const made = gpu.createBuffer({ label, size, usage, mappedAtCreation: true });
    owned.push(made);
    return made;
  };
  const records = mapped(
    "surfaces",
    recordBytes(recordsOf(draws)),
    GPUBufferUsage.STORAGE,
  );
  writeDraws(records.getMappedRange(), 0, { draws, toClip });
  records.unmap();
  const uniform = mapped("surface view", SURFACE_VIEW_BYTES, GPUBufferUsage.UNIFORM);
  new Float32Array(uniform.getMappedRange()).set([
    ...seen.camera,
    nearnessSign === null ? 0 : 1,
    ...view.towardsLight,
    0,
    ...view.lightColor,
  ]);
  uniform.unmap();
  const encoder = gpu.createCommandEncoder({ label: "scene" });
  const [r, g, b, a] = view.background as [number, number, number, number];
  const pass = encoder.beginRenderPass({
    label: "main pass",
    colorAttachments: [{
      view: target.createView(),
      loadOp: "clear",
      storeOp: "store",
      clearValue: { r, g, b, a },
    }],
    depthStencilAttachment: {
      view: depth.createView(),
      depthLoadOp: "clear",
      depthStoreOp: "discard",
      depthClearValue: 0,
    },
  });
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      label: "surfaces",
      layout: surfaceLayout(gpu),
      entries: [
        { binding: 0, resource: { buffer: records } },
        { binding: 1, resource: { buffer: uniform } },
      ],
    }),
  );
  const record = (drawn: readonly MaterialDraw[], first: number, hides: boolean) =>
    recordDraws(pass, parts, {
      draws: drawn,
      first,
      pipelineOf: (needs) => surfacePipeline(device, { ...needs, hides }),
    });
  record(opaque, 0, true);
  record(translucent, recordsOf(opaque), false);
  pass.end();
  submits.submit([encoder.finish()]);
  return target;
}
