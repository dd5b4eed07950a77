/**
 * Components that are loaded once a tile needs them.
 *
 * @module
 */

import {
  checkedFunction,
  checkedString,
  checkOptionNames,
  describeValue,
  failureToMake,
  isError,
  thrownText,
} from "../../checks.ts";
import { DisposedError, InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { type OrientedBox, type WorldBounds, worldBoundsOf } from "../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/runtime_virtual_texture_like.ts";
import { checkedBounds } from "./checked_bounds.ts";
import type { MaterialInterface } from "../material/material_interface.ts";
import { checkedMaterial, checkedSetting } from "./component_options.ts";
import { PrimitiveComponent } from "./primitive_component.ts";

/** What a {@linkcode DeferredComponent} is known by while it is not loaded. */
export interface DeferredComponentOptions {
  /** What messages call it. */
  readonly name: string;
  /** Bounds in the world that hold the component, which is refused if it reaches beyond them. */
  readonly bounds: WorldBounds;
  /**
   * A text that is another one whenever the component would be: what it is made of, but for its material, is
   * not looked at to find out whether baked tiles are stale. For files, `fileIdentity` gives one.
   */
  readonly identity: string;
  /** The textures that it is rendered to; the component may name some of them, and no others. */
  readonly renderToVirtualTextures: readonly RuntimeVirtualTextureLike[];
  /**
   * The material that the component is drawn with, where that is known without loading it: what it writes,
   * and what it samples, is looked at then to find out whether baked tiles are stale, and need not be part of
   * the identity. Default: what is known is the material that it had when it was loaded last, and only
   * changes since then are found.
   */
  readonly material?: MaterialInterface;
  /**
   * Makes the component. Called when a tile that must be rendered shows something of the bounds, and again
   * after it was unloaded, or has failed and is asked for by {@linkcode DeferredComponent.load}.
   */
  readonly load: (options: { readonly signal: AbortSignal }) => Promise<PrimitiveComponent>;
}

/** What a scene that holds a deferred component does when it comes and goes. */
export interface DeferredComponentHolder {
  /** Takes the component in; what it throws is why loading has failed. */
  loaded(component: PrimitiveComponent): void;
  /** Lets go of it. */
  unloaded(component: PrimitiveComponent, wasEdited: boolean): void;
}

const OPTION_NAMES = [
  "name",
  "bounds",
  "identity",
  "renderToVirtualTextures",
  "material",
  "load",
] as const;

/** Part of the bounds' size by which a component may reach beyond them: 32-bit numbers are not exact. */
const TOLERANCE = 1e-6;

/**
 * A place of a scene where a component can be loaded. Tiles that are rendered there wait for it; while they
 * come from baked low mips, or nothing there is seen, it takes neither memory nor time. It is not drawn in the
 * main pass before it is loaded.
 *
 * @example A rock that is loaded when it is seen from near
 * ```ts
 * import {
 *   DeferredComponent,
 *   Material,
 *   planeMesh,
 *   RuntimeVirtualTexture,
 *   StaticMeshComponent,
 * } from "@forge3d/forge3d";
 *
 * const asset = new RuntimeVirtualTexture({ name: "Ground" });
 * const rock = new DeferredComponent({
 *   name: "rock",
 *   bounds: { min: [-1, -1, 0], max: [1, 1, 1] },
 *   identity: "rock, version 3",
 *   renderToVirtualTextures: [asset],
 *   load: () =>
 *     Promise.resolve(
 *       new StaticMeshComponent({
 *         mesh: planeMesh({ size: [2, 2] }),
 *         material: new Material({ name: "rock", baseColor: [0.3, 0.3, 0.3] }),
 *         renderToVirtualTextures: [asset],
 *       }),
 *     ),
 * });
 * rock.isLoaded; // false
 * ```
 */
export class DeferredComponent {
  /** What messages call it. */
  readonly name: string;
  /** Bounds in the world that hold the component. */
  readonly bounds: WorldBounds;
  /** The box that holds the component. */
  readonly box: OrientedBox;
  /** Differs whenever the component would. */
  readonly identity: string;
  /** The textures that it is rendered to. */
  readonly renderToVirtualTextures: readonly RuntimeVirtualTextureLike[];
  /** The material that the component is drawn with; null if that is not known without loading it. */
  readonly material: MaterialInterface | null;
  readonly #load: DeferredComponentOptions["load"];
  readonly #holders = new Set<DeferredComponentHolder>();
  #component: PrimitiveComponent | null = null;
  #stopListening: () => void = () => {};
  #loading: { readonly done: Promise<PrimitiveComponent>; readonly abort: AbortController } | null =
    null;
  #failure: Error | null = null;
  #isEdited = false;
  #hasOwnEdits = false;

  /**
   * Takes what is known of the component.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if bounds are not finite or empty, or a texture is named twice.
   */
  constructor(options: DeferredComponentOptions) {
    const made = failureToMake("deferred component", options);
    checkOptionNames(options, { failure: made, names: OPTION_NAMES });
    this.name = checkedString(options.name, { name: "name", failure: made });
    const failure = `Cannot make ${this.label}`;
    this.box = checkedBounds(options.bounds, failure);
    const { min, max } = options.bounds;
    this.bounds = { min: [...min], max: [...max] } as unknown as WorldBounds;
    this.identity = checkedString(options.identity, { name: "identity", failure });
    this.renderToVirtualTextures = checkedSetting(
      "renderToVirtualTextures",
      options.renderToVirtualTextures,
      { failure },
    );
    const { material } = options;
    this.material = material === undefined ? null : checkedMaterial(material, failure);
    this.#load = checkedFunction(options.load, { name: "load", failure });
  }

  /** Its kind and name, for messages. */
  get label(): string {
    return `deferred component "${this.name}"`;
  }

  /** The component; null while it is not loaded. */
  get component(): PrimitiveComponent | null {
    return this.#component;
  }

  /** Whether the component is loaded. */
  get isLoaded(): boolean {
    return this.#component !== null;
  }

  /** Why it could not be loaded the last time: tiles are rendered without it. Null if it could, or was not. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Whether the component was changed since it was loaded, so that its identity does not say what it is. */
  get isEdited(): boolean {
    return this.#isEdited;
  }

  /**
   * Whether something else of the component than what its material says was changed since it was loaded.
   *
   * @internal
   */
  get hasOwnEdits(): boolean {
    return this.#hasOwnEdits;
  }

  /** Its bounds, as a component has boxes. */
  boxes(): readonly OrientedBox[] {
    return [this.box];
  }

  /**
   * Loads the component unless it is loaded. The scene that holds it adds it.
   *
   * @throws What `load` throws, as {@linkcode failure} from then on.
   * @throws {InvalidArgumentError} if it is not a component, or a scene may not have it.
   * @throws {OutOfRangeError} if it reaches beyond the bounds, or names another texture or material.
   * @throws {DisposedError} if it was unloaded meanwhile.
   */
  load(): Promise<PrimitiveComponent> {
    if (this.#component !== null) return Promise.resolve(this.#component);
    if (this.#loading !== null) return this.#loading.done;
    const abort = new AbortController();
    const done = this.#loadOnce(abort.signal);
    this.#loading = { done, abort };
    return done;
  }

  async #loadOnce(signal: AbortSignal): Promise<PrimitiveComponent> {
    try {
      const component = await this.#load({ signal });
      signal.throwIfAborted();
      this.#assertFits(component);
      this.#take(component);
      this.#failure = null;
      return component;
    } catch (thrown) {
      const error = isError(thrown) ? thrown : new Error(thrownText(thrown), { cause: thrown });
      if (!signal.aborted) this.#failure = error;
      throw error;
    } finally {
      if (this.#loading?.abort.signal === signal) this.#loading = null;
    }
  }

  #assertFits(component: PrimitiveComponent): void {
    const failure = `Cannot load ${this.label}`;
    if (!(component instanceof PrimitiveComponent)) {
      throw new InvalidArgumentError(
        "load",
        `${failure} as load must give a component: current value is ${describeValue(component)}`,
      );
    }
    const others = component.renderToVirtualTextures.filter((asset) =>
      !this.renderToVirtualTextures.includes(asset)
    );
    if (others.length > 0) {
      throw new OutOfRangeError(
        "renderToVirtualTextures",
        `${failure} as ${component.label} must name its textures alone: it names "${
          others[0]!.name
        }", too`,
      );
    }
    if (this.material !== null && component.material !== this.material) {
      throw new OutOfRangeError(
        "material",
        `${failure} as ${component.label} must have the material "${this.material.name}": current value ` +
          `is "${component.material.name}"`,
      );
    }
    const { min, max } = this.bounds;
    const own = worldBoundsOf(component.boxes());
    const size = Math.hypot(...max.map((most, axis) => most - min[axis]!));
    const isInside = own === null ||
      [0, 1, 2].every((axis) =>
        own.min[axis]! >= min[axis]! - TOLERANCE * size &&
        own.max[axis]! <= max[axis]! + TOLERANCE * size
      );
    if (isInside) return;
    throw new OutOfRangeError(
      "bounds",
      `${failure} as ${component.label} must lie in its bounds, [${min.join(", ")}] to [${
        max.join(", ")
      }]: current ones are [${own!.min.join(", ")}] to [${own!.max.join(", ")}]`,
    );
  }

  #take(component: PrimitiveComponent): void {
    this.#component = component;
    this.#isEdited = false;
    this.#hasOwnEdits = false;
    const taken: DeferredComponentHolder[] = [];
    try {
      for (const holder of this.#holders) {
        holder.loaded(component);
        taken.push(holder);
      }
    } catch (error) {
      this.#component = null;
      for (const holder of taken) holder.unloaded(component, false);
      throw error;
    }
    let { material, material: { revision } } = component;
    this.#stopListening = component.subscribe(() => {
      this.#isEdited = true;
      const isOfMaterial = component.material === material && material.revision !== revision;
      ({ material, material: { revision } } = component);
      if (!isOfMaterial) this.#hasOwnEdits = true;
    });
  }

  /**
   * Lets the component go: the scene that holds it takes it away, and tiles stay as they are unless it was
   * edited. It is loaded again when a tile needs it. What loads is aborted.
   *
   * @returns Whether it was loaded.
   */
  unload(): boolean {
    this.#loading?.abort.abort(
      new DisposedError(this.label, `Cannot load ${this.label} as it was unloaded: load it again`),
    );
    this.#loading = null;
    const component = this.#component;
    if (component === null) return false;
    const wasEdited = this.#isEdited;
    this.#stopListening();
    this.#component = null;
    this.#isEdited = false;
    this.#hasOwnEdits = false;
    for (const holder of [...this.#holders]) holder.unloaded(component, wasEdited);
    return true;
  }

  /**
   * Adds a scene that holds it, once.
   *
   * @returns A function that ends this.
   * @internal
   */
  addHolder(holder: DeferredComponentHolder): () => void {
    this.#holders.add(holder);
    return () => void this.#holders.delete(holder);
  }
}
