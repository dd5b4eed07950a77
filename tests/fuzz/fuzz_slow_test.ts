import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesOf, Finding, type FindingRecord, type Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { keepFinding } from "../../src/cli/fuzz/keep_finding.ts";
import { namedFuzzers } from "../../src/cli/fuzz/load_fuzzers.ts";
import { minimise } from "../../src/cli/fuzz/minimise.ts";
import { tryBytes } from "../../src/cli/fuzz/try_bytes.ts";
import { runWatched } from "../../src/cli/fuzz/watched_run.ts";
import { MalformedFileError, OutOfRangeError } from "../../src/errors.ts";
import {
  ktx2RowSource,
  ktx2TileSource,
  memorySource,
  openPicture,
  openTileStore,
  readKtx2,
} from "../../src/sources/mod.ts";
import { loadGlb } from "../../src/rvt/component/mod.ts";
import { loadProject, Project } from "../../src/rvt/mod.ts";
import { readPoolConfig } from "../../src/streaming/mod.ts";
import { glbFile, triangleJson } from "../rvt/component/glb_helpers.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { makeKtx2, noiseLevels } from "../sources/ktx2/make_ktx2.ts";
import { RGBA8, SIZE } from "../sources/ktx2/sample_parts.ts";
import { bakeFuzzer, openBake } from "./bake_fuzz.ts";
import { glbFuzzer } from "./glb_fuzz.ts";
import { poolsFuzzer } from "./pools_fuzz.ts";
import { projectFuzzer } from "./project_fuzz.ts";
import { ktx2Fuzzer } from "./ktx2_fuzz.ts";
import { STORES } from "./store/samples.ts";
import { decoderAlone } from "./pictures/decoder_alone.ts";
import { storeFuzzer } from "./store_fuzz.ts";
import { tiffFuzzer } from "./tiff_fuzz.ts";

const SEED = 20261127;
const KEPT = new URL("./kept/", import.meta.url);

/** What a short run finds, one line each, and how many inputs were accepted. */
async function shortRun(fuzzer: Fuzzer, runs: number) {
  const found: string[] = [];
  let accepted = 0;
  for (let index = 0; index < runs; index++) {
    const input = await fuzzer.makeInput(SEED, index);
    const result = await tryBytes(fuzzer, bytesOf(input));
    if (result === "accepted") accepted++;
    if (result instanceof Finding) {
      found.push(`${index}: ${result.fault}: ${result.message.split("\n")[0]} (${input.sample})`);
    }
  }
  return { found, accepted };
}

Deno.test("every reader stands a short run of damaged and hostile files", async (t) => {
  for (const { fuzzer } of await namedFuzzers([])) {
    await t.step(`${fuzzer.name}: ${fuzzer.description}`, async () => {
      const runs = fuzzer.name === "ktx2" || fuzzer.name === "store" ? 500 : 150;
      const { found, accepted } = await shortRun(fuzzer, runs);
      assert.deepEqual(found, []);
      assert.ok(accepted > runs / 20, `${accepted} of ${runs} are valid enough to be read`);
      assert.ok(accepted < runs / 2, `${accepted} of ${runs} are not damaged`);
    });
  }
});

Deno.test("files that failed once are answered rightly", async () => {
  const fuzzers = await namedFuzzers([]);
  const files = readdirSync(KEPT).filter((file) => file.endsWith(".bin"));
  assert.ok(files.length > 0);
  for (const file of files) {
    const { fuzzer } = fuzzers.find(({ fuzzer }) => file.startsWith(`${fuzzer.name}-`))!;
    const result = await tryBytes(fuzzer, readFileSync(new URL(file, KEPT)));
    assert.ok(!(result instanceof Finding), `${file}: ${result}`);
  }
});

Deno.test("the same seed gives the same inputs, and another seed others", async () => {
  for (const { fuzzer } of await namedFuzzers([])) {
    let differs = 0;
    for (let index = 0; index < 20; index++) {
      const first = bytesOf(await fuzzer.makeInput(7, index));
      assert.deepEqual(bytesOf(await fuzzer.makeInput(7, index)), first, fuzzer.name);
      const other = bytesOf(await fuzzer.makeInput(8, index));
      if (Buffer.compare(first, other) !== 0) differs++;
    }
    assert.ok(differs > 15, `${fuzzer.name}: ${differs}`);
  }
});

const VALID = makeKtx2({ row: RGBA8, ...SIZE, levels: noiseLevels(RGBA8, SIZE, 5) });
const READ_VALID = await readKtx2(memorySource(VALID));
const READER = { readKtx2, ktx2TileSource, ktx2RowSource };

