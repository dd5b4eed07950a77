/**
 * What a frame would ask producers for, in order of need, texture by texture.
 *
 * Tiles that are missing, stale ones, and stale ones that are urgent stand in lines of their own. The
 * lines are sorted once a frame; what is served leaves them, so that asking again in the same frame costs only what it
 * serves. A texture whose producer is saturated, or whose pool is full, is left out by itself.
 *
 * @module
 */

import type { TextureResidency } from "./texture_residency.ts";

/** Which line a tile stands in. */
export type RequestKind = "urgent" | "missing" | "stale";

/** What came of trying to ask for a tile; one that is deferred may be served in the next pass. */
export type ServeOutcome = "served" | "skipped" | "blocked" | "deferred";

/** Candidates of one texture and kind, the most wanted first. */
interface Line {
  readonly candidates: number[];
  head: number;
  isBlocked: boolean;
}

/** The candidates of one texture. */
interface Lines extends Readonly<Record<RequestKind, Line>> {
  readonly texture: TextureResidency;
  /** Whether it is left out until the pass ends. */
  isDeferred: boolean;
}

/** Kinds of lines by what `RequestQueue.stale` says. */
const KINDS = ["missing", "stale", "urgent"] as const;

function emptyLine(): Line {
  return { candidates: [], head: 0, isBlocked: false };
}

function linesOf(texture: TextureResidency): Lines {
  const [missing, stale, urgent] = [emptyLine(), emptyLine(), emptyLine()];
  return { texture, missing, stale, urgent, isDeferred: false };
}

/** Candidates of a frame: parallel arrays, kept between frames, and the lines made of them. */
export class RequestQueue {
  /** Number of candidates. */
  count = 0;
  /** Texture of each candidate. */
  textures: TextureResidency[] = [];
  /** Tile of each. */
  tiles = new Int32Array(256);
  /** `TileReason` of each. */
  reasons = new Uint8Array(256);
  /** How much each is wanted, within its reason. */
  scores = new Float64Array(256);
  /** 1 for a tile that is resident and stale, 2 if that is urgent. */
  stale = new Uint8Array(256);
  /** Candidates of textures that are gone. */
  readonly dropped: Set<number> = new Set();
  #order = new Int32Array(256);
  #lines: Lines[] = [];
  #isSorted = false;
  readonly #compare = (a: number, b: number): number =>
    this.reasons[b]! - this.reasons[a]! || this.scores[b]! - this.scores[a]! || a - b;

  /** Drops every candidate. */
  clear(): void {
    this.count = 0;
    this.textures.length = 0;
    this.dropped.clear();
    this.#lines = [];
    this.#isSorted = false;
  }

  /** Whether the lines of this frame were made already. */
  get isSorted(): boolean {
    return this.#isSorted;
  }

  /** Adds a candidate and returns its index. */
  addCandidate(
    texture: TextureResidency,
    tile: number,
    options: { reason: number; score: number; stale: boolean; urgent?: boolean },
  ): number {
    const index = this.count++;
    if (index === this.tiles.length) this.#grow();
    this.textures.push(texture);
    this.tiles[index] = tile;
    this.reasons[index] = options.reason;
    this.scores[index] = options.score;
    this.stale[index] = !options.stale ? 0 : options.urgent === true ? 2 : 1;
    return index;
  }

  /** Makes the lines of the candidates for which a test holds. */
  sortCandidates(isEligible: (index: number) => boolean): void {
    let count = 0;
    for (let index = 0; index < this.count; index++) {
      if (!this.dropped.has(index) && isEligible(index)) this.#order[count++] = index;
    }
    const order = this.#order.subarray(0, count).sort(this.#compare);
    const byTexture = new Map<TextureResidency, Lines>();
    for (const index of order) {
      const texture = this.textures[index]!;
      let lines = byTexture.get(texture);
      if (lines === undefined) byTexture.set(texture, lines = linesOf(texture));
      lines[KINDS[this.stale[index]!]!].candidates.push(index);
    }
    this.#lines = [...byTexture.values()];
    this.#isSorted = true;
  }

  /** Takes a texture's candidates out of line. */
  dropTexture(texture: TextureResidency): void {
    for (let index = 0; index < this.count; index++) {
      // A candidate that is not sorted yet must not come back.
      if (this.textures[index] === texture) this.dropped.add(index);
    }
    this.#lines = this.#lines.filter((lines) => lines.texture !== texture);
  }

  /** Candidates that still stand in line. */
  get queuedCount(): number {
    let count = 0;
    for (const lines of this.#lines) {
      for (const kind of KINDS) count += lines[kind].candidates.length - lines[kind].head;
    }
    return count;
  }

