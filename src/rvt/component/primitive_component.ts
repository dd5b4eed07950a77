/**
 * What all components of a scene have in common.
 *
 * @module
 */

import {
  checkedFunction,
  checkedInteger,
  checkedString,
  checkOptionNames,
  describeValue,
  failureToMake,
} from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import {
  type OrientedBox,
  sameTransforms,
  type Transform,
  transformFrom,
  transformMatrix,
  type TransformOptions,
} from "../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/runtime_virtual_texture_like.ts";
import type { MaterialWriter } from "../material/material_dependencies.ts";
import type { MaterialInterface } from "../material/material_interface.ts";
import { type ComponentChangeListener, ComponentChangeListeners } from "./component_change.ts";
import type { ComponentDraw } from "./component_draw.ts";
import type { ComponentHolder } from "./component_holder.ts";
import { nextOrder } from "./component_order.ts";
import {
  checkedMaterial,
  checkedSetting,
  COMPONENT_DEFAULTS,
  COMPONENT_OPTION_NAMES,
  type ComponentOptions,
  type ComponentSettings,
  type DrawInMainPass,
  type Mobility,
} from "./component_options.ts";

/** What a class of components tells its base. */
export interface ComponentKind {
  /** What messages call its components, such as `static mesh`. */
  readonly kind: string;
  /** Names of the options that it has beside those of every component. */
  readonly optionNames: readonly string[];
}

/**
 * A component of a scene: something with a material and a place, which is drawn into runtime virtual
 * textures, in the main pass, or both.
 *
 * A wrong value throws an error that names the component, and changes nothing. Setting what is set
 * already changes nothing either, and tells nobody.
 */
export abstract class PrimitiveComponent {
  /** What messages call it. */
  readonly name: string;
  /** Its number: higher than those of all components that were made before it. */
  readonly id: number;
  #order: number;
  readonly #kind: string;
  readonly #listeners = new ComponentChangeListeners();
  readonly #holders = new Set<ComponentHolder>();
  readonly #settings: ComponentSettings = { ...COMPONENT_DEFAULTS };
  #material: MaterialInterface;
  #transform: Transform;
  #toWorld: Float64Array;
  #boxes: readonly OrientedBox[] | null = null;
  #isListenedTo = false;
  #stopFollowingMaterial: (() => void) | null = null;

  /**
   * Checks and takes the options of every component.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  protected constructor(options: ComponentOptions, { kind, optionNames }: ComponentKind) {
    const made = failureToMake(kind, options);
    checkOptionNames(options, {
      failure: made,
      names: [...COMPONENT_OPTION_NAMES, ...optionNames],
    });
    this.id = nextOrder();
    this.#order = this.id;
    this.#kind = kind;
    const { name = `${kind} ${this.id}` } = options;
    this.name = checkedString(name, { name: "name", failure: made });
    const failure = `Cannot make ${this.label}`;
    this.#material = checkedMaterial(options.material, failure);
    for (const setting of Object.keys(COMPONENT_DEFAULTS) as (keyof ComponentSettings)[]) {
      if (options[setting] !== undefined) this.#take(setting, options[setting], failure);
    }
    this.#transform = transformFrom(options.transform, failure);
    this.#toWorld = transformMatrix(this.#transform);
  }

  /**
   * Its place among components of one priority: its number, or that of the deferred component that has loaded it,
   * however long that took.
   */
  get order(): number {
    return this.#order;
  }

  /**
   * Gives it the place of a deferred component, which has loaded it.
   *
   * @internal
   */
  takeOrder(order: number): void {
    this.#order = order;
  }

  /** Its kind and name, for messages. */
  get label(): string {
    return `${this.#kind} "${this.name}"`;
  }

  /**
   * What it is drawn with. When the material tells of a change, so does the component. In a scene, one
   * with which a texture would be filled with samples of itself is refused by an error that names the
   * cycle.
   */
  get material(): MaterialInterface {
    return this.#material;
  }

