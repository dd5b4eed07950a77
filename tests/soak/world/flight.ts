/**
 * A camera that flies about: smoothly, with jumps, turns away, zooms and rests.
 *
 * @module
 */

import { lookAt, perspective } from "../../../src/geometry/mod.ts";

/** A camera for updates. */
export interface FlightCamera {
  readonly position: readonly [number, number, number];
  readonly view: Float64Array;
  readonly projection: Float64Array;
  readonly viewport: readonly [number, number];
}

/** Where it flies, in texels of level 0. */
const AREA: readonly [number, number] = [1800, 1200];
const VIEWPORT: readonly [number, number] = [160, 90];
/** Pixels of a view that wants more than fits. */
const WIDE_VIEWPORT: readonly [number, number] = [1280, 720];
const WIDE_LENS_DEGREES = 60;
const LONG_LENS_DEGREES = 30;
/** Level that is wanted at most. */
const MOST_LEVEL = 3;

/** A camera and its way. */
export class Flight {
  readonly #random: () => number;
  #x: number;
  #y: number;
  #heading = 0;
  #level = 1;
  #wantedLevel = 1;
  #lensDegrees = WIDE_LENS_DEGREES;
  #awayFrames = 0;
  #restFrames = 0;
  #wideFrames = 0;
  #wideScale = 1;

  constructor(random: () => number) {
    this.#random = random;
    [this.#x, this.#y] = this.#somewhere();
  }

  #somewhere(): [number, number] {
    return [this.#random() * AREA[0], this.#random() * AREA[1]];
  }

  /** Jumps to another place and height. */
  teleport(): void {
    [this.#x, this.#y] = this.#somewhere();
    this.#level = this.#wantedLevel = this.#random() * MOST_LEVEL;
  }

  /** Looks at the sky for some frames. */
  turnAway(): void {
    this.#awayFrames = 3 + Math.floor(this.#random() * 10);
  }

  /** Rises or sinks, and changes the lens. */
  zoom(): void {
    this.#wantedLevel = this.#random() * MOST_LEVEL;
    this.#lensDegrees = this.#lensDegrees === WIDE_LENS_DEGREES
      ? LONG_LENS_DEGREES
      : WIDE_LENS_DEGREES;
  }

  /** Stands still for some frames. */
  rest(): void {
    this.#restFrames = 3 + Math.floor(this.#random() * 10);
  }

  /**
   * Sees more than fits for some frames.
   *
   * @param scale Times as many pixels each way: few textures fit even so.
   */
  widen(scale: number): void {
    this.#wideFrames = 6;
    this.#wideScale = scale;
    this.#awayFrames = 0;
  }

  /** Flies on by a frame. */
  advance(): FlightCamera {
    const random = this.#random;
    if (this.#restFrames > 0) this.#restFrames--;
    else {
      this.#heading += (random() - 0.5) * 0.3;
      const speed = 2 * 2 ** this.#level;
      this.#x += Math.cos(this.#heading) * speed;
      this.#y += Math.sin(this.#heading) * speed;
      // Turns round where the textures end.
      if (this.#x < 0 || this.#x > AREA[0] || this.#y < 0 || this.#y > AREA[1]) {
        this.#heading = Math.atan2(AREA[1] / 2 - this.#y, AREA[0] / 2 - this.#x);
      }
      this.#level += (this.#wantedLevel - this.#level) * 0.1;
    }
    return this.#look();
  }

  #look(): FlightCamera {
    const [width, height] = WIDE_VIEWPORT;
    const scale = this.#wideScale;
    const viewport = this.#wideFrames > 0 ? [width * scale, height * scale] as const : VIEWPORT;
    if (this.#wideFrames > 0) this.#wideFrames--;
    const halfHeight = Math.tan(this.#lensDegrees * Math.PI / 360);
    const z = 2 ** this.#level * VIEWPORT[1] / 2 / halfHeight;
    const isAway = this.#awayFrames > 0;
    if (isAway) this.#awayFrames--;
    const position = [this.#x, this.#y, z] as const;
    const ahead = z * 0.7;
    const target = [
      this.#x + Math.cos(this.#heading) * ahead,
      this.#y + Math.sin(this.#heading) * ahead,
      isAway ? 3 * z : 0,
    ] as const;
    return {
      position,
      view: lookAt(position, target, { up: [0, 0, 1] }),
      projection: perspective({
        fovYDegrees: this.#lensDegrees,
        aspect: viewport[0] / viewport[1],
        near: 1,
        far: 1e5,
      }),
      viewport,
    };
  }
}
