/**
 * Materials and material functions as JSON documents.
 *
 * @module
 */

import { checkedBoolean, checkedChoice, checkedInstance } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import type { ComponentCount, FunctionInputExpression } from "../expressions/expression.ts";
import { MaterialFunction, materialFunction } from "../expressions/material_function.ts";
import {
  makeOutput,
  type RuntimeVirtualTextureOutput,
  type RuntimeVirtualTextureOutputOptions,
} from "../expressions/runtime_virtual_texture_output.ts";
import { MATERIAL_DOMAINS, type MaterialDomain, type MaterialGraph } from "../material_graph.ts";
import { checkedDocument, checkedObject } from "./json_fields.ts";
import { checkedLookup, type MaterialLookup } from "./material_lookup.ts";
import { readNodes, readPins } from "./read_nodes.ts";
import { type NodeJson, writeNodes, writePins } from "./write_nodes.ts";

const MATERIAL_FORMAT = "forge3d material";
const FUNCTION_FORMAT = "forge3d material function";

/** What a material writes to runtime virtual textures, as JSON. */
export interface MaterialOutputJson {
  /** Numbers of nodes. */
  readonly pins: Readonly<Record<string, number>>;
  /** World z, from least to largest, outside of which nothing is written; null for no limits. */
  readonly heightRange: readonly [number, number] | null;
}

/** A material as JSON. Pins hold numbers of nodes. */
export interface MaterialJson {
  /** What the document is. */
  readonly format: "forge3d material";
  /** Rises when older readers cannot read what is written. */
  readonly version: 1;
  /** The name of the material. */
  readonly name: string;
  /** What the material is for. */
  readonly domain: MaterialDomain;
  /** Whether triangles that are seen from behind are drawn; false where it is missing. */
  readonly twoSided?: boolean;
  /** Its expressions, each after its inputs. */
  readonly nodes: readonly NodeJson[];
  /** What shades pictures. */
  readonly pins: Readonly<Record<string, number>>;
  /** What is written to runtime virtual textures; null for nothing. */
  readonly output: MaterialOutputJson | null;
}

/** A material function as JSON. Outputs hold numbers of nodes. */
export interface MaterialFunctionJson {
  /** What the document is. */
  readonly format: "forge3d material function";
  /** Rises when older readers cannot read what is written. */
  readonly version: 1;
  /** The name of the function. */
  readonly name: string;
  /** Components of each input by name. */
  readonly inputs: Readonly<Record<string, ComponentCount>>;
  /** Its expressions, each after its inputs. */
  readonly nodes: readonly NodeJson[];
  /** Numbers of the nodes of its outputs. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** A material that was read: what its constructor takes. */
export interface ReadMaterial extends RuntimeVirtualTextureOutputOptions {
  readonly name: string;
  readonly domain: MaterialDomain;
  readonly twoSided: boolean;
  readonly rvtOutput?: RuntimeVirtualTextureOutput;
}

/**
 * Writes a material.
 *
 * @throws {OutOfRangeError} if two of its textures, assets or functions share a name.
 */
export function writeMaterial(name: string, graph: MaterialGraph): MaterialJson {
  const { domain, surfacePins, output, twoSided } = graph;
  const outputPins = output?.pins ?? new Map();
  const failure = `Cannot write material "${name}"`;
  const written = writeNodes([...surfacePins.values(), ...outputPins.values()], failure);
  return {
    format: MATERIAL_FORMAT,
    version: 1,
    name,
    domain,
    twoSided,
    nodes: written.nodes,
    pins: writePins(surfacePins, written),
    output: output === null
      ? null
      : { pins: writePins(outputPins, written), heightRange: output.heightRange },
  };
}

/**
 * Reads what a material's constructor takes.
 *
 * @throws {InvalidArgumentError} if a field is missing or has the wrong type.
 * @throws {OutOfRangeError} if a field is not valid, or the lookup does not find what a node names.
 * @throws {UnsupportedError} if the document has another version.
 */
export function readMaterial(json: unknown, lookup: MaterialLookup): ReadMaterial {
  const [document, name] = checkedDocument(json, MATERIAL_FORMAT);
  const failure = `Cannot read material "${name}"`;
  checkedLookup(lookup, { failure });
  const domain = checkedChoice(document.domain as MaterialDomain, {
    name: "domain",
    failure,
    choices: MATERIAL_DOMAINS,
  });
  const { twoSided = false } = document as { twoSided?: boolean };
  checkedBoolean(twoSided, { name: "twoSided", failure });
  const nodes = readNodes(document.nodes, { lookup, failure });
  const pins = readPins(document.pins, { nodes, name: "pins", failure });
  if (domain === "virtual_texture" && Object.keys(pins).length > 0) {
    throw new OutOfRangeError(
      "pins",
      `${failure} as pins must be empty in the domain virtual_texture: they are ${
        Object.keys(pins).join(", ")
      }`,
    );
  }
  const output = document.output === null
    ? null
    : checkedObject(document.output, { name: "output", failure });
  const named = { name, domain, twoSided };
  if (output === null) return { ...named, ...pins };
  const { heightRange } = output as { heightRange?: [number, number] | null };
  const outputPins = {
    ...readPins(output.pins, { nodes, name: "pins of the output", failure }),
    ...(heightRange === undefined || heightRange === null ? {} : { heightRange }),
  };
  if (domain === "virtual_texture") return { ...named, ...outputPins };
  return { ...named, ...pins, rvtOutput: makeOutput(outputPins, { failure }) };
}

/**
 * Writes a material function. The functions that it calls are named.
 *
 * @throws {InvalidArgumentError} if it is not a material function.
 * @throws {OutOfRangeError} if two of its textures, assets or functions share a name.
 */
export function writeMaterialFunction(written: MaterialFunction): MaterialFunctionJson {
  checkedInstance(written, {
    name: "function",
    failure: "Cannot write material function",
    kind: MaterialFunction,
  });
  const { name, inputs } = written;
  const outputs = Object.entries(written.outputs);
  const failure = `Cannot write material function "${name}"`;
  const nodes = writeNodes(outputs.map(([, node]) => node), failure);
  return {
    format: FUNCTION_FORMAT,
    version: 1,
    name,
    inputs,
    nodes: nodes.nodes,
    outputs: writePins(outputs, nodes),
  };
}

/**
 * Reads a material function that {@linkcode writeMaterialFunction} has written.
 *
 * @param json The result of `JSON.parse`.
 * @param lookup Finds what its nodes name.
 * @throws {InvalidArgumentError} if a field is missing or has the wrong type.
 * @throws {OutOfRangeError} if a field is not valid, or the lookup does not find what a node names.
 * @throws {UnsupportedError} if the document has another version.
 */
export function readMaterialFunction(json: unknown, lookup: MaterialLookup): MaterialFunction {
  const [document, name] = checkedDocument(json, FUNCTION_FORMAT);
  const failure = `Cannot read material function "${name}"`;
  checkedLookup(lookup, { failure });
  const inputs = checkedObject(document.inputs, { name: "inputs", failure });
  return materialFunction(name, {
    inputs: inputs as Record<string, ComponentCount>,
    build: (functionInputs: Readonly<Record<string, FunctionInputExpression>>) => {
      const nodes = readNodes(document.nodes, { lookup, failure, functionInputs });
      return readPins(document.outputs, { nodes, name: "outputs", failure });
    },
  });
}
