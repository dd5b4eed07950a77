/**
 * Keys by which equal nodes are found.
 *
 * @module
 */

import type { LoweredOperation } from "./lowered_graph.ts";

/**
 * A text that is equal for operations that do the same to the same inputs. Names of nodes are not in
 * it.
 *
 * @param idOf A number for each object that is compared by identity.
 */
export function keyOfOperation(
  operation: LoweredOperation,
  idOf: (object: object) => number,
): string {
  return `${operation.kind} ${detailsOf(operation, idOf)}`;
}

function detailsOf(operation: LoweredOperation, idOf: (object: object) => number): string {
  switch (operation.kind) {
    case "constant":
      return operation.values.map(Math.fround).join(" ");
    case "parameter":
      return JSON.stringify(operation.parameter);
    case "input":
      return operation.input;
    case "layer_weight":
      return JSON.stringify(operation.layer);
    case "operation":
      return operation.operation;
    case "component_mask":
      return operation.channels;
    case "noise":
      return `${operation.noise} ${operation.octaves} ${operation.seed}`;
    case "custom_wgsl":
      return JSON.stringify([operation.code, operation.inputNames]);
    case "texture_sample":
      return JSON.stringify(operation.parameter ?? idOf(operation.texture));
    case "virtual_texture_sample":
      return `${idOf(operation.texture)} ${operation.mipMode}`;
    case "view_property":
      return operation.property;
    case "sample_call": {
      const { settings, asset } = operation;
      const { parameter, mipMode, by, feedback } = settings;
      return JSON.stringify([parameter ?? idOf(asset), mipMode, by, feedback]);
    }
    case "sample_output":
      return operation.attribute;
    case "append":
    case "splat":
      return "";
  }
}
