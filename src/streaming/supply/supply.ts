/**
 * What a system needs to stream any texture: a description and a supply.
 *
 * @module
 */

import type {
  ForgeDevice,
  MemoryLedger,
  TexelTap,
  TileRecorder,
  TileUploader,
} from "../../gpu/mod.ts";
import type { TileProducer } from "../../residency/mod.ts";
import type { TileSource, ValueStatistics } from "../../sources/mod.ts";
import type { Appearance, ColorSpace, TexelFormat } from "../../texels/mod.ts";
import type { TileGrid, Wrap } from "../../tiles/mod.ts";
import type { SourceTiles } from "./source_tiles.ts";
import type { InFlightBudget } from "./in_flight_budget.ts";

/** Borders that tiles may have, in texels: slots are then whole blocks of every format. */
export const TILE_BORDERS: readonly number[] = Object.freeze([0, 2, 4, 6, 8]);

/** What a texture is. */
export interface TextureDescription {
  /** Display name of the source. */
  readonly name: string;
  /** One line about it: container, scheme, which levels were baked and why. */
  readonly info: string;
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Texels around a tile's payload that belong to its neighbours: 0, 2, 4, 6 or 8. */
  readonly border: number;
  /** Format of each plane in the atlas: one to three. */
  readonly formats: readonly TexelFormat[];
  /** How the stored values of plane 0 are to be read; "srgb" if its format is one of sRGB's. */
  readonly colorSpace: ColorSpace;
  /** Whether alpha is 1 whatever the texels say; default false. */
  readonly opaque?: boolean;
  /**
   * How it goes on beyond its edges; default `"clamp"`. What tiles hold beyond the edges of their level must be
   * so: the nearest texel, or the one of the other side.
   */
  readonly wrap?: Wrap;
  /** How the texels of its tiles are meant, such as the directions of columns and rows; default as usual. */
  readonly appearance?: Appearance;
  /** How `render` taps each plane; default as the device filters its format, see `StreamedTexture.taps`. */
  readonly taps?: readonly TexelTap[];
  /**
   * Whether the fourth channel of planes holds data and no alpha, so that `render` shows them opaque;
   * default false.
   */
  readonly alphaIsData?: boolean;
  /**
   * How much its tiles are wanted against those of other textures: an integer from -4 to 3, default 0.
   * Each step doubles the weight of what its tiles cover, or of their age if they are stale; what is
   * seen still comes before what is loaded ahead, and every texture keeps its share.
   */
  readonly priority?: number;
  /**
   * A text that is another one whenever the content is, as far as that is known without reading it: what is
   * baked from the texture is stale then. Default none.
   */
  readonly identity?: string;
  /** Statistics of the values that it was made from; default null, unknown. */
  readonly valueStatistics?: ValueStatistics | null;
  /**
   * What a sampled value of 1 stands for in units of the file: 255 for uint8, 65535 for uint16; default what
   * the format of plane 0 says.
   */
  readonly valueScale?: number;
}

/** Least and highest {@linkcode TextureDescription.priority}. */
export const PRIORITY_RANGE: readonly [number, number] = Object.freeze([-4, 3]);

/** Bytes that a supply took from its source, and those of them that tiles were made of. */
export interface SupplyCounters {
  /** Bytes that were read. */
  readonly bytesRead: number;
  /** Bytes of those that tiles were made of. */
  readonly bytesUsed: number;
}

/** The producer of a texture's tiles, and the recorder that puts them into the atlas. */
export interface TileSupply<Payload = unknown> {
  /** Makes the content of tiles. */
  readonly producer: TileProducer<Payload>;
  /** Puts content into slots. */
  readonly recorder: TileRecorder<Payload>;
  /** What was read so far; a supply that reads nothing leaves it out. */
  readonly counters?: SupplyCounters | undefined;
  /** Frees what the supply owns, and ends its work. Called once; also when the device was lost. */
  close(): void;
}

/** When a supply may map what it reads back from the GPU. */
export interface SupplyReadbacks {
  /** Whether time on the GPU may be measured: not with a clock of the caller's. */
  readonly measuresTime: boolean;
  /**
   * Calls a function whenever feedback is mapped, at most once in an update, before its submit.
   *
   * @param isDue Whether it has something to map or to take, so that an update without feedback calls it, too;
   * default never.
   * @returns A function that ends this.
   */
  subscribe(listener: () => void, isDue?: () => boolean): () => void;
}

/** What a supply may use of the system that it is added to; all of it is borrowed. */
export interface SupplyHost {
  /** The system's device as it is now: once it is lost, the supply is made anew with another one. */
  readonly device: ForgeDevice;
  /** Counts the supply's buffers and textures against the system's budget. */
  readonly ledger: MemoryLedger;
  /** Other textures, for content that is made from them. */
  readonly sources: SourceTiles;
  /** When the supply may map what it reads back, and whether it may measure time. */
  readonly readbacks: SupplyReadbacks;
}

/**
 * Makes a supply for a system. It is called again when the system's device was lost and another has
 * taken its place: the supply that was made before is closed by then, and the new one, for the new
 * device, makes every tile that is wanted once more. So each call returns a supply with a producer and
 * GPU objects of its own.
 */
// deno-lint-ignore no-explicit-any -- only a supply's own recorder looks into its payloads
export type MakeSupply = (host: SupplyHost) => TileSupply<any>;

/** What a system works with to make supplies of its own. */
export interface SupplyShared extends SupplyHost {
  /** Uploads the tiles of all textures. */
  readonly uploader: TileUploader;
  /** Memory for tiles in flight. */
  readonly inFlight: InFlightBudget;
}

/** What a texture's supplies are made from, one for each device that the system has had. */
export interface TextureOrigin {
  /** Makes a supply. */
  makeSupply(shared: SupplyShared): TileSupply;
  /** What all its supplies have read; left out where each counts for itself. */
  readonly counters?: SupplyCounters | undefined;
  /** Where its tiles come from, if that is a source. */
  readonly source?: TileSource;
  /** Frees what outlives a supply. */
  close(): void;
}
