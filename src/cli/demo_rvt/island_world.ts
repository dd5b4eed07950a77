/**
 * The demo's world.
 *
 * @module
 */

import {
  type InstancedStaticMeshComponent,
  LandscapeComponent,
  loadHeightPicture,
  MATERIAL_TYPE_NAMES,
  type MaterialTypeName,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
} from "../../rvt/mod.ts";
import type { VirtualTextureSystem } from "../../streaming/mod.ts";
import { grass } from "./grass.ts";
import { ASH_LAYER, groundMaterial } from "./ground_material.ts";
import { EDGE_METRES, islandHeights, SAMPLE_METRES, SAMPLES } from "./island_heights.ts";
import { type IslandTextures, islandTextures } from "./island_textures.ts";
import { roadAndDecals } from "./road.ts";
import { ROAD_POINTS } from "./road_line.ts";
import { rocks } from "./rocks.ts";
import { seaAndSky } from "./sea.ts";
import { stones } from "./stones.ts";

/** A scene with everything in it. Owns the scene; borrows its system. */
export interface IslandWorld {
  readonly scene: RuntimeVirtualTextureScene;
  readonly textures: IslandTextures;
  readonly land: LandscapeComponent;
  /** What stands on the ground, and only samples textures. */
  readonly standing: readonly InstancedStaticMeshComponent[];
}

/**
 * Builds the island.
 *
 * @param topology Path of the picture of the Earth's heights.
 */
export async function buildIsland(
  system: VirtualTextureSystem,
  topology: string,
): Promise<IslandWorld> {
  const scene = new RuntimeVirtualTextureScene(system, { mode: "editor" });
  const textures = islandTextures();
  const land = new LandscapeComponent({
    name: "island",
    material: groundMaterial(textures),
    width: SAMPLES,
    height: SAMPLES,
    heights: islandHeights(await loadHeightPicture(topology, { scale: 1 })),
    layers: { [ASH_LAYER]: new Uint8Array(SAMPLES ** 2) },
    transform: { scale: [SAMPLE_METRES, SAMPLE_METRES, 1] },
    renderToVirtualTextures: Object.values(textures),
  });
  const standing = [
    ...rocks(land, textures),
    ...stones(land, textures),
    ...grass(land, textures),
  ];
  const components = [
    land,
    ...roadAndDecals(land, textures),
    ...standing,
    ...seaAndSky(textures),
  ];
  for (const component of components) scene.addComponent(component);
  for (const materialType of MATERIAL_TYPE_NAMES) {
    await scene.addVolume(volumeOf(materialType, textures));
  }
  await scene.settled();
  return { scene, textures, land, standing };
}

/** Metres by which volumes are longer than the island: beyond it there is nothing. */
const MARGIN_METRES = 4;
const HEIGHT_RANGE = [-16, 80] as const;
/** What the volume of the road's texture reaches beyond the points of the road. */
const ROADSIDE_METRES = 12;

/** A volume over the whole island, but for stones beside the road: a smaller one, with smaller texels. */
function volumeOf(
  materialType: MaterialTypeName,
  textures: IslandTextures,
): RuntimeVirtualTextureVolume {
  const isRoadside = materialType === "ycocg_base_color_normal_specular";
  const [x, y] = [0, 1].map((axis) => {
    if (!isRoadside) return [-MARGIN_METRES, EDGE_METRES + MARGIN_METRES];
    const places = ROAD_POINTS.map((point) => point[axis]!);
    return [Math.min(...places) - ROADSIDE_METRES, Math.max(...places) + ROADSIDE_METRES];
  });
  const ranges = [x!, y!, HEIGHT_RANGE];
  return new RuntimeVirtualTextureVolume(textures[materialType], {
    name: materialType,
    position: ranges.map(([from, to]) => (from! + to!) / 2),
    scale: ranges.map(([from, to]) => to! - from!),
  });
}
