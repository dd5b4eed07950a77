/**
 * Rocks that blend into the ground.
 *
 * @module
 */

import {
  expressions as e,
  InstancedStaticMeshComponent,
  type LandscapeComponent,
  Material,
} from "../../rvt/mod.ts";
import { boulderMesh } from "./boulder_mesh.ts";
import { spotted } from "./ground_material.ts";
import { skylit } from "./island_light.ts";
import type { IslandTextures } from "./island_textures.ts";
import { placesBesideRoad, scattered } from "./places.ts";

/** Metres above the ground at which a rock is all rock. */
const BLEND_METRES = 1.1;

/**
 * Rocks. Where they leave the ground they have its colour, its normal and its roughness: World Height says how far
 * above it a pixel is. What Mask4 says of the layers lets moss grow on them, and snow fall.
 */
export function rocks(
  landscape: LandscapeComponent,
  textures: IslandTextures,
): InstancedStaticMeshComponent[] {
  const material = rockMaterial(textures);
  return [1, 2, 3].map((seed) =>
    new InstancedStaticMeshComponent({
      name: `rocks ${seed}`,
      material,
      mesh: boulderMesh(seed, 3),
      instances: [
        ...placesBesideRoad(landscape, { seed, count: 16, from: 3.6, to: 9, scale: [0.7, 1.9] }),
        ...scattered(landscape, {
          seed: 10 + seed,
          count: 36,
          least: 3,
          most: 13,
          scale: [0.9, 2.6],
        }),
      ],
    })
  );
}

function rockMaterial(textures: IslandTextures): Material {
  const ground = e.runtimeVirtualTextureSample(textures.base_color_normal_roughness_specular);
  const { worldHeight } = e.runtimeVirtualTextureSample(textures.world_height);
  const { mask4 } = e.runtimeVirtualTextureSample(textures.mask4);
  const above = e.subtract(e.componentMask(e.worldPosition(), "z"), worldHeight);
  const ragged = e.noise(e.multiply(1.3, e.worldPosition()), {
    kind: "gradient",
    octaves: 3,
    seed: 91,
  });
  const rocky = e.smoothstep(e.add(above, e.multiply(0.5, ragged)), {
    from: 0.05,
    to: BLEND_METRES,
  });
  const upwards = e.componentMask(e.vertexNormal(), "z");
  const on = (channel: "y" | "w", edge: number) =>
    e.multiply(
      e.componentMask(mask4, channel),
      e.smoothstep(e.add(upwards, e.multiply(0.7, ragged)), { from: edge, to: edge + 0.25 }),
    );
  const bump = (seed: number) =>
    e.noise(e.multiply(2.2, e.worldPosition()), { kind: "gradient", octaves: 3, seed });
  const rough = e.add(
    e.vertexNormal(),
    e.multiply(0.7, e.append(bump(93), bump(94), bump(95))),
  );
  const bare = spotted([0.36, 0.33, 0.3], 0.9, 92);
  const mossy = e.lerp(bare, [0.11, 0.16, 0.04], { alpha: e.multiply(0.85, on("y", 0.62)) });
  const snowy = e.lerp(mossy, [0.78, 0.82, 0.88], { alpha: on("w", 0.4) });
  return new Material({
    name: "rock",
    baseColor: e.lerp(ground.baseColor, snowy, { alpha: rocky }),
    normal: skylit(e.lerp(ground.normal, rough, { alpha: rocky }), 0.9),
    roughness: e.lerp(ground.roughness, 0.85, { alpha: rocky }),
    specular: 0.3,
  });
}
