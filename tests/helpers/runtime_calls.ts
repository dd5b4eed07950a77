/**
 * Every function and method of runtime virtual textures with arguments that are right.
 *
 * @module
 */

import * as forge3d from "../../src/mod.ts";
import { lowMipCalls } from "./low_mip_calls.ts";
import { glbFile, triangleJson } from "../rvt/component/glb_helpers.ts";
import { Thrown } from "./bad_values.ts";
import { blackPng } from "../sources/picture/made_pictures.ts";
import type { CallWorld, PublicCall } from "./public_calls.ts";

const { expressions } = forge3d;
type Call = PublicCall["call"];

const TEXELS = { name: "grass", width: 1, height: 1, texels: Uint8Array.of(1, 2, 3, 4) };
const LAND = { width: 3, height: 3, heights: new Float32Array(9) };
const POINTS = [{ position: [0, 0, 0], width: 1 }, { position: [9, 9, 0], width: 1 }];
const BOUNDS = { min: [0, 0, 0], max: [1, 1, 1] };
const REGION = { x: 0, y: 0, width: 1, height: 1 };
const CAMERA = {
  view: forge3d.lookAt([1, 1, 9], [1, 1, 0]),
  position: [1, 1, 9],
  width: 8,
  height: 8,
};
const SCATTER = { seed: 1, region: { min: [0, 0], max: [9, 9] }, count: 3 };

/** A scene with one volume. */
export async function openScene(
  system: forge3d.VirtualTextureSystem,
): Promise<forge3d.RuntimeVirtualTextureScene> {
  const asset = new forge3d.RuntimeVirtualTexture({
    name: "ground",
    materialType: "base_color",
    sizeInTilesLog2: 1,
    tileSize: 64,
  });
  const scene = new forge3d.RuntimeVirtualTextureScene(system, { logger: { warn() {} } });
  await scene.addVolume(new forge3d.RuntimeVirtualTextureVolume(asset, { position: [1, 1, 0] }));
  return scene;
}

/** What scenes are made of, each with what it refers to. */
function makeParts({ asset }: forge3d.RuntimeVirtualTextureVolume) {
  const texture = new forge3d.MaterialTexture(TEXELS);
  const { baseColor } = expressions.runtimeVirtualTextureSampleParameter("cache", asset);
  const color = expressions.multiply(
    expressions.vectorParameter("color", [1, 1, 1]),
    expressions.scalarParameter("light", 1),
  );
  const texel = expressions.componentMask(
    expressions.textureSampleParameter("picture", texture),
    "xyz",
  );
  const material = new forge3d.Material({
    name: "soil",
    baseColor: expressions.add(expressions.add(baseColor, texel), color),
    rvtOutput: expressions.runtimeVirtualTextureOutput({ baseColor: color }),
  });
  const instance = new forge3d.MaterialInstance(material, { name: "wet soil" });
  const fn = expressions.materialFunction("twice", {
    inputs: { x: 1 },
    build: ({ x }) => ({ sum: expressions.add(x, x) }),
  });
  const mesh = forge3d.planeMesh();
  const land = new forge3d.LandscapeComponent({
    material,
    ...LAND,
    layers: { grass: new Uint8Array(9) },
    renderToVirtualTextures: [asset],
  });
  const spline = new forge3d.LandscapeSplineComponent({ material, points: POINTS });
  const rocks = new forge3d.InstancedStaticMeshComponent({ material, mesh, instances: [{}, {}] });
  const walker = new forge3d.SkeletalMeshComponent({ material, mesh });
  const flag = new forge3d.AnimatedMeshComponent({ material, frames: [mesh] });
  return { asset, texture, material, instance, fn, mesh, land, spline, rocks, walker, flag };
}

