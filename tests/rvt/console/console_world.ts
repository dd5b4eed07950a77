/**
 * A scene with a console: stripes in a texture of many tiles.
 *
 * @module
 */

import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import {
  VirtualTextureConsole,
  type VirtualTextureConsoleOptions,
} from "../../../src/rvt/console/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { pause } from "../../streaming/sources.ts";
import { PlacedScene, type PlacedSceneOptions } from "../scene/placed_scene.ts";

/** Sees the whole texture at level 0. */
export const CAMERA = {
  position: [0, -4, 24],
  view: lookAt([0, -4, 24], [0, 0, 0]),
  projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 100 }),
  viewport: [512, 512],
} as const;

/** Shaded with stripes across y, white and black. */
export const STRIPES = new Material({
  name: "stripes",
  domain: "virtual_texture",
  baseColor: stripes(),
});

function stripes() {
  const y = e.componentMask(e.worldPosition(), "y");
  return e.append(e.append(wave(y), wave(y)), wave(y));
}

function wave(y: ReturnType<typeof e.componentMask>) {
  return e.saturate(e.multiply(e.sine(e.multiply(y, 12)), 1000));
}

/** A placed scene, and its console. */
export interface ConsoleWorld extends AsyncDisposable {
  readonly placed: PlacedScene;
  readonly console: VirtualTextureConsole;
}

/** The scene, in game, with a console. */
export async function openWorld(
  device: ForgeDevice,
  options: PlacedSceneOptions & { readonly console?: VirtualTextureConsoleOptions } = {},
): Promise<ConsoleWorld> {
  const { console: own, ...others } = options;
  const placed = new PlacedScene(device, {
    ...others,
    asset: { materialType: "base_color", sizeInTilesLog2: 3, ...options.asset },
    volume: { scale: [24, 24, 20], ...options.volume },
    scene: { mode: "game", ...options.scene },
  });
  const { asset } = placed;
  const decal = new DecalComponent({
    material: STRIPES,
    size: [30, 30],
    renderToVirtualTextures: [asset],
  });
  await placed.place([decal]);
  const console = new VirtualTextureConsole(placed.scene, own);
  return { placed, console, [Symbol.asyncDispose]: () => placed[Symbol.asyncDispose]() };
}

/** Tiles that each of some updates loads, at rest or not. */
export async function loadsOf({ placed: { system } }: ConsoleWorld, frames: number) {
  const loaded: number[] = [];
  const refreshed: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const { tilesLoaded, tilesRefreshed } = system.updateNow(CAMERA);
    loaded.push(tilesLoaded);
    refreshed.push(tilesRefreshed);
    await pause(0);
    await system.device.submits.wait();
  }
  return { most: Math.max(...loaded), mostRefreshed: Math.max(...refreshed), loaded, refreshed };
}
