/**
 * Blocks of a picture, and which part of a runtime virtual texture the pixels of each of them sample.
 *
 * @module
 */

import blocksCode from "../../../shaders/rvt/layer_blocks.wgsl" with { type: "text" };
import viewCode from "../../../shaders/rvt/layer_view.wgsl" with { type: "text" };
import { type ForgeDevice, oncePerDevice } from "../../gpu/mod.ts";

/** Pixels along the edge of a block; as in `shaders/rvt/layer_view.wgsl`. */
const BLOCK_PIXELS = 32;
/** Bytes of least and largest u and v. */
const BOUNDS_BYTES = 16;
/** Threads of a workgroup of `shaders/rvt/layer_blocks.wgsl`. */
const WORKGROUP = 64;
/**
 * Most triangles of a draw, each in each block, up to which the picture is cut for it: more cost more than the
 * pixels that they save.
 */
const MOST_BLOCK_TRIANGLES = 2 ** 17;

const boundsPipeline = oncePerDevice((gpu): GPUComputePipeline => {
  const label = "blocks of layers";
  return gpu.createComputePipeline({
    label,
    layout: "auto",
    compute: {
      module: gpu.createShaderModule({ label, code: `${viewCode}\n${blocksCode}` }),
      entryPoint: "bound_blocks",
    },
  });
});

/** How many blocks a picture of a size has, across and down. */
export function blocksOf(size: readonly [width: number, height: number]): [number, number] {
  return [Math.ceil(size[0] / BLOCK_PIXELS), Math.ceil(size[1] / BLOCK_PIXELS)];
}

/** Whether the picture is cut into its blocks for a draw of so many triangles. */
export function isCutForDraw(
  triangles: number,
  [across, down]: readonly [across: number, down: number],
): boolean {
  return triangles * across * down <= MOST_BLOCK_TRIANGLES;
}

/**
 * Records a pass that finds, for each block, what its pixels sample of a texture.
 *
 * @param what The binding of a `LayerView` that names the texture, and where pixels sample.
 * @returns Least u and v and the largest of each block, row by row. Must live until the commands are submitted.
 */
export function recordBlockBounds(
  encoder: GPUCommandEncoder,
  { gpu }: ForgeDevice,
  what: {
    readonly view: GPUBufferBinding;
    readonly places: GPUTextureView;
    readonly blocks: readonly [across: number, down: number];
  },
): GPUBuffer {
  const [across, down] = what.blocks;
  const bounds = gpu.createBuffer({
    label: "blocks of layers",
    size: BOUNDS_BYTES * across * down,
    usage: GPUBufferUsage.STORAGE,
  });
  const pipeline = boundsPipeline(gpu);
  const group = gpu.createBindGroup({
    label: "blocks of layers",
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 1, resource: what.view },
      { binding: 2, resource: what.places },
      { binding: 4, resource: { buffer: bounds } },
    ],
  });
  const pass = encoder.beginComputePass({ label: "blocks of layers" });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.ceil(across * down / WORKGROUP));
  pass.end();
  return bounds;
}
