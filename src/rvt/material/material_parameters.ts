/**
 * The parameters of a graph.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { MaterialTypeName } from "../asset/material_type.ts";
import type {
  ComponentCount,
  Expression,
  RuntimeVirtualTextureLike,
} from "./expressions/expression.ts";
import type { MaterialTexture } from "./material_texture.ts";

/** A parameter of a material, and its value where no instance gives another. */
export type MaterialParameter =
  | NumberParameter<"scalar">
  | NumberParameter<"vector">
  | TextureParameter
  | RuntimeVirtualTextureParameter;

/** A scalar or a vector. */
export interface NumberParameter<Kind extends "scalar" | "vector"> {
  /** One number, or several. */
  readonly kind: Kind;
  /** How many numbers. */
  readonly components: ComponentCount;
  /** Its value where no instance gives another. */
  readonly defaultValues: readonly number[];
}

/** A texture. */
export interface TextureParameter {
  /** A plain texture with mips. */
  readonly kind: "texture";
  /** What is sampled where no instance gives another. */
  readonly defaultTexture: MaterialTexture;
}

/** The asset of a Runtime Virtual Texture Sample Parameter. */
export interface RuntimeVirtualTextureParameter {
  /** An asset. */
  readonly kind: "runtime_virtual_texture";
  /** What assets have to store. */
  readonly materialType: MaterialTypeName;
  /** The asset that is sampled where no instance gives another. */
  readonly defaultAsset: RuntimeVirtualTextureLike;
}

/**
 * The parameters of some expressions by name.
 *
 * @throws {OutOfRangeError} if two nodes of one name differ in kind, components or default.
 */
export function parametersOf(
  nodes: Iterable<Expression>,
  failure: string,
): ReadonlyMap<string, MaterialParameter> {
  const parameters = new Map<string, MaterialParameter>();
  for (const node of nodes) {
    const [name, parameter] = parameterOf(node) ?? [];
    if (name === undefined || parameter === undefined) continue;
    const known = parameters.get(name);
    if (known === undefined) parameters.set(name, parameter);
    else if (!areEqual(known, parameter)) {
      throw new OutOfRangeError(
        name,
        `${failure} as nodes of parameter "${name}" must agree: ` +
          `one is ${describe(known)}, another ${describe(parameter)}`,
      );
    }
  }
  return parameters;
}

function parameterOf(node: Expression): readonly [string, MaterialParameter] | null {
  switch (node.kind) {
    case "parameter": {
      const { components, defaultValues } = node;
      const kind = components === 1 ? "scalar" : "vector";
      return [node.parameter, { kind, components, defaultValues }];
    }
    case "texture_sample":
      if (node.parameter === null) return null;
      return [node.parameter, { kind: "texture", defaultTexture: node.texture }];
    case "runtime_virtual_texture_sample": {
      const { parameter, materialType, asset } = node.sample;
      if (parameter === null) return null;
      return [parameter, { kind: "runtime_virtual_texture", materialType, defaultAsset: asset }];
    }
    default:
      return null;
  }
}

function areEqual(a: MaterialParameter, b: MaterialParameter): boolean {
  if (a.kind === "texture") return b.kind === a.kind && a.defaultTexture === b.defaultTexture;
  if (a.kind === "runtime_virtual_texture") {
    return b.kind === a.kind && a.defaultAsset === b.defaultAsset;
  }
  if (b.kind === "texture" || b.kind === "runtime_virtual_texture") return false;
  return a.defaultValues.join() === b.defaultValues.join();
}

function describe(parameter: MaterialParameter): string {
  switch (parameter.kind) {
    case "texture":
      return `a texture ("${parameter.defaultTexture.name}")`;
    case "runtime_virtual_texture":
      return `a runtime virtual texture ("${parameter.defaultAsset.name}")`;
    default:
      return `a ${parameter.kind} [${parameter.defaultValues.join(", ")}]`;
  }
}
