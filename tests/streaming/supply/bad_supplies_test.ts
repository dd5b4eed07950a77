/**
 * What cannot be added or invalidated, and says so.
 */

import assert from "node:assert/strict";
import {
  DisposedError,
  InvalidArgumentError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { adoptDevice, requestDevice, type TexelTap } from "../../../src/gpu/mod.ts";
import {
  type MakeSupply,
  type TextureDescription,
  type TileSupply,
  VirtualTextureSystem,
} from "../../../src/streaming/mod.ts";
import { checkDescription } from "../../../src/streaming/supply/check_description.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { mapSource } from "../sources.ts";
import { KINDS } from "./drawn_pair.ts";
import { describeDrawn, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

const FORMATS = KINDS[0]!;
const world = new DrawnWorld(new TileGrid(300, 200, 64));
const good = describeDrawn(world, FORMATS);
const makeGood: MakeSupply = ({ device, ledger }) =>
  drawnSupply({ device, ledger, world, formats: FORMATS });

type Kind = typeof InvalidArgumentError | typeof OutOfRangeError;
/** A bad value, what it is refused with, and the argument that the error names. */
type Row = readonly [value: object, kind: Kind, argument: string];

const BAD_DESCRIPTIONS: readonly Row[] = [
  [{ name: 7 }, InvalidArgumentError, "name"],
  [{ info: undefined }, InvalidArgumentError, "info"],
  [{ grid: null }, InvalidArgumentError, "grid"],
  [{ grid: { ...world.grid } }, InvalidArgumentError, "grid"],
  [{ grid: new TileGrid(300, 200, 32) }, OutOfRangeError, "tileSize"],
  [{ grid: new TileGrid(300, 200, 100) }, OutOfRangeError, "tileSize"],
  [{ grid: new TileGrid(300, 200, 2048) }, OutOfRangeError, "tileSize"],
  [{ border: "4" }, InvalidArgumentError, "border"],
  [{ border: 1 }, OutOfRangeError, "border"],
  [{ border: 10 }, OutOfRangeError, "border"],
  [{ border: NaN }, OutOfRangeError, "border"],
  [{ formats: "r8unorm" }, InvalidArgumentError, "formats"],
  [{ formats: null }, InvalidArgumentError, "formats"],
  [{ formats: [] }, OutOfRangeError, "formats.length"],
  [{ formats: Array(4).fill("r8unorm") }, OutOfRangeError, "formats.length"],
  [{ formats: ["r8unorm", "bc9"] }, OutOfRangeError, "formats[1]"],
  [{ formats: [7] }, InvalidArgumentError, "formats[0]"],
  [{ colorSpace: "SRGB" }, OutOfRangeError, "colorSpace"],
  [{ colorSpace: undefined }, InvalidArgumentError, "colorSpace"],
  [{ opaque: 1 }, InvalidArgumentError, "opaque"],
  [{ alphaIsData: "yes" }, InvalidArgumentError, "alphaIsData"],
  [{ taps: "filtered" }, InvalidArgumentError, "taps"],
  [{ taps: [] }, OutOfRangeError, "taps"],
  [{ taps: ["nearest"] }, OutOfRangeError, "taps[0]"],
  [{ colourSpace: "srgb" }, InvalidArgumentError, "colourSpace"],
  [{ format: "r8unorm" }, InvalidArgumentError, "format"],
  [{ formats: ["rgba8unorm-srgb"], colorSpace: "linear" }, OutOfRangeError, "colorSpace"],
];

const BAD_OPTIONS: readonly Row[] = [
  [{ placement: "up" }, OutOfRangeError, "placement"],
  [{ origin: [0, 0] }, InvalidArgumentError, "origin"],
  [{ signal: 7 }, InvalidArgumentError, "signal"],
  [{ preferredFormat: "bc1" }, InvalidArgumentError, "preferredFormat"],
];

/** Parts that a supply has instead of its own. */
const BAD_SUPPLIES: readonly Row[] = [
  [{ producer: null }, InvalidArgumentError, "producer"],
  [{ recorder: undefined }, InvalidArgumentError, "recorder"],
  [{ counters: 7 }, InvalidArgumentError, "counters"],
  [{ counters: { bytesRead: 1 } }, InvalidArgumentError, "counters.bytesUsed"],
  ...["request", "cancel", "takeFinishedTiles", "takeFailures", "setListener"]
    .map((name): Row => [{ "producer.": { [name]: null } }, InvalidArgumentError, "producer"]),
  [{ "producer.": { pendingCount: "0" } }, InvalidArgumentError, "producer.pendingCount"],
  [{ "producer.": { finishedCount: -1 } }, OutOfRangeError, "producer.finishedCount"],
  [{ "recorder.": { record: 1 } }, InvalidArgumentError, "recorder"],
  [{ "recorder.": { memory: "cache" } }, OutOfRangeError, "recorder.memory"],
  [{ "recorder.": { availableBytes: NaN } }, OutOfRangeError, "recorder.availableBytes"],
  [{ "recorder.": { cost: 7 } }, InvalidArgumentError, "recorder.cost"],
  [
    { "recorder.": { cost: { uploadBytes: 1, scratchBytes: 1 } } },
    InvalidArgumentError,
    "recorder.cost.gpuMs",
  ],
  [
    { "recorder.": { cost: { uploadBytes: 1, scratchBytes: -1, gpuMs: 0 } } },
    OutOfRangeError,
    "recorder.cost.scratchBytes",
  ],
];

function refusal([, kind, argument]: Row): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof kind, `${error} is ${kind.name}`);
    assert.equal(error.argument, argument);
    assert.ok(error.message.startsWith("Cannot add texture"), error.message);
    assert.match(error.message, /current (value|length) is|there is no (option|field)/);
    return true;
  };
}

