import assert from "node:assert/strict";
import { BudgetError, InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { MemoryLedger, PageTable, planPageTable, requestDevice } from "../../../src/gpu/mod.ts";
import { packPageEntry, PAGE_ENTRY_NONE, PageMappings } from "../../../src/residency/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { fakeDevice } from "../fake_device.ts";
import {
  differences,
  GRIDS,
  RandomMappings,
  rebuild,
  submitEdits,
  wrongAfterTraffic,
} from "./traffic.ts";

Deno.test("random edits give the table that a rebuild from scratch gives, bit for bit", async () => {
  using device = await requestDevice();
  for (const [index, [width, height, tileSize]] of GRIDS.entries()) {
    const grid = new TileGrid(width, height, tileSize);
    const wrong = await wrongAfterTraffic(device, grid, {
      seed: index + 1,
      batches: 7,
      operations: 1 + index * 2,
    });
    assert.equal(wrong, 0, `${width}x${height} in tiles of ${tileSize}`);
  }
});

Deno.test("the same holds where the coarsest level has several tiles", async () => {
  using device = await requestDevice();
  for (const [seed, removedLevels] of [1, 2, 4].entries()) {
    const grid = new TileGrid(1025, 513, 64, { lastLevel: "tile", removedLevels });
    assert.ok(grid.tailTileCount > 1);
    const traffic = { seed: 60 + seed, batches: 7, operations: 12, tailBatches: 2 };
    assert.equal(await wrongAfterTraffic(device, grid, traffic), 0);
  }
});

Deno.test("the same check fails when edits are applied fine to coarse", async () => {
  using device = await requestDevice();
  const grid = new TileGrid(1025, 513, 64);
  const wrong = await wrongAfterTraffic(device, grid, {
    seed: 5,
    batches: 3,
    operations: 40,
    apply: (_, table, edits) => {
      for (const edit of edits.toReversed()) submitEdits(device, table, [edit]);
    },
  });
  assert.ok(wrong > 0);
});

Deno.test("the same check fails without the rule for the last column and row", async () => {
  using device = await requestDevice();
  const createShaderModule = device.gpu.createShaderModule.bind(device.gpu);
  device.gpu.createShaderModule = (descriptor) => {
    const code = descriptor.code.replace("if (index + 1u < count)", "if (index < count)");
    return createShaderModule({ ...descriptor, code });
  };
  const traffic = { seed: 6, batches: 3, operations: 40 };
  assert.ok(await wrongAfterTraffic(device, new TileGrid(1025, 513, 64), traffic) > 0);
  // Sizes that nest exactly do not need the rule, so that it alone is what failed.
  assert.equal(await wrongAfterTraffic(device, new TileGrid(1024, 512, 64), traffic), 0);
});

Deno.test("edits whose commands were lost give the same table when they are recorded again", async () => {
  using device = await requestDevice();
  for (const [index, size] of [[1025, 513, 64], [63, 129, 3], [13, 9, 1]].entries()) {
    const grid = new TileGrid(size[0]!, size[1]!, size[2]!);
    let batch = 0;
    const wrong = await wrongAfterTraffic(device, grid, {
      seed: 20 + index,
      batches: 8,
      operations: 6,
      tailBatches: 4,
      apply: (device, table, edits) => {
        // Every other batch is recorded into commands that are never submitted.
        if (batch++ % 2 === 0) table.recordEdits(device.gpu.createCommandEncoder(), edits);
        submitEdits(device, table, edits);
      },
    });
    assert.equal(wrong, 0);
  }
});

Deno.test("several batches that were lost together are recorded again in their order", async () => {
  using device = await requestDevice();
  for (let seed = 40; seed < 46; seed++) {
    const grid = new TileGrid(1025, 513, 64);
    const ledger = new MemoryLedger(device.submits, 2 ** 26);
    const table = new PageTable(device, ledger, grid);
    const random = new RandomMappings(grid, seed);
    const batches = [grid.tailLevel, grid.tailLevel, 0, 0].map((firstLevel) => {
      for (let i = 0; i < 8; i++) random.change(firstLevel);
      return random.mappings.takeEdits();
    });
    const lost = device.gpu.createCommandEncoder();
    for (const edits of batches) table.recordEdits(lost, edits);
    const wanted = rebuild(grid, random.mapped);
    assert.ok(differences(await table.readBack(), wanted) > 0, "nothing was submitted");
    for (const edits of batches) submitEdits(device, table, edits);
    assert.equal(differences(await table.readBack(), wanted), 0);
    table.destroy();
  }
});

Deno.test("the same check fails when every edit is treated as one of a single page entry", async () => {
  using device = await requestDevice();
  const wrong = await wrongAfterTraffic(device, new TileGrid(1025, 513, 64), {
    seed: 7,
    batches: 4,
    operations: 20,
    apply: (device, table, edits) =>
      submitEdits(device, table, edits.map((edit) => ({ ...edit, ownEntryOnly: true }))),
  });
  assert.ok(wrong > 0);
});

Deno.test("the same check fails when a table is filled with another value than its tail's", async () => {
  using device = await requestDevice();
  const wrong = await wrongAfterTraffic(device, new TileGrid(1025, 513, 64), {
    seed: 8,
    batches: 2,
    operations: 3,
    apply: (device, table, edits) => {
      const encoder = device.gpu.createCommandEncoder();
      const beginRenderPass = encoder.beginRenderPass.bind(encoder);
      encoder.beginRenderPass = (descriptor) => {
        const colorAttachments = [...descriptor.colorAttachments].map((target) => ({
          ...target!,
          clearValue: [PAGE_ENTRY_NONE, 0, 0, 0],
        }));
        return beginRenderPass({ ...descriptor, colorAttachments });
      };
      table.recordEdits(encoder, edits);
      device.submits.submit([encoder.finish()]);
    },
  });
  assert.ok(wrong > 0);
});

Deno.test("only the texels whose values change are written", async () => {
  using device = await requestDevice();
  for (const [index, [width, height, tileSize]] of GRIDS.entries()) {
    const grid = new TileGrid(width, height, tileSize);
    const ledger = new MemoryLedger(device.submits, 2 ** 26);
    const table = new PageTable(device, ledger, grid);
    const random = new RandomMappings(grid, 30 + index);
    let before = rebuild(grid, random.mapped);
    let changed = 0;
    for (let change = 0; change < 30; change++) {
      random.change(change < 6 ? grid.tailLevel : 0, () => {
        const edits = random.mappings.takeEdits();
        submitEdits(device, table, edits);
        const after = rebuild(grid, random.mapped);
        changed += differences(before, after);
        before = after;
      });
    }
    const written = await table.readWrittenTexels();
    assert.equal(written, changed, `${width}x${height} in tiles of ${tileSize}`);
    table.destroy();
  }
});

Deno.test("a table begins with nothing resident, whatever its size", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 26);
  for (const [width, height, tileSize] of [[1, 1, 64], [4097, 4095, 64], [2 ** 16, 64, 64]]) {
    const table = new PageTable(device, ledger, new TileGrid(width!, height!, tileSize!));
    const entries = await table.readBack();
    assert.ok(entries.every((tile) => tile === PAGE_ENTRY_NONE));
    table.destroy();
  }
});

