import assert from "node:assert/strict";
import {
  boxMesh,
  DecalComponent,
  expressions as e,
  InvalidArgumentError,
  LandscapeComponent,
  Material,
  type Picture,
  type PrimitiveComponent,
  rotationAbout,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
  type TransformOptions,
} from "../../../src/mod.ts";
import { fromAbove, hueAt, NOON, PictureScene, plainAsset, WORLD } from "./picture_scene.ts";

const RED = [0.8, 0.02, 0.02];
const BLUE = [0.02, 0.02, 0.8];
const MIDDLE = { position: [8, 8, 1], rotation: [0, 0, 0, 1] };

/** Ways to stand with the upper side up. */
const UPRIGHT: Readonly<Record<string, TransformOptions>> = {
  "as it is": {},
  "turned": { rotation: rotationAbout([0, 0, 1], 2) },
  "leaning": { rotation: rotationAbout([1, 2, 0], 0.5) },
  "mirrored along x": { scale: [-1, 1, 1] },
  "mirrored along y, and turned": { scale: [1, -1, 1], rotation: rotationAbout([0, 0, 1], 1) },
  "mirrored twice": { scale: [-1, -1, 1] },
};
/** Ways to stand upside down. */
const UPSIDE_DOWN: Readonly<Record<string, TransformOptions>> = {
  "rolled over": { rotation: rotationAbout([1, 0, 0], Math.PI) },
  "mirrored along z": { scale: [1, 1, -1] },
};

type Make = (
  options: { material: Material; transform: TransformOptions },
) => PrimitiveComponent;

const heights = new Float32Array(81);
/** Each about 8 wide, with its middle at its origin, except for landscapes. */
const KINDS: Readonly<Record<string, Make>> = {
  "a decal": (options) =>
    new DecalComponent({ ...options, size: [8, 8], drawInMainPass: "always" }),
  "a box": (options) =>
    new StaticMeshComponent({
      ...options,
      mesh: boxMesh({ size: [8, 8, 0.2] }),
      drawInMainPass: "always",
    }),
};

/** The component alone, in the main pass and as its tiles show it. */
async function picturesOf(
  make: Make,
  transforms: readonly TransformOptions[],
  twoSided: boolean,
): Promise<{ readonly main: Picture; readonly tiles: Picture }[]> {
  const found = [];
  const asset = plainAsset({ sizeInTilesLog2: 0 });
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  const ground = new Material({ name: "ground", baseColor, roughness: 1, specular: 0 });
  const rvtOutput = e.runtimeVirtualTextureOutput({ baseColor: RED });
  const material = new Material({ name: "paint", baseColor: RED, rvtOutput, twoSided });
  await using shown = await PictureScene.open();
  const { scene } = shown;
  await scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, { position: [8, 8, 0], scale: [WORLD, WORLD, 40] }),
  );
  const land = new LandscapeComponent({
    material: ground,
    width: 9,
    height: 9,
    heights,
    transform: { scale: [2, 2, 1] },
  });
  for (const transform of transforms) {
    const component = make({ material, transform: { ...MIDDLE, ...transform } });
    scene.addComponent(component);
    const main = await shown.draw(fromAbove(32), NOON);
    component.renderToVirtualTextures = [asset];
    component.drawInMainPass = "never";
    scene.addComponent(land);
    const tiles = await shown.draw(fromAbove(32), NOON);
    found.push({ main, tiles });
    scene.removeComponent(component);
    scene.removeComponent(land);
  }
  return found;
}

const names = Object.keys({ ...UPRIGHT, ...UPSIDE_DOWN });
const transforms = Object.values({ ...UPRIGHT, ...UPSIDE_DOWN });

Deno.test("a decal shows its upper side, mirrored or turned, and nothing from behind unless it is two-sided", async () => {
  for (const twoSided of [false, true]) {
    const pictures = await picturesOf(KINDS["a decal"]!, transforms, twoSided);
    for (const [i, { main, tiles }] of pictures.entries()) {
      const expected = twoSided || names[i]! in UPRIGHT ? "red" : "none";
      assert.equal(hueAt(main, 8, 8), expected, `main pass, ${names[i]}, ${twoSided}`);
      assert.equal(hueAt(tiles, 8, 8), expected, `tiles, ${names[i]}, ${twoSided}`);
    }
  }
});