/** A supply of which a part is replaced; `producer.` and `recorder.` name parts of parts. */
function broken(supply: TileSupply, parts: Record<string, unknown>): TileSupply {
  const result: Record<string, unknown> = { ...supply };
  for (const [name, value] of Object.entries(parts)) {
    const of = name.endsWith(".") ? name.slice(0, -1) as "producer" | "recorder" : null;
    if (of === null) result[name] = value;
    else {
      const replaced = Object.fromEntries(
        Object.entries(value as object).map(([key, value]) => [key, { value }]),
      );
      Object.defineProperties(supply[of], replaced);
    }
  }
  return result as unknown as TileSupply;
}

Deno.test("a description, options and a supply that cannot be are refused by name, and nothing changes", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const before = system.getMemoryInfo();
  let made = 0;
  let closed = 0;
  const makeNone: MakeSupply = (host) => {
    made++;
    return makeGood(host);
  };
  for (const row of BAD_DESCRIPTIONS) {
    const description = { ...good, ...row[0] } as TextureDescription;
    await assert.rejects(system.addTexture(description, makeNone), refusal(row));
  }
  for (const row of BAD_OPTIONS) {
    await assert.rejects(system.addTexture(good, makeNone, row[0]), (error) => {
      assert.ok(error instanceof row[1] && error.argument === row[2], `${error}`);
      return true;
    });
  }
  for (const value of [null, undefined, 7, "x"] as unknown[]) {
    const description = value as TextureDescription;
    const row: Row = [{}, InvalidArgumentError, "description"];
    await assert.rejects(system.addTexture(description, makeNone), refusal(row));
    const options = value as object;
    if (value !== undefined) {
      await assert.rejects(system.addTexture(good, makeNone, options), InvalidArgumentError);
    }
    const make = value as MakeSupply;
    const noMaker: Row = [{}, InvalidArgumentError, "makeSupply"];
    await assert.rejects(system.addTexture(good, make), refusal(noMaker));
    const noSupply: Row = [{}, InvalidArgumentError, "supply"];
    await assert.rejects(system.addTexture(good, () => value as TileSupply), refusal(noSupply));
  }
  assert.equal(made, 0, "no supply is made for what cannot be");
  for (const row of BAD_SUPPLIES) {
    const make: MakeSupply = (host) => {
      const supply = makeGood(host);
      return broken({ ...supply, close: () => closed++ }, row[0] as Record<string, unknown>);
    };
    await assert.rejects(system.addTexture(good, make), refusal(row));
  }
  assert.equal(closed, BAD_SUPPLIES.length, "each was closed once");
  await assert.rejects(
    system.addTexture(good, () => {
      throw new Error("cannot be made");
    }),
    /cannot be made/,
  );
  await device.submits.wait();
  assert.deepEqual(system.getMemoryInfo(), before);
  assert.equal(system.textures.length, 0);
  await system.addTexture(good, makeGood);
  assert.equal(system.textures.length, 1, "negative control: what is right is added");
});

