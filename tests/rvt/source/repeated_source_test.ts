import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import { proceduralTileSource, type TileSource } from "../../../src/sources/mod.ts";
import type { Wrap } from "../../../src/tiles/mod.ts";
import { differingTiles, makeAsset, plane, SampledScene, volumeOf } from "./sampled_scene.ts";

/** Colours that have nothing in common, others at each level. */
function randomTiles(wrap: Wrap): TileSource {
  const options = {
    width: 200,
    height: 150,
    tileSize: 64,
    border: 4,
    format: "rgba8unorm",
  } as const;
  return proceduralTileSource((level, column, row, out, at) => {
    for (let k = 0; k < 3; k++) {
      const hash = Math.imul(level * 7919 + column * 104729 + row * 1299709 + k, 0x2c1b3c6d);
      out[at + k] = 128 | (hash >>> 13);
    }
    out[at + 3] = 255;
  }, { ...options, name: "source", wrap });
}

/** Tiles that differ where a material samples the texture some periods away. */
async function differingAway(wrap: Wrap): Promise<number[]> {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const source = await made.system.loadTexture(randomTiles(wrap));
  const contents = [];
  for (const away of [[0, 0], [1, -2]]) {
    const asset = makeAsset(`away ${away}`, { sizeInTilesLog2: 1 });
    // Round the edges of the source, on both axes.
    const uv = e.add(
      e.multiply(e.textureCoordinate(), 1.5),
      e.constant([away[0]! + 0.25, away[1]! - 0.5]),
    );
    const color = e.componentMask(e.virtualTextureSample(source, { uv }), "xyz");
    const component = plane(asset.name, color, [asset]);
    await made.scene.addVolume(volumeOf(asset));
    made.scene.addComponent(component);
    const texture = made.textureOf(asset);
    await made.load(texture);
    contents.push(await made.read(texture));
  }
  const [here, there] = contents;
  assert.ok(
    here!.size === there!.size && here!.size >= 5,
    `${here!.size} and ${there!.size} tiles`,
  );
  // Rounding of places that are further away.
  return differingTiles(here!, there!, 4);
}

Deno.test("materials show the same of a texture that repeats some periods away", async () => {
  assert.deepEqual(await differingAway("repeat"), []);
});

Deno.test("negative control: of a texture that is clamped they show its edges", async () => {
  assert.ok((await differingAway("clamp")).length > 0);
});
