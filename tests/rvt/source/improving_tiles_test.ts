/**
 * Following what tiles were made from, through textures that are made from each other.
 */

import assert from "node:assert/strict";
import { VisitedTiles } from "../../../src/residency/mod.ts";
import { ImprovingTiles } from "../../../src/rvt/source/improving_tiles.ts";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";
import type { SampledObject } from "../../../src/rvt/source/sampled_regions.ts";
import { StalledTiles } from "../../../src/rvt/source/stalled_tiles.ts";
import type { SourceTexture } from "../../../src/streaming/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const TEXTURES = 6;
const TILES = 30;
/** Tiles of the texture below that each tile is made from. */
const USED = 5;

/** What stands for a texture where others are made from it. */
function sourceOf(improving: ImprovingTiles, count: (tile: number) => void): SourceTexture {
  return {
    isImproving(tile, visits) {
      count(tile);
      return improving.isImproving(tile, visits);
    },
    retryTile(tile, visits) {
      count(tile);
      improving.improve(tile, visits, () => false);
    },
  } as SourceTexture;
}

/** Textures each of which is made from the one before; the first from the last if they are a circle. */
class Chain {
  readonly stalls: StalledTiles[] = [];
  readonly improving: ImprovingTiles[] = [];
  /** Tiles that each tile of each texture is made from. */
  readonly used: number[][][] = [];
  /** Tiles of the textures that were asked, each as often as it was. */
  readonly asked: string[] = [];

  constructor(random: () => number, isCircle: boolean) {
    const objects = Array.from({ length: TEXTURES }, () => ({}) as SampledObject);
    const sources = new Map<SampledObject, SourceTexture>();
    const someTile = () => Math.floor(random() * TILES);
    for (const [i, object] of objects.entries()) {
      const made = new MadeTiles();
      const stalls = new StalledTiles();
      const below = objects.at(i - 1)!;
      const hasBelow = i > 0 || isCircle;
      this.used[i] = Array.from({ length: TILES }, (_, tile) => {
        const used = hasBelow ? [...new Set(Array.from({ length: USED }, someTile))] : [];
        made.set(tile, {
          objects: new Set([below]),
          used: new Map([[below, used]]),
          lacking: new Map(),
          coarser: 0,
          isUnheld: false,
        });
        if (random() < 0.01) stalls.note(tile);
        return used;
      });
      this.stalls[i] = stalls;
      this.improving[i] = new ImprovingTiles({
        made,
        stalls,
        sources: { sourceOf: (one) => sources.get(one)! },
      });
      sources.set(object, sourceOf(this.improving[i]!, (tile) => this.asked.push(`${i} ${tile}`)));
    }
  }

  /** The tiles that a tile of a texture is made from, and those in turn, as "texture tile". */
  reached(texture: number, tile: number, known = new Set<string>()): Set<string> {
    const name = `${texture} ${tile}`;
    if (known.has(name)) return known;
    known.add(name);
    const below = (texture + TEXTURES - 1) % TEXTURES;
    for (const used of this.used[texture]![tile]!) this.reached(below, used, known);
    return known;
  }

  isStalled(name: string): boolean {
    const [texture, tile] = name.split(" ").map(Number);
    return this.stalls[texture!]!.isTriedSoon(tile!);
  }
}

function checkChains(isCircle: boolean): void {
  for (let seed = 1; seed <= 20; seed++) {
    const chain = new Chain(seededRandom(seed), isCircle);
    const top = TEXTURES - 1;
    let improving = 0;
    for (let tile = 0; tile < TILES; tile++) {
      const expected = [...chain.reached(top, tile)].some((name) => chain.isStalled(name));
      if (expected) improving++;
      chain.asked.length = 0;
      assert.equal(chain.improving[top]!.isImproving(tile, new VisitedTiles()), expected);
      assert.ok(chain.asked.length <= TEXTURES * TILES * USED, `${chain.asked.length} asked`);
    }
    const visits = new VisitedTiles();
    chain.asked.length = 0;
    for (let tile = 0; tile < TILES; tile++) {
      chain.improving[top]!.improve(tile, visits, () => false);
    }
    assert.ok(chain.asked.length <= TEXTURES * TILES * USED, `${chain.asked.length} asked`);
    const all = new Set<string>();
    for (let tile = 0; tile < TILES; tile++) chain.reached(top, tile, all);
    assert.ok(![...all].some((name) => chain.isStalled(name)), "all that was reached is improved");
    assert.ok(seed > 1 || improving > 0);
  }
}

for (const isCircle of [false, true]) {
  const what = isCircle ? "a circle" : "a chain";
  Deno.test(`each tile that ${what} of textures is made from is followed once, and none is left out`, () => {
    checkChains(isCircle);
  });
}

Deno.test("negative control: without visits a tile is followed for each that is made from it", () => {
  const { noteVisit } = VisitedTiles.prototype;
  VisitedTiles.prototype.noteVisit = () => true;
  try {
    assert.throws(() => checkChains(false), /\d+ asked/);
  } finally {
    VisitedTiles.prototype.noteVisit = noteVisit;
  }
});
