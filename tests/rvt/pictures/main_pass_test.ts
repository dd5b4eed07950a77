import assert from "node:assert/strict";
import {
  DecalComponent,
  DRAW_IN_MAIN_PASS_CHOICES,
  type DrawInMainPass,
  expressions as e,
  Material,
  RuntimeVirtualTextureVolume,
} from "../../../src/mod.ts";
import { fromAbove, hueAt, NOON, PictureScene, plainAsset, WORLD } from "./picture_scene.ts";

const RED = [0.8, 0.02, 0.02];
const CAMERA = fromAbove(16);
const PLACE = { position: [8, 8, 0], scale: [WORLD, WORLD, 40] };

/** The state of the volume that places the component's texture. */
const VOLUMES = {
  "no volume": null,
  "a volume that hides nothing": {},
  "a volume that hides in game": { hidePrimitivesInGame: true },
  "a volume that hides in the editor": { hidePrimitivesInEditor: true },
} as const;

/** The specification's table: from Virtual Texture hides only where all three conditions hold. */
function isExpected(
  choice: DrawInMainPass,
  scene: { virtualTexturing: boolean; mode: "game" | "editor"; volume: keyof typeof VOLUMES },
): boolean {
  if (choice === "never") return false;
  if (choice === "always") return true;
  const hides = scene.mode === "game"
    ? "a volume that hides in game"
    : "a volume that hides in the editor";
  return !(scene.virtualTexturing && scene.volume === hides);
}

Deno.test("Draw in Main Pass shows and hides a component in pictures, for every combination", async () => {
  await using shown = await PictureScene.open();
  const { scene } = shown;
  const asset = plainAsset({ sizeInTilesLog2: 0 });
  const rvtOutput = e.runtimeVirtualTextureOutput({ baseColor: RED });
  const material = new Material({ name: "paint", baseColor: RED, rvtOutput });
  const component = new DecalComponent({
    material,
    size: [8, 8],
    transform: { position: [8, 8, 1] },
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(component);
  let combinations = 0;
  for (const volume of Object.keys(VOLUMES) as (keyof typeof VOLUMES)[]) {
    const settings = VOLUMES[volume];
    const placed = settings === null
      ? null
      : new RuntimeVirtualTextureVolume(asset, { ...PLACE, ...settings });
    if (placed !== null) await scene.addVolume(placed);
    for (const virtualTexturing of [true, false]) {
      for (const mode of ["game", "editor"] as const) {
        scene.change({ virtualTexturing, mode });
        await scene.settled();
        for (const choice of DRAW_IN_MAIN_PASS_CHOICES) {
          component.drawInMainPass = choice;
          const expected = isExpected(choice, { virtualTexturing, mode, volume }) ? "red" : "none";
          const what = `${choice}, ${volume}, ${mode}, virtual texturing ${virtualTexturing}`;
          assert.equal(hueAt(await shown.draw(CAMERA, NOON), 8, 8), expected, what);
          combinations++;
        }
      }
    }
    if (placed !== null) await scene.removeVolume(placed);
  }
  assert.equal(combinations, 3 * 4 * 2 * 2);
});
