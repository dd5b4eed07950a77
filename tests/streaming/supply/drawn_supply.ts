/**
 * A supply that draws its tiles: its recorder draws into scratch textures, encodes planes of BC
 * formats, and copies into the atlas.
 *
 * @module
 */

import {
  type Atlas,
  BlockEncoder,
  encodedRowPitch,
  type ForgeDevice,
} from "../../../src/gpu/mod.ts";
import type { MemoryLedger, RecordedTile, TileRecorder } from "../../../src/gpu/mod.ts";
import type { TileCost } from "../../../src/residency/mod.ts";
import { formatInfo, type TexelFormat } from "../../../src/texels/mod.ts";
import type { TextureDescription, TileSupply } from "../../../src/streaming/mod.ts";
import { DrawnProducer, type DrawnTile } from "./drawn_producer.ts";
import { DRAWN_BORDER, DRAWN_WGSL, type DrawnWorld } from "./drawn_world.ts";

/** Words of a tile in the shader's table. */
const TILE_WORDS = 8;

const SHADER = `
  struct DrawnTile {
    origin: vec2i,
    size: vec2u,
    level: u32,
    changes: u32,
    index: u32,
    unused: u32,
  }
  @group(0) @binding(0) var<storage, read> tiles: array<DrawnTile>;
  ${DRAWN_WGSL}
  struct Corner {
    @builtin(position) position: vec4f,
    @location(0) @interpolate(flat) tile: u32,
  }
  @vertex fn corner(@builtin(vertex_index) i: u32, @builtin(instance_index) tile: u32) -> Corner {
    let at = vec2f(f32(i & 1u), f32(i >> 1u)) * 4.0 - 1.0;
    return Corner(vec4f(at, 0.0, 1.0), tile);
  }
  struct Planes {
    @location(0) color: vec4f,
    @location(1) data: vec4f,
  }
  @fragment fn draw(corner: Corner) -> Planes {
    let tile = tiles[corner.tile];
    // Outside of the texture its edge goes on.
    let texel = clamp(tile.origin + vec2i(corner.position.xy), vec2i(0), vec2i(tile.size) - 1);
    return Planes(drawn_color(tile, vec2f(texel)), drawn_data(tile));
  }`;

/** What drawing works with; all of it is borrowed. */
export interface DrawnParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly world: DrawnWorld;
  readonly formats: readonly TexelFormat[];
}

/** An object that is needed until the next submit. */
interface Scratch {
  destroy(): void;
}

/** Draws tiles of two planes. Holds nothing between calls. */
export class DrawnRecorder implements TileRecorder<DrawnTile> {
  readonly cost: TileCost;
  readonly memory = "scratch";
  /** How often each tile was drawn. */
  readonly drawn = new Map<number, number>();
  readonly #parts: DrawnParts;
  readonly #slotTexels: number;
  readonly #encoder: BlockEncoder;
  readonly #pipeline: GPURenderPipeline;

