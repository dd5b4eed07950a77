/**
 * Notices that an update has the same camera as the last one.
 *
 * @module
 */

import type { Camera } from "../../geometry/mod.ts";

/** Remembers the last camera. */
export class IdleCheck {
  readonly #last = new Float64Array(16 + 3 + 4);
  #known = false;
  #withMatrix = false;

  /** Makes the next camera count as another one. */
  reset(): void {
    this.#known = false;
  }

  /**
   * Whether a camera is the last one again; it is then the last.
   *
   * @param selection Says which textures it looks at.
   */
  isSame(camera: Camera, selection: number): boolean {
    const last = this.#last;
    const matrix = camera.viewProjection;
    let same = this.#known && this.#withMatrix === (matrix !== null);
    this.#known = true;
    this.#withMatrix = matrix !== null;
    let at = 0;
    if (matrix !== null) {
      for (let i = 0; i < 16; i++) {
        if (last[at] !== matrix[i]) same = false;
        last[at++] = matrix[i]!;
      }
    }
    at = 16;
    for (let i = 0; i < 3; i++) {
      if (last[at] !== camera.position[i]) same = false;
      last[at++] = camera.position[i]!;
    }
    if (last[at] !== camera.width || last[at + 1] !== camera.height) same = false;
    if (last[at + 2] !== camera.tanHalfFov) same = false;
    if (last[at + 3] !== selection) same = false;
    last[at] = camera.width;
    last[at + 1] = camera.height;
    last[at + 2] = camera.tanHalfFov;
    last[at + 3] = selection;
    return same;
  }
}
