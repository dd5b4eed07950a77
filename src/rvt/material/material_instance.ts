/**
 * Instances of materials.
 *
 * @module
 */

import {
  checkedInstance,
  checkedMethods,
  checkedNumber,
  checkedString,
  checkedVector,
  checkOptionNames,
  describeValue,
  failureToMake,
} from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { RuntimeVirtualTextureLike } from "./expressions/expression.ts";
import { makeConstant } from "./expressions/make_expression.ts";
import { checkedName } from "./checked_name.ts";
import { checkAsset, checkSameType } from "./expressions/runtime_virtual_texture_sample.ts";
import { checkedDocument, checkedList, checkedObject } from "./json/json_fields.ts";
import { UniqueNames } from "./json/write_nodes.ts";
import { checkedLookup, lookUp, type MaterialLookup } from "./json/material_lookup.ts";
import { Listeners } from "./listeners.ts";
import { Material } from "./material.ts";
import type { MaterialGraph } from "./material_graph.ts";
import type { MaterialInterface, MaterialOverrides } from "./material_interface.ts";
import type { MaterialParameter } from "./material_parameters.ts";
import { MaterialTexture } from "./material_texture.ts";
import { WatchedAssets } from "./watched_assets.ts";

const INSTANCE_FORMAT = "forge3d material instance";

/** A material instance as JSON. */
export interface MaterialInstanceJson {
  /** What the document is. */
  readonly format: "forge3d material instance";
  /** Rises when older readers cannot read what is written. */
  readonly version: 1;
  /** The name of the instance. */
  readonly name: string;
  /** Name of the material or instance that it is an instance of. */
  readonly parent: string;
  /** Values of scalar and vector parameters. */
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  /** Names of textures. */
  readonly textures: Readonly<Record<string, string>>;
  /** Names of assets. */
  readonly runtimeVirtualTextures: Readonly<Record<string, string>>;
}

/** Finds what files of material instances name. */
export interface MaterialInstanceLookup extends MaterialLookup {
  /** A material, or an instance of one. */
  material(name: string): Material | MaterialInstance | undefined;
}

/**
 * A material with values of its own for parameters. Those that it does not set are its parent's, as they
 * are when they are read. Instances of a material share its pipelines.
 */
export class MaterialInstance implements MaterialInterface {
  /** What messages and files call it. */
  readonly name: string;
  /** What it is an instance of. */
  readonly parent: Material | MaterialInstance;
  readonly #listeners = new Listeners();
  readonly #numbers = new Map<string, readonly number[]>();
  readonly #textures = new Map<string, MaterialTexture>();
  readonly #assets = new Map<string, RuntimeVirtualTextureLike>();
  /** Its assets, while there are listeners: one of another type than its parameter's has no effect. */
  readonly #watched = new WatchedAssets(() => this.#notify());
  #revision = 0;

  /**
   * Begins with all values of the parent.
   *
   * @param parent A material, or another instance.
   * @throws {InvalidArgumentError} if the parent is neither, or an option does not exist.
   * @throws {OutOfRangeError} if the name is empty.
   */
  constructor(parent: Material | MaterialInstance, options: { readonly name: string }) {
    const failure = failureToMake("material instance", options);
    checkOptionNames(options, { failure, names: ["name"] });
    this.name = checkedName(options.name, { name: "name", failure });
    if (!(parent instanceof Material || parent instanceof MaterialInstance)) {
      throw new InvalidArgumentError(
        "parent",
        `${failure} as parent must be a material or an instance of one`,
      );
    }
    this.parent = parent;
  }

  /** The material at the root of its parents. */
  get material(): Material {
    return this.parent instanceof Material ? this.parent : this.parent.material;
  }

  /** The material's expressions. */
  get graph(): MaterialGraph {
    return this.material.graph;
  }

  /** What can be set, by name. */
  get parameters(): ReadonlyMap<string, MaterialParameter> {
    return this.material.parameters;
  }