Deno.test("planes whose formats the device lacks are refused with the plane and the feature", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const lacking = { supports: { value: (format: string) => !format.startsWith("bc") } };
  Object.defineProperties(device.present, lacking);
  const description: TextureDescription = { ...good, formats: ["rgba8unorm", "bc5-rg-unorm"] };
  await assert.rejects(system.addTexture(description, makeGood), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.equal(error.feature, "bc5-rg-unorm");
    assert.match(error.message, /bc5-rg-unorm of plane 1: .* texture-compression-bc$/);
    return true;
  });
});

Deno.test("a grid whose page table does not fit the device is refused", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  Object.defineProperty(device.present, "limit", { value: () => 4 });
  await assert.rejects(system.addTexture(good, makeGood), { argument: "tileSize" });
});

const BAD_PARTS: readonly (readonly [unknown, Kind, string])[] = [
  [7, InvalidArgumentError, "part"],
  ["all", InvalidArgumentError, "part"],
  [true, InvalidArgumentError, "part"],
  [[0, 0, 0], InvalidArgumentError, "part"],
  [{}, InvalidArgumentError, "level"],
  [{ level: 0, x: 0 }, InvalidArgumentError, "y"],
  [{ level: "0", x: 0, y: 0 }, InvalidArgumentError, "level"],
  [{ level: -1, x: 0, y: 0 }, OutOfRangeError, "level"],
  [{ level: 99, x: 0, y: 0 }, OutOfRangeError, "level"],
  [{ level: 0, x: 5, y: 0 }, OutOfRangeError, "x"],
  [{ level: 0, x: 0, y: 4 }, OutOfRangeError, "y"],
  [{ level: 0, x: 0.5, y: 0 }, OutOfRangeError, "x"],
  [{ x: 0, y: 0, width: 5 }, InvalidArgumentError, "height"],
  [{ x: 0, y: 0, width: -5, height: 1 }, OutOfRangeError, "width"],
  [{ x: NaN, y: 0, width: 5, height: 1 }, OutOfRangeError, "x"],
  [{ x: 0, y: Infinity, width: 5, height: 1 }, OutOfRangeError, "y"],
  [{ x: 0, y: "0", width: 5, height: 1 }, InvalidArgumentError, "y"],
  [{ x: 0, y: 0, width: 5, height: 1, level: 99 }, OutOfRangeError, "level"],
];

Deno.test("parts that cannot be invalidated are refused by name, and nothing becomes stale", async () => {
  using device = await requestDevice();
  const system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const texture = await system.addTexture(good, makeGood);
  for (const [part, kind, argument] of BAD_PARTS) {
    assert.throws(() => system.invalidate(texture, part as never), (error) => {
      assert.ok(error instanceof kind, `${error} is ${kind.name}`);
      assert.equal(error.argument, argument);
      assert.ok(error.message.startsWith("Cannot invalidate texture as "), error.message);
      return true;
    });
  }
  for (const other of [null, undefined, 7, {}] as never[]) {
    assert.throws(() => system.invalidate(other), { argument: "texture" });
    const region = { x: 0, y: 0, width: 1, height: 1 };
    assert.throws(() => system.prefetchRegion(other, region), { argument: "texture" });
    await assert.rejects(system.unloadTexture(other), { argument: "texture" });
  }
  using second = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const foreign = await second.loadTexture(mapSource());
  assert.throws(() => system.invalidate(foreign), { argument: "texture" });
  const camera = { position: [100, 100, 100] };
  await system.flush();
  const { tilesRequested } = system.updateNow({ ...camera, position: [0, 0, 1e6] });
  assert.equal(tilesRequested, 0, "nothing is stale");
  system.invalidate(texture, { level: world.grid.tailLevel, x: 0, y: 0 });
  assert.equal(system.updateNow({ position: [0, 0, 1e6] }).tilesRequested, 1, "negative control");
  system.close();
  assert.throws(() => system.invalidate(texture), DisposedError);
});

Deno.test("formats that the device does not filter are for one plane, tapped by a shader", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice();
  const device = adoptDevice(gpu);
  try {
    const described = (formats: TexelFormat[], taps?: TexelTap[]) => () => {
      const description = { ...good, formats, colorSpace: "linear", ...(taps ? { taps } : {}) };
      checkDescription(description as TextureDescription, device);
    };
    for (
      const refused of [
        described(["rgba8unorm", "r32float"]),
        described(["r32float"], ["filtered"]),
        described(["rg32float", "r32float"]),
      ]
    ) {
      assert.throws(refused, { name: "UnsupportedError", message: /feature float32-filterable/ });
    }
    described(["rgba32float"])();
    described(["r32float"], ["float32"])();
    described(["rgba16float", "rg16float"])();
  } finally {
    device.close();
    gpu.destroy();
  }
});
