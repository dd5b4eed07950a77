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
import type { OrientedBox, WorldBounds } from "../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/runtime_virtual_texture_like.ts";
import type { MaterialInterface } from "../material/material_interface.ts";
import { boundsBeyond, checkedBounds } from "./checked_bounds.ts";
import { nextOrder } from "./component_order.ts";
import { checkedSetting, materialGiven } from "./component_options.ts";
import { DeferredGround } from "./deferred_ground.ts";
import type { DeferredComponentHolder } from "./deferred_holder.ts";
import { LandscapeComponent } from "./landscape/landscape_component.ts";
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
   * The material that the component is drawn with, or a function that gives it, where that is known without
   * loading it: what it writes, and what it samples, is looked at then to find out whether baked tiles are
   * stale, and need not be part of the identity. Until the component is loaded, a function may give another
   * material that writes the same. Default: what is known is the material that it had when it was loaded last,
   * and only changes since then are found.
   */
  readonly material?: MaterialInterface | (() => MaterialInterface);
  /**
   * The landscape that it lies on, whose edits show in it. A deferred one is loaded before it, and where that
   * is unloaded, so is what lies on it. Default none.
   */
  readonly landscape?: LandscapeComponent | DeferredComponent | null;
  /**
   * Makes the component. Called when a tile that must be rendered shows something of the bounds, and again
   * after it was unloaded, or has failed and is asked for by {@linkcode DeferredComponent.load}.
   */
  readonly load: (options: DeferredLoadOptions) => Promise<PrimitiveComponent>;
}

/** What the loader of a {@linkcode DeferredComponent} is told. */
export interface DeferredLoadOptions {
  /** Aborted where the component is unloaded meanwhile. */
  readonly signal: AbortSignal;
  /** The landscape that it lies on, loaded; null if it has none. */
  readonly landscape: LandscapeComponent | null;
}

const OPTION_NAMES = [
  "name",
  "bounds",
  "identity",
  "renderToVirtualTextures",
  "material",
  "landscape",
  "load",
] as const;

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
  /** What its component has for its order, among others of one priority: it counts when this was made. */
  readonly order: number = nextOrder();
  /** Bounds in the world that hold the component. */
  readonly bounds: WorldBounds;
  /** The box that holds the component. */
  readonly box: OrientedBox;
  /** Differs whenever the component would. */
  readonly identity: string;
  /** The textures that it is rendered to. */
  readonly renderToVirtualTextures: readonly RuntimeVirtualTextureLike[];
  readonly #material: () => MaterialInterface | null;
  readonly #load: DeferredComponentOptions["load"];
  readonly #holders = new Set<DeferredComponentHolder>();
  #component: PrimitiveComponent | null = null;
  #stopListening: () => void = () => {};
  #loading: { readonly done: Promise<PrimitiveComponent>; readonly abort: AbortController } | null =
    null;
  #failure: Error | null = null;
  #isEdited = false;
  #hasOwnEdits = false;
  readonly #ground: DeferredGround | null;
  #waitsForGround = false;

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
    this.#material = materialGiven(options.material, failure);
    const landscape = checkedGround(options.landscape ?? null, failure);
    this.#ground = landscape === null ? null : new DeferredGround(landscape, {
      changed: () => this.#noteGround(),
      unloaded: (wasEdited) => {
        if (!this.#waitsForGround) this.unload();
        if (wasEdited) this.#noteGround();
      },
    });
    this.#load = checkedFunction(options.load, { name: "load", failure });
  }

  /** Its kind and name, for messages. */
  get label(): string {
    return `deferred component "${this.name}"`;
  }

  /** The material that the component is drawn with; null if that is not known without loading it. */
  get material(): MaterialInterface | null {
    return this.#material();
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

  /** The landscape that it lies on; null if there is none, or it is not loaded. */
  get landscape(): LandscapeComponent | null {
    return this.#ground?.loaded ?? null;
  }

  /** Whether the landscape that it lies on was changed, so that its identity does not say what it is. */
  get isLandscapeEdited(): boolean {
    return this.#ground?.isEdited ?? false;
  }

  /** Its bounds, as a component has boxes. */
  boxes(): readonly OrientedBox[] {
    return [this.box];
  }

  /**
   * Loads the component unless it is loaded. The scene that holds it adds it.
   *
   * @throws What `load` throws, or loading its landscape, as {@linkcode failure} from then on.
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
    this.#followGround();
    return done;
  }

  async #loadOnce(signal: AbortSignal): Promise<PrimitiveComponent> {
    try {
      const landscape = await this.#loadGround(signal);
      const component = await this.#load({ signal, landscape });
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
      this.#followGround();
    }
  }

  async #loadGround(signal: AbortSignal): Promise<LandscapeComponent | null> {
    if (this.#ground === null) return null;
    this.#waitsForGround = true;
    const landscape = await this.#ground.load(signal).finally(() => this.#waitsForGround = false);
    signal.throwIfAborted();
    if (landscape instanceof LandscapeComponent) return landscape;
    throw new InvalidArgumentError(
      "landscape",
      `Cannot load ${this.label} as landscape must load a landscape: it loads ${landscape.label}`,
    );
  }

  /** Hears of its landscape while somebody hears of itself. */
  #followGround(): void {
    if (this.#ground === null) return;
    this.#ground.isFollowed = this.#holders.size > 0 || this.#component !== null ||
      this.#loading !== null;
  }

  #noteGround(): void {
    for (const holder of [...this.#holders]) holder.groundChanged?.();
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
    const { material } = this;
    if (material !== null && component.material !== material) {
      throw new OutOfRangeError(
        "material",
        `${failure} as ${component.label} must have the material "${material.name}": current value ` +
          `is "${component.material.name}"`,
      );
    }
    const { min, max } = this.bounds;
    const own = boundsBeyond(this.bounds, component.boxes());
    if (own === null) return;
    throw new OutOfRangeError(
      "bounds",
      `${failure} as ${component.label} must lie in its bounds, [${min.join(", ")}] to [${
        max.join(", ")
      }]: current ones are [${own.min.join(", ")}] to [${own.max.join(", ")}]`,
    );
  }

  #take(component: PrimitiveComponent): void {
    this.#component = component;
    component.takeOrder(this.order);
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
    this.#followGround();
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
    this.#followGround();
    return () => {
      this.#holders.delete(holder);
      this.#followGround();
    };
  }
}

function checkedGround(
  value: LandscapeComponent | DeferredComponent | null,
  failure: string,
): LandscapeComponent | DeferredComponent | null {
  const isGround = value === null || value instanceof LandscapeComponent ||
    value instanceof DeferredComponent;
  if (isGround) return value;
  throw new InvalidArgumentError(
    "landscape",
    `${failure} as landscape must be a LandscapeComponent, a DeferredComponent or null: current value is ${
      describeValue(value)
    }`,
  );
}
