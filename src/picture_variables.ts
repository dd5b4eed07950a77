/**
 * Environment variables that say how pictures are decoded. Permissions follow these lists.
 *
 * @module
 */

/** Path of the socket of a decoder that runs in a process of its own. */
export const DECODER_VARIABLE = "FORGE3D_PICTURE_DECODER";

/** Variables that set limits of decoding; see `PictureLimits`. */
export const PICTURE_LIMIT_VARIABLES = [
  "FORGE3D_MAX_PIXELS",
  "FORGE3D_MAX_DECODE_SECONDS",
  "FORGE3D_MAX_DECODE_MEMORY_MB",
] as const;
