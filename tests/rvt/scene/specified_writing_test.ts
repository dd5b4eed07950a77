/**
 * Sentences of the specification about what is written to textures.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type MaterialTypeName, RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  expressions as e,
  Material,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { PlacedScene } from "./placed_scene.ts";

const VOLUME = { scale: [16, 16, 10] };

Deno.test("a component is rendered to each texture that it names, by a material of the domain or with an output", async () => {
  using device = await requestDevice();
  const baseColor = [1, 0, 1];
  const materials: [Material, boolean][] = [
    [new Material({ name: "of the domain", domain: "virtual_texture", baseColor }), true],
    [
      new Material({
        name: "with an output",
        baseColor: [0, 1, 0],
        rvtOutput: e.runtimeVirtualTextureOutput({ baseColor }),
      }),
      true,
    ],
    [new Material({ name: "of a surface alone", baseColor }), false],
  ];
  await using placed = new PlacedScene(device, {
    asset: { materialType: "base_color", sizeInTilesLog2: 0 },
    volume: VOLUME,
  });
  const { asset, scene, system } = placed;
  const second = new RuntimeVirtualTexture({ ...asset.settings, name: "second" });
  const unnamed = new RuntimeVirtualTexture({ ...asset.settings, name: "unnamed" });
  const decal = new DecalComponent({
    ...{ material: materials[0]![0], size: [20, 20] },
    renderToVirtualTextures: [asset, second],
  });
  await placed.place([decal]);
  for (const other of [second, unnamed]) {
    await scene.addVolume(new RuntimeVirtualTextureVolume(other, VOLUME));
  }
  for (const [material, isWritten] of materials) {
    decal.material = material;
    await scene.requestPreload({ min: [-8, -8, -5], max: [8, 8, 5] });
    for (const one of [asset, second, unnamed]) {
      const [plane] = (await placed.readTiles([0], scene.textureOf(one)!)).get(0)!;
      const shown = isWritten && one !== unnamed ? [255, 0, 255] : [0, 0, 0];
      assert.deepEqual([...plane!.subarray(0, 3)], shown, `${material.name} in ${one.name}`);
    }
  }
  assert.equal(system.textures.length, 3);
});

Deno.test("view properties are the level, the world size of a texel in x and in y, and the number of levels", async () => {
  using device = await requestDevice();
  // Twice as many texels to a unit along x as along y, and two levels of four.
  await using placed = new PlacedScene(device, {
    asset: { materialType: "mask4", sizeInTilesLog2: 3, removeLowMips: 2 },
    volume: { scale: [32, 13, 10] },
  });
  const properties = e.append(
    e.viewProperty("virtual_texture_output_derivative"),
    e.divide(e.viewProperty("virtual_texture_max_level"), 255),
    e.divide(e.viewProperty("virtual_texture_output_level"), 255),
  );
  const material = new Material({ name: "view", domain: "virtual_texture", mask4: properties });
  const renderToVirtualTextures = [placed.asset];
  await placed.place([new DecalComponent({ material, size: [40, 40], renderToVirtualTextures })]);
  await placed.renderAll();
  const { grid } = placed;
  assert.deepEqual([grid.width, grid.height, grid.levelCount], [512, 256, 2]);
  for (const [tile, [plane]] of await placed.readTiles()) {
    const level = grid.levelOf(tile);
    const { width, height } = grid.level(level);
    const texel = [32 / width, 13 / height].map((length) => Math.round(255 * length));
    assert.deepEqual([...plane!.subarray(0, 4)], [...texel, 2, level], `tile ${tile}`);
  }
});

Deno.test("normals in the alphas of two BC3 are those in a BC5, bit for bit", async () => {
  using device = await requestDevice();
  const place = e.worldPosition();
  const normal = e.append(
    e.sine(e.componentMask(place, "x")),
    e.cosine(e.multiply(1.7, e.componentMask(place, "y"))),
    e.noise(place, { kind: "gradient" }),
  );
  const material = new Material({ name: "waves", domain: "virtual_texture", normal });
  const blocksOf = async (materialType: MaterialTypeName) => {
    await using placed = new PlacedScene(device, {
      asset: { materialType, sizeInTilesLog2: 0, compressTextures: true },
      volume: VOLUME,
    });
    const renderToVirtualTextures = [placed.asset];
    await placed.place([new DecalComponent({ material, size: [20, 20], renderToVirtualTextures })]);
    await placed.renderAll();
    return (await placed.readTiles([0])).get(0)!;
  };
  /** Halves of blocks of 16 bytes. */
  const halves = (plane: Uint8Array, second: boolean) =>
    plane.filter((_, i) => (i % 16 >= 8) === second);
  const [withX, withY] = await blocksOf("base_color_normal_roughness_specular");
  const [, both] = await blocksOf("ycocg_base_color_normal_specular");
  assert.deepEqual(halves(withX!, false), halves(both!, false));
  assert.deepEqual(halves(withY!, false), halves(both!, true));
  assert.notDeepEqual(halves(both!, false), halves(both!, true), "negative control: x is not y");
});

Deno.test("values beyond all bounds are clamped, and do not show where they are transparent", async () => {
  using device = await requestDevice();
  const endless = e.multiply(e.scalarParameter("large", 3e38), 1000);
  const pins = {
    baseColor: endless,
    normal: e.append(endless, 0, endless),
    roughness: e.multiply(endless, -1),
    specular: 1e30,
  };
  const below = { baseColor: [0, 1, 0], normal: [0, 0.6, 0.8], roughness: 0.2, specular: 0.8 };
  const shown: Record<number, readonly number[]> = {
    0: [0, 255, 0, 128, 51, 204, 255, 204],
    1: [255, 255, 255, 218, 0, 255, 255, 128],
  };
  for (const opacity of [0, 1]) {
    await using placed = new PlacedScene(device, {
      asset: { materialType: "base_color_normal_roughness_specular", sizeInTilesLog2: 0 },
      volume: VOLUME,
    });
    const decals = [below, { ...pins, opacity }].map((written, translucencySortPriority) =>
      new DecalComponent({
        material: new Material({ name: "paint", domain: "virtual_texture", ...written }),
        ...{ size: [20, 20], translucencySortPriority },
        renderToVirtualTextures: [placed.asset],
      })
    );
    await placed.place(decals);
    await placed.renderAll();
    const planes = (await placed.readTiles([0])).get(0)!;
    assert.deepEqual(planes.flatMap((plane) => [...plane.subarray(0, 4)]), shown[opacity]);
  }
});
