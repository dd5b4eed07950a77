import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../../../src/errors.ts";
import { memorySource, readKtx2 } from "../../../../src/sources/mod.ts";
import { BasisReader } from "../../../../src/sources/ktx2/basis/basis_reader.ts";
import type {
  TranscodeJob,
  TranscodeOutcome,
} from "../../../../src/sources/ktx2/basis/transcode_image.ts";
import {
  TranscoderPool,
  type TranscodeWorker,
} from "../../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { makeKtx2 } from "../make_ktx2.ts";
import { UASTC } from "../sample_parts.ts";
import { encodeBasis, MODES, samplePicture } from "./encode_basis.ts";

/** What a worker does with a job: an outcome, an error, or nothing. */
type Act = (job: TranscodeJob) => TranscodeOutcome | Error | null;

/** A worker that does what it is told, and says whether it was ended. */
class FakeWorker implements TranscodeWorker {
  onmessage: TranscodeWorker["onmessage"] = null;
  onerror: TranscodeWorker["onerror"] = null;
  ended = false;
  readonly #act: Act;

  constructor(act: Act) {
    this.#act = act;
  }

  postMessage(job: TranscodeJob): void {
    const outcome = this.#act(job);
    if (outcome === null) return;
    queueMicrotask(() => {
      if (outcome instanceof Error) {
        const event = new ErrorEvent("error", { message: outcome.message, cancelable: true });
        this.onerror?.(event);
        assert.equal(event.defaultPrevented, true);
      } else this.onmessage?.({ data: outcome } as MessageEvent<TranscodeOutcome>);
    });
  }

  terminate(): void {
    this.ended = true;
  }
}

function poolOf(act: Act, mostWorkers = 2): { pool: TranscoderPool; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const startWorker = () => {
    const worker = new FakeWorker(act);
    workers.push(worker);
    return worker;
  };
  return { pool: new TranscoderPool({ startWorker, mostWorkers, idleMs: 20 }), workers };
}

const BLOCKS = new Uint8Array(64).fill(7);

/** Reads the blocks of an 8 × 8 file through a pool. */
async function readWith(
  pool: TranscoderPool,
  file?: Uint8Array,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Uint8Array> {
  const bytes = memorySource(
    file ?? makeKtx2({
      row: UASTC,
      width: 8,
      height: 8,
      levels: [{ stored: new Uint8Array(64) }],
    }),
  );
  const described = await readKtx2(bytes);
  const reader = new BasisReader(bytes, described, {
    texels: described.basis!,
    format: "bc7-rgba-unorm-srgb",
    imageIndex: () => 0,
    pool,
  });
  try {
    const [blocks] = await reader.readRanges(
      0,
      [{ offset: 0, length: 64 }],
      signal === undefined ? {} : { signal },
    );
    return blocks!;
  } finally {
    reader.close();
  }
}

Deno.test("what a worker makes is what is read; it is used again, and ends when it is idle", async () => {
  const { pool, workers } = poolOf(() => ({ blocks: BLOCKS.slice() }));
  assert.deepEqual(await readWith(pool), BLOCKS);
  assert.deepEqual(await readWith(pool), BLOCKS);
  assert.deepEqual(workers.map(({ ended }) => ended), [false]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual(workers.map(({ ended }) => ended), [true]);
  assert.deepEqual(await readWith(pool), BLOCKS);
  assert.equal(workers.length, 2);
  pool.endIdleWorkers();
  assert.equal(workers[1]!.ended, true);
});

Deno.test("an image that a worker finds damaged is a malformed file", async () => {
  const { pool } = poolOf(() => ({ damage: "its slices are damaged" }));
  await assert.rejects(readWith(pool), (error) => {
    assert.ok(error instanceof MalformedFileError);
    assert.match(error.message, /level 0 of .* its data is damaged: its slices/);
    return true;
  });
  pool.endIdleWorkers();
});

Deno.test("a worker that dies after it has worked is an error by name, and another takes its place", async () => {
  let jobs = 0;
  const { pool, workers } = poolOf(() =>
    ++jobs === 2 ? new Error("it fell over") : { blocks: BLOCKS.slice() }
  );
  await readWith(pool);
  await assert.rejects(readWith(pool), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /the transcoder was lost: it fell over/);
    return true;
  });
  assert.equal(workers[0]!.ended, true);
  assert.deepEqual(await readWith(pool), BLOCKS);
  assert.equal(pool.refusal, null);
  pool.endIdleWorkers();
});