/** Every call. */
export function runtimeCalls(
  { system, scene, texture: streamed, png }: CallWorld,
): readonly PublicCall[] {
  const volume = scene.volumes[0]!;
  const other = new forge3d.RuntimeVirtualTextureVolume(
    new forge3d.RuntimeVirtualTexture({ sizeInTilesLog2: 0, tileSize: 64 }),
  );
  const parts = makeParts(volume);
  const { asset, texture, material, instance, fn, mesh, land, spline, rocks, walker } = parts;
  scene.addComponent(land);
  const sampled = { materialType: "base_color", compressed: false, formats: ["rgba8unorm-srgb"] };
  const sampling = scene.samplingOf(asset);
  const console = new forge3d.VirtualTextureConsole(scene, { scalability: { low: {} } });
  const sample = expressions.runtimeVirtualTextureSample(asset);
  const make = (
    made: (...args: never[]) => unknown,
    ...args: unknown[]
  ): Omit<PublicCall, "name"> => ({
    args: () => args,
    call: made,
  });
  const calls: Record<string, Omit<PublicCall, "name">> = {
    ...constructors(parts, system),
    "new VirtualTextureConsole": {
      args: () => [scene, {}],
      call: (...args: never[]) => new forge3d.VirtualTextureConsole(...args as unknown as [never]),
    },
    "boxMesh": make(forge3d.boxMesh as Call, {}),
    "gridMesh": make(forge3d.gridMesh as Call, {}),
    "planeMesh": make(forge3d.planeMesh as Call, {}),
    "makeMesh": make(forge3d.makeMesh as Call, { positions: [0, 0, 0, 1, 0, 0, 0, 1, 0] }),
    "rotationAbout": make(forge3d.rotationAbout as Call, [0, 0, 1], 1),
    "scatterTransforms": make(forge3d.scatterTransforms as Call, SCATTER),
    "simplifyMesh": make(forge3d.simplifyMesh as Call, mesh, { ratios: [0.5] }),
    "loadGlb": make(forge3d.loadGlb as Call, glbFile(triangleJson()), {}),
    "loadHeightPicture": make(forge3d.loadHeightPicture as Call, blackPng(2), { scale: 1 }),
    "loadMaterialTexture": make(forge3d.loadMaterialTexture as Call, png, {}),
    "readMaterialFunction": make(
      forge3d.readMaterialFunction as Call,
      JSON.parse(
        JSON.stringify(forge3d.writeMaterialFunction(fn)),
      ),
      {},
    ),
    "writeMaterialFunction": make(forge3d.writeMaterialFunction as Call, fn),
    "runtimeVirtualTextureWgsl": make(forge3d.runtimeVirtualTextureWgsl as Call, sampled, {
      group: 0,
    }),
    "renderScene": make(forge3d.renderScene as Call, scene, CAMERA, {}),
    "Material.fromJSON": make(forge3d.Material.fromJSON as Call, material.toJSON(), {
      runtimeVirtualTexture: () => asset,
      texture: () => texture,
    }),
    "MaterialInstance.fromJSON": make(
      forge3d.MaterialInstance.fromJSON as Call,
      instance.toJSON(),
      {
        material: () => material,
      },
    ),
  };
  return [
    ...Object.entries(calls).map(([name, call]) => ({ name, ...call })),
    ...builders(streamed),
    method(asset, "change", () => [{ tileBorder: 4 }]),
    method(asset, "estimateMemory", () => [[1, 1], { tileCountBias: 1 }]),
    method(asset, "subscribe", () => [() => {}]),
    method(volume, "grid", () => [0]),
    method(volume, "gridAt", () => [[1, 1, 1], 0]),
    method(volume, "change", () => [{ expandBounds: 1 }]),
    method(volume, "subscribe", () => [() => {}]),
    method(material, "toJSON"),
    method(material, "subscribe", () => [() => {}]),
    method(new forge3d.Material({ name: "pins" }), "connect", () => [{ baseColor: 1 }]),
    method(fn, "call", () => [{ x: 1 }]),
    method(instance, "setScalar", () => ["light", 2]),
    method(instance, "setVector", () => ["color", [1, 2, 3]]),
    method(instance, "setTexture", () => ["picture", texture]),
    method(instance, "setRuntimeVirtualTexture", () => ["cache", asset]),
    method(instance, "reset", () => ["light"]),
    method(instance, "subscribe", () => [() => {}]),
    method(instance, "toJSON"),
    method(sample, "hasOutput", () => ["baseColor"]),
    method(land, "boxes"),
    method(land, "draws", () => [0]),
    method(land, "subscribe", () => [() => {}]),
    method(land, "warnings"),
    method(land, "setHeights", () => [REGION, [1]]),
    method(land, "setWeights", () => ["grass", REGION, Uint8Array.of(1)]),
    method(land, "surfaceAt", () => [[1, 1, 0]]),
    method(spline, "updatePoint", () => [1, { position: [8, 9, 0], width: 1 }]),
    method(spline, "insertPoint", () => [2, { position: [7, 7, 7], width: 1 }]),
    method(spline, "removePoint", () => [2]),
    method(rocks, "addInstances", () => [[{}]]),
    method(rocks, "updateInstance", () => [0, {}]),
    method(rocks, "removeInstance", () => [1]),
    method(walker, "warnings"),
    method(parts.flag, "warnings"),
    method(scene, "assertOpen"),
    method(scene, "change", () => [{}]),
    method(scene, "addComponent", () => [spline]),
    method(scene, "addVolume", () => [other]),
    method(scene, "textureOf", () => [asset]),
    method(scene, "samplingOf", () => [asset]),
    method(scene, "setBounds", () => [volume, land]),
    method(scene, "settled"),
    method(scene, "invalidate", () => [BOUNDS, "normal"]),
    method(scene, "requestPreload", () => [BOUNDS, 0, { signal: AbortSignal.abort(new Thrown()) }]),
    method(scene, "drawsInMainPass", () => [land]),
    method(console, "exec", () => ["r.VT.MaxUploadsPerFrame 8; help"]),
    method(console, "get", () => ["r.VT.PoolSizeScale"]),
    method(console, "set", () => ["r.VT.PoolSizeScale", 1]),
    method(console, "reset", () => ["r.VT.PoolSizeScale"]),
    method(console, "variables"),
    method(console, "setScalabilityLevel", () => ["low"]),
    method(console, "flushCaches"),
    method(console, "statistics"),
    method(console, "memory"),
    method(sampling, "wgsl", () => [{ group: 0 }]),
    method(sampling, "layoutEntries", () => [{}]),
    method(sampling, "entries", () => [{}]),
    method(scene, "removeComponent", () => [spline]),
    method(scene, "removeVolume", () => [other]),
    ...setters(parts),
    ...Object.entries(lowMipCalls(scene)).map(([name, [call, ...args]]) => ({
      name,
      args: () => args,
      call,
    })),
  ];
}

