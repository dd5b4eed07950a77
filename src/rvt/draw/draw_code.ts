/**
 * The WGSL and layouts that drawing components has in common, whatever they are drawn to.
 *
 * @module
 */

import landscapeCode from "../../../shaders/rvt/draw_landscape.wgsl" with { type: "text" };
import meshCode from "../../../shaders/rvt/draw_mesh.wgsl" with { type: "text" };
import recordCode from "../../../shaders/rvt/draw_record.wgsl" with { type: "text" };
import { oncePerDevice } from "../../gpu/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import { landscapeLayout } from "./landscape_textures.ts";

/**
 * WGSL with `draw_vertex`, a vertex shader, and `draw_surface(vertex: DrawVertex) -> DrawSurface`, for
 * fragment shaders. The shader that includes it declares `fn draw_position(clip: vec4f) -> vec4f`, which says where
 * a point of clip space is rasterised.
 */
export function drawCode(kind: ComponentDraw["kind"]): string {
  return [recordCode, kind === "mesh" ? meshCode : landscapeCode].join("\n");
}

const emptyLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({ label: "nothing", entries: [] })
);

/** A bind group with nothing in it, for what meshes lack. */
export const emptyGroup: (gpu: GPUDevice) => GPUBindGroup = oncePerDevice((gpu) =>
  gpu.createBindGroup({ label: "nothing", layout: emptyLayout(gpu), entries: [] })
);

/** The layout of bind group 1, which landscapes alone have something in. */
export function drawLayout(gpu: GPUDevice, kind: ComponentDraw["kind"]): GPUBindGroupLayout {
  return kind === "landscape" ? landscapeLayout(gpu) : emptyLayout(gpu);
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
