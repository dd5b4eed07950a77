/**
 * Whether baking to a format takes a GPU.
 *
 * @module
 */

/** True of BC formats, which are encoded on the GPU, and of no format, which prefers BC7. */
export function needsEncoder(format: string | undefined): boolean {
  return format === undefined || format.toLowerCase().startsWith("bc");
}
