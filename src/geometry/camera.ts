/**
 * What a frame is seen from: position, matrices and viewport, checked once at the edge.
 *
 * Matrices are column-major for column vectors (as WGSL and wgpu-matrix have them): element
 * [4·column + row].
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";
import type { Vec3 } from "./placement.ts";

/** A camera as the caller gives it. */
export interface CameraView {
  /** World position. */
  readonly position: ArrayLike<number>;
  /** World to view, column-major. Without it tiles are wanted in every direction. */
  readonly view?: ArrayLike<number> | null | undefined;
  /** View to clip, column-major, any depth convention. Default: 60° vertical. */
  readonly projection?: ArrayLike<number> | null | undefined;
  /** Width and height of the picture in pixels. */
  readonly viewport?: ArrayLike<number> | null | undefined;
}

/** A checked camera. */
export interface Camera {
  /** World position. */
  readonly position: Vec3;
  /** World to clip, column-major; null if the direction is not known. */
  readonly viewProjection: Float64Array | null;
  /** Tangent of half the vertical field of view; what sizes are judged by without a direction. */
  readonly tanHalfFov: number;
  /** Width of the viewport in pixels. */
  readonly width: number;
  /** Height of the viewport in pixels. */
  readonly height: number;
}

/** Viewport before anything was rendered, in pixels. */
export const DEFAULT_VIEWPORT: readonly [number, number] = [1920, 1080];

/** Vertical field of view without a projection matrix, in degrees. */
export const DEFAULT_FOV_DEGREES = 60;

function matrix(name: string, value: ArrayLike<number>): ArrayLike<number> {
  if (value.length !== 16) {
    throw new InvalidArgumentError(
      name,
      `Cannot use ${name} as it must have 16 elements: current length is ${value.length}`,
    );
  }
  for (let i = 0; i < 16; i++) {
    if (!Number.isFinite(value[i])) {
      throw new InvalidArgumentError(
        name,
        `Cannot use ${name} as it must be finite: element ${i} is ${value[i]}`,
      );
    }
  }
  return value;
}

/**
 * Checks the size of a picture in pixels.
 *
 * @throws {OutOfRangeError} if a side is not a finite number above 0.
 */
export function checkedViewport(viewport: readonly [number, number]): readonly [number, number] {
  const [width, height] = viewport;
  if (width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height)) return viewport;
  throw new OutOfRangeError(
    "viewport",
    `Cannot use viewport as both sides must be > 0: current value is ${width} x ${height}`,
  );
}

/** Product of two column-major 4×4 matrices, in float64. */
export function multiply4(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const out = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * k + row]! * b[4 * column + k]!;
      out[4 * column + row] = sum;
    }
  }
  return out;
}

function defaultProjection(aspect: number): Float64Array {
  const f = 1 / Math.tan(DEFAULT_FOV_DEGREES * Math.PI / 360);
  // Only x, y and w of the clip position are ever used, so the depth row may be anything.
  return Float64Array.of(f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0);
}

/**
 * Checks a camera and multiplies its matrices.
 *
 * @param viewport Width and height in pixels if the camera does not name them.
 * @throws {InvalidArgumentError} if something is not finite or has the wrong length.
 * @throws {OutOfRangeError} if the viewport is not positive.
 */
export function checkedCamera(
  camera: CameraView,
  viewport: readonly [number, number] = DEFAULT_VIEWPORT,
): Camera {
  const position = camera?.position;
  if (position?.length !== 3 || ![0, 1, 2].every((i) => Number.isFinite(position[i]))) {
    throw new InvalidArgumentError(
      "position",
      `Cannot use camera position as it must be 3 finite numbers: current value is [${
        Array.from(position ?? [])
      }]`,
    );
  }
  const [width, height] = checkedViewport([
    camera.viewport?.[0] ?? viewport[0],
    camera.viewport?.[1] ?? viewport[1],
  ]);
  const projection = camera.projection ? matrix("projection", camera.projection) : null;
  const view = camera.view ? matrix("view", camera.view) : null;
  const fov = projection && projection[5] !== 0 && projection[15] === 0
    ? 1 / Math.abs(projection[5]!)
    : Math.tan(DEFAULT_FOV_DEGREES * Math.PI / 360);
  return {
    position: [position[0]!, position[1]!, position[2]!],
    viewProjection: view ? multiply4(projection ?? defaultProjection(width / height), view) : null,
    tanHalfFov: fov,
    width,
    height,
  };
}
