import assert from "node:assert/strict";
import { planeMesh } from "../../../src/geometry/mod.ts";
import { checkScene, InstancedStaticMeshComponent } from "../../../src/rvt/mod.ts";
import { codesOf, World } from "./checked_world.ts";

Deno.test("an order that only ids decide is found where outlines overlap and attributes are the same", () => {
  const world = new World();
  const decal = world.decal({ translucencySortPriority: 0 });
  const found = checkScene(world)[0]!;
  assert.deepEqual([found.code, found.names], ["undefined_order", ["Hills", "Spot", "Ground"]]);
  decal.translucencySortPriority = 1;
  assert.deepEqual(codesOf(world), []);
  // Two squares that stand at an angle beside each other overlap in their bounds alone.
  const turn = [0, 0, Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)];
  decal.transform = { position: [4, 4, 0], rotation: turn };
  const second = world.decal({
    name: "Second",
    transform: { position: [4.8, 4.8, 0], rotation: turn },
  });
  assert.deepEqual(codesOf(world), []);
  second.transform = { position: [4.6, 4.6, 0], rotation: turn };
  assert.deepEqual(codesOf(world), ["undefined_order"]);
  const heights = new World({ asset: { materialType: "world_height" } });
  heights.decal({ translucencySortPriority: 0 });
  assert.ok(!codesOf(heights).includes("undefined_order"), "of heights the highest stays");
});

Deno.test("ties of a thousand components are found in bounded time, and few of them named", () => {
  const world = new World();
  const material = world.decal().material;
  for (let i = 0; i < 3000; i++) {
    world.decal({ name: `d${i}`, material, translucencySortPriority: 2 });
  }
  const found = checkScene(world).filter(({ code }) => code === "undefined_order");
  assert.equal(found.length, 21);
  assert.match(found.at(-1)!.message, /^More components than those/);
});

Deno.test("an order decides nothing where one component is not rendered, or both lie outside", () => {
  const tied = (options: Parameters<World["decal"]>[0], size = [4, 4]) => {
    const world = new World();
    world.decal({ translucencySortPriority: 2, size });
    world.decal({ translucencySortPriority: 2, size, ...options });
    return codesOf(world).includes("undefined_order");
  };
  assert.ok(tied({}), "negative control");
  assert.ok(tied({ virtualTextureSkipMips: 1 }), "the finest level shows both");
  assert.ok(!tied({ virtualTextureSkipMips: 3 }), "no level does");
  assert.ok(
    !tied({ transform: { position: [8, 8, 0], rotation: [1, 0, 0, 0] } }),
    "a back is seen",
  );
  const world = new World();
  for (const x of [-1.2, 16.8]) {
    const beside = {
      translucencySortPriority: 2,
      transform: { position: [x, 8, 0] },
      size: [2, 2],
    };
    world.decal(beside);
    world.decal({ ...beside, size: [3, 3] });
  }
  assert.equal(
    codesOf(world).filter((code) => code === "undefined_order").length,
    1,
    "on the right",
  );
});

Deno.test("instances that touch nowhere are compared by their outlines in near-linear time", () => {
  const scattered = (count: number, offset: number) => {
    const world = new World();
    const { material } = world.decal();
    const instances = Array.from({ length: count }, (_, i) => ({
      position: [1 + 14 * i / count, 1 + 14 * i / count, 0],
      rotation: [0, 0, Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)],
    }));
    for (let component = 0; component < 20; component++) {
      world.components.push(
        new InstancedStaticMeshComponent({
          material,
          mesh: planeMesh({ size: [0.02, 0.02] }),
          instances,
          transform: { position: [offset * component, -offset * component, 0] },
          translucencySortPriority: 2,
          renderToVirtualTextures: [world.asset],
          drawInMainPass: "never",
        }),
      );
    }
    const from = performance.now();
    const ties = codesOf(world).filter((code) => code === "undefined_order").length;
    return { ties, ms: performance.now() - from };
  };
  scattered(10, 0.022);
  const few = scattered(50, 0.022);
  const many = scattered(400, 0.022);
  assert.deepEqual([few.ties, many.ties], [0, 0]);
  assert.ok(
    many.ms < 4 * 8 * Math.max(few.ms, 5),
    `${few.ms} ms, ${many.ms} ms of 8 times as many`,
  );
  assert.equal(scattered(50, 0.002).ties, 21, "negative control");
});

Deno.test("what is too much to compare is told", () => {
  const world = new World();
  const { material } = world.decal();
  // Long thin stripes whose bounds all lie above each other, and whose outlines do not.
  const instances = Array.from({ length: 500 }, (_, i) => ({
    position: [4 + 0.008 * i, 12 - 0.008 * i, 0],
    rotation: [0, 0, Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)],
  }));
  for (const shift of [0, 0.0028, 0.0056]) {
    world.components.push(
      new InstancedStaticMeshComponent({
        material,
        mesh: planeMesh({ size: [8, 0.001] }),
        instances,
        transform: { position: [shift, -shift, 0] },
        translucencySortPriority: 2,
        renderToVirtualTextures: [world.asset],
        drawInMainPass: "never",
      }),
    );
  }
  const found = checkScene(world);
  assert.deepEqual(found.map(({ code, message }) => [code, message.slice(0, 4)]), [[
    "undefined_order",
    "More",
  ]]);
  assert.match(found[0]!.message, /may lie above each other .* too many to compare all of them/);
});
