import assert from "node:assert/strict";
import { PoolResidency, Residency, TextureResidency } from "../../src/residency/mod.ts";
import { TileGrid, TileList, TileReason } from "../../src/tiles/mod.ts";

const CAPACITY = 9;

/** A texture of a pool with few slots, whose tiles are made as soon as they are asked for. */
function smallPool() {
  const residency = new Residency();
  const pool = new PoolResidency(CAPACITY, (slot) => slot);
  const asked = new Map<number, number>();
  const texture = new TextureResidency(1, {
    grid: new TileGrid(512, 512, 64, { lastLevel: "tile" }),
    pool,
    producer: {
      request: (tile, version) => (asked.set(tile, version), "available"),
      cancel: (tile) => void asked.delete(tile),
      takeFinishedTiles: () => [],
      takeFailures: () => [],
      pendingCount: 0,
      finishedCount: 0,
      setListener() {},
    },
    recorder: { cost: { uploadBytes: 0, scratchBytes: 0, gpuMs: 0 } },
  });
  residency.addTexture(texture);
  const budget = () => ({
    tiles: 64,
    aheadTiles: 64,
    staleTiles: 64,
    bytes: 1e9,
    gpuMs: 1e9,
    drawnTiles: Infinity,
    staleDrawnTiles: Infinity,
    isUploading: false,
    isDrawing: false,
  });
  const land = () => {
    for (const [tile, version] of asked) {
      residency.land(texture, { tile, version, payload: null, release() {} });
    }
    asked.clear();
  };
  const frame = (seen: readonly number[]) => {
    residency.beginFrame();
    const list = new TileList();
    for (const tile of seen) list.push(tile, 1, TileReason.visible);
    residency.want(texture, list);
    residency.admit(budget());
    land();
  };
  return { residency, texture, frame, land, admit: () => residency.admit(budget()), asked };
}

Deno.test("a needed tile is asked for without being wanted, and stays until it is released", () => {
  const { texture, frame } = smallPool();
  texture.needed.hold(3);
  frame([]);
  assert.equal(texture.needed.stateOf(3), "current");
  for (let first = 8; first < 56; first += 6) frame([0, 1, 2, 3, 4, 5].map((k) => first + k));
  assert.ok(texture.slotOf.has(3));
  texture.needed.release(3);
  for (let first = 8; first < 56; first += 8) {
    frame([0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => first + k));
  }
  assert.ok(!texture.slotOf.has(3));
  assert.equal(texture.pool.neededCount, 0);
});

Deno.test("in the same frame what was released gives its slot to what is needed next", () => {
  const { texture, frame, admit, land } = smallPool();
  const first = Array.from({ length: CAPACITY }, (_, tile) => tile);
  for (const tile of first) texture.needed.hold(tile);
  frame([]);
  assert.ok(first.every((tile) => texture.needed.stateOf(tile) === "current"));
  texture.needed.hold(20);
  assert.equal(admit(), 0);
  for (const tile of first) texture.needed.release(tile);
  assert.equal(admit(), 1);
  land();
  assert.equal(texture.needed.stateOf(20), "current");
});

Deno.test("what cannot be asked for is refused until the next frame", () => {
  const { residency, texture, frame, admit } = smallPool();
  const held = Array.from({ length: CAPACITY }, (_, tile) => tile);
  for (const tile of held) texture.needed.hold(tile);
  frame([]);
  texture.needed.hold(30);
  assert.equal(admit(), 0);
  assert.equal(texture.needed.stateOf(30), "coming");
  residency.refuseNeeds();
  assert.equal(texture.needed.stateOf(30), "refused");
  residency.beginFrame();
  assert.equal(texture.needed.stateOf(30), "coming");
});

Deno.test("listeners hear of content that lands, and of what becomes stale", () => {
  const { residency, texture, frame } = smallPool();
  const landed: number[] = [];
  let stale: number[] = [];
  const stop = texture.subscribeContent({
    landed: (tile) => landed.push(tile),
    improved: () => assert.fail("it was not told of better content"),
    invalidated: (isTouched) => stale = [1, 2, 3].filter(isTouched),
  });
  frame([1, 2]);
  assert.deepEqual(landed, [1, 2]);
  texture.invalidateWhere((tile) => tile > 1);
  // Whether it is resident or not.
  assert.deepEqual(stale, [2, 3]);
  texture.invalidateTile(1);
  assert.deepEqual(stale, [1]);
  stop();
  residency.removeTexture(texture);
  assert.deepEqual(stale, [1]);
});

Deno.test("listeners hear that content is better than before where its producer says so", () => {
  const { texture, frame } = smallPool();
  const better: number[] = [];
  texture.subscribeContent({
    landed() {},
    improved: (tile) => better.push(tile),
    invalidated() {},
  });
  const noted: number[] = [];
  texture.producer.noteLanded = (tile) => {
    noted.push(tile);
    return tile === 2;
  };
  frame([1, 2, 3]);
  assert.deepEqual(noted, [1, 2, 3]);
  assert.deepEqual(better, [2]);
});
