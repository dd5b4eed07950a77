/**
 * Whether baking to a format needs a GPU.
 *
 * @module
 */

/** True for BC formats, which are encoded on the GPU, and without a format, as BC7 is preferred. */
export function needsEncoder(format: string | undefined): boolean {
  return format === undefined || format.toLowerCase().startsWith("bc");
}
