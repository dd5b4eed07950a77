/**
 * The nodes of a material's expression graph.
 *
 * A node is an immutable object that refers to its inputs; a graph is whatever a node reaches. Values
 * are one to four 32-bit floating-point numbers. Every number that a formula here gives is what the
 * GPU computes, up to its rounding.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import type { StreamedTexture } from "../../../streaming/mod.ts";
import type { AttributeName } from "../../asset/attributes.ts";
import type { MaterialTypeName } from "../../asset/material_type.ts";
import type { MaterialTexture } from "../material_texture.ts";

/** Numbers that a value has. */
export type ComponentCount = 1 | 2 | 3 | 4;

export type { RuntimeVirtualTextureLike };

/** What every node has. */
export interface ExpressionNode<Kind extends string> {
  /** Which kind of node. */
  readonly kind: Kind;
  /** Numbers of its value. */
  readonly components: ComponentCount;
  /** The nodes that it computes with, in the order that its kind says. */
  readonly inputs: readonly Expression[];
  /** What messages call it; null where they call it by its kind. */
  readonly name: string | null;
}

/** Numbers that never change. */
export interface ConstantExpression extends ExpressionNode<"constant"> {
  /** One for each component. */
  readonly values: readonly number[];
}

/** Numbers that an instance of the material can change. */
export interface ParameterExpression extends ExpressionNode<"parameter"> {
  /** By which name. */
  readonly parameter: string;
  /** Its value where no instance gives another; one number for each component. */
  readonly defaultValues: readonly number[];
}

/** What a pixel is evaluated with. */
export type InputName = "world_position" | "texture_coordinate" | "vertex_normal";

/** Something that the rasteriser gives. */
export interface InputExpression extends ExpressionNode<"input"> {
  /** World position (3), texture coordinate (2), or normal of the vertices in world space (3). */
  readonly input: InputName;
}

/** The weight of a painted layer of a landscape, 0 to 1. */
export interface LayerWeightExpression extends ExpressionNode<"layer_weight"> {
  /** Its name; a component without such a layer reads 0. */
  readonly layer: string;
}

/** Names of {@linkcode OperationExpression}. */
export type OperationName =
  | "absolute"
  | "add"
  | "blend_normals"
  | "clamp"
  | "cosine"
  | "cross"
  | "distance"
  | "divide"
  | "dot"
  | "floor"
  | "fraction"
  | "length"
  | "lerp"
  | "maximum"
  | "minimum"
  | "multiply"
  | "normalize"
  | "one_minus"
  | "power"
  | "saturate"
  | "sine"
  | "smoothstep"
  | "sqrt"
  | "step"
  | "subtract";

/** Arithmetic. Inputs of one component stand for as many equal ones as the widest input has. */
export interface OperationExpression extends ExpressionNode<"operation"> {
  /** Which; `OPERATIONS` names its inputs and their order, and the builders document the formula. */
  readonly operation: OperationName;
}

/** Some components of the input, in any order. */
export interface ComponentMaskExpression extends ExpressionNode<"component_mask"> {
  /** One of x, y, z, w for each component of the result. */
  readonly channels: string;
}

/** The components of all inputs, one after the other. */
export type AppendExpression = ExpressionNode<"append">;

/** Which noise. */
export type NoiseName = "value" | "gradient";

/** Noise of a place of two or three components; `noise` documents the formula. */
export interface NoiseExpression extends ExpressionNode<"noise"> {
  /** Which noise. */
  readonly noise: NoiseName;
  /** Layers of noise, each of twice the frequency and half the amplitude of the one before. */
  readonly octaves: number;
  /** A 32-bit unsigned integer. */
  readonly seed: number;
}

/** A function in WGSL of the inputs. */
export interface CustomWgslExpression extends ExpressionNode<"custom_wgsl"> {
  /** The body of the function. */
  readonly code: string;
  /** What the body calls each input. */
  readonly inputNames: readonly string[];
}

/** A texture with mips, as four linear components; the input is the texture coordinate. */
export interface TextureSampleExpression extends ExpressionNode<"texture_sample"> {
  /** What is sampled where no instance gives another. */
  readonly texture: MaterialTexture;
  /** The name by which instances give another; null for none. */
  readonly parameter: string | null;
}

