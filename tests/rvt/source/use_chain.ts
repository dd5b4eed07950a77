/**
 * Random use of a chain of textures in a pool that is too small for all of them, over sources that read
 * badly.
 *
 * @module
 */

import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { VisitedTiles } from "../../../src/residency/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { insideOf } from "../../streaming/inside.ts";
import { pause } from "../../streaming/sources.ts";
import { type Chain, type ChainState, LINKS, makeChain, newChainState } from "./contended_chain.ts";
import { differingTiles, isFresh, WORLD } from "./sampled_scene.ts";

const MIB = 2 ** 20;
/** Milliseconds in which every preload ends once nothing fails any more. */
const MOST_PRELOAD_MS = 60_000;
/** Part of the reads that fail, and part that takes some milliseconds. */
const [FAILING, SLOW] = [0.2, 0.4];
const BAD_READ = "bad sector";
const STOPPED = "enough";

/** Options of {@linkcode useChain}. */
export interface ChainUse {
  readonly seed: number;
  readonly steps: number;
  readonly mebibytes: number;
}

/** What is wrong afterwards. */
export interface ChainFaults {
  /** Fresh tiles that differ from a rebuild and are not known to be improvable. */
  readonly wrong: readonly string[];
  /** Preloads that did not end. */
  readonly openPreloads: number;
  /** What was done. */
  readonly steps: readonly string[];
}

class Use {
  readonly #chain: Chain;
  readonly #state: ChainState;
  readonly #below: (most: number) => number;
  readonly #stops: AbortController[] = [];
  readonly #preloads: Promise<unknown>[] = [];
  readonly names: string[] = [];
  readonly errors: unknown[] = [];
  openPreloads = 0;

  constructor(chain: Chain, state: ChainState, below: (most: number) => number) {
    this.#chain = chain;
    this.#state = state;
    this.#below = below;
  }

  #camera() {
    const height = heightOfLevel(0) / (4 + this.#below(40));
    const viewport = [300, 300] as const;
    return { ...lookDown(this.#below(WORLD), this.#below(WORLD), height), viewport };
  }

  #preload(): void {
    const { scene } = this.#chain.made;
    const [x, y, size] = [this.#below(48), this.#below(48), 4 + this.#below(12)];
    const bounds = { min: [x, y, -10], max: [x + size, y + size, 10] } as const;
    const stop = new AbortController();
    this.#stops.push(stop);
    this.openPreloads++;
    const ended = () => this.openPreloads--;
    const failed = (error: unknown) => {
      ended();
      const isKnown = error instanceof BudgetError ||
        RegExp(`${BAD_READ}|${STOPPED}`).test(`${error}`);
      if (!isKnown) this.errors.push(error);
    };
    const { signal } = stop;
    this.#preloads.push(
      scene.requestPreload(bounds, this.#below(2), { signal }).then(ended, failed),
    );
  }

  readonly #steps: Readonly<Record<string, () => unknown>> = {
    edit: () => {
      const cell = this.#state.edits.editCell(this.#below(16), this.#below(16));
      this.#chain.made.system.invalidate(this.#chain.picture, cell);
    },
    raise: () => {
      if (!this.#state.hasHeights) return;
      const region = { x: this.#below(100), y: this.#below(100), width: 20, height: 20 };
      const raised = this.#state.hills.raise(region, 2);
      this.#chain.made.system.invalidate(this.#chain.heightTexture, raised);
    },
    evict: () => {
      const textures = [this.#chain.picture, ...this.#chain.textures];
      this.#chain.made.system.evictTiles(textures[this.#below(LINKS + 1)]!);
    },
    flush: () => this.#chain.made.system.flush(),
    update: () => this.#chain.made.system.update(this.#camera()),
    frames: async () => {
      const { system } = this.#chain.made;
      for (let frame = 0; frame < 4; frame++) {
        system.updateNow(this.#camera());
        await system.finishUpdate({ timeBudgetMs: 3 });
      }
    },
    preload: () => this.#preload(),
    abort: () => this.#stops[this.#below(this.#stops.length)]?.abort(new Error(STOPPED)),
    unload: async () => {
      if (!this.#state.hasHeights || this.#below(3) > 0) return;
      this.#state.hasHeights = false;
      await this.#chain.made.system.unloadTexture(this.#chain.heightTexture);
    },
    tint: () => {
      const link = this.#below(LINKS);
      this.#state.tints[link] = this.#below(12);
      this.#chain.tint(link, this.#state);
    },
    move: () => {
      const link = this.#below(LINKS);
      this.#state.places[link] = this.#below(50);
      this.#chain.place(link, this.#state);
    },
  };

  /** Does something. */
  async step(): Promise<void> {
    const names = Object.keys(this.#steps);
    const name = names[this.#below(names.length)]!;
    this.names.push(name);
    await this.#steps[name]!();
  }

  /** Waits for the preloads; those that do not end are stopped. */
  async endPreloads(): Promise<number> {
    const startMs = performance.now();
    while (this.openPreloads > 0 && performance.now() - startMs < MOST_PRELOAD_MS) await pause(20);
    const open = this.openPreloads;
    for (const stop of this.#stops) stop.abort(new Error(STOPPED));
    await Promise.all(this.#preloads);
    assert.deepEqual(this.errors, []);
    return open;
  }
}

/** Uses a chain at random, and compares it with a rebuild. */
export async function useChain({ seed, steps, mebibytes }: ChainUse): Promise<ChainFaults> {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  using device = await requestDevice();
  const state = newChainState(below);
  const chain = await makeChain(device, state, mebibytes * MIB);
  using made = chain.made;
  made.scene.change({ maxUploadsPerFrameInEditor: 1 });
  for (const source of [chain.colors, chain.heights]) {
    source.before = async () => {
      const kind = random();
      if (kind < FAILING) throw new Error(BAD_READ);
      if (kind < FAILING + SLOW) await pause(below(8));
    };
  }
  const use = new Use(chain, state, below);
  for (let step = 0; step < steps; step++) await use.step();
  chain.colors.before = chain.heights.before = null;
  const openPreloads = await use.endPreloads();
  await made.system.flush();
  for (const { pool: { residency } } of chain.textures.map(insideOf)) {
    assert.equal(residency.neededCount, 0, "nothing is held at rest");
    assert.equal(residency.preloadCount, 0);
  }
  const wrong = await wrongTiles(device, state, chain);
  return { wrong, openPreloads, steps: use.names };
}

async function wrongTiles(device: ForgeDevice, state: ChainState, chain: Chain): Promise<string[]> {
  const whole = await makeChain(device, state, 96 * MIB);
  using rebuilt = whole.made;
  if (!state.hasHeights) await rebuilt.system.unloadTexture(whole.heightTexture);
  const wrong: string[] = [];
  for (const texture of whole.textures) await rebuilt.load(texture);
  for (const [i, texture] of chain.textures.entries()) {
    assert.equal(rebuilt.improvable(whole.textures[i]!), 0);
    const right = await rebuilt.read(whole.textures[i]!);
    assert.equal(right.size, texture.grid.tileCount);
    const read = await chain.made.read(texture);
    const { producer } = insideOf(texture);
    for (const tile of differingTiles(right, read, 3)) {
      if (!isFresh(texture, tile) || producer.isImprovable!(tile, new VisitedTiles())) continue;
      const { level, x, y } = texture.grid.addressOf(tile);
      wrong.push(`link ${i}: ${x}, ${y} of level ${level}`);
    }
  }
  return wrong;
}
