/**
 * Where bytes come from: byte sources, KTX2, pictures, tile stores.
 *
 * @module
 */

export * from "./byte_source.ts";
export * from "./coalescing_source.ts";
export * from "./file_source.ts";
export * from "./memory_source.ts";
export type { ByteRange } from "./read_range.ts";
export type { MergeOptions } from "./range_plan.ts";
export * from "./tile_source.ts";
