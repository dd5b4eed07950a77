/**
 * A volume whose texture is streamed: what its tiles are made of now.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { OrientedBox, PlacementOptions, Transform, Vec3 } from "../../geometry/mod.ts";
import type { EncodeQuality, ForgeDevice } from "../../gpu/mod.ts";
import type {
  Region,
  StreamedTexture,
  SupplyHost,
  TextureDescription,
  TileSupply,
} from "../../streaming/mod.ts";
import { formatInfo } from "../../texels/mod.ts";
import {
  type CompleteAssetSettings,
  MATERIAL_TYPES,
  type RuntimeVirtualTexture,
  storedFormats,
  storesBlocks,
} from "../asset/mod.ts";
import { BoxOutlines } from "../component/mod.ts";
import { NO_TINT, planeTaps, type Tint } from "../planes/mod.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import type { AssetLayers } from "../layers/asset_layers.ts";
import {
  type BakeSettings,
  bakeSettings,
  type ComponentDraws,
  type DrawnTiles,
  joinedSupply,
  type PlacedLowMips,
  type SceneIdentities,
  TileIdentities,
  volumeGround,
} from "../low_mips/mod.ts";
import type { PlacedTexture, PlacedTextureOf } from "../sample/sampled_assets.ts";
import { type FilledContent, FillSources, OpenSources, SamplingGraphs } from "../source/mod.ts";
import { drawKindOf } from "../draw/draw_kind.ts";
import { recordCount } from "../draw/draw_records.ts";
import type { MaterialDraw } from "../draw/record_draws.ts";
import type { TileFill } from "../tile/fill_tiles.ts";
import { RenderProducer } from "../tile/render_producer.ts";
import { RenderRecorder, type TileContent } from "../tile/render_recorder.ts";
import type { RenderSupply } from "../tile/render_supply.ts";
import { fillModule } from "../tile/fill_pipelines.ts";
import { replacesTile } from "../tile/opaque_cover.ts";
import { MaterialReadiness, type ReadinessParts } from "./material_readiness.ts";
import { tileView, type VolumeView, volumeView } from "../tile/tile_view.ts";
import { type RuntimeVirtualTextureVolume, volumeHeightRange } from "../volume/mod.ts";
import { groundPlace } from "./ground_place.ts";
import { regionShowing } from "./region_showing.ts";
import type { DeferredComponents } from "./low_mips/deferred_components.ts";
import type { RenderParts } from "./render_parts.ts";
import { TileContents } from "./tile_content.ts";

/** Makes what renders on a device. */
export type RenderPartsOf = (host: SupplyHost) => RenderParts;

/** What a supply knows of the scene. */
export interface SupplyScene {
  readonly partsOf: RenderPartsOf;
  /** Hears of materials that do not compile. */
  readonly report: ReadinessParts["report"];
  readonly placedOf: PlacedTextureOf;
  /** Whether a virtual texture can be sampled while an asset is filled. */
  readonly hasTexture: HasTextureIn;
  /** Loads what tiles show; null where all is loaded. */
  readonly deferred: DeferredComponents | null;
}

/** How tiles are rendered. */
export interface RenderOptions {
  /** What base colours are mixed with; default nothing. */
  readonly tint?: Tint;
}

/** Whether a virtual texture can be sampled while an asset is filled. */
export type HasTextureIn = (
  texture: Parameters<HasTexture>[0],
  filled: RuntimeVirtualTexture,
) => boolean;

/** A volume as it is streamed, with what is rendered to it. */
export class PlacedVolume {
  /** Where it stands and what it places. */
  readonly volume: RuntimeVirtualTextureVolume;
  /** What is rendered to it. */
  readonly contents: TileContents;
  /** What its tiles have in common. */
  readonly view: VolumeView;
  /** What the texture is to streaming. */
  readonly description: TextureDescription;
  /** The asset's settings when it was planned: its tiles have their form until it is placed anew. */
  readonly #settings: CompleteAssetSettings;
  readonly #transform: Transform;
  readonly #isCompressed: boolean;
  readonly #heightRange: readonly [number, number];
  #identities: TileIdentities | null = null;

