/**
 * Crops of NASA's Blue Marble, which the first call on a machine downloads.
 *
 * @module
 */

import { demoPicture } from "../../src/cli/demo/demo_picture.ts";
import { openPicture } from "../../src/sources/mod.ts";
import type { TestPicture } from "../gpu/encode/pictures.ts";

/**
 * Upper left corners of crops of 256 texels in Blue Marble: desert, mountains, forest, coasts, sea; and
 * the coasts of Arctic islands and of Antarctica, where white lies beside black.
 */
const CROPS = [
  [2100, 600],
  [2900, 640],
  [1300, 900],
  [2050, 380],
  [400, 900],
  [1200, 1200],
  [561, 190],
  [286, 1646],
] as const;
const CROP_EDGE = 256;

/** The crops, RGBA8 in sRGB. */
export async function blueMarbleCrops(): Promise<TestPicture[]> {
  const picture = await openPicture(await demoPicture());
  try {
    const crops: TestPicture[] = [];
    for (const [left, top] of CROPS) {
      const rows = await picture.readRows(top, CROP_EDGE);
      const texels = new Uint8Array(4 * CROP_EDGE * CROP_EDGE);
      for (let y = 0; y < CROP_EDGE; y++) {
        const from = 4 * (y * picture.width + left);
        texels.set(rows.subarray(from, from + 4 * CROP_EDGE), 4 * CROP_EDGE * y);
      }
      crops.push({ width: CROP_EDGE, height: CROP_EDGE, texels });
    }
    return crops;
  } finally {
    await picture.close();
  }
}
