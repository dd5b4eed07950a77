/**
 * Where a texture lies in the world, at all times or for a camera.
 *
 * @module
 */

import { describeValue, thrownText } from "../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";
import { type Placement, placementFor, type PlacementOptions } from "../geometry/mod.ts";

/**
 * Places a texture for a camera, such as one that lies on a height field: in the plane at the height of
 * the ground below the camera.
 *
 * @param eye World position of the camera.
 */
export type PlaceFor = (eye: readonly [number, number, number]) => PlacementOptions;

/** The place of a texture; it outlives the device. */
export class TexturePlace {
  #current: Placement;
  readonly #placeAt: ((eye: readonly [number, number, number]) => Placement) | null;

  private constructor(
    current: Placement,
    placeAt: ((eye: readonly [number, number, number]) => Placement) | null,
  ) {
    this.#current = current;
    this.#placeAt = placeAt;
  }

  /** One that stays as it is. */
  static fixed(placement: Placement): TexturePlace {
    return new TexturePlace(placement, null);
  }

  /**
   * One that follows the camera, placed for a camera at 0, 0, 0.
   *
   * @throws {InvalidArgumentError} naming the texture, if the function throws or returns no placement.
   * @throws {OutOfRangeError} naming the texture, if a value of what it returns cannot be.
   */
  static following(
    placeFor: PlaceFor,
    { name, size }: { readonly name: string; readonly size: readonly [number, number] },
  ): TexturePlace {
    const placeAt = (eye: readonly [number, number, number]) => {
      try {
        return placementFor(size, checkedAnswer(placeFor(Object.freeze([...eye] as const))));
      } catch (error) {
        const Kind = error instanceof OutOfRangeError ? OutOfRangeError : InvalidArgumentError;
        const message = `Cannot place texture "${name}" for a camera at ${eye.join(", ")}: ${
          thrownText(error)
        }`;
        throw new Kind("placeFor", message, { cause: error });
      }
    };
    return new TexturePlace(placeAt([0, 0, 0]), placeAt);
  }

  /** Where the texture lies for the last camera. */
  get current(): Placement {
    return this.#current;
  }

  /** Whether it follows the camera. */
  get isFollowing(): boolean {
    return this.#placeAt !== null;
  }

  /** Where it lies for a camera; throws like {@linkcode following}. Changes nothing. */
  placementAt(eye: readonly [number, number, number]): Placement {
    return this.#placeAt === null ? this.#current : this.#placeAt(eye);
  }

  /** Moves it there; whether it was elsewhere. */
  moveTo(placement: Placement): boolean {
    const before = this.#current;
    this.#current = placement;
    return (["origin", "axisU", "axisV"] as const).some((name) =>
      placement[name].some((value, i) => value !== before[name][i])
    );
  }
}

function checkedAnswer(answer: PlacementOptions): PlacementOptions {
  if (!(answer instanceof Promise)) return answer;
  throw new InvalidArgumentError(
    "placeFor",
    `placeFor must return how to place the texture: current value is ${describeValue(answer)}`,
  );
}
