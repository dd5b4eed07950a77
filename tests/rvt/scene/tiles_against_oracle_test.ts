import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/mod.ts";
import type { VolumePose } from "../oracle/random_scene.ts";
import { assertIsOracles } from "./oracle_tiles.ts";
import { placeRandomScene } from "./random_placed_scene.ts";

const POSES: readonly VolumePose[] = ["tilted", "yawed", "upright"];
const BORDERS = [4, 8, 2, 6, 0] as const;

for (const [index, materialType] of MATERIAL_TYPE_NAMES.entries()) {
  const { label } = MATERIAL_TYPES[materialType];
  const pose = POSES[index % 3]!;
  const tileBorder = BORDERS[index % 5]!;
  Deno.test(`${label}: tiles with borders of ${tileBorder} of a ${pose} volume are the oracle's`, async () => {
    using device = await requestDevice();
    const options = { seed: 40 + index, pose, materialType, asset: { tileBorder } };
    await using placed = await placeRandomScene(device, options);
    const { grid } = placed;
    // One at two of the texture's edges, and the coarsest, which has all four.
    const tiles = [grid.tileIndexOf(index % 2, 0, 1), grid.tileCount - 1];
    await placed.renderTiles(tiles);
    const read = await placed.readTiles(tiles);
    for (const tile of tiles) assertIsOracles(placed, tile, read.get(tile)!);
  });
}
