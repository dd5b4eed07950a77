import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../src/errors.ts";
import { adoptDevice, requestDevice } from "../src/gpu/mod.ts";
import { render } from "../src/scene/mod.ts";
import { VirtualTextureSystem } from "../src/streaming/mod.ts";
import { type Entry, number, type Rule } from "./helpers/option_rules.ts";
import { entries } from "./helpers/option_table.ts";
import { openScene } from "./helpers/runtime_calls.ts";
import { runtimeEntries } from "./helpers/runtime_options.ts";
import { heightOfLevel, lookDown } from "./streaming/cameras.ts";
import { mapSource } from "./streaming/sources.ts";

/** Values of types that no option takes. */
const WRONG = [Symbol.iterator, 10n] as const;

/** What a call throws or rejects with; null if it does neither. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return null;
  } catch (error) {
    return error;
  }
}

type Expected = typeof InvalidArgumentError | typeof OutOfRangeError;

function breach(error: unknown, rule: Rule, expected: Expected): string | null {
  if (!(error instanceof expected)) return `is ${error}, not ${expected.name}`;
  if (error.argument !== rule.name) return `names ${error.argument}`;
  if (!error.message.startsWith("Cannot ")) return `does not say what cannot be done: ${error}`;
  if (!error.message.includes(rule.name)) return `does not hold the name: ${error.message}`;
  const silent = expected === OutOfRangeError
    ? rule.says.filter((text) => !error.message.includes(text))
    : [];
  return silent.length === 0 ? null : `does not say ${silent}: ${error.message}`;
}

/** Every breach of the rule, one sentence each. */
async function breaches(entry: Entry): Promise<string[]> {
  const found: string[] = [];
  for (const rule of entry.rules) {
    const tries: [unknown, Expected][] = [
      ...[...WRONG, ...rule.wrong].map((value): [unknown, Expected] => [
        value,
        InvalidArgumentError,
      ]),
      ...rule.impossible.map((value): [unknown, Expected] => [value, OutOfRangeError]),
    ];
    for (const [value, expected] of tries) {
      const error = await failureOf(() => entry.call({ [rule.name]: value }));
      const problem = breach(error, rule, expected);
      if (problem !== null) {
        found.push(`${entry.entry}, ${rule.name} = ${String(value)}: ${problem}`);
      }
    }
  }
  return found;
}

/** Every call that takes options, with a system that has a texture, and a scene. */
async function withEntries(work: (all: readonly Entry[]) => Promise<void>): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  await system.loadTexture(mapSource());
  await using scene = await openScene(system);
  await work([...entries(device, system), ...runtimeEntries(system, scene)]);
}

Deno.test("every option refuses wrong types and impossible values by one rule, and names itself", () =>
  withEntries(async (all) => {
    const found: string[] = [];
    for (const entry of all) found.push(...await breaches(entry));
    assert.deepEqual(found, []);
  }));

Deno.test("options that do not exist are refused by name, with those that do", () =>
  withEntries(async (all) => {
    const strict = all.filter(({ isOpen }) => !isOpen);
    assert.ok(strict.length >= 50);
    for (const { entry, call } of strict) {
      const error = await failureOf(() => call({ colour: 1 }));
      assert.ok(error instanceof InvalidArgumentError, `${entry}: ${error}`);
      assert.match(error.message, /no option colour: options are /, entry);
    }
  }));

Deno.test("options that are no object are refused, and so are viewports and textures", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  const texture = await system.loadTexture(mapSource());
  const camera = { position: [100, 100, 100] };
  const calls: Record<string, (value: never) => unknown> = {
    update: (value) => system.update(camera, value),
    updateNow: (value) => system.updateNow(camera, value),
    finishUpdate: (value) => system.finishUpdate(value),
    flush: (value) => system.flush(value),
    renewed: (value) => system.renewed(value),
    unloadTexture: (value) => system.unloadTexture(texture, value),
    prefetchRegion: (value) => system.prefetchRegion(texture, value),
    adoptDevice: (value) => adoptDevice(device.gpu, value),
    render: (value) => render(system, lookDown(100, 100, heightOfLevel(0)), value),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const value of [null, 7, 0, "", "a", [1], Symbol.iterator] as never[]) {
      const error = await failureOf(() => call(value));
      assert.ok(error instanceof InvalidArgumentError, `${name}(${String(value)}): ${error}`);
    }
  }
  for (const value of [0, "", false, 7, "a"] as never[]) {
    assert.throws(() => system.evictTiles(value), { argument: "texture" });
    assert.throws(() => system.noteRender(value), { argument: "viewport" });
    assert.throws(() => adoptDevice(value), { argument: "gpu" });
  }
  assert.deepEqual(system.textures, [texture], "nothing was done");
  assert.equal(await system.flush(), true);
  await system.update(camera, { texture: null, timeBudgetMs: null, signal: undefined });
});

Deno.test("options that cannot act on tiles as they are stored are refused by name", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  const { colorSpace } = mapSource();
  const other = colorSpace === "srgb" ? "linear" : "srgb";
  const others = { quality: "low", colorSpace: other, preferredFormat: "BC7", wrap: "repeat" };
  for (const [name, value] of Object.entries(others)) {
    const error = await failureOf(() => system.loadTexture(mapSource(), { [name]: value }));
    assert.ok(error instanceof UnsupportedError, `${name}: ${error}`);
    assert.match(error.message, new RegExp(`${name} cannot change .*: leave ${name} out$`));
  }
  assert.equal(system.textures.length, 0);
  await system.loadTexture(mapSource(), { colorSpace, quality: null });
});

Deno.test("negative control: an option that is not checked, or by another rule, is found", async () => {
  const rules = [number("size", [-1], "from 0 to 8")];
  const unchecked: Entry = { entry: "lenient", call: () => {}, rules };
  assert.ok((await breaches(unchecked)).length > 5);
  const other: Entry = {
    entry: "another rule",
    call: ({ size }) => {
      throw new InvalidArgumentError("size", `Cannot make it as size is wrong: ${String(size)}`);
    },
    rules,
  };
  assert.deepEqual((await breaches(other)).map((text) => text.split(":")[0]), [
    "another rule, size = -1",
    "another rule, size = NaN",
  ]);
});
