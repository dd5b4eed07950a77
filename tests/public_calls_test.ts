import assert from "node:assert/strict";
import * as errors from "../src/errors.ts";
import * as forge3d from "../src/mod.ts";
import { badValues, Thrown } from "./helpers/bad_values.ts";
import { callsOf, madeObjects, methodsOf } from "./helpers/made_objects.ts";
import { entries } from "./helpers/option_table.ts";
import { type CallWorld, type PublicCall, publicCalls } from "./helpers/public_calls.ts";
import { openScene, runtimeCalls } from "./helpers/runtime_calls.ts";
import { runtimeEntries } from "./helpers/runtime_options.ts";
import { withFolder } from "./helpers/temporary_folder.ts";
import { mapSource } from "./streaming/sources.ts";
import { makeKtx2, noiseLevels } from "./sources/ktx2/make_ktx2.ts";
import { RGBA8, SIZE } from "./sources/ktx2/sample_parts.ts";
import { makeArchive, SMALL } from "./sources/tile_store/made_store.ts";

const CLASSES = Object.values(errors);
const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What is wrong with what a call throws or rejects with; null if nothing is. */
async function breachOf(call: () => unknown): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof Thrown || CLASSES.some((kind) => error instanceof kind)) return null;
    return error instanceof Error ? error.stack!.split("\n").slice(0, 4).join(" ") : String(error);
  }
}

/** Every way in which a call answers a bad argument with an error that is not the library's. */
async function breachesOf({ name, args, call }: PublicCall): Promise<string[]> {
  const found: string[] = [];
  const tryCall = async (what: string, given: readonly unknown[]) => {
    const breach = await breachOf(() => (call as (...args: unknown[]) => unknown)(...given));
    if (breach !== null) found.push(`${name} with ${what}: ${breach}`);
  };
  await tryCall("no arguments", []);
  for (let at = 0; at < args().length; at++) {
    for (const [what, value] of Object.entries(badValues())) {
      await tryCall(`${what} as argument ${at}`, args().with(at, value));
    }
  }
  return found;
}

function withWorld(work: (world: CallWorld) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const ktx2 = makeKtx2({ row: RGBA8, ...SIZE, levels: noiseLevels(RGBA8, SIZE, 5) });
    const store = await makeArchive({ ...SMALL, tileSize: 64, border: 4 });
    const png = await new forge3d.Picture(16, 16, new Uint8Array(1024).fill(200)).toPng();
    const options = { tileSize: 64, maxMemoryMb: 8, logger, cacheFolder: `${folder}/cache` };
    using device = await forge3d.requestDevice();
    using system = new forge3d.VirtualTextureSystem(device, options);
    const texture = await system.loadTexture(mapSource({ width: 256, height: 128 }));
    const scene = await openScene(system);
    await work({ device, system, texture, scene, ktx2, store, png, folder });
  });
}

Deno.test("every call answers a bad argument with an error of the library, or does no harm", () =>
  withWorld(async (world) => {
    const found: string[] = [];
    for (const call of publicCalls(world)) found.push(...await breachesOf(call));
    assert.deepEqual(found, []);
    assert.equal(await world.system.flush(), true, "the system goes on");
  }));

/** Takes nothing; takes ranges that the library alone makes. */
const UNTRIED = ["close", "readRanges"];

Deno.test("methods of what calls return answer bad arguments like the calls themselves", () =>
  withWorld(async (world) => {
    const found: string[] = [];
    for (const made of await madeObjects(world)) {
      const untried = methodsOf(made.object).difference(new Set(Object.keys(made.methods)));
      assert.deepEqual([...untried].filter((name) => !UNTRIED.includes(name)), [], made.name);
      const close = (made.object as { close?(): void }).close?.bind(made.object);
      for (const call of callsOf(made)) {
        await call.call(...call.args() as never[]);
        found.push(...await breachesOf(call));
        for (const options of [null, 5, "x"]) {
          const at = call.args().findIndex((value) => Object.keys(value ?? {}).length === 0);
          if (at < 0 || typeof call.args()[at] !== "object") continue;
          const given = call.args().with(at, options) as never[];
          await assert.rejects(
            async () => await call.call(...given),
            errors.InvalidArgumentError,
            `${call.name} with ${options}`,
          );
        }
      }
      await close?.();
      for (const call of callsOf(made)) found.push(...await breachesOf(call));
    }
    assert.deepEqual(found, []);
  }));

