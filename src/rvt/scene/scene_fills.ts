/**
 * What the materials of a scene sample while they fill textures, followed change by change.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import {
  assertNoFillCycle,
  type MaterialWriter,
  type SampledByFills,
  sampledByFills,
} from "../material/mod.ts";
import { type FillCycles, fillCycles, NO_FILL_CYCLES } from "../source/mod.ts";

type Asset = RuntimeVirtualTextureLike;

/** Knows which textures would be filled with samples of themselves. */
export class SceneFills {
  readonly #warn: (message: string) => void;
  /** What each component samples; those that sample nothing are not there. */
  readonly #sampledBy = new Map<PrimitiveComponent, SampledByFills>();
  /** How many components sample a texture while they fill another. */
  readonly #counts = new Map<Asset, Map<Asset, number>>();
  #cycles: FillCycles = NO_FILL_CYCLES;

  /** @param warn Hears of cycles that have come about. */
  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Whether one texture is not sampled while another is filled, as it depends on that. */
  isCut(filled: Asset, sampled: Asset): boolean {
    return this.#cycles.cut.get(filled)?.has(sampled) ?? false;
  }

  /**
   * Checks that with one more component no texture is filled with samples of itself.
   *
   * @param others Those that there are.
   * @throws {OutOfRangeError} if one would be; the message names the component and the cycle.
   */
  assertMayAdd(component: PrimitiveComponent, others: () => PrimitiveComponent[]): void {
    assertNoFillCycle(writerOf(component), {
      others: () => others().map(writerOf),
      failure: `Cannot add ${component.label}`,
    });
  }

  /**
   * Checks that a change of a component makes no texture filled with samples of itself that was not.
   *
   * @param options `writer`: what the component would be; `all`: the components as they are, with this
   * one; `failure`: what cannot be done if one would be.
   * @throws {OutOfRangeError} if one would be; the message names the cycle.
   */
  assertMayChange(
    component: PrimitiveComponent,
    { writer, all, failure }: {
      readonly writer: MaterialWriter;
      readonly all: () => PrimitiveComponent[];
      readonly failure: string;
    },
  ): void {
    assertNoFillCycle(writer, {
      others: () => all().filter((other) => other !== component).map(writerOf),
      replaced: writerOf(component),
      failure,
    });
  }

  /**
   * Notes what a component is now.
   *
   * @param isThere Whether it is in the scene.
   * @returns The textures that can sample others than before.
   */
  note(component: PrimitiveComponent, isThere: boolean): Asset[] {
    const before = this.#sampledBy.get(component);
    const now = isThere ? sampledByFills([writerOf(component)]) : new Map();
    if (samplesNothing(now)) this.#sampledBy.delete(component);
    else this.#sampledBy.set(component, now);
    const isLess = this.#count(before, -1);
    const isMore = this.#count(this.#sampledBy.get(component), 1);
    return isLess || isMore ? this.#findCycles() : [];
  }

  /** Returns whether something is sampled for the first time, or no more. */
  #count(sampledBy: SampledByFills | undefined, change: 1 | -1): boolean {
    let isOther = false;
    for (const [asset, sampled] of sampledBy ?? []) {
      let counts = this.#counts.get(asset);
      if (counts === undefined) this.#counts.set(asset, counts = new Map());
      for (const one of sampled) {
        const count = (counts.get(one) ?? 0) + change;
        if (count === 0) counts.delete(one);
        else counts.set(one, count);
        if (count === 0 || (change === 1 && count === 1)) isOther = true;
      }
      if (counts.size === 0) this.#counts.delete(asset);
    }
    return isOther;
  }

  #findCycles(): Asset[] {
    const before = this.#cycles;
    this.#cycles = fillCycles(
      new Map([...this.#counts].map(([asset, counts]) => [asset, new Set(counts.keys())])),
    );
    for (const name of this.#cycles.names) {
      if (before.names.includes(name)) continue;
      this.#warn(
        `Virtual textures depend on themselves: ${name}. ` +
          `They are filled with clear values in place of such samples`,
      );
    }
    const assets = new Set([...before.cut.keys(), ...this.#cycles.cut.keys()]);
    return [...assets].filter((asset) =>
      !isEqual(before.cut.get(asset), this.#cycles.cut.get(asset))
    );
  }
}

function writerOf(
  { material, renderToVirtualTextures: assets }: PrimitiveComponent,
): MaterialWriter {
  return { material, assets };
}

function samplesNothing(sampledBy: SampledByFills): boolean {
  return [...sampledBy.values()].every(({ size }) => size === 0);
}

function isEqual<T>(a: ReadonlySet<T> = new Set(), b: ReadonlySet<T> = new Set()): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value));
}
