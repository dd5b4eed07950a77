/**
 * Random scenes with random materials, placed.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import type { MaterialInterface } from "../../../src/rvt/material/mod.ts";
import { randomMaterial } from "../oracle/graphs/random_graphs.ts";
import { RANDOM_LAYERS, randomScene, type VolumePose } from "../oracle/random_scene.ts";
import { DrawnComponent } from "./drawn_component.ts";
import { transformOf } from "./oracle_tiles.ts";
import { PlacedScene, type PlacedSceneOptions } from "./placed_scene.ts";

/** Which random scene it is. */
export interface RandomPlacedOptions extends PlacedSceneOptions {
  readonly seed: number;
  readonly pose: VolumePose;
  readonly materialType: MaterialTypeName;
}

const NO_MATERIAL = { name: "none" } as MaterialInterface;

/**
 * Places sixteen translucent writers with random graphs: the first covers the volume, opaque, and all
 * others are blended over it.
 */
export async function placeRandomScene(
  device: ForgeDevice,
  { seed, pose, materialType, ...options }: RandomPlacedOptions,
): Promise<PlacedScene> {
  const { volumeToWorld } = randomScene({ seed, pose, materialAt: () => NO_MATERIAL });
  const { position, rotation, scale } = transformOf(volumeToWorld);
  const { draws } = randomScene({
    seed,
    pose,
    materialAt: (index) =>
      randomMaterial({
        seed: 1000 * seed + index,
        attributes: MATERIAL_TYPES[materialType].attributes,
        isComplete: index === 0,
        around: { center: position, radius: Math.max(...scale) },
        layers: RANDOM_LAYERS,
        depth: 4,
      }),
  });
  const placed = new PlacedScene(device, {
    ...options,
    asset: { materialType, ...options.asset },
    volume: { position, rotation, scale },
  });
  await placed.place(draws.map((draw) => new DrawnComponent(draw, [placed.asset])));
  return placed;
}
