/**
 * The camera of a frame: position, matrices and viewport, checked once when it comes in.
 *
 * Matrices are column-major for column vectors (as in WGSL and wgpu-matrix): element
 * [4·column + row].
 *
 * @module
 */

import { checkedVector } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";
import type { Vec3 } from "./placement.ts";

/** A camera as the caller gives it: arrays or typed arrays of finite numbers. */
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
  /**
   * Tangent of half the vertical field of view; without a direction, it decides sizes on screen.
   */
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

const FAILURE = "Cannot use camera";

/**
 * Checks the size of a picture in pixels.
 *
 * @throws {InvalidArgumentError} if it is not two numbers.
 * @throws {OutOfRangeError} if a side is not finite and above 0.
 */
export function checkedViewport(viewport: readonly [number, number]): readonly [number, number] {
  const name = "viewport";
  const sides = checkedVector(viewport, { name, failure: FAILURE, length: 2 });
  if (sides[0]! > 0 && sides[1]! > 0) return viewport;
  throw new OutOfRangeError(
    name,
    `${FAILURE} as both sides of viewport must be > 0: current value is [${viewport}]`,
  );
}

/**
 * Product of two column-major 4×4 matrices, in float64.
 *
 * @param out Takes it, and is neither of them; default a new one.
 */
export function multiply4(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  out: Float64Array = new Float64Array(16),
): Float64Array {
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
 * @throws {InvalidArgumentError} if a value is not a list of numbers or has the wrong length.
 * @throws {OutOfRangeError} if a number is not finite, or the viewport is not positive.
 */
export function checkedCamera(
  camera: CameraView,
  viewport: readonly [number, number] = DEFAULT_VIEWPORT,
): Camera {
  const failure = FAILURE;
  const position = checkedVector(camera?.position, { name: "position", failure, length: 3 });
  const [width, height] = checkedViewport(
    (camera.viewport ?? viewport) as readonly [number, number],
  );
  const matrix = (name: "view" | "projection"): ArrayLike<number> | null => {
    const value = camera[name] ?? null;
    return value === null ? null : checkedVector(value, { name, failure, length: 16 });
  };
  const projection = matrix("projection");
  const view = matrix("view");
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
