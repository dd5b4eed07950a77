/**
 * What a picture of a scene shows.
 *
 * @module
 */

import { vec3d } from "npm:wgpu-matrix@3.4.2";
import { type OrientedBox, type Vec3, worldBoundsOf } from "../../geometry/mod.ts";
import {
  type ComponentDraw,
  inSortOrder,
  type MaterialDraw,
  materialFeedback,
  type PrimitiveComponent,
  type RuntimeVirtualTextureLike,
  type RuntimeVirtualTextureScene,
  type SurfaceLayers,
  type SurfaceParts,
} from "../../rvt/mod.ts";
import { pictureDetail } from "./picture_detail.ts";
import { distanceFrom, type SeenFrom } from "./surface_view.ts";

/** The draws of the main pass. */
export interface MainPassDraws {
  /** Those that hide what lies behind them, in sort order. */
  readonly opaque: readonly MaterialDraw[];
  /** Those that are blended over them, in this order. */
  readonly translucent: readonly MaterialDraw[];
  /** The boxes of all of them. */
  readonly boxes: readonly OrientedBox[];
  /** The boxes of those whose layers are evaluated for each pixel. */
  readonly layeredBoxes: readonly OrientedBox[];
  /** What is written to the runtime virtual textures that they sample, if it is evaluated for each pixel. */
  readonly layers: ReadonlyMap<RuntimeVirtualTextureLike, readonly MaterialDraw[]>;
}

/** Which draws they are. */
export interface MainPassOptions {
  readonly feedback: boolean;
  readonly layers: SurfaceLayers;
  readonly seen: SeenFrom;
}

/**
 * The draws of the main pass: components in their finest level of detail, those left out that Draw in Main
 * Pass hides. Materials with an opacity pin are translucent: they come in the order of Translucency Sort
 * Priority and, within one, from the farthest component to the nearest.
 */
export function mainPassDraws(
  scene: RuntimeVirtualTextureScene,
  parts: SurfaceParts,
  options: MainPassOptions,
): MainPassDraws {
  const { virtualTexturing } = scene;
  const { feedback, layers, seen } = options;
  const distanceTo = (point: Vec3) => distanceFrom(seen, point);
  const shown = inSortOrder(scene.components).filter((component) =>
    component.material.graph.domain === "surface" && scene.drawsInMainPass(component)
  );
  const drawsOf = (components: readonly PrimitiveComponent[]) =>
    components.flatMap((component) => component.draws(0)).filter(parts.hasHeights)
      .map((draw): MaterialDraw => ({
        draw: asShaped(draw, seen),
        material: parts.bindForPictures(draw.material, {
          ...{ virtualTexturing, layers },
          feedback: materialFeedback(draw, { feedback }),
        }),
      }));
  const opaque = drawsOf(shown.filter((component) => !isTranslucent(component)));
  const translucent = drawsOf(farthestFirst(shown.filter(isTranslucent), distanceTo));
  return {
    opaque,
    translucent,
    boxes: shown.flatMap((component) => component.boxes()),
    layeredBoxes: layers === "direct"
      ? shown.filter(samplesLayers(parts, [...opaque, ...translucent]))
        .flatMap((component) => component.boxes())
      : [],
    layers: new Map(
      layers === "direct" ? layersBelow([...opaque, ...translucent], parts, feedback) : [],
    ),
  };
}

/** Whether a component's material samples runtime virtual textures. */
function samplesLayers(parts: SurfaceParts, draws: readonly MaterialDraw[]) {
  const sampling = new Set(
    draws.filter(({ material }) => parts.layered.samplesOf(material).length > 0)
      .map(({ draw }) => draw.material),
  );
  return ({ material }: PrimitiveComponent) => sampling.has(material);
}

/** The layers of each texture that draws sample. */
function* layersBelow(
  draws: readonly MaterialDraw[],
  parts: SurfaceParts,
  feedback: boolean,
): Iterable<[RuntimeVirtualTextureLike, readonly MaterialDraw[]]> {
  const samples = draws.flatMap(({ material }) => parts.layered.samplesOf(material));
  for (const asset of new Set(samples.map(({ asset }) => asset))) {
    yield [asset, parts.bindLayers(parts.layered.layersOf(asset)!, feedback)];
  }
}

function isTranslucent({ material }: PrimitiveComponent): boolean {
  return material.graph.surfacePins.has("opacity");
}

function farthestFirst(
  components: readonly PrimitiveComponent[],
  distanceTo: (point: Vec3) => number,
): PrimitiveComponent[] {
  return components
    .map((component) => ({ component, distance: distanceTo(middleOf(component)) }))
    .sort((a, b) =>
      a.component.translucencySortPriority - b.component.translucencySortPriority ||
      b.distance - a.distance
    )
    .map(({ component }) => component);
}

/** The middle of a component's bounds; the world's origin if it has none. */
function middleOf(component: PrimitiveComponent): Vec3 {
  const bounds = worldBoundsOf(component.boxes());
  if (bounds === null) return [0, 0, 0];
  const { min, max } = bounds as unknown as Record<"min" | "max", number[]>;
  return Array.from(vec3d.midpoint(min, max)) as unknown as Vec3;
}

/** A landscape with a quad for each sample, or for as many as pixels can show: its shape is seen. */
function asShaped(draw: ComponentDraw, seen: SeenFrom): ComponentDraw {
  if (draw.kind !== "landscape") return draw;
  const { x0, y0, x1, y1 } = draw.section;
  const samples = Math.max(x1 - x0, y1 - y0);
  if (draw.surface.streamedHeights === undefined) {
    return { ...draw, quads: Math.max(draw.quads, samples) };
  }
  const { samplesPerPixel, leastLevel } = pictureDetail(draw, seen);
  return {
    ...draw,
    quads: Math.max(draw.quads, Math.ceil(samples / 2 ** leastLevel)),
    heightDetail: { samplesPerPixel, shapesQuads: true },
  };
}
