import assert from "node:assert/strict";
import {
  DecalComponent,
  expressions as e,
  MATERIAL_TYPE_NAMES,
  type MaterialTypeName,
  type Picture,
  render,
  type RenderableTexture,
  RuntimeVirtualTextureVolume,
} from "../../../src/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { fromAbove, PictureScene, pixelAt, plainAsset, WORLD } from "./picture_scene.ts";

const CAMERA = fromAbove(16);
/** What is written everywhere: a colour that is (231, 188, 89) in sRGB. */
const WRITTEN = {
  baseColor: [0.8, 0.5, 0.1],
  normal: [0.6, 0, 0.8],
  roughness: 0.25,
  specular: 0.75,
  mask: 0.5,
  worldHeight: 10,
  displacement: 0.4,
  mask4: [0.2, 0.4, 0.6, 0.8],
};
const COLOR = [231, 188, 89];
/** World z from −20 to 20, so that a height of 10 is three quarters of the range. */
const HEIGHT = 0.75 * 255;

/** What a picture of each plane shows, red, green and blue. */
const SHOWN: Readonly<
  Record<MaterialTypeName, Readonly<Record<"compressed" | "plain", readonly number[][]>>>
> = {
  base_color: both([COLOR]),
  base_color_normal_roughness_specular: both([COLOR, [64, 191, 255]]),
  ycocg_base_color_normal_specular: {
    compressed: [COLOR, [204, 128, 0], [64, 191, 255]],
    plain: [COLOR, [64, 191, 255]],
  },
  ycocg_base_color_normal_specular_mask: {
    compressed: [COLOR, [204, 128, 0], [64, 191, 255]],
    plain: [COLOR, [64, 191, 255], [128, 128, 128]],
  },
  world_height: both([[HEIGHT, HEIGHT, HEIGHT]]),
  displacement: both([[102, 102, 102]]),
  mask4: both([[51, 102, 153]]),
};

function both(planes: readonly number[][]) {
  return { compressed: planes, plain: planes };
}

/** Both forms of every type that the device has, each in a texture that is written all over. */
async function openWritten() {
  const shown = await PictureScene.open();
  const forms = ["plain", "compressed"] as const;
  const kinds = MATERIAL_TYPE_NAMES.flatMap((materialType) =>
    forms.slice(0, shown.device.supports("bc3-rgba-unorm") ? 2 : 1).map((form) => ({
      name: `${form} ${materialType}`,
      planes: SHOWN[materialType][form],
      asset: plainAsset({
        materialType,
        compressTextures: form === "compressed",
        sizeInTilesLog2: 0,
      }),
    }))
  );
  const { roughness, ...others } = WRITTEN;
  const material = new Material({
    name: "paint",
    rvtOutput: e.runtimeVirtualTextureOutput({ roughness, ...others }),
  });
  shown.scene.addComponent(
    new DecalComponent({
      material,
      size: [2 * WORLD, 2 * WORLD],
      transform: { position: [8, 8, 1] },
      renderToVirtualTextures: kinds.map(({ asset }) => asset),
    }),
  );
  const place = { position: [8, 8, 0], scale: [WORLD, WORLD, 40] };
  for (const { asset } of kinds) {
    await shown.scene.addVolume(new RuntimeVirtualTextureVolume(asset, place));
  }
  await shown.system.update({ ...CAMERA, position: [8, 8, 50], viewport: [16, 16] });
  return { shown, kinds };
}

/** What a picture shows wrongly; null if nothing. */
function faultOf(picture: Picture, expected: readonly number[]): string | null {
  const pixel = pixelAt(picture, 8, 8);
  const isNear = [...expected, 255].every((value, i) => Math.abs(value - pixel[i]!) <= 5);
  return isNear ? null : `shows ${pixel}, not ${expected}`;
}

/** The texture as the hardware filters it, as if its fourth channel were alpha. */
function rawOf({ placement, grid, binding, format, formats }: RenderableTexture) {
  return { placement, grid, binding, format, ...(formats === undefined ? {} : { formats }) };
}

Deno.test("render shows each plane of every material type, opaque and decoded", async () => {
  const { shown: opened, kinds } = await openWritten();
  await using shown = opened;
  const { system, scene, device } = shown;
  const found: string[] = [];
  for (const { name, asset, planes } of kinds) {
    const texture = scene.textureOf(asset)!;
    assert.equal(texture.formats.length, planes.length);
    for (const [plane, expected] of planes.entries()) {
      const fault = faultOf(await render(system, CAMERA, { plane, texture }), expected);
      if (fault !== null) found.push(`plane ${plane} of ${name} ${fault}`);
    }
  }
  assert.deepEqual(found, []);
  // Integers are in a layout of their own.
  const heights = scene.textureOf(kinds.find(({ name }) => name === "plain world_height")!.asset)!;
  const levels = await render(system, CAMERA, { texture: heights, debug: "level" });
  assert.equal(pixelAt(levels, 8, 8)[3], 255);
  // Negative controls: planes of which the texture does not say how they are shown.
  for (
    const [name, plane] of [
      ["plain mask4", 0],
      ["plain base_color_normal_roughness_specular", 0],
      ["compressed ycocg_base_color_normal_specular", 0],
    ] as const
  ) {
    const kind = kinds.find((one) => one.name === name);
    if (kind === undefined) continue;
    const raw = { device, textures: [rawOf(scene.textureOf(kind.asset)!)] };
    assert.notEqual(faultOf(await render(raw, CAMERA, { plane }), kind.planes[plane]!), null, name);
  }
});
