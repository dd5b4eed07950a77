/**
 * How large pools become as textures come or go.
 *
 * Moving a pool costs as much as it holds, so that n textures, each of which moves it, would cost n²
 * times one. A pool therefore grows by half of itself at least, as far as there is memory, and keeps
 * what it has until others need it. Pure.
 *
 * @module
 */

/** A pool as {@linkcode chooseSizes} sees it. */
export interface SizedPool {
  /** Bytes of a slot in all planes, with what is kept beside it. */
  readonly slotBytes: number;
  /** Slots without which its textures cannot be loaded. */
  readonly least: number;
  /** Slots that are its fair share of the memory for atlases: from `least` to `most`. */
  readonly share: number;
  /** Slots that hold every tile of its textures: more are of no use to those. */
  readonly most: number;
  /** The most slots that it may have, at least its share; Infinity for no limit. */
  readonly cap: number;
  /** Slots that it has now; 0 for a pool that is to be made. */
  readonly current: number;
}

/** The memory that pools are sized by. */
export interface AtlasMemory {
  /** Bytes that the shares fit into, and that no pool grows beyond. */
  readonly atlasBytes: number;
  /** Bytes that pools may keep if they have them; at least `atlasBytes`. */
  readonly mostAtlasBytes: number;
}

/** Least part by which a share must exceed a pool for the pool to grow, where it need not. */
const WORTH_A_MOVE = 1 / 5;
/** How much a pool grows at least, as a part of itself. */
const GROWTH = 1 / 2;
/**
 * Part of its share that a pool keeps when it must shrink, so that the next textures need not move it
 * again; near enough to the whole that it does not grow back.
 */
const SHRUNK = 0.9;
/** How many times the slots that are of any use a pool may have. */
const MOST_OVERSIZE = 2;

/** Slots for each pool. */
export function chooseSizes(pools: readonly SizedPool[], memory: AtlasMemory): number[] {
  const sizes = pools.map(sizeAlone);
  shrinkToFit(pools, sizes, memory.mostAtlasBytes);
  growAhead(pools, sizes, memory.atlasBytes);
  return sizes;
}

/** The size of a pool that need not care for the others. */
function sizeAlone(pool: SizedPool): number {
  return Math.min(pool.cap, uncappedSize(pool));
}

function uncappedSize({ share, least, most, current }: SizedPool): number {
  if (current === 0 || current < least) return share;
  // What a small texture still lacks to be resident as a whole is worth a move.
  if (current < share && share >= most) return share;
  if (share > current * (1 + WORTH_A_MOVE)) return share;
  return current > MOST_OVERSIZE * most ? share : current;
}

/** Slots that a pool has at least for a share that does not hold all its tiles, whatever it had before. */
export function leastSize(share: number): number {
  return Math.floor(share * Math.min(SHRUNK, 1 / (1 + WORTH_A_MOVE)));
}

/** Takes pools that have more than their share below it, the largest surplus first. */
function shrinkToFit(pools: readonly SizedPool[], sizes: number[], mostBytes: number): void {
  let excess = totalBytes(pools, sizes) - mostBytes;
  if (excess <= 0) return;
  const surplus = pools.map(({ share, slotBytes }, i) => (sizes[i]! - share) * slotBytes);
  const order = [...pools.keys()].sort((a, b) => surplus[b]! - surplus[a]!);
  for (const i of order) {
    if (excess <= 0 || surplus[i]! <= 0) return;
    const pool = pools[i]!;
    const before = sizes[i]!;
    sizes[i] = shrunkSize(pool);
    excess -= (before - sizes[i]!) * pool.slotBytes;
  }
}

function shrunkSize({ share, least, most, current }: SizedPool): number {
  // What is resident as a whole stays so, and a pool that does not exist has nothing to move.
  if (share >= most || current === 0) return share;
  return Math.max(least, Math.floor(share * SHRUNK));
}

/** Gives pools that grow anyway room for the next textures, each an equal part of what is left. */
function growAhead(pools: readonly SizedPool[], sizes: number[], atlasBytes: number): void {
  let left = atlasBytes - totalBytes(pools, sizes);
  for (const [i, { current, cap, slotBytes }] of pools.entries()) {
    if (current === 0 || sizes[i]! <= current) continue;
    const headroom = Math.min(cap, Math.ceil(current * (1 + GROWTH))) - sizes[i]!;
    const part = Math.floor(left / pools.length / slotBytes);
    const more = Math.max(0, Math.min(headroom, part));
    sizes[i]! += more;
    left -= more * slotBytes;
  }
}

function totalBytes(pools: readonly SizedPool[], sizes: readonly number[]): number {
  return sizes.reduce((sum, slots, i) => sum + slots * pools[i]!.slotBytes, 0);
}
