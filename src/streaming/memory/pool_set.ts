/**
 * The pools of a system: how large each is, and what happens when textures come and go.
 *
 * @module
 */

import { BudgetError, UnsupportedError } from "../../errors.ts";
import { BlockEncoder, type ForgeDevice, type MemoryLedger, PageTable } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { TextureState } from "../texture_state.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { needsOf, type NewTexture, tableBytesOf } from "./budget_needs.ts";
import {
  ATLAS_ROUNDING,
  type BudgetNeeds,
  type BudgetPlan,
  missingBudget,
  planBudget,
} from "./budget_plan.ts";
import { GpuPool, POOL_OVERHEAD_BYTES, poolKey, type PoolKind, poolSlotBytes } from "./gpu_pool.ts";
import { MemoryPlan } from "./memory_plan.ts";
import { movePool } from "./move_pool.ts";
import { leastPoolSlots, sharePools } from "./pool_budget.ts";
import { poolCaps, scaledShare } from "./pool_caps.ts";
import type { PoolLimits } from "./pool_limits.ts";
import { chooseSizes, type SizedPool } from "./pool_sizes.ts";

/** Submits that may be made while others are waited for, and use the memory that is to be free. */
const MAX_WAITS = 8;

/** What a pool set works with; all of it is borrowed. */
export interface PoolSetParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly residency: Residency;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly journal: SubmitJournal;
  /** Sizes that pools were given. */
  readonly poolLimits: PoolLimits;
}

/** Sizes pools by shares of the budget. Owns the pools. */
export class PoolSet {
  /** How memory is shared now. */
  readonly plan: MemoryPlan;
  /** Encodes textures that are being loaded, in what pools and uploads leave free. */
  readonly blockEncoder: BlockEncoder;
  readonly #parts: PoolSetParts;
  readonly #pools = new Map<string, GpuPool>();
  #isUneven = false;

  /** @throws {BudgetError} if the budget cannot hold what every system needs. */
  constructor(parts: PoolSetParts) {
    this.#parts = parts;
    this.plan = new MemoryPlan(this.#planFor(this.#needs(null)));
    this.blockEncoder = new BlockEncoder(parts.device, {
      ledger: parts.ledger,
      keptFreeBytes: () => this.plan.slackBytes + this.plan.largestTileBytes,
    });
  }

  /** Every pool. */
  get pools(): Iterable<GpuPool> {
    return this.#pools.values();
  }

  get #maxTextureSize(): number {
    return this.#parts.device.limit("maxTextureDimension2D");
  }

  /** Throws if textures could not have other grids, all of them together. */
  assertGridsFit(grids: ReadonlyMap<TextureState, TileGrid>): void {
    this.#planFor(this.#needs(null, grids));
  }

