/**
 * How much coarser than wanted a pool loads, so that what is wanted fits.
 *
 * Above nine tenths of the pool the bias rises early, up to `maxMipBias`; beyond that it rises only
 * when what is wanted cannot fit at all, and that part is reported as forced. It falls again only
 * once what a finer step would want leaves room: the dead band between the two keeps it from
 * swinging.
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

/** The bias of one pool. Deterministic: it depends on the calls alone. */
export class PressureControl {
  #bias = 0;
  #demand = 0;
  #forced = 0;
  #inEpisode = false;
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

  /** Episodes of pressure so far; one warning each. */
  get episodes(): number {
    return this.#episodes;
  }

  /** Whether an episode of pressure is under way. */
  get inEpisode(): boolean {
    return this.#inEpisode;
  }

  /**
   * Finds the bias of this frame.
   *
   * @param capacity Tiles that the pool holds beside the pinned ones.
   * @param maxMipBias How far the bias may rise before it is forced, in levels.
   * @param countAt Number of tiles that are wanted at a bias. The last call is at the bias found.
   */
  update(capacity: number, maxMipBias: number, countAt: (bias: number) => number): void {
    let bias = this.#bias;
    let count = countAt(bias);
    const demand = count;
    this.#demand = demand;
    if (count > capacity) {
      while (count > capacity && bias < MAX_BIAS) {
        bias += BIAS_STEP;
        count = countAt(bias);
      }
    } else if (count > PRESSURE_LEVEL * capacity && bias + BIAS_STEP <= maxMipBias) {
      bias += BIAS_STEP;
      count = countAt(bias);
    } else if (bias > 0) {
      const finer = Math.max(0, bias - BIAS_STEP);
      // One step finer wants at most 4^step times as many tiles, and usually about that.
      const expected = count * 4 ** (bias - finer);
      const room = bias > maxMipBias ? PRESSURE_LEVEL : RELIEF_LEVEL;
      if (expected <= room * capacity) {
        const finerCount = countAt(finer);
        if (finerCount <= room * capacity) bias = finer;
        else countAt(bias);
      }
    }
    this.#bias = bias;
    this.#forced = Math.max(0, bias - maxMipBias);
    if (!this.#inEpisode && (demand > PRESSURE_LEVEL * capacity || bias > 0)) {
      this.#inEpisode = true;
      this.#episodes++;
    } else if (this.#inEpisode && bias === 0 && demand < RELIEF_LEVEL * capacity) {
      this.#inEpisode = false;
    }
  }
}
