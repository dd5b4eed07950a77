/**
 * A drawn texture and one that is read in one system, changed at random while they stream.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown, type TestCamera } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { checkPlaces } from "../pictures.ts";
import { ControlledSource, mapSource, pause } from "../sources.ts";
import { checkDrawn, ShownChanges } from "./drawn_pictures.ts";
import { describeDrawn, type DrawnSupply, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

/** Edge of both textures in texels. */
export const SIDE = 1024;
/** Frames of a run. */
export const FRAMES = 90;

/** Both textures in a system, and what is known of them. */
export interface Pair {
  readonly system: VirtualTextureSystem;
  readonly world: DrawnWorld;
  readonly supply: DrawnSupply;
  readonly drawn: StreamedTexture;
  readonly source: ControlledSource;
  readonly read: StreamedTexture;
  readonly shown: ShownChanges;
  readonly random: () => number;
}

/** Makes both textures. */
export async function makePair(
  device: ForgeDevice,
  system: VirtualTextureSystem,
  options: {
    readonly formats: readonly TexelFormat[];
    readonly seed: number;
    readonly grid?: TileGrid;
    readonly source?: ControlledSource;
  },
): Promise<Pair> {
  const { formats, seed, grid = new TileGrid(SIDE, SIDE, 64) } = options;
  const random = seededRandom(seed);
  const world = new DrawnWorld(grid);
  let supply: DrawnSupply | undefined;
  const drawn = await system.addTexture(
    describeDrawn(world, formats),
    ({ ledger }) => supply = drawnSupply({ device, ledger, world, formats }),
  );
  const { source = new ControlledSource(mapSource({ width: SIDE, height: SIDE })) } = options;
  source.before = () => pause(Math.floor(random() * 6));
  const read = await system.loadTexture(source);
  const shown = new ShownChanges(world);
  return { system, world, supply: supply!, drawn, source, read, shown, random };
}

/** Changes the world at random, and tells the system. */
function changeSomething({ system, world, drawn, random }: Pair): void {
  const { grid } = world;
  const roll = random();
  if (roll < 0.5) {
    const level = Math.floor(random() * grid.levelCount);
    const { tilesX, tilesY } = grid.level(level);
    const x = Math.floor(random() * tilesX);
    const y = Math.floor(random() * tilesY);
    world.changeTile(grid.tileIndexOf(level, x, y));
    system.invalidate(drawn, { level, x, y });
  } else if (roll < 0.9) {
    const level = Math.floor(random() * 3);
    const [x, y] = [random() * SIDE / 2 ** level, random() * SIDE / 2 ** level];
    const [width, height] = [random() * 200, random() * 200];
    const scale = 2 ** level;
    world.changeRect({
      x0: x * scale,
      y0: y * scale,
      x1: (x + width) * scale,
      y1: (y + height) * scale,
    });
    system.invalidate(drawn, { x, y, width, height, level });
  } else {
    world.changeAll();
    system.invalidate(drawn);
  }
}

function someCamera(random: () => number): TestCamera {
  return lookDown(random() * SIDE, random() * SIDE, heightOfLevel(random() * 2.2));
}

/** Runs frames while the world changes, looks at pictures now and then, and settles at the end. */
export async function runPair(pair: Pair): Promise<void> {
  const { system, world, supply, drawn, read, shown, random } = pair;
  let camera = someCamera(random);
  for (let frame = 0; frame < FRAMES; frame++) {
    if (frame % 15 === 7) camera = someCamera(random);
    if (random() < 0.4) changeSomething(pair);
    supply.producer.delayFrames = frame % 40 < 20 ? 1 : 0;
    supply.producer.beginFrame();
    system.updateNow(camera);
    // Changes also come while tiles are in flight.
    if (random() < 0.2) changeSomething(pair);
    checkMemory(system);
    await pause(1);
    if (frame % 9 === 8) {
      await checkDrawn(system, drawn, { world, camera, shown, isSettled: false });
      checkPlaces(await render(system, camera, { texture: read }), camera, read);
    }
  }
  supply.producer.delayFrames = 0;
  for (const view of [camera, someCamera(random), lookDown(500, 500, heightOfLevel(0))]) {
    await system.update(view);
    assert.ok(await system.flush());
    await checkDrawn(system, drawn, { world, camera: view, shown, isSettled: true });
    checkPlaces(await render(system, view, { texture: read }), view, read);
    assert.equal(await wrongEntries(system), 0);
    checkMemory(system);
  }
  assert.equal(supply.producer.heldTickets, 0, "every ticket was given back");
  assert.ok(shown.pixels > 20_000, `${shown.pixels} pixels were compared`);
}

/** Options of a system that holds a part of both. */
export const OPTIONS = {
  maxMemoryBytes: 4 * 2 ** 20,
  tileSize: 64,
  tilesPerUpdate: 12,
  logger: { debug() {}, info() {}, warn() {}, error() {} },
};

/** Formats of the drawn texture. */
export const KINDS: readonly (readonly TexelFormat[])[] = [
  ["rgba8unorm", "r8unorm"],
  ["bc1-rgba-unorm", "bc5-rg-unorm"],
];

/** Kinds that a device has. */
export function kindsOf(device: ForgeDevice): (readonly TexelFormat[])[] {
  return KINDS.filter((formats) => {
    const missing = formats.filter((format) => !device.supports(format));
    if (missing.length > 0) console.info(`not tried, as the device lacks it: ${missing}`);
    return missing.length === 0;
  });
}
