import assert from "node:assert/strict";
import {
  expressions as e,
  gridMesh,
  Material,
  MaterialInstance,
  type MaterialInterface,
  type RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/mod.ts";
import { fromAbove, NOON, PictureScene, pixelAt, plainAsset, WORLD } from "./picture_scene.ts";

const MESH = gridMesh({ size: [WORLD, WORLD] });
const MIDDLE = [WORLD / 2, WORLD / 2, 0] as const;

/** Scene with a texture filled with one colour for each asset, and what shows them. */
async function openScene(
  colors: readonly (readonly [RuntimeVirtualTexture, readonly number[]])[],
): Promise<{
  readonly pictures: PictureScene;
  readonly warnings: string[];
  readonly screen: StaticMeshComponent;
  shown(): Promise<readonly boolean[]>;
}> {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const pictures = await PictureScene.open({ logger: { warn } });
  const { scene } = pictures;
  for (const [asset, baseColor] of colors) {
    const paint = new Material({ name: "paint", domain: "virtual_texture", baseColor });
    scene.addComponent(
      new StaticMeshComponent({
        material: paint,
        mesh: MESH,
        transform: { position: MIDDLE },
        drawInMainPass: "never",
        renderToVirtualTextures: [asset],
      }),
    );
    const place = { position: MIDDLE, scale: [WORLD, WORLD, 4] } as const;
    await scene.addVolume(new RuntimeVirtualTextureVolume(asset, place));
  }
  const material: MaterialInterface = new Material({ name: "none", baseColor: 0 });
  const screen = new StaticMeshComponent({ material, mesh: MESH, transform: { position: MIDDLE } });
  scene.addComponent(screen);
  const shown = async () => {
    const picture = await pictures.draw(fromAbove(16), NOON);
    return pixelAt(picture, 8, 8).slice(0, 3).map((value) => value > 100);
  };
  return { pictures, warnings, screen, shown };
}

const [RED, GREEN, BLACK] = [[true, false, false], [false, true, false], [false, false, false]];

Deno.test("an asset that changes its type while an instance names it is warned of once", async () => {
  const ours = plainAsset({ name: "Ours" });
  const other = plainAsset({ name: "Other" });
  const { pictures, warnings, screen, shown } = await openScene([[ours, [1, 0, 0]], [
    other,
    [0, 1, 0],
  ]]);
  await using _pictures = pictures;
  const { baseColor } = e.runtimeVirtualTextureSampleParameter("Ground", ours);
  const parent = new Material({ name: "parent", baseColor, roughness: 1, specular: 0 });
  const instance = new MaterialInstance(parent, { name: "instance" });
  instance.setRuntimeVirtualTexture("Ground", other);
  screen.material = instance;
  assert.deepEqual(await shown(), GREEN);
  assert.deepEqual(warnings, []);
  other.change({ materialType: "mask4" });
  assert.deepEqual(await shown(), RED);
  assert.deepEqual(await shown(), RED);
  assert.deepEqual(warnings, [
    'Material "instance" samples runtime virtual texture "Ours" in place of "Other" as the material ' +
    'type of parameter "Ground" is Base Color: that of "Other" is Mask4 now',
  ]);
  other.change({ materialType: "base_color" });
  assert.deepEqual(await shown(), GREEN);
  screen.material = parent;
  assert.deepEqual(await shown(), RED);
  assert.equal(warnings.length, 1, "types that match again, and the parent, are not warned of");
});

Deno.test("a sampled asset that changes its type is warned of once for each material, in pictures and in tiles", async () => {
  const ground = plainAsset({ name: "Ground" });
  const copy = plainAsset({ name: "Copy" });
  const { pictures, warnings, screen, shown } = await openScene([[ground, [1, 0, 0]]]);
  await using _pictures = pictures;
  const { baseColor } = e.runtimeVirtualTextureSample(ground);
  screen.material = new Material({ name: "screen", baseColor, roughness: 1, specular: 0 });
  const writer = new StaticMeshComponent({
    material: new Material({ name: "writer", domain: "virtual_texture", baseColor }),
    mesh: MESH,
    transform: { position: MIDDLE },
    drawInMainPass: "never",
    renderToVirtualTextures: [copy],
  });
  pictures.scene.addComponent(writer);
  const place = { position: MIDDLE, scale: [WORLD, WORLD, 4] } as const;
  await pictures.scene.addVolume(new RuntimeVirtualTextureVolume(copy, place));
  assert.deepEqual(await shown(), RED);
  assert.deepEqual(warnings, []);
  ground.change({ materialType: "mask4" });
  assert.deepEqual(await shown(), BLACK);
  assert.deepEqual(await shown(), BLACK);
  const rest =
    'samples runtime virtual texture "Ground" as material type Base Color: its type is ' +
    "Mask4 now, and attributes that it lacks have clear values until the sample is made anew";
  assert.deepEqual(
    warnings.toSorted(),
    ['"screen"', '"writer"'].map((n) => `Material ${n} ${rest}`),
  );
});

Deno.test("tiles follow when an asset that no volume places changes its type, and cycles are warned of", async () => {
  const ground = plainAsset({ name: "Ground" });
  const unplaced = plainAsset({ name: "Unplaced" });
  const copy = plainAsset({ name: "Copy" });
  const { pictures, warnings, screen, shown } = await openScene([[ground, [1, 0, 0]]]);
  await using _pictures = pictures;
  const { baseColor } = e.runtimeVirtualTextureSampleParameter("From", ground);
  const parent = new Material({ name: "parent", domain: "virtual_texture", baseColor });
  const instance = new MaterialInstance(parent, { name: "instance" });
  instance.setRuntimeVirtualTexture("From", unplaced);
  const writer = new StaticMeshComponent({
    material: instance,
    mesh: MESH,
    transform: { position: MIDDLE },
    drawInMainPass: "never",
    renderToVirtualTextures: [copy],
  });
  pictures.scene.addComponent(writer);
  const place = { position: MIDDLE, scale: [WORLD, WORLD, 4] } as const;
  await pictures.scene.addVolume(new RuntimeVirtualTextureVolume(copy, place));
  const sample = e.runtimeVirtualTextureSample(copy);
  screen.material = new Material({
    name: "screen",
    baseColor: sample.baseColor,
    roughness: 1,
    specular: 0,
  });
  assert.deepEqual(await shown(), BLACK);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0]!,
    /"instance" samples .* "Unplaced", which no volume of the scene places/,
  );
  unplaced.change({ materialType: "mask4" });
  assert.deepEqual(await shown(), RED);
  assert.equal(warnings.length, 2);
  unplaced.change({ materialType: "base_color" });
  assert.deepEqual(await shown(), BLACK);
  writer.renderToVirtualTextures = [ground];
  assert.equal(warnings.length, 2);
  unplaced.change({ materialType: "mask4" });
  assert.match(warnings[2]!, /depend on themselves: Ground → Ground/);
});
