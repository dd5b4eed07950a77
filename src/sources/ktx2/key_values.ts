/**
 * The key/value data of a KTX2 file (KTX 2.0, section 3.12), with the rules of the keys that the
 * specification reserves (section 5).
 *
 * @module
 */

import { isCompressedModel, MODEL, modelName } from "./rules/color_model.ts";
import type { DataFormatDescriptor } from "./data_format_descriptor.ts";
import { EXPONENT, FLOAT } from "./rules/expected_descriptor.ts";
import type { Ktx2Header } from "./header.ts";
import { checkRule } from "./rules/malformed.ts";
import { isBlockScheme } from "./rules/supercompression.ts";
import { isDepthStencilFormat, vkFormatName } from "./rules/vk_format.ts";

/** The sections that the values must agree with. */
export interface KeyValueContext {
  readonly header: Ktx2Header;
  readonly descriptor: DataFormatDescriptor;
}

/** A length word, one byte of key and its terminator. */
const LEAST_ENTRY_BYTES = 6;

/**
 * Reads the section and checks its structure, its keys and the values of reserved keys.
 *
 * @param bytes The whole section; empty if the file has none.
 * @returns Values by key, in the order of the file.
 * @throws {MalformedFileError} at the first rule that is broken.
 */
export function parseKeyValues(
  name: string,
  bytes: Uint8Array,
  context: KeyValueContext,
): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let previous: Uint8Array | null = null;
  let at = 0;
  while (at < bytes.byteLength) {
    const remaining = bytes.byteLength - at - 4;
    checkRule(
      name,
      remaining >= LEAST_ENTRY_BYTES - 4,
      () => "its key/value data ends in the middle of an entry",
    );
    const length = view.getUint32(at, true);
    checkRule(
      name,
      length >= 2 && length <= remaining,
      () => `a key/value entry must take 2 to ${remaining} bytes: current value is ${length}`,
    );
    const entry = bytes.subarray(at + 4, at + 4 + length);
    const end = entry.indexOf(0);
    checkRule(name, end !== -1, () => "a key of its key/value data is not terminated");
    const keyBytes = entry.subarray(0, end);
    const key = decodeKey(name, keyBytes);
    checkRule(name, !values.has(key), () => `the key "${key}" must occur once: it occurs twice`);
    checkRule(
      name,
      previous === null || compareBytes(previous, keyBytes) < 0,
      () => `its keys must be sorted: "${key}" is out of order`,
    );
    previous = keyBytes;
    values.set(key, entry.slice(end + 1));
    const padded = at + 4 + Math.ceil(length / 4) * 4;
    checkRule(
      name,
      padded <= bytes.byteLength,
      () => `its key/value data must end with padding to 4 bytes: "${key}" has none`,
    );
    checkRule(
      name,
      bytes.subarray(at + 4 + length, padded).every((byte) => byte === 0),
      () => `the padding after the key "${key}" must be zero`,
    );
    at = padded;
  }
  for (const [key, value] of values) checkReserved(name, { key, value, context });
  checkTogether(name, values);
  return values;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decodeKey(name: string, bytes: Uint8Array): string {
  checkRule(name, bytes.length > 0, () => "a key of its key/value data is empty");
  const key = utf8(bytes);
  checkRule(name, key !== null, () => "a key of its key/value data is not UTF-8");
  checkRule(name, !key.startsWith("\ufeff"), () => "a key must not begin with a byte order mark");
  return key;
}

/** A reserved key with its value and the sections that it must agree with. */
interface ReservedEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly context: KeyValueContext;
}

const RESERVED: Readonly<Record<string, (name: string, entry: ReservedEntry) => void>> = Object
  .freeze({
    KTXcubemapIncomplete: checkCubemapIncomplete,
    KTXorientation: checkOrientation,
    KTXglFormat: checkGlFormat,
    KTXdxgiFormat__: checkPlatformFormat,
    KTXmetalPixelFormat: checkPlatformFormat,
    KTXswizzle: checkSwizzle,
    KTXwriter: terminatedText,
    KTXwriterScParams: terminatedText,
    KTXastcDecodeMode: checkAstcDecodeMode,
    KTXanimData: checkAnimData,
    KTXmapRange: checkMapRange,
  });

function checkReserved(name: string, entry: ReservedEntry): void {
  if (!entry.key.startsWith("KTX") && !entry.key.startsWith("ktx")) return;
  const rule = Object.hasOwn(RESERVED, entry.key) ? RESERVED[entry.key] : undefined;
  checkRule(name, rule !== undefined, () => `the key "${entry.key}" is reserved and not specified`);
  rule(name, entry);
}

function checkTogether(name: string, values: ReadonlyMap<string, Uint8Array>): void {
  checkRule(
    name,
    !values.has("KTXanimData") || !values.has("KTXcubemapIncomplete"),
    () => "KTXanimData and KTXcubemapIncomplete must not occur together",
  );
  checkRule(
    name,
    !values.has("KTXwriterScParams") || values.has("KTXwriter"),
    () => "KTXwriterScParams must come with KTXwriter",
  );
}

function checkSize(name: string, { key, value }: ReservedEntry, size: number): void {
  checkRule(
    name,
    value.length === size,
    () => `${key} must take ${size} bytes: current value is ${value.length}`,
  );
}

/** The value as text without its terminator. */
function terminatedText(name: string, { key, value }: ReservedEntry): string {
  checkRule(name, value.at(-1) === 0, () => `${key} must end with a NUL`);
  const text = utf8(value.subarray(0, -1));
  checkRule(name, text !== null, () => `${key} must be UTF-8`);
  return text;
}

