import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { DecalComponent, DeferredComponent } from "../../../src/rvt/component/mod.ts";
import { SampleSums } from "../../../src/rvt/low_mips/sample_sums.ts";
import { seededRandom } from "../../helpers/random.ts";
import {
  builtAnew,
  editedTiles,
  type LocalWorld,
  localWorld,
  paint,
  saidStale,
  SIDE,
} from "./local_world.ts";

const DAB = { x: 3, y: 4, width: 3, height: 3 };

/** Edits, and how many tiles may be said to be stale for each that is, beside two of them. */
const EDITS: readonly (readonly [string, (made: LocalWorld) => void, number])[] = [
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

/** What is wrong with the tiles that are said to be stale after each edit. */
async function wrongEdits(device: ForgeDevice): Promise<string[]> {
  const made = await localWorld(device);
  await using placed = made.placed;
  const wrong: string[] = [];
  let before = await builtAnew(made);
  for (const [name, edit, factor] of EDITS) {
    edit(made);
    await placed.scene.settled();
    const said = saidStale(made);
    const after = await builtAnew(made);
    const { changed: { length: changed }, missed } = editedTiles(before, after, said);
    const most = factor === 0 ? 0 : factor * changed + 2;
    if (missed.length > 0) wrong.push(`${name}: ${missed} are missed`);
    if (said > most) wrong.push(`${name}: said ${said}, changed ${changed}`);
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
  const made = await localWorld(device);
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

/** Edits samples at random; how many sums over rectangles differ from those of new ones. */
function wrongSums(update: (sums: SampleSums, rect: Parameters<SampleSums["update"]>[0]) => void) {
  const random = seededRandom(7);
  const below = (end: number) => Math.floor(random() * end);
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
