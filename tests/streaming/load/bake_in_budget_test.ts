import assert from "node:assert/strict";
import sharp from "sharp";
import { bakePicture } from "../../../src/bake/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { MemorySink } from "../../../src/sources/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { randomBytes } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";

const BUDGET = 3 * 2 ** 20;
const WIDTH = 2048;
const HEIGHT = 256;

async function png(seed: number): Promise<Uint8Array> {
  const raw = { width: WIDTH, height: HEIGHT, channels: 4 } as const;
  const texels = randomBytes(WIDTH * HEIGHT * 4, seed);
  return new Uint8Array(await sharp(texels, { raw }).png({ compressionLevel: 0 }).toBuffer());
}

interface Flight {
  readonly device: ForgeDevice;
  readonly system: VirtualTextureSystem;
  readonly live: LiveGpuBytes;
  /** Most bytes of scratch that were seen between updates. */
  scratch: number;
  updates: number;
  tilesLoaded: number;
}

/** Runs work beside a system that streams a texture under a moving camera, its budget full. */
async function duringFlight(
  work: (flight: Flight, folder: string) => Promise<unknown>,
): Promise<Flight> {
  const device = await requestDevice();
  const live = new LiveGpuBytes(device);
  const cacheFolder = await Deno.makeTempDir();
  const system = new VirtualTextureSystem(device, {
    maxMemoryBytes: BUDGET,
    tileSize: 64,
    cacheFolder,
  });
  const flight: Flight = { device, system, live, scratch: 0, updates: 0, tilesLoaded: 0 };
  try {
    await system.loadTexture(mapSource({ width: 8192, height: 8192 }));
    let done = false;
    const working = work(flight, cacheFolder).finally(() => done = true);
    for (let step = 0; !done; step++) {
      const camera = lookDown(300 + 97 * (step % 70), 4000, heightOfLevel(0));
      const { tilesLoaded } = await system.update(camera);
      flight.updates++;
      flight.tilesLoaded += tilesLoaded;
      checkMemory(system);
      flight.scratch = Math.max(flight.scratch, system.getMemoryInfo().scratchMemory);
      await pause();
    }
    await working;
    await device.submits.wait();
    assert.equal(system.getMemoryInfo().scratchMemory, 0);
  } finally {
    system.close();
    device.close();
    await Deno.remove(cacheFolder, { recursive: true });
  }
  return flight;
}

Deno.test("pictures are baked into a system that streams without its ever exceeding the budget", async () => {
  const flight = await duringFlight(async ({ system }) => {
    const textures = await Promise.all([1, 2].map(async (seed) => {
      return await system.loadTexture(await png(seed), { preferredFormat: "BC7", quality: "low" });
    }));
    for (const { format } of textures) assert.match(format, /^bc7/);
  });
  assert.ok(flight.live.peak <= BUDGET, `${flight.live.peak} bytes lived under ${BUDGET}`);
  assert.ok(flight.live.peak > 0.8 * BUDGET, "the budget was nearly full");
  assert.ok(flight.system.peakMemory <= BUDGET);
  assert.ok(flight.scratch > 0, "the encoder's buffers count");
  assert.ok(flight.updates > 5 && flight.tilesLoaded > 50, "tiles went on landing");
});

Deno.test("negative control: a bake that nobody counts exceeds the budget by the same count", async () => {
  const flight = await duringFlight(async ({ device }) => {
    const output = new MemorySink("picture.pmtiles");
    const picture = await png(3);
    await bakePicture(device, picture, { output, format: "bc7", quality: "low", tileSize: 64 });
  });
  assert.ok(flight.live.peak > BUDGET, `${flight.live.peak} bytes`);
  assert.equal(flight.scratch, 0);
});
