/**
 * A producer whose tiles depend on sources that come late.
 *
 * @module
 */

import type {
  FailedTile,
  RequestAnswer,
  Ticket,
  TileProducer,
} from "../../../src/residency/mod.ts";
import type { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { KINDS } from "./drawn_pair.ts";
import type { DrawnTile } from "./drawn_producer.ts";
import { describeDrawn, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

interface Request {
  readonly version: number;
  readonly changes: number;
}

/** Answers `pending` for the tiles whose sources are not there yet. */
export class SourcedProducer implements TileProducer<DrawnTile> {
  /** Tiles whose sources are not there. */
  readonly lacking = new Set<number>();
  /** Tiles in the order in which they were withdrawn. */
  readonly cancelled: number[] = [];
  /** Tickets that were handed out and not given back. */
  heldTickets = 0;
  readonly #world: DrawnWorld;
  readonly #requests = new Map<number, Request>();
  #notify: (() => void) | null = null;

  constructor(world: DrawnWorld) {
    this.#world = world;
  }

  /** Lets the sources of a tile come. */
  supplySources(tile: number): void {
    this.lacking.delete(tile);
    this.#notify?.();
  }

  /** Whether a tile was asked for, and neither handed out nor withdrawn. */
  isAsked(tile: number): boolean {
    return this.#requests.has(tile);
  }

  request(tile: number, version: number): RequestAnswer {
    const open = this.#requests.get(tile);
    if (open === undefined || open.version < version) {
      this.#requests.set(tile, { version, changes: this.#world.changes[tile]! });
    }
    if (this.lacking.has(tile)) return "pending";
    this.#notify?.();
    return "available";
  }

  cancel(tile: number): void {
    this.#requests.delete(tile);
    this.cancelled.push(tile);
  }

  takeFinishedTiles(maxTiles: number): Ticket<DrawnTile>[] {
    const ready = [...this.#requests].filter(([tile]) => !this.lacking.has(tile));
    return ready.slice(0, maxTiles).map(([tile, { version, changes }]) => {
      this.#requests.delete(tile);
      this.heldTickets++;
      return { tile, version, payload: { tile, changes }, release: () => this.heldTickets-- };
    });
  }

  takeFailures(): FailedTile[] {
    return [];
  }

  get pendingCount(): number {
    return this.#requests.size;
  }

  get finishedCount(): number {
    return [...this.#requests.keys()].filter((tile) => !this.lacking.has(tile)).length;
  }

  setListener(notify: (() => void) | null): void {
    this.#notify = notify;
  }
}

/** Adds a texture with such a producer. */
export async function addSourced(system: VirtualTextureSystem, side = 1024) {
  const world = new DrawnWorld(new TileGrid(side, side, 64));
  const formats = KINDS[0]!;
  const producer = new SourcedProducer(world);
  const texture = await system.addTexture(
    describeDrawn(world, formats),
    ({ device, ledger }) => ({ ...drawnSupply({ device, ledger, world, formats }), producer }),
  );
  return { world, producer, texture };
}