Deno.test("a box shows what is up, whichever way it stands", async () => {
  const pictures = await picturesOf(KINDS["a box"]!, transforms, false);
  for (const [i, { main, tiles }] of pictures.entries()) {
    assert.equal(hueAt(main, 8, 8), "red", `main pass, ${names[i]}`);
    assert.equal(hueAt(tiles, 8, 8), "red", `tiles, ${names[i]}`);
  }
});

Deno.test("negative control: what is seen from behind differs, so that the pictures can tell", async () => {
  const rolled = [UPSIDE_DOWN["rolled over"]!];
  const [oneSided] = await picturesOf(KINDS["a decal"]!, rolled, false);
  const [twoSided] = await picturesOf(KINDS["a decal"]!, rolled, true);
  assert.notDeepEqual(oneSided!.main.data, twoSided!.main.data);
  assert.notDeepEqual(oneSided!.tiles.data, twoSided!.tiles.data);
});

Deno.test("a landscape shows its upper side, mirrored or turned, and nothing from behind", async () => {
  const scale: readonly [string, TransformOptions, string][] = [
    ["as it is", { scale: [2, 2, 1] }, "blue"],
    ["mirrored", { position: [16, 0, 0], scale: [-2, 2, 1] }, "blue"],
    ["turned", {
      position: [16, 0, 0],
      rotation: rotationAbout([0, 0, 1], Math.PI / 2),
      scale: [2, 2, 1],
    }, "blue"],
    ["upside down", {
      position: [0, 16, 0],
      rotation: rotationAbout([1, 0, 0], Math.PI),
      scale: [2, 2, 1],
    }, "none"],
  ];
  await using shown = await PictureScene.open();
  const { scene } = shown;
  const asset = plainAsset({ sizeInTilesLog2: 0 });
  const rvtOutput = e.runtimeVirtualTextureOutput({ baseColor: BLUE });
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  const direct = new Material({ name: "direct", baseColor: BLUE, rvtOutput });
  const cached = new Material({ name: "cached", baseColor });
  await scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, { position: [8, 8, 0], scale: [WORLD, WORLD, 40] }),
  );
  // Drawn in the main pass in its place, to look at its tiles.
  const screen = new DecalComponent({
    material: cached,
    size: [16, 16],
    transform: { position: [8, 8, 5] },
    drawInMainPass: "always",
  });
  for (const [name, transform, expected] of scale) {
    const land = new LandscapeComponent({
      material: direct,
      width: 9,
      height: 9,
      heights,
      transform,
      renderToVirtualTextures: [asset],
    });
    scene.addComponent(land);
    assert.equal(
      hueAt(await shown.draw(fromAbove(32), NOON), 8, 8),
      expected,
      `main pass, ${name}`,
    );
    scene.addComponent(screen);
    assert.equal(hueAt(await shown.draw(fromAbove(32), NOON), 8, 8), expected, `tiles, ${name}`);
    scene.removeComponent(screen);
    scene.removeComponent(land);
  }
});

Deno.test("twoSided is kept by files, by connect and by instances, and refuses other types", () => {
  const material = new Material({ name: "leaf", baseColor: RED, twoSided: true });
  material.connect({ baseColor: BLUE });
  assert.equal(material.twoSided, true);
  assert.equal(Material.fromJSON(JSON.parse(JSON.stringify(material))).twoSided, true);
  const { twoSided: _left, ...older } = material.toJSON();
  assert.equal(Material.fromJSON(older).twoSided, false);
  assert.throws(
    () => new Material({ name: "leaf", twoSided: 1 as never }),
    (error: unknown) => error instanceof InvalidArgumentError && error.argument === "twoSided",
  );
  assert.throws(
    () => Material.fromJSON({ ...material.toJSON(), twoSided: "yes" }),
    InvalidArgumentError,
  );
});
