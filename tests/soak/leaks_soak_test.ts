/**
 * Negative controls: what a soak checks is broken on purpose, one thing at a time, and must be found.
 */

import assert from "node:assert/strict";
import { SoakError } from "../../src/cli/soak/soak_run.ts";
import { TileUploader } from "../../src/gpu/mod.ts";
import { PageMappings } from "../../src/residency/mod.ts";
import { insideOf } from "../streaming/inside.ts";
import { never } from "../streaming/sources.ts";
import type { FigureName } from "./checks/figures.ts";
import { runSoak, type Sabotage } from "./run_soak.ts";
import type { SoakWorld } from "./world/world.ts";

const KIB = 1024;

/** What is never let go. */
const held: unknown[] = [];

const REST_FRAMES = 16;
/** As few as say whether something grows. */
const RESTS = 5;

/** Runs a short soak in which something is broken; what it says. */
async function found(sabotage: Sabotage): Promise<string> {
  const frames = RESTS * REST_FRAMES;
  try {
    await runSoak({ seed: 3, frames, restFrames: REST_FRAMES, pace: 1 }, sabotage);
    return "nothing";
  } catch (error) {
    assert.ok(error instanceof SoakError, `${error}`);
    return error.message;
  } finally {
    for (const one of held.splice(0)) if (one instanceof Deno.FsFile) one.close();
  }
}

/** Calls a function in one frame of so many. */
function every(frames: number, work: (world: SoakWorld) => void): Sabotage {
  return {
    inFrame(world) {
      if (world.log.frame % frames === 0) work(world);
    },
  };
}

/** The texture of the main system that a source gives. */
function keptTexture({ main }: SoakWorld) {
  return main.loaded[0]!;
}

Deno.test("the same soak finds nothing where nothing is broken", async () => {
  assert.equal(await found({}), "nothing");
});

/** A leak of each kind that a figure is kept of, and how much of it there is in a frame. */
const LEAKS: Readonly<Record<FigureName, (world: SoakWorld) => unknown>> = {
  "JavaScript heap": ({ log }) => held.push(new Array(16_000).fill(log.frame + 0.5)),
  "memory outside the heap": () => held.push(new ArrayBuffer(128 * KIB)),
  "resident set": ({ device: { gpu } }) => {
    // Past all that counts objects.
    const buffer = GPUDevice.prototype.createBuffer.call(gpu, {
      size: 4096 * KIB,
      usage: GPUBufferUsage.COPY_SRC,
      mappedAtCreation: true,
    });
    new Uint8Array(buffer.getMappedRange()).fill(1);
    buffer.unmap();
    held.push(buffer);
  },
  "open files": ({ folder }) => held.push(Deno.openSync(`${folder}/map 0.png`)),
  "GPU objects": ({ device: { gpu } }) =>
    gpu.createBuffer({ label: "soak", size: 16, usage: GPUBufferUsage.COPY_DST }),
  "GPU pipelines": ({ device: { gpu } }) => gpu.createSampler({ label: "another" }),
  // More of them than resident tiles are found at once, by a check of their own.
  "slots in use": () => {},
  "residency's tables": (world) => {
    const { versions } = insideOf(keptTexture(world).texture).residency;
    for (let tile = 0; tile < 100; tile++) {
      versions.invalidateTile(1e6 + 100 * world.log.frame + tile);
    }
  },
  "listeners": ({ device: { health } }) => void health.unlessLost(never()).catch(() => {}),
};

Deno.test("a leak of each kind is found, and each by its name", async () => {
  const message = await found({
    // What leaks on the GPU is gone with the device, and what it is made with must not fail.
    without: ["the device is lost", "calls of the GPU fail"],
    inFrame(world) {
      for (const leak of Object.values(LEAKS)) leak(world);
    },
  });
  for (const name of Object.keys(LEAKS)) {
    if (name !== "slots in use") assert.ok(message.includes(`${name} grew`), `${name}: ${message}`);
  }
});

