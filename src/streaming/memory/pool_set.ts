/**
 * The pools of a system: how large each is, and what happens when textures come and go.
 *
 * @module
 */

import { BudgetError, UnsupportedError } from "../../errors.ts";
import {
  BlockEncoder,
  type ForgeDevice,
  type MemoryLedger,
  PageTable,
  planPageTable,
  type Reservation,
  stagingBytes,
} from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { type BudgetNeeds, type BudgetPlan, missingBudget, planBudget } from "./budget_plan.ts";
import { GpuPool, poolKey, type PoolKind, poolSlotBytes } from "./gpu_pool.ts";
import { sharePools } from "./pool_budget.ts";
import type { TextureState } from "../texture_state.ts";

/** Bytes of a page table beside its texels: edit buffers, level table, sampling parameters. */
const TABLE_OVERHEAD_BYTES = 24 * 1024;
/** An atlas may have up to 1 % fewer slots than asked for; a small texture should fit whole. */
const ATLAS_ROUNDING = 1.011;
/** Submits that may be made while others are waited for, and use the memory that is to be free. */
const MAX_WAITS = 8;
/** A pool is not grown for less than this part of its slots. */
const GROWTH_WORTH_A_COPY = 0.1;

/** A texture that is about to be added. */
export interface NewTexture {
  readonly kind: PoolKind;
  readonly grid: TileGrid;
}

/** What a pool set works with; all of it is borrowed. */
export interface PoolSetParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly residency: Residency;
  readonly textures: ReadonlyMap<number, TextureState>;
  /** Records and submits the page-table edits that are due. */
  readonly submitEdits: () => void;
}

function pinnedCount(grid: TileGrid): number {
  return grid.levelCount - grid.tailLevel;
}

/** Sizes pools by shares of the budget. Owns the pools. */
export class PoolSet {
  /** Encodes textures that are being loaded, in what pools and uploads leave free. */
  readonly blockEncoder: BlockEncoder;
  readonly #parts: PoolSetParts;
  readonly #pools = new Map<string, GpuPool>();
  readonly #inFlight: Reservation;
  #plan: BudgetPlan;
  #moving = false;

  /** @throws {BudgetError} if the budget cannot hold what every system needs. */
  constructor(parts: PoolSetParts) {
    this.#parts = parts;
    this.blockEncoder = new BlockEncoder(parts.device, {
      ledger: parts.ledger,
      keptFreeBytes: () => this.slackBytes + this.#plan.largestTileBytes,
    });
    this.#plan = this.#planFor(this.#needs(null));
    this.#inFlight = parts.ledger.reserve("caches", this.#plan.inFlightBytes);
  }

  /** How the budget is cut at the moment. */
  get plan(): BudgetPlan {
    return this.#plan;
  }

  /** Bytes that staging and scratch must leave free: all of them while pools are moved. */
  get slackBytes(): number {
    return this.#moving ? Infinity : this.#plan.slackBytes;
  }

  /** Every pool. */
  get pools(): Iterable<GpuPool> {
    return this.#pools.values();
  }

