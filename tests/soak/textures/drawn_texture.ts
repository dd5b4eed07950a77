/**
 * A texture of two planes that is drawn on the GPU, in scratch memory.
 *
 * @module
 */

import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { type TexelRect, TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { checkDrawn, ShownChanges } from "../../streaming/supply/drawn_pictures.ts";
import {
  describeDrawn,
  type DrawnSupply,
  drawnSupply,
} from "../../streaming/supply/drawn_supply.ts";
import { CHANGES_TOLD, DrawnWorld } from "../../streaming/supply/drawn_world.ts";
import { SMALL_PICTURE } from "../checks/pictures.ts";
import type { Changes, LoadOptions, SoakTexture } from "./soak_texture.ts";

const SIDE = 900;
const FORMATS = ["rgba8unorm", "r8unorm"] as const;

/** A texture that is drawn. What a texel tells of changes ends, and so do its changes before that. */
export class DrawnTexture implements SoakTexture {
  readonly kind = "a supply that draws";
  readonly faults = null;
  readonly tellsPlaces = false;
  readonly changes: Changes;
  readonly #world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
  readonly #supplies = new Set<DrawnSupply>();
  #changeCount = 0;

  constructor() {
    const world = this.#world;
    const change = (work: () => void) => {
      if (++this.#changeCount < CHANGES_TOLD) work();
    };
    this.changes = {
      changeTile: (tile: number) => change(() => world.changeTile(tile)),
      changeRect: (rect: TexelRect) => change(() => world.changeRect(rect)),
      changeAll: () => change(() => world.changeAll()),
    };
  }

  load(system: VirtualTextureSystem, options: LoadOptions): Promise<StreamedTexture> {
    const world = this.#world;
    return system.addTexture(
      describeDrawn(world, FORMATS),
      ({ device, ledger }) => {
        const supply = drawnSupply({ device, ledger, world, formats: FORMATS });
        this.#supplies.add(supply);
        return { ...supply, close: () => void this.#supplies.delete(supply) };
      },
      options,
    );
  }

  planesOf(): null {
    return null;
  }

  heldCount(): number {
    let held = 0;
    for (const { producer } of this.#supplies) held += producer.heldTickets;
    return held;
  }

  async check(system: VirtualTextureSystem, texture: StreamedTexture): Promise<void> {
    const camera = lookDown(SIDE / 2, SIDE / 2, heightOfLevel(0.4, SMALL_PICTURE), SMALL_PICTURE);
    await system.update(camera);
    const isSettled = await system.flush();
    await checkDrawn(system, texture, {
      world: this.#world,
      camera,
      shown: new ShownChanges(this.#world),
      isSettled,
    });
  }
}