/** Each class, by what makes one. */
function constructors(
  { asset, material, mesh }: ReturnType<typeof makeParts>,
  system: forge3d.VirtualTextureSystem,
): Record<string, Omit<PublicCall, "name">> {
  const build = (kind: unknown, ...args: unknown[]): Omit<PublicCall, "name"> => ({
    args: () => args,
    call: (...given: never[]) => new (kind as new (...args: never[]) => object)(...given),
  });
  return {
    "new RuntimeVirtualTexture": build(forge3d.RuntimeVirtualTexture, {}),
    "new RuntimeVirtualTextureVolume": build(forge3d.RuntimeVirtualTextureVolume, asset, {}),
    "new RuntimeVirtualTextureScene": build(forge3d.RuntimeVirtualTextureScene, system, {}),
    "new Material": build(forge3d.Material, { name: "a", baseColor: 1 }),
    "new MaterialInstance": build(forge3d.MaterialInstance, material, { name: "a" }),
    "new MaterialTexture": build(forge3d.MaterialTexture, TEXELS),
    "new LandscapeComponent": build(forge3d.LandscapeComponent, { material, ...LAND }),
    "new LandscapeComponent of a texture": build(forge3d.LandscapeComponent, {
      material,
      heightTexture: { texture: system.textures[0], scale: 1, heightRange: [0, 1] },
    }),
    "new LandscapeSplineComponent": build(forge3d.LandscapeSplineComponent, {
      material,
      points: POINTS,
    }),
    "new StaticMeshComponent": build(forge3d.StaticMeshComponent, { material, mesh }),
    "new SkeletalMeshComponent": build(forge3d.SkeletalMeshComponent, { material, mesh }),
    "new AnimatedMeshComponent": build(forge3d.AnimatedMeshComponent, { material, frames: [mesh] }),
    "new InstancedStaticMeshComponent": build(forge3d.InstancedStaticMeshComponent, {
      material,
      mesh,
    }),
    "new FoliageComponent": build(forge3d.FoliageComponent, { material, scatter: SCATTER }),
    "new DecalComponent": build(forge3d.DecalComponent, { material }),
  };
}