Deno.test("a worker that hangs is ended after its time", async () => {
  const { pool, workers } = poolOf(() => null);
  const job = { file: new Uint8Array(1), format: 6, byteLength: 16 };
  assert.deepEqual(await pool.run(job, { seconds: 0.01 }), { lost: "it takes too long" });
  assert.equal(workers[0]!.ended, true);
});

Deno.test("memory that runs out in a worker is no fault of the file", async () => {
  const { pool } = poolOf(() => ({ exhausted: "Aborted(OOM)" }));
  await assert.rejects(readWith(pool), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /more memory than the transcoder can have/);
    return true;
  });
  pool.endIdleWorkers();
});

Deno.test("a job that is cancelled ends its worker, and those that wait go on", async () => {
  const acts: Act[] = [() => null, () => ({ blocks: BLOCKS.slice() })];
  const { pool, workers } = poolOf((job) => acts.shift()!(job), 1);
  const job = { file: new Uint8Array(1), format: 6, byteLength: 16 };
  const abort = new AbortController();
  const hanging = pool.run(job, { seconds: 60, signal: abort.signal });
  const waiting = pool.run(job, { seconds: 60 });
  const reason = new Error("no longer wanted");
  await new Promise((resolve) => setTimeout(resolve, 0));
  abort.abort(reason);
  await assert.rejects(hanging, reason);
  assert.equal(workers[0]!.ended, true);
  assert.deepEqual(await waiting, { blocks: BLOCKS });
  await assert.rejects(pool.run(job, { seconds: 1, signal: abort.signal }), reason);
  pool.endIdleWorkers();
});

Deno.test("a reader that is closed cancels what it asked for", async () => {
  const { pool, workers } = poolOf(() => null);
  const signal = AbortSignal.timeout(30);
  await assert.rejects(readWith(pool, undefined, { signal }), { name: "TimeoutError" });
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(workers.map(({ ended }) => ended), [true]);
});

Deno.test("no more workers than allowed run at a time", async () => {
  let running = 0;
  let most = 0;
  const workers: FakeWorker[] = [];
  const startWorker = () => {
    const worker = new FakeWorker(() => null);
    worker.postMessage = () => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        worker.onmessage?.(
          { data: { blocks: BLOCKS.slice() } } as unknown as MessageEvent<TranscodeOutcome>,
        );
      }, 2);
    };
    workers.push(worker);
    return worker;
  };
  const pool = new TranscoderPool({ startWorker, mostWorkers: 3 });
  const job = { file: new Uint8Array(1), format: 6, byteLength: 16 };
  await Promise.all(Array.from({ length: 20 }, () => pool.run(job, { seconds: 60 })));
  assert.equal(most, 3);
  assert.equal(workers.length, 3);
  pool.endIdleWorkers();
});

Deno.test("where workers cannot start, or have no transcoder, this thread transcodes", async () => {
  const file = await encodeBasis(samplePicture(8, 8), { mode: MODES.UASTC, mips: false });
  const refusing = new TranscoderPool({
    startWorker: () => {
      throw new Deno.errors.NotCapable("no workers here");
    },
  });
  const silent = poolOf(() => new Error("module not found"));
  const without = poolOf(() => ({ missing: "no package" }));
  const made: Uint8Array[] = [];
  for (const pool of [refusing, silent.pool, without.pool]) {
    made.push(await readWith(pool, file));
    assert.notEqual(pool.refusal, null);
    assert.equal(pool.parallelJobs, 1);
  }
  assert.equal(made[0]!.some((byte) => byte !== 0), true);
  assert.deepEqual(made[1], made[0]);
  assert.deepEqual(made[2], made[0]);
  assert.equal(without.workers[0]!.ended, true);
});

Deno.test("levels that take more than a limit are refused before anything is transcoded", async () => {
  const { pool, workers } = poolOf(() => ({ blocks: BLOCKS.slice() }));
  const bytes = memorySource(
    makeKtx2({ row: UASTC, width: 8, height: 8, levels: [{ stored: new Uint8Array(64) }] }),
  );
  const file = await readKtx2(bytes);
  const reader = new BasisReader(bytes, file, {
    texels: file.basis!,
    format: "bc7-rgba-unorm-srgb",
    imageIndex: () => 0,
    maxLevelBytes: 63,
    pool,
  });
  await assert.rejects(reader.readRanges(0, [{ offset: 0, length: 16 }]), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /at most 63 bytes: current value is 64/);
    return true;
  });
  reader.close();
  assert.equal(workers.length, 0);
});
