/**
 * Materials: graphs of expressions, instances of them, and their compilation to WGSL.
 *
 * @module
 */

export * as expressions from "./expressions.ts";
export type * from "./expressions/expression.ts";
export type { CustomWgslOptions } from "./expressions/custom_wgsl.ts";
export { isExpression } from "./expressions/make_expression.ts";
export { VIEW_PROPERTIES } from "./expressions/inputs.ts";
export { MaterialFunction, type MaterialFunctionOptions } from "./expressions/material_function.ts";
export type { MipInputs } from "./expressions/mip_inputs.ts";
export { expressionLabel } from "./expressions/named.ts";
export { NOISE_NAMES, type NoiseOptions } from "./expressions/noise.ts";
export { type OperationInfo, OPERATIONS } from "./expressions/operations.ts";
export { reachedBy } from "./expressions/reached_by.ts";
export {
  OUTPUT_PIN_NAMES,
  type OutputPinName,
  pinComponents,
  type RuntimeVirtualTextureOutput,
  type RuntimeVirtualTextureOutputOptions,
} from "./expressions/runtime_virtual_texture_output.ts";
export {
  RuntimeVirtualTextureSample,
  type RuntimeVirtualTextureSampleOptions,
} from "./expressions/runtime_virtual_texture_sample.ts";
export type {
  TextureSampleOptions,
  VirtualTextureSampleOptions,
} from "./expressions/texture_samples.ts";
export {
  type CompiledMaterial,
  compileMaterial,
  type CompileMaterialOptions,
  type RuntimeVirtualTextureCode,
  type RuntimeVirtualTextureCodeOptions,
} from "./compile/compile_material.ts";
export {
  assertMaterialCompiles,
  type CompilationMessage,
  explainCompilation,
  type ExplainOptions,
} from "./compile/explain_compilation.ts";
export {
  assetOf,
  type MaterialLayout,
  PARAMETER_BYTES,
  RUNTIME_VIRTUAL_TEXTURE_BINDINGS,
  type RuntimeVirtualTextureSlot,
  type StreamedTextureSlot,
  textureOf,
  type TextureSlot,
  type UniformParameter,
} from "./compile/material_layout.ts";
export { wgslMember } from "./compile/wgsl_text.ts";
export {
  Material,
  type MaterialOptions,
  type MaterialPins,
  SURFACE_PIN_NAMES,
} from "./material.ts";
export {
  assertNoFillCycle,
  fillCycleOf,
  type MaterialDependencies,
  materialDependencies,
  type MaterialDependenciesOptions,
  type MaterialWriter,
  type SampledByFills,
  sampledByFills,
} from "./material_dependencies.ts";
export {
  COMPILE_CONTEXTS,
  type CompileContext,
  contextPins,
  type GraphNodes,
  graphNodes,
  MATERIAL_DOMAINS,
  type MaterialDomain,
  type MaterialGraph,
} from "./material_graph.ts";
export {
  MaterialInstance,
  type MaterialInstanceJson,
  type MaterialInstanceLookup,
} from "./material_instance.ts";
export {
  type MaterialFunctionJson,
  type MaterialJson,
  type MaterialOutputJson,
  readMaterialFunction,
  writeMaterialFunction,
} from "./json/material_document.ts";
export type { MaterialLookup } from "./json/material_lookup.ts";
export { type NodeJson, UniqueNames } from "./json/write_nodes.ts";
export type { MaterialInterface, MaterialOverrides } from "./material_interface.ts";
export type {
  MaterialParameter,
  NumberParameter,
  RuntimeVirtualTextureParameter,
  TextureParameter,
} from "./material_parameters.ts";
export { loadMaterialTexture, type LoadMaterialTextureOptions } from "./load_material_texture.ts";
export { shownByPlace, shownWithoutSupport } from "./shown_textures.ts";
export {
  MaterialTexture,
  type MaterialTextureOptions,
  TEXTURE_ADDRESSINGS,
  type TextureAddressing,
} from "./material_texture.ts";
export {
  MaterialBinder,
  type MaterialBinderOptions,
  MaterialBinding,
  type RuntimeVirtualTextureBinder,
} from "./material_bindings.ts";
