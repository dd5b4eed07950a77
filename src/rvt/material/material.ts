/**
 * Materials.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkOptionNames,
  describeValue,
  failureToMake,
} from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { checkedName } from "./checked_name.ts";
import {
  checkedPins,
  makeOutput,
  OUTPUT_PIN_NAMES,
  type OutputPinName,
  type RuntimeVirtualTextureOutput,
  type RuntimeVirtualTextureOutputOptions,
} from "./expressions/runtime_virtual_texture_output.ts";
import { type MaterialJson, readMaterial, writeMaterial } from "./json/material_document.ts";
import type { MaterialLookup } from "./json/material_lookup.ts";
import { assertGraphSize } from "./graph_size.ts";
import { Listeners } from "./listeners.ts";
import {
  graphNodes,
  MATERIAL_DOMAINS,
  type MaterialDomain,
  type MaterialGraph,
} from "./material_graph.ts";
import type { MaterialInterface, MaterialOverrides } from "./material_interface.ts";
import { type MaterialParameter, parametersOf } from "./material_parameters.ts";

/**
 * Pins of a material. In the domain `surface`, `baseColor`, `specular`, `roughness`, `normal` and
 * `opacity` shade pictures, and `rvtOutput` is what the material writes to runtime virtual textures. In
 * the domain `virtual_texture`, the pins are those of a Runtime Virtual Texture Output.
 */
export interface MaterialPins extends RuntimeVirtualTextureOutputOptions {
  /** What a surface writes to runtime virtual textures; default nothing. */
  readonly rvtOutput?: RuntimeVirtualTextureOutput;
}

/** Options of {@linkcode Material}. */
export interface MaterialOptions extends MaterialPins {
  /** What messages and files call it. */
  readonly name: string;
  /** What it is for; default `"surface"`. */
  readonly domain?: MaterialDomain;
  /**
   * Whether triangles that are seen from behind are drawn, in pictures and in tiles, which see everything
   * from the top of their volume, with the vertex normal turned to the side that is seen; default false.
   */
  readonly twoSided?: boolean;
}

/** Pins that shade pictures. */
export const SURFACE_PIN_NAMES: readonly OutputPinName[] = Object.freeze(
  ["baseColor", "specular", "roughness", "normal", "opacity"] as const,
);

const NO_OVERRIDES: MaterialOverrides = Object.freeze({
  numbers: new Map(),
  textures: new Map(),
  runtimeVirtualTextures: new Map(),
});

/** A graph of expressions with a name. Its expressions are immutable; its pins can be connected anew. */
export class Material implements MaterialInterface {
  /** What messages and files call it. */
  readonly name: string;
  /** What it is for. */
  readonly domain: MaterialDomain;
  readonly #listeners = new Listeners();
  #graph: MaterialGraph;
  #parameters: ReadonlyMap<string, MaterialParameter>;
  #revision = 0;