/** Readers that are broken on purpose, and the fault that must be found in each. */
const BROKEN: readonly (readonly [what: string, fault: string, fuzzer: Fuzzer])[] = [
  [
    "refuses nothing",
    "wrong accept",
    ktx2Fuzzer({
      ...READER,
      readKtx2: (bytes, options) =>
        readKtx2(bytes, options).catch(() => readKtx2(memorySource(VALID, bytes.name))),
    }),
  ],
  [
    "refuses everything",
    "wrong refusal",
    ktx2Fuzzer({
      ...READER,
      readKtx2: (bytes) => readKtx2(memorySource(new Uint8Array(100), bytes.name)),
    }),
  ],
  [
    "falls over a word",
    "untyped error",
    ktx2Fuzzer({
      ...READER,
      readKtx2: async (bytes, options) => {
        const file = await readKtx2(bytes, options);
        return (file.keyValues.get("custom") === undefined) ? file : (null as never)!["name"];
      },
    }),
  ],
  [
    "reads each tile from the tile before",
    "wrong texels",
    ktx2Fuzzer({
      ...READER,
      ktx2TileSource: (...args) => {
        const source = ktx2TileSource(...args);
        return {
          ...{ name: source.name, info: source.info, counters: source.counters },
          ...{ file: source.file, grid: source.grid, presentLevels: source.presentLevels },
          ...{ border: source.border, format: source.format, colorSpace: source.colorSpace },
          readTile: (level: number, x: number, y: number) =>
            source.readTile(level, Math.max(0, x - 1), y),
          close: () => source.close(),
        };
      },
    }),
  ],
  [
    "reads the first layer of an array, whichever is chosen",
    "wrong texels",
    ktx2Fuzzer({
      ...READER,
      ktx2TileSource: (bytes, file, { layer, ...options }) =>
        ktx2TileSource(bytes, file, layer === undefined ? options : { ...options, layer: 0 }),
    }),
  ],
  [
    "takes several images for the first",
    "wrong accept",
    ktx2Fuzzer({
      ...READER,
      ktx2TileSource: (bytes, file, options) => {
        try {
          return ktx2TileSource(bytes, file, options);
        } catch {
          return ktx2TileSource(memorySource(VALID), READ_VALID, options);
        }
      },
    }),
  ],
  [
    "reads another mesh where a file is damaged",
    "wrong accept",
    glbFuzzer((bytes) => loadGlb(bytes).catch(() => loadGlb(glbFile(triangleJson())))),
  ],
  [
    "reads another project where one is damaged",
    "wrong accept",
    projectFuzzer((path) => loadProject(path).catch(() => new Project({ name: "another" }))),
  ],
  [
    "takes a pool configuration that it cannot read for an empty one",
    "wrong accept",
    poolsFuzzer((text) => {
      try {
        return readPoolConfig(text);
      } catch {
        return { pools: [] };
      }
    }),
  ],
  [
    "forgets the last pool",
    "wrong accept",
    poolsFuzzer((text) => {
      const { pools, ...rest } = readPoolConfig(text);
      return { ...rest, pools: pools!.slice(0, -1) };
    }),
  ],
  [
    "refuses what has a comment",
    "wrong refusal",
    poolsFuzzer((text) => readPoolConfig(text.includes(";") ? "?" : text)),
  ],
  [
    "takes tiles for up to date that are stale",
    "wrong texels",
    bakeFuzzer(async (bytes) => {
      const bake = await openBake(bytes);
      return {
        fault: bake.fault,
        isServed: () => true,
        warnings: () => bake.warnings(),
        close: () => bake.close(),
      };
    }),
  ],
  [
    "reads bakes of other settings",
    "wrong accept",
    bakeFuzzer(async (bytes) => {
      const bake = await openBake(bytes);
      const fault = bake.fault instanceof OutOfRangeError ? null : bake.fault;
      return {
        fault,
        isServed: (tile) => bake.isServed(tile),
        warnings: () => fault === null ? [] : bake.warnings(),
        close: () => bake.close(),
      };
    }),
  ],
  [
    "leaves the last mesh out",
    "wrong texels",
    glbFuzzer(async (bytes) => (await loadGlb(bytes)).slice(0, -1)),
  ],
  [
    "takes the decoder's word for the data of tiles and strips",
    "wrong accept",
    tiffFuzzer((bytes) => openPicture(bytes).catch(() => decoderAlone(bytes as Uint8Array))),
  ],
  [
    "opens another store where one is damaged",
    "wrong accept",
    storeFuzzer((bytes, options) =>
      openTileStore(bytes, options).catch(() =>
        openTileStore(memorySource(STORES[0]!.archive, "another"))
      )
    ),
  ],
  [
    "refuses stores of several planes",
    "wrong refusal",
    storeFuzzer(async (bytes, options) => {
      const store = await openTileStore(bytes, options);
      if (store.planes.length === 1) return store;
      throw new MalformedFileError(bytes.name, "several planes");
    }),
  ],
  [
    "calls its own slip a malformed file",
    "untyped error",
    storeFuzzer((bytes, options) =>
      openTileStore(bytes, options).catch(() => {
        try {
          return (null as never)["name"];
        } catch (cause) {
          throw new MalformedFileError(bytes.name, "a slip", { cause });
        }
      })
    ),
  ],
  [
    "gives texels of no store",
    "wrong texels",
    storeFuzzer(async (bytes, options) => {
      const store = await openTileStore(bytes, options);
      return Object.assign(Object.create(store), {
        grid: store.grid,
        description: store.description,
        readTilePlanes: async (level: number, x: number, y: number) =>
          (await store.readTilePlanes(level, x, y)).map((plane) => plane.map((byte) => byte ^ 1)),
        close: () => store.close(),
      });
    }),
  ],
];

