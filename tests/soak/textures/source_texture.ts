/**
 * Textures that a source of the caller's own gives, tile by tile.
 *
 * @module
 */

import type { ReadOptions, TileSource } from "../../../src/sources/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { type ColorSpace, formatInfo, type TexelFormat } from "../../../src/texels/mod.ts";
import type { TileGrid } from "../../../src/tiles/mod.ts";
import { ChangingMap, type MapShape } from "./changing_map.ts";
import type { ReadFaults } from "./read_faults.ts";
import type { LoadOptions, SoakTexture } from "./soak_texture.ts";

/** A source of a map whose reads go wrong. */
class MapSource implements TileSource {
  readonly name: string;
  readonly format: TexelFormat;
  readonly info = "made for a soak";
  readonly counters = { bytesRead: 0, bytesUsed: 0 };
  readonly #map: ChangingMap;
  readonly #faults: ReadFaults;

  constructor(name: string, format: TexelFormat, parts: { map: ChangingMap; faults: ReadFaults }) {
    this.name = name;
    this.format = format;
    this.#map = parts.map;
    this.#faults = parts.faults;
  }

  get grid(): TileGrid {
    return this.#map.grid;
  }

  get border(): number {
    return this.#map.border;
  }

  get colorSpace(): ColorSpace {
    return formatInfo(this.format).colorSpace;
  }

  readTile(level: number, x: number, y: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const { grid } = this;
    return this.#faults.read({
      tile: grid.tileIndexOf(level, x, y),
      isTail: level >= grid.tailLevel,
      signal: options.signal,
      read: () => Promise.resolve(this.#map.slotBytes(this.format, level, x, y)),
    });
  }

  close(): void {}
}

/** A texture of one format whose tiles a source gives. */
export class SourceTexture implements SoakTexture {
  readonly kind: string;
  readonly changes: ChangingMap;
  readonly faults: ReadFaults;
  readonly tellsPlaces: boolean;
  readonly #format: TexelFormat;

  constructor(format: TexelFormat, shape: MapShape, faults: ReadFaults) {
    this.kind = `a source of ${format}`;
    this.#format = format;
    this.changes = new ChangingMap(shape);
    this.faults = faults;
    this.tellsPlaces = format === "rgba8unorm";
  }

  load(system: VirtualTextureSystem, options: LoadOptions): Promise<StreamedTexture> {
    const { changes: map, faults } = this;
    return system.loadTexture(new MapSource(this.kind, this.#format, { map, faults }), options);
  }

  planesOf(
    _texture: StreamedTexture,
    level: number,
    x: number,
    y: number,
  ): Promise<readonly Uint8Array[]> {
    return Promise.resolve([this.changes.slotBytes(this.#format, level, x, y)]);
  }
}