Deno.test("one edit of the coarsest level reaches every tile of a texture of 2^18 texels", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 26);
  const grid = new TileGrid(2 ** 18, 2 ** 18, 256);
  const table = new PageTable(device, ledger, grid);
  const value = packPageEntry(1, 2, 3, grid.tailLevel);
  const tile = grid.tileIndexOf(grid.tailLevel, 0, 0);
  submitEdits(device, table, [{ tile, oldValue: PAGE_ENTRY_NONE, newValue: value }]);
  const entries = await table.readBack();
  assert.ok(entries.subarray(0, tile + 1).every((found) => found === value));
  assert.ok(entries.subarray(tile + 1).every((found) => found === PAGE_ENTRY_NONE));
  assert.equal(await table.readWrittenTexels(), tile + 1);
  table.destroy();
});

Deno.test("edits of several batches in one submit do not affect each other", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 26);
  const grid = new TileGrid(4096, 4096, 64);
  const table = new PageTable(device, ledger, grid);
  const mapped = new Map<number, number>();
  for (let round = 0; round < 2; round++) {
    const encoder = device.gpu.createCommandEncoder();
    for (let batch = 0; batch < 3; batch++) {
      // The last batch outgrows the buffer in which the first two wait.
      const edits = Array.from({ length: batch === 2 ? 1000 : 7 }, (_, i) => {
        const tile = batch * 1000 + i;
        const newValue = packPageEntry(i % 256, batch, i, round);
        const edit = { tile, oldValue: mapped.get(tile) ?? PAGE_ENTRY_NONE, newValue };
        mapped.set(tile, newValue);
        return edit;
      });
      table.recordEdits(encoder, edits);
    }
    device.submits.submit([encoder.finish()]);
    const entries = await table.readBack();
    for (const [tile, value] of mapped) assert.equal(entries[tile], value);
  }
  table.destroy();
  await device.submits.wait();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
  device.assertAlive();
});

Deno.test("a batch is one buffer and one pass, coarse to fine, single page entries last", () => {
  const { device, log, buffers } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const grid = new TileGrid(1024, 1024, 256);
  const table = new PageTable(device, ledger, grid, "table");
  const record = (tiles: readonly number[], ownEntryOnly?: boolean) => {
    log.length = 0;
    const edits = tiles.map((tile) => {
      const flag = ownEntryOnly === undefined ? {} : { ownEntryOnly };
      return { tile, oldValue: PAGE_ENTRY_NONE, newValue: 1, ...flag };
    });
    table.recordEdits(device.gpu.createCommandEncoder(), edits);
  };
  // Tiles of the finest level have nothing below.
  record([0]);
  const first = ["unmap table edits", "pass table edits", "bind 0", "dispatch 1x1", "end"];
  assert.deepEqual(log, first);
  assert.equal(buffers.at(-1)!.size, 256 + 16);
  device.submits.submit([]);
  assert.ok(buffers.at(-1)!.destroyed, "once it is submitted");
  const tiles = [0, 3, grid.tileIndexOf(2, 0, 0), 5, grid.tileIndexOf(1, 1, 1)];
  record(tiles);
  assert.deepEqual(log, [
    "unmap table edits",
    "pass table edits",
    "bind 0",
    "dispatch 1x1",
    "bind 256",
    "dispatch 1x1",
    "bind 512",
    "dispatch 1x1",
    "end",
  ]);
  device.submits.submit([]);
  record(tiles, true);
  assert.deepEqual(log, first);
  assert.equal(buffers.at(-1)!.size, 256 + tiles.length * 16);
  record([]);
  assert.deepEqual(log, []);
});

