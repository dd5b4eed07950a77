/**
 * The volumes of a scene and what is streamed of each.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { DisposedError } from "../../errors.ts";
import type { OrientedBox } from "../../geometry/mod.ts";
import {
  type AbortOptions,
  type InvalidateOptions,
  keepTexture,
  SerialQueue,
  type StreamedTexture,
  type TextureRegion,
  type VirtualTextureSystem,
} from "../../streaming/mod.ts";
import { type RuntimeVirtualTexture, TEXTURE_PRIORITIES } from "../asset/mod.ts";
import type { AssetLayers } from "../layers/asset_layers.ts";
import type { PlacedTexture } from "../sample/sampled_assets.ts";
import type { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import {
  assertBuildable,
  buildLowMips,
  type BuildOptions,
  type BuildReport,
} from "./low_mips/build_low_mips.ts";
import { assertGridFits } from "./fitting_grids.ts";
import { PlacedVolume } from "./placed_volume.ts";
import { assertAddable, type PlacementHost, type VolumeEntry } from "./volume_entry.ts";
import {
  closeLowMips,
  noteTexture,
  openLowMips,
  readingKey,
  refreshLowMips,
  unlessFixed,
} from "./low_mips/volume_low_mips.ts";

/** Places volumes, one after the other, and places them anew when that is needed. */
export class VolumePlacements {
  readonly #host: () => PlacementHost;
  readonly #entries = new Map<RuntimeVirtualTextureVolume, VolumeEntry>();
  readonly #queue = new SerialQueue();
  readonly #placedOf = (asset: unknown) => this.placedTextureOf(asset);

  /** @param host What the scene says of itself now. */
  constructor(host: () => PlacementHost) {
    this.#host = host;
  }

  /** The volumes, in the order in which they came. */
  get volumes(): readonly RuntimeVirtualTextureVolume[] {
    return [...this.#entries.keys()];
  }

  /** The volume that places an asset. */
  volumeOf(asset: unknown): RuntimeVirtualTextureVolume | undefined {
    return this.volumes.find((volume) => volume.asset === asset);
  }

  /** The volume that places an asset, unless the last try to place it has failed. */
  workingVolumeOf(asset: unknown): RuntimeVirtualTextureVolume | undefined {
    const volume = this.volumeOf(asset);
    return volume === undefined || this.#entries.get(volume)!.failure !== null ? undefined : volume;
  }

  /** The streamed texture of an asset; null if no volume places it now. */
  textureOf(asset: RuntimeVirtualTexture): StreamedTexture | null {
    return this.placedTextureOf(asset)?.texture ?? null;
  }

  /** Whether a texture is that of a volume. */
  isPlaced(texture: StreamedTexture): boolean {
    return [...this.#entries.values()].some(({ placed }) => placed?.texture === texture);
  }

  /** How the texture of an asset is sampled; null if no volume places it now. */
  placedTextureOf(asset: unknown): PlacedTexture | null {
    const volume = this.volumeOf(asset);
    return volume === undefined ? null : this.#entries.get(volume)!.placed;
  }

  /** What is written to an asset; null if no volume places it now. */
  layersOf(asset: unknown): AssetLayers | null {
    const volume = this.volumeOf(asset);
    const entry = volume && this.#entries.get(volume);
    if (!entry?.plan || entry.placed === null) return null;
    const { hasTexture } = this.#host();
    return entry.plan.layers((texture) => hasTexture(texture, entry.volume.asset));
  }

  /** What is streamed of a volume now, or will be once its turn has come. */
  planOf(volume: RuntimeVirtualTextureVolume | undefined): PlacedVolume | null {
    return volume === undefined ? null : this.#entries.get(volume)?.plan ?? null;
  }

  /** Makes a whole texture stale, as it can sample other textures than before. */
  invalidateAll(volume: RuntimeVirtualTextureVolume): void {
    const entry = this.#entries.get(volume)!;
    entry.plan?.contents.noteOtherTextures();
    this.#invalidateWhole(entry);
  }

  #invalidateWhole(entry: VolumeEntry): void {
    const { volume, plan, placed, missed } = entry;
    if (plan === null) return;
    if (placed === null) missed.push(volume.box);
    else this.#withOpenSystem((system) => this.#invalidateTiles(system, entry, () => true));
  }

  /** Makes tiles stale for which a test holds, but for those that are read whatever the scene holds. */
  #invalidateTiles(
    system: VirtualTextureSystem,
    entry: VolumeEntry,
    isTouched: (tile: number) => boolean,
    options: InvalidateOptions = {},
  ): void {
    const { grid } = entry.plan!.view;
    system.invalidate(entry.placed!.texture, unlessFixed(entry, { grid, isTouched }), options);
  }

  /** Makes stale what shows something of some boxes. */
  invalidate(
    volume: RuntimeVirtualTextureVolume,
    boxes: readonly OrientedBox[],
    options: InvalidateOptions,
  ): void {
    const entry = this.#entries.get(volume)!;
    const { plan, placed, missed } = entry;
    if (plan === null) return;
    if (placed === null) {
      for (const box of boxes) missed.push(box);
      return;
    }
    const isTouched = plan.touchTest(boxes);
    this.#withOpenSystem((system) => this.#invalidateTiles(system, entry, isTouched, options));
  }

