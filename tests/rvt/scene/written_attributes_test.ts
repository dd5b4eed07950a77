import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  type AttributeName,
  MATERIAL_TYPE_NAMES,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../../src/rvt/asset/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { randomMaterial } from "../oracle/graphs/random_graphs.ts";
import { PlacedScene, type TilePlanes } from "./placed_scene.ts";

/** What decals write, unlike what lies below them. */
const VALUES: Readonly<Partial<Record<AttributeName, readonly number[]>>> = {
  baseColor: [0.9, 0.02, 0.6],
  normal: [0.3, -0.8, -2],
  roughness: [0.97],
  specular: [0.03],
  mask: [0.98],
};

/** Where attributes are stored without compression: plane and channel. */
const STORED: Readonly<Partial<Record<AttributeName, readonly (readonly [number, number])[]>>> = {
  baseColor: [[0, 0], [0, 1], [0, 2]],
  normal: [[0, 3], [1, 2], [1, 3]],
  roughness: [[1, 0]],
  specular: [[1, 1]],
  mask: [[2, 0]],
};

const TEXELS = 72 ** 2;

/** The only tile of a texture that a material covers, and a decal with another, if it is given. */
async function renderTile(
  device: ForgeDevice,
  materialType: MaterialTypeName,
  decal: Material | null,
): Promise<TilePlanes> {
  await using placed = new PlacedScene(device, {
    asset: { materialType, sizeInTilesLog2: 0 },
    volume: { scale: [8, 8, 8] },
  });
  const ground = randomMaterial({
    seed: 5,
    attributes: MATERIAL_TYPES[materialType].attributes,
    isComplete: true,
    around: { center: [0, 0, 0], radius: 4 },
  });
  const renderToVirtualTextures = [placed.asset];
  const components = [
    new DecalComponent({ material: ground, size: [16, 16], renderToVirtualTextures }),
  ];
  if (decal !== null) {
    components.push(
      new DecalComponent({ material: decal, size: [4, 4], renderToVirtualTextures }),
    );
  }
  await placed.place(components);
  return (await placed.readTiles()).get(0)!;
}

/** The channels that differ, and in how many texels. */
function differingChannels(a: TilePlanes, b: TilePlanes): Map<string, number> {
  const found = new Map<string, number>();
  a.forEach((bytes, plane) => {
    const channels = bytes.length / TEXELS;
    bytes.forEach((value, i) => {
      if (value === b[plane]![i]) return;
      const key = `${plane}, ${i % channels}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    });
  });
  return found;
}

const WITH_ROUGHNESS = MATERIAL_TYPE_NAMES.filter((name) =>
  MATERIAL_TYPES[name].attributes.includes("roughness")
);

for (const materialType of WITH_ROUGHNESS) {
  const { label, attributes } = MATERIAL_TYPES[materialType];

  Deno.test(`${label}: a decal that writes one attribute leaves all others bit-equal`, async () => {
    using device = await requestDevice();
    const before = await renderTile(device, materialType, null);
    for (const name of attributes) {
      const pins = { [name]: VALUES[name]!, opacity: 0.7 };
      const decal = new Material({ name, domain: "virtual_texture", ...pins });
      const after = await renderTile(device, materialType, decal);
      const differing = differingChannels(before, after);
      const own = STORED[name]!.map((place) => place.join(", "));
      assert.deepEqual([...differing.keys()].sort(), own, `${name} is written, and alone`);
      // Four of eight units of 64 texels each way.
      const most = Math.max(...differing.values());
      assert.ok(most > 0.9 * 32 ** 2 && most <= 33 ** 2, `${name}: ${most} texels`);
    }
  });
}

Deno.test("what a type does not store is not written, and its decal leaves the tile as it was", async () => {
  using device = await requestDevice();
  for (const [materialType, name] of [["base_color", "roughness"], ["mask4", "mask"]] as const) {
    const before = await renderTile(device, materialType, null);
    const decal = new Material({ name, domain: "virtual_texture", [name]: VALUES[name]! });
    const after = await renderTile(device, materialType, decal);
    assert.equal(differingChannels(before, after).size, 0, materialType);
  }
});

Deno.test("negative control: a decal that writes two attributes changes both", async () => {
  using device = await requestDevice();
  const materialType = "base_color_normal_roughness_specular";
  const before = await renderTile(device, materialType, null);
  const pins = { roughness: VALUES.roughness!, specular: VALUES.specular! };
  const decal = new Material({ name: "both", domain: "virtual_texture", ...pins });
  const after = await renderTile(device, materialType, decal);
  assert.deepEqual([...differingChannels(before, after).keys()].sort(), ["1, 0", "1, 1"]);
});
