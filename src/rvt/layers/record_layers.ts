/**
 * Recording the passes that evaluate layers of runtime virtual textures for the pixels of a picture.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import type { OrientedBox } from "../../geometry/mod.ts";
import type { ComponentDraw } from "../component/component_draw.ts";
import { drawKindOf } from "../draw/draw_kind.ts";
import { recordCount } from "../draw/draw_records.ts";
import { MATERIAL_GROUP } from "../draw/drawn_material.ts";
import { type MaterialDraw, recordBytes, recordsOf, writeDraws } from "../draw/record_draws.ts";
import type { SceneGeometry } from "../draw/scene_geometry.ts";
import { blocksOf, isCutForDraw, recordBlockBounds } from "./layer_blocks.ts";
import { reachInVolume } from "./volume_reach.ts";
import {
  LAYER_VIEW_BYTES,
  layerLayout,
  layerMeshLayout,
  layerPipeline,
} from "./layer_pipelines.ts";
import type { LayeredAsset } from "./layered_assets.ts";

/** Where pixels of a picture sample: see `shaders/rvt/layer_sites.wgsl`. */
export interface LayerSites {
  /** u, v and the number of the texture. */
  readonly places: GPUTextureView;
  /** What a pixel to the right and one below add to u and v. */
  readonly steps: GPUTextureView;
}

/** What layers are evaluated for. */
export interface RecordLayersOptions {
  readonly asset: LayeredAsset;
  /** What is written to the asset, in this order. */
  readonly draws: readonly MaterialDraw[];
  /** Number of the sample: the layer of the targets. */
  readonly sample: number;
  readonly sites: LayerSites;
  /** Whether some pixels may sample other places than their own. */
  readonly anywhere: boolean;
  /** World to clip space of the picture: column-major. */
  readonly toClip: Float64Array;
  /** Pixels of the picture. */
  readonly size: readonly [number, number];
  /** Whether virtual textures report the tiles that they want. */
  readonly feedback: boolean;
  /** Most taps of a sample along the longer axis of its footprint. */
  readonly maxAnisotropy: number;
  /** Boxes of all that samples. */
  readonly boxes: readonly OrientedBox[];
}

/**
 * Records a pass that evaluates all layers of an asset where pixels sample it.
 *
 * @internal
 * @returns What must live until the commands are submitted.
 */
export function recordLayers(
  encoder: GPUCommandEncoder,
  parts: Pick<SceneGeometry, "device" | "meshes" | "landscapes">,
  options: RecordLayersOptions,
): readonly { destroy(): void }[] {
  const { device } = parts;
  const { gpu } = device;
  const { asset: { layers, targets }, draws, sample, sites, size } = options;
  const align = device.limit("minUniformBufferOffsetAlignment");
  const stride = Math.ceil(LAYER_VIEW_BYTES / align) * align;
  const make = (label: string, size: number, usage: number) =>
    gpu.createBuffer({ label, size, usage, mappedAtCreation: true });
  const records = make("layers", recordBytes(recordsOf(draws)), GPUBufferUsage.STORAGE);
  writeDraws(records.getMappedRange(), 0, { draws, toClip: layers.view.toVolume });
  records.unmap();
  // Materials show one side or both, and draws cut the picture into blocks or not.
  const views = make("layer views", 4 * stride, GPUBufferUsage.UNIFORM);
  const words = new Float32Array(views.getMappedRange());
  const blocks = blocksOf(size);
  for (const isCut of [false, true]) {
    for (const isTwoSided of [false, true]) {
      const written = viewWords(options, { isTwoSided, blocks: isCut ? blocks : [0, 0] });
      words.set(written, viewOffset({ isTwoSided, isCut, stride }) / 4);
    }
  }
  views.unmap();
  const view = { buffer: views, size: LAYER_VIEW_BYTES };
  const bounds = recordBlockBounds(encoder, device, { view, places: sites.places, blocks });
  const group = gpu.createBindGroup({
    label: "layers",
    layout: layerLayout(gpu),
    entries: [
      { binding: 0, resource: { buffer: records } },
      { binding: 1, resource: view },
      { binding: 2, resource: sites.places },
      { binding: 3, resource: sites.steps },
      { binding: 4, resource: { buffer: bounds } },
    ],
  });
  const pass = encoder.beginRenderPass(
    targets.passOf(sample, layers.heightRange[0], { isCleared: true }),
  );
  let first = 0;
  for (const { draw, material } of draws) {
    const { materialType } = layers.asset;
    pass.setPipeline(
      layerPipeline(device, { kind: drawKindOf(draw, options), materialType, material }),
    );
    const triangles = triangleCount(draw);
    const isCut = isCutForDraw(triangles, blocks);
    const { isTwoSided } = material;
    pass.setBindGroup(0, group, [viewOffset({ isTwoSided, isCut, stride })]);
    pass.setBindGroup(1, geometryGroup(parts, draw, options));
    pass.setBindGroup(MATERIAL_GROUP, material.group);
    const count = recordCount(draw);
    const rectangles = triangles * (isCut ? blocks[0] * blocks[1] : 1);
    pass.draw(VERTICES * rectangles, count, 0, first);
    first += count;
  }
  pass.end();
  return [records, views, bounds];
}

/** Of the rectangle in which a triangle may be seen. */
const VERTICES = 6;

function triangleCount(draw: ComponentDraw): number {
  return draw.kind === "mesh" ? draw.mesh.indices.length / 3 : 2 * draw.quads ** 2;
}

function geometryGroup(
  { device: { gpu }, meshes, landscapes }: Pick<SceneGeometry, "device" | "meshes" | "landscapes">,
  draw: ComponentDraw,
  pass: { readonly feedback: boolean },
): GPUBindGroup {
  if (draw.kind === "landscape") return landscapes.groupOf(draw.surface, pass);
  const { vertices, indices } = meshes.buffersOf(draw.mesh);
  return gpu.createBindGroup({
    label: "mesh of layer",
    layout: layerMeshLayout(gpu),
    entries: [vertices, indices].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
}

function viewOffset(
  { isTwoSided, isCut, stride }: {
    readonly isTwoSided: boolean;
    readonly isCut: boolean;
    readonly stride: number;
  },
): number {
  return stride * (Number(isTwoSided) + 2 * Number(isCut));
}

/** `LayerView`, word by word. */
function viewWords(
  options: RecordLayersOptions,
  draw: { readonly isTwoSided: boolean; readonly blocks: readonly [number, number] },
): number[] {
  const { asset: { layers, number }, anywhere, toClip, size: [width, height], boxes } = options;
  const { view: { grid, toVolume, extent }, heightRange: [lowest, highest] } = layers;
  const { least, most } = reachInVolume(boxes, toVolume);
  const volumeToClip = mat4d.multiply(toClip, mat4d.inverse(toVolume)) as Float64Array;
  return [
    ...volumeToClip,
    ...least,
    number,
    ...most,
    anywhere ? 1 : 0,
    ...[2 * width, 2 * height],
    ...[grid.width, grid.height],
    ...[extent[0] / grid.width, extent[1] / grid.height],
    grid.levelCount,
    draw.isTwoSided ? 1 : 0,
    ...[lowest, highest - lowest],
    ...draw.blocks,
    options.maxAnisotropy,
  ];
}
