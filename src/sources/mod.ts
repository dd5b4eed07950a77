/**
 * Where bytes come from: byte sources, KTX2, pictures, tile stores.
 *
 * @module
 */

export * from "./byte_source.ts";
export * from "./row_source.ts";
export * from "./tile_source.ts";
