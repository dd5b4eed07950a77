/**
 * Materials and material functions as JSON documents.
 *
 * @module
 */

import { checkedChoice } from "../../../checks.ts";
import type { ComponentCount, FunctionInputExpression } from "../expressions/expression.ts";
import { type MaterialFunction, materialFunction } from "../expressions/material_function.ts";
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

/** A material as JSON. Pins hold numbers of nodes. */
export interface MaterialJson {
  readonly format: typeof MATERIAL_FORMAT;
  readonly version: 1;
  readonly name: string;
  readonly domain: MaterialDomain;
  readonly nodes: readonly NodeJson[];
  /** What shades pictures. */
  readonly pins: Readonly<Record<string, number>>;
  /** What is written to runtime virtual textures; null for nothing. */
  readonly output: {
    readonly pins: Readonly<Record<string, number>>;
    readonly heightRange: readonly [number, number] | null;
  } | null;
}

/** A material function as JSON. Outputs hold numbers of nodes. */
export interface MaterialFunctionJson {
  readonly format: typeof FUNCTION_FORMAT;
  readonly version: 1;
  readonly name: string;
  readonly inputs: Readonly<Record<string, ComponentCount>>;
  readonly nodes: readonly NodeJson[];
  readonly outputs: Readonly<Record<string, number>>;
}

/** A material that was read: what its constructor takes. */
export interface ReadMaterial extends RuntimeVirtualTextureOutputOptions {
  readonly name: string;
  readonly domain: MaterialDomain;
  readonly rvtOutput?: RuntimeVirtualTextureOutput;
}

/** Writes a material. */
export function writeMaterial(name: string, graph: MaterialGraph): MaterialJson {
  const { domain, surfacePins, output } = graph;
  const outputPins = output?.pins ?? new Map();
  const written = writeNodes([...surfacePins.values(), ...outputPins.values()]);
  return {
    format: MATERIAL_FORMAT,
    version: 1,
    name,
    domain,
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
  const nodes = readNodes(document.nodes, { lookup, failure });
  const pins = readPins(document.pins, { nodes, name: "pins", failure });
  const output = document.output === null
    ? null
    : checkedObject(document.output, { name: "output", failure });
  if (output === null) return { name, domain, ...pins };
  const { heightRange } = output as { heightRange?: [number, number] | null };
  const outputPins = {
    ...readPins(output.pins, { nodes, name: "pins of the output", failure }),
    ...(heightRange === undefined || heightRange === null ? {} : { heightRange }),
  };
  if (domain === "virtual_texture") return { name, domain, ...pins, ...outputPins };
  return { name, domain, ...pins, rvtOutput: makeOutput(outputPins, { failure }) };
}

/** Writes a material function. The functions that it calls are named. */
export function writeMaterialFunction(written: MaterialFunction): MaterialFunctionJson {
  const { name, inputs } = written;
  const outputs = Object.entries(written.outputs);
  const nodes = writeNodes(outputs.map(([, node]) => node));
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
