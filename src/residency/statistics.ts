/**
 * What streaming has done so far.
 *
 * @module
 */

/** Counters since the system was made. */
export interface Counters {
  /**
   * Distinct tiles that were seen in an update and resident when it began; not the pinned tail. A tile
   * counts in each update that sees it.
   */
  cacheHits: number;
  /**
   * Distinct tiles that were seen in an update and not resident when it began. A tile counts once until it
   * has become resident, or is neither seen nor in flight any more: one that is on its way is no new miss.
   */
  cacheMisses: number;
  /** Tiles newly asked of a producer. */
  tilesRequested: number;
  /** Tiles whose content came into the atlas. */
  tilesLoaded: number;
  /** Tiles that were drawn again although they were up to date, by continuous update. */
  tilesRefreshed: number;
  /** Tiles that lost their slot. */
  tilesEvicted: number;
  /** Attempts to make a tile that failed. */
  tilesFailed: number;
  /** Requests that were withdrawn because nobody wanted the tile any more. */
  tilesCancelled: number;
  /** Finished tiles that nobody waited for any more, that were not newer, or that found no room. */
  tilesDropped: number;
  /** Bytes uploaded to the atlas; tiles that the GPU draws upload none. */
  bytesUploaded: number;
  /** Tiles loaded ahead of being seen. */
  prefetchesLoaded: number;
  /** Tiles loaded ahead that were then seen. */
  prefetchesUsed: number;
}

/** Counters that are all zero. */
export function zeroCounters(): Counters {
  return {
    cacheHits: 0,
    cacheMisses: 0,
    tilesRequested: 0,
    tilesLoaded: 0,
    tilesRefreshed: 0,
    tilesEvicted: 0,
    tilesFailed: 0,
    tilesCancelled: 0,
    tilesDropped: 0,
    bytesUploaded: 0,
    prefetchesLoaded: 0,
    prefetchesUsed: 0,
  };
}