  /** @param gpuMs What drawing a tile is estimated to take. */
  constructor(parts: DrawnParts, gpuMs: number) {
    const { device, ledger, world, formats } = parts;
    this.#parts = parts;
    this.#slotTexels = world.grid.tileSize + 2 * DRAWN_BORDER;
    this.#encoder = new BlockEncoder(device, { ledger });
    this.cost = { uploadBytes: 4 * TILE_WORDS, scratchBytes: this.#scratchBytes(), gpuMs };
    const module = device.gpu.createShaderModule({ code: SHADER });
    this.#pipeline = device.gpu.createRenderPipeline({
      label: "drawn tiles",
      layout: "auto",
      vertex: { module },
      fragment: { module, targets: formats.map((format) => ({ format: targetFormat(format) })) },
    });
  }

  /** Scratch memory of a tile that is drawn alone; together they take no more each. */
  #scratchBytes(): number {
    const texels = this.#slotTexels ** 2;
    let bytes = 4 * TILE_WORDS;
    for (const format of this.#parts.formats) {
      bytes += texels * (targetFormat(format) === "r8unorm" ? 1 : 4);
      // Blocks, and the encoder's table.
      if (isEncoded(format)) bytes += this.#blockBytes(format) + 256 + 32;
    }
    return bytes;
  }

  #blockBytes(format: TexelFormat): number {
    return encodedRowPitch(format, this.#slotTexels) * this.#slotTexels / 4;
  }

  get availableBytes(): number {
    return this.#parts.ledger.availableBytes;
  }

  record(
    encoder: GPUCommandEncoder,
    atlas: Atlas,
    items: readonly RecordedTile<DrawnTile>[],
  ): void {
    const { device, formats } = this.#parts;
    const scratch: Scratch[] = [];
    try {
      const planes = this.#drawTiles(encoder, items, scratch);
      for (const [plane, format] of formats.entries()) {
        const drawn = planes[plane]!;
        if (isEncoded(format)) this.#encodePlane(encoder, { atlas, items, plane, drawn }, scratch);
        else this.#copyPlane(encoder, { atlas, items, plane, drawn });
      }
    } catch (error) {
      for (const one of scratch) one.destroy();
      throw error;
    }
    for (const { payload: { tile } } of items) {
      this.drawn.set(tile, 1 + (this.drawn.get(tile) ?? 0));
    }
    device.submits.afterNextSubmit(() => {
      for (const one of scratch) one.destroy();
    });
  }

  /** Draws every tile into a layer of a scratch texture for each plane. */
  #drawTiles(
    encoder: GPUCommandEncoder,
    items: readonly RecordedTile<DrawnTile>[],
    scratch: Scratch[],
  ): GPUTexture[] {
    const { device, ledger, formats } = this.#parts;
    const table = ledger.createBuffer("scratch", device, {
      label: "drawn tiles",
      size: 4 * TILE_WORDS * items.length,
      usage: GPUBufferUsage.STORAGE,
      mappedAtCreation: true,
    });
    scratch.push(table);
    const words = new Uint32Array(table.buffer.getMappedRange());
    for (const [i, { payload }] of items.entries()) {
      words.set(this.#wordsOf(payload), TILE_WORDS * i);
    }
    table.buffer.unmap();
    const planes = formats.map((format) => {
      const plane = ledger.createTexture("scratch", device, {
        label: "drawn plane",
        format: targetFormat(format),
        size: [this.#slotTexels, this.#slotTexels, items.length],
        usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC |
          GPUTextureUsage.TEXTURE_BINDING,
      });
      scratch.push(plane);
      return plane.texture;
    });
    const group = device.gpu.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: table.buffer } }],
    });
    for (let i = 0; i < items.length; i++) {
      const pass = encoder.beginRenderPass({
        label: "draw tile",
        colorAttachments: planes.map((plane) => ({
          view: plane.createView({ dimension: "2d", baseArrayLayer: i, arrayLayerCount: 1 }),
          loadOp: "clear" as const,
          storeOp: "store" as const,
        })),
      });
      pass.setPipeline(this.#pipeline);
      pass.setBindGroup(0, group);
      pass.draw(3, 1, 0, i);
      pass.end();
    }
    return planes;
  }

  #wordsOf({ tile, changes }: DrawnTile): number[] {
    const { grid } = this.#parts.world;
    const { level, x, y } = grid.addressOf(tile);
    const { width, height } = grid.level(level);
    const originX = x * grid.tileSize - DRAWN_BORDER;
    const originY = y * grid.tileSize - DRAWN_BORDER;
    return [originX, originY, width, height, level, changes, tile, 0];
  }

  #encodePlane(encoder: GPUCommandEncoder, job: PlaneJob, scratch: Scratch[]): void {
    const { device, ledger, formats } = this.#parts;
    const { atlas, items, plane, drawn } = job;
    const format = formats[plane]!;
    const tileBytes = this.#blockBytes(format);
    const blocks = ledger.createBuffer("scratch", device, {
      label: "drawn blocks",
      size: tileBytes * items.length,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
    scratch.push(blocks);
    const size = this.#slotTexels;
    this.#encoder.recordEncode(encoder, {
      format,
      quality: "low",
      source: drawn.createView({ dimension: "2d-array" }),
      target: blocks.buffer,
      regions: items.map((_, layer) => ({
        width: size,
        height: size,
        source: { x: 0, y: 0, layer },
        targetOffset: tileBytes * layer,
      })),
    });
    for (const [i, { slot }] of items.entries()) {
      encoder.copyBufferToTexture(
        {
          buffer: blocks.buffer,
          offset: tileBytes * i,
          bytesPerRow: encodedRowPitch(format, size),
        },
        { texture: atlas.planes[plane]!, origin: originOf(atlas, slot) },
        [size, size, 1],
      );
    }
  }

  #copyPlane(encoder: GPUCommandEncoder, { atlas, items, plane, drawn }: PlaneJob): void {
    for (const [i, { slot }] of items.entries()) {
      encoder.copyTextureToTexture(
        { texture: drawn, origin: [0, 0, i] },
        { texture: atlas.planes[plane]!, origin: originOf(atlas, slot) },
        [this.#slotTexels, this.#slotTexels, 1],
      );
    }
  }
}

interface PlaneJob {
  readonly atlas: Atlas;
  readonly items: readonly RecordedTile<DrawnTile>[];
  readonly plane: number;
  /** What was drawn of it: a layer for each item. */
  readonly drawn: GPUTexture;
}

function isEncoded(format: TexelFormat): boolean {
  return formatInfo(format).blockTexels === 4;
}

/** What a plane is drawn to before it is encoded or copied. */
function targetFormat(format: TexelFormat): GPUTextureFormat {
  return format === "r8unorm" ? format : "rgba8unorm";
}

function originOf(atlas: Atlas, slot: number): [number, number, number] {
  return [atlas.slotLeft(slot), atlas.slotTop(slot), atlas.slotLayer(slot)];
}

/** A supply that draws. */
export interface DrawnSupply extends TileSupply<DrawnTile> {
  readonly producer: DrawnProducer;
  readonly recorder: DrawnRecorder;
}

/** Makes a supply that draws a world. */
export function drawnSupply(
  parts: DrawnParts,
  options: { readonly mostTiles?: number; readonly gpuMs?: number } = {},
): DrawnSupply {
  const { mostTiles = 32, gpuMs = 0.05 } = options;
  return {
    producer: new DrawnProducer(parts.world, mostTiles),
    recorder: new DrawnRecorder(parts, gpuMs),
    close() {},
  };
}

/** What a world is to a system. */
export function describeDrawn(
  world: DrawnWorld,
  formats: readonly TexelFormat[],
): TextureDescription {
  return {
    name: "drawn",
    info: "drawn on the GPU",
    grid: world.grid,
    border: DRAWN_BORDER,
    formats,
    colorSpace: "linear",
    opaque: true,
  };
}
