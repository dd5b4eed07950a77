/**
 * Random stacks of layers, shaded directly, against what the oracle composes where pixels are.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mat4d } from "npm:wgpu-matrix@3.4.2";
import { lookAt, orthographic, planeMesh } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { ATTRIBUTES, MATERIAL_TYPES, type MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import type { ComponentDraw } from "../../../src/rvt/component/mod.ts";
import {
  type AttributeName,
  type ExpressionInput,
  expressions as e,
  Material,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { volumeExtent, worldToVolume } from "../../../src/rvt/volume/mod.ts";
import { type Picture, type RenderCamera, renderScene } from "../../../src/scene/mod.ts";
import { type ComposedTile, composeTile } from "../../rvt/oracle/compose_tile.ts";
import { interpretMaterial } from "../../rvt/oracle/graphs/interpret.ts";
import { RANDOM_CUSTOM_WGSL } from "../../rvt/oracle/graphs/random_steps.ts";
import { linearFromSrgb } from "../../rvt/oracle/graphs/sample_texture.ts";
import type { VolumePose } from "../../rvt/oracle/random_scene.ts";
import type { PlacedScene } from "../../rvt/scene/placed_scene.ts";
import { placeRandomScene } from "../../rvt/scene/random_placed_scene.ts";

/** Pixels along each edge of pictures, which show the middle of a volume. */
const PIXELS = 36;
/** Pixels across the volume along its longer edge: fewer than there are texels, but not half as many. */
const VOLUME_PIXELS = 90;
/**
 * Of values from 0 to 1: half a step of 8 bits of sRGB, up to 0.0045, and what sixteen layers in 16-bit
 * floating point lose.
 */
export const MOST_LAYERS_ERROR = 0.006;
/** Part of the pixels of which the oracle is not certain, at most. */
const MOST_UNCERTAIN = 0.06;

/** An attribute as three numbers from 0 to 1, of a texture whose z reaches over a range. */
function shownColor(
  attribute: AttributeName,
  value: ExpressionInput,
  [lowest, highest]: readonly [number, number],
): ExpressionInput {
  if (attribute === "normal") return e.add(e.multiply(value, 0.5), 0.5);
  if (attribute === "mask4") return e.componentMask(value, "yzw");
  if (attribute !== "worldHeight") return value;
  return e.divide(e.subtract(value, lowest), highest - lowest);
}

/** The same of what the oracle composes, stored as encoding does. */
function shownNumbers(
  attribute: AttributeName,
  values: readonly number[],
  [lowest, highest]: readonly [number, number],
): readonly number[] {
  if (attribute === "normal") {
    const length = Math.hypot(...values);
    return values.map((part) => part / length / 2 + 0.5);
  }
  const scaled = attribute === "worldHeight"
    ? values.map((height) => (height - lowest) / (highest - lowest))
    : attribute === "mask4"
    ? values.slice(1)
    : values;
  const [x, y = x, z = x] = scaled.map((value) => Math.min(Math.max(value, 0), 1));
  return [x!, y!, z!];
}

/** Pixels across a volume along u and v, whose footprints are as long and wide as texels are. */
function volumePixels({ grid: { width, height } }: PlacedScene): readonly [number, number] {
  const scale = VOLUME_PIXELS / Math.max(width, height);
  return [scale * width, scale * height];
}

/** The middle of a volume, seen along its −z, with u to the right and v upwards. */
function cameraOn(placed: PlacedScene): { camera: RenderCamera; up: readonly number[] } {
  const { position, rotation } = placed.volume.transform;
  const across = volumePixels(placed);
  const [halfWidth, halfHeight] = volumeExtent(placed.volume.transform)
    .map((edge, i) => edge * PIXELS / across[i]! / 2) as [number, number];
  const turn = mat4d.fromQuat(Array.from(rotation)) as Float64Array;
  const [up, upwards] = [8, 4].map((at) => Array.from(turn.slice(at, at + 3)));
  const eye = position.map((part, i) => part + 100 * up![i]!);
  const box = { left: -halfWidth, right: halfWidth, bottom: -halfHeight, top: halfHeight };
  return {
    camera: {
      view: lookAt(eye, position, { up: upwards! }),
      projection: orthographic({ ...box, near: 1, far: 200 }),
      width: PIXELS,
      height: PIXELS,
    },
    up: up!,
  };
}

