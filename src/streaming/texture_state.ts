import type { Placement } from "../geometry/mod.ts";
import type { PageTable, TileRecorder, VirtualTextureBinding } from "../gpu/mod.ts";
import { IntMap, type TextureResidency, type TileProducer } from "../residency/mod.ts";
import { type TileGrid, TileList } from "../tiles/mod.ts";
import { DrawnFootprints } from "./frame/drawn_footprints.ts";
import { FeedbackWants } from "./frame/feedback_wants.ts";
import type { GpuPool } from "./memory/gpu_pool.ts";
import { type LoadedFile, StreamedTexture } from "./streamed_texture.ts";
import { noteResidency } from "./tile_state.ts";
import type { TexturePlace } from "./texture_place.ts";
import type {
  SupplyCounters,
  TextureDescription,
  TextureOrigin,
  TileSupply,
} from "./supply/supply.ts";

/** What a {@linkcode TextureState} is made of. */
export interface TextureParts {
  readonly description: TextureDescription;
  /** What the supply was made from. */
  readonly origin: TextureOrigin;
  readonly supply: TileSupply;
  readonly place: TexturePlace;
  readonly pool: GpuPool;
  readonly table: PageTable;
  readonly binding: VirtualTextureBinding;
  readonly residency: TextureResidency;
  /** The file that it was loaded from; default none. */
  readonly file?: LoadedFile | null;
}

/**
 * Everything that a system keeps of one texture, on one device. Owns table, binding, supply and the
 * supply's origin.
 */
export class TextureState {
  /** Unique within a system and never used again. */
  readonly id: number;
  readonly description: TextureDescription;
  readonly origin: TextureOrigin;
  readonly supply: TileSupply;
  readonly place: TexturePlace;
  readonly pool: GpuPool;
  readonly table: PageTable;
  readonly binding: VirtualTextureBinding;
  readonly residency: TextureResidency;
  /** Tiles that the camera needs in this update. */
  readonly wants: TileList = new TileList();
  /** What the camera's footprints have named since feedback was last recorded. */
  readonly footprints: DrawnFootprints;
  /** Tiles beyond those that the GPU says it sampled. */
  readonly feedback: FeedbackWants;
  /** Whether its tail is resident, so that it can be drawn and streamed. */
  isLoaded = false;
  /** Whether the GPU has said that it shows what was resident when the last device was lost. */
  isRestored: boolean;
  /** Its place in the order in which loads have ended. */
  loadedAs: number;
  /** Bytes of its tiles that were uploaded. */
  bytesUploaded = 0;
  /** Why a tile could not be made the last time. */
  lastFailure: Error | null = null;
  /** Bias that the shaders draw with since the last time they were told. */
  drawnLodBias = 0;
  /** Whether a failure to read it was reported. */
  warned: boolean;
  /** What callers hold of it. */
  readonly handle: StreamedTexture;
  readonly #counted = new IntMap(256);

  /** @param before The same texture on a device that was lost. */
  constructor(id: number, parts: TextureParts, before: TextureState | null = null) {
    this.id = id;
    this.description = parts.description;
    this.origin = parts.origin;
    this.supply = parts.supply;
    this.place = parts.place;
    this.pool = parts.pool;
    this.table = parts.table;
    this.binding = parts.binding;
    this.residency = parts.residency;
    const { description, place, binding, file = null } = parts;
    this.footprints = before?.footprints ?? new DrawnFootprints();
    this.feedback = before?.feedback ?? new FeedbackWants();
    this.warned = before?.warned ?? false;
    this.loadedAs = before?.loadedAs ?? 0;
    this.isRestored = before === null;
    const { source = null } = this.origin;
    this.handle = before?.handle ??
      new StreamedTexture({ id, description, place, binding, file, source });
    noteResidency(this.handle, this.residency);
  }

  /** Bytes that its supplies have read so far. */
  get counters(): SupplyCounters | undefined {
    return this.origin.counters ?? this.supply.counters;
  }

  /** Its tiles. */
  get grid(): TileGrid {
    return this.description.grid;
  }

  /** Where it lies, for the last camera. */
  get placement(): Placement {
    return this.place.current;
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

  /** Whether content is drawn; some may be uploaded although the others are. */
  draws(payload: unknown): boolean {
    return this.isDrawn && !this.recorder.isUploaded?.(payload);
  }

  /**
   * Takes tiles off the list of wants, from index `start` on, that stand on it before.
   *
   * @param options `promotes`: whether a tile before that only stands in is kept as what its repetition is;
   * default true.
   * @returns Number of tiles from `start` on that are left.
   */
  dropRepeatedWants(start: number, { promotes = true }: { promotes?: boolean } = {}): number {
    const { wants } = this;
    const { tiles, coverage, reasons, standIns } = wants;
    const counted = this.#counted;
    counted.clear();
    for (let i = 0; i < start; i++) counted.set(tiles[i]!, i);
    let to = start;
    for (let i = start; i < wants.count; i++) {
      const tile = tiles[i]!;
      const before = counted.get(tile);
      if (before !== -1) {
        if (standIns[i] === 1) wants.standInCount--;
        else if (promotes) wants.promoteStandIn(before);
        continue;
      }
      counted.set(tile, to);
      tiles[to] = tile;
      coverage[to] = coverage[i]!;
      standIns[to] = standIns[i]!;
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
    // Until then its load may begin again, or fail and close it.
    if (this.isLoaded) this.origin.close();
  }
}
