import assert from "node:assert/strict";
import {
  DecalComponent,
  DRAW_IN_MAIN_PASS_CHOICES,
  type DrawInMainPass,
  expressions as e,
  LandscapeComponent,
  Material,
  RuntimeVirtualTextureVolume,
} from "../../../src/mod.ts";
import { fromAbove, hueAt, NOON, PictureScene, plainAsset, WORLD } from "./picture_scene.ts";

const RED = [0.8, 0.02, 0.02];
const GREEN = [0.02, 0.8, 0.02];
const BLUE = [0.02, 0.02, 0.8];
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

/** A landscape whose material shows green where it samples, and blue where it falls back. */
function switchingLandscape(shown: PictureScene): LandscapeComponent {
  const asset = plainAsset({ sizeInTilesLog2: 0 });
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  const material = new Material({
    name: "ground",
    baseColor: e.virtualTextureFeatureSwitch({ yes: baseColor, no: BLUE }),
    roughness: 1,
    specular: 0,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: GREEN }),
  });
  const land = new LandscapeComponent({
    material,
    width: 3,
    height: 3,
    heights: new Float32Array(9),
    transform: { scale: [8, 8, 1] },
    renderToVirtualTextures: [asset],
  });
  shown.scene.addComponent(land);
  return land;
}

Deno.test("the feature switch draws the fall-back without virtual texturing, and back again", async () => {
  await using shown = await PictureScene.open();
  const { scene } = shown;
  const land = switchingLandscape(shown);
  const [asset] = land.renderToVirtualTextures;
  const volume = new RuntimeVirtualTextureVolume(asset as never, PLACE);
  await scene.addVolume(volume);
  const decal = new DecalComponent({
    material: new Material({ name: "paint", domain: "virtual_texture", baseColor: RED }),
    size: [4, 4],
    transform: { position: [4, 4, 1] },
    renderToVirtualTextures: land.renderToVirtualTextures,
  });
  scene.addComponent(decal);
  const hues = async () => {
    const picture = await shown.draw(CAMERA, NOON);
    return [hueAt(picture, 4.2, 4.2), hueAt(picture, 12, 12)];
  };
  assert.deepEqual(await hues(), ["red", "green"]);
  scene.change({ virtualTexturing: false });
  // A decal that is drawn in tiles alone is not there at all.
  assert.deepEqual(await hues(), ["blue", "blue"]);
  scene.change({ virtualTexturing: true });
  assert.deepEqual(await hues(), ["red", "green"]);
});

Deno.test("Replace shows one colour in the main pass and writes another one", async () => {
  await using shown = await PictureScene.open();
  const { scene } = shown;
  const asset = plainAsset({ sizeInTilesLog2: 0 });
  const color = e.runtimeVirtualTextureReplace({ default: RED, output: BLUE });
  const twofold = new Material({
    name: "twofold",
    baseColor: color,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: color }),
  });
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  const plane = (material: Material, y: number, drawn: DrawInMainPass) =>
    new DecalComponent({
      material,
      size: [16, 8],
      transform: { position: [8, y, 1] },
      drawInMainPass: drawn,
      renderToVirtualTextures: material === twofold ? [asset] : [],
    });
  await scene.addVolume(new RuntimeVirtualTextureVolume(asset, PLACE));
  scene.addComponent(plane(twofold, 4, "always"));
  scene.addComponent(plane(twofold, 12, "never"));
  scene.addComponent(plane(new Material({ name: "cached", baseColor }), 12, "always"));
  const picture = await shown.draw(CAMERA, NOON);
  assert.deepEqual([hueAt(picture, 8, 4), hueAt(picture, 8, 12)], ["red", "blue"]);
});
