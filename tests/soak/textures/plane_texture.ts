/**
 * Textures of several planes, which a supply of the caller's own makes.
 *
 * @module
 */

import { TileUploader } from "../../../src/gpu/mod.ts";
import type {
  FailedTile,
  RequestAnswer,
  Ticket,
  TileProducer,
} from "../../../src/residency/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { ChangingMap, type MapShape } from "./changing_map.ts";
import type { ReadFaults } from "./read_faults.ts";
import type { LoadOptions, SoakTexture } from "./soak_texture.ts";

/** Tiles that may be in flight. */
const MOST_IN_FLIGHT = 12;
const STAGING_BYTES = 2 ** 20;

type Planes = readonly Uint8Array[];

interface Request {
  readonly tile: number;
  readonly version: number;
  readonly abort: AbortController;
  planes: Planes | null;
}

/** Makes every plane of a tile at once. */
class PlaneProducer implements TileProducer<Planes> {
  /** Tickets that were handed out and not given back. */
  heldTickets = 0;
  readonly #makeTile: (tile: number, signal: AbortSignal) => Promise<Planes>;
  readonly #requests = new Map<number, Request>();
  #failures: FailedTile[] = [];
  #notify: (() => void) | null = null;

  constructor(makeTile: (tile: number, signal: AbortSignal) => Promise<Planes>) {
    this.#makeTile = makeTile;
  }

  request(tile: number, version: number): RequestAnswer {
    const open = this.#requests.get(tile);
    if (open !== undefined && open.version >= version) {
      return open.planes === null ? "pending" : "available";
    }
    if (open === undefined && this.#requests.size >= MOST_IN_FLIGHT) return "saturated";
    this.cancel(tile);
    const request: Request = { tile, version, abort: new AbortController(), planes: null };
    this.#requests.set(tile, request);
    this.#make(request);
    return "pending";
  }

  async #make(request: Request): Promise<void> {
    const { tile, version, abort } = request;
    try {
      request.planes = await this.#makeTile(tile, abort.signal);
    } catch (error) {
      if (this.#requests.get(tile) !== request) return;
      this.#requests.delete(tile);
      this.#failures.push({ tile, version, error: error as Error });
    }
    this.#notify?.();
  }

  cancel(tile: number): void {
    this.#requests.get(tile)?.abort.abort();
    this.#requests.delete(tile);
    this.#failures = this.#failures.filter((failure) => failure.tile !== tile);
  }

  takeFinishedTiles(maxTiles: number): Ticket<Planes>[] {
    const taken: Ticket<Planes>[] = [];
    for (const { tile, version, planes } of this.#requests.values()) {
      if (taken.length === maxTiles) break;
      if (planes === null) continue;
      this.#requests.delete(tile);
      this.heldTickets++;
      taken.push({ tile, version, payload: planes, release: () => this.heldTickets-- });
    }
    return taken;
  }

  takeFailures(): FailedTile[] {
    return this.#failures.splice(0);
  }

  get pendingCount(): number {
    return this.#requests.size;
  }

  get finishedCount(): number {
    let count = this.#failures.length;
    for (const { planes } of this.#requests.values()) if (planes !== null) count++;
    return count;
  }

  setListener(notify: (() => void) | null): void {
    this.#notify = notify;
  }
}

/** A texture of one to three planes. */
export class PlaneTexture implements SoakTexture {
  readonly kind: string;
  readonly changes: ChangingMap;
  readonly faults: ReadFaults;
  readonly tellsPlaces = false;
  readonly #formats: readonly TexelFormat[];
  /** Of every system that it was loaded into and not unloaded. */
  readonly #producers = new Set<PlaneProducer>();

  constructor(formats: readonly TexelFormat[], shape: MapShape, faults: ReadFaults) {
    this.kind = `a supply of ${formats.length} planes`;
    this.#formats = formats;
    this.changes = new ChangingMap(shape);
    this.faults = faults;
  }

  load(system: VirtualTextureSystem, options: LoadOptions): Promise<StreamedTexture> {
    const { grid, border } = this.changes;
    const description = {
      name: this.kind,
      info: "made for a soak",
      grid,
      border,
      formats: this.#formats,
      colorSpace: "linear",
    } as const;
    return system.addTexture(description, ({ device, ledger }) => {
      const uploader = new TileUploader(device, ledger, { maxBytes: STAGING_BYTES });
      const producer = new PlaneProducer((tile, signal) => this.#makeTile(tile, signal));
      this.#producers.add(producer);
      return {
        producer,
        recorder: uploader.recorderFor(this.#formats, grid.tileSize + 2 * border),
        close: () => void this.#producers.delete(producer),
      };
    }, options);
  }

  async #makeTile(tile: number, signal: AbortSignal): Promise<Planes> {
    const { grid } = this.changes;
    const { level, x, y } = grid.addressOf(tile);
    let planes: Planes = [];
    await this.faults.read({
      tile,
      isTail: level >= grid.tailLevel,
      signal,
      read: () => {
        planes = this.#planesNow(level, x, y);
        return Promise.resolve(planes[0]!);
      },
    });
    return planes;
  }

  #planesNow(level: number, x: number, y: number): Planes {
    return this.#formats.map((format) => this.changes.slotBytes(format, level, x, y));
  }

  planesOf(_texture: StreamedTexture, level: number, x: number, y: number): Promise<Planes> {
    return Promise.resolve(this.#planesNow(level, x, y));
  }

  heldCount(): number {
    let held = 0;
    for (const { heldTickets } of this.#producers) held += heldTickets;
    return held;
  }
}
