/**
 * What a material is evaluated with at a texel, and what comes of it.
 *
 * @module
 */

import type { AttributeName } from "../../../src/rvt/asset/attributes.ts";
import type { MaterialInterface } from "../../../src/rvt/material/material_interface.ts";
import type { Vec3 } from "./affine.ts";

/** What is the same for all texels of a tile. */
export interface FragmentView {
  /** Level being rendered, 0 the finest. */
  readonly outputLevel: number;
  /** Levels that the texture has. */
  readonly levelCount: number;
  /** World size of a texel along the texture's columns and rows. */
  readonly outputDerivative: readonly [number, number];
}

/** A point of a surface that a texel shows. */
export interface Fragment {
  readonly worldPosition: Vec3;
  readonly uv: readonly [number, number];
  /** Unit length, in the world. */
  readonly vertexNormal: Vec3;
  /** Weight of a painted layer, 0 to 1; 0 where there is no such layer. */
  layerWeight(name: string): number;
  readonly view: FragmentView;
  /**
   * The same surface some texels to the right and below, continued over its edges: on a mesh, the plane
   * of the triangle. Its differences are the derivatives by which samples find their level.
   */
  shifted(columns: number, rows: number): Fragment;
}

/** What a material writes at one point. */
export interface WrittenValues {
  /** 0 to 1; what is outside is clamped. */
  readonly opacity: number;
  /** The lowest and highest world z that it writes at, both included; everywhere if it is absent. */
  readonly heightRange?: readonly [number, number];
  /** The attributes that it writes. */
  readonly values: Readonly<Partial<Record<AttributeName, readonly number[]>>>;
}

/** Evaluates a material at a point. */
export type MaterialEvaluator = (material: MaterialInterface, fragment: Fragment) => WrittenValues;

/** Why a renderer of less precision may see a texel otherwise; added up as bits. */
export const UNCERTAIN = Object.freeze({
  /** It lies close to the edge of a triangle or of a landscape's section. */
  edge: 1,
  /** It lies close to a line between samples of a landscape, where normals jump. */
  crease: 2,
  /** Its surface lies close to the top or bottom of the volume, or to the end of a height range. */
  height: 4,
});

/** Within which distances texels count as uncertain. */
export interface Tolerances {
  /** In texels, from edges. */
  readonly edgeTexels: number;
  /** In samples of a landscape, from the lines between them. */
  readonly creaseSamples: number;
  /** As a part of the volume's depth, from its top, its bottom and the ends of height ranges. */
  readonly depth: number;
}

/** What takes the points that a draw shows, in the order in which they are drawn. */
export interface FragmentVisitor {
  draw(column: number, row: number, fragment: Fragment): void;
  /** `reason` is of {@linkcode UNCERTAIN}. */
  mark(column: number, row: number, reason: number): void;
}
