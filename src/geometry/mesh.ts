/**
 * Triangle meshes.
 *
 * @module
 */

import type { WorldBounds } from "./oriented_box.ts";

/** Triangles with a normal and a texture coordinate for each vertex. Never changed once made. */
export interface Mesh {
  /** x, y and z of each vertex, in the object's space. */
  readonly positions: Float32Array;
  /** Unit normal of each vertex, in the object's space. */
  readonly normals: Float32Array;
  /** u and v of each vertex; (0, 0) is a texture's first texel's outer corner, v grows downwards. */
  readonly uvs: Float32Array;
  /** Three vertices for each triangle, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
  /** The box around its positions, in the object's space. */
  readonly bounds: WorldBounds;
}
