/**
 * The baked low mips of a volume in a scene: whether they can be used, and which tiles of them are stale.
 *
 * @module
 */

import { isError, thrownText } from "../../checks.ts";
import { FileError, MalformedFileError, OutOfRangeError } from "../../errors.ts";
import type { OrientedBox } from "../../geometry/mod.ts";
import type { FailedTile } from "../../residency/mod.ts";
import { openTileStore, type TileStore } from "../../sources/mod.ts";
import type { SupplyCounters } from "../../streaming/mod.ts";
import { type BakeRecord, readRecord } from "./bake_record.ts";
import { type BakeSettings, settingDifferences, shortened } from "./bake_settings.ts";
import { type BakedTexture, BakedTiles } from "./baked_tiles.ts";
import { isIncomplete } from "./incomplete_tiles.ts";
import {
  firstIdentifiedLevel,
  identifiedTile,
  IDENTITY_DIGITS,
  standsForFiner,
  type TileIdentities,
} from "./tile_identities.ts";
import type { VirtualTextureBuilder } from "./virtual_texture_builder.ts";

/** A streaming texture that baked tiles are made from. */
export interface SampledStream {
  readonly name: string;
  /** Whether something tells what it holds. */
  readonly isIdentified: boolean;
  /** Whether it can be sampled now. */
  readonly isLoaded: boolean;
}

/** What low mips are placed for. */
export interface LowMipsPlace {
  readonly texture: BakedTexture;
  readonly settings: BakeSettings;
  /** What the tiles are made of now. */
  readonly identities: TileIdentities;
  /** The streaming textures that they are made from. */
  readonly streamed: () => readonly SampledStream[];
  /** Where they are kept; null if they were never built. */
  readonly builder: VirtualTextureBuilder | null;
  /** A test of whether tiles of the texture show something of some boxes. */
  readonly touchTest: (boxes: readonly OrientedBox[]) => (tile: number) => boolean;
  /** Whether tiles are read. */
  readonly isUsed: boolean;
  /** Whether those that are stale are rendered. */
  readonly rendersStale: boolean;
  /** Whether the next build tints them. */
  readonly wantsTint: () => boolean;
  /** Name of the volume in warnings. */
  readonly volumeName: string;
  /** Hears at once of tiles that cannot be read, the first time. */
  readonly warn: (message: string) => void;
}

/** A tile in the baked low mips of a volume. */
export interface BakedTileState {
  /** The name of the builder. */
  readonly builder: string;
  /** Whether the tile comes from there, and is not rendered. */
  readonly isUsed: boolean;
  /** Whether it would be another one if it was built now. */
  readonly isStale: boolean;
  /** Whether it was made from less than materials sample, as that could not be read or had no room. */
  readonly isIncomplete: boolean;
}

const NOTHING_READ: SupplyCounters = Object.freeze({ bytesRead: 0, bytesUsed: 0 });

/** What a store was found to hold. */
interface Opened {
  readonly store: TileStore;
  readonly record: BakeRecord;
  readonly tiles: BakedTiles;
}

/** Low mips as they were when their volume was placed. Owns the store. */
export class PlacedLowMips {
  readonly #place: LowMipsPlace;
  readonly #opened: Opened | null;
  /** Tiles that show something of the regions that are known to be stale. */
  #marked: ReadonlySet<number> = new Set();
  #markedBoxes: readonly OrientedBox[] = [];
  /** Why nothing is read; null if it can be. */
  readonly fault: Error | null;

  private constructor(place: LowMipsPlace, opened: Opened | null, fault: Error | null) {
    this.#place = place;
    this.#opened = opened;
    this.fault = fault;
  }

  /** Opens what a builder holds. Never fails: what cannot be used has a fault. */
  static async open(place: LowMipsPlace): Promise<PlacedLowMips> {
    let store: TileStore | null = null;
    try {
      store = await openedBuilder(place.builder);
      return new PlacedLowMips(place, openedStore(store, place), null);
    } catch (thrown) {
      store?.close();
      const fault = isError(thrown) ? thrown : new Error(thrownText(thrown), { cause: thrown });
      return new PlacedLowMips(place, null, fault);
    }
  }

  /** The tiles that can be read; null if none can, or none are to be. */
  get tiles(): BakedTiles | null {
    return this.#place.isUsed ? this.#opened?.tiles ?? null : null;
  }

