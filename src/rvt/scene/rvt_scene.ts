/**
 * A scene whose components are rendered to runtime virtual textures.
 *
 * @module
 */

import { checkedInstance } from "../../checks.ts";
import { DisposedError } from "../../errors.ts";
import type { WorldBounds } from "../../geometry/mod.ts";
import { type AbortOptions, StreamedTexture, VirtualTextureSystem } from "../../streaming/mod.ts";
import { RuntimeVirtualTexture } from "../asset/mod.ts";
import { drawsInMainPass, LandscapeComponent, type PrimitiveComponent } from "../component/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import { RuntimeVirtualTextureSampling } from "../sample/runtime_virtual_texture_sampling.ts";
import { BuildableScene } from "./low_mips/buildable_scene.ts";
import type { BuildOptions, BuildReport } from "./low_mips/build_low_mips.ts";
import { DeferredComponents } from "./low_mips/deferred_components.ts";
import { assertBiasesFit } from "./fitting_grids.ts";
import { identitiesOfScene } from "./low_mips/identities_of_scene.ts";
import { SceneContent } from "./scene_content.ts";
import { SampledInScene } from "./sampled_in_scene.ts";
import { SceneFills } from "./scene_fills.ts";
import {
  assertComponent,
  assertSourceOf,
  assertVolumeOf,
  checkedInvalidation,
  checkedPreload,
} from "./scene_checks.ts";
import {
  changesTextures,
  checkedSceneOptions,
  type CompleteSceneOptions,
  type InvalidationPriority,
  type SceneOptions,
  tileCountBiasOf,
} from "./scene_options.ts";
import { SceneComponents } from "./scene_components.ts";
import { SceneParts } from "./scene_parts.ts";
import { applyLimits, firstSceneOptions, withSharedLimits } from "./upload_limits.ts";
import { volumeAround } from "./volume_bounds.ts";
import { VolumePlacements } from "./volume_placements.ts";

/**
 * Components, the volumes that place textures among them, and what ties both together: a component is
 * rendered to the textures that it names, where a volume places them.
 *
 * Borrows the system: textures share its budget, pools, feedback and statistics with those that are
 * streamed. Scenes of one system share its limits of uploads: what one sets holds for all of them, those
 * that are made later, too.
 */
export class RuntimeVirtualTextureScene extends BuildableScene {
  /** Streams the textures; borrowed. */
  readonly system: VirtualTextureSystem;
  #options: CompleteSceneOptions;
  readonly #content: SceneContent;
  readonly #placements: VolumePlacements;
  readonly #sampled: SampledInScene;
  readonly #parts: SceneParts;
  /** @internal */
  protected override readonly deferred: DeferredComponents;
  #isClosed = false;