/** Arguments of builders that do not take one or two numbers. */
const BUILDER_ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  clamp: [1, { min: 0, max: 1 }],
  lerp: [0, 1, { alpha: 0.5 }],
  smoothstep: [1, { from: 0, to: 1 }],
  step: [1, { edge: 0 }],
  scalarParameter: ["a", 1],
  vectorParameter: ["a", [1, 2]],
  customWgsl: [{ code: "return 1.0;", components: 1 }],
  layerWeight: ["grass"],
  viewProperty: ["virtual_texture_output_level"],
  named: [expressions.worldPosition(), "place"],
  noise: [[0, 0], { kind: "value" }],
  runtimeVirtualTextureOutput: [{ baseColor: 1 }],
  runtimeVirtualTextureReplace: [{ default: 1, output: 2 }],
  virtualTextureFeatureSwitch: [{ yes: 1, no: 2 }],
  componentMask: [[1, 2], "yx"],
  blendNormals: [[0, 0, 1], [0, 0, 1]],
  cross: [[0, 0, 1], [0, 1, 0]],
  normalize: [[0, 0, 1]],
};

function builders(streamed: forge3d.StreamedTexture): PublicCall[] {
  const asset = new forge3d.RuntimeVirtualTexture();
  const texture = new forge3d.MaterialTexture(TEXELS);
  const sample = expressions.runtimeVirtualTextureSample(asset);
  const own: Record<string, readonly unknown[]> = {
    ...BUILDER_ARGUMENTS,
    materialFunction: ["a", {
      inputs: { x: 1 },
      build: ({ x }: { x: forge3d.Expression }) => ({ y: x }),
    }],
    runtimeVirtualTextureSample: [asset, {}],
    runtimeVirtualTextureSampleParameter: ["a", asset, {}],
    convertToParameter: [sample, "a"],
    textureSample: [texture, {}],
    textureSampleParameter: ["a", texture, {}],
    virtualTextureSample: [streamed, {}],
  };
  return Object.entries(expressions).map(([name, build]) => ({
    name: `expressions.${name}`,
    args: () => own[name] ?? [0.5, 0.25].slice(0, build.length || 2),
    call: build as PublicCall["call"],
  }));
}

/** Assignments to properties. */
function setters(parts: ReturnType<typeof makeParts>): PublicCall[] {
  const decal = new forge3d.DecalComponent({ material: parts.material });
  const foliage = new forge3d.FoliageComponent({ material: parts.material, scatter: SCATTER });
  const found: PublicCall[] = [];
  for (const target of [parts.land, parts.spline, parts.rocks, parts.flag, decal, foliage]) {
    for (let at: object = target; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const [key, { set }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        if (set === undefined) continue;
        const right = (target as unknown as Record<string, unknown>)[key];
        found.push({
          name: `${target.constructor.name}.${key} =`,
          args: () => [right],
          call: (...given: never[]) => set.apply(target, given as unknown as [never]),
        });
      }
    }
  }
  return found;
}

/** A method of an object, by its class. */
function method<T extends object>(
  target: T,
  key: keyof T & string,
  args: PublicCall["args"] = () => [],
): PublicCall {
  return {
    name: `${target.constructor.name}.${key}`,
    args,
    call: (...given) => (target[key] as (...args: never[]) => unknown).apply(target, given),
  };
}