  /** Coarsest levels of the texture that are read; 0 for none. */
  get streamedLevels(): number {
    return this.tiles?.levelCount ?? 0;
  }

  /** Bytes that were read. */
  get counters(): SupplyCounters {
    return this.#opened?.store.counters ?? NOTHING_READ;
  }

  /** Another text whenever tiles may have become stale by what the scene holds now. */
  get sceneVersion(): string {
    return this.#place.rendersStale ? this.#place.identities.version : "";
  }

  /** Whether a tile is read, and not rendered. */
  isServed(tile: number): boolean {
    const { tiles } = this;
    if (tiles === null || !tiles.has(tile)) return false;
    return !this.#place.rendersStale || !(this.#isStale(tile) || this.#isIncomplete(tile));
  }

  /** What is known of a tile; null if it is not of a level that was baked, or nothing can be read. */
  stateOf(tile: number): BakedTileState | null {
    if (this.#opened === null || !this.#opened.tiles.has(tile)) return null;
    return {
      builder: this.#place.builder!.name,
      isUsed: this.isServed(tile),
      isStale: this.#isStale(tile),
      isIncomplete: this.#isIncomplete(tile),
    };
  }

  /** Whether an edit leaves a tile as it is, as that is read whatever the scene holds. */
  isFixed(tile: number): boolean {
    return !this.#place.rendersStale && this.isServed(tile);
  }

  /** Whether a tile shows something of a region that is stale whatever the scene holds. */
  #isMarked(tile: number): boolean {
    const boxes = this.#place.builder?.staleRegions.boxes ?? [];
    if (boxes !== this.#markedBoxes) {
      this.#markedBoxes = boxes;
      const all = boxes.length === 0 ? [] : this.#opened!.tiles.tiles;
      this.#marked = new Set(all.filter(this.#place.touchTest(boxes)));
    }
    return this.#marked.has(tile);
  }

  /** Whether a tile of a level that was baked would be another one now. */
  #isStale(tile: number): boolean {
    if (this.#isMarked(tile)) return true;
    const { store: { grid }, record: { identities }, tiles } = this.#opened!;
    const baked = identifiedTile(grid, tiles.bakedTileOf(tile));
    const at = IDENTITY_DIGITS * (baked - grid.level(firstIdentifiedLevel(grid)).firstTile);
    const known = identities.slice(at, at + IDENTITY_DIGITS);
    const tileNow = tiles.tileOf(baked);
    // Nothing is known by the tiles of a level that the texture leaves out.
    if (tileNow === null) return false;
    const withFiner = standsForFiner(grid, baked);
    return known !== this.#place.identities.digitsOf(tileNow, { withFiner });
  }

  /** Tiles that would be other ones now; 0 if nothing can be read. */
  get staleCount(): number {
    return this.#opened?.tiles.tiles.filter((tile) => this.#isStale(tile)).length ?? 0;
  }

