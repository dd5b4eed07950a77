import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../../../src/errors.ts";
import { ktx2RowSource, memorySource, readKtx2 } from "../../../../src/sources/mod.ts";
import { transcoders } from "../../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { seededRandom } from "../../../helpers/random.ts";
import { makeKtx2, noise } from "../make_ktx2.ts";
import { basis, basisData, RGBA8 } from "../sample_parts.ts";
import { encodeBasis, MODES, samplePicture } from "./encode_basis.ts";

Deno.test.afterEach(() => transcoders.endIdleWorkers());

const WIDTH = 40;
const HEIGHT = 28;
const ROUNDS = 150;

/** What each level of a file gives: its rows, or null where it is damaged. */
async function levelsOf(bytes: Uint8Array): Promise<(Uint8Array | null)[]> {
  const source = memorySource(bytes);
  const file = await readKtx2(source);
  const levels: (Uint8Array | null)[] = [];
  for (const { level, height } of file.levels) {
    const rows = ktx2RowSource(source, file, { level });
    try {
      levels.push(await rows.readRows(0, height));
    } catch (error) {
      assert.ok(error instanceof MalformedFileError, String(error));
      assert.match(error.message, new RegExp(`level ${level} .* its data is damaged`));
      levels.push(null);
    } finally {
      await rows.close();
    }
  }
  return levels;
}

/** Said without the bytes: what an assertion would print of them takes long. */
function sameBytes(found: Uint8Array | null, wanted: Uint8Array | null): boolean {
  return found !== null && wanted !== null && found.every((byte, i) => byte === wanted[i]);
}

Deno.test("a damaged level is a malformed file or other texels, and the other levels stay as they were", async () => {
  const random = seededRandom(9);
  let refused = 0;
  for (const mode of [MODES.ETC1S, MODES.UASTC]) {
    const bytes = await encodeBasis(samplePicture(WIDTH, HEIGHT, true), { mode });
    const wanted = await levelsOf(bytes);
    const { levels } = await readKtx2(memorySource(bytes));
    for (let round = 0; round < ROUNDS / levels.length; round++) {
      const damaged = bytes.slice();
      const { level, offset, length } = levels[Math.floor(random() * levels.length)]!;
      for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
        damaged[offset + Math.floor(random() * length)] = Math.floor(random() * 256);
      }
      const found = await levelsOf(damaged);
      found.forEach((rows, other) => {
        if (other === level) assert.ok(rows === null || rows.length === wanted[level]!.length);
        else assert.ok(sameBytes(rows, wanted[other]!), `level ${other}`);
      });
      if (found[level] === null) refused++;
    }
  }
  assert.ok(refused > 5, `${refused} were refused`);
});

Deno.test("damaged code books are a malformed file", async () => {
  const bytes = await encodeBasis(samplePicture(WIDTH, HEIGHT), { mode: MODES.ETC1S });
  const { header, levels } = await readKtx2(memorySource(bytes));
  const { offset, length } = header.supercompressionGlobalData;
  const random = seededRandom(4);
  let refused = 0;
  for (let round = 0; round < 40; round++) {
    const damaged = bytes.slice();
    const first = offset + 20 + 20 * levels.length;
    damaged[first + Math.floor(random() * (offset + length - first))]! ^= 1 <<
      Math.floor(random() * 8);
    if ((await levelsOf(damaged)).includes(null)) refused++;
  }
  assert.ok(refused > 10, `${refused} of 40 were refused`);
});

Deno.test("levels and code books of noise are malformed", async () => {
  const globalData = Uint8Array.from([
    ...basisData([0, 0, 8, 0, 0], [16, 16, 16, 0, 0]),
    ...noise(48, 5),
  ]);
  const levels = [1, 2, 3].map((seed) => ({ stored: noise(8, seed), uncompressedLength: 0 }));
  const found = await levelsOf(makeKtx2(basis({ globalData, levels }))).catch((error) => error);
  if (found instanceof Error) assert.ok(found instanceof MalformedFileError, String(found));
  else assert.deepEqual(found, [null, null, null]);
});

Deno.test("a small file that claims a large texture is refused in time", async () => {
  const bytes = await encodeBasis(samplePicture(16, 16), { mode: MODES.ETC1S, mips: false });
  const view = new DataView(bytes.buffer);
  view.setUint32(20, 1024, true);
  view.setUint32(24, 1024, true);
  const [level] = await levelsOf(bytes);
  assert.ok(level === null || level!.length === 4 * 1024 ** 2);
  view.setUint32(20, 65536, true);
  view.setUint32(24, 65536, true);
  const source = memorySource(bytes);
  const rows = ktx2RowSource(source, await readKtx2(source), { level: 0 });
  await assert.rejects(rows.readRows(0, 1), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /at most 1073741824 bytes: current value is 17179869184/);
    return true;
  });
  await rows.close();
});

Deno.test("newer forms, and videos, are unsupported by name and never malformed", async () => {
  const picture = samplePicture(24, 20);
  for (
    const [mode, name] of [
      [MODES.XUASTC_4X4, "XUASTC LDR intermediate"],
      [MODES.XUASTC_6X6, "XUASTC LDR intermediate"],
      [MODES.XUBC7, "XUBC7"],
    ] as const
  ) {
    const file = await readKtx2(memorySource(await encodeBasis(picture, { mode })));
    assert.equal(file.unsupported, `supercompression ${name}`);
    assert.throws(() => ktx2RowSource(memorySource(new Uint8Array(1)), file, { level: 0 }), {
      name: "UnsupportedError",
      message: new RegExp(name),
    });
  }
  const video = makeKtx2(basis({
    globalData: basisData([2, 0, 8, 0, 0]),
    layers: 1,
    keyValues: [["KTXanimData", new Uint8Array(12)]],
  }));
  assert.match((await readKtx2(memorySource(video))).unsupported!, /video of BasisLZ/);
  // Negative control: a scheme that nobody knows is malformed.
  const unknown = makeKtx2({ row: RGBA8, width: 1, height: 1, levels: [{ stored: noise(4, 1) }] });
  new DataView(unknown.buffer).setUint32(44, 7, true);
  await assert.rejects(readKtx2(memorySource(unknown)), MalformedFileError);
});