  /** Notes that baked low mips of a volume are stale in a box, those that are being built, too. */
  markBaked(volume: RuntimeVirtualTextureVolume, box: OrientedBox): void {
    const builder = volume.settings.virtualTextureBuilder ?? this.#entries.get(volume)!.builder;
    builder?.staleRegions.add(box);
  }

  /** Does something with the system; nothing if it was closed: edits of what it showed are no errors. */
  #withOpenSystem(work: (system: VirtualTextureSystem) => void): void {
    try {
      work(this.#host().system);
    } catch (error) {
      if (!(error instanceof DisposedError)) throw error;
    }
  }

  /**
   * Waits until the tiles of a level that show something of a box are resident and up to date, those of all
   * volumes that there are now at the same time.
   */
  async preload(
    { box, level, options }: {
      readonly box: OrientedBox;
      readonly level: number;
      readonly options: AbortOptions;
    },
  ): Promise<void> {
    const { volumes } = this;
    for (;;) {
      await this.#queue.waitForTurn(options.signal);
      const regions = volumes.flatMap((volume): readonly TextureRegion[] => {
        const { plan, placed } = this.#entries.get(volume) ?? { plan: null, placed: null };
        const region = plan?.regionOf(box, level) ?? null;
        return placed === null || region === null ? [] : [{ texture: placed.texture, region }];
      });
      if (regions.length === 0) return;
      try {
        return await this.#host().system.preloadRegions(regions, options);
      } catch (error) {
        // A texture may have been made anew meanwhile, or its volume removed.
        if (regions.every(({ texture }) => this.isPlaced(texture))) throw error;
      }
    }
  }

  /** Adds a volume; see `RuntimeVirtualTextureScene.addVolume`. */
  async add(volume: RuntimeVirtualTextureVolume): Promise<void> {
    const entry = this.#register(volume);
    try {
      await this.#queue.enqueue(() => this.#place(entry));
    } catch (error) {
      this.#forget(entry);
      throw error;
    }
  }

