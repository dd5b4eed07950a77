/**
 * Scenes for pictures: hills that write to a runtime virtual texture and are shaded with it, decals upon
 * them, and a box beside.
 *
 * @module
 */

import {
  boxMesh,
  lookAt,
  orthographic,
  perspective,
  rotationAbout,
} from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  LandscapeComponent,
  Material,
  type MaterialInterface,
  type MaterialPins,
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSampleOptions,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import type { RenderCamera } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { affineOf, volumeOf } from "../../rvt/oracle/shapes.ts";
import { SILENT } from "../../rvt/scene/worlds.ts";
import type { KnownVolume } from "./oracle_picture.ts";

/** Samples along each edge of the hills, a world unit apart. */
const SAMPLES = 17;
/** The middle of the world. */
export const MIDDLE = (SAMPLES - 1) / 2;
const VOLUME_SIZE = [20, 20, 8] as const;

/** A scene, and what tests know of it. */
export interface PictureWorld {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly asset: RuntimeVirtualTexture;
  readonly known: KnownVolume;
  readonly landscape: LandscapeComponent;
  readonly box: StaticMeshComponent;
  /** What the scene has warned of. */
  readonly warnings: string[];
}

/** A sum of waves from 0 to 1, some ten units long, so that filters change little. */
export function waves(phase: number): ExpressionInput {
  const position = e.worldPosition();
  const along = (channel: string, factor: number) =>
    e.sine(e.add(e.multiply(e.componentMask(position, channel), factor), phase));
  return e.add(0.5, e.multiply(0.2, e.add(along("x", 0.5), along("y", -0.4))));
}

/** Smooth values of every attribute. */
function smoothPins(phase: number): MaterialPins {
  const slope = (shift: number) => e.multiply(0.6, e.subtract(waves(phase + shift), 0.5));
  return {
    baseColor: e.append(waves(phase), waves(phase + 1), waves(phase + 2)),
    specular: waves(phase + 3),
    roughness: e.lerp(0.35, 0.9, { alpha: waves(phase + 4) }),
    normal: e.normalize(e.append(slope(5), slope(6), 1)),
    worldHeight: e.componentMask(e.worldPosition(), "z"),
    mask: waves(phase + 7),
    displacement: waves(phase + 8),
    mask4: e.append(waves(phase), waves(phase + 2), waves(phase + 4), waves(phase + 6)),
  };
}

/** What a surface shows of what a sample gives: every attribute of its type changes the picture. */
function shownPins(
  asset: RuntimeVirtualTexture,
  options: RuntimeVirtualTextureSampleOptions,
): MaterialPins {
  const sample = e.runtimeVirtualTextureSample(asset, options);
  const { baseColor, mask, mask4, displacement, worldHeight } = sample;
  switch (asset.materialType) {
    case "world_height":
      return { baseColor: e.add(0.5, e.multiply(worldHeight, 0.1)), roughness: 0.8 };
    case "displacement":
      return { baseColor: displacement, roughness: 0.8 };
    case "mask4": {
      const weight = e.componentMask(mask4, "w");
      return { baseColor: e.multiply(e.componentMask(mask4, "xyz"), weight), roughness: 0.8 };
    }
    default: {
      const { normal, roughness, specular } = sample;
      const isMasked = sample.hasOutput("mask");
      const color = isMasked ? e.multiply(baseColor, mask) : baseColor;
      return sample.hasOutput("normal")
        ? { baseColor: color, normal, roughness, specular }
        : { baseColor: color, roughness: 0.8 };
    }
  }
}

/** The pins of an output that a type stores. */
function storedPins(pins: MaterialPins, materialType: MaterialTypeName): MaterialPins {
  const { attributes } = MATERIAL_TYPES[materialType];
  return Object.fromEntries(attributes.map((name) => [name, pins[name]]));
}

/** What worlds differ in. */
export interface PictureWorldOptions {
  readonly materialType?: MaterialTypeName;
  /** Radians by which the volume is turned about z; default 0. */
  readonly yaw?: number;
  /** Radians by which it is then tilted about x; default 0. */
  readonly tilt?: number;
  /** The landscape's material; default one that writes smooth values and shows what it samples. */
  readonly materialOf?: (asset: RuntimeVirtualTexture) => MaterialInterface;
  /** Whether decals lie on the hills; default true. */
  readonly hasDecals?: boolean;
  /** Default true. */
  readonly virtualTexturing?: boolean;
  /** Default true. */
  readonly isPlaced?: boolean;
}

