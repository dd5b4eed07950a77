/**
 * How many slots each pool gets of the memory there is.
 *
 * What a texture needs depends on the screen and not on its own size, so every texture gets the
 * same number of slots, but never more than it has tiles.
 *
 * @module
 */

/** A texture as {@linkcode sharePools} sees it. */
export interface TextureDemand {
  /** Tiles of all its levels. */
  readonly tiles: number;
  /** Tiles of its pinned tail. */
  readonly pinned: number;
}

/** A pool as {@linkcode sharePools} sees it. */
export interface PoolDemand {
  /** Bytes of a slot in all planes, with what is kept beside it. */
  readonly slotBytes: number;
  readonly textures: readonly TextureDemand[];
}

/** Slots beside the pinned ones without which a texture cannot stream sensibly. */
export const WORKING_SLOTS = 8;

function leastSlots(texture: TextureDemand): number {
  return Math.min(texture.tiles, texture.pinned + WORKING_SLOTS);
}

function slotsAt(pool: PoolDemand, share: number): number {
  let slots = 0;
  for (const texture of pool.textures) {
    slots += Math.max(leastSlots(texture), Math.min(texture.tiles, share));
  }
  return slots;
}

/** Slots of the smallest pool that can hold its textures. */
export function leastPoolSlots(pool: PoolDemand): number {
  return slotsAt(pool, 0);
}

/** Bytes of the smallest pools that can hold the textures. */
export function leastPoolBytes(pools: readonly PoolDemand[]): number {
  return pools.reduce((sum, pool) => sum + leastPoolSlots(pool) * pool.slotBytes, 0);
}

/** Tiles of a texture that a view needs: two levels of a picture of 1280 × 720 pixels. */
export const VIEW_TILES = 48;

/** Bytes of pools that hold the tiles of a view of each texture, beside the pinned ones. */
export function viewPoolBytes(pools: readonly PoolDemand[]): number {
  return pools.reduce(
    (sum, { slotBytes, textures }) =>
      textures.reduce(
        (bytes, { tiles, pinned }) => bytes + Math.min(tiles, pinned + VIEW_TILES) * slotBytes,
        sum,
      ),
    0,
  );
}

/** Bytes of pools if each texture has a share of so many slots. */
function costAt(
  pools: readonly PoolDemand[],
  caps: readonly number[],
  share: number,
): number {
  return pools.reduce(
    (sum, pool, i) => sum + Math.min(caps[i]!, slotsAt(pool, share)) * pool.slotBytes,
    0,
  );
}

/**
 * Slots of each pool if every texture has the same number of `bytes`, or all that it can use; at least what
 * each needs. More bytes never give a pool less.
 *
 * @param caps The most slots of each pool, at least what it needs; default no limit.
 */
export function equalShares(
  pools: readonly PoolDemand[],
  bytes: number,
  caps: readonly number[] = pools.map(() => Infinity),
): number[] {
  let low = 0;
  let high = Math.max(1, ...pools.flatMap((pool) => pool.textures.map((t) => t.tiles)));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (costAt(pools, caps, middle) <= bytes) low = middle;
    else high = middle - 1;
  }
  return pools.map((pool, i) => Math.min(caps[i]!, slotsAt(pool, low)));
}

/**
 * Slots of each pool, as many as fit into `bytes`; at least what each needs.
 *
 * @param caps The most slots of each pool, at least what it needs; default no limit.
 */
export function sharePools(
  pools: readonly PoolDemand[],
  bytes: number,
  caps: readonly number[] = pools.map(() => Infinity),
): number[] {
  const slots = equalShares(pools, bytes, caps);
  // What equal shares leave over goes to the pools in turn.
  let left = bytes - pools.reduce((sum, { slotBytes }, i) => sum + slots[i]! * slotBytes, 0);
  for (const [i, pool] of pools.entries()) {
    const room = Math.min(caps[i]!, slotsAt(pool, Infinity)) - slots[i]!;
    const more = Math.max(0, Math.min(room, Math.floor(left / pool.slotBytes)));
    slots[i]! += more;
    left -= more * pool.slotBytes;
  }
  return slots;
}