  #register(volume: RuntimeVirtualTextureVolume): VolumeEntry {
    assertAddable(volume, this.volumes);
    let group = volume.settings.scalabilityGroup;
    const stops = [
      volume.addWarningSource(() => entry.lowMips?.warnings() ?? []),
      volume.subscribe((change) => {
        // Another group may have another bias.
        const isOtherGroup = group !== (group = volume.settings.scalabilityGroup);
        if (change === "texture" || isOtherGroup) this.#replace(entry);
      }),
      volume.asset.subscribe((change) => {
        if (change === "texture" || entry.lowMips !== null) return this.#replace(entry);
        if (entry.placed !== null) this.#withOpenSystem(() => this.#applySettings(entry));
      }),
    ];
    const entry: VolumeEntry = {
      volume,
      plan: null,
      placed: null,
      lowMips: null,
      keys: { lowMips: "", reading: "" },
      supplyHost: null,
      quality: null,
      missed: [],
      builder: null,
      failure: null,
      allowUnloading() {},
      stop: () => stops.forEach((stop) => stop()),
    };
    this.#entries.set(volume, entry);
    return entry;
  }

  /** Whether an entry is still that of its volume, which may have been removed, or added again since. */
  #isHeld(entry: VolumeEntry): boolean {
    return this.#entries.get(entry.volume) === entry;
  }

  #forget(entry: VolumeEntry): void {
    entry.stop();
    if (this.#isHeld(entry)) this.#entries.delete(entry.volume);
    // Until it is unloaded nothing may be drawn that the scene lets go of meanwhile.
    entry.plan?.contents.clear();
  }

  async #place(entry: VolumeEntry): Promise<void> {
    const { volume } = entry;
    const host = this.#host();
    const { system, virtualTexturing, fill, identities } = host;
    if (!virtualTexturing || !this.#isHeld(entry)) return;
    const tileCountBias = host.tileCountBiasOf(volume);
    const plan = new PlacedVolume(volume, { device: system.device.present, tileCountBias });
    fill(plan.contents, volume);
    entry.plan = plan;
    identities.noteChange();
    // Its coarsest tiles are rendered below, and not again if it stays the same until then.
    entry.quality = plan.quality;
    entry.missed = [];
    try {
      await openLowMips(entry, plan, host);
      const texture = await system.addTexture(
        plan.description,
        (supplyHost) => {
          entry.supplyHost = supplyHost;
          const { lowMips } = entry;
          return plan.makeSupply(supplyHost, { ...host, placedOf: this.#placedOf, lowMips });
        },
        { placeFor: (eye) => plan.placeFor(eye) },
      );
      const reason = `volume "${volume.name}" places it: remove the volume from its scene`;
      entry.allowUnloading = keepTexture(texture, reason);
      entry.placed = plan.placedTexture(texture);
      noteTexture(entry, texture);
    } catch (error) {
      entry.plan = null;
      closeLowMips(entry);
      throw error;
    }
    // Of one that was removed meanwhile the texture is unloaded next.
    if (!this.#isHeld(entry)) return;
    this.#applySettings(entry);
    if (entry.missed.length > 0) this.invalidate(volume, entry.missed, { urgent: true });
  }

  /** Applies the settings that leave the texture as it is. */
  #applySettings(entry: VolumeEntry): void {
    const { system, identities } = this.#host();
    const { texture } = entry.placed!;
    const { settings } = entry.volume.asset;
    const { quality } = entry.plan!;
    if (quality !== entry.quality) {
      identities.noteChange();
      this.#invalidateWhole(entry);
    }
    entry.quality = quality;
    system.setContinuousUpdate(texture, settings.continuousUpdate);
    system.setPriority(
      texture,
      TEXTURE_PRIORITIES.indexOf(settings.customPriority) - TEXTURE_PRIORITIES.indexOf("normal"),
    );
  }

  /** Builds the low mips of a volume, and waits until they are streamed. */
  async build(volume: RuntimeVirtualTextureVolume, options: BuildOptions): Promise<BuildReport> {
    const { signal } = options;
    const report = await this.#queue.enqueue(async () => {
      assertBuildable(volume, this.volumes);
      const scene = { ...this.#host(), placedOf: this.#placedOf };
      return await buildLowMips(this.#entries.get(volume)!, scene, options);
    }, signal);
    volume.change({ virtualTextureBuilder: report.builder });
    for (const entry of this.#entries.values()) {
      if (entry.volume.settings.virtualTextureBuilder === report.builder) this.#replace(entry);
    }
    await this.#queue.waitForTurn(signal);
    return report;
  }

  async #unplace(entry: VolumeEntry): Promise<void> {
    const { placed } = entry;
    this.#host().identities.noteChange();
    entry.plan?.contents.clear();
    Object.assign(entry, { plan: null, placed: null, failure: null, supplyHost: null });
    if (placed === null) return closeLowMips(entry);
    entry.allowUnloading();
    const left = [...this.#entries.values()].flatMap((other) =>
      other.placed?.sampled.materialType ?? []
    );
    this.#host().released(placed, new Set(left));
    try {
      await this.#host().system.unloadTexture(placed.texture);
    } catch (error) {
      // A system that was closed has no textures any more.
      if (!(error instanceof DisposedError)) throw error;
    } finally {
      closeLowMips(entry);
    }
  }

  /**
   * Streams a texture anew, with the settings that it has when its turn comes, unless it is as they say. Throws,
   * and nothing changes, if it cannot have so many tiles.
   */
  #replace(entry: VolumeEntry): void {
    this.#withOpenSystem(() => assertGridFits(entry, this.#host()));
    const done = this.#queue.enqueue(async () => {
      if (this.#isUpToDate(entry)) {
        // Nothing is read: what has changed is only what is known of it.
        await refreshLowMips(entry, entry.plan!, this.#host());
        return this.#withOpenSystem(() => this.#applySettings(entry));
      }
      await this.#unplace(entry);
      await this.#place(entry);
    });
    done.catch((error) => {
      entry.failure = error;
      if (!this.#isHeld(entry)) return;
      this.#host().warn(`Volume "${entry.volume.name}" is not placed: ${thrownText(error)}`);
    });
  }

  /** Whether a texture would be the same if it was streamed anew. */
  #isUpToDate({ volume, plan, placed, keys }: VolumeEntry): boolean {
    const { system, tileCountBiasOf, virtualTexturing, mode } = this.#host();
    if (!virtualTexturing || placed === null) return false;
    try {
      const options = { device: system.device.present, tileCountBias: tileCountBiasOf(volume) };
      const now = new PlacedVolume(volume, options);
      return now.key === plan!.key && readingKey(now, mode) === keys.reading;
    } catch {
      // Placing it says what is wrong.
      return false;
    }
  }

  /** Streams every texture anew that options of the scene change. */
  replaceAll(): void {
    for (const entry of this.#entries.values()) this.#replace(entry);
  }

  /** Takes a volume away; returns whether it was there. */
  async remove(volume: RuntimeVirtualTextureVolume): Promise<boolean> {
    const entry = this.#entries.get(volume);
    if (entry === undefined) return false;
    this.#forget(entry);
    await this.#queue.enqueue(() => this.#unplace(entry));
    return true;
  }

  /** Takes all volumes away; their textures too, unless the system was closed. */
  async removeAll(): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const entry of entries) this.#forget(entry);
    await this.#queue.enqueue(async () => {
      for (const entry of entries) await this.#unplace(entry);
    });
  }

  /** Waits until all changes so far have taken effect; throws what has kept a volume from being placed. */
  async settled(): Promise<void> {
    await this.#queue.waitForTurn();
    for (const { failure } of this.#entries.values()) if (failure !== null) throw failure;
  }
}
