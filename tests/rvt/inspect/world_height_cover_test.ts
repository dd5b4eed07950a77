import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  inspectTile,
  Material,
} from "../../../src/rvt/mod.ts";
import { PlacedScene } from "../scene/placed_scene.ts";

const COARSEST = { level: 0, x: 0, y: 0 };

Deno.test("of World Height a component is covered by higher ones, whatever their order", async () => {
  using device = await requestDevice();
  await using world = new PlacedScene(device, {
    asset: { materialType: "world_height", sizeInTilesLog2: 0 },
    volume: { position: [4, 4, 0], scale: [8, 8, 8] },
  });
  const { asset } = world;
  const write = (name: string, worldHeight: ExpressionInput, options: {
    readonly size?: readonly [number, number];
    readonly z?: number;
    readonly priority?: number;
  } = {}) =>
    new DecalComponent({
      name,
      material: new Material({ name, domain: "virtual_texture", worldHeight }),
      size: options.size ?? [10, 10],
      transform: { position: [4, 4, options.z ?? 0] },
      translucencySortPriority: options.priority ?? 0,
      renderToVirtualTextures: [asset],
    });
  const place = e.componentMask(e.worldPosition(), "z");
  await world.place([
    write("high", 3),
    write("low", 1, { priority: 9 }),
    write("small", 3.5, { size: [2, 2] }),
    write("by place", place, { z: -2 }),
    write("unknown", e.multiply(place, 0)),
  ]);
  const { writers } = await inspectTile(world.scene, asset, COARSEST);
  const covers = Object.fromEntries(
    writers.map(({ component, coveredBy }) => [component, coveredBy.toSorted()]),
  );
  assert.deepEqual(covers, {
    high: [],
    low: ["high"],
    small: [],
    "by place": ["high", "low"],
    unknown: [],
  });
});
