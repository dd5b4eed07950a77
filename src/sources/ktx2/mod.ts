/**
 * KTX2 files: a checked reader over random access, tiles and rows.
 *
 * @module
 */

export type { DataFormatDescriptor } from "./data_format_descriptor.ts";
export type { DescriptorSample } from "./rules/expected_descriptor.ts";
export type { Ktx2Header, Section } from "./header.ts";
export type { Ktx2Level } from "./level_index.ts";
export type { Ktx2File } from "./ktx2_file.ts";
export { type DescribedTexels, fileAppearance } from "./file_appearance.ts";
export type { BasisTexels } from "./basis/basis_form.ts";
export type { TexelConversion } from "./rules/texel_storage.ts";
export * from "./reader.ts";
export * from "./ktx2_tile_source.ts";
export * from "./ktx2_row_source.ts";
export {
  type ChosenImage,
  chosenImage,
  IMAGE_OPTIONS,
  type ImageChoice,
  type ImageFile,
  imageIndex,
} from "./image_choice.ts";
export { DEFAULT_MAX_LEVEL_BYTES, type InflateOptions } from "./inflate_level.ts";
export {
  decodableFormatOrThrow,
  isReadableByRegion,
  isReadAs,
  texelFormatOrThrow,
  transcodedFormats,
} from "./streamable.ts";
export { withColorSpace } from "./with_color_space.ts";
export { verifyKtx2, type VerifyKtx2Options } from "./verify_ktx2.ts";
