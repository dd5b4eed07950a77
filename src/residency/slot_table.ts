const NONE = -1;
const SEEN = 0;
const AHEAD = 1;
const UNLISTED = 2;

/**
 * The slots of one pool, numbered from 0: what lies in each, and which is evicted next.
 *
 * Two lists in order of last use: tiles that were seen, and tiles that were only ever loaded ahead.
 * A tile that was seen is kept for some frames longer than one that was not. Taking, touching and
 * evicting a slot are O(1); all memory is typed arrays.
 */
export class SlotTable {
  /** Number of slots. */
  readonly capacity: number;
  readonly #textures: Int32Array;
  readonly #tiles: Int32Array;
  readonly #versions: Float64Array;
  readonly #lastUsed: Float64Array;
  readonly #landedFrames: Float64Array;
  /** Idle frames that had been counted when a tile was last wanted, and when its content came. */
  readonly #idleWhenUsed: Float64Array;
  readonly #idleWhenLanded: Float64Array;
  readonly #list: Uint8Array;
  readonly #pinned: Uint8Array;
  /** One more than the list to which a tile goes that is kept for now; 0 if it is not. */
  readonly #kept: Uint8Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #free: Int32Array;
  readonly #heads = [NONE, NONE];
  readonly #tails = [NONE, NONE];
  #freeCount: number;
  #pinnedCount = 0;
  #keptCount = 0;
  #touchedCount = 0;
  #frame = 0;
  #idleFrames = 0;
  #isIdle = false;

  /** A table of so many slots, all free. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#textures = new Int32Array(capacity).fill(NONE);
    this.#tiles = new Int32Array(capacity).fill(NONE);
    this.#versions = new Float64Array(capacity);
    this.#lastUsed = new Float64Array(capacity).fill(-Infinity);
    this.#landedFrames = new Float64Array(capacity);
    this.#idleWhenUsed = new Float64Array(capacity);
    this.#idleWhenLanded = new Float64Array(capacity);
    this.#list = new Uint8Array(capacity).fill(UNLISTED);
    this.#pinned = new Uint8Array(capacity);
    this.#kept = new Uint8Array(capacity);
    this.#next = new Int32Array(capacity).fill(NONE);
    this.#previous = new Int32Array(capacity).fill(NONE);
    this.#free = new Int32Array(capacity);
    for (let slot = 0; slot < capacity; slot++) this.#free[slot] = capacity - 1 - slot;
    this.#freeCount = capacity;
  }

  /** Bytes of CPU memory. */
  get byteLength(): number {
    return this.capacity * (4 + 4 + 8 + 8 + 8 + 8 + 8 + 1 + 1 + 1 + 4 + 4 + 4);
  }

  /** Slots that hold a tile. */
  get usedCount(): number {
    return this.capacity - this.#freeCount;
  }

  /** Slots that hold a pinned tile. */
  get pinnedCount(): number {
    return this.#pinnedCount;
  }

  /** Slots that a tile could be put into in this frame: free, or neither pinned, kept nor touched. */
  get availableCount(): number {
    return this.capacity - this.#pinnedCount - this.#keptCount - this.#touchedCount;
  }

  /** The frame that began last. */
  get frame(): number {
    return this.#frame;
  }

