/**
 * Set Bounds of volumes in a scene. Pure.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { Transform, Vec3 } from "../../geometry/mod.ts";
import { LandscapeComponent, type PrimitiveComponent } from "../component/mod.ts";
import {
  fitVolume,
  type LandscapeSamples,
  type RuntimeVirtualTextureVolume,
} from "../volume/mod.ts";
import { boundsFailure } from "./scene_checks.ts";

/**
 * The transform of a volume with the rotation of a component, around that component and all that are
 * rendered to the volume's texture.
 *
 * @param source The component that rotation and, with `snapBoundsToLandscape`, samples come from.
 * @param writers The components that are rendered to the texture.
 * @throws {OutOfRangeError} if none of them has bounds.
 */
export function volumeAround(
  volume: RuntimeVirtualTextureVolume,
  source: PrimitiveComponent,
  writers: readonly PrimitiveComponent[],
): Transform {
  const { expandBounds, snapBoundsToLandscape } = volume.settings;
  const { rotation } = source.transform;
  const boxes = [source, ...writers].flatMap((component) => component.boxes());
  if (boxes.length === 0) {
    throw new OutOfRangeError(
      "source",
      `${boundsFailure(volume)} as neither ${source.label} nor anything that is rendered to ` +
        `"${volume.asset.name}" has bounds`,
    );
  }
  const fitted = fitVolume({ rotation, boxes, expandBounds });
  if (!snapBoundsToLandscape || !(source instanceof LandscapeComponent)) return fitted;
  const samples = samplesOf(source);
  // Which axis gets more texels is known once its length is.
  const { width, height } = volume.gridAt(fitted.scale);
  return fitVolume({ rotation, boxes, expandBounds, snap: { samples, texels: [width, height] } });
}

function samplesOf({ transform: { position, scale } }: LandscapeComponent): LandscapeSamples {
  return { origin: position as Vec3, spacing: [Math.abs(scale[0]), Math.abs(scale[1])] };
}