  /**
   * Plans the texture of a volume.
   *
   * @param options Its device, and bias beside the volume's own.
   * @throws {OutOfRangeError} if tiles × tile size exceeds 2^20 texels after the bias, or heights are
   * stored and those of the volume are the same in 32 bits.
   */
  constructor(
    volume: RuntimeVirtualTextureVolume,
    options: { readonly device: Pick<ForgeDevice, "supports">; readonly tileCountBias: number },
  ) {
    const { device, tileCountBias } = options;
    this.volume = volume;
    this.#settings = volume.asset.settings;
    this.#transform = volume.transform;
    const { materialType, tileBorder: border, ycocgScale } = this.#settings;
    const grid = volume.grid(tileCountBias);
    this.view = volumeView(this.#transform, { grid, border });
    this.contents = new TileContents(this.view);
    this.#heightRange = volumeHeightRange(this.#transform);
    if (materialType === "world_height") assertHeightRange(volume, this.#heightRange);
    this.#isCompressed = storesBlocks(device, this.#settings);
    const kind = { materialType, compressed: this.#isCompressed };
    const formats = storedFormats(device, this.#settings);
    this.description = {
      name: volume.asset.name,
      info: `runtime virtual texture of ${MATERIAL_TYPES[materialType].label}, ${
        formats.join(" + ")
      }`,
      grid,
      border,
      formats,
      colorSpace: formatInfo(formats[0]!).colorSpace,
      opaque: materialType === "base_color",
      taps: planeTaps(kind, { formats, ycocgScale }),
      alphaIsData: true,
    };
  }

  /** How the texture lies in the world for a camera; see {@linkcode groundPlace}. */
  placeFor(eye: Vec3): PlacementOptions {
    const { contents: { landscapes }, view } = this;
    return groundPlace(eye, { transform: this.#transform, view, landscapes });
  }

  /** The same for plans whose tiles are of one number, form and place, so that each other's can stay. */
  get key(): string {
    const { grid: { width, height, levelCount }, border } = this.view;
    const { tileSize } = this.#settings;
    const form = [...this.#form, width, height, levelCount];
    return JSON.stringify([form, tileSize, border, this.#transform]);
  }

  /** What a texel is. */
  get #form(): readonly unknown[] {
    const { materialType, ycocgScale } = this.#settings;
    const scale = this.#isCompressed && materialType.startsWith("ycocg") ? ycocgScale : "none";
    return [materialType, this.description.formats, scale];
  }

  /** The effort of the encoders of its blocks, as the asset says now; null if there are none. */
  get quality(): EncodeQuality | null {
    return this.#isCompressed ? this.volume.asset.settings.compressionQuality : null;
  }

  /** How its texture is sampled, once it is streamed. */
  placedTexture(texture: StreamedTexture): PlacedTexture {
    const { materialType, ycocgScale } = this.#settings;
    const { formats } = this.description;
    return {
      sampled: { materialType, compressed: this.#isCompressed, formats, ycocgScale },
      texture,
      toVolume: this.view.toVolume,
      heightRange: this.#heightRange,
    };
  }

  /**
   * What is written to its texture, apart from tiles.
   *
   * @param hasTexture Whether a virtual texture can be sampled while it is written.
   */
  layers(hasTexture: HasTexture): AssetLayers {
    const { contents, view, volume: { asset } } = this;
    return {
      asset,
      view,
      heightRange: this.#heightRange,
      draws: () => contents.finestDraws(),
      hasTexture,
    };
  }

  /** The settings that baked tiles of it depend on. */
  get bakeSettings(): BakeSettings {
    return bakeSettings({
      settings: {
        ...this.#settings,
        compressionQuality: this.volume.asset.settings.compressionQuality,
      },
      transform: this.#transform,
      formats: this.description.formats,
      isCompressed: this.#isCompressed,
    });
  }

  /** What its tiles are made of now. */
  tileIdentities(
    { deferred, identities }: {
      readonly deferred: DeferredComponents;
      readonly identities: SceneIdentities;
    },
  ): TileIdentities {
    return this.#identities ??= new TileIdentities(this.#drawnTiles(deferred), identities);
  }

  #drawnTiles(deferred: DeferredComponents): DrawnTiles {
    const { contents, view, volume: { asset } } = this;
    const { tileSize } = this.#settings;
    const form = () =>
      JSON.stringify([this.#form, tileSize, view.border, this.#transform, this.quality]);
    const isNotDeferred = ({ component }: ComponentDraws) => !deferred.owns(component);
    return {
      materialType: this.#settings.materialType,
      view,
      ground: JSON.stringify([this.#transform.rotation, volumeGround(this.#transform)]),
      get form() {
        return form();
      },
      get version() {
        return contents.version;
      },
      drawsIn: (tile) => contents.componentDrawsIn(tile).filter(isNotDeferred),
      allDrawsIn: (tile) => contents.allDrawsIn(tile).filter(isNotDeferred),
      isCutByDepth: (component, tile) => contents.isCutByDepth(component, tile),
      deferredIn: (tile) => deferred.identitiesIn(tile, { asset, view }),
    };
  }

  /**
   * Makes the supply of its tiles.
   *
   * @param scene What the scene says of itself, and the baked low mips; null if there are none to be read.
   */
  makeSupply(
    host: SupplyHost,
    { lowMips, ...scene }: SupplyScene & { readonly lowMips: PlacedLowMips | null },
  ): TileSupply {
    const supply = this.renderSupply(host, scene);
    if (lowMips === null || lowMips.streamedLevels === 0) return supply;
    const { grid: { tileSize }, border } = this.view;
    const { formats } = this.description;
    return joinedSupply(supply, host, { lowMips, formats, slotTexels: tileSize + 2 * border });
  }

  /** Makes a supply that renders all of its tiles. */
  renderSupply(
    host: SupplyHost,
    scene: SupplyScene & RenderOptions,
  ): RenderSupply {
    const { partsOf, report, placedOf, deferred, tint = NO_TINT } = scene;
    const parts = partsOf(host);
    const { contents } = this;
    const { materialType } = this.#settings;
    const hasTexture: HasTexture = (texture) => scene.hasTexture(texture, this.volume.asset);
    const readiness = new MaterialReadiness({ parts, contents, materialType, hasTexture, report });
    const sources = new FillSources({
      content: this.#filledContent(),
      graphs: new SamplingGraphs(materialType, hasTexture),
      openSources: (events) => new OpenSources(host.sources, { placedOf, events }),
    });
    const texture = { asset: this.volume.asset, view: this.view };
    const producer = new RenderProducer(this.view.grid.tileCount, {
      readiness: {
        isReady: (tile) => (deferred?.isReady(tile, texture) ?? true) && readiness.isReady(),
      },
      sources,
    });
    readiness.notify = () => producer.noteReadiness();
    const stopListening = deferred?.subscribe(() => producer.noteReadiness());
    const recorder = new RenderRecorder(
      parts,
      () => this.#content(parts, { hasTexture, tint }),
      host.readbacks,
    );
    return {
      producer,
      recorder,
      close() {
        stopListening?.();
        recorder.close();
        sources.close();
      },
    };
  }

  #filledContent(): FilledContent {
    const { contents, view } = this;
    return {
      get version() {
        return contents.version;
      },
      materials: () => contents.sorted.map(({ material }) => material),
      heightTextures: () =>
        contents.landscapes.flatMap(({ surface }) => surface.streamedHeights?.texture ?? []),
      drawsIn: (tile) => contents.drawsIn(tile),
      viewOf: (tile) => tileView(view, tile),
      propertiesOf: (tile) => {
        const { level, texelSize } = tileView(view, tile);
        return { level, texelSize, maxLevel: view.grid.levelCount };
      },
    };
  }

  #content(
    parts: RenderParts,
    { hasTexture, tint }: { readonly hasTexture: HasTexture; readonly tint: Tint },
  ): TileContent {
    const { materialType, tileSize, tileBorder, ycocgScale } = this.#settings;
    const { compressionQuality } = this.volume.asset.settings;
    return {
      materialType,
      compressed: this.#isCompressed,
      slotTexels: tileSize + 2 * tileBorder,
      quality: compressionQuality,
      ycocgScale,
      tint,
      fill: { maxLevel: this.view.grid.levelCount, heightRange: this.#heightRange },
      mostRecords: this.contents.boxCount,
      recordsOf: (tile) =>
        this.contents.drawsIn(tile).reduce((sum, draw) => sum + recordCount(draw), 0),
      fillOf: (tile) => this.#fillOf(parts, tile, hasTexture),
    };
  }

  #fillOf(parts: RenderParts, tile: number, hasTexture: HasTexture): TileFill {
    const { materialType } = this.#settings;
    const { clearBeforeRender } = this.volume.asset.settings;
    const draws: MaterialDraw[] = [];
    let coveringDraws = 0;
    for (const { component, draws: all } of this.contents.componentDrawsIn(tile)) {
      const own: MaterialDraw[] = [];
      for (const draw of all) {
        if (!parts.hasHeights(draw)) continue;
        const material = parts.materials.bindForTiles(draw.material, materialType, { hasTexture });
        if (material === null) continue;
        const kind = drawKindOf(draw, { feedback: false });
        const { isValid } = fillModule(parts.device, { kind, materialType, material });
        if (isValid !== false) own.push({ draw, material });
      }
      const isCovered = !clearBeforeRender && own.length === all.length &&
        replacesTile(own, materialType) &&
        this.contents.isCoveredBy(component, tile);
      if (isCovered) {
        coveringDraws = own.length;
        draws.length = 0;
      }
      for (const draw of own) draws.push(draw);
    }
    return { view: tileView(this.view, tile), draws, coveringDraws };
  }

  /** The part of a level that shows something of a box; see {@linkcode regionShowing}. */
  regionOf(box: OrientedBox, level: number): Region | null {
    return regionShowing(box, level, this.view);
  }

  /** A test of whether tiles show something of some boxes. */
  touchTest(boxes: readonly OrientedBox[]): (tile: number) => boolean {
    const { grid, border, toVolume } = this.view;
    const outlines = new BoxOutlines(boxes, toVolume);
    const reach = { grid, borderTexels: border };
    return (tile) => outlines.someTouchedBy(tile, reach);
  }
}

function assertHeightRange(
  { name, asset }: RuntimeVirtualTextureVolume,
  [least, most]: readonly [number, number],
): void {
  if (Math.fround(least) < Math.fround(most)) return;
  throw new OutOfRangeError(
    "scale",
    `Cannot place volume "${name}" of "${asset.name}" as its least and largest world z must differ in ` +
      `32 bits: current values are ${least} and ${most}`,
  );
}
