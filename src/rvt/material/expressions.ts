/**
 * The builders of expression graphs.
 *
 * @module
 */

export * from "./expressions/arithmetic.ts";
export { constant, scalarParameter, vectorParameter } from "./expressions/constants.ts";
export { customWgsl } from "./expressions/custom_wgsl.ts";
export {
  layerWeight,
  textureCoordinate,
  vertexNormal,
  viewProperty,
  worldPosition,
} from "./expressions/inputs.ts";
export { materialFunction } from "./expressions/material_function.ts";
export { named } from "./expressions/named.ts";
export { noise } from "./expressions/noise.ts";
export { runtimeVirtualTextureOutput } from "./expressions/runtime_virtual_texture_output.ts";
export {
  convertToParameter,
  runtimeVirtualTextureSample,
  runtimeVirtualTextureSampleParameter,
} from "./expressions/runtime_virtual_texture_sample.ts";
export {
  runtimeVirtualTextureReplace,
  virtualTextureFeatureSwitch,
} from "./expressions/switches.ts";
export {
  textureSample,
  textureSampleParameter,
  virtualTextureSample,
} from "./expressions/texture_samples.ts";
export * from "./expressions/vectors.ts";
