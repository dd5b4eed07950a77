/**
 * A volume whose texture is streamed: what its tiles are made of now.
 *
 * @module
 */

import { vec3d } from "npm:wgpu-matrix@3.4.2";
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
import {
  BoxOutlines,
  footprintBounds,
  footprintOf,
  landscapePositionAt,
} from "../component/mod.ts";
import { planeTaps } from "../planes/mod.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import type { AssetLayers } from "../layers/asset_layers.ts";
import type { PlacedTexture, PlacedTextureOf } from "../sample/sampled_assets.ts";
import { type FilledContent, FillSources, OpenSources, SamplingGraphs } from "../source/mod.ts";
import { drawKindOf } from "../draw/draw_kind.ts";
import { recordCount } from "../draw/draw_records.ts";
import type { MaterialDraw } from "../draw/record_draws.ts";
import type { TileFill } from "../tile/fill_tiles.ts";
import { RenderProducer, type TileToRender } from "../tile/render_producer.ts";
import { RenderRecorder, type TileContent } from "../tile/render_recorder.ts";
import { fillModule } from "../tile/fill_pipelines.ts";
import { replacesTile } from "../tile/opaque_cover.ts";
import { MaterialReadiness, type ReadinessParts } from "./material_readiness.ts";
import { tileView, type VolumeView, volumeView } from "../tile/tile_view.ts";
import {
  type RuntimeVirtualTextureVolume,
  volumeHeightRange,
  volumeToWorld,
} from "../volume/mod.ts";
import type { RenderParts } from "./render_parts.ts";
import { TileContents } from "./tile_content.ts";

/** Part of a texel that is enough to be inside. */
const MARGIN = 0.5;

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

  /**
   * Plans the texture of a volume.
   *
   * @param options Its device, and bias beside the volume's own.
   * @throws {OutOfRangeError} if tiles × tile size exceeds 2^20 texels after the bias, or heights are
   * stored and those of the volume are the same in 32 bits.
   */
  constructor(
    volume: RuntimeVirtualTextureVolume,
    options: { readonly device: ForgeDevice; readonly tileCountBias: number },
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

  /**
   * How the texture lies in the world, as what a camera sees of it is estimated: as a plane across the
   * volume, at the height of the highest landscape below or above the camera, or in the volume's middle
   * where there is none. What the estimate leaves out comes by feedback.
   */
  placeFor(eye: Vec3): PlacementOptions {
    const m = volumeToWorld(this.#transform);
    const row = (i: number) => [m[i]!, m[i + 1]!, m[i + 2]!];
    const down = row(8);
    const depth = this.#groundDepth(eye, m) ?? 0.5;
    return {
      origin: row(12).map((at, i) => at + depth * down[i]!),
      axisU: row(0),
      axisV: row(4),
    };
  }

  /** w of the highest landscape where the volume is nearest to a point; null if there is none. */
  #groundDepth(eye: Vec3, volumeToWorld: Float64Array): number | null {
    const { toVolume, grid } = this.view;
    const inside = Array.from(vec3d.transformMat4(eye as unknown as number[], toVolume))
      // Half a texel inside, as the edges are shared with what lies beyond.
      .map((at, i) =>
        Math.min(1 - MARGIN / grid.width, Math.max(MARGIN / grid.width, i < 2 ? at : 0.5))
      );
    const world = vec3d.transformMat4(inside, volumeToWorld);
    let highest: number | null = null;
    for (const component of this.contents.landscapes) {
      const ground = landscapePositionAt(component, world as unknown as Vec3);
      if (ground === null) continue;
      const depth = vec3d.transformMat4(ground as unknown as number[], toVolume)[2]!;
      if (depth >= 0 && depth <= 1) highest = Math.min(highest ?? 1, depth);
    }
    return highest;
  }

  /** The same for plans whose tiles are of one number, form and place, so that each other's can stay. */
  get key(): string {
    const { grid: { width, height, levelCount }, border } = this.view;
    const { materialType, tileSize, ycocgScale } = this.#settings;
    const scale = this.#isCompressed && materialType.startsWith("ycocg") ? ycocgScale : "none";
    const form = [materialType, this.description.formats, scale, width, height, levelCount];
    return JSON.stringify([form, tileSize, border, this.#transform]);
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

  /** Makes the supply of its tiles. */
  makeSupply(host: SupplyHost, scene: SupplyScene): TileSupply<TileToRender> {
    const { partsOf, report, placedOf } = scene;
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
    const producer = new RenderProducer(this.view.grid.tileCount, { readiness, sources });
    readiness.notify = () => producer.noteReadiness();
    const recorder = new RenderRecorder(
      parts,
      () => this.#content(parts, hasTexture),
      host.readbacks,
    );
    return {
      producer,
      recorder,
      close() {
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

  #content(parts: RenderParts, hasTexture: HasTexture): TileContent {
    const { materialType, tileSize, tileBorder, ycocgScale } = this.#settings;
    const { compressionQuality } = this.volume.asset.settings;
    return {
      materialType,
      compressed: this.#isCompressed,
      slotTexels: tileSize + 2 * tileBorder,
      quality: compressionQuality,
      ycocgScale,
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

  /**
   * The part of a level, or of the last one, that shows something of a box, in whole texels: a box that is
   * flat, or seen edge-on, has one at least. Null if the box lies beside the volume, above or below it.
   */
  regionOf(box: OrientedBox, level: number): Region | null {
    const { grid, toVolume } = this.view;
    const outline = footprintOf(box, toVolume);
    if (outline.length === 0) return null;
    const own = Math.min(level, grid.levelCount - 1);
    const { width, height } = grid.level(own);
    const { u0, v0, u1, v1 } = footprintBounds(outline);
    const columns = wholeTexels(u0, u1, width);
    const rows = wholeTexels(v0, v1, height);
    if (columns === null || rows === null) return null;
    return { level: own, x: columns.at, width: columns.count, y: rows.at, height: rows.count };
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

/** The texels that an interval from 0 to 1 has a part of; null if it lies beside all of them. */
function wholeTexels(
  from: number,
  to: number,
  size: number,
): { readonly at: number; readonly count: number } | null {
  if (to < 0 || from > 1) return null;
  const at = Math.min(Math.floor(Math.max(0, from) * size), size - 1);
  const end = Math.min(Math.ceil(to * size), size);
  return { at, count: Math.max(1, end - at) };
}