  /** Lets every texture be tried again. */
  unblock(): void {
    for (const lines of this.#lines) {
      for (const kind of KINDS) lines[kind].isBlocked = false;
    }
    this.endPass();
  }

  /** Lets the textures be tried again that were left out until the end of the pass. */
  endPass(): void {
    for (const lines of this.#lines) lines.isDeferred = false;
  }

  /**
   * Serves a line, the most wanted first.
   *
   * @param most Tiles that are served at most.
   * @param serve Asks for a candidate; `blocked` leaves it in line and its texture out.
   * @returns Number of tiles that were served.
   */
  serveLine(kind: RequestKind, most: number, serve: (index: number) => ServeOutcome): number {
    let served = 0;
    while (served < most) {
      const best = this.#bestOf(kind);
      if (best === undefined) break;
      if (this.#serveHead(best, kind, serve) === "served") served++;
    }
    return served;
  }

  /**
   * Serves every texture's line in turn, the same number of tiles each at most: what one wants most
   * is not kept waiting by all that another wants.
   *
   * @param shares Tiles at most, over all textures and of each; and which texture is served first.
   * With `nextTurn` it is the one that was not served for the longest time, whichever is named.
   * @returns Number of tiles that were served.
   */
  serveFairly(
    kind: RequestKind,
    shares: {
      readonly most: number;
      readonly mostOfEach: (texture: TextureResidency) => number;
      readonly first: number;
      readonly nextTurn: (() => number) | null;
    },
    serve: (index: number) => ServeOutcome,
  ): number {
    const waiting = this.#lines.filter((lines) => headOf(lines, kind) !== -1);
    const first = shares.first % Math.max(1, waiting.length);
    const turns = [...waiting.slice(first), ...waiting.slice(0, first)];
    const { nextTurn } = shares;
    if (nextTurn !== null) turns.sort((a, b) => a.texture.lastTurn - b.texture.lastTurn);
    let total = 0;
    for (const lines of turns) {
      if (total >= shares.most) break;
      const mostOfThis = Math.min(shares.mostOfEach(lines.texture), shares.most - total);
      let served = 0;
      while (served < mostOfThis && headOf(lines, kind) !== -1) {
        const outcome = this.#serveHead(lines, kind, serve);
        if (outcome === "blocked" || outcome === "deferred") break;
        if (outcome === "served") served++;
      }
      if (served > 0 && nextTurn !== null) lines.texture.lastTurn = nextTurn();
      total += served;
    }
    return total;
  }

  /** Textures with something in a line, or those of them whose tiles are drawn. */
  waitingTextures(kind: RequestKind, which: { readonly onlyDrawn?: boolean } = {}): number {
    const { onlyDrawn = false } = which;
    let count = 0;
    for (const lines of this.#lines) {
      if (headOf(lines, kind) !== -1 && (!onlyDrawn || lines.texture.isDrawn)) count++;
    }
    return count;
  }

  #bestOf(kind: RequestKind): Lines | undefined {
    let best: Lines | undefined;
    let bestIndex = -1;
    for (const lines of this.#lines) {
      const index = headOf(lines, kind);
      if (index === -1) continue;
      if (best === undefined || this.#compare(index, bestIndex) < 0) {
        best = lines;
        bestIndex = index;
      }
    }
    return best;
  }

  #serveHead(
    lines: Lines,
    kind: RequestKind,
    serve: (index: number) => ServeOutcome,
  ): ServeOutcome {
    const outcome = serve(headOf(lines, kind));
    if (outcome === "deferred") {
      lines.isDeferred = true;
    } else if (outcome === "blocked") {
      lines[kind].isBlocked = true;
    } else lines[kind].head++;
    return outcome;
  }

  #grow(): void {
    const size = 2 * this.tiles.length;
    const { tiles, reasons, scores, stale } = this;
    this.tiles = new Int32Array(size);
    this.tiles.set(tiles);
    this.reasons = new Uint8Array(size);
    this.reasons.set(reasons);
    this.scores = new Float64Array(size);
    this.scores.set(scores);
    this.stale = new Uint8Array(size);
    this.stale.set(stale);
    this.#order = new Int32Array(size);
  }
}

/** First candidate of a line, or -1 if there is none or its texture is left out. */
function headOf(lines: Lines, kind: RequestKind): number {
  if (lines.isDeferred) return -1;
  const { isBlocked, candidates, head } = lines[kind];
  return isBlocked ? -1 : candidates[head] ?? -1;
}