  /** Begins a frame; what is touched from now on cannot be evicted until the next. */
  beginFrame(frame: number): void {
    if (this.#isIdle) this.#noteIdleUses();
    this.#frame = frame;
    this.#touchedCount = 0;
  }

  /** Counts a frame that wants what the last one did, and looks at nothing: it makes tiles older alone. */
  countIdleFrame(): void {
    this.#idleFrames++;
    this.#isIdle = true;
  }

  /** What was wanted in the frame before idle ones was wanted in them, too. */
  #noteIdleUses(): void {
    this.#isIdle = false;
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.#lastUsed[slot] === this.#frame) this.#idleWhenUsed[slot] = this.#idleFrames;
    }
  }

  /** Makes a tile that was taken in a rebuild as old as it was in the slot of another table. */
  takeAge(slot: number, old: SlotTable, from: number): void {
    this.#landedFrames[slot] = old.#landedFrames[from]!;
    this.#idleWhenLanded[slot] = old.#idleWhenLanded[from]!;
    this.#idleWhenUsed[slot] = old.#idleWhenUsed[from]!;
  }

  /**
   * Ends a rebuild in which tiles were taken from another table, as of earlier frames: the current frame is
   * `frame`.
   */
  endRebuild(old: SlotTable, frame: number): void {
    this.beginFrame(frame);
    this.#idleFrames = old.#idleFrames;
    this.#isIdle = old.#isIdle;
    for (let slot = 0; slot < this.capacity; slot++) {
      const isListed = this.#pinned[slot] === 0 && this.#kept[slot] === 0;
      if (this.#lastUsed[slot] === frame && isListed) this.#touchedCount++;
    }
  }

  /** Texture of the tile in a slot, -1 if the slot is free. */
  textureOf(slot: number): number {
    return this.#textures[slot]!;
  }

  /** Number of the tile in a slot, -1 if the slot is free. */
  tileOf(slot: number): number {
    return this.#tiles[slot]!;
  }

  /** Version of the content in a slot. */
  versionOf(slot: number): number {
    return this.#versions[slot]!;
  }

  /** Notes that newer content of the same tile came into a slot in this frame. */
  refreshSlot(slot: number, version: number): void {
    this.#versions[slot] = version;
    this.#landedFrames[slot] = this.#frame;
    this.#idleWhenLanded[slot] = this.#idleFrames;
  }

  /** Frames since the content of a slot came, idle ones too. */
  ageOf(slot: number): number {
    return this.#frame - this.#landedFrames[slot]! +
      this.#idleFrames - this.#idleWhenLanded[slot]!;
  }

  /** Frames since a slot was wanted, idle ones too: those want what the frame before them did. */
  unwantedFramesOf(slot: number): number {
    const frames = this.#frame - this.#lastUsed[slot]!;
    return frames === 0 ? 0 : frames + this.#idleFrames - this.#idleWhenUsed[slot]!;
  }

  /** Frame in which the content of a slot came. */
  landedFrameOf(slot: number): number {
    return this.#landedFrames[slot]!;
  }

  /** Frame in which a slot was last wanted. */
  lastUsedOf(slot: number): number {
    return this.#lastUsed[slot]!;
  }

  /** Whether the tile in a slot is pinned. */
  isPinned(slot: number): boolean {
    return this.#pinned[slot] === 1;
  }

  /** Whether the tile in a slot was loaded ahead and not seen since. */
  isAhead(slot: number): boolean {
    return this.#list[slot] === AHEAD || this.#kept[slot] === AHEAD + 1;
  }

  /** Whether the tile in a slot is kept for now. */
  isKept(slot: number): boolean {
    return this.#kept[slot] !== 0;
  }

  /** Keeps a tile from being evicted until it is released; a pinned one stays as it is. */
  keepSlot(slot: number): void {
    if (this.#pinned[slot] === 1 || this.#kept[slot] !== 0) return;
    if (this.#lastUsed[slot] === this.#frame) this.#touchedCount--;
    const list = this.#list[slot]!;
    this.#unlink(slot);
    this.#kept[slot] = list + 1;
    this.#keptCount++;
  }

  /** Lets a tile be evicted again that was kept; it counts as touched in this frame. */
  releaseKeptSlot(slot: number): void {
    if (this.#kept[slot] === 0) return;
    this.#append(slot, this.#kept[slot]! - 1);
    this.#kept[slot] = 0;
    this.#keptCount--;
    this.#noteUse(slot);
    this.#touchedCount++;
  }

  /**
   * Slots that hold a tile, the last to be evicted first: the pinned ones, those that are kept, those
   * that were seen, those that were only loaded ahead.
   */
  byWorth(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.#pinned[slot] === 1) slots.push(slot);
    }
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.#kept[slot] !== 0) slots.push(slot);
    }
    for (const list of [SEEN, AHEAD]) {
      for (let at = this.#tails[list]!; at !== NONE; at = this.#previous[at]!) slots.push(at);
    }
    return slots;
  }

  /**
   * The slot to evict next, or -1 if every slot is free, pinned or touched in this frame.
   *
   * @param seenBonus Frames by which a tile that was seen outlives one that was not.
   * @param usedBefore Only tiles that were last wanted before this frame; default the current one.
   */
  nextToEvict(seenBonus: number, usedBefore: number = this.#frame): number {
    const seen = this.#heads[SEEN]!;
    const ahead = this.#heads[AHEAD]!;
    const seenReady = seen !== NONE && this.#lastUsed[seen]! < usedBefore;
    const aheadReady = ahead !== NONE && this.#lastUsed[ahead]! < usedBefore;
    if (seenReady && aheadReady) {
      return this.#lastUsed[seen]! + seenBonus < this.#lastUsed[ahead]! ? seen : ahead;
    }
    return seenReady ? seen : aheadReady ? ahead : NONE;
  }

  /** Takes a free slot for a tile; -1 if none is free. Counts as touched in this frame. */
  takeSlot(
    texture: number,
    tile: number,
    options: { version: number; pinned: boolean; ahead: boolean },
  ): number {
    if (this.#freeCount === 0) return NONE;
    const slot = this.#free[--this.#freeCount]!;
    this.#textures[slot] = texture;
    this.#tiles[slot] = tile;
    this.#versions[slot] = options.version;
    this.#noteUse(slot);
    this.#landedFrames[slot] = this.#frame;
    this.#idleWhenLanded[slot] = this.#idleFrames;
    if (options.pinned) {
      this.#pinned[slot] = 1;
      this.#pinnedCount++;
    } else {
      this.#append(slot, options.ahead ? AHEAD : SEEN);
      this.#touchedCount++;
    }
    return slot;
  }

  /** Says that a tile is wanted in this frame; `seen` moves it to the tiles that were seen. */
  touchSlot(slot: number, seen: boolean): void {
    if (this.#pinned[slot] === 1) {
      this.#noteUse(slot);
      return;
    }
    if (this.#kept[slot] !== 0) {
      this.#noteUse(slot);
      if (seen) this.#kept[slot] = SEEN + 1;
      return;
    }
    if (this.#lastUsed[slot]! < this.#frame) this.#touchedCount++;
    this.#noteUse(slot);
    const list = seen ? SEEN : this.#list[slot]!;
    this.#unlink(slot);
    this.#append(slot, list);
  }

  /**
   * Takes back that the tile in a slot is wanted in this frame: it is evicted before all others of its list,
   * unless it is pinned or kept.
   *
   * @returns Whether it was wanted.
   */
  untouchSlot(slot: number): boolean {
    if (this.#pinned[slot] === 1 || this.#kept[slot] !== 0) return false;
    if (this.#lastUsed[slot] !== this.#frame) return false;
    const list = this.#list[slot]!;
    this.#touchedCount--;
    this.#lastUsed[slot] = this.#frame - 1;
    this.#unlink(slot);
    const first = this.#heads[list]!;
    this.#list[slot] = list;
    this.#previous[slot] = NONE;
    this.#next[slot] = first;
    if (first === NONE) this.#tails[list] = slot;
    else this.#previous[first] = slot;
    this.#heads[list] = slot;
    return true;
  }

  /** Frees a slot, pinned or not. */
  releaseSlot(slot: number): void {
    if (this.#pinned[slot] === 1) {
      this.#pinned[slot] = 0;
      this.#pinnedCount--;
    } else if (this.#kept[slot] !== 0) {
      this.#kept[slot] = 0;
      this.#keptCount--;
    } else {
      if (this.#lastUsed[slot] === this.#frame) this.#touchedCount--;
      this.#unlink(slot);
    }
    this.#textures[slot] = NONE;
    this.#tiles[slot] = NONE;
    this.#lastUsed[slot] = -Infinity;
    this.#free[this.#freeCount++] = slot;
  }

  #noteUse(slot: number): void {
    this.#lastUsed[slot] = this.#frame;
    this.#idleWhenUsed[slot] = this.#idleFrames;
  }

  #append(slot: number, list: number): void {
    const last = this.#tails[list]!;
    this.#list[slot] = list;
    this.#previous[slot] = last;
    this.#next[slot] = NONE;
    if (last === NONE) this.#heads[list] = slot;
    else this.#next[last] = slot;
    this.#tails[list] = slot;
  }

  #unlink(slot: number): void {
    const list = this.#list[slot]!;
    const before = this.#previous[slot]!;
    const after = this.#next[slot]!;
    if (before === NONE) this.#heads[list] = after;
    else this.#next[before] = after;
    if (after === NONE) this.#tails[list] = before;
    else this.#previous[after] = before;
    this.#list[slot] = UNLISTED;
  }
}
