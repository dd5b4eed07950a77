/**
 * The producer of streamed textures: reads tiles from their sources.
 *
 * @module
 */

import { MalformedFileError } from "../../errors.ts";
import type { FailedTile, RequestAnswer, Ticket, TileProducer } from "../../residency/mod.ts";
import type { TileSource } from "../../sources/mod.ts";
import type { TileAddress } from "../../tiles/mod.ts";

/** Texels of one tile: block bytes for each plane. */
export type TilePayload = readonly Uint8Array[];

interface Job {
  readonly textureId: number;
  readonly tile: number;
  readonly version: number;
  readonly abort: AbortController;
}

function keyOf(textureId: number, tile: number): string {
  return `${textureId}/${tile}`;
}

/** Reads tiles, a bounded number at a time. Owns no source. */
export class FileProducer implements TileProducer<TilePayload> {
  /** Bytes of tiles that may be under way or waiting to be taken. */
  readonly #limitBytes: () => number;
  readonly #sources = new Map<number, { source: TileSource; tileBytes: number }>();
  readonly #jobs = new Map<string, Job>();
  #finished: Ticket<TilePayload>[] = [];
  #failures: FailedTile[] = [];
  #heldBytes = 0;
  readonly #waiting = new Set<() => void>();

  /** @param limitBytes Says how many bytes of tiles may be held now. */
  constructor(limitBytes: () => number) {
    this.#limitBytes = limitBytes;
  }

  /** Adds a texture's source. */
  addSource(textureId: number, source: TileSource, tileBytes: number): void {
    this.#sources.set(textureId, { source, tileBytes });
  }

  /** Forgets a texture's source; its tiles are withdrawn. */
  removeSource(textureId: number): void {
    for (const job of [...this.#jobs.values()]) {
      if (job.textureId === textureId) this.cancel(textureId, job.tile);
    }
    this.#sources.delete(textureId);
  }

  /** Bytes of tiles that are under way or waiting to be taken. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Tiles that were asked for and not yet handed out. */
  get pendingCount(): number {
    return this.#jobs.size;
  }

  /** Starts to read a tile; see {@linkcode TileProducer.request}. */
  request(textureId: number, tile: number, version: number): RequestAnswer {
    const found = this.#sources.get(textureId);
    if (found === undefined || tile < 0 || tile >= found.source.grid.tileCount) return "invalid";
    const key = keyOf(textureId, tile);
    const running = this.#jobs.get(key);
    if (running !== undefined) {
      if (running.version === version) {
        const done = this.#finished.some((t) => t.textureId === textureId && t.tile === tile);
        return done ? "available" : "pending";
      }
      this.cancel(textureId, tile);
    }
    const { source, tileBytes } = found;
    if (this.#jobs.size > 0 && this.#heldBytes + tileBytes > this.#limitBytes()) return "saturated";
    const job: Job = { textureId, tile, version, abort: new AbortController() };
    this.#jobs.set(key, job);
    this.#heldBytes += tileBytes;
    const { level, x, y } = source.grid.addressOf(tile);
    read(source, { level, x, y, signal: job.abort.signal }).then(
      (bytes) => this.#finish(job, bytes, tileBytes),
      (error) => this.#fail(job, error, tileBytes),
    );
    return "pending";
  }

  #finish(job: Job, bytes: Uint8Array, tileBytes: number): void {
    const { textureId, tile, version } = job;
    if (this.#jobs.get(keyOf(textureId, tile)) !== job) return;
    if (bytes?.byteLength !== tileBytes) {
      const { name } = this.#sources.get(textureId)!.source;
      const message = `Cannot use tile ${tile} of ${name} as it must have ${tileBytes} bytes: ` +
        `current value is ${bytes?.byteLength}`;
      return this.#fail(job, new MalformedFileError(name, message), tileBytes);
    }
    this.#finished.push({
      textureId,
      tile,
      version,
      payload: [bytes],
      byteLength: bytes.byteLength,
    });
    this.#notify();
  }

  #fail(job: Job, error: unknown, tileBytes: number): void {
    const key = keyOf(job.textureId, job.tile);
    if (this.#jobs.get(key) !== job) return;
    this.#jobs.delete(key);
    this.#heldBytes -= tileBytes;
    const { textureId, tile, version } = job;
    this.#failures.push({
      textureId,
      tile,
      version,
      error: error instanceof Error ? error : new Error(String(error)),
    });
    this.#notify();
  }

  #notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Withdraws a request; see {@linkcode TileProducer.cancel}. */
  cancel(textureId: number, tile: number): void {
    const key = keyOf(textureId, tile);
    const job = this.#jobs.get(key);
    const isOther = (t: { textureId: number; tile: number }) =>
      t.textureId !== textureId || t.tile !== tile;
    this.#failures = this.#failures.filter(isOther);
    if (job === undefined) return;
    this.#jobs.delete(key);
    this.#heldBytes -= this.#sources.get(textureId)!.tileBytes;
    this.#finished = this.#finished.filter(isOther);
    job.abort.abort();
    this.#notify();
  }

  /** Hands out finished tiles in the order in which they finished. */
  take(maxTiles: number, maxBytes: number): Ticket<TilePayload>[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#finished.length && count < maxTiles) {
      const next = this.#finished[count]!.byteLength;
      if (count > 0 && bytes + next > maxBytes) break;
      bytes += next;
      count++;
    }
    const taken = this.#finished.splice(0, count);
    for (const { textureId, tile } of taken) {
      this.#jobs.delete(keyOf(textureId, tile));
      this.#heldBytes -= this.#sources.get(textureId)!.tileBytes;
    }
    return taken;
  }

  /** Hands out failures. */
  takeFailures(): FailedTile[] {
    return this.#failures.splice(0);
  }

  /** Number of finished tiles and failures that wait to be taken. */
  get finishedCount(): number {
    return this.#finished.length + this.#failures.length;
  }

  /**
   * Resolves when something waits to be taken or was withdrawn, or when the signal says so. Whoever
   * waits looks again at what is left.
   */
  settled(signal?: AbortSignal): Promise<void> {
    if (this.finishedCount > 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal?.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }
}

/** Reads a tile; a source that throws at once fails like one that rejects. */
async function read(
  source: TileSource,
  { level, x, y, signal }: TileAddress & { signal: AbortSignal },
): Promise<Uint8Array> {
  return await source.readTile(level, x, y, { signal });
}
