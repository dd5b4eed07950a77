/**
 * How much coarser than wanted a pool loads, so that what is wanted fits.
 *
 * Above nine tenths of the pool the bias rises early, up to `maxMipBias`; beyond that it rises only
 * when what is wanted cannot fit at all, and that part is reported as forced. It falls again once
 * what a finer step wants leaves room: the dead band between the two keeps it from swinging while the
 * camera moves. Once the camera rests, the bias comes within one step of the finest that fits, so
 * that what a view shows does not depend on where the camera came from.
 *
 * @module
 */

/** Step of the bias in levels. */
export const BIAS_STEP = 0.25;
/** Part of the pool above which the bias rises early. */
export const PRESSURE_LEVEL = 0.9;
/** Part of the pool below which a finer step must stay for the bias to fall. */
export const RELIEF_LEVEL = 0.75;
/** No picture needs more: everything is then in the pinned tail. */
const MAX_BIAS = 24;
/** Updates without pressure after which an episode is over. */
const EPISODE_END_UPDATES = 30;

/** The bias of one pool. Deterministic: it depends on the calls alone. */
export class PressureControl {
  #bias = 0;
  #demand = 0;
  #unbiasedDemand = 0;
  #forced = 0;
  #inEpisode = false;
  #isCalm = true;
  #calmUpdates = 0;
  #episodes = 0;

  /** Levels by which the pool loads coarser than wanted. */
  get bias(): number {
    return this.#bias;
  }

  /** The part of the bias that goes beyond `maxMipBias`, because nothing finer fits. */
  get forcedBias(): number {
    return this.#forced;
  }

  /** Tiles that the last update wanted before the bias rose. */
  get demand(): number {
    return this.#demand;
  }

  /**
   * Tiles that the last update would have wanted without a bias. If it did not look that fine, this is
   * estimated from the finest that it looked at: a level finer, a view has four times as many tiles.
   */
  get unbiasedDemand(): number {
    return this.#unbiasedDemand;
  }

  /** Episodes of pressure so far: what was wanted did not fit. One warning each. */
  get episodes(): number {
    return this.#episodes;
  }

  /**
   * Finds the bias of this frame.
   *
   * @param countAt Number of tiles that are wanted at a bias. The last call is at the bias found.
   */
  update(view: PressureView, countAt: (bias: number) => number): void {
    const { capacity, maxMipBias } = view;
    let bias = this.#bias;
    let counted = bias;
    let finest = Infinity;
    const count = (at: number): number => {
      counted = at;
      const tiles = countAt(at);
      if (at < finest) this.#unbiasedDemand = tiles * 4 ** at;
      finest = Math.min(finest, at);
      return tiles;
    };
    const demand = count(bias);
    this.#demand = demand;
    if (demand > capacity) {
      for (let left = demand; left > capacity && bias < MAX_BIAS;) left = count(bias += BIAS_STEP);
    } else if (demand > PRESSURE_LEVEL * capacity && bias + BIAS_STEP <= maxMipBias) {
      bias += BIAS_STEP;
    } else if (bias > 0) {
      bias = this.#finerBias(view, count);
    }
    if (counted !== bias) count(bias);
    this.#bias = bias;
    this.#forced = Math.max(0, bias - maxMipBias);
    this.#isCalm = bias === 0 && demand < RELIEF_LEVEL * capacity;
    if (demand > capacity && !this.#inEpisode) {
      this.#inEpisode = true;
      this.#episodes++;
    }
    this.#countCalm();
  }

  /**
   * Begins again without a bias, as the pool has grown: the next update finds the finest that fits, instead of
   * coming nearer to it by steps. An episode goes on.
   */
  forgetBias(): void {
    this.#bias = 0;
    this.#forced = 0;
  }

  /** Counts an update that shows what the last one did. */
  repeatUpdate(): void {
    this.#countCalm();
  }

  #countCalm(): void {
    this.#calmUpdates = this.#isCalm ? this.#calmUpdates + 1 : 0;
    if (this.#calmUpdates >= EPISODE_END_UPDATES) this.#inEpisode = false;
  }

  /** The bias that takes its place, if a finer one fits well enough; else the same. */
  #finerBias(
    { capacity, maxMipBias, isSettled }: PressureView,
    count: (bias: number) => number,
  ): number {
    const bias = this.#bias;
    const finer = Math.max(0, bias - BIAS_STEP);
    const room = bias > maxMipBias ? PRESSURE_LEVEL : RELIEF_LEVEL;
    if (count(finer) <= room * capacity) return finer;
    if (!isSettled) return bias;
    // The finest bias at which a camera that came from a finer view would have stopped.
    let finest = bias;
    while (finest > 0) {
      const next = Math.max(0, finest - BIAS_STEP);
      const limit = next + BIAS_STEP <= maxMipBias ? PRESSURE_LEVEL * capacity : capacity;
      if (count(next) > limit) break;
      finest = next;
    }
    return Math.min(bias, finest + BIAS_STEP);
  }
}

/** What a pool is asked to show. */
export interface PressureView {
  /** Tiles that the pool holds beside the pinned ones. */
  readonly capacity: number;
  /** How far the bias may rise before it is forced, in levels. */
  readonly maxMipBias: number;
  /** Whether the camera is where it was in the last update. */
  readonly isSettled: boolean;
}
