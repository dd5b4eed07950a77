/**
 * Pictures and levels into KTX2 files and tile stores.
 *
 * @module
 */

export { BAKE_FORMATS, type BakeFormat } from "./bake_format.ts";
export {
  BAKE_DEFAULTS,
  type BakeContainer,
  bakePicture,
  type BakePictureOptions,
  type BakeReport,
} from "./bake_picture.ts";
export type { Quality } from "./block_piece_encoder.ts";
export type { ProgressReport } from "./progress.ts";
