/**
 * Texels: formats, blocks, colour spaces, mip chains, decoders. Pure.
 *
 * @module
 */

export * from "./appearance.ts";
export * from "./blocks/bc7_tables.ts";
export * from "./color.ts";
export * from "./blocks/decode_blocks.ts";
export * from "./color_maps.ts";
export * from "./decoded_format.ts";
export * from "./formats.ts";
export * from "./half_float.ts";
export * from "./linear_row.ts";
export * from "./mip_filter.ts";
export * from "./mip_pyramid.ts";
export * from "./uncompressed_bytes.ts";
export * from "./packed_texels.ts";
export * from "./texel_layout.ts";
export * from "./unorm16.ts";
export * from "./value_range.ts";