  #needs(
    added: NewTexture | null,
    grids: ReadonlyMap<TextureState, TileGrid> = new Map(),
  ): BudgetNeeds {
    const all: NewTexture[] = [...this.#parts.textures.values()].map((texture) => ({
      kind: texture.pool.kind,
      grid: grids.get(texture) ?? texture.grid,
      cost: texture.recorder.cost,
      isDrawn: texture.isDrawn,
    }));
    if (added) all.push(added);
    return needsOf(all, this.#maxTextureSize);
  }

  /** @param what What is to fit; null for what there is already. */
  #planFor(needs: BudgetNeeds, what: string | null = null): BudgetPlan {
    const { limitBytes } = this.#parts.ledger;
    const minimum = missingBudget(limitBytes, needs);
    if (minimum !== null) {
      throw new BudgetError(
        limitBytes,
        minimum,
        `Cannot fit ${
          what ?? "textures"
        } into the memory budget as it must be >= ${minimum} bytes ` +
          `(${(minimum / 2 ** 20).toFixed(1)} MiB): current value is ${limitBytes}`,
      );
    }
    return planBudget(limitBytes, needs);
  }

  /**
   * Makes room for a texture: makes or grows the pool that it goes into, and shrinks others where
   * there is too little memory.
   *
   * @throws {BudgetError} naming the minimum if the budget is too small; nothing has changed then.
   * @throws {UnsupportedError} if the device cannot sample the format.
   */
  async addTexture(
    added: NewTexture,
    { name, label }: { readonly name: string; readonly label: string },
  ): Promise<{ pool: GpuPool; table: PageTable }> {
    this.#checkFormats(added.kind);
    const needs = this.#needs(added);
    const plan = this.#planFor(needs, `texture "${name}"`);
    const shares = this.#sharesByKey(needs, plan, added);
    try {
      return await this.#alone(() => this.#makeRoom(added, { plan, shares, label }));
    } catch (error) {
      // The first error says more than what follows from it.
      await this.rebalance().catch(() => {});
      throw error;
    }
  }

  #checkFormats(kind: PoolKind): void {
    const { device } = this.#parts;
    for (const format of kind.formats) {
      if (device.supports(format)) continue;
      throw new UnsupportedError(
        format,
        `Cannot load texture as device "${device.name}" has no format ${format}`,
      );
    }
  }

  async #makeRoom(
    added: NewTexture,
    options: { plan: BudgetPlan; shares: ReadonlyMap<string, PoolShare>; label: string },
  ): Promise<{ pool: GpuPool; table: PageTable }> {
    const { device, ledger } = this.#parts;
    const { kind, grid } = added;
    const { plan, shares, label } = options;
    const key = poolKey(kind);
    const existing = this.#pools.get(key);
    const sizes = chooseSizes(
      [...shares].map(([key, share]) => ({
        ...share,
        current: this.#pools.get(key)?.wantedSlots ?? 0,
      })),
      plan,
    );
    const wanted = new Map([...shares.keys()].map((key, i) => [key, sizes[i]!]));
    this.plan.replacePlan(plan);
    for (const pool of [...this.#pools.values()]) {
      const size = wanted.get(pool.key)!;
      if (size < pool.slotCount) await this.#resize(pool, size);
    }
    if (existing !== undefined && wanted.get(key)! > existing.wantedSlots) {
      await this.#resize(existing, wanted.get(key)!);
    }
    const poolBytes = existing === undefined
      ? wanted.get(key)! * poolSlotBytes(kind) + POOL_OVERHEAD_BYTES
      : 0;
    await this.#waitForBytes(poolBytes + tableBytesOf(grid, this.#maxTextureSize));
    const { value: made, error } = device.guard(`making room for ${label}`, () => {
      const pool = existing ?? new GpuPool(device, ledger, { kind, slots: wanted.get(key)! });
      this.#pools.set(key, pool);
      return { pool, table: new PageTable(device, ledger, grid, `page table ${label}`) };
    });
    try {
      const failure = await device.health.unlessLost(error);
      if (failure !== null) throw failure;
      return made;
    } catch (failure) {
      made.table.destroy();
      throw failure;
    }
  }

  /**
   * Makes the pool that takes the place of one on a lost device: as large, and under the same
   * pressure.
   */
  restorePool(before: GpuPool): GpuPool {
    const existing = this.#pools.get(before.key);
    if (existing !== undefined) return existing;
    const { device, ledger } = this.#parts;
    this.#checkFormats(before.kind);
    const { kind, wantedSlots: slots } = before;
    const pool = new GpuPool(device, ledger, { kind, slots, before });
    this.#pools.set(pool.key, pool);
    return pool;
  }

  /**
   * Plans for the textures that were restored.
   *
   * @param isUneven Whether pools are to be given their shares as soon as that is possible.
   */
  finishRestoring(isUneven: boolean): void {
    this.plan.replacePlan(this.#planFor(this.#needs(null)));
    this.#notePools();
    this.#isUneven = isUneven;
  }

  #notePools(): void {
    const pools = [...this.#pools.values()];
    this.plan.notePools(
      pools.reduce((sum, { kind, slotCount }) => sum + slotCount * poolSlotBytes(kind), 0),
    );
  }

  /** Whether pools could not be given their shares the last time. */
  get isUneven(): boolean {
    return this.#isUneven;
  }

  /**
   * Gives every pool its share: the room of textures that are gone goes to the others.
   *
   * @param isExact Whether pools get neither more nor less, however little they change; default false.
   */
  async rebalance(isExact = false): Promise<void> {
    this.#isUneven = true;
    await this.#alone(() => this.#rebalance(isExact));
    this.#isUneven = false;
  }

  /** Does work while no tile lands and nothing is encoded, in memory that pools are moved through. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.plan.withoutLandings(async () => {
      try {
        await this.blockEncoder.waitForBatches();
        return await work();
      } finally {
        this.#notePools();
      }
    });
  }

  async #rebalance(isExact: boolean): Promise<void> {
    const needs = this.#needs(null);
    const plan = this.#planFor(needs);
    const shares = this.#sharesByKey(needs, plan, null);
    for (const pool of [...this.#pools.values()]) {
      if (!shares.has(pool.key)) this.#drop(pool);
    }
    this.plan.replacePlan(plan);
    const pools = [...this.#pools.values()];
    const sized = pools.map((pool) => ({ ...shares.get(pool.key)!, current: pool.wantedSlots }));
    const sizes = isExact ? sized.map(({ share }) => share) : chooseSizes(sized, plan);
    for (const [i, pool] of pools.entries()) {
      if (sizes[i]! < pool.slotCount) await this.#resize(pool, sizes[i]!);
    }
    for (const [i, pool] of pools.entries()) {
      if (sizes[i]! > pool.wantedSlots) await this.#resize(pool, sizes[i]!);
    }
  }

  #sharesByKey(
    needs: BudgetNeeds,
    plan: BudgetPlan,
    added: NewTexture | null,
  ): Map<string, PoolShare> {
    const kinds = new Map<string, PoolKind>();
    for (const { pool: { key, kind } } of this.#parts.textures.values()) kinds.set(key, kind);
    if (added) kinds.set(poolKey(added.kind), added.kind);
    const limits = [...kinds.values()].map((kind) => this.#parts.poolLimits.limitOf(kind));
    const caps = poolCaps(needs.pools, limits, plan.atlasBytes);
    const slots = sharePools(needs.pools, plan.atlasBytes, caps);
    return new Map([...kinds.keys()].map((key, i) => {
      const pool = needs.pools[i]!;
      const most = pool.textures.reduce((sum, { tiles }) => sum + tiles, 0);
      const { slotBytes } = pool;
      const share = scaledShare(pool, limits[i]!, slots[i]!);
      const cap = share < slots[i]! ? share : caps[i]!;
      return [key, { slotBytes, least: leastPoolSlots(pool), share, most, cap }];
    }));
  }

  #drop(pool: GpuPool): void {
    this.#parts.journal.forgetPool(pool);
    pool.destroy();
    this.#pools.delete(pool.key);
  }

  /**
   * Resizes a pool within the budget. Where old and new do not fit together, what is most wanted
   * goes through an atlas that fits beside either; a pool does not grow further than that leaves
   * room for the pinned tiles.
   */
  async #resize(pool: GpuPool, wanted: number): Promise<void> {
    const { device, ledger, journal } = this.#parts;
    // A move that failed before holds two atlases until it is over.
    await journal.settle();
    const perSlot = poolSlotBytes(pool.kind);
    const pinned = Math.max(1, Math.ceil(pool.residency.slots.pinnedCount * ATLAS_ROUNDING));
    // Records of edits may be made meanwhile, and one tile may be read.
    const growthBytes = this.plan.growthBytes + this.plan.largestTileBytes;
    // What uploads and other pools have just freed counts still: without it too little would fit.
    await this.#waitForBytes(wanted * perSlot + growthBytes);
    device.assertAlive();
    const free = Math.floor((ledger.availableBytes - growthBytes) / perSlot);
    if (wanted <= free) {
      await movePool(this.#parts, pool, wanted);
    } else {
      const together = free + pool.slotCount;
      const slots = Math.min(wanted, together - pinned);
      if (wanted > pool.slotCount && slots <= pool.slotCount) return;
      await movePool(this.#parts, pool, Math.max(1, Math.min(free, together - slots)));
      await this.#waitForBytes(slots * perSlot);
      // More tiles may be in flight by now.
      const fitting = Math.min(slots, Math.floor(ledger.availableBytes / perSlot));
      if (fitting > pool.slotCount) await movePool(this.#parts, pool, fitting);
    }
  }

  /**
   * Waits until so many bytes are free, if destroyed objects are to free them, or tiles whose submit
   * has failed. Tiles in flight, which cannot land meanwhile, are cancelled if that is not enough: they
   * are asked for again.
   */
  async #waitForBytes(bytes: number): Promise<void> {
    const { device, ledger, residency, journal } = this.#parts;
    const isEnough = () => {
      // Pools are as large whatever is kept for the next tiles.
      ledger.dropSpares();
      return ledger.availableBytes >= bytes;
    };
    for (let attempt = 0; attempt < MAX_WAITS && !isEnough(); attempt++) {
      await journal.settle();
      await device.submits.wait();
      if (isEnough()) return;
      this.plan.pauseReading();
      residency.cancelRequests();
    }
  }

  /** Destroys every pool. */
  destroy(): void {
    for (const pool of [...this.#pools.values()]) this.#drop(pool);
  }
}

/** What a pool should have. */
type PoolShare = Omit<SizedPool, "current">;
