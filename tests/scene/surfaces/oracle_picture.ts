/**
 * Pictures of scenes as they should be: shaded directly, pixel by pixel, in float64.
 *
 * @module
 */

import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import { MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import {
  inSortOrder,
  type RuntimeVirtualTextureLike,
  type RuntimeVirtualTextureScene,
  type RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import type { Picture, RenderCamera } from "../../../src/scene/mod.ts";
import {
  type Affine,
  transformedPoint,
  transformedVector,
  type Vec3,
} from "../../rvt/oracle/affine.ts";
import { composeTile } from "../../rvt/oracle/compose_tile.ts";
import { interpretMaterial } from "../../rvt/oracle/graphs/interpret.ts";
import type { Numbers } from "../../rvt/oracle/graphs/operations.ts";
import { interpretSurface } from "../../rvt/oracle/graphs/interpret_surface.ts";
import {
  plainTextureSamplers,
  type SamplePlace,
  type Samplers,
} from "../../rvt/oracle/graphs/samplers.ts";
import { levelOfDerivatives, linearFromSrgb } from "../../rvt/oracle/graphs/sample_texture.ts";
import { type LightAndView, shadeSurface } from "../../rvt/oracle/shade.ts";
import { type Facet, facetFinder, facetsOf, fragmentOf, hitsOf, raysOf } from "./picture_rays.ts";

/** The light of all pictures. */
export const LIGHT = Object.freeze({
  towardsLight: [0.4, -0.3, 1] as Vec3,
  lightColor: [1, 0.9, 0.8] as Vec3,
});

/** A volume, and how it lies in the world, as its test has worked it out. */
export interface KnownVolume {
  readonly volume: RuntimeVirtualTextureVolume;
  readonly worldToVolume: Affine;
}

/** What is pictured. */
export interface OracleOptions {
  readonly scene: RuntimeVirtualTextureScene;
  readonly camera: RenderCamera;
  /** Textures that none of them places have clear values. */
  readonly volumes: readonly KnownVolume[];
  /** Default true. */
  readonly virtualTexturing?: boolean;
  /** What samples give; default what is composed where they are. */
  readonly runtimeVirtualTexture?: Samplers["runtimeVirtualTexture"];
  /** Default {@linkcode LIGHT}. */
  readonly light?: Omit<LightAndView, "towardsViewer">;
  /** Every so many pixels are shaded; widths of pictures are best no multiple of it. Default 5. */
  readonly stride?: number;
  /** Linear colour of what lies behind everything; default black. */
  readonly background?: Vec3;
}

/**
 * Linear red, green and blue of the pixels, row by row; null where more than one answer is right, and of
 * pixels that are left out.
 */
export interface OraclePicture {
  readonly pixels: readonly (Vec3 | null)[];
  /** How many were not left out. */
  readonly count: number;
}

/** Within this part of a pixel of an edge, rasterisers may see something else. */
const EDGE_PIXELS = 1 / 32;
/**
 * How far the filter may reach, in texels of the coarser of its two levels: one, and more where a pixel and
 * its neighbours lie on different triangles, so that derivatives ask for a coarser level.
 */
const REACH_TEXELS = 1.4;
/** Surfaces whose distances differ by less than this part may hide each other either way. */
const SAME_DISTANCE = 1e-3;

/**
 * A picture of what the main pass shows, all opaque. Runtime virtual textures are not filtered: a sample is
 * what is composed at its place. Where an edge of something that is written to them is within the filter's
 * reach, as where the outlines of components are, the pixel is null.
 */
export function oraclePicture(options: OracleOptions): OraclePicture {
  const { scene, camera, background = [0, 0, 0], light = LIGHT, stride = 5 } = options;
  const components = inSortOrder(scene.components).filter((one) => scene.drawsInMainPass(one));
  const draws = components
    .flatMap((component) => component.draws(0))
    .filter(({ material }) => material.graph.domain === "surface");
  const facetsNear = facetFinder(facetsOf(draws), camera);
  const rayOf = raysOf(camera);
  const pixels = Array.from({ length: camera.width * camera.height }, (_, pixel): Vec3 | null => {
    if (pixel % stride !== 0) return null;
    const x = pixel % camera.width + 0.5;
    const y = Math.floor(pixel / camera.width) + 0.5;
    const seen = facetSeenAt(facetsNear(x, y), (dx, dy) => rayOf(x + dx, y + dy));
    if (seen === "unclear") return null;
    if (seen === null) return background;
    const fragment = fragmentOf(seen, rayOf, [x, y]);
    const around = { isNearEdge: false };
    const surface = interpretSurface(draws[seen.draw]!.material, fragment, {
      samplers: composingSamplers(options, around),
      virtualTexturing: options.virtualTexturing ?? true,
    });
    const towardsViewer = rayOf(x, y).along.map((part) => -part) as unknown as Vec3;
    const color = shadeSurface(surface, { ...light, towardsViewer });
    return around.isNearEdge ? null : color;
  });
  return { pixels, count: Math.ceil(pixels.length / stride) };
}

/** The triangle that a pixel's middle shows. */
function facetSeenAt(
  facets: readonly Facet[],
  rayAt: (dx: number, dy: number) => ReturnType<ReturnType<typeof raysOf>>,
): Facet | null | "unclear" {
  const [nearest, ...others] = hitsOf(facets, rayAt(0, 0));
  const rival = others.find(({ facet }) => facet.draw !== nearest!.facet.draw);
  if (rival && Math.abs(rival.t - nearest!.t) < SAME_DISTANCE * Math.abs(nearest!.t)) {
    return "unclear";
  }
  for (const [dx, dy] of [[-1, -1], [1, -1], [-1, 1], [1, 1]] as const) {
    const [other] = hitsOf(facets, rayAt(dx * EDGE_PIXELS, dy * EDGE_PIXELS));
    if (other?.facet.draw !== nearest?.facet.draw) return "unclear";
    // Another side of the same thing.
    const jump = nearest && Math.abs(other!.t - nearest.t) > 0.05 * Math.abs(nearest.t);
    if (jump) return "unclear";
  }
  return nearest?.facet ?? null;
}

/** Samplers that compose what textures hold where they are sampled. */
function composingSamplers(
  options: OracleOptions,
  around: { isNearEdge: boolean },
): Samplers {
  const composed = new Map<string, ReturnType<typeof compose>>();
  return {
    ...plainTextureSamplers(),
    runtimeVirtualTexture: options.runtimeVirtualTexture ?? ((asset, place) => {
      const known = options.volumes.find(({ volume }) => volume.asset === asset);
      if (known === undefined) return ATTRIBUTES[place.attribute].clearValue;
      const key = `${options.volumes.indexOf(known)} ${place.at}`;
      const found = composed.get(key) ?? compose(options, known, place);
      composed.set(key, found);
      if (found.isNearEdge) around.isNearEdge = true;
      return found.values.get(place.attribute)!;
    }),
  };
}

function compose(options: OracleOptions, known: KnownVolume, place: SamplePlace) {
  const { scene, virtualTexturing = true } = options;
  const { worldToVolume, volume: { asset } } = known;
  const { grid } = scene.textureOf(asset)!;
  const { uv: [u, v], level: wanted } = sampledAt(place, worldToVolume, grid);
  const level = Math.min(Math.max(Math.ceil(wanted), 0), grid.levelCount - 1);
  const { width: levelWidth, height: levelHeight } = grid.level(level);
  const draws = writersOf(scene, asset).flatMap((component) => component.draws(0));
  const tileOf = (texels: number, edge: number) => ({
    ...{ worldToVolume, level, levelCount: grid.levelCount },
    ...{ levelWidth: levelWidth / texels, levelHeight: levelHeight / texels },
    x: u * levelWidth / texels - edge / 2,
    y: v * levelHeight / texels - edge / 2,
    ...{ width: edge, height: edge },
  });
  const around = composeTile({
    tile: tileOf(REACH_TEXELS, 3),
    ...{ draws, attributes: [], faces: "both" as const },
    evaluate: () => ({ opacity: 1, values: {} }),
  });
  const { values } = composeTile({
    tile: tileOf(1, 1),
    ...{ draws, faces: "both" as const },
    attributes: MATERIAL_TYPES[asset.materialType].attributes,
    evaluate: (material, fragment) =>
      interpretMaterial(material, fragment, {
        context: "virtual_texture",
        virtualTexturing,
        samplers: plainTextureSamplers(),
      }),
  });
  return {
    values: new Map(
      ATTRIBUTE_NAMES.filter((name) => values.has(name))
        .map((name) => [name, Array.from(values.get(name)!)]),
    ),
    // All that the filter may reach shows as many writers.
    isNearEdge: around.layers.some((count) => count !== around.layers[0]),
  };
}

/** Where on a texture a sample is, and at which level, which is not clamped. */
export function sampledAt(
  place: SamplePlace,
  worldToVolume: Affine,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly uv: readonly [number, number]; readonly level: number } {
  const { at } = place;
  const uvOf = (at: Numbers) =>
    at.length === 2 ? at : transformedPoint(worldToVolume, at as unknown as Vec3);
  const [u, v] = uvOf(at) as [number, number];
  if ("level" in place) return { uv: [u, v], level: place.level };
  const step = (by: Numbers) =>
    place.derivativesOf === "uv" ? by : transformedVector(worldToVolume, by as unknown as Vec3);
  const derivatives = { ddx: step(place.ddx), ddy: step(place.ddy) };
  return { uv: [u, v], level: levelOfDerivatives([width, height], derivatives) + place.bias };
}

function writersOf(scene: RuntimeVirtualTextureScene, asset: RuntimeVirtualTextureLike) {
  return inSortOrder(scene.components)
    .filter(({ renderToVirtualTextures }) => renderToVirtualTextures.includes(asset));
}

/** How a picture differs from what it should be. */
export interface PictureDifference {
  /** Largest difference of linear red, green or blue, from 0 to 1. */
  readonly largest: number;
  /** Share of the pixels that were compared, of those that were not left out. */
  readonly compared: number;
}

/** Compares linear colours. */
export function pictureDifference(picture: Picture, oracle: OraclePicture): PictureDifference {
  let [largest, compared] = [0, 0];
  oracle.pixels.forEach((wanted, pixel) => {
    if (wanted === null) return;
    compared++;
    wanted.forEach((value, k) => {
      const found = linearFromSrgb(picture.data[4 * pixel + k]! / 255);
      largest = Math.max(largest, Math.abs(found - Math.min(Math.max(value, 0), 1)));
    });
  });
  return { largest, compared: compared / oracle.count };
}
