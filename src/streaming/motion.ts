/**
 * Where the camera will be soon, if it goes on as it does.
 *
 * @module
 */

import type { Camera, Vec3 } from "../tiles/mod.ts";

/** Updates to look ahead. */
const LOOKAHEAD_UPDATES = 8;
/** Weight of the newest step in the smoothed motion. */
const SMOOTHING = 0.5;

/** Follows a camera and predicts it. */
export class CameraMotion {
  #last: Vec3 | null = null;
  #step: [number, number, number] = [0, 0, 0];

  /** Forgets the camera, as after a jump. */
  reset(): void {
    this.#last = null;
    this.#step = [0, 0, 0];
  }

  /**
   * Takes the camera of an update.
   *
   * @returns The camera some updates ahead, or null while it stands still. A camera that has just
   * stopped is predicted to stay.
   */
  follow(camera: Camera): Camera | null {
    const p = camera.position;
    const last = this.#last;
    this.#last = p;
    if (last === null) return null;
    const step: Vec3 = [p[0] - last[0], p[1] - last[1], p[2] - last[2]];
    if (step[0] === 0 && step[1] === 0 && step[2] === 0) {
      this.#step = [0, 0, 0];
      return null;
    }
    for (let i = 0; i < 3; i++) {
      this.#step[i] = this.#step[i]! * (1 - SMOOTHING) + step[i]! * SMOOTHING;
    }
    const [dx, dy, dz] = this.#step.map((s) => s * LOOKAHEAD_UPDATES) as [number, number, number];
    const position: Vec3 = [p[0] + dx, p[1] + dy, p[2] + dz];
    if (camera.viewProjection === null) return { ...camera, position };
    // Moving the camera by d is moving the world by −d first.
    const moved = Float64Array.from(camera.viewProjection);
    for (let row = 0; row < 4; row++) {
      moved[12 + row]! -= moved[row]! * dx + moved[4 + row]! * dy + moved[8 + row]! * dz;
    }
    return { ...camera, position, viewProjection: moved };
  }
}
