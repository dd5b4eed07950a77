/**
 * The console of runtime virtual textures: variables, commands, statistics.
 *
 * @module
 */

export {
  type VariableInfo,
  VirtualTextureConsole,
  type VirtualTextureConsoleOptions,
} from "./console.ts";
export { checkedScalability, type ScalabilitySettings } from "./scalability.ts";
export type { VirtualTextureMemory, VirtualTexturingStatistics } from "./statistics.ts";
export {
  findVariable,
  VARIABLE_KINDS,
  type VariableId,
  type VariableKind,
  type VariableKindName,
} from "./variable_kinds.ts";
export type { VariableSetter } from "./variable_states.ts";
