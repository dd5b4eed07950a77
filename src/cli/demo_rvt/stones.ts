/**
 * Stones beside the road, and the volume of their texture.
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
import { skylit } from "./island_light.ts";
import type { IslandTextures } from "./island_textures.ts";
import { placesBesideRoad } from "./places.ts";

/** Stones of the colour of what they lie on, gravel or grass, a little paler, with the dust of the road. */
export function stones(
  landscape: LandscapeComponent,
  { ycocg_base_color_normal_specular: roadside }: IslandTextures,
): InstancedStaticMeshComponent[] {
  const ground = e.runtimeVirtualTextureSample(roadside);
  const material = new Material({
    name: "stone",
    baseColor: e.lerp(ground.baseColor, [0.4, 0.37, 0.33], { alpha: 0.45 }),
    normal: skylit(e.blendNormals(ground.normal, e.vertexNormal()), 0.9),
    roughness: ground.roughness,
    specular: ground.specular,
  });
  return [
    new InstancedStaticMeshComponent({
      name: "stones",
      material,
      mesh: boulderMesh(4, 1),
      instances: placesBesideRoad(landscape, {
        ...{ seed: 7, count: 700, from: 2.2, to: 4.2, scale: [0.06, 0.24] },
      }),
    }),
  ];
}
