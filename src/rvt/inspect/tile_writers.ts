/**
 * What writes a tile, and what does not. Pure.
 *
 * @module
 */

import { type AttributeName, MATERIAL_TYPES, type RuntimeVirtualTexture } from "../asset/mod.ts";
import {
  BoxOutlines,
  type ComponentDraw,
  coversRect,
  type Footprint,
  footprintBounds,
  footprintOf,
  isTurnedAway,
  LandscapeComponent,
  type PrimitiveComponent,
  selectLod,
  tileReachRect,
  widened,
  withinRect,
} from "../component/mod.ts";
import { graphNodes, materialDependencies, type MaterialGraph } from "../material/mod.ts";
import { projectNameOf } from "../source/project_names.ts";
import type { PlacedVolume } from "../scene/placed_volume.ts";
import { MeshCover } from "./mesh_cover.ts";
import type { TileAbsence, TileWriter, TileWriterSources } from "./tile_inspection.ts";
import { writtenHeights } from "./written_heights.ts";

/** Boxes of a component whose places below another one are looked at. */
const MOST_PARTS = 1000;
/** How much further than its outline a part may reach on the GPU, which rounds places. */
const COVER_MARGIN_TEXELS = 1 / 16;

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
  const writing = [...drawn].flatMap(([one, draws]) =>
    attributesOf(one, asset).length > 0 && !isTurnedAway(draws, plan.view.toVolume) ? [one] : []
  );
  const opaque = new Map(
    writing.filter((one) => isOpaque(one.material.graph))
      .map((one) => [one, new Set(attributesOf(one, asset))]),
  );
  const isCovered = coverTest(plan, tile, drawn);
  const writers = writing.map((component, index): TileWriter => {
    const attributes = attributesOf(component, asset);
    const above = asset.materialType === "world_height"
      ? writing.filter((one) => isHigher(one, component))
      : writing.slice(index + 1);
    const coveredBy = above.filter((one) => {
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
    const isDrawn = drawn.has(component);
    return [{ component: component.name, reason: absenceOf(plan, component, { tile, isDrawn }) }];
  });
  return { writers, absent, components: writing };
}

/** Whether all heights that a component writes are larger than those of another one: the highest stays. */
function isHigher(one: PrimitiveComponent, other: PrimitiveComponent): boolean {
  const [least] = writtenHeights(one) ?? [];
  const [, most] = writtenHeights(other) ?? [];
  return least !== undefined && most !== undefined && least > most;
}

/** Whether what a tile shows of a component is certain to lie below another one, which is opaque. */
function coverTest(
  { view, contents }: PlacedVolume,
  tile: number,
  drawn: ReadonlyMap<PrimitiveComponent, readonly ComponentDraw[]>,
) {
  const { grid, border: borderTexels, toVolume } = view;
  const reach = tileReachRect(grid, tile, { borderTexels });
  const { width, height } = grid.level(grid.levelOf(tile));
  const margin = [COVER_MARGIN_TEXELS / width, COVER_MARGIN_TEXELS / height] as const;
  const touched = remembered((component: PrimitiveComponent) => {
    const boxes = component.boxes();
    return new BoxOutlines(boxes, toVolume).touchedBy(tile, { grid, borderTexels })
      .map((index) => boxes[index]!);
  });
  /** What the tile shows of a component, at most; null if that are too many parts. */
  const partsOf = remembered((component: PrimitiveComponent): readonly Footprint[] | null => {
    const boxes = touched(component);
    if (boxes.length > MOST_PARTS) return null;
    return boxes.map((box) => withinRect(widened(footprintOf(box, toVolume), margin), reach))
      .filter((part) => part.length > 0);
  });
  const meshesOf = remembered((component: PrimitiveComponent) =>
    new MeshCover(drawn.get(component)!, toVolume)
  );
  const coversAll = remembered((component: PrimitiveComponent) =>
    contents.isCoveredBy(component, tile)
  );
  return (below: PrimitiveComponent, above: PrimitiveComponent): boolean => {
    if (coversAll(above)) return true;
    const parts = partsOf(below);
    if (parts === null) return false;
    if (!(above instanceof LandscapeComponent)) {
      return parts.every((part) => meshesOf(above).covers(part));
    }
    const options = { boxes: touched(above), view: { grid, borderTexels, toVolume } };
    return parts.every((part) => coversRect(above, footprintBounds(part), options));
  };
}

/** A function that finds what it has found before. */
function remembered<Key extends object, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, find(key));
    return known.get(key)!;
  };
}

/** Of what is certain to be written where it is drawn. */
function isOpaque(graph: MaterialGraph): boolean {
  const { output } = graph;
  return output !== null && output.heightRange === null && !output.pins.has("opacity") &&
    // WGSL of the user's own may discard pixels.
    !graphNodes(graph, "Cannot inspect tile").nodes.some((node) =>
      node.kind === "custom_wgsl" && /\bdiscard\b/.test(node.code)
    );
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
  { tile, isDrawn }: { readonly tile: number; readonly isDrawn: boolean },
): TileAbsence["reason"] {
  const { view: { grid, border, toVolume }, volume: { asset } } = plan;
  if (attributesOf(component, asset).length === 0) return "writes_nothing";
  if (isDrawn) return "turned_away";
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
