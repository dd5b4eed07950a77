import assert from "node:assert/strict";
import { adoptDevice, type ForgeDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent, Material } from "../../../src/rvt/mod.ts";
import { PlacedScene } from "./placed_scene.ts";

/** A device without any of the adapter's features, BC formats among them. */
async function plainDevice(): Promise<ForgeDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  return adoptDevice(await adapter!.requestDevice());
}

/** What the planes of a type hold for {@linkcode PINS}: two texels would be the same. */
const PINS = {
  baseColor: [1, 0, 1],
  normal: [0.6, 0, 0.8],
  roughness: 0.2,
  specular: 0.8,
  mask: 0.4,
  displacement: 0.6,
  mask4: [0.2, 0.4, 0.6, 0.8],
  worldHeight: 10,
} as const;
const PLANES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  base_color: [[255, 0, 255, 255]],
  base_color_normal_roughness_specular: [[255, 0, 255, 204], [51, 204, 255, 128]],
  ycocg_base_color_normal_specular: [[255, 0, 255, 204], [51, 204, 255, 128]],
  ycocg_base_color_normal_specular_mask: [[255, 0, 255, 204], [51, 204, 255, 128], [102]],
  world_height: [[255, 255]],
  displacement: [[153]],
  mask4: [[51, 102, 153, 204]],
};

Deno.test("a device without BC formats stores every type uncompressed, whatever the asset says", async () => {
  const device = await plainDevice();
  try {
    for (const materialType of MATERIAL_TYPE_NAMES) {
      await using placed = new PlacedScene(device, {
        asset: { materialType, compressTextures: true },
        volume: { scale: [16, 16, 20] },
      });
      const material = new Material({ name: "paint", domain: "virtual_texture", ...PINS });
      const renderToVirtualTextures = [placed.asset];
      await placed.place([
        new DecalComponent({ material, size: [20, 20], renderToVirtualTextures }),
      ]);
      await placed.renderAll([0]);
      const { texture } = placed;
      const formats = MATERIAL_TYPES[materialType].uncompressedFormats
        .map((format) => format === "r16unorm" && !device.supports(format) ? "r16uint" : format);
      assert.deepEqual(texture.formats, formats);
      const [planes] = (await placed.readTiles([0])).values();
      const texels = planes!.map((
        plane,
        i,
      ) => [...plane.subarray(0, PLANES[materialType]![i]!.length)]);
      assert.deepEqual(texels, PLANES[materialType], materialType);
      placed.takeRendered();
      placed.asset.change({ compressTextures: false });
      await placed.scene.settled();
      await placed.renderAll([0]);
      assert.equal(placed.texture, texture);
      assert.deepEqual(placed.takeRendered(), [], "nothing was compressed before, either");
    }
  } finally {
    device.gpu.destroy();
  }
});