  /** Whether a tile of a level that was baked lacks something of what its materials sample. */
  #isIncomplete(tile: number): boolean {
    const { store: { grid }, record: { incomplete }, tiles } = this.#opened!;
    return isIncomplete(incomplete, grid, tiles.bakedTileOf(tile));
  }

  /** Notes that a tile could not be read: it is rendered from now on. */
  noteFailed({ tile, error }: FailedTile): void {
    const { tiles } = this.#opened!;
    if (tiles.failure === null) {
      this.#place.warn(`${this.#about}, where they cannot be read: ${error.message}`);
    }
    tiles.noteFailed(tile, error);
  }

  get #about(): string {
    const { volumeName, texture: { name } } = this.#place;
    return aboutText(volumeName, name);
  }

  /** That tiles lack something, whatever the scene holds now; null if none do, or nothing can be read. */
  incompleteWarning(): string | null {
    const all = this.#opened?.tiles.tiles ?? [];
    const count = all.filter((tile) => this.#isIncomplete(tile)).length;
    if (count === 0) return null;
    return incompleteText(count, { tileCount: all.length, volumeName: this.#place.volumeName });
  }

  /** What is not as it should be, as the scene is now; empty if all is. */
  warnings(): string[] {
    if (this.fault !== null) return [`${this.#about}: ${this.fault.message}`];
    const { tiles, record } = this.#opened!;
    const { volumeName, texture: { name, count, grid } } = this.#place;
    const volume = `volume "${volumeName}" of "${name}"`;
    const warnings: string[] = [];
    const wanted = Math.min(count, grid.levelCount);
    if (tiles.levelCount < wanted) {
      warnings.push(
        `${tiles.levelCount} of ${wanted} low mips of ${volume} are built: build them again`,
      );
    }
    const all = tiles.tiles;
    const stale = this.staleCount;
    if (stale > 0) {
      warnings.push(
        `${stale} of ${all.length} baked tiles of ${volume} are stale, as the scene was edited ` +
          `since they were built: build them again`,
      );
    }
    for (const { name, isIdentified, isLoaded } of this.#place.streamed()) {
      if (!isLoaded) {
        warnings.push(
          `Baked tiles of ${volume} show streaming texture "${name}", which is not loaded: tiles that are ` +
            `rendered lack it. Load it, and use the new one in materials`,
        );
      }
      if (stale > 0 && !isIdentified) {
        warnings.push(
          `Baked tiles of ${volume} that show streaming texture "${name}" are stale in every session but ` +
            `that in which they were built, as nothing tells what it holds: load it with the option identity`,
        );
      }
    }
    const incomplete = this.incompleteWarning();
    if (incomplete !== null) warnings.push(`${incomplete}. Build them again`);
    if (tiles.failure !== null) {
      warnings.push(
        `${tiles.failedCount} of ${all.length} baked tiles of ${volume} are rendered as they ` +
          `cannot be read: ${tiles.failure.message}`,
      );
    }
    if (!record.isTinted && this.#place.wantsTint()) {
      warnings.push(
        `Low mips of ${volume} were built without buildDebug: build them again to see where they are used`,
      );
    }
    if (record.isTinted) {
      warnings.push(`Low mips of ${volume} were built with buildDebug: their colours are tinted`);
    }
    return warnings;
  }

  /** Closes the store; tiles cannot be read any more. */
  close(): void {
    this.#opened?.store.close();
  }
}

/** Says that tiles of a bake lack something. */
export function incompleteText(
  count: number,
  { tileCount, volumeName }: { readonly tileCount: number; readonly volumeName: string },
): string {
  return `${count} of ${tileCount} baked tiles of volume "${volumeName}" lack something of what ` +
    `their materials sample: it could not be read, or had no room, when they were built`;
}

function aboutText(volumeName: string, textureName: string): string {
  return `Low mips of volume "${volumeName}" of "${textureName}" are rendered`;
}

/** @throws {OutOfRangeError} if nothing was built. */
async function openedBuilder(builder: VirtualTextureBuilder | null): Promise<TileStore> {
  let where = "";
  try {
    const source = await builder?.openSource() ?? null;
    if (source !== null) return await openTileStore(source);
  } catch (error) {
    if (!(error instanceof FileError && error.code === "file-not-found")) throw error;
    where = ` in ${builder!.name}`;
  }
  throw new OutOfRangeError("virtualTextureBuilder", `none are built${where}: build them`);
}

/**
 * What a store says of itself.
 *
 * @throws {MalformedFileError} if it is no bake.
 * @throws {OutOfRangeError} if it is that of another texture.
 */
function recordOf(store: TileStore, textureName: string): BakeRecord {
  const record = readRecord(store);
  if (record?.name === textureName) return record;
  if (record !== null) {
    throw new OutOfRangeError(
      "virtualTextureBuilder",
      `${store.name} holds low mips of "${shortened(record.name)}" and must hold those of ` +
        `"${textureName}": give the volume a builder of its own, and build them`,
    );
  }
  throw new MalformedFileError(
    store.name,
    `${store.name} must hold low mips of a runtime virtual texture: it holds ` +
      `"${shortened(store.description.source.name)}" (${shortened(store.info)})`,
  );
}

/**
 * What a store holds, once it is known to be a bake of the texture.
 *
 * @throws {MalformedFileError} if it is something else.
 * @throws {OutOfRangeError} naming the settings if it was built with others.
 */
function openedStore(store: TileStore, { settings, texture }: LowMipsPlace): Opened {
  const record = recordOf(store, texture.name);
  const differences = settingDifferences(record.settings, settings);
  if (differences.length > 0) {
    throw new OutOfRangeError(
      "virtualTextureBuilder",
      `${store.name} was built of "${shortened(record.name)}" with other settings: ${
        differences.join(", ")
      }. Build it again`,
    );
  }
  return { store, record, tiles: new BakedTiles(store, texture) };
}
