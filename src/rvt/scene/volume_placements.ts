/**
 * The volumes of a scene and what is streamed of each.
 *
 * @module
 */

import { checkedInstance, thrownText } from "../../checks.ts";
import { DisposedError, InvalidArgumentError } from "../../errors.ts";
import type { EncodeQuality } from "../../gpu/mod.ts";
import type { OrientedBox } from "../../geometry/mod.ts";
import {
  type AbortOptions,
  keepTexture,
  SerialQueue,
  type StreamedTexture,
  type TextureRegion,
  type VirtualTextureSystem,
} from "../../streaming/mod.ts";
import {
  type MaterialTypeName,
  type RuntimeVirtualTexture,
  TEXTURE_PRIORITIES,
} from "../asset/mod.ts";
import type { AssetLayers } from "../layers/asset_layers.ts";
import type { PlacedTexture } from "../sample/sampled_assets.ts";
import { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import { PlacedVolume, type SupplyScene } from "./placed_volume.ts";
import type { TileContents } from "./tile_content.ts";

/** What a scene tells of itself when a volume is placed. */
export interface PlacementHost extends Omit<SupplyScene, "placedOf"> {
  readonly system: VirtualTextureSystem;
  /** Bias beside a volume's own. */
  readonly tileCountBiasOf: (volume: RuntimeVirtualTextureVolume) => number;
  /** Whether textures are streamed at all. */
  readonly virtualTexturing: boolean;
  /** Adds the components that are rendered to a volume. */
  readonly fill: (contents: TileContents, volume: RuntimeVirtualTextureVolume) => void;
  /** Hears of textures that are not placed any more, and of the types of those that still are. */
  readonly released: (placed: PlacedTexture, typesLeft: ReadonlySet<MaterialTypeName>) => void;
  /** Hears why a volume is not placed any more. */
  readonly warn: (message: string) => void;
}

/** A volume in a scene. */
interface Entry {
  readonly volume: RuntimeVirtualTextureVolume;
  /** What is being streamed of it, from before the texture is there; null if nothing is. */
  plan: PlacedVolume | null;
  /** How the texture is sampled, once it is there. */
  placed: PlacedTexture | null;
  /** The effort of the encoders that its blocks are made with; null if there are none. */
  quality: EncodeQuality | null;
  /** What has changed since the texture was asked for. */
  missed: OrientedBox[];
  /** Why it is not placed; null if nothing has failed. */
  failure: unknown;
  /** Lets the texture be unloaded. */
  allowUnloading: () => void;
  /** Ends listening to the volume and its asset. */
  readonly stop: () => void;
}

/** Places volumes, one after the other, and places them anew when that is needed. */
export class VolumePlacements {
  readonly #host: () => PlacementHost;
  readonly #entries = new Map<RuntimeVirtualTextureVolume, Entry>();
  readonly #queue = new SerialQueue();

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
  planOf(volume: RuntimeVirtualTextureVolume): PlacedVolume | null {
    return this.#entries.get(volume)?.plan ?? null;
  }

  /** Makes a whole texture stale, as it can sample other textures than before. */
  invalidateAll(volume: RuntimeVirtualTextureVolume): void {
    const entry = this.#entries.get(volume)!;
    entry.plan?.contents.noteOtherTextures();
    this.#invalidateWhole(entry);
  }

  #invalidateWhole({ volume, plan, placed, missed }: Entry): void {
    if (plan === null) return;
    if (placed === null) missed.push(volume.box);
    else this.#withOpenSystem((system) => system.invalidate(placed.texture));
  }

  /** Makes stale what shows something of some boxes. */
  invalidate(
    volume: RuntimeVirtualTextureVolume,
    boxes: readonly OrientedBox[],
    options: { readonly urgent: boolean },
  ): void {
    const { plan, placed, missed } = this.#entries.get(volume)!;
    if (plan === null) return;
    if (placed === null) {
      for (const box of boxes) missed.push(box);
      return;
    }
    const isTouched = plan.touchTest(boxes);
    const { grid } = plan.view;
    this.#withOpenSystem((system) =>
      system.invalidate(
        placed.texture,
        ({ level, x, y }) => isTouched(grid.tileIndexOf(level, x, y)),
        options,
      )
    );
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
      const regions = volumes.flatMap((volume) => this.#regionsOf(volume, box, level));
      if (regions.length === 0) return;
      try {
        return await this.#host().system.preloadRegions(regions, options);
      } catch (error) {
        // A texture may have been made anew meanwhile, or its volume removed.
        if (regions.every(({ texture }) => this.isPlaced(texture))) throw error;
      }
    }
  }

  /** The part of a volume's texture that shows something of a box; none if it is not placed or beside it. */
  #regionsOf(
    volume: RuntimeVirtualTextureVolume,
    box: OrientedBox,
    level: number,
  ): readonly TextureRegion[] {
    const { plan, placed } = this.#entries.get(volume) ?? { plan: null, placed: null };
    if (plan === null || placed === null) return [];
    const region = plan.regionOf(box, level);
    return region === null ? [] : [{ texture: placed.texture, region }];
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

  #register(volume: RuntimeVirtualTextureVolume): Entry {
    const failure = "Cannot add volume";
    checkedInstance(volume, { name: "volume", failure, kind: RuntimeVirtualTextureVolume });
    if (this.#entries.has(volume)) {
      throw new InvalidArgumentError(
        "volume",
        `${failure} "${volume.name}" as it is in the scene already`,
      );
    }
    const other = this.volumeOf(volume.asset);
    if (other !== undefined) {
      throw new InvalidArgumentError(
        "volume",
        `${failure} "${volume.name}" as only one volume may place a texture: ` +
          `"${volume.asset.name}" is placed by "${other.name}"`,
      );
    }
    let group = volume.settings.scalabilityGroup;
    const stops = [
      volume.subscribe((change) => {
        // Another group may have another bias.
        const isOtherGroup = group !== (group = volume.settings.scalabilityGroup);
        if (change === "texture" || isOtherGroup) this.#replace(entry);
      }),
      volume.asset.subscribe((change) => {
        if (change === "texture") return this.#replace(entry);
        if (entry.placed !== null) this.#withOpenSystem(() => this.#applySettings(entry));
      }),
    ];
    const entry: Entry = {
      volume,
      plan: null,
      placed: null,
      quality: null,
      missed: [],
      failure: null,
      allowUnloading() {},
      stop: () => stops.forEach((stop) => stop()),
    };
    this.#entries.set(volume, entry);
    return entry;
  }

  #forget(entry: Entry): void {
    entry.stop();
    this.#entries.delete(entry.volume);
    // Until it is unloaded nothing may be drawn that the scene lets go of meanwhile.
    entry.plan?.contents.clear();
  }

  async #place(entry: Entry): Promise<void> {
    const { volume } = entry;
    const host = this.#host();
    const { system, virtualTexturing, fill } = host;
    const placedOf = (asset: unknown) => this.placedTextureOf(asset);
    if (!virtualTexturing || !this.#entries.has(volume)) return;
    const tileCountBias = host.tileCountBiasOf(volume);
    const plan = new PlacedVolume(volume, { device: system.device.present, tileCountBias });
    fill(plan.contents, volume);
    entry.plan = plan;
    // Its coarsest tiles are rendered below, and not again if it stays the same until then.
    entry.quality = plan.quality;
    entry.missed = [];
    try {
      const texture = await system.addTexture(
        plan.description,
        (supplyHost) => plan.makeSupply(supplyHost, { ...host, placedOf }),
        { placeFor: (eye) => plan.placeFor(eye) },
      );
      const reason = `volume "${volume.name}" places it: remove the volume from its scene`;
      entry.allowUnloading = keepTexture(texture, reason);
      entry.placed = plan.placedTexture(texture);
    } catch (error) {
      entry.plan = null;
      throw error;
    }
    this.#applySettings(entry);
    if (entry.missed.length > 0) this.invalidate(volume, entry.missed, { urgent: true });
  }

  /** Applies the settings that leave the texture as it is. */
  #applySettings(entry: Entry): void {
    const { system } = this.#host();
    const { texture } = entry.placed!;
    const { settings } = entry.volume.asset;
    const { quality } = entry.plan!;
    if (quality !== entry.quality) system.invalidate(texture);
    entry.quality = quality;
    system.setContinuousUpdate(texture, settings.continuousUpdate);
    system.setPriority(
      texture,
      TEXTURE_PRIORITIES.indexOf(settings.customPriority) - TEXTURE_PRIORITIES.indexOf("normal"),
    );
  }

  async #unplace(entry: Entry): Promise<void> {
    const { placed } = entry;
    entry.plan?.contents.clear();
    Object.assign(entry, { plan: null, placed: null, failure: null });
    if (placed === null) return;
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
    }
  }

  /** Streams a texture anew, with the settings that it has when its turn comes, unless it is as they say. */
  #replace(entry: Entry): void {
    const done = this.#queue.enqueue(async () => {
      if (this.#isUpToDate(entry)) return this.#withOpenSystem(() => this.#applySettings(entry));
      await this.#unplace(entry);
      await this.#place(entry);
    });
    done.catch((error) => {
      entry.failure = error;
      this.#host().warn(`Volume "${entry.volume.name}" is not placed: ${thrownText(error)}`);
    });
  }

  /** Whether a texture would be the same if it was streamed anew. */
  #isUpToDate({ volume, plan, placed }: Entry): boolean {
    const { system, tileCountBiasOf, virtualTexturing } = this.#host();
    if (!virtualTexturing || placed === null) return false;
    try {
      const device = system.device.present;
      const tileCountBias = tileCountBiasOf(volume);
      return new PlacedVolume(volume, { device, tileCountBias }).key === plan!.key;
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
