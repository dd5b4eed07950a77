/**
 * What writes a tile, and what does not. Pure.
 *
 * @module
 */

import { type AttributeName, MATERIAL_TYPES, type RuntimeVirtualTexture } from "../asset/mod.ts";
import {
  BoxOutlines,
  LandscapeComponent,
  type PrimitiveComponent,
  selectLod,
} from "../component/mod.ts";
import { materialDependencies, type MaterialGraph } from "../material/mod.ts";
import type { PlacedVolume } from "../scene/placed_volume.ts";
import type { TileAbsence, TileWriter, TileWriterSources } from "./tile_inspection.ts";

/** What writes a tile, the lowest first, and what does not. */
export interface TileWriters {
  readonly writers: readonly TileWriter[];
  readonly absent: readonly TileAbsence[];
  /** The components that write. */
  readonly components: readonly PrimitiveComponent[];
}

/** Looks at the components of a volume. */
export function tileWriters(plan: PlacedVolume, tile: number): TileWriters {
  const { contents, volume: { asset } } = plan;
  const drawn = new Map(
    contents.componentDrawsIn(tile).map(({ component, draws }) => [component, draws]),
  );
  const writing = [...drawn.keys()].filter((one) => attributesOf(one, asset).length > 0);
  const covering = new Map(
    writing.filter((one) => isOpaque(one.material.graph) && contents.isCoveredBy(one, tile))
      .map((one) => [one, new Set(attributesOf(one, asset))]),
  );
  const writers = writing.map((component, index): TileWriter => {
    const attributes = attributesOf(component, asset);
    const above = writing.slice(index + 1);
    const coveredBy = asset.materialType === "world_height" ? [] : above.filter((one) => {
      const covered = covering.get(one);
      return covered !== undefined && attributes.every((name) => covered.has(name));
    });
    const below = writing[index - 1];
    return {
      component: component.name,
      material: component.material.name,
      sortPriority: component.translucencySortPriority,
      isTied: below?.translucencySortPriority === component.translucencySortPriority,
      lod: lodOf(plan, component, tile),
      draws: drawn.get(component)!.reduce(
        (sum, draw) => sum + (draw.kind === "landscape" ? 1 : draw.instances.length),
        0,
      ),
      attributes,
      sources: sourcesOf(component, asset),
      coveredBy: coveredBy.map(({ name }) => name),
    };
  });
  const absent = contents.sorted.flatMap((component): TileAbsence[] => {
    if (writing.includes(component)) return [];
    return [{ component: component.name, reason: absenceOf(plan, component, tile) }];
  });
  return { writers, absent, components: writing };
}

/** Of what is certain to be written where it is drawn. */
function isOpaque({ output }: MaterialGraph): boolean {
  return output !== null && output.heightRange === null && !output.pins.has("opacity");
}

function attributesOf(
  { material }: PrimitiveComponent,
  { materialType }: RuntimeVirtualTexture,
): AttributeName[] {
  const { output } = material.graph;
  return MATERIAL_TYPES[materialType].attributes.filter((name) => output?.pins.has(name));
}

function absenceOf(
  plan: PlacedVolume,
  component: PrimitiveComponent,
  tile: number,
): TileAbsence["reason"] {
  const { view: { grid, border, toVolume }, volume: { asset } } = plan;
  if (attributesOf(component, asset).length === 0) return "writes_nothing";
  const outlines = new BoxOutlines(component.boxes(), toVolume);
  if (!outlines.someTouchedBy(tile, { grid, borderTexels: border })) return "outside";
  return component.virtualTextureMinCoverage === null ? "skip_mips" : "min_coverage";
}

function lodOf(plan: PlacedVolume, component: PrimitiveComponent, tile: number): number {
  const { view: { grid, border, toVolume } } = plan;
  const outlines = new BoxOutlines(component.boxes(), toVolume);
  const touched = outlines.touchedBy(tile, { grid, borderTexels: border });
  return selectLod({
    coverageTexels: outlines.largestSizeTexels(touched, grid.level(grid.levelOf(tile))),
    tileSize: grid.tileSize,
    lodCount: component.lodCount,
    bias: component.virtualTextureLodBias,
  });
}

function sourcesOf(
  component: PrimitiveComponent,
  { materialType }: RuntimeVirtualTexture,
): TileWriterSources {
  const wanted = MATERIAL_TYPES[materialType].attributes;
  const found = materialDependencies(component.material, { context: "virtual_texture", wanted });
  const names = (all: Iterable<{ readonly name: string }>) => [...all].map(({ name }) => name);
  const heights = component instanceof LandscapeComponent
    ? component.surface.streamedHeights?.texture
    : undefined;
  return {
    textures: names(found.textures),
    streamedTextures: names(
      new Set([...found.streamedTextures, ...(heights === undefined ? [] : [heights])]),
    ),
    runtimeVirtualTextures: names(found.runtimeVirtualTextures),
  };
}