/** Makes a world. */
export async function pictureWorld(
  device: ForgeDevice,
  options: PictureWorldOptions = {},
): Promise<PictureWorld> {
  const { yaw = 0, tilt = 0, hasDecals = true, virtualTexturing = true } = options;
  const { materialType = "base_color_normal_roughness_specular" } = options;
  const warnings: string[] = [];
  const system = new VirtualTextureSystem(device, { maxMemoryMb: 16, logger: SILENT });
  const scene = new RuntimeVirtualTextureScene(system, {
    maxUploadsPerFrame: 64,
    virtualTexturing,
    logger: { warn: (message: string) => void warnings.push(message) },
  });
  const asset = new RuntimeVirtualTexture({
    ...{ name: "Ground", materialType, sizeInTilesLog2: 2, tileSize: 64, compressTextures: false },
  });
  const landscape = new LandscapeComponent({
    name: "hills",
    material: options.materialOf?.(asset) ?? showingMaterial(asset),
    width: SAMPLES,
    height: SAMPLES,
    heights: Float32Array.from(
      { length: SAMPLES ** 2 },
      (_, i) => 0.8 * Math.sin((i % SAMPLES) / 2) + 0.8 * Math.cos(i / SAMPLES / 3),
    ),
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(landscape);
  if (hasDecals) { for (const decal of decalsOn(asset)) scene.addComponent(decal); }
  const box = new StaticMeshComponent({
    name: "box",
    mesh: boxMesh({ size: [3, 2, 4] }),
    material: new Material({ name: "paint", baseColor: [0.7, 0.2, 0.3], roughness: 0.6 }),
    transform: { position: [4, 11, 1.5], rotation: rotationAbout([0.3, 0.2, 1], 0.7) },
  });
  scene.addComponent(box);
  const known = knownVolume(asset, { yaw, tilt });
  if (options.isPlaced ?? true) await scene.addVolume(known.volume);
  return { system, scene, asset, known, landscape, box, warnings };
}

/** A material that writes smooth values and shows what it samples of them. */
export function showingMaterial(
  asset: RuntimeVirtualTexture,
  { phase = 0, sample = {} }: {
    readonly phase?: number;
    readonly sample?: RuntimeVirtualTextureSampleOptions;
  } = {},
): Material {
  return new Material({
    name: "showing",
    ...shownPins(asset, sample),
    rvtOutput: e.runtimeVirtualTextureOutput(storedPins(smoothPins(phase), asset.materialType)),
  });
}

/** One that writes everything, and one that leaves all but one attribute as they are. */
function decalsOn(asset: RuntimeVirtualTexture): DecalComponent[] {
  const { attributes } = MATERIAL_TYPES[asset.materialType];
  const pins = smoothPins(2.5);
  const only = attributes.includes("roughness") ? "roughness" : attributes[0]!;
  const materials = [
    { ...storedPins(pins, asset.materialType), opacity: 0.6 },
    { [only]: pins[only]!, opacity: 0.8 },
  ].map((pins, i) => new Material({ name: `decal ${i}`, domain: "virtual_texture", ...pins }));
  const places = [[6, 6, 2.4], [11, 9, 2.2]];
  return materials.map((material, i) =>
    new DecalComponent({
      material,
      size: [7, 5],
      transform: { position: places[i]!, rotation: rotationAbout([0, 0, 1], 0.4 + i) },
      renderToVirtualTextures: [asset],
    })
  );
}

/** A volume about the middle, and its place by formulas of the test's own. */
export function knownVolume(
  asset: RuntimeVirtualTexture,
  { yaw = 0, tilt = 0 }: { readonly yaw?: number; readonly tilt?: number } = {},
): KnownVolume {
  // About x first, then about z, as the angles of affineOf.
  const [x, z] = [rotationAbout([1, 0, 0], tilt), rotationAbout([0, 0, 1], yaw)];
  const rotation = [z[3] * x[0], z[2] * x[0], z[2] * x[3], z[3] * x[3]];
  const position = [MIDDLE, MIDDLE, 0] as const;
  const volume = new RuntimeVirtualTextureVolume(asset, {
    name: "Volume",
    ...{ position, rotation, scale: VOLUME_SIZE },
  });
  const toWorld = affineOf({ position, angles: [tilt, 0, yaw], scale: VOLUME_SIZE });
  return { volume, worldToVolume: volumeOf(toWorld) };
}

/** Makes every tile of every level resident and up to date. */
export async function makeAllResident({ scene, asset }: PictureWorld): Promise<void> {
  const everywhere = { min: [-20, -20, -20] as const, max: [40, 40, 20] as const };
  const { levelCount } = scene.textureOf(asset)!.grid;
  for (let level = levelCount - 1; level >= 0; level--) {
    await scene.requestPreload(everywhere, level);
  }
}

/** Ways to look at the hills. */
export const CAMERAS = Object.freeze({
  above: (pixels: number) => cameraFrom([MIDDLE, MIDDLE, 16], { pixels }),
  slanting: (pixels: number) => cameraFrom([15, -7, 13], { pixels }),
  "slanting with reverse depth": (pixels: number) =>
    cameraFrom([15, -7, 13], { pixels, reverseDepth: true }),
  orthographic: (pixels: number) => cameraFrom([18, 0, 12], { pixels, isOrthographic: true }),
  "orthographic with reverse depth": (pixels: number) =>
    cameraFrom([18, 0, 12], { pixels, isOrthographic: true, reverseDepth: true }),
});

/** A camera that looks at the middle. */
export function cameraFrom(
  eye: readonly number[],
  options: {
    readonly pixels: number;
    readonly isOrthographic?: boolean;
    readonly reverseDepth?: boolean;
    readonly near?: number;
    readonly far?: number;
  },
): RenderCamera {
  const { pixels, isOrthographic = false, reverseDepth = false, near = 0.1, far = 60 } = options;
  const box = { left: -9, right: 9, bottom: -9, top: 9 };
  return {
    position: eye,
    view: lookAt(eye, [MIDDLE, MIDDLE, 0]),
    projection: isOrthographic
      ? orthographic({ ...box, near, far, reverseDepth })
      : perspective({ fovYDegrees: 50, aspect: 1, near, far, reverseDepth }),
    width: pixels,
    height: pixels,
  };
}
