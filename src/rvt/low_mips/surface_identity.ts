/**
 * What tells parts of landscapes' surfaces apart.
 *
 * @module
 */

import { type LandscapeSurface, type SampleRect, SURFACE_BLOCK_SAMPLES } from "../component/mod.ts";
import { ContentHash } from "./content_hash.ts";
import { textureIdentity } from "./material_identity.ts";
import { SampleSums } from "./sample_sums.ts";

/** Hashes of a surface's samples, as of a version. */
interface SurfaceSums {
  version: number;
  /** Null if they are streamed. */
  readonly heights: SampleSums | null;
  /** Of the layers that were asked for. */
  readonly layers: Map<string, SampleSums>;
}

const known = new WeakMap<LandscapeSurface, SurfaceSums>();

/** A part of a surface. */
export interface SurfacePart {
  /** Samples, the last ones included. */
  readonly rect: SampleRect;
  /** Names of the layers that count, those that the surface lacks among them. */
  readonly layers: Iterable<string>;
}

/** Adds what heights and weights a part of a surface has; of streamed heights, where they come from. */
export function addSurface(
  hash: ContentHash,
  surface: LandscapeSurface,
  { rect, layers }: SurfacePart,
): void {
  const { width, height, streamedHeights } = surface;
  const { x0, y0, x1, y1 } = rect;
  hash.addNumbers([width, height, x0, y0, x1, y1]);
  if (streamedHeights !== undefined) {
    const { texture, channel, scale, offset, range } = streamedHeights;
    hash.addText(textureIdentity(texture)).addNumbers([channel, scale, offset, ...range]);
  }
  const sums = sumsOf(surface);
  if (sums.heights !== null) hash.addNumbers(sums.heights.sumOver(rect));
  for (const layer of layers) {
    const weights = surface.layers.get(layer);
    hash.addText(layer);
    if (weights === undefined) continue;
    let known = sums.layers.get(layer);
    if (known === undefined) sums.layers.set(layer, known = new SampleSums(weights, surface));
    hash.addNumbers(known.sumOver(rect));
  }
}

/** All of a surface. */
export function wholeRect({ width, height }: LandscapeSurface): SampleRect {
  return { x0: 0, y0: 0, x1: width - 1, y1: height - 1 };
}

/** The sums of a surface as it is now. */
function sumsOf(surface: LandscapeSurface): SurfaceSums {
  const { version, heights, streamedHeights } = surface;
  let sums = known.get(surface);
  if (sums === undefined) {
    const isHere = streamedHeights === undefined;
    sums = {
      version,
      heights: isHere ? new SampleSums(heights, surface) : null,
      layers: new Map(),
    };
    known.set(surface, sums);
  }
  if (sums.version !== version) {
    for (const rect of changedBlocks(surface, sums.version)) {
      sums.heights?.update(rect);
      for (const layer of sums.layers.values()) layer.update(rect);
    }
    sums.version = version;
  }
  return sums;
}

/** The blocks of a surface in which a sample has changed since a version. */
function changedBlocks(surface: LandscapeSurface, since: number): SampleRect[] {
  const { blockVersions, width, height } = surface;
  if (blockVersions === undefined) return [wholeRect(surface)];
  const columns = Math.ceil(width / SURFACE_BLOCK_SAMPLES);
  return [...blockVersions.entries()].flatMap(([block, version]) => {
    if (version <= since) return [];
    const x0 = SURFACE_BLOCK_SAMPLES * (block % columns);
    const y0 = SURFACE_BLOCK_SAMPLES * Math.floor(block / columns);
    const [x1, y1] = [x0 + SURFACE_BLOCK_SAMPLES - 1, y0 + SURFACE_BLOCK_SAMPLES - 1];
    return [{ x0, y0, x1: Math.min(x1, width - 1), y1: Math.min(y1, height - 1) }];
  });
}
