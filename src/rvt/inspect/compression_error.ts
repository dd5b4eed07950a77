/**
 * How far compressed tiles are from uncompressed ones.
 *
 * @module
 */

import { type ForgeDevice, ReadbackBatch } from "../../gpu/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { type AttributeName, ATTRIBUTES, MATERIAL_TYPES, storesBlocks } from "../asset/mod.ts";
import type { VirtualTextureSystem } from "../../streaming/mod.ts";
import type { RuntimeVirtualTextureSampling } from "../sample/runtime_virtual_texture_sampling.ts";
import { renderApart, type RenderedApart } from "./rendered_apart.ts";
import type { AttributeError, CompressionError, TileWriter } from "./tile_inspection.ts";

const WORKGROUP = 8;
const MOST_COMPONENTS = 4;
/** How often a tile is rendered until what it samples has stayed the same meanwhile. */
const MOST_ATTEMPTS = 3;

/** The tile that is compared. */
export interface ComparedTile {
  /** Its writers. */
  readonly writers: readonly TileWriter[];
  /** Of its texture. */
  readonly grid: TileGrid;
  /** Streams what the writers sample. */
  readonly system: VirtualTextureSystem;
}

/** Renders a tile twice, and compares what shaders sample at the centres of its texels. */
export async function compressionError(
  device: ForgeDevice,
  rendered: RenderedApart,
  { writers, grid, system }: ComparedTile,
): Promise<CompressionError> {
  const { volume: { asset } } = rendered;
  if (!storesBlocks(device, asset.settings)) return { reason: "uncompressed" };
  const samples = writers.some(({ sources }) =>
    sources.streamedTextures.length + sources.runtimeVirtualTextures.length > 0
  );
  const { attributes } = MATERIAL_TYPES[asset.materialType];
  const { level, x, y } = rendered.tile;
  const { width, height } = grid.level(level);
  const size = grid.tileSize;
  const texels = [Math.min(size, width - x * size), Math.min(size, height - y * size)] as const;
  const place = {
    level,
    from: [x * size, y * size] as const,
    of: [width, height] as const,
    texels,
  };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const before = changesOf(system);
    const lengths = await renderApart(
      device,
      rendered,
      (compressed, plain) => readDifferences(device, [compressed, plain], { attributes, place }),
    );
    // Both must have been made from the same.
    if (samples && changesOf(system) !== before) continue;
    return {
      attributes: attributes.map((name, i) => errorOf(name, lengths, { i, of: attributes })),
    };
  }
  return { reason: "unsteady_samples" };
}

/** Counts the tiles of a system that have come, were made anew, or gone. */
function changesOf(system: VirtualTextureSystem): number {
  const { tilesLoaded, tilesRefreshed, tilesEvicted } = system.getStatistics();
  return tilesLoaded + tilesRefreshed + tilesEvicted;
}

function errorOf(
  attribute: AttributeName,
  lengths: Float32Array,
  { i, of }: { readonly i: number; readonly of: readonly AttributeName[] },
): AttributeError {
  let [largest, sum, count] = [0, 0, 0];
  for (let at = i; at < lengths.length; at += of.length) {
    largest = Math.max(largest, lengths[at]!);
    sum += lengths[at]! ** 2;
    count++;
  }
  return { attribute, largest, rootMeanSquare: Math.sqrt(sum / count) };
}

/** The texels that are compared. */
interface Place {
  readonly level: number;
  readonly from: readonly [number, number];
  readonly of: readonly [number, number];
  readonly texels: readonly [number, number];
}

/** Lengths of the differences of each attribute, texel by texel. */
async function readDifferences(
  device: ForgeDevice,
  samplings: readonly RuntimeVirtualTextureSampling[],
  { attributes, place }: { readonly attributes: readonly AttributeName[]; readonly place: Place },
): Promise<Float32Array> {
  const { gpu } = device;
  const [columns, rows] = place.texels;
  const differences = gpu.createBuffer({
    label: "differences of a tile",
    size: 4 * attributes.length * columns * rows,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  try {
    const code = [
      samplings[0]!.wgsl({ group: 1, prefix: "a_", fade: false }),
      samplings[1]!.wgsl({ group: 2, prefix: "b_", fade: false }),
      compareWgsl(attributes, place),
    ].join("\n");
    const own = gpu.createBindGroupLayout({
      label: "differences",
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: "storage" } }],
    });
    const layouts = samplings.map((sampling) =>
      gpu.createBindGroupLayout({ label: "compared tile", entries: sampling.layoutEntries() })
    );
    const pipeline = await gpu.createComputePipelineAsync({
      label: "compare tiles",
      layout: gpu.createPipelineLayout({
        label: "compare tiles",
        bindGroupLayouts: [own, ...layouts],
      }),
      compute: { module: gpu.createShaderModule({ label: "compare tiles", code }) },
    });
    const encoder = gpu.createCommandEncoder({ label: "compare tiles" });
    const pass = encoder.beginComputePass({ label: "compare tiles" });
    pass.setPipeline(pipeline);
    const entries = [{ binding: 0, resource: { buffer: differences } }];
    pass.setBindGroup(0, gpu.createBindGroup({ label: "differences", layout: own, entries }));
    for (const [i, sampling] of samplings.entries()) {
      const group = { label: "compared tile", layout: layouts[i]!, entries: sampling.entries() };
      pass.setBindGroup(1 + i, gpu.createBindGroup(group));
    }
    pass.dispatchWorkgroups(Math.ceil(columns / WORKGROUP), Math.ceil(rows / WORKGROUP));
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    const batch = new ReadbackBatch(device);
    batch.addBuffer(differences);
    const [bytes] = await batch.read();
    return new Float32Array(bytes!.slice().buffer);
  } finally {
    differences.destroy();
  }
}

function compareWgsl(attributes: readonly AttributeName[], place: Place): string {
  const { level, from, of, texels } = place;
  const lines = attributes.map((name, i) => {
    const field = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const { components } = ATTRIBUTES[name];
    const type = components === 1 ? "f32" : `vec${Math.min(components, MOST_COMPONENTS)}f`;
    return `  differences[first + ${i}u] = length(${type}(a.${field}) - ${type}(b.${field}));`;
  });
  return `
@group(0) @binding(0) var<storage, read_write> differences: array<f32>;

@compute @workgroup_size(${WORKGROUP}, ${WORKGROUP})
fn compare(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${texels[0]}u || id.y >= ${texels[1]}u) { return; }
  let uv = (vec2f(id.xy) + 0.5 + vec2f(${from[0]}, ${from[1]})) / vec2f(${of[0]}, ${of[1]});
  let a = a_sample_uv_level(uv, ${level}, vec2f(), false);
  let b = b_sample_uv_level(uv, ${level}, vec2f(), false);
  let first = ${attributes.length}u * (id.y * ${texels[0]}u + id.x);
${lines.join("\n")}
}
`;
}