/** A picture of an attribute across a volume, as a sheet through its middle samples it. */
async function attributePicture(placed: PlacedScene, attribute: AttributeName): Promise<Picture> {
  const { scene, asset, volume: { transform } } = placed;
  const [width, height] = volumeExtent(transform);
  const { camera, up } = cameraOn(placed);
  const sample = e.runtimeVirtualTextureSample(asset);
  const value = sample[attribute];
  const baseColor = shownColor(attribute, value, heightsOf(placed));
  const sheet = new StaticMeshComponent({
    mesh: planeMesh({ size: [1.1 * width, 1.1 * height] }),
    material: new Material({ name: `shown ${attribute}`, baseColor, roughness: 1, specular: 0 }),
    transform: { position: transform.position, rotation: transform.rotation },
  });
  scene.addComponent(sheet);
  try {
    return await renderScene(scene, camera, { layers: "direct", towardsLight: up });
  } finally {
    scene.removeComponent(sheet);
  }
}

function heightsOf({ volume: { transform } }: PlacedScene): readonly [number, number] {
  const toWorld = mat4d.inverse(worldToVolume(transform)) as Float64Array;
  const reach = [2, 6, 10].reduce((sum, at) => sum + Math.abs(toWorld[at]!), 0) / 2;
  const middle = transform.position[2]!;
  return [middle - reach, middle + reach];
}

/** What the oracle composes where the picture has its pixels. */
function composedPicture(placed: PlacedScene, draws: readonly ComponentDraw[]): ComposedTile {
  const { grid, asset: { materialType }, volume: { transform } } = placed;
  const [levelWidth, levelHeight] = volumePixels(placed);
  return composeTile({
    tile: {
      worldToVolume: worldToVolume(transform),
      level: Math.log2(grid.width / levelWidth),
      levelCount: grid.levelCount,
      ...{ levelWidth, x: (levelWidth - PIXELS) / 2, width: PIXELS },
      ...{ levelHeight, y: (levelHeight - PIXELS) / 2, height: PIXELS },
    },
    draws,
    attributes: MATERIAL_TYPES[materialType].attributes,
    evaluate: (material, fragment) =>
      interpretMaterial(material, fragment, {
        context: "virtual_texture",
        customWgsl: RANDOM_CUSTOM_WGSL,
      }),
  });
}

/** The largest difference where the oracle is certain, and the part where it is not. */
function compare(
  { data }: Picture,
  { values, uncertain }: ComposedTile,
  { attribute, heights }: {
    readonly attribute: AttributeName;
    readonly heights: readonly [number, number];
  },
): { readonly largest: number; readonly uncertain: number } {
  const { components } = ATTRIBUTES[attribute];
  let largest = 0;
  uncertain.forEach((reasons, texel) => {
    if (reasons !== 0) return;
    const numbers = values.get(attribute)!.subarray(components * texel, components * (texel + 1));
    const row = PIXELS - 1 - Math.floor(texel / PIXELS);
    const at = 4 * (row * PIXELS + texel % PIXELS);
    shownNumbers(attribute, Array.from(numbers), heights).forEach((wanted, k) => {
      largest = Math.max(largest, Math.abs(linearFromSrgb(data[at + k]! / 255) - wanted));
    });
  });
  return { largest, uncertain: uncertain.filter(Boolean).length / uncertain.length };
}

/** Which scene it is. */
export interface RandomLayersOptions {
  readonly seed: number;
  readonly pose: VolumePose;
  readonly materialType: MaterialTypeName;
  /** What the oracle draws, of what is drawn; default all of it in its order. */
  readonly drawsOf?: (draws: readonly ComponentDraw[]) => readonly ComponentDraw[];
}

/** The largest error of each attribute of a scene of sixteen translucent writers with random materials. */
export async function randomLayersErrors(
  device: ForgeDevice,
  { drawsOf = (draws) => draws, ...what }: RandomLayersOptions,
): Promise<Map<AttributeName, number>> {
  const asset = { sizeInTilesLog2: 1, tileSize: 64 } as const;
  await using placed = await placeRandomScene(device, { ...what, asset });
  const heights = heightsOf(placed);
  const composed = composedPicture(placed, drawsOf(placed.draws()));
  const errors = new Map<AttributeName, number>();
  for (const attribute of MATERIAL_TYPES[what.materialType].attributes) {
    const picture = await attributePicture(placed, attribute);
    const { largest, uncertain } = compare(picture, composed, { attribute, heights });
    assert.ok(uncertain <= MOST_UNCERTAIN, `${uncertain} of the pixels are uncertain`);
    errors.set(attribute, largest);
  }
  return errors;
}
