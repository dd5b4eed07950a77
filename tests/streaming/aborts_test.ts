import assert from "node:assert/strict";
import { DisposedError } from "../../src/errors.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkEverything } from "./checks.ts";
import { checkPlaces } from "./pictures.ts";
import { ControlledSource, mapSource, never, pause, settlesWithin } from "./sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0));
const elsewhere = lookDown(400, 300, heightOfLevel(0));
const options = { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64 };
/** What a caller is given to wait at most, in milliseconds. */
const PROMPT_MS = 1000;

interface Scene {
  readonly system: VirtualTextureSystem;
  readonly texture: StreamedTexture;
  readonly source: ControlledSource;
  /** A texture whose load waits for ever. */
  readonly silent: ControlledSource;
}

type Call = (scene: Scene, signal?: AbortSignal) => Promise<unknown>;

/** Calls that wait for a source that never answers. */
const WAITS: readonly Call[] = [
  ({ system }, signal) => system.update(camera, { signal }),
  ({ system }, signal) => system.update(camera, { signal, timeBudgetMs: 1e6 }),
  ({ system }, signal) => {
    system.updateNow(camera);
    return system.finishUpdate({ signal });
  },
  ({ system }, signal) => {
    system.updateNow(camera);
    return system.flush({ signal });
  },
  ({ system, silent }, signal) => system.loadTexture(silent, signal ? { signal } : {}),
];

async function makeScene(device: VirtualTextureSystem["device"]): Promise<Scene> {
  const system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  source.before = never;
  const silent = new ControlledSource(mapSource({ seed: 1 }));
  silent.before = never;
  return { system, texture, source, silent };
}

Deno.test("a signal ends every wait for a source that never answers, with its reason", async () => {
  using device = await requestDevice();
  for (const call of WAITS) {
    const scene = await makeScene(device);
    const { system, texture, source, silent } = scene;
    const stop = new AbortController();
    const reason = new Error("enough");
    const waiting = assert.rejects(call(scene, stop.signal), (error) => error === reason);
    await pause(5);
    stop.abort(reason);
    assert.ok(await settlesWithin(waiting, PROMPT_MS), `${call}`);
    await waiting;
    // The system goes on as if nothing had been asked.
    assert.equal(system.textures.length, 1);
    source.before = silent.before = null;
    system.evictTiles();
    await system.update(elsewhere);
    assert.equal(await system.flush(), true, `${call}`);
    checkPlaces(await render(system, elsewhere), elsewhere, texture);
    await checkEverything(system);
    system.close();
  }
});

Deno.test("negative control: without the signal the same waits go on", async () => {
  using device = await requestDevice();
  for (const call of WAITS) {
    const scene = await makeScene(device);
    const waiting = call(scene, new AbortController().signal);
    waiting.catch(() => {});
    assert.equal(await settlesWithin(waiting, 50), false, `${call}`);
    scene.system.close();
    assert.ok(await settlesWithin(waiting, PROMPT_MS), `${call}`);
  }
});

Deno.test("a signal that was aborted before keeps a call from beginning", async () => {
  using device = await requestDevice();
  const scene = await makeScene(device);
  using system = scene.system;
  const reason = new Error("never mind");
  const signal = AbortSignal.abort(reason);
  const calls: readonly Call[] = [
    ...WAITS,
    ({ system, texture }, signal) => system.unloadTexture(texture, { signal }),
    ({ system }, signal) => render(system, camera, signal ? { signal } : {}),
  ];
  const reads = scene.source.reads.length;
  for (const call of calls.filter((call) => !`${call}`.includes("updateNow"))) {
    await assert.rejects(call(scene, signal), (error) => error === reason, `${call}`);
  }
  assert.equal(scene.source.reads.length, reads, "nothing was asked for");
  assert.deepEqual(system.textures, [scene.texture]);
});

Deno.test("unloads and pictures that are cancelled leave the system as it was, or done", async () => {
  using device = await requestDevice();
  const scene = await makeScene(device);
  using system = scene.system;
  const stop = new AbortController();
  // It stands in line behind a load.
  const loading = system.loadTexture(mapSource({ seed: 2 }));
  const unloading = assert.rejects(
    system.unloadTexture(scene.texture, { signal: stop.signal }),
    /enough/,
  );
  const picture = assert.rejects(render(system, camera, { signal: stop.signal }), /enough/);
  stop.abort(new Error("enough"));
  await Promise.all([unloading, picture]);
  await loading;
  assert.equal(system.textures.length, 2);
  scene.source.before = null;
  await system.update(camera);
  await checkEverything(system);
});

Deno.test("close ends every load with a DisposedError and closes its source; updates return", async () => {
  using device = await requestDevice();
  for (const call of WAITS) {
    const scene = await makeScene(device);
    const waiting = call(scene);
    waiting.catch(() => {});
    await pause(5);
    scene.system.close();
    assert.ok(await settlesWithin(waiting, PROMPT_MS), `${call}`);
    const isLoad = scene.silent.reads.length > 0;
    if (isLoad) await assert.rejects(waiting, DisposedError);
    assert.equal(scene.silent.closed, isLoad);
    assert.ok(scene.source.closed);
  }
  assert.equal(device.health.uncapturedErrorCount, 0);
});

Deno.test("a load that is cancelled while its file is opened ends, and what comes late is closed", async () => {
  using device = await requestDevice();
  const open = Deno.open;
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  let opened: Deno.FsFile | null = null;
  let closed = false;
  Deno.open = async (...args) => {
    await gate;
    opened = await open(...args);
    const close = opened.close.bind(opened);
    opened.close = () => {
      closed = true;
      close();
    };
    return opened;
  };
  try {
    const system = new VirtualTextureSystem(device, options);
    const stop = new AbortController();
    const path = new URL("../golden/letter_f_test.ts", import.meta.url);
    const aborted = assert.rejects(system.loadTexture(path, { signal: stop.signal }), /enough/);
    const disposed = assert.rejects(system.loadTexture(path), DisposedError);
    await pause(5);
    stop.abort(new Error("enough"));
    assert.ok(await settlesWithin(aborted, PROMPT_MS));
    system.close();
    assert.ok(await settlesWithin(disposed, PROMPT_MS));
    await Promise.all([aborted, disposed]);
    openGate();
    await pause(50);
    assert.ok(opened !== null && closed, "what was opened is closed");
  } finally {
    Deno.open = open;
  }
});
