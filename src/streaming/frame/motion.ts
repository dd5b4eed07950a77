/**
 * Where the camera will be soon, if it goes on as it does.
 *
 * @module
 */

import type { Camera, Vec3 } from "../../geometry/mod.ts";

/** Updates to look ahead. */
const LOOKAHEAD_UPDATES = 8;
/** Weight of the newest step in the smoothed motion. */
const SMOOTHING = 0.5;
/** Steps that differ in length by this factor belong to different motions: one was a jump. */
const JUMP_FACTOR = 4;

function lengthOf(v: Vec3): number {
  return Math.hypot(v[0], v[1], v[2]);
}

/** Follows a camera and predicts it. */
export class CameraMotion {
  #last: Vec3 | null = null;
  /** Smoothed motion of an update; null at rest, after a jump and in the beginning. */
  #motion: Vec3 | null = null;

  /**
   * Takes the camera of an update.
   *
   * @returns The camera some updates ahead; null while it stands still, and at its first step and
   * after a jump, as one step does not make a motion.
   */
  follow(camera: Camera): Camera | null {
    const p = camera.position;
    const last = this.#last;
    const motion = this.#motion;
    this.#last = p;
    this.#motion = null;
    if (last === null) return null;
    const step: Vec3 = [p[0] - last[0], p[1] - last[1], p[2] - last[2]];
    const length = lengthOf(step);
    if (length === 0) return null;
    const before = motion === null ? 0 : lengthOf(motion);
    if (motion === null || length > JUMP_FACTOR * before || before > JUMP_FACTOR * length) {
      this.#motion = step;
      return null;
    }
    const smoothed: Vec3 = [
      motion[0] + (step[0] - motion[0]) * SMOOTHING,
      motion[1] + (step[1] - motion[1]) * SMOOTHING,
      motion[2] + (step[2] - motion[2]) * SMOOTHING,
    ];
    this.#motion = smoothed;
    return ahead(camera, smoothed);
  }
}

/** The camera, moved on by some updates' motion. */
function ahead(camera: Camera, motion: Vec3): Camera {
  const p = camera.position;
  const [dx, dy, dz] = motion.map((s) => s * LOOKAHEAD_UPDATES) as [number, number, number];
  const position: Vec3 = [p[0] + dx, p[1] + dy, p[2] + dz];
  if (camera.viewProjection === null) return { ...camera, position };
  // Moving the camera by d is moving the world by −d first.
  const moved = Float64Array.from(camera.viewProjection);
  for (let row = 0; row < 4; row++) {
    moved[12 + row]! -= moved[row]! * dx + moved[4 + row]! * dy + moved[8 + row]! * dz;
  }
  return { ...camera, position, viewProjection: moved };
}
