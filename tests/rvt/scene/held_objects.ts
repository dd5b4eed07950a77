/**
 * Counts what scenes hold, independently of the code that holds it.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { ComponentChangeListeners } from "../../../src/rvt/component/component_change.ts";
import { Listeners } from "../../../src/rvt/material/listeners.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { AWAY, type PlacedScene } from "./placed_scene.ts";

/** Frames of rest after which nothing is kept for more tiles. */
const RESTS = 10;

let openCount = 0;

type Subscribe = (...args: never[]) => () => void;

function counted<T extends Subscribe>(subscribe: T): T {
  return function (this: unknown, ...args: never[]) {
    const stop = subscribe.apply(this, args);
    openCount++;
    let isOpen = true;
    return () => {
      if (isOpen) openCount--;
      isOpen = false;
      stop();
    };
  } as T;
}

for (const { prototype } of [Listeners, ComponentChangeListeners]) {
  prototype.add = counted(prototype.add as Subscribe) as never;
}
for (const { prototype } of [RuntimeVirtualTexture, RuntimeVirtualTextureVolume]) {
  prototype.subscribe = counted(prototype.subscribe as Subscribe) as never;
}

/** Counts, by what is counted. */
export type HeldObjects = ReadonlyMap<string, number>;

/** Counts live objects of a device, and what listens to what. */
export class HeldObjectsCount {
  readonly #live: LiveGpuBytes;

  /** Counts GPU objects that are made from now on. */
  constructor(device: ForgeDevice) {
    this.#live = new LiveGpuBytes(device);
  }

  /** What there is once a scene is up to date and at rest. */
  async countAtRest(placed: PlacedScene): Promise<HeldObjects> {
    await placed.scene.settled();
    await placed.renderAll();
    for (let frame = 0; frame < RESTS; frame++) placed.system.updateNow(AWAY);
    await placed.system.device.submits.wait();
    return this.count();
  }

  /** What there is now. */
  count(): HeldObjects {
    const counts = new Map([["subscriptions", openCount]]);
    for (const [label, count] of this.#live.objects()) {
      // Textures that are made anew have other numbers.
      const name = label.replace(/(table|texture) \d+/, "$1");
      counts.set(name, count + (counts.get(name) ?? 0));
    }
    return counts;
  }
}

/** What there is more of, or less; empty if the counts are equal. */
export function differences(before: HeldObjects, now: HeldObjects): Record<string, number> {
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return Object.fromEntries(
    names.map((name) => [name, (now.get(name) ?? 0) - (before.get(name) ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  );
}