  /** Values that the instance or its parents have set. */
  get overrides(): MaterialOverrides {
    const { numbers, textures, runtimeVirtualTextures } = this.parent.overrides;
    return {
      numbers: new Map([...numbers, ...this.#numbers]),
      textures: new Map([...textures, ...this.#textures]),
      runtimeVirtualTextures: new Map([...runtimeVirtualTextures, ...this.#assets]),
    };
  }

  /** Values that the instance itself has set. */
  get ownOverrides(): MaterialOverrides {
    return {
      numbers: new Map(this.#numbers),
      textures: new Map(this.#textures),
      runtimeVirtualTextures: new Map(this.#assets),
    };
  }

  /** Rises with every change of the instance, and of its parents. */
  get revision(): number {
    return this.#revision + this.parent.revision;
  }

  /**
   * Sets a scalar parameter.
   *
   * @throws {InvalidArgumentError} if the value is not a number.
   * @throws {OutOfRangeError} if there is no such scalar parameter, or the value is not finite in 32
   * bits.
   */
  setScalar(name: string, value: number): void {
    const { failure } = this.#parameter(name, "scalar");
    checkedNumber(value, { name: "value", failure, range: [-Infinity, Infinity] });
    makeConstant(value, { name: "value", failure });
    this.#numbers.set(name, Object.freeze([value]));
    this.#notify();
  }

  /**
   * Sets a vector parameter.
   *
   * @param values As many as the parameter has.
   * @throws {InvalidArgumentError} if the values are not numbers, or not as many.
   * @throws {OutOfRangeError} if there is no such vector parameter, or a value is not finite in 32 bits.
   */
  setVector(name: string, values: readonly number[]): void {
    const { parameter, failure } = this.#parameter(name, "vector");
    checkedVector(values, { name: "values", failure, length: parameter.components });
    const numbers = Array.from(values);
    makeConstant(numbers, { name: "values", failure });
    this.#numbers.set(name, Object.freeze(numbers));
    this.#notify();
  }

  /**
   * Sets a texture parameter.
   *
   * @throws {InvalidArgumentError} if the texture is none.
   * @throws {OutOfRangeError} if there is no such texture parameter.
   */
  setTexture(name: string, texture: MaterialTexture): void {
    const { failure } = this.#parameter(name, "texture");
    checkedInstance(texture, { name: "texture", failure, kind: MaterialTexture });
    this.#textures.set(name, texture);
    this.#notify();
  }

  /**
   * Sets which asset a Runtime Virtual Texture Sample Parameter samples. Where a texture would be filled
   * with samples of itself then, its scene warns of the cycle and takes clear values for such samples:
   * several scenes may share an instance.
   *
   * @throws {InvalidArgumentError} if the asset is none.
   * @throws {OutOfRangeError} if there is no such parameter, or the asset has another material type
   * than the parameter; the message names both.
   */
  setRuntimeVirtualTexture(name: string, asset: RuntimeVirtualTextureLike): void {
    const { parameter, failure } = this.#parameter(name, "runtime_virtual_texture");
    checkAsset(asset, failure);
    checkSameType(asset, { materialType: parameter.materialType, failure });
    this.#assets.set(name, asset);
    this.#notify();
  }

  /** Takes back a value that the instance has set, so that its parent's holds. Of other names, nothing. */
  reset(name: string): void {
    const wasSet = [this.#numbers, this.#textures, this.#assets].map((map) => map.delete(name));
    if (wasSet.includes(true)) this.#notify();
  }

  /**
   * Calls a function after every change of the instance, and of its parents: also after an asset that one
   * of them has set has changed its material type.
   *
   * @returns A function that ends this.
   * @throws {InvalidArgumentError} if the listener is not a function.
   */
  subscribe(listener: () => void): () => void {
    const end = this.#listeners.add(listener, `Cannot subscribe to instance "${this.name}"`);
    const endOfParent = this.parent.subscribe(listener);
    // Nothing has watched the assets until now.
    if (this.#assets.size > 0) this.#revision++;
    this.#watchAssets();
    return () => {
      end();
      endOfParent();
      this.#watchAssets();
    };
  }

  /**
   * The instance as JSON: the values that it has set itself. Its parent, textures and assets are named.
   *
   * @throws {OutOfRangeError} if two of its textures, or of its assets, share a name.
   */
  toJSON(): MaterialInstanceJson {
    const names = new UniqueNames(`Cannot write material instance "${this.name}"`);
    for (const texture of this.#textures.values()) names.add("textures", texture);
    for (const asset of this.#assets.values()) names.add("assets", asset);
    const nameOf = ([name, { name: value }]: [string, { readonly name: string }]) => [name, value];
    return {
      format: INSTANCE_FORMAT,
      version: 1,
      name: this.name,
      parent: this.parent.name,
      numbers: Object.fromEntries(this.#numbers),
      textures: Object.fromEntries([...this.#textures].map(nameOf)),
      runtimeVirtualTextures: Object.fromEntries([...this.#assets].map(nameOf)),
    };
  }

  /**
   * Reads an instance that {@linkcode MaterialInstance.toJSON} has written.
   *
   * @param json The result of `JSON.parse`.
   * @param lookup Finds its parent, textures and assets.
   * @throws {InvalidArgumentError} if a field is missing or has the wrong type.
   * @throws {OutOfRangeError} if a value does not fit its parameter, or something that is named is not
   * found.
   * @throws {UnsupportedError} if the document has another version.
   */
  static fromJSON(json: unknown, lookup: MaterialInstanceLookup): MaterialInstance {
    const [document, name] = checkedDocument(json, INSTANCE_FORMAT);
    const failure = `Cannot read material instance "${name}"`;
    checkedLookup(lookup, { failure, more: ["material"] });
    checkedMethods(lookup, { name: "lookup", failure, methods: ["material"] });
    const parentName = checkedString(document.parent, { name: "parent", failure });
    const parent = lookup.material(parentName);
    if (parent === undefined || parent === null) {
      throw new OutOfRangeError("parent", `${failure} as there is no material "${parentName}"`);
    }
    const instance = new MaterialInstance(parent, { name });
    const entriesOf = (name: string) =>
      Object.entries(checkedObject(document[name], { name, failure }));
    for (const [parameter, value] of entriesOf("numbers")) {
      const list = checkedList(value, { name: parameter, failure }) as number[];
      if (list.length === 1) instance.setScalar(parameter, list[0]!);
      else instance.setVector(parameter, list);
    }
    for (const [parameter, name] of entriesOf("textures")) {
      instance.setTexture(parameter, lookUp(lookup, "texture", { name, failure }));
    }
    for (const [parameter, name] of entriesOf("runtimeVirtualTextures")) {
      const asset = lookUp(lookup, "runtimeVirtualTexture", { name, failure });
      instance.setRuntimeVirtualTexture(parameter, asset);
    }
    return instance;
  }

  #parameter<Kind extends MaterialParameter["kind"]>(
    name: string,
    kind: Kind,
  ): { parameter: MaterialParameter & { readonly kind: Kind }; failure: string } {
    const failure = `Cannot set parameter "${describeValue(name)}" of instance "${this.name}"`;
    const parameter = this.parameters.get(name);
    if (parameter !== undefined && parameter.kind === kind) {
      return { parameter: parameter as MaterialParameter & { readonly kind: Kind }, failure };
    }
    const ofKind = [...this.parameters].filter(([, { kind: other }]) => other === kind);
    throw new OutOfRangeError(
      "name",
      `${failure} as "${this.material.name}" has no ${kind} of that name: ` +
        `it has ${ofKind.map(([other]) => `"${other}"`).join(", ") || "none"}`,
    );
  }

  #watchAssets(): void {
    this.#watched.watch(this.#listeners.isEmpty ? [] : this.#assets.values());
  }

  #notify(): void {
    this.#revision++;
    this.#watchAssets();
    this.#listeners.notify();
  }
}
