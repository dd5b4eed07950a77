/**
 * Texels: formats, blocks, colour spaces, mip chains, decoders. Pure.
 *
 * @module
 */

export * from "./appearance.ts";
export * from "./bc7_tables.ts";
export * from "./color.ts";
export * from "./decode_blocks.ts";
export * from "./formats.ts";
export * from "./linear_row.ts";
export * from "./mip_filter.ts";
export * from "./mip_pyramid.ts";
export * from "./unorm16.ts";
