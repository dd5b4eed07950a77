/**
 * Planes of runtime virtual textures: packing attributes into texels, and unpacking them.
 *
 * @module
 */

export { planeFormats, type PlaneKind, planeTaps } from "./plane_layout.ts";
export { NO_TINT, type Tint } from "./pack_pipeline.ts";
export { type FilledTiles, PlanePacker, type PlanePackerOptions } from "./plane_packer.ts";
export { unpackWgsl, type UnpackWgslOptions } from "./unpack_wgsl.ts";
