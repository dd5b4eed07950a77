/**
 * What a pixel is evaluated with: its place, the layers that are painted there, and the view.
 *
 * @module
 */

import { checkedChoice } from "../../../checks.ts";
import type {
  ComponentCount,
  InputExpression,
  InputName,
  LayerWeightExpression,
  ViewPropertyExpression,
  ViewPropertyName,
} from "./expression.ts";
import { checkedName } from "../checked_name.ts";
import { makeExpression } from "./make_expression.ts";

/** Position in the world, in three components. */
export function worldPosition(): InputExpression {
  return input("world_position", 3);
}

/** The component's own texture coordinate. Two components. */
export function textureCoordinate(): InputExpression {
  return input("texture_coordinate", 2);
}

/** Normal of the surface in world space, interpolated and of length 1. Three components. */
export function vertexNormal(): InputExpression {
  return input("vertex_normal", 3);
}

function input(input: InputName, components: ComponentCount): InputExpression {
  return makeExpression({ kind: "input", components, inputs: [], name: null, input });
}

/**
 * Weight of a painted layer of a landscape, 0 to 1. Components without the layer read 0.
 *
 * @throws {InvalidArgumentError} if the name is not a string.
 * @throws {OutOfRangeError} if it is empty or longer than 120 characters.
 */
export function layerWeight(layer: string): LayerWeightExpression {
  checkedName(layer, { name: "layer", failure: "Cannot make layer weight" });
  return makeExpression({ kind: "layer_weight", components: 1, inputs: [], name: null, layer });
}

/** Components of each {@linkcode ViewPropertyName}. */
export const VIEW_PROPERTIES: Readonly<Record<ViewPropertyName, ComponentCount>> = Object.freeze({
  virtual_texture_output_level: 1,
  virtual_texture_output_derivative: 2,
  virtual_texture_max_level: 1,
});

/**
 * A property of the runtime virtual texture that is being filled:
 *
 * - `virtual_texture_output_level`: the level that is rendered, 0 the finest;
 * - `virtual_texture_output_derivative`: the world size of one texel of that level in x and y;
 * - `virtual_texture_max_level`: how many levels the texture has.
 *
 * All of them are 0 in passes that draw pictures. Where `renderScene` shades layers directly, the level is
 * the one that the surface's sample wants, from 0 to the coarsest and between two of them, and the derivative
 * is that of a texel of this level.
 *
 * @throws {InvalidArgumentError} if the property is not a string.
 * @throws {OutOfRangeError} if there is no such property.
 */
export function viewProperty(property: ViewPropertyName): ViewPropertyExpression {
  const choices = Object.keys(VIEW_PROPERTIES) as ViewPropertyName[];
  checkedChoice(property, { name: "property", failure: "Cannot make view property", choices });
  const components = VIEW_PROPERTIES[property];
  return makeExpression({ kind: "view_property", components, inputs: [], name: null, property });
}