Deno.test("a leak is found: listeners of a signal that the caller keeps", async () => {
  const deaf: Sabotage = {
    begin({ stop: { signal } }) {
      signal.removeEventListener = () => {};
    },
  };
  assert.match(await found(deaf), /listeners grew/);
});

Deno.test("a leak is found: tickets that are not given back", async () => {
  const keeping: Sabotage = {
    begin({ main }) {
      for (const { texture } of main.loaded) {
        const { producer } = insideOf(texture);
        const take = producer.takeFinishedTiles.bind(producer);
        producer.takeFinishedTiles = (most) =>
          take(most).map((ticket) => ({ ...ticket, release() {} }));
      }
    },
  };
  assert.match(await found(keeping), /tickets of a supply of 3 planes that were not given back/);
});

/** Replaces a method for the time of a soak; what the soak says. */
async function foundWith<Key extends string>(
  prototype: Record<Key, unknown>,
  key: Key,
  // deno-lint-ignore no-explicit-any -- any method
  broken: (original: (...args: any[]) => any) => (...args: any[]) => any,
): Promise<string> {
  // deno-lint-ignore no-explicit-any -- as above
  const original = prototype[key] as (...args: any[]) => any;
  prototype[key] = broken(original);
  try {
    return await found({});
  } finally {
    prototype[key] = original;
  }
}

Deno.test("a page table that misses edits is found", async () => {
  let count = 0;
  const message = await foundWith(
    PageMappings.prototype as never as Record<"takeEdits", unknown>,
    "takeEdits",
    (take) =>
      function (this: PageMappings) {
        return take.call(this).filter(() => ++count % 10 !== 0);
      },
  );
  assert.match(message, /page entries differ|red|green|blue|at \d+, \d+/);
});

Deno.test("content that goes into another slot is found", async () => {
  let count = 0;
  const message = await foundWith(
    TileUploader.prototype as never as Record<"record", unknown>,
    "record",
    (record) =>
      function (this: TileUploader, encoder, atlas, items) {
        const isWrong = ++count % 9 === 0;
        const moved = items.map((item: { slot: number }) => ({
          ...item,
          slot: isWrong ? (item.slot + 1) % atlas.plan.slotCount : item.slot,
        }));
        record.call(this, encoder, atlas, moved);
      },
  );
  assert.match(message, /planes of tiles differ|green|blue|at \d+, \d+/);
});

Deno.test("content that changes unheard of is found", async () => {
  const silent = every(1, (world) => keptTexture(world).soak.changes!.changeAll());
  assert.match(await found(silent), /planes of tiles differ/);
});

Deno.test("a picture that is drawn coarser than a fresh system's is found", async () => {
  const coarser: Sabotage = {
    begin(world) {
      const { binding } = keptTexture(world).texture;
      const set = binding.setSettings.bind(binding);
      binding.setSettings = (settings) =>
        set({ ...settings, lodBias: (settings.lodBias ?? 0) + 1 });
    },
  };
  assert.match(await found(coarser), /a picture of .* differs by \d+ from a fresh system's/);
});

Deno.test("bytes that systems do not count, and bytes beyond the budget, are found", async () => {
  const uncounted = every(
    10,
    ({ device: { gpu } }) =>
      held.push(gpu.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST })),
  );
  assert.match(await found(uncounted), /bytes of live GPU objects, and those that systems count/);
  const forShort = every(
    10,
    ({ device: { gpu } }) =>
      gpu.createBuffer({ size: 32 * KIB * KIB, usage: GPUBufferUsage.COPY_DST }).destroy(),
  );
  assert.match(await found(forShort), /bytes of (?:live )?GPU objects/);
});

Deno.test("errors that nobody captures, and failures in the background, are found", async () => {
  const invalid = every(
    10,
    ({ device: { gpu } }) => gpu.createSampler({ label: "soak", maxAnisotropy: 0 }),
  );
  assert.match(await found(invalid), /errors that nobody captured/);
  const failing = every(
    10,
    (world) => world.run("something", () => Promise.reject(new Error("broken")), () => false),
  );
  assert.match(await found(failing), /something failed: broken/);
});