  /** Bytes of a page table with what belongs to it, before it exists. */
  #tableBytes(grid: TileGrid): number {
    const limit = this.#parts.device.limit("maxTextureDimension2D");
    const { width, height } = planPageTable(grid.tileCount, limit);
    return width * height * 4 + TABLE_OVERHEAD_BYTES;
  }

  #needs(added: NewTexture | null): BudgetNeeds {
    const all: NewTexture[] = [];
    for (const texture of this.#parts.textures.values()) {
      all.push({ kind: texture.pool.kind, grid: texture.grid });
    }
    if (added) all.push(added);
    const pools = new Map<string, { slotBytes: number; textures: NewTexture[] }>();
    let tableBytes = 0;
    let largestTileBytes = 0;
    for (const texture of all) {
      const { kind, grid } = texture;
      const key = poolKey(kind);
      const pool = pools.get(key) ?? { slotBytes: poolSlotBytes(kind), textures: [] };
      pools.set(key, pool);
      pool.textures.push(texture);
      tableBytes += this.#tableBytes(grid);
      const staged = stagingBytes(kind.formats, kind.tileSize + 2 * kind.border);
      largestTileBytes = Math.max(largestTileBytes, staged);
    }
    return {
      pools: [...pools.values()].map(({ slotBytes, textures }) => ({
        slotBytes,
        textures: textures.map(({ grid }) => ({
          tiles: Math.ceil(grid.tileCount * ATLAS_ROUNDING),
          pinned: pinnedCount(grid),
        })),
      })),
      tableBytes,
      largestTileBytes,
    };
  }

  #planFor(needs: BudgetNeeds): BudgetPlan {
    const { limitBytes } = this.#parts.ledger;
    const minimum = missingBudget(limitBytes, needs);
    if (minimum !== null) {
      throw new BudgetError(
        limitBytes,
        minimum,
        `Cannot fit textures into the memory budget as it must be >= ${minimum} bytes ` +
          `(${(minimum / 2 ** 20).toFixed(1)} MiB): current value is ${limitBytes}`,
      );
    }
    return planBudget(limitBytes, needs);
  }

  /**
   * Makes room for a texture: shrinks other pools, and makes or grows the one it goes into.
   *
   * @throws {BudgetError} naming the minimum if the budget is too small; nothing has changed then.
   * @throws {UnsupportedError} if the device cannot sample the format.
   */
  async add(added: NewTexture, label: string): Promise<{ pool: GpuPool; table: PageTable }> {
    const { device } = this.#parts;
    for (const format of added.kind.formats) {
      if (!device.supports(format)) {
        throw new UnsupportedError(
          format,
          `Cannot load texture as device "${device.name}" has no format ${format}: ` +
            `load it with preferredFormat "rgba8"`,
        );
      }
    }
    const needs = this.#needs(added);
    const plan = this.#planFor(needs);
    const slots = this.#slotsByKey(needs, plan, [...this.#kindsOf(added)]);
    try {
      return await this.#alone(async () => {
        await this.#shrink(slots);
        await this.#apply(plan);
        return await this.#make(added, { slots: slots.get(poolKey(added.kind))!, label });
      });
    } catch (error) {
      // The first error says more than what follows from it.
      await this.rebalance().catch(() => {});
      throw error;
    }
  }

  /**
   * Does work while no tile lands and nothing is encoded: staging and scratch would take the memory
   * that is being moved through.
   */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#moving = true;
    try {
      await this.blockEncoder.waitForBatches();
      return await work();
    } finally {
      this.#moving = false;
    }
  }

  /** Makes or grows the pool of a texture, and makes its table. */
  async #make(
    added: NewTexture,
    options: { slots: number; label: string },
  ): Promise<{ pool: GpuPool; table: PageTable }> {
    const { device, ledger } = this.#parts;
    const { kind, grid } = added;
    const { slots, label } = options;
    const key = poolKey(kind);
    const existing = this.#pools.get(key);
    if (existing !== undefined && slots > existing.wantedSlots) {
      await this.#resize(existing, slots);
    }
    const poolBytes = existing === undefined ? slots * poolSlotBytes(kind) : 0;
    await this.#quiet(poolBytes + this.#tableBytes(grid));
    const pool = existing ?? new GpuPool(device, ledger, { kind, slots });
    this.#pools.set(key, pool);
    return { pool, table: new PageTable(device, ledger, grid, `page table ${label}`) };
  }

  /** Gives the room of textures that are gone to the others. */
  rebalance(): Promise<void> {
    return this.#alone(() => this.#rebalance());
  }

  async #rebalance(): Promise<void> {
    const needs = this.#needs(null);
    const plan = this.#planFor(needs);
    const slots = this.#slotsByKey(needs, plan, [...this.#kindsOf(null)]);
    for (const pool of [...this.#pools.values()]) if (!slots.has(pool.key)) this.#drop(pool);
    await this.#apply(plan);
    const growing = [...this.#pools.values()].filter((pool) => {
      return slots.get(pool.key)! > pool.wantedSlots * (1 + GROWTH_WORTH_A_COPY);
    });
    if (growing.length === 0) return;
    await this.#shrink(slots);
    for (const pool of growing) await this.#resize(pool, slots.get(pool.key)!);
  }

  /** Resizes the pools that have more slots than they should. */
  async #shrink(slots: ReadonlyMap<string, number>): Promise<void> {
    for (const pool of this.#pools.values()) {
      const wanted = slots.get(pool.key)!;
      if (wanted < pool.slotCount) await this.#resize(pool, wanted);
    }
  }

  #kindsOf(added: NewTexture | null): Set<string> {
    const keys = new Set<string>();
    for (const texture of this.#parts.textures.values()) keys.add(texture.pool.key);
    if (added) keys.add(poolKey(added.kind));
    return keys;
  }

  #slotsByKey(needs: BudgetNeeds, plan: BudgetPlan, keys: string[]): Map<string, number> {
    const slots = sharePools(needs.pools, plan.atlasBytes);
    return new Map(keys.map((key, i) => [key, slots[i]!]));
  }

  async #apply(plan: BudgetPlan): Promise<void> {
    await this.#quiet(plan.inFlightBytes - this.#inFlight.bytes);
    this.#plan = plan;
    this.#inFlight.resize(plan.inFlightBytes);
  }

  #drop(pool: GpuPool): void {
    pool.destroy();
    this.#pools.delete(pool.key);
  }

  /**
   * Resizes a pool within the budget. Where old and new do not fit together, what is most wanted
   * goes through an atlas that fits beside either; a pool does not grow further than that leaves
   * room for the pinned tiles.
   */
  async #resize(pool: GpuPool, wanted: number): Promise<void> {
    const { device, ledger } = this.#parts;
    const perSlot = poolSlotBytes(pool.kind);
    const pinned = Math.ceil(pool.residency.slots.pinnedCount * ATLAS_ROUNDING);
    // Edit buffers may grow meanwhile.
    const { slackBytes } = this.#plan;
    await this.#quiet(Math.min(wanted, pinned) * perSlot + slackBytes);
    device.assertAlive();
    const free = Math.floor((ledger.availableBytes - slackBytes) / perSlot);
    if (wanted <= free) {
      this.#move(pool, wanted);
    } else {
      const together = free + pool.slotCount;
      const slots = Math.min(wanted, together - pinned);
      if (wanted > pool.slotCount && slots <= pool.slotCount) return;
      this.#move(pool, Math.min(free, together - slots));
      await this.#quiet(slots * perSlot);
      this.#move(pool, slots);
    }
    await this.#quiet(0);
  }

  #move(pool: GpuPool, slots: number): void {
    pool.resize(slots, this.#parts.residency);
    for (const texture of this.#parts.textures.values()) {
      if (texture.pool === pool) texture.binding.rebind(pool.atlas, pool.slotFrames);
    }
    this.#parts.submitEdits();
  }

  /** Waits until what was destroyed is gone, and until so many bytes are free. */
  async #quiet(bytes: number): Promise<void> {
    const { device, ledger } = this.#parts;
    for (let attempt = 0; attempt < MAX_WAITS; attempt++) {
      await device.submits.wait();
      ledger.collect();
      if (ledger.availableBytes >= bytes) return;
    }
  }

  /** Destroys every pool. */
  destroy(): void {
    for (const pool of [...this.#pools.values()]) this.#drop(pool);
    this.#inFlight.release();
  }
}
