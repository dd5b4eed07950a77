/**
 * Vertices of a placed texture as a camera sees it, with both kinds of coordinate.
 *
 * @module
 */

import type { Camera } from "../../src/geometry/mod.ts";
import { type PlacedTexture, visiblePart } from "../../src/scene/visible_corners.ts";

/** WGSL: the vertex shader `project` and its outputs. */
export const CORNER_CODE = `
struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) uv: vec2<f32>,
  @location(1) offset: vec2<f32>,
  @location(2) @interpolate(flat) anchor: vec2<i32>,
}

@vertex
fn project(
  @location(0) clip: vec3<f32>,
  @location(1) uv: vec2<f32>,
  @location(2) offset: vec2<f32>,
  @location(3) anchor: vec2<f32>,
) -> Corner {
  return Corner(vec4<f32>(clip.xy, 0.5 * clip.z, clip.z), uv, offset, vec2<i32>(anchor));
}
`;

/** Clip x, y and w, uv, the offset from the anchor, and the anchor. */
export const CORNER_FLOATS = 9;

/** Triangles of what a camera sees of a texture; none if nothing is seen. */
export function cornersOf(camera: Camera, texture: PlacedTexture): Float32Array<ArrayBuffer> {
  const part = visiblePart(camera, texture);
  if (part === null) return new Float32Array(0);
  const { anchor: [x, y], corners } = part;
  const { width, height } = texture.grid;
  const vertices: number[] = [];
  for (let at = 0; at < corners.length; at += 5) {
    const [clipX, clipY, clipW, dx, dy] = corners.subarray(at, at + 5);
    vertices.push(clipX!, clipY!, clipW!, (x + dx!) / width, (y + dy!) / height, dx!, dy!, x, y);
  }
  return new Float32Array(vertices);
}

/** The vertex buffer that `project` reads. */
export const CORNER_LAYOUT: GPUVertexBufferLayout = {
  arrayStride: 4 * CORNER_FLOATS,
  attributes: [
    { shaderLocation: 0, offset: 0, format: "float32x3" },
    { shaderLocation: 1, offset: 12, format: "float32x2" },
    { shaderLocation: 2, offset: 20, format: "float32x2" },
    { shaderLocation: 3, offset: 28, format: "float32x2" },
  ],
};
