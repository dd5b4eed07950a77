/**
 * A world whose edits change few tiles each, and what is said and true of those.
 *
 * @module
 */

import { boxMesh, type Transform } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { memorySource, openTileStore } from "../../../src/sources/mod.ts";
import { PlacedScene } from "../scene/placed_scene.ts";

/** Samples along an edge of the landscape. */
export const SIDE = 65;
const BOX = { position: [32, 32, 0], scale: [64, 64, 40] } as const;

/** A material of one base colour. */
export function paint(name: string, baseColor: Parameters<typeof e.add>[0]): Material {
  return new Material({ name, domain: "virtual_texture", baseColor });
}

/** How volumes are turned; default not at all. */
export interface Turns {
  readonly shown?: Transform["rotation"];
  readonly sampled?: Transform["rotation"];
}

/** A landscape and meshes in one texture, whose ground shows another one. */
export async function localWorld(
  device: ForgeDevice,
  { shown: turn = [0, 0, 0, 1], sampled = turn }: Turns = {},
) {
  const placed = new PlacedScene(device, {
    volume: { ...BOX, rotation: turn, streamingLowMips: 3 },
    asset: { sizeInTilesLog2: 2 },
  });
  const { scene, asset } = placed;
  const far = new RuntimeVirtualTexture({ name: "far", sizeInTilesLog2: 2, tileSize: 64 });
  const shown = e.runtimeVirtualTextureSample(far).baseColor!;
  const slope = e.multiply(0.2, e.add(1, e.vertexNormal()));
  const land = new LandscapeComponent({
    material: paint(
      "land",
      e.add(e.multiply(0.5, shown), e.multiply(slope, e.layerWeight("rock"))),
    ),
    width: SIDE,
    height: SIDE,
    heights: Float32Array.from({ length: SIDE * SIDE }, (_, i) => Math.sin(i % SIDE) + i / 5000),
    layers: { rock: new Uint8Array(SIDE * SIDE).fill(200), moss: new Uint8Array(SIDE * SIDE) },
    sectionQuads: 32,
    renderToVirtualTextures: [asset],
  });
  const boxes = new InstancedStaticMeshComponent({
    material: paint("boxes", [1, 0, 0]),
    mesh: boxMesh({ size: [4, 4, 4] }),
    instances: [{ position: [5, 58, 3] }, { position: [58, 58, 3] }],
    translucencySortPriority: 1,
    renderToVirtualTextures: [asset],
  });
  const lods = new StaticMeshComponent({
    material: paint("lods", [0, 0, 1]),
    mesh: [boxMesh({ size: [5, 5, 5] }), boxMesh({ size: [3, 3, 3] })],
    transform: { position: [40, 24, 3] },
    translucencySortPriority: 1,
    renderToVirtualTextures: [asset],
  });
  const decal = (size: number, color: number[], order: number) =>
    new DecalComponent({
      material: paint("decal", color),
      size: [size, size],
      transform: { position: size > 60 ? [32, 32, 0] : [8, 8, 0] },
      translucencySortPriority: order,
      renderToVirtualTextures: [far],
    });
  const patch = decal(3, [1, 1, 0], 1);
  for (const one of [land, boxes, lods, decal(70, [0.4, 0.5, 0.6], 0), patch]) {
    scene.addComponent(one);
  }
  await scene.addVolume(new RuntimeVirtualTextureVolume(far, { ...BOX, rotation: sampled }));
  await scene.addVolume(placed.volume);
  return { placed, land, boxes, lods, patch };
}

/** What {@linkcode localWorld} makes. */
export type LocalWorld = Awaited<ReturnType<typeof localWorld>>;

/** The tiles of a bake, coarsest last: their texels, and what identified them when they were baked. */
export interface BuiltTiles {
  readonly texels: readonly string[];
  readonly identities: readonly string[];
}

/** Builds a world's low mips. */
export async function builtAnew({ placed }: LocalWorld): Promise<BuiltTiles> {
  const { builder } = await placed.scene.build(placed.volume);
  const store = await openTileStore(memorySource(builder.bytes!));
  const texels: string[] = [];
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    texels.push((await store.readTilePlanes(level, x, y)).map((plane) => plane.join()).join());
  }
  store.close();
  const identities = `${store.description.source.identities}`.match(/.{16}/g)!;
  return { texels, identities };
}

/** What an edit has made of tiles, and what is said of them. */
export interface EditedTiles {
  /** Tiles that are others. */
  readonly changed: readonly number[];
  /** Those of them that are not said to be stale. */
  readonly missed: readonly number[];
  /** How many are said to be stale. */
  readonly said: number;
}

/** Compares the tiles of builds before and after an edit, of which the volume said so many to be stale. */
export function editedTiles(before: BuiltTiles, after: BuiltTiles, said: number): EditedTiles {
  const differing = (list: keyof BuiltTiles) =>
    [...after[list].keys()].filter((tile) => before[list][tile] !== after[list][tile]);
  const [changed, stale] = [differing("texels"), differing("identities")];
  // The warning counts those whose identities are others.
  if (said !== stale.length) throw new Error(`${said} said to be stale, and not ${stale}`);
  return { changed, missed: changed.filter((tile) => !stale.includes(tile)), said };
}

/** How many of its 21 baked tiles are said to be stale. */
export function saidStale({ placed }: LocalWorld): number {
  return Number(/^(\d+) of 21 baked tiles/.exec(placed.volume.warnings.join())?.[1] ?? 0);
}