function checkUndefinedFormat(name: string, { key, context }: ReservedEntry): void {
  const { vkFormat } = context.header;
  checkRule(
    name,
    vkFormat === 0,
    () => `${key} must come with vkFormat UNDEFINED: it is ${vkFormatName(vkFormat) ?? vkFormat}`,
  );
}

function checkCubemapIncomplete(name: string, entry: ReservedEntry): void {
  const { layerCount, faceCount, pixelWidth, pixelHeight, pixelDepth } = entry.context.header;
  checkSize(name, entry, 1);
  const faces = entry.value[0]!;
  checkRule(
    name,
    faces > 0 && faces < 63,
    () => `KTXcubemapIncomplete must name 1 to 5 faces by bits 0 to 5: current value is ${faces}`,
  );
  const count = [...faces.toString(2)].filter((bit) => bit === "1").length;
  checkRule(
    name,
    layerCount % count === 0,
    () => `layerCount must be a multiple of ${count} faces: current value is ${layerCount}`,
  );
  checkRule(
    name,
    faceCount === 1 && pixelDepth === 0 && pixelWidth === pixelHeight,
    () => "an incomplete cube map must have square images and a faceCount of 1",
  );
}

function checkOrientation(name: string, entry: ReservedEntry): void {
  const { pixelHeight, pixelDepth } = entry.context.header;
  const axes = ["rl", "du", "oi"].slice(0, pixelDepth > 0 ? 3 : pixelHeight > 0 ? 2 : 1);
  const text = terminatedText(name, entry);
  checkRule(
    name,
    text.length === axes.length && axes.every((letters, axis) => letters.includes(text[axis]!)),
    () =>
      `KTXorientation must be of one letter each from ${
        axes.join(", ")
      }: current value is "${text}"`,
  );
}

function checkGlFormat(name: string, entry: ReservedEntry): void {
  checkUndefinedFormat(name, entry);
  checkSize(name, entry, 12);
  const { header, descriptor } = entry.context;
  const { buffer, byteOffset } = entry.value;
  const view = new DataView(buffer, byteOffset, 12);
  const isBlocks = isBlockScheme(header.supercompressionScheme) ||
    isCompressedModel(descriptor.model);
  checkRule(
    name,
    !isBlocks || (view.getUint32(4, true) === 0 && view.getUint32(8, true) === 0),
    () => `glFormat and glType must be 0 with ${modelName(descriptor.model)}`,
  );
}

function checkPlatformFormat(name: string, entry: ReservedEntry): void {
  checkUndefinedFormat(name, entry);
  checkSize(name, entry, 4);
}

function checkSwizzle(name: string, entry: ReservedEntry): void {
  const text = terminatedText(name, entry);
  checkRule(
    name,
    /^[rgba01]{4}$/.test(text),
    () => `KTXswizzle must be of 4 letters of "rgba01": current value is "${text}"`,
  );
  const format = vkFormatName(entry.context.header.vkFormat) ?? "";
  checkRule(
    name,
    !isDepthStencilFormat(format),
    () => `KTXswizzle must not come with the format ${format}`,
  );
}

function checkAstcDecodeMode(name: string, entry: ReservedEntry): void {
  const { header, descriptor } = entry.context;
  const format = vkFormatName(header.vkFormat) ?? "";
  const text = terminatedText(name, entry);
  checkRule(
    name,
    text === "rgb9e5" || text === "unorm8",
    () => `KTXastcDecodeMode must be "rgb9e5" or "unorm8": current value is "${text}"`,
  );
  const isHighRange = descriptor.model === MODEL.ASTC && !/_(UNORM|SRGB)_/.test(format);
  checkRule(
    name,
    text !== "unorm8" || !isHighRange,
    () => `KTXastcDecodeMode must not be "unorm8" with the format ${format}`,
  );
}

function checkAnimData(name: string, entry: ReservedEntry): void {
  checkSize(name, entry, 12);
  checkRule(
    name,
    entry.context.header.layerCount > 0,
    () => "KTXanimData must come with an array: layerCount is 0",
  );
}

/** Two 32-bit floats: scale and offset that map stored values to actual ones. */
function checkMapRange(name: string, entry: ReservedEntry): void {
  checkSize(name, entry, 8);
  const { buffer, byteOffset } = entry.value;
  const view = new DataView(buffer, byteOffset, 8);
  const scale = view.getFloat32(0, true);
  checkRule(
    name,
    Number.isFinite(scale) && scale !== 0 && Number.isFinite(view.getFloat32(4, true)),
    () => `KTXmapRange must be a finite scale that is not 0 and a finite offset: scale is ${scale}`,
  );
}

/**
 * Checks that a range comes with floats. Of a format that is not supported, nothing depends on it.
 *
 * @throws {MalformedFileError} if it does not.
 */
export function checkMappedFormat(
  name: string,
  keyValues: ReadonlyMap<string, Uint8Array>,
  { samples, model }: DataFormatDescriptor,
): void {
  if (!keyValues.has("KTXmapRange")) return;
  // Mantissas and their shared exponent make a float together.
  const hasExponent = samples.some(({ qualifiers }) => (qualifiers & EXPONENT) !== 0);
  checkRule(
    name,
    hasExponent || samples.every(({ qualifiers }) => (qualifiers & FLOAT) !== 0),
    () => `KTXmapRange must come with a format of floats: the model is ${modelName(model)}`,
  );
}
