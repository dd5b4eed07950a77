import type { Placement } from "../geometry/mod.ts";
import type { PageTable, TileRecorder, VirtualTextureBinding } from "../gpu/mod.ts";
import { IntMap, type TextureResidency, type TileProducer } from "../residency/mod.ts";
import { type TileGrid, TileList } from "../tiles/mod.ts";
import { DrawnFootprints } from "./frame/drawn_footprints.ts";
import { FeedbackWants } from "./frame/feedback_wants.ts";
import type { GpuPool } from "./memory/gpu_pool.ts";
import { StreamedTexture } from "./streamed_texture.ts";
import type { TextureDescription, TileSupply } from "./supply/supply.ts";

/** What a {@linkcode TextureState} is made of. */
export interface TextureParts {
  readonly description: TextureDescription;
  readonly supply: TileSupply;
  readonly placement: Placement;
  readonly pool: GpuPool;
  readonly table: PageTable;
  readonly binding: VirtualTextureBinding;
  readonly residency: TextureResidency;
}

/** Everything that a system keeps of one texture. Owns table, binding and supply. */
export class TextureState {
  /** Unique within a system and never used again. */
  readonly id: number;
  readonly description: TextureDescription;
  readonly supply: TileSupply;
  readonly placement: Placement;
  readonly pool: GpuPool;
  readonly table: PageTable;
  readonly binding: VirtualTextureBinding;
  readonly residency: TextureResidency;
  /** Tiles that the camera needs in this update. */
  readonly wants: TileList = new TileList();
  /** What the camera's footprints have named since feedback was last recorded. */
  readonly footprints: DrawnFootprints = new DrawnFootprints();
  /** Tiles beyond those that the GPU says it sampled. */
  readonly feedback: FeedbackWants = new FeedbackWants();
  /** Whether its tail is resident, so that it can be drawn and streamed. */
  isLoaded = false;
  /** Why a tile could not be made the last time. */
  lastFailure: Error | null = null;
  /** Bias that the shaders draw with since the last time they were told. */
  drawnLodBias = 0;
  /** Whether a failure to read it was reported. */
  warned = false;
  /** What callers hold of it. */
  readonly handle: StreamedTexture;
  readonly #counted = new IntMap(256);

  constructor(id: number, parts: TextureParts) {
    this.id = id;
    this.description = parts.description;
    this.supply = parts.supply;
    this.placement = parts.placement;
    this.pool = parts.pool;
    this.table = parts.table;
    this.binding = parts.binding;
    this.residency = parts.residency;
    const { description, placement, binding } = parts;
    this.handle = new StreamedTexture({ id, description, placement, binding });
  }

  /** Its tiles. */
  get grid(): TileGrid {
    return this.description.grid;
  }

  /** Makes the content of its tiles. */
  get producer(): TileProducer<unknown> {
    return this.supply.producer;
  }

  /** Puts their content into slots. */
  get recorder(): TileRecorder<unknown> {
    return this.supply.recorder;
  }

  /** Whether its content is drawn, in scratch memory, instead of uploaded. */
  get isDrawn(): boolean {
    return this.recorder.memory === "scratch";
  }

  /**
   * Takes tiles off the list of wants, from index `start` on, that stand on it before.
   *
   * @returns Number of tiles from `start` on that are left.
   */
  dropRepeatedWants(start: number): number {
    const { wants } = this;
    const { tiles, coverage, reasons } = wants;
    const counted = this.#counted;
    counted.clear();
    for (let i = 0; i < start; i++) counted.set(tiles[i]!, 1);
    let to = start;
    for (let i = start; i < wants.count; i++) {
      const tile = tiles[i]!;
      if (counted.has(tile)) continue;
      counted.set(tile, 1);
      tiles[to] = tile;
      coverage[to] = coverage[i]!;
      reasons[to++] = reasons[i]!;
    }
    wants.count = to;
    return to - start;
  }

  /** Frees what it owns. */
  destroy(): void {
    this.binding.destroy();
    this.table.destroy();
    this.supply.close();
  }
}
