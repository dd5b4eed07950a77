/**
 * Tiles filled from the CPU, packed by the product, and read back from an atlas.
 *
 * @module
 */

import { Atlas, type ForgeDevice, MemoryLedger, ReadbackBatch } from "../../../src/gpu/mod.ts";
import type { AttributeName } from "../../../src/rvt/asset/attributes.ts";
import { ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import { MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import { PlanePacker, type PlanePackerOptions } from "../../../src/rvt/planes/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import type { Values } from "./plane_reference.ts";

/** The attributes of a tile's texels, row by row. */
export type TileValues = readonly Values[];

/** What came out of a batch. */
export interface PackedTiles {
  /** Edge of a tile in texels. */
  readonly slotTexels: number;
  /** Formats of the planes. */
  readonly formats: readonly TexelFormat[];
  /** Bytes of each plane of each tile. */
  readonly tiles: readonly (readonly Uint8Array[])[];
}

/** Options of {@linkcode packTiles}. */
export interface PackTilesOptions extends Omit<PlanePackerOptions, "maxTiles"> {
  readonly tiles: readonly TileValues[];
  readonly maxTiles?: number;
  readonly heightRange?: readonly [number, number];
}

/** Values as the targets keep them: numbers of 16 bits, but world height, which has 32. */
export function asFilled(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, numbers]) => [
      name,
      numbers!.map((value) => name === "worldHeight" ? Math.fround(value) : half(value)),
    ]),
  );
}

const halves = new Float16Array(1);

function half(value: number): number {
  halves[0] = value;
  return halves[0]!;
}

/** Uploads tiles to targets, packs them in one batch, and reads slots of an atlas. */
export async function packTiles(
  device: ForgeDevice,
  { tiles, heightRange, ...options }: PackTilesOptions,
): Promise<PackedTiles> {
  const { materialType, slotTexels } = options;
  const ledger = new MemoryLedger(device.submits, 2 ** 30);
  const packer = new PlanePacker(device, ledger, { maxTiles: tiles.length, ...options });
  const atlas = new Atlas(device, ledger, {
    formats: packer.formats,
    tileSize: slotTexels,
    border: 0,
    wantedSlots: tiles.length + 3,
  });
  const targets = MATERIAL_TYPES[materialType].targets.map((channels) =>
    makeTarget(device.gpu, { channels, tiles, slotTexels })
  );
  try {
    // Slots in another order than tiles.
    const slots = tiles.map((_, tile) => atlas.plan.slotCount - 1 - tile);
    const encoder = device.gpu.createCommandEncoder();
    packer.record(encoder, {
      targets: targets.map((target) => target.createView({ dimension: "2d-array" })),
      count: tiles.length,
      ...(heightRange === undefined ? {} : { heightRange }),
    });
    packer.recordCopies(encoder, atlas, slots);
    device.submits.submit([encoder.finish()]);
    const readback = new ReadbackBatch(device);
    for (const slot of slots) {
      for (const plane of atlas.planes) {
        readback.addTexture(plane, {
          x: atlas.slotLeft(slot),
          y: atlas.slotTop(slot),
          layer: atlas.slotLayer(slot),
          width: slotTexels,
          height: slotTexels,
        });
      }
    }
    const parts = await readback.read();
    const { formats } = packer;
    return {
      slotTexels,
      formats,
      tiles: tiles.map((_, tile) =>
        parts.slice(tile * formats.length, (tile + 1) * formats.length)
      ),
    };
  } finally {
    packer.destroy();
    atlas.destroy();
    for (const target of targets) target.destroy();
  }
}

function makeTarget(
  gpu: GPUDevice,
  { channels, tiles, slotTexels }: {
    readonly channels: readonly { readonly attribute: AttributeName; readonly component: number }[];
    readonly tiles: readonly TileValues[];
    readonly slotTexels: number;
  },
): GPUTexture {
  const isHeight = channels[0]!.attribute === "worldHeight";
  const texture = gpu.createTexture({
    label: "target",
    size: [slotTexels, slotTexels, tiles.length],
    format: isHeight ? "r32float" : "rgba16float",
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
  const perTexel = isHeight ? 1 : 4;
  const count = slotTexels * slotTexels;
  for (const [layer, tile] of tiles.entries()) {
    const data = isHeight ? new Float32Array(count) : new Float16Array(perTexel * count);
    for (const [i, values] of tile.entries()) {
      for (const [c, { attribute, component }] of channels.entries()) {
        const numbers = values[attribute] ?? ATTRIBUTES[attribute].clearValue;
        data[perTexel * i + c] = numbers[component]!;
      }
    }
    gpu.queue.writeTexture(
      { texture, origin: [0, 0, layer] },
      data,
      { bytesPerRow: slotTexels * perTexel * data.BYTES_PER_ELEMENT },
      [slotTexels, slotTexels],
    );
  }
  return texture;
}
