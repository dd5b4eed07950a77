/**
 * Attributes of a tile's texels: random ones, and ones that change slowly.
 *
 * @module
 */

import { seededRandom } from "../../helpers/random.ts";
import type { TileValues } from "./packed_tiles.ts";
import type { Values } from "./plane_reference.ts";

/** Attributes that have nothing to do with those of neighbours. */
export function randomTile(slotTexels: number, seed: number): TileValues {
  const random = seededRandom(seed);
  const signed = () => 2 * random() - 1;
  return Array.from({ length: slotTexels * slotTexels }, (_, i): Values => {
    // Dark colours, saturated ones, and any.
    const reach = [0.02, 1, 1][i % 3]!;
    const baseColor = [reach * random(), reach * random(), reach * random()];
    if (i % 3 === 1) baseColor[i % 2] = 0;
    // Normals of any length and direction, every other one near z = 0.
    const z = i % 2 === 0 ? signed() : 0.01 * signed();
    return {
      baseColor,
      normal: [signed(), signed(), z].map((n) => n * (0.5 + 3 * random())),
      roughness: [random()],
      specular: [1.2 * random() - 0.1],
      mask: [random()],
      worldHeight: [-20 + 140 * random()],
      displacement: [random()],
      mask4: [random(), random(), random(), random()],
    };
  });
}

/**
 * Attributes that change slowly over the plane: the same function for every tile, which begins at
 * some column of it.
 */
export function smoothTile(
  slotTexels: number,
  { column = 0, seed = 1 }: { readonly column?: number; readonly seed?: number } = {},
): TileValues {
  const random = seededRandom(seed);
  const waves = Array.from({ length: 16 }, () => {
    const [x, y, phase] = [0.02 + 0.08 * random(), 0.02 + 0.08 * random(), 6.3 * random()];
    return (at: number, row: number) => Math.sin(x * at + phase) * Math.cos(y * row - phase);
  });
  return Array.from({ length: slotTexels * slotTexels }, (_, i): Values => {
    const at = column + i % slotTexels;
    const row = Math.floor(i / slotTexels);
    const wave = (k: number) => waves[k]!(at, row);
    const unit = (k: number) => 0.5 + 0.5 * wave(k);
    return {
      baseColor: [unit(0) ** 2, unit(1) ** 2, unit(2) ** 2],
      normal: [wave(3), wave(4), 0.9 * wave(5) + 0.1],
      roughness: [unit(6)],
      specular: [unit(7)],
      mask: [unit(8)],
      worldHeight: [100 * unit(9)],
      displacement: [unit(10)],
      mask4: [unit(11), unit(12), unit(13), unit(14)],
    };
  });
}
