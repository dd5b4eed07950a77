import assert from "node:assert/strict";
import { packPageEntry, PageMappings } from "../../src/residency/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { seededRandom } from "../helpers/random.ts";

/** Even and odd, square and long; sizes that lose columns and rows at every level. */
const GRIDS = [[64, 64, 4], [63, 129, 3], [511, 7, 2], [31, 33, 1], [1, 1, 4]] as const;

/** Tiles just below a tile, found by asking every tile for its parent. */
function childrenOf(grid: TileGrid, tile: number): number[] {
  return Array.from({ length: tile }, (_, i) => i).filter((i) => grid.parentOf(i) === tile);
}

interface TakenEdits {
  readonly grid: TileGrid;
  readonly edits: ReturnType<PageMappings["takeEdits"]>;
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

/** Batches of random changes, in which most of the tiles around one place are mapped. */
function* randomEdits(): Generator<TakenEdits> {
  for (const [seed, [width, height, tileSize]] of GRIDS.entries()) {
    const grid = new TileGrid(width, height, tileSize);
    const random = seededRandom(seed + 1);
    const mappings = new PageMappings(grid);
    const mapped = new Set<number>();
    for (let batch = 0; batch < 150; batch++) {
      const before = new Set(mapped);
      for (let change = 0; change < 1 + 8 * random(); change++) {
        const tile = Math.floor(grid.tileCount * random());
        const family = random() < 0.5 ? [tile, ...childrenOf(grid, tile)] : [tile];
        for (const one of family) {
          if (random() < 0.1) {
            mappings.unmap(one);
            mapped.delete(one);
          } else {
            mappings.map(one, packPageEntry(batch, change % 256, 0, grid.levelOf(one)));
            mapped.add(one);
          }
        }
      }
      yield { grid, edits: mappings.takeEdits(), before, after: new Set(mapped) };
    }
  }
}

Deno.test("an edit is of its own page entry alone where all children stay mapped, and only there", () => {
  const seen = { alone: 0, reaching: 0 };
  for (const { grid, edits, before, after } of randomEdits()) {
    for (const { tile, ownEntryOnly } of edits) {
      const children = childrenOf(grid, tile);
      const wanted = children.every((child) => before.has(child) && after.has(child));
      assert.equal(ownEntryOnly, wanted, `tile ${tile} of ${grid.width}x${grid.height}`);
      if (!wanted) seen.reaching++;
      else if (children.length > 0) seen.alone++;
    }
  }
  assert.ok(seen.alone > 20 && seen.reaching > 20, JSON.stringify(seen));
});

Deno.test("negative control: what is mapped now does not tell what the batch has mapped", () => {
  let wrong = 0;
  for (const { grid, edits, after } of randomEdits()) {
    for (const { tile, ownEntryOnly } of edits) {
      const mappedNow = childrenOf(grid, tile).every((child) => after.has(child));
      if (mappedNow !== ownEntryOnly) wrong++;
    }
  }
  assert.ok(wrong > 0);
});
