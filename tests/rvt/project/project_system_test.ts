import assert from "node:assert/strict";
import { FileError, InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { openProjectScene, Project, type ProjectOptions } from "../../../src/rvt/mod.ts";
import { checkedPoolConfig, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { QUIET } from "../scene/placed_scene.ts";

const POOLS: ProjectOptions["pools"] = {
  pools: [{ formats: ["rgba8unorm-srgb"], sizeMb: 4 }],
  defaultSizeMb: 8,
};
const CONTENT: ProjectOptions = {
  name: "Plain",
  assets: [{ name: "Ground", tileSize: 64, sizeInTilesLog2: 1 }],
  scenes: [{ name: "Main", volumes: [{ asset: "Ground" }] }],
  pools: POOLS,
  scalability: { low: { "r.VT.MaxUploadsPerFrame": 2 }, high: {} },
};

Deno.test("an opened scene has the project's pools, and the scalability level that is asked for", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
  const { poolConfig } = system.tuning;
  const project = new Project(CONTENT);
  {
    await using opened = await openProjectScene(project, system, { scalabilityLevel: "low" });
    assert.deepEqual(system.tuning.poolConfig, checkedPoolConfig(POOLS));
    assert.equal(opened.console!.scalabilityLevel, "low");
    assert.equal(opened.console!.get("r.VT.MaxUploadsPerFrame"), 2);
  }
  await system.tuning.configurePools(poolConfig);
  const without = new Project({ ...CONTENT, pools: undefined } as never);
  await using plain = await openProjectScene(without, system);
  assert.equal(plain.console, null);
  assert.deepEqual(system.tuning.poolConfig, poolConfig);
});

Deno.test("a level that is not there is refused, and a scene that fails leaves pools as they were", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
  const { poolConfig } = system.tuning;
  const project = new Project(CONTENT);
  await assert.rejects(openProjectScene(project, system, { scalabilityLevel: "odd" }), {
    name: OutOfRangeError.name,
    message:
      `Cannot open scene as scalabilityLevel must be one of "low", "high": current value is odd`,
  });
  const number = { scalabilityLevel: 3 } as never;
  await assert.rejects(openProjectScene(project, system, number), {
    name: InvalidArgumentError.name,
  });
  const mesh = { file: "none.glb" };
  const material = {
    format: "forge3d material",
    version: 1,
    name: "M",
    domain: "surface",
  } as const;
  const failing = project.withContent({
    materials: [{ ...material, nodes: [], pins: {}, output: null }],
    scenes: [{ name: "Main", components: [{ kind: "static_mesh", material: "M", mesh }] }],
  });
  await assert.rejects(openProjectScene(failing, system), { name: FileError.name });
  assert.deepEqual(system.tuning.poolConfig, poolConfig);
});
