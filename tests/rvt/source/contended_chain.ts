/**
 * A chain of textures that are made from each other, from a streamed picture and from streamed heights.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { LandscapeComponent, type PrimitiveComponent } from "../../../src/rvt/component/mod.ts";
import {
  type Expression,
  expressions as e,
  Material,
  type RuntimeVirtualTextureLike,
} from "../../../src/rvt/material/mod.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { ControlledSource } from "../../streaming/sources.ts";
import { RANGE, StreamedHills } from "../scene/streamed_heights.ts";
import {
  EditedSource,
  makeAsset,
  plane,
  SampledScene,
  SOURCE_TEXELS,
  volumeOf,
  WORLD,
} from "./sampled_scene.ts";

/** Number of textures that are rendered. */
export const LINKS = 3;
/** Samples of the heights along x and y. */
export const SAMPLES = 128;

/** All that the tiles depend on. */
export interface ChainState {
  readonly edits: EditedSource;
  readonly hills: StreamedHills;
  /** Whether the heights are still loaded. */
  hasHeights: boolean;
  /** How dark each link is. */
  readonly tints: number[];
  /** Where a patch lies in each link. */
  readonly places: number[];
}

/** A state in which nothing was edited. */
export function newChainState(below: (most: number) => number): ChainState {
  return {
    edits: new EditedSource(),
    hills: new StreamedHills(SAMPLES, SAMPLES),
    hasHeights: true,
    tints: Array.from({ length: LINKS }, () => below(4)),
    places: Array.from({ length: LINKS }, () => below(50)),
  };
}

/** A scene of a state. */
export interface Chain {
  readonly made: SampledScene;
  readonly colors: ControlledSource;
  readonly heights: ControlledSource;
  readonly picture: StreamedTexture;
  readonly heightTexture: StreamedTexture;
  /** The links, the first made from what is streamed. */
  readonly textures: readonly StreamedTexture[];
  /** Shows a link by what it shows at this time of a state. */
  tint(link: number, state: ChainState): void;
  place(link: number, state: ChainState): void;
}

/** What each link shows of what is before it: turned, a level finer, and as it is. */
function colorOf(
  link: number,
  picture: StreamedTexture,
  assets: readonly RuntimeVirtualTextureLike[],
): Expression {
  if (link === 0) {
    const [x, y] = ["x", "y"].map((axis) => e.componentMask(e.textureCoordinate(), axis));
    return e.componentMask(e.virtualTextureSample(picture, { uv: e.append(y!, x!) }), "xyz");
  }
  const options = link === 1 ? { mipMode: "bias", bias: -1 } as const : {};
  return e.runtimeVirtualTextureSample(assets[link - 1]!, options).baseColor;
}

function placeOf(offset: number) {
  const position = [offset, (offset * 3) % WORLD, 0.5] as const;
  return { position, scale: [5, 4, 1] as const };
}

function hillsOf(heights: StreamedTexture, asset: RuntimeVirtualTextureLike): LandscapeComponent {
  const scale = WORLD / (SAMPLES - 1);
  return new LandscapeComponent({
    name: "hills",
    material: new Material({
      name: "slopes",
      domain: "virtual_texture",
      baseColor: e.add(e.multiply(e.vertexNormal(), 0.4), 0.5),
      opacity: 0.5,
    }),
    heightTexture: { texture: heights, scale: 1, heightRange: RANGE },
    transform: { scale: [scale, scale, 0.1] },
    translucencySortPriority: 2,
    renderToVirtualTextures: [asset],
  });
}

/** Makes the scene of a state, with the heights. */
export async function makeChain(
  device: ForgeDevice,
  state: ChainState,
  maxMemoryBytes: number,
): Promise<Chain> {
  const made = new SampledScene(device, { maxMemoryBytes });
  const { system, scene } = made;
  const colors = new ControlledSource(state.edits.tiles(SOURCE_TEXELS * 2, "rgba8unorm-srgb"));
  const heights = new ControlledSource(state.hills.tiles());
  const picture = await system.loadTexture(colors);
  const heightTexture = await system.loadTexture(heights);
  const assets = [3, 2, 3].map((sizeInTilesLog2, i) => makeAsset(`link ${i}`, { sizeInTilesLog2 }));
  const bases = assets.map((_, i) => colorOf(i, picture, assets));
  const colored = (i: number, tint: number) => e.multiply(bases[i]!, 1 - tint / 16);
  const planes = assets.map((asset, i) =>
    plane(`plane ${i}`, colored(i, state.tints[i]!), [asset])
  );
  const patches = assets.map((asset, i) => {
    const patch = plane(`patch ${i}`, [0.2 * i, 0.5, 0.9], [asset]);
    patch.translucencySortPriority = 1;
    patch.transform = placeOf(state.places[i]!);
    return patch;
  });
  const components: PrimitiveComponent[] = [...planes, ...patches];
  for (const component of components) scene.addComponent(component);
  scene.addComponent(hillsOf(heightTexture, assets[0]!));
  for (const asset of assets) await scene.addVolume(volumeOf(asset));
  const textures = assets.map((asset) => made.textureOf(asset));
  return {
    made,
    colors,
    heights,
    picture,
    heightTexture,
    textures,
    tint(link, { tints }) {
      planes[link]!.material = new Material({
        name: `plane ${link}`,
        domain: "virtual_texture",
        baseColor: colored(link, tints[link]!),
      });
    },
    place(link, { places }) {
      patches[link]!.transform = placeOf(places[link]!);
    },
  };
}
