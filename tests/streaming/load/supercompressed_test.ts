import assert from "node:assert/strict";
import { zstdCompressSync } from "node:zlib";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  type LevelBytes,
  makeKtx2,
  noiseLevels,
} from "../../sources/ktx2/make_ktx2.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";

const SIZE = { width: 90, height: 70 };
const BC1_RGB: FormatRow = {
  ...FORMAT_ROWS["bc1-rgba-unorm"]!,
  vkFormat: 131,
  samples: [[0, 64, 0, 0, 0xffffffff]],
};

/** Blocks that are black, and transparent where alpha counts: three colours, and every index the fourth. */
function holes(row: FormatRow, count: number): LevelBytes[] {
  return noiseLevels(row, SIZE, count).map(({ stored }) => ({
    stored: stored.map((_, at) => at % 8 < 4 ? 0 : 255),
  }));
}

Deno.test("a supercompressed file is drawn as the same file without, and BC1 without alpha is opaque", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder });
    const bc7 = FORMAT_ROWS["bc7-rgba-unorm-srgb"]!;
    const bc1 = FORMAT_ROWS["bc1-rgba-unorm"]!;
    const kinds: [string, FormatRow, LevelBytes[], number | null][] = [
      ["bc7-rgba-unorm-srgb", bc7, noiseLevels(bc7, SIZE, 7), null],
      ["bc1-rgba-unorm", bc1, holes(bc1, 7), 0],
      ["bc1-rgba-unorm", BC1_RGB, holes(BC1_RGB, 7), 255],
      // Of the levels that are made, too.
      ["bc1-rgba-unorm", BC1_RGB, holes(BC1_RGB, 2), 255],
    ];
    for (const [format, row, levels, alpha] of kinds) {
      const whole = makeKtx2({ row, ...SIZE, levels });
      const packed = makeKtx2({
        row,
        ...SIZE,
        scheme: 2,
        levels: levels.map(({ stored }) => ({
          stored: new Uint8Array(zstdCompressSync(stored)),
          uncompressedLength: stored.length,
        })),
      });
      const pictures: Uint8Array[][] = [];
      for (const file of [whole, packed]) {
        const texture = await system.loadTexture(file);
        assert.equal(texture.format, device.supports(texture.format) ? format : texture.format);
        const drawn: Uint8Array[] = [];
        for (const level of [0, 3]) {
          const camera = lookDown(45, 35, heightOfLevel(level));
          await system.update(camera);
          await system.flush();
          drawn.push(
            new Uint8Array((await render(system, { ...camera, width: 32, height: 24 })).data),
          );
        }
        pictures.push(drawn);
        await system.unloadTexture(texture);
      }
      const [wanted, found] = pictures;
      for (const [i, picture] of found!.entries()) {
        // Where a tile lies in the atlas changes how texels between two are rounded.
        const worst = picture.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - wanted![i]![at]!)),
          0,
        );
        assert.ok(worst <= 1, `vkFormat ${row.vkFormat}: ${worst}`);
      }
      const middle = 4 * (12 * 32 + 16) + 3;
      for (const picture of pictures[1]!) {
        if (alpha !== null) assert.equal(picture[middle], alpha, `vkFormat ${row.vkFormat}`);
      }
    }
  }));
