/**
 * Transcodes one image in this thread.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { type BasisModule, loadBasisModule, type TranscodedFile } from "./basis_module.ts";

/** What to transcode, in a form that can be sent to a worker. */
export interface TranscodeJob {
  /** A KTX2 file of one image. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** Number of the format to make: `transcoder_texture_format` of Basis Universal. */
  readonly format: number;
  /** Bytes that it must give. */
  readonly byteLength: number;
}

/** What became of a job. */
export type TranscodeOutcome =
  | { readonly blocks: Uint8Array<ArrayBuffer> }
  /** The image is damaged. */
  | { readonly damage: string }
  /** The image takes more memory than the transcoder can have. */
  | { readonly exhausted: string }
  /** There is no transcoder here. */
  | { readonly missing: string };

/**
 * Blocks of BC1 to BC5 are searched for longer (`cDecodeFlagsHighQuality`), and those of BC1 have four
 * colours, none of them transparent (`cDecodeFlagsBC1ForbidThreeColorBlocks`).
 */
const FLAGS = 32 | 8;

let loading: Promise<BasisModule> | null = null;

/** Transcodes an image. What goes wrong is in the outcome. */
export async function transcodeImage(job: TranscodeJob): Promise<TranscodeOutcome> {
  let module: BasisModule;
  try {
    module = await (loading ??= loadBasisModule());
  } catch (error) {
    loading = null;
    return { missing: thrownText(error) };
  }
  try {
    return transcodeWith(module, job);
  } catch (error) {
    // What failed inside of WebAssembly may have left its memory as it must not be.
    loading = null;
    const text = thrownText(error);
    const isExhausted = /OOM|memory|allocat/i.test(text) && !/out of bounds/i.test(text);
    return isExhausted ? { exhausted: text } : { damage: `the transcoder fails: ${text}` };
  }
}

function transcodeWith({ KTX2File }: BasisModule, job: TranscodeJob): TranscodeOutcome {
  const file: TranscodedFile = new KTX2File(job.file);
  try {
    if (!file.isValid()) return { damage: "the transcoder does not take it" };
    if (!file.startTranscoding()) return { damage: "its code books are damaged" };
    const { format, byteLength } = job;
    const size = file.getImageTranscodedSizeInBytes(0, 0, 0, format);
    if (size !== byteLength) return { damage: `it gives ${size} of ${byteLength} bytes` };
    const blocks = new Uint8Array(byteLength);
    const done = file.transcodeImageWithFlags(blocks, 0, 0, 0, format, FLAGS, -1, -1);
    return done ? { blocks } : { damage: "its slices are damaged" };
  } finally {
    file.close();
    file.delete();
  }
}
