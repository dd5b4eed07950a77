/**
 * Fuzzer of KTX2 files of Basis Universal: what the transcoder makes of damaged levels and code books.
 *
 * @module
 */

import { Finding, type Fuzzer, type Verdict } from "../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, UnsupportedError } from "../../src/errors.ts";
import { type Ktx2File, ktx2RowSource, memorySource, readKtx2 } from "../../src/sources/mod.ts";
import { encodeBasis, MODES, samplePicture } from "../sources/ktx2/basis/encode_basis.ts";
import { Choices, mutate } from "./inputs/mutate.ts";
import { judgeKtx2 } from "./ktx2/judge.ts";
import { sampleOf } from "./ktx2/samples.ts";

const SIZES = [[40, 28], [13, 7]] as const;
/** Texels of a level that is read: the transcoder's time grows with them. */
const MOST_TEXELS = 2 ** 22;
/** Of the transcoder: its memory, and its workers. */
const OWN_BYTES = 512 * 2 ** 20;

async function makeSamples() {
  const samples = [];
  for (const [form, mode] of Object.entries(MODES).slice(0, 2)) {
    for (const [width, height] of SIZES) {
      for (const hasAlpha of [false, true]) {
        const picture = samplePicture(width, height, hasAlpha);
        const bytes = await encodeBasis(picture, { mode, mips: true });
        samples.push(sampleOf(`${form} ${width} × ${height}, alpha ${hasAlpha}`, bytes));
      }
    }
  }
  return samples;
}

const SAMPLES = await makeSamples();

/** Reads every level; the levels may be damaged, each for itself. */
async function readLevels(bytes: Uint8Array, file: Ktx2File): Promise<Verdict> {
  let verdict: Verdict = "accepted";
  for (const { level, width, height } of file.levels) {
    if (width * height > MOST_TEXELS) return "refused";
    const source = memorySource(bytes, "fuzz.ktx2");
    const rows = ktx2RowSource(source, file, {
      level,
      ...(file.header.layerCount > 1 ? { layer: 0 } : {}),
    });
    try {
      const texels = await rows.readRows(0, height);
      const channels = rows.format === "r8unorm" ? 1 : 4;
      if (texels.length !== channels * width * height) {
        throw new Finding("wrong texels", `level ${level} has ${texels.length} bytes`);
      }
    } catch (error) {
      if (!(error instanceof MalformedFileError || error instanceof UnsupportedError)) throw error;
      verdict = "refused";
    } finally {
      await rows.close();
    }
  }
  return verdict;
}

// The workers start now, so that their start is no part of the first input's time.
await readLevels(SAMPLES[0]!.bytes, await readKtx2(memorySource(SAMPLES[0]!.bytes)));

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = {
  name: "basis",
  description: "KTX2 files of BasisLZ and UASTC: code books, slices and blocks",
  makeInput(seed, index) {
    const choices = new Choices(seed, index);
    return mutate(choices, choices.one(SAMPLES), choices.one(SAMPLES));
  },
  async tryBytes(bytes) {
    const opinion = judgeKtx2(bytes);
    let file: Ktx2File;
    try {
      file = await readKtx2(memorySource(bytes, "fuzz.ktx2"));
    } catch (error) {
      if (!(error instanceof MalformedFileError || error instanceof UnsupportedError)) throw error;
      if (opinion.isValid && error instanceof MalformedFileError) {
        throw new Finding("wrong refusal", error.message);
      }
      return "refused";
    }
    if (opinion.isValid === false) {
      throw new Finding("wrong accept", `breaks the rule: ${opinion.reason}`);
    }
    const isOneImage = file.header.faceCount === 1 && file.header.pixelDepth <= 1;
    if (file.basis === null || file.unsupported !== null || !isOneImage) return "refused";
    return await readLevels(bytes, file);
  },
  allowedBytes: () => OWN_BYTES,
};
