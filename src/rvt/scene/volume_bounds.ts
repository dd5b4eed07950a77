/**
 * Set Bounds of volumes in a scene. Pure.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { Transform, Vec3 } from "../../geometry/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import {
  type FitOptions,
  fitVolume,
  type LandscapeSamples,
  type RuntimeVirtualTextureVolume,
} from "../volume/mod.ts";
import { boundsFailure } from "./scene_checks.ts";

/** Doublings of a texel along u and v, in the order in which they are tried where none snap. */
const DOUBLINGS = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2]] as const;

/** What a volume can be placed around. */
export type VolumeSource = Pick<PrimitiveComponent, "label" | "transform" | "boxes">;

/**
 * The transform of a volume with the rotation of a component, around that component and all that are
 * rendered to the volume's texture.
 *
 * @param source The component that rotation and, with `snapBoundsToLandscape`, samples come from.
 * @param scene Whether the source has samples, the components that are rendered to the texture, and the bias
 * beside the volume's own.
 * @throws {OutOfRangeError} if none of them has bounds, or if it snaps, and tiles × tile size exceeds 2^20
 * texels after the bias.
 */
export function volumeAround(
  volume: RuntimeVirtualTextureVolume,
  source: VolumeSource,
  scene: {
    readonly isLandscape: boolean;
    readonly writers: readonly Pick<PrimitiveComponent, "boxes">[];
    readonly tileCountBias: number;
  },
): Transform {
  const { expandBounds, snapBoundsToLandscape } = volume.settings;
  const { rotation } = source.transform;
  const boxes = [source, ...scene.writers].flatMap((component) => component.boxes());
  if (boxes.length === 0) {
    throw new OutOfRangeError(
      "source",
      `${boundsFailure(volume)} as neither ${source.label} nor anything that is rendered to ` +
        `"${volume.asset.name}" has bounds`,
    );
  }
  const fit = { rotation, boxes, expandBounds };
  if (!snapBoundsToLandscape || !scene.isLandscape) return fitVolume(fit);
  return snappedVolume(fit, {
    samples: samplesOf(source),
    tileSize: volume.asset.settings.tileSize,
    gridAt: (extent) => volume.gridAt(extent, scene.tileCountBias),
  });
}

/**
 * The smallest volume around boxes whose texels lie on samples. How many texels each axis has depends on the
 * lengths, and those on the texels: the volume must have the very texels that it was snapped with.
 */
function snappedVolume(
  fit: FitOptions,
  texture: {
    readonly samples: LandscapeSamples;
    readonly tileSize: number;
    readonly gridAt: (extent: Vec3) => { readonly width: number; readonly height: number };
  },
): Transform {
  const { samples, tileSize, gridAt } = texture;
  const tight = fitVolume(fit);
  const { width, height } = gridAt(tight.scale);
  const longer = Math.max(width, height);
  for (const doublings of DOUBLINGS) {
    let smallest: Transform | null = null;
    for (let shorter = longer; shorter >= tileSize; shorter /= 2) {
      for (const texels of [[longer, shorter], [shorter, longer]] as const) {
        const snapped = fitVolume({ ...fit, snap: { samples, texels, doublings } });
        const grid = gridAt(snapped.scale);
        if (grid.width !== texels[0] || grid.height !== texels[1]) continue;
        if (smallest === null || areaOf(snapped) < areaOf(smallest)) smallest = snapped;
      }
    }
    if (smallest !== null) return smallest;
  }
  return tight;
}

function areaOf({ scale: [x, y] }: Transform): number {
  return x * y;
}

function samplesOf({ transform: { position, scale } }: VolumeSource): LandscapeSamples {
  return { origin: position as Vec3, spacing: [Math.abs(scale[0]), Math.abs(scale[1])] };
}
