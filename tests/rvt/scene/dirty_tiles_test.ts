import assert from "node:assert/strict";
import { type OrientedBox, rotationAbout } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { Material, MaterialInstance } from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { boxMesh } from "../oracle/shapes.ts";
import { BASE, makeWorld, pinsOf } from "./edited_world.ts";
import { PlacedScene } from "./placed_scene.ts";
import { differingTiles } from "./rebuilt_tiles.ts";
import { tilesShowing } from "./tiles_showing.ts";

const PAINT = new Material({ name: "paint", domain: "virtual_texture", ...pinsOf(0.5) });

/** Asserts that an edit renders those tiles again that show some boxes, at every level, and no others. */
async function assertRenders(
  placed: PlacedScene,
  edit: () => void,
  boxes: () => readonly OrientedBox[],
): Promise<number> {
  const before = boxes();
  placed.takeRendered();
  edit();
  const after = boxes();
  await placed.renderAll();
  const rendered = placed.takeRendered();
  const { surely, perhaps } = tilesShowing(placed, [...before, ...after]);
  const [found, most] = [new Set(rendered), new Set(perhaps)];
  assert.equal(found.size, rendered.length, "no tile is rendered twice");
  assert.deepEqual(surely.filter((tile) => !found.has(tile)), [], "missing");
  assert.deepEqual(rendered.filter((tile) => !most.has(tile)), [], "in vain");
  assert.ok(perhaps.length - surely.length <= 1, "the exact set is known");
  return rendered.length;
}

Deno.test("a box that is moved renders exactly the tiles of its old and its new place", async () => {
  using device = await requestDevice();
  const random = seededRandom(8);
  const between = (low: number, high: number) => low + (high - low) * random();
  for (const tileBorder of [0, 4] as const) {
    await using placed = new PlacedScene(device, {
      asset: { materialType: "base_color", sizeInTilesLog2: 3, tileBorder },
      volume: { rotation: rotationAbout([1, 1, 4], 0.7), scale: [64, 40, 40] },
    });
    const box = new StaticMeshComponent({
      material: PAINT,
      mesh: boxMesh(),
      renderToVirtualTextures: [placed.asset],
    });
    await placed.place([box]);
    await placed.renderAll();
    const counts: number[] = [];
    for (let i = 0; i < 12; i++) {
      const transform = {
        position: [between(-30, 30), between(-18, 18), between(-8, 8)],
        rotation: rotationAbout([between(-1, 1), between(-1, 1), 1], between(-3, 3)),
        scale: [between(0.1, 12), between(0.1, 3), between(0.1, 3)],
      };
      const move = () => box.transform = transform;
      counts.push(await assertRenders(placed, move, () => box.boxes()));
    }
    const { tileCount } = placed.grid;
    assert.ok(Math.max(...counts) < tileCount && Math.min(...counts) >= 4, `${counts}`);
  }
});

Deno.test("what is above the volume, or below it, renders nothing", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device, { volume: { scale: [32, 32, 20] } });
  await placed.renderAll();
  placed.takeRendered();
  const far = new StaticMeshComponent({
    material: PAINT,
    mesh: boxMesh(),
    transform: { position: [0, 0, 11] },
    renderToVirtualTextures: [placed.asset],
  });
  placed.scene.addComponent(far);
  far.transform = { position: [1, 2, -12] };
  await placed.renderAll();
  assert.deepEqual(placed.takeRendered(), []);
});

/** A spline of a kilometre along the diagonal of 16 by 16 tiles, with a control point every 50 units. */
async function placeDiagonal(device: ForgeDevice, material: MaterialInstance) {
  const placed = new PlacedScene(device, {
    asset: { materialType: "base_color", sizeInTilesLog2: 4 },
    volume: { scale: [1024, 1024, 100] },
  });
  const count = 21;
  const points = Array.from({ length: count }, (_, i) => {
    const along = (i / (count - 1) - 0.5) * 1000 / Math.SQRT2;
    return { position: [along, along, 0] as const, width: 8 };
  });
  const spline = new LandscapeSplineComponent({
    material,
    points,
    renderToVirtualTextures: [placed.asset],
  });
  await placed.place([spline]);
  await placed.renderAll();
  return { placed, spline };
}

