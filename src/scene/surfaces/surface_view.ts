/**
 * What pictures of scenes are seen from.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import { checkedInteger, checkedVector } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import { checkedCamera, perspective, type Vec3 } from "../../geometry/mod.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { RenderCamera } from "../render_types.ts";

/** The camera of a picture, checked. */
export interface SeenFrom {
  readonly width: number;
  readonly height: number;
  /** World to clip space: column-major. */
  readonly toClip: Float64Array;
  /** World position of the camera; of an orthographic one, the direction towards it. */
  readonly camera: readonly number[];
  /** Where relative positions begin: the position of the camera. */
  readonly origin: Vec3;
  /** Of an orthographic camera, whether clip space's z is larger (1) or smaller (−1) near it; else null. */
  readonly nearnessSign: -1 | 1 | null;
}

/**
 * Checks the camera of a picture.
 *
 * @throws {InvalidArgumentError} if a part of it is of the wrong type.
 * @throws {OutOfRangeError} if a part is not allowed, such as a matrix without an inverse.
 */
export function checkedView(
  camera: RenderCamera,
  { device, failure, texelsPerPixel }: {
    readonly device: ForgeDevice;
    readonly failure: string;
    /** Texels along the edge of a pixel, in the largest of the textures that it is drawn with. */
    readonly texelsPerPixel: number;
  },
): SeenFrom {
  const largest = Math.floor(device.limit("maxTextureDimension2D") / texelsPerPixel);
  const side = (name: "width" | "height") =>
    checkedInteger(camera?.[name], { name, failure, range: [1, largest] });
  const [width, height] = [side("width"), side("height")];
  checkedVector(camera.view, { name: "view", failure, length: 16 });
  const projection = camera.projection ??
    perspective({ fovYDegrees: 60, aspect: width / height, near: 0.1, far: Infinity });
  checkedCamera({
    position: camera.position ?? [0, 0, 0],
    view: camera.view,
    projection,
    viewport: [width, height],
  });
  const view = Float64Array.from(camera.view);
  const inverse = checkedInverse("view", view, failure);
  checkedInverse("projection", projection, failure);
  const isOrthographic = [3, 7, 11].every((i) => projection[i] === 0);
  const toClip = mat4d.multiply(Float64Array.from(projection), view) as Float64Array;
  return {
    width,
    height,
    toClip,
    origin: [inverse[12]!, inverse[13]!, inverse[14]!],
    camera: isOrthographic ? [...inverse.subarray(8, 11)] : [...inverse.subarray(12, 15)],
    nearnessSign: !isOrthographic ? null : projection[10]! * projection[15]! > 0 ? 1 : -1,
  };
}

function checkedInverse(name: string, matrix: ArrayLike<number>, failure: string): Float64Array {
  const inverse = mat4d.inverse(Float64Array.from(matrix)) as Float64Array;
  if (inverse.every((part) => Number.isFinite(part))) return inverse;
  throw new OutOfRangeError(
    name,
    `${failure} as ${name} must be a matrix that has an inverse: current value is ` +
      `[${Array.from(matrix).join(", ")}]`,
  );
}

/**
 * A number that grows with the distance of a point of the world: its square, or of an orthographic camera
 * how far it is along the view.
 */
export function distanceFrom({ camera, nearnessSign }: SeenFrom, point: Vec3): number {
  const parts = nearnessSign === null
    ? point.map((part, i) => (part - camera[i]!) ** 2)
    : point.map((part, i) => -part * camera[i]!);
  return parts.reduce((sum, part) => sum + part, 0);
}
