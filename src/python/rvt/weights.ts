/**
 * Weights of painted layers from whatever numbers Python has.
 *
 * @module
 */
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";

/**
 * Weights as landscapes take them: bytes as they are, floats from 0 to 1 rounded to a 255th.
 *
 * @throws {InvalidArgumentError} if they are neither bytes nor floats.
 * @throws {OutOfRangeError} if a float is not from 0 to 1.
 */
export function weightsOf(values: unknown, layer: string): Uint8Array {
  if (values instanceof Uint8Array) return values;
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    throw new InvalidArgumentError(
      "weights",
      `Cannot use weights of layer "${layer}" as they must be a buffer of bytes or of floats`,
    );
  }
  const odd = values.findIndex((weight) => !(weight >= 0 && weight <= 1));
  if (odd >= 0) {
    throw new OutOfRangeError(
      "weights",
      `Cannot use weights of layer "${layer}" as floats must be from 0 to 1: ` +
        `current value at ${odd} is ${values[odd]}`,
    );
  }
  return Uint8Array.from(values, (weight) => Math.round(255 * weight));
}
