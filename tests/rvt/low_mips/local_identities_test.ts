import assert from "node:assert/strict";
import { boxMesh } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  DeferredComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { SampleSums } from "../../../src/rvt/low_mips/sample_sums.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { memorySource, openTileStore } from "../../../src/sources/mod.ts";
import { PlacedScene } from "../scene/placed_scene.ts";

const SIDE = 65;
const BOX = { position: [32, 32, 0], scale: [64, 64, 40] } as const;
const DAB = { x: 3, y: 4, width: 3, height: 3 };

function paint(name: string, baseColor: Parameters<typeof e.add>[0]): Material {
  return new Material({ name, domain: "virtual_texture", baseColor });
}

/** A landscape and meshes in one texture, whose ground shows another one. */
async function world(device: ForgeDevice) {
  const placed = new PlacedScene(device, {
    volume: { ...BOX, streamingLowMips: 3 },
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
  await scene.addVolume(new RuntimeVirtualTextureVolume(far, BOX));
  await scene.addVolume(placed.volume);
  return { placed, land, boxes, lods, patch };
}

type World = Awaited<ReturnType<typeof world>>;

/** Edits, and how many tiles may be said to be stale for each that is, beside two of them. */
const EDITS: readonly (readonly [string, (made: World) => void, number])[] = [
  ["heights", ({ land }) => land.setHeights(DAB, new Float32Array(9).fill(4)), 1.5],
  ["weights", ({ land }) => land.setWeights("rock", DAB, new Uint8Array(9)), 1.5],
  ["unread weights", ({ land }) => land.setWeights("moss", DAB, new Uint8Array(9).fill(9)), 0],
  ["an instance", ({ boxes }) => {
    boxes.instances = [{ position: [9, 58, 3] }, boxes.instances[1]!];
  }, 1.5],
  ["skip mips", ({ lods }) => void (lods.virtualTextureSkipMips = 1), 1],
  ["LOD bias", ({ lods }) => void (lods.virtualTextureLodBias = 1), 1.5],
  ["what another texture shows", ({ patch }) => {
    patch.material = paint("patch", [0, 1, 0]);
  }, 4],
  ["tile count bias", ({ placed }) => placed.scene.change({ tileCountBias: 1 }), 0],
];

/** The tiles of a bake, coarsest last. */
async function builtTiles({ placed }: World): Promise<string[]> {
  const { builder } = await placed.scene.build(placed.volume);
  const store = await openTileStore(memorySource(builder.bytes!));
  const tiles: string[] = [];
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    tiles.push((await store.readTilePlanes(level, x, y)).map((plane) => plane.join()).join());
  }
  store.close();
  return tiles;
}

/** What is wrong with the tiles that are said to be stale after each edit. */
async function wrongEdits(device: ForgeDevice): Promise<string[]> {
  const made = await world(device);
  await using placed = made.placed;
  const wrong: string[] = [];
  let before = await builtTiles(made);
  for (const [name, edit, factor] of EDITS) {
    edit(made);
    await placed.scene.settled();
    const warnings = placed.volume.warnings.join();
    const said = Number(/^(\d+) of 21 baked tiles/.exec(warnings)?.[1] ?? 0);
    const after = await builtTiles(made);
    const changed = after.filter((tile, i) => tile !== before[i]).length;
    const most = factor === 0 ? 0 : factor * changed + 2;
    if (said < changed || said > most) wrong.push(`${name}: said ${said}, changed ${changed}`);
    before = after;
  }
  return wrong;
}

Deno.test("edits make the tiles stale that they change, and few others", async () => {
  using device = await requestDevice();
  assert.deepEqual(await wrongEdits(device), []);
});

Deno.test("negative control: where samples elsewhere count, too many tiles are found", async () => {
  using device = await requestDevice();
  const { sumOver } = SampleSums.prototype;
  SampleSums.prototype.sumOver = function () {
    return sumOver.call(this, { x0: 0, y0: 0, x1: SIDE - 1, y1: SIDE - 1 });
  };
  try {
    assert.match((await wrongEdits(device)).join(), /heights: said 21.*weights: said 21/);
  } finally {
    SampleSums.prototype.sumOver = sumOver;
  }
});

Deno.test("an edit at one end of the world loads nothing at the other, but for tiles that show both", async () => {
  using device = await requestDevice();
  const made = await world(device);
  await using placed = made.placed;
  const { scene, volume, asset } = placed;
  let loads = 0;
  const load = () => {
    loads++;
    return Promise.resolve(
      new DecalComponent({
        material: paint("rock", [0, 0, 0]),
        size: [2, 2],
        transform: { position: [56, 10, 0] },
        renderToVirtualTextures: [asset],
      }),
    );
  };
  const rock = new DeferredComponent({
    name: "rock",
    identity: "1",
    bounds: { min: [54, 8, -1], max: [58, 12, 1] },
    renderToVirtualTextures: [asset],
    load,
  });
  scene.addDeferredComponent(rock);
  volume.change({ useStreamingLowMipsInEditor: true });
  await scene.settled();
  await scene.build(volume);
  rock.unload();
  // Only the coarsest level shows both.
  const finer = Array.from({ length: 20 }, (_, tile) => tile);
  await placed.renderTiles(finer);
  made.land.setWeights("rock", DAB, new Uint8Array(9).fill(7));
  loads = 0;
  await placed.renderTiles(finer);
  assert.match(volume.warnings.join(), /^[3-7] of 21 baked tiles/);
  assert.ok(loads <= 1, `${loads} loads`);
});

/** Numbers from 0 up to 1, the same each time. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    yield state / 0x80000000;
  }
}

/** Edits samples at random; how many sums over rectangles differ from those of new ones. */
function wrongSums(update: (sums: SampleSums, rect: Parameters<SampleSums["update"]>[0]) => void) {
  const random = randomNumbers(7);
  const below = (end: number) => Math.floor(random.next().value * end);
  let wrong = 0;
  for (const [width, height] of [[1, 1], [8, 3], [16, 9], [37, 50], [64, 24]] as const) {
    for (const samples of [new Float32Array(width * height), new Uint8Array(width * height)]) {
      const sums = new SampleSums(samples, { width, height });
      for (let round = 0; round < 40; round++) {
        const [x, y] = [below(width), below(height)];
        samples[y * width + x] = below(200);
        update(sums, { x0: x, y0: y, x1: x, y1: y });
        const [x0, y0] = [below(width), below(height)];
        const rect = { x0, y0, x1: x0 + below(width - x0), y1: y0 + below(height - y0) };
        const wanted = new SampleSums(samples, { width, height });
        if (sums.sumOver(rect).join() !== wanted.sumOver(rect).join()) wrong++;
        const cells: [number, number] = [0, 0];
        for (let row = rect.y0; row <= rect.y1; row++) {
          const part = wanted.sumOver({ ...rect, y0: row, y1: row });
          cells.forEach((_, lane) => cells[lane] = (cells[lane]! + part[lane]!) | 0);
        }
        if (cells.join() !== wanted.sumOver(rect).join()) wrong++;
      }
    }
  }
  return wrong;
}

Deno.test("sums of samples that were edited are those of new ones, row by row and together", () => {
  assert.equal(wrongSums((sums, rect) => sums.update(rect)), 0);
  assert.ok(wrongSums(() => {}) > 20, "negative control: without updates");
});
