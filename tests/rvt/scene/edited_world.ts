/**
 * A world of all kinds of components that is edited, and the same world made from scratch.
 *
 * @module
 */

import { type Mesh, planeMesh, rotationAbout } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  type ComponentOptions,
  DecalComponent,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  type PrimitiveComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material, MaterialInstance } from "../../../src/rvt/material/mod.ts";
import { boxMesh, gridMeshOf } from "../oracle/shapes.ts";
import { PlacedScene, type PlacedSceneOptions } from "./placed_scene.ts";

/** Samples along each side of the landscape, which covers 32 by 32 units about the origin. */
export const SAMPLES = 33;

/** Two LODs that cover different texels. */
export const LODS: readonly Mesh[] = [
  gridMeshOf(6, (x, y) => 0.3 * Math.cos(5 * x) * Math.sin(4 * y)),
  planeMesh({ size: [0.9, 0.9] }),
];

/** What all components write with: attributes of every type, and a parameter. */
export const BASE = new Material({ name: "base", domain: "virtual_texture", ...pinsOf(0.3) });

/** Pins that differ by a number. */
export function pinsOf(share: number): Parameters<Material["connect"]>[0] {
  const place = e.multiply(e.worldPosition(), 0.05);
  const wave = e.add(0.5, e.multiply(0.5, e.sine(e.multiply(place, 7))));
  const grass = e.layerWeight("grass");
  return {
    baseColor: e.lerp(e.vectorParameter("tint", [0.5, 0.3, 0.2]), wave, { alpha: share }),
    normal: e.vertexNormal(),
    roughness: e.saturate(e.add(grass, e.scalarParameter("roughness", 0.4))),
    specular: e.componentMask(wave, "y"),
    mask: e.componentMask(wave, "z"),
    worldHeight: e.componentMask(e.worldPosition(), "z"),
    displacement: e.componentMask(wave, "x"),
    mask4: e.append(wave, share),
    opacity: e.scalarParameter("opacity", 0.6),
  };
}

/** The world as it is before any edit. */
export async function makeWorld(
  device: ForgeDevice,
  options: PlacedSceneOptions = {},
): Promise<PlacedScene> {
  const placed = new PlacedScene(device, {
    volume: { rotation: rotationAbout([0.1, 0.2, 1], 0.4), scale: [32, 32, 20] },
    ...options,
  });
  await placed.place(firstComponents(placed.asset));
  return placed;
}

function firstComponents(asset: RuntimeVirtualTexture): PrimitiveComponent[] {
  const renderToVirtualTextures = [asset];
  const material = (name: string, opacity: number) => {
    const instance = new MaterialInstance(BASE, { name });
    instance.setScalar("opacity", opacity);
    return instance;
  };
  const land = new LandscapeComponent({
    material: material("land", 1),
    width: SAMPLES,
    height: SAMPLES,
    heights: Float32Array.from({ length: SAMPLES ** 2 }, (_, i) => Math.sin(i / 9)),
    layers: { grass: Uint8Array.from({ length: SAMPLES ** 2 }, (_, i) => (37 * i) % 256) },
    sectionQuads: 16,
    transform: { position: [-16, -16, 0] },
    renderToVirtualTextures,
  });
  const road = new LandscapeSplineComponent({
    material: material("road", 0.8),
    points: [
      { position: [-12, -10, 0], width: 2 },
      { position: [-2, 3, 0], width: 1 },
      { position: [5, 2, 0], width: 2 },
      { position: [12, 10, 0], width: 3 },
    ],
    quadsAlong: 6,
    landscape: land,
    landscapeOffset: 0.1,
    renderToVirtualTextures,
  });
  const bushes = new FoliageComponent({
    material: material("bushes", 0.5),
    mesh: planeMesh(),
    scatter: { seed: 3, region: { min: [-14, -14], max: [14, 14] }, count: 12, onto: land },
    renderToVirtualTextures,
  });
  const posts = new InstancedStaticMeshComponent({
    material: material("posts", 0.9),
    mesh: boxMesh(),
    instances: [{ position: [3, 3, 0] }, { position: [-8, 6, 1] }, { position: [9, -9, 0] }],
    renderToVirtualTextures,
  });
  const hill = new StaticMeshComponent({
    material: material("hill", 0.6),
    mesh: LODS,
    transform: { position: [4, -5, 1], scale: [6, 5, 2] },
    renderToVirtualTextures,
  });
  const decal = new DecalComponent({
    material: material("decal", 0.7),
    size: [5, 3],
    transform: { position: [-6, 8, 2], rotation: rotationAbout([0, 0, 1], 0.8) },
    renderToVirtualTextures,
  });
  return [land, road, bushes, posts, hill, decal];
}

