/**
 * Which size each pool gets when textures come or go: its share, and not moved for every texture.
 *
 * Moving a pool costs as much as it holds, so that n textures, each of which moves it, would cost n²
 * times one. A pool therefore grows by half of itself at least, as far as there is memory that
 * nobody else wants, and changes for a share that differs by an eighth at least. Pure.
 *
 * @module
 */

/** A pool as {@linkcode chooseSizes} sees it. */
export interface SizedPool {
  /** Bytes of a slot in all planes, with what is kept beside it. */
  readonly slotBytes: number;
  /** Slots that are its fair share of the memory for atlases. */
  readonly share: number;
  /** Slots that hold every tile of its textures: more are of no use to those. */
  readonly most: number;
  /** Slots that it has now; 0 for a pool that is to be made. */
  readonly current: number;
}

/** Least part by which a share must differ for a pool to change, where it need not. */
const WORTH_A_MOVE = 1 / 8;
/** How much a pool grows at least, as a part of itself. */
const GROWTH = 1 / 2;

/**
 * Slots for each pool.
 *
 * @param atlasBytes Bytes that all pools may take together; the shares fit into it.
 */
export function chooseSizes(pools: readonly SizedPool[], atlasBytes: number): number[] {
  const total = (sizes: readonly number[]) =>
    sizes.reduce((sum, slots, i) => sum + slots * pools[i]!.slotBytes, 0);
  const sizes = pools.map(({ share, most, current }) => {
    if (current === 0) return share;
    // What a small texture still lacks to be resident as a whole is worth a move.
    const lacksTiles = current < share && share >= most;
    const difference = Math.abs(share - current);
    return lacksTiles || difference > WORTH_A_MOVE * current ? share : current;
  });
  // Pools that are larger than their share keep it only while nobody needs the memory.
  for (const [i, { share }] of pools.entries()) {
    if (total(sizes) <= atlasBytes) break;
    sizes[i] = Math.min(sizes[i]!, share);
  }
  let left = atlasBytes - total(sizes);
  for (const [i, { current, slotBytes }] of pools.entries()) {
    if (current === 0 || sizes[i]! <= current) continue;
    const headroom = Math.ceil(current * (1 + GROWTH)) - sizes[i]!;
    const more = Math.max(0, Math.min(headroom, Math.floor(left / slotBytes)));
    sizes[i]! += more;
    left -= more * slotBytes;
  }
  return sizes;
}