Deno.test("the largest texture's first content is a fill, and a hidden coarse tile one page entry", () => {
  const { device, log } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 28);
  const grid = new TileGrid(2 ** 20, 2 ** 20, 256);
  const table = new PageTable(device, ledger, grid, "table");
  assert.ok(!log.some((line) => line.startsWith("submit")), "a new table costs the GPU nothing");
  const mappings = new PageMappings(grid);
  const tail = grid.levels.slice(grid.tailLevel);
  const value = (level: number) => packPageEntry(level, 0, 0, level);
  const record = () => {
    log.length = 0;
    table.recordEdits(device.gpu.createCommandEncoder(), mappings.takeEdits());
    return log.filter((line) => line.startsWith("pass") || line.startsWith("dispatch"));
  };
  const single = ["pass table edits", "dispatch 1x1"];
  const fill = (level: number) => `pass table fill: clear ${value(level)}`;
  for (const { firstTile, level } of tail) mappings.map(firstTile, value(level));
  assert.deepEqual(record(), [fill(grid.tailLevel), ...single]);
  // The tail's finest tile covers all tiles below, whenever it is edited; the others never do.
  const root = tail.at(-1)!;
  mappings.unmap(root.firstTile);
  assert.deepEqual(record(), single);
  mappings.map(tail[0]!.firstTile, value(0));
  assert.deepEqual(record(), [fill(0), ...single]);
  // The same once finer tiles are edited.
  const finer = grid.level(grid.tailLevel - 1);
  for (let i = 0; i < 4; i++) mappings.map(finer.firstTile + i, value(finer.level));
  assert.equal(record().length, 2);
  for (const { firstTile, level } of tail) {
    mappings.map(firstTile, packPageEntry(level, 1, 0, level));
    assert.deepEqual(record(), single);
  }
});

Deno.test("a tile that does not exist, or is named twice, records nothing", () => {
  const { device, log } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const table = new PageTable(device, ledger, new TileGrid(1024, 1024, 256), "table");
  log.length = 0;
  const encoder = device.gpu.createCommandEncoder();
  const edit = { tile: 0, oldValue: PAGE_ENTRY_NONE, newValue: 1 };
  assert.throws(() => table.recordEdits(encoder, [edit, edit]), InvalidArgumentError);
  for (const tile of [-1, 0.5, NaN, table.grid.tileCount]) {
    assert.throws(() => table.recordEdits(encoder, [{ ...edit, tile }]), OutOfRangeError);
  }
  assert.deepEqual(log, []);
});

Deno.test("a table that does not fit the budget creates nothing", () => {
  const { device } = fakeDevice();
  const grid = new TileGrid(1024, 1024, 256);
  const whole = new MemoryLedger(device.submits, 2 ** 24);
  new PageTable(device, whole, grid).destroy();
  for (const share of [0.01, 0.5, 0.99]) {
    const ledger = new MemoryLedger(device.submits, Math.floor(whole.peakBytes * share));
    assert.throws(() => new PageTable(device, ledger, grid), BudgetError);
    device.submits.markCompleted(device.submits.lastSubmitted);
    ledger.collect();
    assert.equal(ledger.usedBytes, 0);
  }
});

Deno.test("a table's texture has room for every tile within the device's limits", () => {
  assert.deepEqual(planPageTable(1, 8192), { tableShift: 0, width: 1, height: 1 });
  assert.deepEqual(planPageTable(5, 8192), { tableShift: 3, width: 8, height: 1 });
  assert.deepEqual(planPageTable(2048, 8192), { tableShift: 11, width: 2048, height: 1 });
  assert.deepEqual(planPageTable(2049, 8192), { tableShift: 11, width: 2048, height: 2 });
  const { tileCount } = new TileGrid(2 ** 18, 2 ** 18, 64);
  for (const maxTextureSize of [8192, 16384]) {
    const { tableShift, width, height } = planPageTable(tileCount, maxTextureSize);
    assert.equal(width, 2 ** tableShift);
    assert.ok(height <= maxTextureSize && width * height >= tileCount);
    assert.ok(width * (height - 1) < tileCount);
  }
  assert.throws(() => planPageTable(8192 * 8192 + 1, 8192), OutOfRangeError);
});
