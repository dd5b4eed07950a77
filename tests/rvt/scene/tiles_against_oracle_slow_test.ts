import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/mod.ts";
import { assertIsOracles } from "./oracle_tiles.ts";
import { placeRandomScene } from "./random_placed_scene.ts";

const POSES = ["upright", "yawed", "tilted"] as const;

for (const [index, materialType] of MATERIAL_TYPE_NAMES.entries()) {
  for (const pose of POSES) {
    const { label } = MATERIAL_TYPES[materialType];
    Deno.test(`${label}: tiles of all levels of ${pose} volumes are the oracle's`, async () => {
      using device = await requestDevice();
      for (const seed of [100, 200]) {
        const options = { seed: seed + index, pose, materialType };
        await using placed = await placeRandomScene(device, options);
        const { grid } = placed;
        const tiles = grid.levels.map(({ firstTile, tilesX, tilesY }) =>
          firstTile + (seed / 100 * 5) % (tilesX * tilesY)
        );
        await placed.renderTiles(tiles);
        const read = await placed.readTiles(tiles);
        for (const tile of tiles) assertIsOracles(placed, tile, read.get(tile)!);
      }
    });
  }
}
