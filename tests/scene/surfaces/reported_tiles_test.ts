import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  type ExpressionInput,
  expressions as e,
  Material,
  MaterialInstance,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import {
  LEVELS,
  type LevelsWorld,
  levelsWorld,
  showing,
  SLANTING,
  WORLD_TO_VOLUME,
} from "./levels_world.ts";
import { oraclePicture, sampledAt } from "./oracle_picture.ts";
import { type ReportedTile, reportedTiles } from "./reported_tiles.ts";

/** What a level's logarithm and a pixel's neighbours may be off by. */
const LEVEL_SLACK = 0.15;

async function reportedBy(
  { system, scene, asset, ground }: LevelsWorld,
  color: ExpressionInput,
  options: { readonly feedback?: boolean; readonly frames?: number } = {},
): Promise<ReportedTile[]> {
  const { feedback = true, frames = 8 } = options;
  ground.material = showing(color);
  const draw = () => renderScene(scene, SLANTING, { feedback });
  return await reportedTiles(system, scene.textureOf(asset)!, { draw, frames });
}

/** How many pixels want each tile; those of which it is not certain count as none. */
function wantedTiles({ scene, asset }: LevelsWorld): Map<string, number> {
  const { grid } = scene.textureOf(asset)!;
  const counts = new Map<string, number>();
  oraclePicture({
    ...{ scene, camera: SLANTING, volumes: [], stride: 1 },
    runtimeVirtualTexture: (_, place) => {
      const { uv, level } = sampledAt(place, WORLD_TO_VOLUME, grid);
      const around = [-LEVEL_SLACK, 0, LEVEL_SLACK].map((slack) =>
        tileKey(grid, uv, Math.min(Math.max(Math.floor(level + slack), 0), LEVELS - 1))
      );
      for (const key of around) counts.set(key, counts.get(key) ?? 0);
      if (around[0] === around[2]) counts.set(around[0]!, counts.get(around[0]!)! + 1);
      return [0, 0, 0];
    },
  });
  return counts;
}

type Grid = NonNullable<ReturnType<LevelsWorld["scene"]["textureOf"]>>["grid"];

function tileKey(grid: Grid, uv: readonly [number, number], level: number): string {
  const { width, height } = grid.level(level);
  const tile = [uv[0] * width, uv[1] * height].map((at) => Math.floor(at / grid.tileSize));
  return `${level} ${tile.join(" ")}`;
}

/** Of tiles that enough pixels want, those that are not reported; and reported ones that none wants. */
function disagreements(reported: readonly ReportedTile[], wanted: ReadonlyMap<string, number>) {
  const keys = new Set(reported.map(({ level, x, y }) => `${level} ${x} ${y}`));
  return {
    missing: [...wanted].filter(([key, count]) => count > 100 && !keys.has(key)),
    needless: [...keys].filter((key) => !wanted.has(key)),
  };
}

Deno.test("pictures report the tiles that their pixels want, and no others", async () => {
  using device = await requestDevice();
  const world = await levelsWorld(device);
  using _system = world.system;
  const sample = e.runtimeVirtualTextureSample(world.asset);
  const reported = await reportedBy(world, sample.baseColor, { frames: 16 });
  assert.ok(new Set(reported.map(({ level }) => level)).size >= 3, "several levels");
  assert.deepEqual(disagreements(reported, wantedTiles(world)), { missing: [], needless: [] });
  const biased = e.runtimeVirtualTextureSample(world.asset, { mipMode: "bias", bias: 1 });
  world.ground.material = showing(biased.baseColor);
  const { missing, needless } = disagreements(reported, wantedTiles(world));
  assert.ok(missing.length > 0 && needless.length > 0, "negative control: other tiles show");
});

Deno.test("a level that is given is reported, with its coarser neighbour left to residency", async () => {
  using device = await requestDevice();
  const world = await levelsWorld(device);
  using _system = world.system;
  const options = { mipMode: "level", level: 2.6 } as const;
  const { baseColor } = e.runtimeVirtualTextureSample(world.asset, options);
  const reported = await reportedBy(world, baseColor);
  assert.ok(reported.length >= 4);
  assert.deepEqual([...new Set(reported.map(({ level }) => level))], [2]);
});

Deno.test("a sample without feedback, and a picture without, report nothing", async () => {
  using device = await requestDevice();
  const world = await levelsWorld(device);
  using _system = world.system;
  const { asset } = world;
  const silent = e.runtimeVirtualTextureSample(asset, { feedback: false });
  assert.deepEqual(await reportedBy(world, silent.baseColor), []);
  const loud = e.runtimeVirtualTextureSample(asset);
  assert.deepEqual(await reportedBy(world, loud.baseColor, { feedback: false }), []);
  const both = e.add(silent.baseColor, loud.baseColor);
  assert.ok((await reportedBy(world, both)).length > 0, "negative control: one of two reports");
});

Deno.test("an instance that samples another texture reports and shows that one", async () => {
  using device = await requestDevice();
  const world = await levelsWorld(device);
  using _system = world.system;
  const { system, scene, asset, ground } = world;
  const other = new RuntimeVirtualTexture({
    ...{ name: "Other", materialType: "base_color", sizeInTilesLog2: 2, tileSize: 64 },
    compressTextures: false,
  });
  await scene.addVolume(new RuntimeVirtualTextureVolume(other, { scale: [16, 16, 10] }));
  const parameter = e.runtimeVirtualTextureSampleParameter("below", asset);
  const parent = showing(e.add(parameter.baseColor, [0.1, 0.1, 0.1]));
  const instance = new MaterialInstance(parent, { name: "over other" });
  instance.setRuntimeVirtualTexture("below", other);
  const brightness = async () => {
    const { data } = await renderScene(scene, SLANTING, { towardsLight: [0, 0, 1] });
    return data[4 * (48 * 96 + 48)]!;
  };
  const draw = () => renderScene(scene, SLANTING);
  const reported = async (one: RuntimeVirtualTexture) =>
    (await reportedTiles(system, scene.textureOf(one)!, { draw })).length > 0;
  ground.material = parent;
  const before = await brightness();
  assert.deepEqual([await reported(asset), await reported(other)], [true, false]);
  ground.material = instance;
  // The other texture is black, as nothing is rendered to it.
  assert.ok(await brightness() < before - 20);
  assert.deepEqual([await reported(asset), await reported(other)], [false, true]);
  instance.reset("below");
  assert.equal(await brightness(), before);
});

Deno.test("outputs that a type lacks have clear values in pictures, as its flags say", async () => {
  using device = await requestDevice();
  const world = await levelsWorld(device);
  using _system = world.system;
  const { scene, asset, ground } = world;
  const sample = e.runtimeVirtualTextureSample(asset);
  const flags = (["baseColor", "normal", "roughness", "mask4"] as const).map((name) =>
    sample.hasOutput(name)
  );
  assert.deepEqual(flags, [true, false, false, false]);
  const lit = async (material: Material) => {
    ground.material = material;
    return (await renderScene(scene, SLANTING, { feedback: false })).data;
  };
  const { normal, roughness, specular, mask } = sample;
  const lacking = new Material({
    name: "lacking",
    baseColor: e.append(mask, roughness, specular),
    ...{ normal, roughness, specular },
  });
  const clear = new Material({ name: "clear", baseColor: [0, 0.5, 0.5], normal: [0, 0, 1] });
  assert.deepEqual(await lit(lacking), await lit(clear));
});
