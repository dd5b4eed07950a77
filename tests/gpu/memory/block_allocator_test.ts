import assert from "node:assert/strict";
import {
  BLOCK_ALIGNMENT,
  BlockAllocator,
  type TakenSpan,
} from "../../../src/gpu/memory/block_allocator.ts";
import { randomNumbers } from "../random_numbers.ts";

const UNIT = BLOCK_ALIGNMENT;

/** The same by one flag a unit. */
class NaiveAllocator {
  readonly units: boolean[];
  constructor(count: number) {
    this.units = new Array(count).fill(false);
  }

  /** First unit and number of units of every free run. */
  runs(): [number, number][] {
    const runs: [number, number][] = [];
    for (const [unit, isTaken] of this.units.entries()) {
      const last = runs.at(-1);
      if (isTaken) continue;
      if (last !== undefined && last[0] + last[1] === unit) last[1]++;
      else runs.push([unit, 1]);
    }
    return runs;
  }

  take(count: number): number | null {
    const fitting = this.runs().filter(([, length]) => length >= count);
    fitting.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    const first = fitting[0]?.[0];
    if (first === undefined) return null;
    this.units.fill(true, first, first + count);
    return first;
  }

  pack(): void {
    const taken = this.units.filter(Boolean).length;
    this.units.fill(true, 0, taken).fill(false, taken);
  }
}

Deno.test("random operations give what a flag for each unit gives", () => {
  for (let seed = 0; seed < 4; seed++) {
    const random = randomNumbers(seed);
    const count = 150;
    const allocator = new BlockAllocator(count * UNIT);
    const naive = new NaiveAllocator(count);
    let blocks: TakenSpan[] = [];
    for (let step = 0; step < 1500; step++) {
      const action = random();
      if (action < 0.55) {
        const size = 1 + Math.floor(random() * random() * 40 * UNIT);
        const span = allocator.take(size);
        const unit = naive.take(Math.ceil(size / UNIT));
        assert.equal(span?.offset, unit === null ? undefined : unit * UNIT);
        if (span !== null) blocks.push(span);
      } else if (action < 0.99 && blocks.length > 0) {
        const [span] = blocks.splice(Math.floor(random() * blocks.length), 1);
        naive.units.fill(false, span!.offset / UNIT, (span!.offset + span!.bytes) / UNIT);
        allocator.giveBack(span!);
      } else if (action >= 0.99) {
        const before = new Map(blocks.map((span) => [span, span.offset]));
        const moves = allocator.pack();
        naive.pack();
        blocks = blocks.sort((a, b) => a.offset - b.offset);
        const moved = moves.flatMap(({ from, to, bytes }) =>
          Array.from({ length: bytes / UNIT }, (_, i) => [from + i * UNIT, to + i * UNIT] as const)
        );
        for (const span of blocks) {
          const target = new Map(moved).get(before.get(span)!) ?? before.get(span);
          assert.equal(span.offset, target, "moves say where each block goes");
        }
      }
      const runs = naive.runs().map(([, length]) => length * UNIT);
      assert.equal(allocator.largestFreeBytes, Math.max(0, ...runs));
      assert.equal(allocator.freeBytes, runs.reduce((sum, bytes) => sum + bytes, 0));
    }
  }
});

Deno.test("negative control: a first fit is not taken for the best", () => {
  const naive = new NaiveAllocator(10);
  naive.units.fill(true, 4, 6);
  naive.units.fill(true, 8, 10);
  const allocator = new BlockAllocator(10 * UNIT);
  const spans = [4, 2, 2, 2].map((units) => allocator.take(units * UNIT)!);
  allocator.giveBack(spans[0]!);
  allocator.giveBack(spans[2]!);
  assert.equal(naive.take(2), 6);
  assert.equal(allocator.take(2 * UNIT)!.offset, 6 * UNIT);
});

Deno.test("neighbours that are free are joined, in whatever order blocks are given back", () => {
  for (const order of [[0, 1, 2], [2, 1, 0], [0, 2, 1], [1, 0, 2]]) {
    const allocator = new BlockAllocator(3 * UNIT);
    const spans = order.map(() => allocator.take(1)!);
    assert.equal(allocator.take(1), null);
    assert.deepEqual([allocator.freeBytes, allocator.largestFreeBytes], [0, 0]);
    for (const index of order) allocator.giveBack(spans[index]!);
    assert.equal(allocator.largestFreeBytes, 3 * UNIT);
  }
});
