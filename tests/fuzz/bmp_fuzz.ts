/**
 * Fuzzer of BMP pictures.
 *
 * @module
 */

import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import { makeBmp } from "../sources/picture/made_bmp.ts";
import { bmpFault, bmpFields, bmpSize } from "./pictures/bmp_parts.ts";
import { pictureFuzzer, pictureSample } from "./pictures/picture_fuzzer.ts";

const [WIDTH, HEIGHT] = [29, 17];
const SIZE = { width: WIDTH, height: HEIGHT };

/** Numbers that differ from their neighbours. */
function numbers(most: number): number[] {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => 1 + i * 2654435761 % (most - 1));
}

async function samples() {
  const colors = Array.from({ length: 256 }, (_, i) => [255 - i, 9 + i % 200, i] as const);
  const masks = [0xff, 0xff00, 0xff0000, 0xff000000] as const;
  const files = {
    "24 bits": makeBmp({ ...SIZE, bits: 24, headerBytes: 40, texels: numbers(2 ** 24) }),
    "16 bits, top down": makeBmp(
      { ...SIZE, bits: 16, headerBytes: 40, texels: numbers(2 ** 15), isTopDown: true },
    ),
    "alpha": makeBmp({ ...SIZE, bits: 32, headerBytes: 124, texels: numbers(2 ** 32), masks }),
    "256 colours": makeBmp({ ...SIZE, bits: 8, headerBytes: 40, texels: numbers(256), colors }),
    "16 colours": makeBmp(
      { ...SIZE, bits: 4, headerBytes: 12, texels: numbers(16), colors: colors.slice(0, 16) },
    ),
  };
  return await Promise.all(
    Object.entries(files).map(([name, bytes]) =>
      pictureSample(name, bytes, { fields: bmpFields(bytes), headerBytes: 54 })
    ),
  );
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = pictureFuzzer({
  name: "bmp",
  samples: await samples(),
  headerSize: bmpSize,
  dataFault: bmpFault,
  // Nothing is compressed: any texel may be black. The picture decoder does not know the kind.
  isExact: () => false,
  isComparable: () => false,
}, openPicture);
