/**
 * The console of runtime virtual textures: variables, commands, statistics.
 *
 * @module
 */

export { checkedScalability, type ScalabilitySettings } from "./scalability.ts";
export {
  findVariable,
  VARIABLE_KINDS,
  type VariableId,
  type VariableKind,
  type VariableKindName,
} from "./variable_kinds.ts";