  /**
   * Connects the pins.
   *
   * @throws {InvalidArgumentError} if a pin does not exist in the domain, or gets neither an expression
   * nor numbers.
   * @throws {OutOfRangeError} if the name is empty, there is no such domain, a pin gets a wrong number
   * of components, two parameters or two functions share a name and differ, or a function's input is
   * used outside of it.
   * @throws {UnsupportedError} if there are more than 4096 scalar and vector parameters, or more than
   * 65,536 nodes, with those of the functions that it calls.
   */
  constructor(options: MaterialOptions) {
    const failure = failureToMake("material", options);
    checkOptionNames(options, {
      failure,
      names: ["name", "domain", "twoSided", "rvtOutput", "heightRange", ...OUTPUT_PIN_NAMES],
    });
    const { name, domain = "surface", twoSided = false, ...pins } = options;
    this.name = checkedName(name, { name: "name", failure });
    checkedChoice(domain, { name: "domain", failure, choices: MATERIAL_DOMAINS });
    checkedBoolean(twoSided, { name: "twoSided", failure });
    this.domain = domain;
    [this.#graph, this.#parameters] = checkedGraph(pins, { name, domain, twoSided, failure });
  }

  /** Whether triangles that are seen from behind are drawn. */
  get twoSided(): boolean {
    return this.#graph.twoSided;
  }

  /** The expressions; another object after {@linkcode connect}. */
  get graph(): MaterialGraph {
    return this.#graph;
  }

  /** What instances can change, by name. */
  get parameters(): ReadonlyMap<string, MaterialParameter> {
    return this.#parameters;
  }

  /** Nothing: parameters of the material itself have the values of its nodes. */
  get overrides(): MaterialOverrides {
    return NO_OVERRIDES;
  }

  /** Rises with every change of the pins. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Connects the pins anew: those that are left out are not connected any more. Instances keep their
   * values; those of parameters that are no more have no effect. Where a texture would be filled with
   * samples of itself then, its scene warns of the cycle and takes clear values for such samples: several
   * scenes may share a material.
   *
   * @throws {InvalidArgumentError} as the constructor does.
   * @throws {OutOfRangeError} as the constructor does; nothing has changed then.
   * @throws {UnsupportedError} as the constructor does.
   */
  connect(pins: MaterialPins): void {
    const failure = `Cannot connect material "${this.name}"`;
    const { name, domain, twoSided } = this;
    [this.#graph, this.#parameters] = checkedGraph(pins, { name, domain, twoSided, failure });
    this.#revision++;
    this.#listeners.notify();
  }

  /**
   * The material as JSON. Textures, assets and material functions are named.
   *
   * @throws {OutOfRangeError} if two textures, assets or functions share a name: a file would take one for
   * the other.
   */
  toJSON(): MaterialJson {
    return writeMaterial(this.name, this.#graph);
  }

  /**
   * Reads a material that {@linkcode Material.toJSON} has written.
   *
   * @param json The result of `JSON.parse`.
   * @param lookup Finds what its nodes name.
   * @throws {InvalidArgumentError} if a field is missing or has the wrong type.
   * @throws {OutOfRangeError} if a field is not valid, or the lookup does not find what a node names; the
   * message names the node.
   * @throws {UnsupportedError} if the document has another version.
   */
  static fromJSON(json: unknown, lookup: MaterialLookup = {}): Material {
    return new Material(readMaterial(json, lookup));
  }

  /**
   * Calls a function after every change of the pins.
   *
   * @returns A function that ends this.
   * @throws {InvalidArgumentError} if the listener is not a function.
   */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener, `Cannot subscribe to material "${this.name}"`);
  }
}

function checkedGraph(
  pins: MaterialPins,
  { name, domain, twoSided, failure }: {
    readonly name: string;
    readonly domain: MaterialDomain;
    readonly twoSided: boolean;
    readonly failure: string;
  },
): [MaterialGraph, ReadonlyMap<string, MaterialParameter>] {
  const connected = domain === "surface" ? surfaceGraph(pins, failure) : outputGraph(pins, failure);
  const graph = { ...connected, twoSided };
  const parameters = parametersOf(graphNodes(graph, failure).nodes, failure);
  assertGraphSize({ name, graph, parameters, overrides: NO_OVERRIDES }, failure);
  return [graph, parameters];
}

function surfaceGraph(pins: MaterialPins, failure: string): Omit<MaterialGraph, "twoSided"> {
  const names = [...SURFACE_PIN_NAMES, "rvtOutput"];
  checkOptionNames(pins, { failure, names, what: "pin of a surface" });
  const { rvtOutput = null } = pins;
  return {
    domain: "surface",
    surfacePins: checkedPins(pins, { names: SURFACE_PIN_NAMES, failure }),
    output: rvtOutput === null ? null : checkedOutput(rvtOutput, failure),
  };
}

function outputGraph(pins: MaterialPins, failure: string): Omit<MaterialGraph, "twoSided"> {
  const output = makeOutput(pins, { failure, what: "pin of the domain virtual_texture" });
  return { domain: "virtual_texture", surfacePins: new Map(), output };
}

/** The same output, checked: a caller may have put it together without its builder. */
function checkedOutput(
  output: RuntimeVirtualTextureOutput,
  failure: string,
): RuntimeVirtualTextureOutput {
  if (!(output?.pins instanceof Map)) {
    throw new InvalidArgumentError(
      "rvtOutput",
      `${failure} as rvtOutput must be a runtime virtual texture output: current value is ${
        describeValue(output)
      }`,
    );
  }
  const { pins, heightRange } = output;
  const range = heightRange === null ? {} : { heightRange };
  return makeOutput({ ...Object.fromEntries(pins), ...range }, { failure });
}
