/**
 * What storing does to attributes.
 *
 * @module
 */

import { MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import type { PlaneKind } from "../../../src/rvt/planes/mod.ts";
import { linearToSrgb } from "../../../src/texels/mod.ts";
import type { PackedTiles, TileValues } from "./packed_tiles.ts";
import { decodePlane, unpackTexel } from "./plane_reference.ts";

/** Errors of the attributes that a material type stores; the others have none. */
export interface RoundTripErrors {
  /** Largest of a colour's numbers, gamma-encoded, 0 to 1. */
  readonly color: number;
  /** Root of the mean square of the same. */
  readonly colorRms: number;
  /** Largest angle between normals in degrees. */
  readonly angle: number;
  /** Root of the mean square of the angle. */
  readonly angleRms: number;
  /** Largest of all other attributes, 0 to 1. */
  readonly other: number;
  /** Root of the mean square of the same. */
  readonly otherRms: number;
}

/** Texels of a tile, unpacked on the CPU. */
export function unpackTile(
  packed: PackedTiles,
  tile: number,
  { kind, heightRange }: {
    readonly kind: PlaneKind;
    readonly heightRange?: readonly [number, number];
  },
): ReturnType<typeof unpackTexel>[] {
  const planes = packed.formats.map((format, plane) =>
    decodePlane(packed.tiles[tile]![plane]!, {
      format,
      texels: packed.slotTexels,
      isYcocg: kind.compressed && kind.materialType.startsWith("ycocg") && plane === 0,
    })
  );
  return planes[0]!.map((_, i) => unpackTexel(kind, planes.map((plane) => plane[i]!), heightRange));
}

/** Compares unpacked attributes with those that were filled in. */
export function roundTripErrors(
  wanted: TileValues,
  found: readonly ReturnType<typeof unpackTexel>[],
  { kind, heightRange = [0, 1] }: {
    readonly kind: PlaneKind;
    readonly heightRange?: readonly [number, number];
  },
): RoundTripErrors {
  const errors = { color: [0], angle: [0], other: [0] };
  for (const [i, values] of wanted.entries()) {
    for (const name of MATERIAL_TYPES[kind.materialType].attributes) {
      const [a, b] = [values[name]!, found[i]![name]];
      if (name === "normal") errors.angle.push(angleBetween(a, b));
      else if (name === "baseColor") {
        a.forEach((v, c) => errors.color.push(Math.abs(linearToSrgb(v) - linearToSrgb(b[c]!))));
      } else {
        const [least, most] = name === "worldHeight" ? heightRange : [0, 1];
        const unit = (v: number) => Math.min(1, Math.max(0, (v - least) / (most - least)));
        a.forEach((v, c) => errors.other.push(Math.abs(unit(v) - unit(b[c]!))));
      }
    }
  }
  const most = (list: readonly number[]) => list.reduce((a, b) => Math.max(a, b));
  const rms = (list: readonly number[]) =>
    Math.sqrt(list.reduce((sum, error) => sum + error * error, 0) / Math.max(1, list.length - 1));
  const { color, angle, other } = errors;
  return {
    ...{ color: most(color), colorRms: rms(color), angle: most(angle), angleRms: rms(angle) },
    ...{ other: most(other), otherRms: rms(other) },
  };
}

/** Degrees; a vector of length 0 counts as up. */
function angleBetween(a: readonly number[], b: readonly number[]): number {
  const [u, v] = [a, b].map((n) => {
    const length = Math.hypot(...n);
    return length === 0 ? [0, 0, 1] : n.map((c) => c / length);
  });
  // By the distance, which is exact where the cosine is not.
  const chord = Math.hypot(...u!.map((c, k) => c - v![k]!));
  return 2 * Math.asin(Math.min(1, chord / 2)) * 180 / Math.PI;
}
