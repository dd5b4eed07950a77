/**
 * The WGSL and layouts that drawing components has in common, whatever they are drawn to.
 *
 * @module
 */

import landscapeCode from "../../../shaders/rvt/draw_landscape.wgsl" with { type: "text" };
import heightsCode from "../../../shaders/rvt/landscape_heights.wgsl" with { type: "text" };
import meshCode from "../../../shaders/rvt/draw_mesh.wgsl" with { type: "text" };
import recordCode from "../../../shaders/rvt/draw_record.wgsl" with { type: "text" };
import streamedHeightsCode from "../../../shaders/rvt/streamed_heights.wgsl" with { type: "text" };
import { oncePerDevice, virtualTextureWgsl } from "../../gpu/mod.ts";
import { type DrawKind, STREAMED_HEIGHTS_PREFIX } from "./draw_kind.ts";
import { landscapeLayout } from "./landscape_textures.ts";
import { STREAMED_HEIGHTS_BINDING, streamedLandscapeLayout } from "./streamed_landscapes.ts";

/**
 * WGSL with `draw_vertex`, a vertex shader, and `draw_surface(vertex: DrawVertex) -> DrawSurface`, for
 * fragment shaders. The shader that includes it declares `fn draw_position(clip: vec4f) -> vec4f`, which says where
 * a point of clip space is rasterised, and `const DRAW_BIASES_LEVELS: bool`, whether biases of virtual textures
 * count.
 */
export function drawCode(kind: DrawKind): string {
  if (kind === "mesh") return [recordCode, meshCode].join("\n");
  return [recordCode, landscapeCode, heightsCodeOf(kind)].join("\n");
}

function heightsCodeOf(kind: Exclude<DrawKind, "mesh">): string {
  if (kind === "landscape") return heightsCode;
  const sampling = virtualTextureWgsl({
    group: 1,
    firstBinding: STREAMED_HEIGHTS_BINDING,
    prefix: STREAMED_HEIGHTS_PREFIX,
    feedback: kind === "reporting_landscape",
    fade: false,
  });
  return `${sampling}\n${streamedHeightsCode}`;
}

const emptyLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({ label: "nothing", entries: [] })
);

/** A bind group with nothing in it, for what meshes lack. */
export const emptyGroup: (gpu: GPUDevice) => GPUBindGroup = oncePerDevice((gpu) =>
  gpu.createBindGroup({ label: "nothing", layout: emptyLayout(gpu), entries: [] })
);

/** The layout of bind group 1, which landscapes alone have something in. */
export function drawLayout(gpu: GPUDevice, kind: DrawKind): GPUBindGroupLayout {
  switch (kind) {
    case "mesh":
      return emptyLayout(gpu);
    case "landscape":
      return landscapeLayout(gpu);
    case "streamed_landscape":
    case "reporting_landscape":
      return streamedLandscapeLayout(gpu, kind);
  }
}

/** WGSL with a material's in it. */
export interface ShaderCode {
  /** All of it. */
  readonly code: string;
  /** Lines before the material's code. */
  readonly linesBefore: number;
}

/**
 * Puts a shader together.
 *
 * @param before What comes before the material's code, to the end of a line.
 */
export function shaderCode(
  before: string,
  material: { readonly code: string },
  after: string,
): ShaderCode {
  return {
    code: `${before}${material.code}\n${after}`,
    linesBefore: before.split("\n").length - 1,
  };
}
