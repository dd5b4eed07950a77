/**
 * Block encoders on the GPU.
 *
 * @module
 */

export {
  BlockEncoder,
  type BlockEncoderOptions,
  type EncodeOptions,
  type RecordEncodeOptions,
} from "./block_encoder.ts";
export type { EncodeInput } from "./encode_input.ts";
export {
  checkEncodeQuality,
  DEFAULT_ENCODE_QUALITY,
  ENCODE_QUALITIES,
  type EncodeQuality,
} from "./encode_quality.ts";
export { ENCODE_TRANSFORMS, type EncodeTransform } from "./encode_transform.ts";
export {
  type EncodeBufferPlace,
  encodedRowPitch,
  type EncodeRegion,
  type EncodeTexturePlace,
} from "./encode_table.ts";
