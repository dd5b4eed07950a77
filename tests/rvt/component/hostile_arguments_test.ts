import assert from "node:assert/strict";
import { boxMesh, gridMesh, makeMesh, planeMesh } from "../../../src/geometry/mod.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  loadGlb,
  scatterTransforms,
  simplifyMesh,
  SkeletalMeshComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { badValues, Thrown } from "../../helpers/bad_values.ts";
import { FakeMaterial } from "./scene_helpers.ts";

const material = new FakeMaterial();
const mesh = planeMesh();
const scatter = { seed: 1, region: { min: [0, 0], max: [1, 1] }, count: 3, density: undefined };
const points = [{ position: [0, 0, 0], width: 1 }, { position: [1, 0, 0], width: 1 }];
const COMMON = {
  name: "a",
  material,
  transform: {},
  renderToVirtualTextures: [],
  drawInMainPass: "always",
  virtualTextureLodBias: 0,
  virtualTextureSkipMips: 0,
  virtualTextureMinCoverage: null,
  translucencySortPriority: 0,
  mobility: "static",
};

type Make = (options: never) => unknown;

/** Calls that take options, with some that are right. */
const CALLS: Readonly<Record<string, readonly [Make, Record<string, unknown>]>> = {
  static: [(o) => new StaticMeshComponent(o), { ...COMMON, mesh }],
  skeletal: [(o) => new SkeletalMeshComponent(o), { ...COMMON, mesh }],
  animated: [(o) => new AnimatedMeshComponent(o), { ...COMMON, frames: [mesh] }],
  decal: [(o) => new DecalComponent(o), { ...COMMON, size: [1, 1] }],
  instanced: [(o) => new InstancedStaticMeshComponent(o), { ...COMMON, mesh, instances: [{}] }],
  foliage: [(o) => new FoliageComponent(o), { ...COMMON, mesh, scatter }],
  landscape: [(o) => new LandscapeComponent(o), {
    ...COMMON,
    width: 2,
    height: 2,
    heights: [0, 0, 0, 0],
    picture: undefined,
    layers: {},
    sectionQuads: 8,
    virtualTextureNumLods: 1,
  }],
  spline: [(o) => new LandscapeSplineComponent(o), {
    ...COMMON,
    points,
    quadsAlong: 2,
    quadsAcross: 2,
    landscape: null,
    landscapeOffset: 0,
  }],
  scatter: [(o) => scatterTransforms(o), {
    ...scatter,
    minDistance: 0,
    scaleRange: [1, 1],
    yawRange: [0, 1],
    onto: null,
    alignToSurface: false,
  }],
  "make mesh": [(o) => makeMesh(o), {
    positions: [0, 0, 0, 1, 0, 0, 0, 1, 0],
    indices: [0, 1, 2],
    normals: undefined,
    uvs: undefined,
  }],
  plane: [(o) => planeMesh(o), { size: [1, 1] }],
  grid: [(o) => gridMesh(o), { size: [1, 1], quads: [1, 1] }],
  box: [(o) => boxMesh(o), { size: [1, 1, 1] }],
  simplify: [(o) => simplifyMesh(mesh, o), { ratios: [] }],
  "simplified mesh": [(o) => simplifyMesh(o, { ratios: [] }), { ...mesh }],
  "GLB file": [(o) => loadGlb(o), {}],
};

/** What a call fails with; null if it does not. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return null;
  } catch (error) {
    return error;
  }
}

function isTyped(failure: unknown): boolean {
  if (failure === null || failure instanceof Thrown) return true;
  return typeof (failure as { code?: unknown }).code === "string";
}

for (const [name, [make, options]] of Object.entries(CALLS)) {
  Deno.test(`${name}: any argument and any option is taken, or refused with a typed error`, async () => {
    if (name !== "GLB file") assert.equal(await failureOf(() => make(options as never)), null);
    for (const [what, value] of Object.entries(badValues())) {
      const failure = await failureOf(() => make(value as never));
      assert.ok(isTyped(failure), `${what}: ${failure}`);
      for (const option of Object.keys(options)) {
        const failure = await failureOf(() => make({ ...options, [option]: value } as never));
        assert.ok(isTyped(failure), `${option} = ${what}: ${(failure as Error)?.stack}`);
      }
    }
  });
}

Deno.test("methods and properties take any argument, or refuse it with a typed error", async () => {
  const landscape = new LandscapeComponent({
    material,
    width: 3,
    height: 3,
    heights: Array(9).fill(0),
  });
  const spline = new LandscapeSplineComponent({ material, points });
  const stones = new InstancedStaticMeshComponent({ material, mesh, instances: [{}] });
  const decal = new DecalComponent({ material });
  const region = { x: 0, y: 0, width: 1, height: 1 };
  const acts: Readonly<Record<string, (value: never) => unknown>> = {
    "setHeights region": (value) => landscape.setHeights(value, [1]),
    "setHeights heights": (value) => landscape.setHeights(region, value),
    "setWeights layer": (value) => landscape.setWeights(value, region, new Uint8Array(1)),
    surfaceAt: (value) => landscape.surfaceAt(value),
    updatePoint: (value) => spline.updatePoint(0, value),
    "updatePoint index": (value) => spline.updatePoint(value, points[0]!),
    insertPoint: (value) => spline.insertPoint(0, value),
    removePoint: (value) => spline.removePoint(value),
    points: (value) => spline.points = value,
    landscape: (value) => spline.landscape = value,
    addInstances: (value) => stones.addInstances(value),
    updateInstance: (value) => stones.updateInstance(0, value),
    instances: (value) => stones.instances = value,
    lods: (value) => stones.lods = value,
    material: (value) => stones.material = value,
    transform: (value) => stones.transform = value,
    draws: (value) => stones.draws(value),
    subscribe: (value) => stones.subscribe(value)(),
    size: (value) => decal.size = value,
  };
  for (const [name, act] of Object.entries(acts)) {
    for (const [what, value] of Object.entries(badValues())) {
      const failure = await failureOf(() => act(value as never));
      assert.ok(isTyped(failure), `${name}: ${what}: ${(failure as Error)?.stack}`);
    }
  }
});

Deno.test("negative control: an error without a code is not typed", async () => {
  const failure = await failureOf(() => (null as unknown as Map<string, string>).get("x"));
  assert.ok(!isTyped(failure));
});
