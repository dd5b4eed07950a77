/**
 * Pools, textures and producers for tests of residency.
 *
 * @module
 */

import {
  type AdmissionBudget,
  packPageEntry,
  PAGE_ENTRY_NONE,
  PoolResidency,
  type RequestAnswer,
  Residency,
  TextureResidency,
  type Ticket,
  type TileCost,
  type TileProducer,
} from "../../src/residency/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";

/** A request of a {@linkcode FakeProducer}, which is also the ticket for it. */
export interface Asked extends Ticket<null> {
  readonly texture: number;
  priority: number;
}

/** What the producers of a world were asked for, in order, all of them together. */
export class RequestLog {
  readonly asked: Asked[] = [];
  /** Requests that may be open at a time. */
  limit = 6;
}

/** A producer whose requests a test finishes, in any order. */
export class FakeProducer implements TileProducer<null> {
  readonly texture: number;
  readonly log: RequestLog;
  /** Answers `saturated` to everything. */
  isSaturated = false;
  renewals = 0;

  constructor(texture: number, log: RequestLog) {
    this.texture = texture;
    this.log = log;
  }

  request(tile: number, version: number, priority: number): RequestAnswer {
    const open = this.log.asked.find((one) => one.texture === this.texture && one.tile === tile);
    if (open !== undefined) {
      open.priority = priority;
      this.renewals++;
      return "pending";
    }
    if (this.isSaturated || this.log.asked.length >= this.log.limit) return "saturated";
    const { texture } = this;
    this.log.asked.push({ texture, tile, version, priority, payload: null, release() {} });
    return "pending";
  }

  cancel(tile: number): void {
    const { asked } = this.log;
    const at = asked.findIndex((one) => one.texture === this.texture && one.tile === tile);
    if (at >= 0) asked.splice(at, 1);
  }

  takeFinishedTiles(): Ticket<null>[] {
    return [];
  }

  takeFailures() {
    return [];
  }

  get pendingCount() {
    return this.log.asked.filter((one) => one.texture === this.texture).length;
  }

  get finishedCount() {
    return 0;
  }

  setListener() {}
}

/** A budget that lets everything through but so many tiles. */
export function budgetOf(budget: Partial<AdmissionBudget>): AdmissionBudget {
  const { tiles = 1e9, aheadTiles = tiles, staleTiles = tiles } = budget;
  const open = {
    bytes: Infinity,
    gpuMs: Infinity,
    drawnTiles: Infinity,
    staleDrawnTiles: Infinity,
    isUploading: false,
    isDrawing: false,
  };
  return { ...open, ...budget, tiles, aheadTiles, staleTiles };
}

/** Packs page entries of an atlas of so many columns. */
export function packerFor(columns: number) {
  return (slot: number, level: number) =>
    packPageEntry(slot % columns, Math.floor(slot / columns), 0, level);
}

/** A texture of a world, with what a GPU would hold of its table. */
export interface WorldTexture {
  readonly residency: TextureResidency;
  readonly producer: FakeProducer;
  readonly table: Uint32Array;
}

/** A pool that textures share. */
export interface World {
  readonly residency: Residency;
  readonly textures: WorldTexture[];
  readonly requests: RequestLog;
  readonly pool: PoolResidency;
}

/** What a tile costs in a world, unless said otherwise. */
export const COST: TileCost = { uploadBytes: 1, scratchBytes: 0, gpuMs: 0 };

/** Gives finished work to the texture that asked for it. */
export function landAsked(world: World, ticket: Asked) {
  return world.residency.land(world.textures[ticket.texture]!.residency, ticket);
}

/** Makes a texture's tail resident, as loading does. */
export function landTail(residency: Residency, texture: TextureResidency): void {
  const { levels, tailLevel } = texture.grid;
  for (const { firstTile: tile } of levels.slice(tailLevel)) {
    const version = texture.versions.newest;
    residency.notePending(texture, tile, version);
    residency.land(texture, { tile, version, payload: null, release() {} });
  }
}

/** A world whose textures, of tiles of 32 texels, have nothing but their tails. */
export function makeWorld(sizes: number[][], capacity: number, cost: TileCost = COST): World {
  const residency = new Residency();
  const requests = new RequestLog();
  const pool = new PoolResidency(capacity, packerFor(Math.max(5, Math.ceil(capacity / 256))));
  const textures = sizes.map(([width, height], id) => {
    const grid = new TileGrid(width!, height!, 32);
    const producer = new FakeProducer(id, requests);
    const texture = new TextureResidency(id, { grid, pool, producer, recorder: { cost } });
    residency.addTexture(texture);
    residency.beginFrame();
    landTail(residency, texture);
    return {
      residency: texture,
      producer,
      table: new Uint32Array(grid.tileCount).fill(PAGE_ENTRY_NONE),
    };
  });
  return { residency, textures, requests, pool };
}
