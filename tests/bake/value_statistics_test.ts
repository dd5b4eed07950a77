import assert from "node:assert/strict";
import { bakePicture } from "../../src/bake/mod.ts";
import { FloatHistogram, IntegerHistogram } from "../../src/bake/statistics/histogram.ts";
import { MemorySink, memorySource, openTileStore } from "../../src/sources/mod.ts";
import { type MadeRaster, madeRaster } from "../sources/picture/made_raster.ts";
import { seededRandom } from "../helpers/random.ts";

const SIZE = { width: 40, height: 30 };
const TEXELS = SIZE.width * SIZE.height;

async function statisticsOf(raster: Partial<MadeRaster> & Pick<MadeRaster, "samples">) {
  const output = new MemorySink("out.pmtiles");
  await bakePicture(null, madeRaster({ ...SIZE, ...raster }), { output, tileSize: 64 });
  const store = await openTileStore(memorySource(output.bytes!));
  try {
    return { statistics: store.valueStatistics!, info: store.info, format: store.format };
  } finally {
    store.close();
  }
}

/** The smallest value than which a share of the values are no larger. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

Deno.test("a baked picture keeps each band's least and largest value, percentiles and holes", async () => {
  const samples = Int16Array.from({ length: TEXELS }, (_, i) => (i * 7919) % 3001 - 1500);
  for (let i = 0; i < 100; i++) samples[11 * i] = -9999;
  const { statistics, info, format } = await statisticsOf({ samples, noData: "-9999" });
  const values = [...samples].filter((value) => value !== -9999);
  assert.deepEqual(statistics, {
    sampleType: "int16",
    scale: 1,
    bands: [{
      min: Math.min(...values),
      max: Math.max(...values),
      p2: percentile(values, 0.02),
      p98: percentile(values, 0.98),
      holes: 100,
    }],
  });
  assert.equal(format, "r32float");
  assert.equal(info, "tiff picture (no data -9999; holes are NaN), baked to r32float");
});

Deno.test("values of normalised pictures are counted in units of their file", async () => {
  const colors = Uint8Array.from({ length: 3 * TEXELS }, (_, i) => i % 3 === 0 ? 200 : i % 251);
  const eight = await statisticsOf({ samples: colors, bands: 3 });
  assert.equal(eight.statistics.scale, 255);
  assert.equal(eight.statistics.bands.length, 3);
  assert.deepEqual(eight.statistics.bands[0], { min: 200, max: 200, p2: 200, p98: 200, holes: 0 });
  const dark = Uint16Array.from({ length: TEXELS }, (_, i) => 100 + i % 400);
  for (const noData of [undefined, "100"]) {
    const { statistics } = await statisticsOf({
      samples: dark,
      ...noData === undefined ? {} : { noData },
    });
    const values = [...dark].filter((value) => value !== Number(noData));
    const [band] = statistics.bands;
    assert.deepEqual([statistics.scale, band!.min, band!.max], [65535, Math.min(...values), 499]);
    assert.equal(band!.p2, percentile(values, 0.02));
    assert.equal(band!.p98, percentile(values, 0.98));
    assert.equal(band!.holes, TEXELS - values.length);
  }
});

Deno.test("what has no finite value has no least and largest one", async () => {
  const samples = new Float32Array(TEXELS).fill(NaN);
  samples[5] = Infinity;
  const { statistics } = await statisticsOf({ samples });
  assert.deepEqual(statistics.bands, [
    { min: null, max: null, p2: null, p98: null, holes: TEXELS - 1 },
  ]);
});

Deno.test("percentiles of floats lie within 1/4096 of the true ones", () => {
  const random = seededRandom(3);
  for (const scale of [1, 1e-30, 1e30]) {
    const values = Array.from({ length: 5000 }, () => Math.fround((random() - 0.3) ** 3 * scale));
    const histogram = new FloatHistogram();
    for (const value of values) histogram.add(value);
    for (const share of [0, 0.02, 0.5, 0.98, 1]) {
      const wanted = percentile(values, share);
      const difference = Math.abs(histogram.percentile(share)! - wanted);
      assert.ok(difference <= Math.abs(wanted) / 4096, `${share} of ${scale}: ${difference}`);
    }
  }
  assert.equal(new FloatHistogram().percentile(0.5), null);
  // Negative control: a histogram that cuts off what it is given is further away.
  const coarse = new IntegerHistogram(0, 10);
  coarse.add(0.4);
  assert.notEqual(coarse.percentile(0.5), 0.4);
});