/** How a sample gets its level. */
export type VirtualMipMode = "none" | "level" | "bias" | "derivatives";

/**
 * A streaming virtual texture. Inputs: the texture coordinate, then `level` or `bias` of one
 * component, or two `derivatives` of two. Four components, linear.
 */
export interface VirtualTextureSampleExpression extends ExpressionNode<"virtual_texture_sample"> {
  /** What is sampled. */
  readonly texture: StreamedTexture;
  /** How the level is found. */
  readonly mipMode: VirtualMipMode;
}

/** How a sample of a runtime virtual texture gets its level. */
export type RuntimeMipMode = VirtualMipMode | "world_derivatives";

/** What a sample of a runtime virtual texture is; its outputs share it. */
export interface RuntimeVirtualTextureSampleSettings {
  /** What is sampled where no instance gives another. */
  readonly asset: RuntimeVirtualTextureLike;
  /** What it must store. */
  readonly materialType: MaterialTypeName;
  /** The name by which instances give another; null for none. */
  readonly parameter: string | null;
  /** How the level is found. */
  readonly mipMode: RuntimeMipMode;
  /** Whether the first input is a world position (3) or a texture coordinate (2). */
  readonly by: "world_position" | "uv";
  /** Whether the sample reports the tiles that it wants, in passes that report any. */
  readonly feedback: boolean;
}

/**
 * One output of a sample of a runtime virtual texture. Its inputs are where, then `level` or `bias` of one
 * component, two `derivatives` of two (in texture coordinates), or two `world_derivatives` of three.
 */
export interface RuntimeVirtualTextureSampleExpression
  extends ExpressionNode<"runtime_virtual_texture_sample"> {
  /** What is sampled, and how. */
  readonly sample: RuntimeVirtualTextureSampleSettings;
  /** Which output; one that the type lacks has the attribute's clear value. */
  readonly attribute: AttributeName;
}

/** The first input in passes that draw pictures, the second where a runtime virtual texture is filled. */
export type RuntimeVirtualTextureReplaceExpression = ExpressionNode<
  "runtime_virtual_texture_replace"
>;

/** The first input where virtual texturing is supported, else the second. */
export type VirtualTextureFeatureSwitchExpression = ExpressionNode<
  "virtual_texture_feature_switch"
>;

/** Something about the runtime virtual texture that is being filled. */
export type ViewPropertyName =
  | "virtual_texture_output_level"
  | "virtual_texture_output_derivative"
  | "virtual_texture_max_level";

/** A property of the view; 0 in passes that draw pictures. */
export interface ViewPropertyExpression extends ExpressionNode<"view_property"> {
  /** Which. */
  readonly property: ViewPropertyName;
}

/** A part of graphs that has a name, inputs and outputs; `materialFunction` makes them. */
export interface MaterialFunctionGraph {
  /** By which files refer to it; unique in a material. */
  readonly name: string;
  /** Components of each input by name, in the order of a call's inputs. */
  readonly inputs: Readonly<Record<string, ComponentCount>>;
  /** What each output is computed from. */
  readonly outputs: Readonly<Record<string, Expression>>;
}

/** What a function is called with; only inside of functions. */
export interface FunctionInputExpression extends ExpressionNode<"function_input"> {
  /** Which input of the function. */
  readonly input: string;
}

/** One output of a call of a material function; the inputs are in the function's order. */
export interface FunctionCallExpression extends ExpressionNode<"function_call"> {
  /** What is called. */
  readonly function: MaterialFunctionGraph;
  /** Which output. */
  readonly output: string;
}

/** A node of a graph, of whatever kind. */
export type Expression =
  | ConstantExpression
  | ParameterExpression
  | InputExpression
  | LayerWeightExpression
  | OperationExpression
  | ComponentMaskExpression
  | AppendExpression
  | NoiseExpression
  | CustomWgslExpression
  | TextureSampleExpression
  | VirtualTextureSampleExpression
  | RuntimeVirtualTextureSampleExpression
  | RuntimeVirtualTextureReplaceExpression
  | VirtualTextureFeatureSwitchExpression
  | ViewPropertyExpression
  | FunctionInputExpression
  | FunctionCallExpression;

/** What builders take: a node, or numbers that they make a constant of. */
export type ExpressionInput = Expression | number | readonly number[];
