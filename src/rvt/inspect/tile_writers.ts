/**
 * What writes a tile, and what does not. Pure.
 *
 * @module
 */

import { type AttributeName, MATERIAL_TYPES, type RuntimeVirtualTexture } from "../asset/mod.ts";
import {
  BoxOutlines,
  coversRect,
  footprintBounds,
  footprintOf,
  LandscapeComponent,
  type PrimitiveComponent,
  selectLod,
  tileReachRect,
} from "../component/mod.ts";
import { materialDependencies, type MaterialGraph } from "../material/mod.ts";
import { projectNameOf } from "../source/project_names.ts";
import type { PlacedVolume } from "../scene/placed_volume.ts";
import type { TileAbsence, TileWriter, TileWriterSources } from "./tile_inspection.ts";

/** Boxes of a component whose places below another one are looked at. */
const MOST_PARTS = 1000;

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
  const opaque = new Map(
    writing.filter((one) => isOpaque(one.material.graph))
      .map((one) => [one, new Set(attributesOf(one, asset))]),
  );
  const isCovered = coverTest(plan, tile);
  const writers = writing.map((component, index): TileWriter => {
    const attributes = attributesOf(component, asset);
    const above = writing.slice(index + 1);
    const coveredBy = asset.materialType === "world_height" ? [] : above.filter((one) => {
      const written = opaque.get(one);
      return written !== undefined && attributes.every((name) => written.has(name)) &&
        isCovered(component, one);
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

/** Whether what a tile shows of a component is certain to lie below another one, which is opaque. */
function coverTest({ view, contents }: PlacedVolume, tile: number) {
  const { grid, border: borderTexels, toVolume } = view;
  const reach = tileReachRect(grid, tile, { borderTexels });
  const touched = (component: PrimitiveComponent) => {
    const boxes = component.boxes();
    return new BoxOutlines(boxes, toVolume).touchedBy(tile, { grid, borderTexels })
      .map((index) => boxes[index]!);
  };
  return (below: PrimitiveComponent, above: PrimitiveComponent): boolean => {
    if (contents.isCoveredBy(above, tile)) return true;
    const parts = touched(below);
    if (parts.length > MOST_PARTS) return false;
    const options = { boxes: touched(above), view: { grid, borderTexels, toVolume } };
    return parts.every((box) => {
      const { u0, v0, u1, v1 } = footprintBounds(footprintOf(box, toVolume));
      const rect = {
        u0: Math.max(u0, reach.u0),
        v0: Math.max(v0, reach.v0),
        u1: Math.min(u1, reach.u1),
        v1: Math.min(v1, reach.v1),
      };
      return coversRect(above, rect, options);
    });
  };
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
    streamedTextures: [
      ...new Set([...found.streamedTextures, ...(heights === undefined ? [] : [heights])]),
    ].map(projectNameOf),
    runtimeVirtualTextures: names(found.runtimeVirtualTextures),
  };
}
