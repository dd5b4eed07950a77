/**
 * What components hand to those who draw them: the renderer of tiles, the main pass, and a compositor
 * on the CPU that tests compare both with.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import type { MaterialInterface } from "../material/material_interface.ts";

/** A mesh, once or several times. */
export interface MeshDraw {
  /** Tells it from a part of a landscape. */
  readonly kind: "mesh";
  /** What is drawn, in its own space. */
  readonly mesh: Mesh;
  /** What it is drawn with. */
  readonly material: MaterialInterface;
  /** Object to world of each instance, drawn in this order: column-major, float64. */
  readonly instances: readonly ArrayLike<number>[];
}

/** Heights that are read of a streaming virtual texture, on the GPU alone. */
export interface StreamedHeights {
  /** The texture, of one plane: a texel of level 0 is a sample. */
  readonly texture: StreamedTexture;
  /** Number of the channel that is read: 0 to 3. */
  readonly channel: number;
  /** Height of a value of 1 above that of a value of 0. */
  readonly scale: number;
  /** Height of a value of 0. */
  readonly offset: number;
  /** Least and largest height, to which heights are clamped. */
  readonly range: readonly [number, number];
  /** What messages call the landscape. */
  readonly landscape: string;
}

/** Samples along an edge of a block of which the last change is known. */
export const SURFACE_BLOCK_SAMPLES = 64;

/** A grid of heights and painted layers, `width` by `height` samples, row by row. */
export interface LandscapeSurface {
  /** Samples along the landscape's own x. */
  readonly width: number;
  /** Samples along its y. */
  readonly height: number;
  /**
   * Height of each sample in the landscape's own space, where sample (column, row) lies at x = column,
   * y = row. Between samples heights are bilinear, and normals those of bilinear slopes: see `normalAt` of
   * height fields. None where heights are streamed.
   */
  readonly heights: Float32Array;
  /** Where heights come from instead; left out if they are here. */
  readonly streamedHeights?: StreamedHeights;
  /** Weight of each painted layer at each sample, 0 to 255 for 0 to 1, by name. Bilinear too. */
  readonly layers: ReadonlyMap<string, Uint8Array>;
  /** Counts changes of heights and weights, so that copies of them know that they are old. */
  readonly version: number;
  /**
   * Version that the last change in each block of {@linkcode SURFACE_BLOCK_SAMPLES} by as many samples has led
   * to, row by row; left out where any sample may have changed.
   *
   * @internal
   */
  readonly blockVersions?: Uint32Array;
}

/** A part of a landscape. Its uv run from (0, 0) at sample (0, 0) to (1, 1) at the last sample. */
export interface LandscapeDraw {
  /** Tells it from a mesh. */
  readonly kind: "landscape";
  /** The landscape's heights and layers, all of them. */
  readonly surface: LandscapeSurface;
  /** What it is drawn with. */
  readonly material: MaterialInterface;
  /** Landscape to world: column-major, float64. */
  readonly toWorld: ArrayLike<number>;
  /** The part: samples x0 to x1 and y0 to y1, both included. */
  readonly section: {
    readonly x0: number;
    readonly y0: number;
    readonly x1: number;
    readonly y1: number;
  };
  /**
   * Quads along each edge of the section whose corners carry vertex data. Heights and normals are
   * evaluated for each pixel, whatever this is.
   */
  readonly quads: number;
  /** How streamed heights are read; default at level 0, also for the corners of quads. */
  readonly heightDetail?: HeightDetail;
}

/** How the heights of a draw are read of a streaming virtual texture. */
export interface HeightDetail {
  /** Samples that a pixel covers; in perspective at a distance of 1. Their binary logarithm is the level. */
  readonly samplesPerPixel: number;
  /** Whether the corners of quads have their heights: not where each pixel finds its own. */
  readonly shapesQuads: boolean;
}

/** Something to draw. */
export type ComponentDraw = MeshDraw | LandscapeDraw;