  /**
   * An empty scene.
   *
   * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed.
   */
  constructor(system: VirtualTextureSystem, options: SceneOptions = {}) {
    super();
    const failure = "Cannot make scene";
    this.system = checkedInstance(system, { name: "system", failure, kind: VirtualTextureSystem });
    this.#options = checkedSceneOptions(options, firstSceneOptions(system));
    applyLimits(this.system, this.#options);
    const warn = (message: string) => this.#options.logger.warn(message);
    const fills = new SceneFills(warn);
    const hasVolume = (asset: unknown) => this.#placements.volumeOf(asset) !== undefined;
    this.#sampled = new SampledInScene({ system, fills, hasVolume, warn });
    this.#parts = new SceneParts({
      placedOf: (asset) => this.#placements.placedTextureOf(asset),
      layersOf: (asset) => this.#placements.layersOf(asset),
      inScene: this.#sampled,
      isAnisotropic: () => system.tuning.maxAnisotropy > 1,
    });
    const components = new SceneComponents(this.#parts, { fills, warn });
    const identities = identitiesOfScene(() => ({
      content: this.#content,
      placements: this.#placements,
      deferred: this.deferred,
    }));
    this.#placements = new VolumePlacements(() => ({
      mode: this.mode,
      virtualTexturing: this.virtualTexturing,
      tileCountBiasOf: (volume) => tileCountBiasOf(this.#options, volume),
      system,
      partsOf: (host) => this.#parts.partsFor(host),
      hasTexture: (texture, filled) => this.#sampled.hasTexture(texture, filled),
      fill: (contents, volume) => this.#content.fill(contents, volume),
      identities,
      deferred: this.deferred,
      report: ({ name }, { message }) =>
        warn(`${message}. Components with material "${name}" are left out of tiles`),
      released: (placed, typesLeft) => this.#parts.placeReleased(placed, typesLeft),
      warn,
    }));
    const placements = this.#placements;
    const content = new SceneContent({ components, placements, fills, identities });
    this.#content = content;
    this.deferred = new DeferredComponents({
      identities,
      takeIn: (component) => content.takeIn(component),
      letGo: (component, areStale) =>
        areStale ? void content.remove(component) : content.letGo(component),
      invalidate: (one) => content.invalidate(one.boxes(), one.renderToVirtualTextures),
      warn,
    });
  }

  /**
   * Does nothing while the scene and its system are open.
   *
   * @throws {DisposedError} if one of them was closed.
   */
  override assertOpen(): void {
    this.#assertNotClosed();
    this.system.assertOpen();
  }

  #assertNotClosed(): void {
    if (!this.#isClosed) return;
    throw new DisposedError("scene", "Cannot use scene as it was closed: make another one");
  }

  /** Whether the scene is played or edited. */
  get mode(): CompleteSceneOptions["mode"] {
    return this.#options.mode;
  }

  /** Whether virtual texturing is supported. */
  get virtualTexturing(): boolean {
    return this.#options.virtualTexturing;
  }

  /** The options, all of them. */
  get options(): CompleteSceneOptions {
    return withSharedLimits(this.system, this.#options);
  }

  /**
   * Changes options; those that are not named stay. Without virtual texturing textures are not streamed;
   * with another bias they are made anew: {@linkcode settled} waits for it.
   *
   * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed, or a bias that a volume's texture cannot have.
   * @throws {BudgetError} naming the minimum if the budget is too small for textures with that bias; nothing
   * changes then.
   * @throws {DisposedError} if the scene or its system was closed.
   */
  change(options: SceneOptions): void {
    this.#assertNotClosed();
    const { options: before } = this;
    const now = checkedSceneOptions(options, before, "Cannot change scene");
    assertBiasesFit(this, now);
    this.#options = now;
    applyLimits(this.system, this.#options);
    if (changesTextures(before, now)) this.#placements.replaceAll();
  }

  /** The components, in the order in which they came. */
  get components(): readonly PrimitiveComponent[] {
    return this.#content.components;
  }

  /** The volumes, in the order in which they came. */
  override get volumes(): readonly RuntimeVirtualTextureVolume[] {
    return this.#placements.volumes;
  }

  /**
   * Adds a component: it is rendered to the textures that it names, wherever a volume places them. From
   * then on, it refuses a material and textures by which one would be filled with samples of itself. Edits
   * of a material itself cannot be refused: of such cycles a warning tells, and samples are clear values.
   *
   * @throws {InvalidArgumentError} if it is none, is in the scene, or has textures that it cannot have there.
   * @throws {OutOfRangeError} naming the cycle if a texture would be filled with samples of itself.
   * @throws {DisposedError} if the scene was closed.
   */
  addComponent(component: PrimitiveComponent): void {
    this.#assertNotClosed();
    this.#content.add(component);
  }

  /**
   * Takes a component away, and the deferred one that has loaded it. Does nothing if it is not in the scene.
   *
   * @returns Whether it was.
   */
  removeComponent(component: PrimitiveComponent): boolean {
    return this.deferred.removeOwnerOf(component) || this.#content.remove(component);
  }

  /**
   * Adds a volume and streams its texture, which is resident at its coarsest level when the promise
   * resolves.
   *
   * @throws {InvalidArgumentError} if it is not a volume, is in the scene already, or another volume
   * places its texture.
   * @throws {OutOfRangeError} if tiles × tile size exceeds 2^20 texels after the bias, or heights are to be
   * stored and those of the volume are the same in 32 bits.
   * @throws {BudgetError} naming the minimum if the budget is too small; the volume is not added then.
   * @throws {DeviceError} if the device is lost, or refuses what the texture needs.
   * @throws {DisposedError} if the scene or its system was closed.
   */
  async addVolume(volume: RuntimeVirtualTextureVolume): Promise<void> {
    this.#assertNotClosed();
    await this.#placements.add(volume);
  }

  /**
   * Takes a volume away and forgets its texture. Does nothing if it is not in the scene.
   *
   * @returns Whether it was.
   */
  async removeVolume(volume: RuntimeVirtualTextureVolume): Promise<boolean> {
    return await this.#placements.remove(volume);
  }

  /**
   * Waits until changes of assets, volumes and options have taken effect.
   *
   * @throws What has kept a volume from being placed.
   */
  async settled(): Promise<void> {
    await this.#placements.settled();
  }

  /** The streamed texture of an asset; null if no volume places it now. */
  textureOf(asset: RuntimeVirtualTexture): StreamedTexture | null {
    return this.#placements.textureOf(asset);
  }

  /**
   * What pipelines of your own need to sample an asset: WGSL with a struct of its values by world
   * position, and bindings.
   *
   * @throws {InvalidArgumentError} if it is not a runtime virtual texture.
   * @throws {DisposedError} if the scene was closed.
   */
  samplingOf(asset: RuntimeVirtualTexture): RuntimeVirtualTextureSampling {
    this.#assertNotClosed();
    checkedInstance(asset, {
      name: "asset",
      failure: "Cannot sample",
      kind: RuntimeVirtualTexture,
    });
    const placedOf = (one: unknown) => this.#placements.placedTextureOf(one);
    return new RuntimeVirtualTextureSampling(asset, {
      placedOf,
      sampled: () => this.#parts.ofTiles!.sampled,
    });
  }

  /**
   * Set Bounds: moves, turns and scales a volume so that it has the rotation of a component and holds that
   * component and all that are rendered to the volume's texture, with the volume's `expandBounds` and
   * `snapBoundsToLandscape`.
   *
   * @throws {InvalidArgumentError} if one of them is not in the scene.
   * @throws {OutOfRangeError} if none of those components has bounds, or the volume would be too large for
   * numbers of 32 bits, or for its texture.
   * @throws {DisposedError} if the scene was closed.
   */
  setBounds(volume: RuntimeVirtualTextureVolume, source: PrimitiveComponent): void {
    this.#assertNotClosed();
    assertVolumeOf(this, volume);
    assertSourceOf(this, volume, source);
    const deferred = this.deferredComponents.filter((one) =>
      one.renderToVirtualTextures.includes(volume.asset)
    );
    const writers = [...this.#content.writersOf(volume.asset), ...deferred];
    const tileCountBias = tileCountBiasOf(this.#options, volume);
    const isLandscape = source instanceof LandscapeComponent;
    const fit = { writers, tileCountBias, isLandscape };
    const { position, rotation, scale } = volumeAround(volume, source, fit);
    volume.change({ position, rotation, scale });
  }

  /** See {@linkcode BuildableScene}. */
  protected override buildVolume(
    volume: RuntimeVirtualTextureVolume,
    options: BuildOptions,
  ): Promise<BuildReport> {
    return this.#placements.build(volume, options);
  }

  /**
   * Makes stale what every texture shows of some bounds, for what the scene cannot know of: a material's
   * own WGSL whose meaning changes, for example. Baked low mips are stale there until they are built again:
   * their builder keeps where, while it lives.
   *
   * @param bounds In the world.
   * @param priority Whether it is rendered again before what is missing (`"high"`, the default, as after
   * an edit) or shares updates with it (`"normal"`).
   * @throws {InvalidArgumentError} if bounds are not two vectors, or priority is no such name.
   * @throws {OutOfRangeError} if a number is not finite, or a smallest one is above the largest.
   * @throws {DisposedError} if the scene was closed.
   */
  invalidate(bounds: WorldBounds, priority: InvalidationPriority = "high"): void {
    this.#assertNotClosed();
    const { box, urgent } = checkedInvalidation(bounds, priority);
    for (const volume of this.volumes) {
      this.#placements.markBaked(volume, box);
      this.#placements.invalidate(volume, [box], { urgent });
    }
  }

  /**
   * Asks for the tiles of some bounds ahead of their being seen.
   *
   * @param bounds In the world.
   * @param level Level of the tiles; default 0, the finest. Textures with fewer levels give their last.
   * @returns A promise that resolves when all of them, of every volume, are resident and up to date at the
   * same time, and what they are made from, too, through any number of textures. They do without what cannot
   * be read or has no room.
   * @throws {InvalidArgumentError} if bounds are not two vectors, or level is not a number.
   * @throws {OutOfRangeError} if a number is not finite or is negative.
   * @throws {BudgetError} naming a budget that is enough if pools have too few slots for all of them together.
   * @throws {DisposedError} if the scene or its system was closed.
   */
  async requestPreload(
    bounds: WorldBounds,
    level = 0,
    options: AbortOptions = {},
  ): Promise<void> {
    this.#assertNotClosed();
    const box = checkedPreload(bounds, level, options);
    await this.#placements.preload({ box, level, options });
  }

  /**
   * Whether a component is drawn in the main pass, by its Draw in Main Pass and the volumes that are placed.
   *
   * @throws {InvalidArgumentError} if it is not a component.
   */
  drawsInMainPass(component: PrimitiveComponent): boolean {
    assertComponent(component, "Cannot tell whether component is drawn");
    const volumes = component.renderToVirtualTextures
      .map((asset) => this.#placements.workingVolumeOf(asset))
      .filter((volume) => volume !== undefined);
    const hides = this.mode === "game" ? "hidePrimitivesInGame" : "hidePrimitivesInEditor";
    return drawsInMainPass(component.drawInMainPass, {
      virtualTexturing: this.virtualTexturing,
      hasPlacedVolume: volumes.length > 0,
      someVolumeHidesPrimitives: volumes.some(({ settings }) => settings[hides]),
    });
  }

  /**
   * Takes everything out of the scene and frees what it has on the GPU. The system stays open; if it was
   * closed before, its textures are gone already. May be called again; nothing else can be done with the
   * scene then.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.deferred.close();
    this.#content.close();
    try {
      await this.#placements.removeAll();
    } finally {
      this.#parts.destroy();
    }
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Bytes of meshes and landscapes on the GPU, which are not part of the system's budget. */
  get geometryBytes(): number {
    return this.#parts.geometryBytes;
  }

  /**
   * What renders the components, in tiles and in pictures. Owned by the scene.
   *
   * @internal
   */
  get parts(): SceneParts {
    return this.#parts;
  }
}
