/**
 * Grass, tinted by the ground below it.
 *
 * @module
 */

import { makeMesh, type Mesh } from "../../geometry/mod.ts";
import {
  expressions as e,
  InstancedStaticMeshComponent,
  type LandscapeComponent,
  Material,
} from "../../rvt/mod.ts";
import { skylit } from "./island_light.ts";
import type { IslandTextures } from "./island_textures.ts";
import { placesBesideRoad } from "./places.ts";

/** Tufts of grass along the road. They have the ground's Base Color at their feet, and are paler at their tips. */
export function grass(
  landscape: LandscapeComponent,
  textures: IslandTextures,
): InstancedStaticMeshComponent[] {
  const { baseColor } = e.runtimeVirtualTextureSample(textures.base_color);
  const { mask4 } = e.runtimeVirtualTextureSample(textures.mask4);
  const up = e.oneMinus(e.componentMask(e.textureCoordinate(), "y"));
  // Lush where the layer of grass is, dry elsewhere.
  const tip = e.lerp([1.25, 1.1, 0.7], [1.2, 1.45, 0.75], { alpha: e.componentMask(mask4, "y") });
  const material = new Material({
    name: "grass",
    twoSided: true,
    baseColor: e.multiply(baseColor, e.lerp([0.75, 0.75, 0.75], tip, { alpha: up })),
    normal: skylit([0, 0, 1]),
    roughness: 0.9,
    specular: 0.2,
  });
  return [1, 2].map((seed) =>
    new InstancedStaticMeshComponent({
      name: `grass ${seed}`,
      material,
      mesh: tuftMesh(seed),
      instances: placesBesideRoad(landscape, {
        ...{ seed: 20 + seed, count: 6000, from: 2.9, to: 8.5, scale: [0.8, 1.7] },
      }),
    })
  );
}

/** Blades of a tuft, about half a metre high; v is 1 at the ground and 0 at the tips. */
function tuftMesh(seed: number): Mesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const blades = 9;
  for (let blade = 0; blade < blades; blade++) {
    const angle = 2 * Math.PI * blade / blades + 0.9 * Math.sin(7 * blade + seed);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const foot = 0.16 * (0.4 + 0.6 * Math.abs(Math.sin(3 * blade + seed)));
    const lean = foot + 0.22 * (0.5 + 0.5 * Math.sin(5 * blade + seed));
    const height = 0.42 + 0.16 * Math.sin(11 * blade + seed);
    const half = 0.05;
    positions.push(foot * cos - half * sin, foot * sin + half * cos, -0.1);
    positions.push(foot * cos + half * sin, foot * sin - half * cos, -0.1);
    positions.push(lean * cos, lean * sin, height);
    uvs.push(0, 1, 1, 1, 0.5, 0);
  }
  return makeMesh({ positions, uvs });
}
