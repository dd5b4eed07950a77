/**
 * Builds of a scene's low mips.
 *
 * @module
 */

import type { DeferredComponent } from "../../component/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import {
  assertBuildable,
  assertOwnBuilders,
  type BuildOptions,
  type BuildReport,
  checkedBuildOptions,
} from "./build_low_mips.ts";
import type { DeferredComponents } from "./deferred_components.ts";

/** What a scene does with baked low mips; `RuntimeVirtualTextureScene` is one. */
export abstract class BuildableScene {
  /** See `RuntimeVirtualTextureScene`. */
  abstract assertOpen(): void;

  /** The volumes, in the order in which they came. */
  abstract get volumes(): readonly RuntimeVirtualTextureVolume[];

  /** @internal */
  protected abstract readonly deferred: DeferredComponents;

  /** Builds a volume of the scene, with options that were checked. */
  protected abstract buildVolume(
    volume: RuntimeVirtualTextureVolume,
    options: BuildOptions,
  ): Promise<BuildReport>;

  /**
   * Build: bakes the low mips of a volume, all planes of them, and streams them from then on. The volume's
   * builder holds them; the first build makes one. Tiles are what they would be if they were rendered, bit for
   * bit; with `buildDebug`, base colours are tinted red.
   *
   * From then on edits of components, materials and volumes make tiles stale, also such of textures that others
   * sample, and other files of streaming textures and deferred components. What is not found, such as a call
   * of the system's `invalidate`, is for `invalidate` of the scene.
   *
   * What materials sample of other textures comes by frames for the last camera; what cannot be read or has no
   * room is done without, and counted. Deferred components are loaded for it, and unloaded when it ends. The last
   * build stays if this one fails.
   *
   * @throws {InvalidArgumentError} if the volume is not one of the scene's, or an option is wrong.
   * @throws {OutOfRangeError} if the volume streams no low mips, or none that its texture has, or is not placed.
   * @throws {BakeError} if the store cannot be written, a deferred component cannot be loaded, or the scene is
   * edited meanwhile.
   * @throws {BudgetError} if the system's budget has no room for a few tiles.
   * @throws {DeviceError} if the device is lost.
   * @throws {DisposedError} if the scene or its system was closed. The signal's reason.
   */
  async build(
    volume: RuntimeVirtualTextureVolume,
    options: BuildOptions = {},
  ): Promise<BuildReport> {
    this.assertOpen();
    assertBuildable(volume, this.volumes);
    const checked = checkedBuildOptions(options, "Cannot build low mips");
    return await this.buildVolume(volume, checked);
  }

  /**
   * Build Virtual Textures: builds every volume that streams low mips, as {@linkcode build} does, one after
   * the other.
   *
   * @returns A report of each, in the order of {@linkcode volumes}.
   * @throws {InvalidArgumentError} if two of them have one builder; nothing is built then.
   * @throws As {@linkcode build} does; volumes that were built before stay so.
   */
  async buildVirtualTextures(options: BuildOptions = {}): Promise<BuildReport[]> {
    this.assertOpen();
    checkedBuildOptions(options, "Cannot build virtual textures");
    assertOwnBuilders(this.volumes.filter(({ settings }) => settings.streamingLowMips > 0));
    const reports: BuildReport[] = [];
    for (const volume of this.volumes) {
      if (volume.settings.streamingLowMips > 0) reports.push(await this.build(volume, options));
    }
    return reports;
  }

  /** The deferred components, in the order in which they came, loaded or not. */
  get deferredComponents(): readonly DeferredComponent[] {
    return this.deferred.all;
  }

  /**
   * Adds a component that is loaded once a tile that is rendered shows something of its bounds; such tiles
   * wait for it, and so does a volume that is added and has no baked low mips. At most four are loaded at the
   * same time. One that cannot be loaded is left out, and a warning says so. Loaded, it is one of
   * the scene's `components`.
   *
   * @throws {InvalidArgumentError} if it is none, or is in the scene already, or what it has loaded is.
   * @throws {DisposedError} if the scene or its system was closed.
   */
  addDeferredComponent(deferred: DeferredComponent): void {
    this.assertOpen();
    this.deferred.add(deferred);
  }

  /**
   * Takes a deferred component away, and the component that it has loaded, which stays loaded.
   *
   * @returns Whether it was in the scene.
   */
  removeDeferredComponent(deferred: DeferredComponent): boolean {
    return this.deferred.remove(deferred);
  }
}