  set material(material: MaterialInterface) {
    checkedMaterial(material, this.changeFailure);
    if (material === this.#material) return;
    this.#assertMayWrite({ material, assets: this.renderToVirtualTextures });
    this.#material = material;
    this.#followMaterial();
    this.announceChange(this.boxes());
  }

  /** Where it stands. Takes options as well; what they leave out has its default. */
  get transform(): Transform {
    return this.#transform;
  }

  set transform(options: TransformOptions) {
    const transform = transformFrom(options, this.changeFailure);
    if (sameTransforms(transform, this.#transform)) return;
    const toWorld = transformMatrix(transform);
    const oldBoxes = this.boxes();
    this.replaceBoxes(this.boxesUnder(toWorld), this.changeFailure);
    this.#transform = transform;
    this.#toWorld = toWorld;
    this.announceChange([...oldBoxes, ...this.boxes()]);
  }

  /** Object to world, column-major, float64. Not to be changed. */
  get toWorld(): ArrayLike<number> {
    return this.#toWorld;
  }

  /**
   * The runtime virtual textures that it is rendered to, wherever a volume places them. In a scene, those
   * that would be filled with samples of themselves are refused by an error that names the cycle.
   */
  get renderToVirtualTextures(): readonly RuntimeVirtualTextureLike[] {
    return this.#settings.renderToVirtualTextures;
  }

  set renderToVirtualTextures(textures: readonly RuntimeVirtualTextureLike[]) {
    const name = "renderToVirtualTextures";
    const assets = checkedSetting(name, textures, { failure: this.changeFailure });
    const changed = [...new Set(this.renderToVirtualTextures).symmetricDifference(new Set(assets))];
    this.#assertMayWrite({ material: this.#material, assets });
    this.#settings.renderToVirtualTextures = assets;
    if (changed.length === 0) return;
    this.#listeners.announce({ boxes: this.boxes(), renderToVirtualTextures: changed });
  }

  /**
   * When it is drawn in the main pass; default `from_virtual_texture`, but `always` for landscapes
   * and `never` for decals.
   */
  get drawInMainPass(): DrawInMainPass {
    return this.#settings.drawInMainPass;
  }

  set drawInMainPass(choice: DrawInMainPass) {
    this.#take("drawInMainPass", choice, this.changeFailure);
  }

  /** Added to the LOD that the covered part of a tile asks for; default 0, above it coarser. */
  get virtualTextureLodBias(): number {
    return this.#settings.virtualTextureLodBias;
  }

  set virtualTextureLodBias(bias: number) {
    this.#change("virtualTextureLodBias", bias);
  }

  /** How many of the coarsest levels it is not rendered to; default 0. */
  get virtualTextureSkipMips(): number {
    return this.#settings.virtualTextureSkipMips;
  }

  set virtualTextureSkipMips(levels: number) {
    this.#change("virtualTextureSkipMips", levels);
  }

  /** Binary logarithm of the size in pixels below which it is left out; default null, off. */
  get virtualTextureMinCoverage(): number | null {
    return this.#settings.virtualTextureMinCoverage;
  }

  set virtualTextureMinCoverage(coverage: number | null) {
    this.#change("virtualTextureMinCoverage", coverage);
  }

  /** Components with smaller numbers are drawn first, below the others; default 0. */
  get translucencySortPriority(): number {
    return this.#settings.translucencySortPriority;
  }

  set translucencySortPriority(priority: number) {
    this.#change("translucencySortPriority", priority);
  }

  /** Whether it is meant to stay where it is; default `static`. */
  get mobility(): Mobility {
    return this.#settings.mobility;
  }

  set mobility(mobility: Mobility) {
    this.#take("mobility", mobility, this.changeFailure);
    for (const holder of [...this.#holders]) holder.mobilityChanged();
  }

  /** Levels of detail that it can be drawn in, at least 1; 0 is the finest. */
  abstract get lodCount(): number;

  /**
   * Its footprint in the world: a box for each of the things that it draws, in the order of
   * {@linkcode draws} and of the instances in each.
   */
  boxes(): readonly OrientedBox[] {
    this.catchUp();
    return this.#boxes ??= this.boxesUnder(this.#toWorld);
  }

  /**
   * What is drawn, in this order.
   *
   * @throws {InvalidArgumentError} if the LOD is not a number.
   * @throws {OutOfRangeError} if there is no such LOD.
   */
  draws(lod = 0): readonly ComponentDraw[] {
    const failure = `Cannot draw ${this.label}`;
    checkedInteger(lod, { name: "lod", failure, range: [0, this.lodCount - 1] });
    this.catchUp();
    return this.drawsAt(lod);
  }

  /**
   * Calls a function after each change of what is drawn into runtime virtual textures.
   *
   * @returns A function that ends this.
   * @throws {InvalidArgumentError} if it is not a function.
   */
  subscribe(listener: ComponentChangeListener): () => void {
    const failure = `Cannot subscribe to ${this.label}`;
    checkedFunction(listener, { name: "listener", failure });
    this.#noteListening(true);
    const remove = this.#listeners.add(listener);
    return () => {
      remove();
      this.#noteListening(this.#listeners.size > 0);
    };
  }

  /**
   * Adds a scene that holds it, once.
   *
   * @returns A function that ends this.
   * @internal
   */
  addHolder(holder: ComponentHolder): () => void {
    this.#holders.add(holder);
    return () => void this.#holders.delete(holder);
  }

  #assertMayWrite(writer: MaterialWriter): void {
    for (const holder of this.#holders) holder.assertMayWrite(writer, this.changeFailure);
  }

  #noteListening(isListenedTo: boolean): void {
    if (isListenedTo === this.#isListenedTo) return;
    // Before the listener is there: what was missed is news to nobody.
    this.catchUp();
    this.#isListenedTo = isListenedTo;
    this.#followMaterial();
    this.followOthers(isListenedTo);
  }

  /** Why it is not at its best in a runtime virtual texture; none if it is. */
  warnings(): string[] {
    if (this.mobility === "static") return [];
    return [
      `${this.label} is movable: wherever it moves, runtime virtual textures are rendered again`,
    ];
  }

  /** The boxes if object to world were another matrix. */
  protected abstract boxesUnder(toWorld: ArrayLike<number>): readonly OrientedBox[];

  /** What is drawn at a LOD that exists. */
  protected abstract drawsAt(lod: number): readonly ComponentDraw[];

  /**
   * Begins to listen to the components that it depends on, or ends that: while nobody listens here, it is
   * held by none of them.
   */
  protected followOthers(_isListenedTo: boolean): void {}

  /** Looks for changes of what it depends on that it has not heard of. */
  protected catchUp(): void {}

  /** How messages about a failed change begin. */
  protected get changeFailure(): string {
    return `Cannot change ${this.label}`;
  }

  /**
   * Takes new boxes, once they are checked.
   *
   * @throws {OutOfRangeError} if one is not finite; the old ones stay.
   */
  protected replaceBoxes(boxes: readonly OrientedBox[], failure: string): void {
    this.checkBoxes(boxes, failure);
    this.takeBoxes(boxes);
  }

  /** Takes new boxes, of which those that are not old were checked. */
  protected takeBoxes(boxes: readonly OrientedBox[]): void {
    this.#boxes = boxes;
  }

  /**
   * Checks that boxes can be rendered.
   *
   * @throws {OutOfRangeError} if one is not finite in float32, as shaders hold it.
   */
  protected checkBoxes(boxes: readonly OrientedBox[], failure: string): void {
    const broken = boxes.find(({ center, axes }) =>
      // Infinite, or NaN, as soon as one of the corners is.
      center.some((part, i) =>
        !Number.isFinite(
          Math.fround(axes.reduce((sum, axis) => sum + Math.abs(axis[i]!), Math.abs(part))),
        )
      )
    );
    if (broken === undefined) return;
    throw new OutOfRangeError(
      "transform",
      `${failure} as its bounds must be finite in float32: current centre is ${
        describeValue(broken.center)
      }`,
    );
  }

  /** Tells that what is drawn in some boxes differs. */
  protected announceChange(boxes: readonly OrientedBox[]): void {
    if (boxes.length === 0) return;
    const { renderToVirtualTextures } = this;
    this.#listeners.announce({ boxes, renderToVirtualTextures });
  }

  #take(name: keyof ComponentSettings, value: unknown, failure: string): void {
    Object.assign(this.#settings, { [name]: checkedSetting(name, value, { failure }) });
  }

  #change(name: keyof ComponentSettings, value: unknown): void {
    const before = this.#settings[name];
    this.#take(name, value, this.changeFailure);
    if (this.#settings[name] !== before) this.announceChange(this.boxes());
  }

  /** Listens to the material, as long as somebody listens here. */
  #followMaterial(): void {
    this.#stopFollowingMaterial?.();
    this.#stopFollowingMaterial = this.#isListenedTo
      ? this.#material.subscribe(() => this.announceChange(this.boxes()))
      : null;
  }
}
