import assert from "node:assert/strict";
import { LandscapeComponent } from "../../../src/rvt/component/mod.ts";
import { TileContents } from "../../../src/rvt/scene/tile_content.ts";
import { volumeView } from "../../../src/rvt/tile/tile_view.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { FakeMaterial } from "../component/scene_helpers.ts";

/** Edge of the landscape, of four by four sections. */
const EDGE = 64;
const SECTION_QUADS = 16;

/**
 * Quads along the edge of each section of a landscape, in the first tile of each level. A section has as many
 * texels as a tile of level 0, and half as many at each level above.
 *
 * @param landscape Settings of it, beside one quad for each sample in LOD 0.
 */
function quadsByLevel(
  landscape: { readonly virtualTextureLodBias?: number; readonly virtualTextureNumLods?: number },
): (readonly number[])[] {
  const asset = new RuntimeVirtualTexture({ sizeInTilesLog2: 2, tileSize: 64 });
  const volume = new RuntimeVirtualTextureVolume(asset, { scale: [EDGE, EDGE, 8] });
  const grid = volume.grid();
  const contents = new TileContents(volumeView(volume.transform, { grid, border: 4 }));
  contents.add(
    new LandscapeComponent({
      material: new FakeMaterial(),
      width: EDGE + 1,
      height: EDGE + 1,
      heights: new Float32Array((EDGE + 1) ** 2),
      sectionQuads: SECTION_QUADS,
      transform: { position: [-EDGE / 2, -EDGE / 2, 0] },
      virtualTextureNumLods: 4,
      renderToVirtualTextures: [asset],
      ...landscape,
    }),
  );
  return Array.from({ length: grid.levelCount }, (_, level) => {
    const quads = contents.drawsIn(grid.tileIndexOf(level, 0, 0)).map((draw) => {
      assert.ok(draw.kind === "landscape");
      return draw.quads;
    });
    return [...new Set(quads)];
  });
}

Deno.test("the LOD of a landscape follows what its sections cover, and Virtual Texture LOD Bias is added", () => {
  assert.deepEqual(quadsByLevel({}), [[16], [8], [4]]);
  assert.deepEqual(quadsByLevel({ virtualTextureLodBias: 1 }), [[8], [4], [2]]);
  assert.deepEqual(quadsByLevel({ virtualTextureLodBias: 2 }), [[4], [2], [1]]);
  assert.deepEqual(quadsByLevel({ virtualTextureLodBias: -1 }), [[16], [16], [8]], "down to LOD 0");
  assert.deepEqual(quadsByLevel({ virtualTextureLodBias: 16 }), [[1], [1], [1]], "up to the last");
  assert.deepEqual(quadsByLevel({ virtualTextureNumLods: 0 }), [[1], [1], [1]], "a single quad");
});