Deno.test("negative control: readers that are broken on purpose are found out", async (t) => {
  for (const [what, fault, fuzzer] of BROKEN) {
    await t.step(`one that ${what}: ${fault}`, async () => {
      const { found } = await shortRun(fuzzer, 300);
      assert.ok(found.some((line) => line.includes(`: ${fault}: `)), found.slice(0, 3).join("\n"));
    });
  }
});

Deno.test("a finding is made smaller as long as it stays the same kind of finding", async () => {
  const fuzzer: Fuzzer = {
    name: "sevens",
    description: "fails on two bytes of 7",
    makeInput: () => ({ sample: "zeros", bytes: new Uint8Array(100), edits: [] }),
    tryBytes: (bytes) => {
      if (bytes.filter((byte) => byte === 7).length >= 2) throw new Finding("wrong accept", "7");
      return Promise.resolve("refused");
    },
    allowedBytes: () => 0,
  };
  const at = (place: number, value: number) => {
    return { at: place, removed: 1, inserted: Uint8Array.of(value), what: `${place}: ${value}` };
  };
  const edits = [at(80, 9), at(3, 7), at(20, 5), at(10, 7)];
  const input = { sample: "zeros", bytes: new Uint8Array(100), edits };
  const small = await minimise(fuzzer, input, new Finding("wrong accept", "7"));
  assert.deepEqual(small.edits.map(({ what }) => what), ["3: 7", "10: 7"]);
  assert.equal(small.bytes.length, 11);
});

const FAULTY = fileURLToPath(new URL("./faulty_process.ts", import.meta.url));

Deno.test("a reader that hangs, or ends its process, is found, and the run goes on behind it", async () => {
  const findings: FindingRecord[] = [];
  const totals = await runWatched({
    module: FAULTY,
    seed: 1,
    first: 0,
    count: 40,
    permissions: ["--allow-read"],
    mostSilentMs: 2500,
    onProgress() {},
    onFinding: (finding) => findings.push(finding),
  });
  assert.deepEqual(findings.map(({ index, fault }) => `${index} ${fault}`), [
    "5 untyped error",
    "11 crash",
    "23 hang",
    "31 crash",
  ]);
  assert.match(findings[1]!.message, /exit code 7/);
  assert.match(findings[3]!.message, /thrown in a timer/);
  assert.deepEqual(totals.tried, 40);
  await withFolder((folder) => {
    const kept = join(folder, "fuzz");
    for (const finding of findings) keepFinding(kept, { reader: "faulty", seed: 1, finding });
    for (const { index, fault } of findings) {
      const path = join(kept, `faulty-1-${index}`);
      assert.deepEqual([...readFileSync(`${path}.bin`)], [index], fault);
      const { message, sample } = JSON.parse(Deno.readTextFileSync(`${path}.json`));
      assert.equal(sample, `${index}`, fault);
      assert.notEqual(message, "", fault);
    }
    return Promise.resolve();
  });
});

Deno.test("every finding comes with its input, however many there are", async () => {
  const findings: FindingRecord[] = [];
  await runWatched({
    module: FAULTY,
    seed: 1,
    first: 100,
    count: 30,
    permissions: ["--allow-read"],
    onProgress() {},
    onFinding: (finding) => findings.push(finding),
  });
  const inputs = findings.map(({ bytes }) => [...Uint8Array.fromBase64(bytes)]);
  assert.deepEqual(inputs, Array.from({ length: 30 }, (_, i) => [100 + i]));
});
