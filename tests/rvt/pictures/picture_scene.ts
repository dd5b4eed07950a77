/**
 * Small scenes with a runtime virtual texture, and their pictures.
 *
 * @module
 */

import {
  type ForgeDevice,
  lookAt,
  orthographic,
  type Picture,
  type RenderCamera,
  renderScene,
  type RenderSceneOptions,
  requestDevice,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  type RuntimeVirtualTextureSettings,
  type SceneOptions,
  VirtualTextureSystem,
} from "../../../src/mod.ts";

/** Edge of the world that pictures show: x and y from 0 to this. */
export const WORLD = 16;
/** Frames after which a picture must be sharp. */
const MOST_FRAMES = 12;

/** A system with a scene. Closes both when it is disposed of. */
export class PictureScene implements AsyncDisposable {
  readonly device: ForgeDevice;
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;

  private constructor(device: ForgeDevice, options: SceneOptions) {
    this.device = device;
    this.system = new VirtualTextureSystem(device, {
      maxMemoryMb: 32,
      tileSize: 64,
      // Feedback of every frame is read, however long that takes.
      gpuWaitShare: 1,
    });
    this.scene = new RuntimeVirtualTextureScene(this.system, { mode: "editor", ...options });
  }

  static async open(options: SceneOptions = {}): Promise<PictureScene> {
    return new PictureScene(await requestDevice(), options);
  }

  /** The picture once its tiles are there. */
  async draw(camera: RenderCamera, options: RenderSceneOptions = {}): Promise<Picture> {
    const { scene, system } = this;
    await scene.settled();
    for (let frame = 0; frame < MOST_FRAMES; frame++) {
      const { tilesLoaded, tilesRefreshed } = await system.update({
        ...camera,
        position: camera.position ?? [0, 0, 0],
        viewport: [camera.width, camera.height],
      });
      if (frame > 1 && tilesLoaded + tilesRefreshed === 0) break;
      await renderScene(scene, camera, options);
    }
    return await renderScene(scene, camera, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene.close();
    this.system.close();
    this.device.close();
  }
}

/** A small texture that is stored as it is written. */
export function plainAsset(
  options: RuntimeVirtualTextureSettings & { readonly name?: string } = {},
): RuntimeVirtualTexture {
  return new RuntimeVirtualTexture({
    name: "ground",
    materialType: "base_color",
    sizeInTilesLog2: 1,
    tileSize: 64,
    compressTextures: false,
    ...options,
  });
}

/** The whole world from straight above, with x to the right and y upwards. */
export function fromAbove(edge = 64): RenderCamera {
  const middle = WORLD / 2;
  const position = [middle, middle, 50];
  const half = WORLD / 2;
  return {
    position,
    view: lookAt(position, [middle, middle, 0], { up: [0, 1, 0] }),
    projection: orthographic({
      left: -half,
      right: half,
      bottom: -half,
      top: half,
      near: 1,
      far: 100,
    }),
    width: edge,
    height: edge,
  };
}

/** The pixel that shows a place of the world in a picture of {@linkcode fromAbove}. */
export function pixelAt(picture: Picture, x: number, y: number): readonly number[] {
  const column = Math.floor(x / WORLD * picture.width);
  const row = Math.floor((1 - y / WORLD) * picture.height);
  const at = 4 * (row * picture.width + column);
  return [...picture.data.subarray(at, at + 4)];
}

/** What a pixel shows most of; none where it is transparent, dark or grey. */
export function hueAt(picture: Picture, x: number, y: number): "red" | "green" | "blue" | "none" {
  const [r, g, b, a] = pixelAt(picture, x, y);
  const isGrey = Math.max(r!, g!, b!) - Math.min(r!, g!, b!) < 60;
  if (a === 0 || isGrey) return "none";
  return r! > g! && r! > b! ? "red" : g! > b! ? "green" : "blue";
}

/** Light from straight above that adds no highlight. */
export const NOON: RenderSceneOptions = { towardsLight: [0, 0, 1] };
