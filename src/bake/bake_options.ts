/**
 * Options of every bake, checked before anything is opened.
 *
 * @module
 */

import {
  checkedChoice,
  checkedFunction,
  checkedMethods,
  checkedSignal,
  checkedString,
  checkOptionNames,
} from "../checks.ts";
import { denoRuntime } from "../deno_runtime.ts";
import { OutOfRangeError } from "../errors.ts";
import { checkEncodeQuality, type EncodeQuality, type ForgeDevice } from "../gpu/mod.ts";
import { type ByteSink, checkedPictureChoice, checkTileShape } from "../sources/mod.ts";
import { checkedWrap, type Wrap } from "../tiles/mod.ts";
import { COLOR_SPACES, type ColorSpace, type TexelFormat } from "../texels/mod.ts";
import { checkedBakeFormat } from "./bake_format.ts";
import type { ProgressReport } from "./progress.ts";

/** Kinds of file that are written. */
export type BakeContainer = "pmtiles" | "ktx2";

/** Options that any of the bakes takes. */
export interface AnyBakeOptions {
  readonly output?: string | ByteSink;
  readonly format?: string;
  readonly quality?: EncodeQuality;
  readonly tileSize?: number;
  readonly border?: number;
  readonly colorSpace?: ColorSpace;
  readonly page?: number;
  readonly bands?: readonly number[];
  readonly scratchFolder?: string;
  readonly wrap?: Wrap;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProgressReport) => void;
}

/** Defaults of options. */
export const BAKE_DEFAULTS: {
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels around a payload. */
  readonly border: number;
} = Object.freeze({ tileSize: 256, border: 4 });

const FAILURE = "Cannot bake";

/**
 * Checks options as far as is possible without the source.
 *
 * @param names Options that this bake takes.
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 */
export function checkBakeOptions(options: AnyBakeOptions, names: readonly string[]): void {
  const failure = FAILURE;
  checkOptionNames(options, { failure, names });
  const { output, format, quality, colorSpace, scratchFolder, wrap, signal, onProgress } = options;
  if (output !== undefined) outputName(output);
  if (format !== undefined) checkedBakeFormat(format);
  checkEncodeQuality(quality);
  checkTileShape(tileShapeOf(options));
  if (colorSpace !== undefined) {
    checkedChoice(colorSpace, { name: "colorSpace", failure, choices: COLOR_SPACES });
  }
  checkedPictureChoice(options, failure);
  if (scratchFolder !== undefined) {
    checkedString(scratchFolder, { name: "scratchFolder", failure });
  }
  if (wrap !== undefined) checkedWrap(wrap, { failure });
  checkedSignal(signal, failure);
  if (onProgress !== undefined) checkedFunction(onProgress, { name: "onProgress", failure });
}

/**
 * Checks the device that encodes; null and undefined are none.
 *
 * @throws {InvalidArgumentError} if it is something else.
 */
export function checkBakeDevice(device: ForgeDevice | null | undefined): void {
  if (device === null || device === undefined) return;
  checkedMethods(device, { name: "device", failure: FAILURE, methods: ["supports", "guard"] });
}

function outputName(output: string | ByteSink): string {
  const wanted = { name: "output", failure: FAILURE };
  if (typeof output === "string") return output;
  checkedMethods(output, {
    ...wanted,
    methods: ["write", "read", "openScratch", "commit", "abort"],
  });
  return checkedString(output.name, wanted);
}

/**
 * The kind of file that an output's name asks for.
 *
 * @throws {InvalidArgumentError} if it is neither a path nor a sink.
 * @throws {OutOfRangeError} if its name does not end in .pmtiles or .ktx2.
 */
export function containerOf(output: string | ByteSink): BakeContainer {
  const name = outputName(output);
  const lower = name.toLowerCase();
  if (lower.endsWith(".pmtiles")) return "pmtiles";
  if (lower.endsWith(".ktx2")) return "ktx2";
  throw new OutOfRangeError(
    "output",
    `Cannot bake as the name of output must end in .pmtiles or .ktx2: current value is ${name}`,
  );
}

/**
 * Checks that a picture is not about to be replaced by what is made of it.
 *
 * @param picture A path, or bytes, which are in no file.
 * @throws {OutOfRangeError} if the output is the same file, be it by another path or a link.
 */
export async function checkOutputDiffers(
  picture: string | Uint8Array,
  output: string | ByteSink,
): Promise<void> {
  if (typeof picture !== "string" || typeof output !== "string") return;
  const stat = (path: string) => denoRuntime()?.stat(path).catch(() => undefined);
  const [from, to] = await Promise.all([stat(picture), stat(output)]);
  if (from === undefined || to === undefined || from.ino === null) return;
  if (from.dev !== to.dev || from.ino !== to.ino) return;
  throw new OutOfRangeError(
    "output",
    `${FAILURE} as output must be another file than the picture: current value is ${output}`,
  );
}

/**
 * The tiles' dimensions, checked; for KTX2 files too, which have no tiles.
 *
 * @throws {OutOfRangeError} if one is out of range, or not a multiple of the format's block.
 */
export function checkedTileOptions(
  format: TexelFormat,
  options: Pick<AnyBakeOptions, "tileSize" | "border">,
): { tileSize: number; border: number } {
  const shape = tileShapeOf(options);
  checkTileShape({ format, ...shape });
  return shape;
}

function tileShapeOf(
  { tileSize = BAKE_DEFAULTS.tileSize, border = BAKE_DEFAULTS.border }: Pick<
    AnyBakeOptions,
    "tileSize" | "border"
  >,
): { tileSize: number; border: number } {
  return { tileSize, border };
}