Deno.test("every option answers a bad value with an error of the library, or does no harm", () =>
  withWorld(async ({ device, system, scene }) => {
    const found: string[] = [];
    const all = [...entries(device, system), ...runtimeEntries(system, scene)];
    for (const { entry, call, rules } of all) {
      for (const { name } of rules) {
        for (const [what, value] of Object.entries(badValues())) {
          const breach = await breachOf(async () => {
            const made = await call({ [name]: value });
            (made as { close?(): void } | undefined)?.close?.();
          });
          if (breach !== null) found.push(`${entry} with ${what} as ${name}: ${breach}`);
        }
      }
    }
    assert.deepEqual(found, []);
  }));

/** Methods that systems call and others must not. */
const INTERNAL = [
  "VirtualTextureBinding.setSettings",
  "VirtualTextureBinding.writeChanges",
  "VirtualTextureBinding.forgetWritten",
  "VirtualTextureBinding.makeTarget",
  "VirtualTextureBinding.pointAt",
  "VirtualTextureBinding.renew",
  "ForgeDevice.noteUse",
  "MemorySystem.initialize",
  "VirtualTextureBinding.destroy",
  "VirtualTextureSystem.preloadRegions",
  "RuntimeVirtualTexture.noteStreamedLowMips",
  "RuntimeVirtualTextureVolume.addWarningSource",
  "VirtualTextureBuilder.openSource",
  "VirtualTextureBuilder.replace",
  "DeferredComponent.addHolder",
];
/** Methods that classes of the library call and others cannot. */
const PROTECTED = /\.(boxesUnder|drawsAt|placesUnder|followOthers|catchUp|buildVolume)$/;
/** Methods that take nothing and end the object. */
const CLOSING = [
  "VirtualTextureSystem.close",
  "ForgeDevice.close",
  "MemorySystem.close",
  "RuntimeVirtualTextureScene.close",
  "ProjectScene.close",
];
/** Classes whose objects the library makes. */
const MADE = [
  "ProjectScene",
  "ForgeDevice",
  "MemorySystem",
  "Picture",
  "StreamedTexture",
  "SubmitTracker",
  "VirtualTextureBinding",
];

Deno.test("every exported function, class and method is in the table", () =>
  withWorld((world) => {
    const names = new Set(publicCalls(world).map(({ name }) => name));
    const expected: string[] = [];
    for (const [name, value] of Object.entries(forge3d)) {
      if (typeof value !== "function" || value.prototype instanceof Error) continue;
      const isClass = Function.prototype.toString.call(value).startsWith("class");
      if (!isClass) {
        expected.push(name);
        continue;
      }
      if (!MADE.includes(name)) expected.push(`new ${name}`);
      const methods = Object.getOwnPropertyDescriptors(value.prototype);
      for (const [key, { value: method }] of Object.entries(methods)) {
        if (typeof method === "function" && key !== "constructor") expected.push(`${name}.${key}`);
      }
    }
    const missing = expected.filter((name) =>
      !names.has(name) && !INTERNAL.includes(name) && !CLOSING.includes(name) &&
      !PROTECTED.test(name)
    );
    assert.deepEqual(missing, []);
    assert.ok(expected.length > 50);
    return Promise.resolve();
  }));

Deno.test("calls of runtime virtual textures accept the arguments that the table has as right", () =>
  withWorld(async (world) => {
    const refused: string[] = [];
    for (const { name, args, call } of runtimeCalls(world)) {
      await (async () => await call(...args() as never[]))()
        .catch((error) => error instanceof Thrown || refused.push(`${name}: ${error}`));
    }
    assert.deepEqual(refused, []);
  }));

Deno.test("negative control: a call that falls over its argument is found", async () => {
  const fallsOver: PublicCall = {
    name: "fallsOver",
    args: () => [{ name: "a" }],
    call: (value: { name: string }) => value.name.length,
  };
  const found = await breachesOf(fallsOver);
  assert.ok(found.length > 10, `${found.length}`);
  assert.match(found[0]!, /fallsOver with no arguments: TypeError/);
});
