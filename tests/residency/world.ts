/**
 * Pools, textures and a producer for tests of residency.
 *
 * @module
 */

import {
  packPageEntry,
  PAGE_ENTRY_NONE,
  PoolResidency,
  type RequestAnswer,
  Residency,
  TextureResidency,
  type Ticket,
  type TileProducer,
} from "../../src/residency/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";

/** A producer that finishes what it is told to, in any order. */
export class FakeProducer implements TileProducer<null> {
  readonly asked: Ticket<null>[] = [];
  limit = 6;
  request(textureId: number, tile: number, version: number): RequestAnswer {
    if (this.asked.length >= this.limit) return "saturated";
    this.asked.push({ textureId, tile, version, payload: null, byteLength: 1 });
    return "pending";
  }
  cancel(textureId: number, tile: number): void {
    const at = this.asked.findIndex((t) => t.textureId === textureId && t.tile === tile);
    if (at >= 0) this.asked.splice(at, 1);
  }
  take(): Ticket<null>[] {
    return [];
  }
  takeFailures() {
    return [];
  }
  get pendingCount() {
    return this.asked.length;
  }
  get finishedCount() {
    return 0;
  }
  settled() {
    return Promise.resolve();
  }
}

/** Packs page entries of an atlas of so many columns. */
export function packerFor(columns: number) {
  return (slot: number, level: number) =>
    packPageEntry(slot % columns, Math.floor(slot / columns), 0, level);
}

/** A pool that textures share, with what a GPU would hold of each texture's table. */
export interface World {
  residency: Residency;
  textures: { residency: TextureResidency; table: Uint32Array }[];
  producer: FakeProducer;
  pool: PoolResidency;
}

/** A world whose textures, of tiles of 32 texels, have nothing but their tails. */
export function makeWorld(sizes: number[][], capacity: number): World {
  const residency = new Residency();
  const producer = new FakeProducer();
  const pool = new PoolResidency(capacity, packerFor(5));
  const textures = sizes.map(([width, height], id) => {
    const grid = new TileGrid(width!, height!, 32);
    const texture = new TextureResidency(id, { grid, pool, producer });
    residency.addTexture(texture);
    residency.beginFrame();
    for (const level of grid.levels.slice(grid.tailLevel)) {
      residency.pin(texture, level.firstTile);
    }
    return {
      residency: texture,
      table: new Uint32Array(grid.tileCount).fill(PAGE_ENTRY_NONE),
    };
  });
  return { residency, textures, producer, pool };
}
