/**
 * What lies on a landscape follows its changes.
 *
 * @module
 */

import type { OrientedBox } from "../../../geometry/mod.ts";
import type { LandscapeComponent } from "./landscape_component.ts";

/** The landscape as it was when something was laid on it. */
interface Laid {
  readonly version: number;
  readonly toWorld: ArrayLike<number>;
}

/**
 * Lays something on a landscape again when the landscape changes: at once while it follows, else when it is
 * asked to catch up. The landscape knows of it only while it follows.
 */
export class LandscapeFollower {
  readonly #layDown: (boxes: readonly OrientedBox[] | null) => void;
  #landscape: LandscapeComponent | null = null;
  #laid: Laid | null = null;
  #isFollowing = false;
  #stop: (() => void) | null = null;

  /** @param layDown Lays down again what meets some boxes, or all. */
  constructor(layDown: (boxes: readonly OrientedBox[] | null) => void) {
    this.#layDown = layDown;
  }

  /** Takes another landscape, on which all was laid just now; null for none. */
  set landscape(landscape: LandscapeComponent | null) {
    this.#landscape = landscape;
    this.#note();
    this.#listen();
  }

  /** Whether it listens to the landscape. */
  set isFollowing(isFollowing: boolean) {
    this.#isFollowing = isFollowing;
    this.#listen();
  }

  #note(): void {
    const landscape = this.#landscape;
    this.#laid = landscape === null
      ? null
      : { version: landscape.surface.version, toWorld: landscape.toWorld };
  }

  #listen(): void {
    this.#stop?.();
    this.#stop = null;
    if (!this.#isFollowing || this.#landscape === null) return;
    this.#stop = this.#landscape.subscribe(({ boxes }) => {
      const isMoved = this.#laid!.toWorld !== this.#landscape!.toWorld;
      this.#note();
      this.#layDown(isMoved ? null : boxes);
    });
  }

  /** Lays down what was not, as the landscape was not followed. */
  catchUp(): void {
    const [landscape, laid] = [this.#landscape, this.#laid];
    if (this.#stop !== null || landscape === null || laid === null) return;
    const isSame = laid.version === landscape.surface.version && laid.toWorld === landscape.toWorld;
    if (isSame) return;
    this.#note();
    this.#layDown(null);
  }
}
