/**
 * Makes some tiles by reading a bake, and the others by rendering.
 *
 * @module
 */

import type {
  FailedTile,
  RequestAnswer,
  Ticket,
  TileProducer,
  TileVisits,
} from "../../residency/mod.ts";
import type { FileProducer, TilePayload } from "../../streaming/mod.ts";
import type { RenderProducer, TileToRender } from "../tile/render_producer.ts";

/** A tile that was read, or one that is to be rendered. */
export type JoinedPayload = TilePayload | TileToRender;

/** What a {@linkcode JoinedProducer} is made of. */
export interface JoinedParts {
  readonly rendered: RenderProducer;
  readonly baked: FileProducer;
  /** Whether a tile is read now. */
  isBaked(tile: number): boolean;
  /** Another text whenever tiles may have become stale. */
  sceneVersion(): string;
  /** Notes that a tile could not be read, and is not baked any more. */
  noteFailed(failure: FailedTile): void;
}

/** Sends each request to one of two producers; what one cannot read the other renders. */
export class JoinedProducer implements TileProducer<JoinedPayload> {
  readonly #parts: JoinedParts;
  /** Tiles that were read and taken, and have no slot yet. */
  readonly #read = new Set<number>();
  /** Resident tiles that were read. */
  readonly #shown = new Set<number>();
  #sceneVersion = "";

  /** @param parts Borrowed. */
  constructor(parts: JoinedParts) {
    this.#parts = parts;
  }

  /** See {@linkcode TileProducer.request}. */
  request(tile: number, version: number, priority: number): RequestAnswer {
    const { rendered, baked } = this.#parts;
    const isBaked = this.#parts.isBaked(tile);
    // It may have been asked for when it was made in the other way.
    (isBaked ? rendered : baked).cancel(tile);
    return (isBaked ? baked : rendered).request(tile, version, priority);
  }

  /** See {@linkcode TileProducer.cancel}. */
  cancel(tile: number): void {
    this.#parts.baked.cancel(tile);
    this.#parts.rendered.cancel(tile);
  }

  /** Hands out tiles that were read; if there are none, such that can be rendered. */
  takeFinishedTiles(maxTiles: number): Ticket<JoinedPayload>[] {
    const read = this.#parts.baked.takeFinishedTiles(maxTiles);
    for (const { tile } of read) this.#read.add(tile);
    if (read.length > 0) return read;
    const rendered = this.#parts.rendered.takeFinishedTiles(maxTiles);
    for (const { tile } of rendered) this.#read.delete(tile);
    return rendered;
  }

  /** See {@linkcode TileProducer.isUploaded}. */
  isUploaded(tile: number): boolean {
    return this.#parts.isBaked(tile);
  }

  /** See {@linkcode TileProducer.finishedUploads}. */
  get finishedUploads(): number {
    return this.#parts.baked.finishedCount;
  }

  /** Nothing fails: what cannot be read is rendered from now on. */
  takeFailures(): FailedTile[] {
    for (const failure of this.#parts.baked.takeFailures()) {
      this.#parts.noteFailed(failure);
      this.#parts.rendered.request(failure.tile, failure.version, 0);
    }
    return [];
  }

  /** See {@linkcode TileProducer.pendingCount}. */
  get pendingCount(): number {
    return this.#parts.baked.pendingCount + this.#parts.rendered.pendingCount;
  }

  /** See {@linkcode TileProducer.finishedCount}. */
  get finishedCount(): number {
    return this.#parts.baked.finishedCount + this.#parts.rendered.finishedCount;
  }

  /** See {@linkcode TileProducer.waitingCount}. */
  get waitingCount(): number {
    return this.#parts.rendered.waitingCount;
  }

  /** See {@linkcode TileProducer.stopWaiting}. */
  stopWaiting(): void {
    this.#parts.rendered.stopWaiting();
  }

  /**
   * See {@linkcode TileProducer.takeStaleTiles}. Tiles that were read were made from others that are not known
   * here, so that only what they would be made of now tells.
   */
  takeStaleTiles(): readonly number[] {
    const stale = this.#parts.rendered.takeStaleTiles();
    const version = this.#parts.sceneVersion();
    if (version === this.#sceneVersion) return stale;
    this.#sceneVersion = version;
    const outdated = [...this.#shown].filter((tile) => !this.#parts.isBaked(tile));
    for (const tile of outdated) this.#shown.delete(tile);
    return [...stale, ...outdated];
  }

  /** See {@linkcode TileProducer.depthIn}. */
  depthIn(pool: object | null): number {
    return this.#parts.rendered.depthIn(pool);
  }

  /** See {@linkcode TileProducer.isImproving}. */
  isImproving(tile: number, visits: TileVisits): boolean {
    return this.#parts.rendered.isImproving(tile, visits);
  }

  /** See {@linkcode TileProducer.isImprovable}. */
  isImprovable(tile: number, visits: TileVisits): boolean {
    return this.#parts.rendered.isImprovable(tile, visits);
  }

  /** See {@linkcode TileProducer.improveTile}. */
  improveTile(tile: number, visits: TileVisits): void {
    if (!this.#parts.isBaked(tile)) this.#parts.rendered.improveTile(tile, visits);
  }

  /** Notes that content has got its slot; what a tile that was read was rendered from before is no part of it. */
  noteLanded(tile: number): boolean {
    if (!this.#read.delete(tile)) {
      this.#shown.delete(tile);
      return this.#parts.rendered.noteLanded(tile);
    }
    this.#shown.add(tile);
    this.#parts.rendered.noteEvicted(tile);
    // It was read before the scene changed, and lands after that was looked for.
    if (!this.#parts.isBaked(tile)) this.#sceneVersion = "";
    return false;
  }

  /** See {@linkcode TileProducer.noteEvicted}. */
  noteEvicted(tile: number): void {
    this.#shown.delete(tile);
    this.#parts.rendered.noteEvicted(tile);
  }

  /** See {@linkcode TileProducer.setListener}. */
  setListener(notify: (() => void) | null): void {
    this.#parts.baked.setListener(notify);
    this.#parts.rendered.setListener(notify);
  }
}
