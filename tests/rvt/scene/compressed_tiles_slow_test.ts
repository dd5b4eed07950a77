import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  MATERIAL_TYPE_NAMES,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../../src/rvt/asset/mod.ts";
import { type RoundTripErrors, roundTripErrors } from "../planes/round_trip.ts";
import { placeSmoothWorld, SMOOTH_HEIGHTS, storedValues } from "./smooth_world.ts";

type StoredValues = ReturnType<typeof storedValues>;

/** Three tiles of level 0, two of them side by side and one below, and the coarsest one. */
const TILES = { left: 0, right: 1, below: 4, coarsest: 20 } as const;
type TileName = keyof typeof TILES;

/**
 * Least PSNR in dB of colours (gamma-encoded) and of numbers, and root-mean-square angle of normals in
 * degrees, of level 0 and of the coarsest, whose waves are four times as short: measured, and a little.
 */
const BOUNDS = { fine: [42, 42, 0.3], coarsest: [37, 36, 0.4] } as const;

async function renderTiles(
  device: ForgeDevice,
  materialType: MaterialTypeName,
  asset: { readonly compressTextures: boolean; readonly tileBorder: number },
): Promise<Readonly<Record<TileName, StoredValues>>> {
  await using placed = await placeSmoothWorld(device, { materialType, asset });
  await placed.renderTiles(Object.values(TILES));
  const read = await placed.readTiles(Object.values(TILES));
  const stored = Object.entries(TILES).map(([name, tile]) =>
    [name, storedValues(placed, read.get(tile)!)] as const
  );
  return Object.fromEntries(stored) as Record<TileName, StoredValues>;
}

/** PSNR of colours and numbers, and the angle, in the order of {@linkcode BOUNDS}. */
function qualityOf({ colorRms, otherRms, angleRms }: RoundTripErrors): [number, number, number] {
  const decibels = (rms: number) => -20 * Math.log10(rms);
  return [decibels(colorRms), decibels(otherRms), angleRms];
}

/** The columns of a tile that its right or its left neighbour has, too. */
function strip(values: StoredValues, side: "right" | "left", tileBorder: number): StoredValues {
  const edge = Math.sqrt(values.length);
  const from = side === "right" ? edge - 2 * tileBorder : 0;
  return values.filter((_, i) => i % edge >= from && i % edge < from + 2 * tileBorder);
}

for (const materialType of MATERIAL_TYPE_NAMES) {
  const { label } = MATERIAL_TYPES[materialType];
  const kind = {
    kind: { materialType, compressed: true },
    heightRange: SMOOTH_HEIGHTS,
  } as const;

  Deno.test(`${label}: compressed tiles are as good as their blocks, and have no seams`, async () => {
    using device = await requestDevice();
    for (const tileBorder of [4, 2]) {
      const plain = await renderTiles(device, materialType, {
        compressTextures: false,
        tileBorder,
      });
      const blocks = await renderTiles(device, materialType, {
        compressTextures: true,
        tileBorder,
      });
      const errors = {} as Record<TileName, RoundTripErrors>;
      for (const name of Object.keys(TILES) as TileName[]) {
        errors[name] = roundTripErrors(plain[name], blocks[name], kind);
        const [color, other, angle] = qualityOf(errors[name]);
        const bounds = BOUNDS[name === "coarsest" ? "coarsest" : "fine"];
        assert.ok(color >= bounds[0], `${name}: colours have ${color} dB`);
        assert.ok(other >= bounds[1], `${name}: numbers have ${other} dB`);
        assert.ok(angle <= bounds[2], `${name}: normals are ${angle} degrees off`);
      }
      const seamOf = (tiles: typeof plain, right: "right" | "below") =>
        roundTripErrors(
          strip(tiles.left, "right", tileBorder),
          strip(tiles[right], "left", tileBorder),
          kind,
        );
      const exact = seamOf(plain, "right");
      assert.ok(exact.color <= 1 / 255 + 1e-9 && exact.other <= 1 / 255 + 1e-9, "uncompressed");
      const seam = seamOf(blocks, "right");
      const foreign = seamOf(blocks, "below");
      for (const name of ["colorRms", "otherRms", "angleRms"] as const) {
        // Errors of both add up, as those of independent numbers do.
        const most = 1.5 * Math.max(errors.left[name], errors.right[name]) + 1e-3;
        assert.ok(seam[name] <= most, `border ${tileBorder}, ${name}: ${seam[name]} of ${most}`);
      }
      const isFound = foreign.colorRms > 0.05 || foreign.otherRms > 0.05;
      assert.ok(isFound, "negative control: a tile that is no neighbour");
    }
  });
}