/** The same world as another is now, made from scratch: a system and a scene of its own. */
export async function rebuilt(device: ForgeDevice, placed: PlacedScene): Promise<PlacedScene> {
  const { transform, ...settings } = placed.volume.settings;
  const made = new PlacedScene(device, {
    asset: placed.asset.settings,
    volume: { ...settings, ...transform },
  });
  const copies = new Map<PrimitiveComponent, PrimitiveComponent>();
  // Ties of the order are broken by the order in which components were made.
  for (const component of placed.scene.components.toSorted((a, b) => a.id - b.id)) {
    const isRendered = component.renderToVirtualTextures.includes(placed.asset);
    copies.set(component, copyOf(component, copies, isRendered ? [made.asset] : []));
  }
  await made.place([...copies.values()]);
  return made;
}

function copyOf(
  component: PrimitiveComponent,
  copies: ReadonlyMap<PrimitiveComponent, PrimitiveComponent>,
  renderToVirtualTextures: readonly RuntimeVirtualTexture[],
): PrimitiveComponent {
  const options: ComponentOptions = {
    name: component.name,
    material: component.material,
    transform: component.transform,
    virtualTextureLodBias: component.virtualTextureLodBias,
    virtualTextureSkipMips: component.virtualTextureSkipMips,
    virtualTextureMinCoverage: component.virtualTextureMinCoverage,
    translucencySortPriority: component.translucencySortPriority,
    renderToVirtualTextures,
  };
  const landscapeOf = (own: LandscapeComponent) => copies.get(own) as LandscapeComponent;
  if (component instanceof LandscapeComponent) {
    const { width, height, heights, layers } = component.surface;
    const { sectionQuads, virtualTextureNumLods } = component;
    const painted = Object.fromEntries(layers);
    const sides = { width, height, sectionQuads, virtualTextureNumLods };
    return new LandscapeComponent({ ...options, ...sides, heights, layers: painted });
  }
  if (component instanceof LandscapeSplineComponent) {
    const { points, quadsAlong, quadsAcross, landscapeOffset, landscape } = component;
    return new LandscapeSplineComponent({
      ...options,
      ...{ points, quadsAlong, quadsAcross, landscapeOffset },
      landscape: landscape === null ? null : landscapeOf(landscape),
    });
  }
  if (component instanceof FoliageComponent) {
    const { scatter, lods } = component;
    const onto = scatter.onto ? landscapeOf(scatter.onto) : null;
    return new FoliageComponent({ ...options, mesh: lods, scatter: { ...scatter, onto } });
  }
  if (component instanceof InstancedStaticMeshComponent) {
    const { instances, lods } = component;
    return new InstancedStaticMeshComponent({ ...options, mesh: lods, instances });
  }
  if (component instanceof DecalComponent) {
    return new DecalComponent({ ...options, size: component.size });
  }
  if (component instanceof StaticMeshComponent) {
    return new StaticMeshComponent({ ...options, mesh: component.lods });
  }
  throw new Error(`Nothing copies ${component.label}`);
}