Deno.test("a diagonal spline of a kilometre renders exactly its tiles at every level", async () => {
  using device = await requestDevice();
  const material = new MaterialInstance(BASE, { name: "asphalt" });
  const { placed, spline } = await placeDiagonal(device, material);
  await using _closed = placed;
  const before = await placed.readTiles();
  // All of it: a band along the diagonal.
  const edit = () => material.setScalar("opacity", 0.3);
  const all = await assertRenders(placed, edit, () => spline.boxes());
  assert.ok(all < placed.grid.tileCount / 3, `${all} of ${placed.grid.tileCount}`);
  material.setScalar("opacity", 0.6);
  await placed.renderAll();
  assert.deepEqual(differingTiles(before, await placed.readTiles()), []);
  // A point in its middle, and the two segments on each side that follow.
  const old = new Set(spline.boxes());
  const move = () => spline.updatePoint(10, { position: [6, -9, 0], width: 12 });
  let changed: OrientedBox[] = [];
  const some = await assertRenders(placed, move, () => {
    const now = spline.boxes();
    if (now.every((box) => old.has(box))) return [];
    changed = [...old].filter((box) => !now.includes(box));
    return [...changed, ...now.filter((box) => !old.has(box))];
  });
  assert.equal(changed.length, 4);
  const differing = differingTiles(before, await placed.readTiles());
  const share = differing.length / some;
  assert.ok(share > 0.8, `${differing.length} of ${some} tiles show a difference`);
});

Deno.test("an instance, a brush and a place in the order render exactly what they touch", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device, { volume: { scale: [32, 32, 20] } });
  await placed.renderAll();
  const { components } = placed.scene;
  const posts = components.find((one) =>
    one instanceof InstancedStaticMeshComponent && one.name.startsWith("instanced")
  ) as InstancedStaticMeshComponent;
  const moveOne = () => posts.updateInstance(1, { position: [-7, 6, 1] });
  await assertRenders(placed, moveOne, () => [posts.boxes()[1]!]);
  const hill = components.find((one) => one instanceof StaticMeshComponent)!;
  const raise = () => void (hill.translucencySortPriority = 3);
  await assertRenders(placed, raise, () => hill.boxes());

  const land = components.find((one) => one instanceof LandscapeComponent)!;
  const before = await placed.readTiles();
  placed.takeRendered();
  land.setWeights("grass", { x: 29, y: 3, width: 1, height: 1 }, new Uint8Array([9]));
  await placed.renderAll();
  const rendered = placed.takeRendered();
  const differing = differingTiles(before, await placed.readTiles());
  // The sample at (13, -13), with a quad around it.
  const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 0]] as const;
  const { perhaps } = tilesShowing(placed, [{ center: [13, -13, 0], axes }]);
  assert.ok(differing.length > 0 && differing.every((tile) => rendered.includes(tile)));
  assert.deepEqual(rendered.filter((tile) => !perhaps.includes(tile)), []);
});

Deno.test("negative control: a move that renders one tile too few, or one too many", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device, { volume: { scale: [32, 32, 20] } });
  await placed.renderAll();
  const hill = placed.scene.components.find((one) => one instanceof StaticMeshComponent)!;
  const boxes = hill.boxes();
  const { surely } = tilesShowing(placed, boxes);
  const others = [...Array(placed.grid.tileCount).keys()].filter((tile) => !surely.includes(tile));
  const invalidate = (tiles: readonly number[]) => () =>
    placed.system.invalidate(
      placed.texture,
      ({ level, x, y }) => tiles.includes(placed.grid.tileIndexOf(level, x, y)),
    );
  await assertRenders(placed, invalidate(surely), () => boxes);
  for (const tiles of [surely.slice(1), [...surely, others[0]!]]) {
    await assert.rejects(assertRenders(placed, invalidate(tiles), () => boxes), /missing|in vain/);
  }
});
