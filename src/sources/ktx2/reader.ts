/**
 * Reading a KTX2 file's description over random access.
 *
 * Checks every rule of the KTX 2.0 specification that does not need decoded texels. Reads the
 * header, the index, the sections between them and the first level, and the padding between levels;
 * never the levels themselves.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { basisTexelsOf, isHdr } from "./basis/basis_form.ts";
import { checkedSignalOption } from "../../checks.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import type { ByteRange } from "../bytes/read_range.ts";
import { wholeSource } from "../bytes/whole_source.ts";
import { assertNotForeign, FOREIGN_BYTES } from "../foreign_file.ts";
import { modelName, TRANSFER_SRGB, transferName } from "./rules/color_model.ts";
import { parseDescriptor } from "./data_format_descriptor.ts";
import { describeFile } from "./describe.ts";
import { checkDescriptor } from "./rules/descriptor_rules.ts";
import { checkGlobalData } from "./global_data.ts";
import {
  beginsAsKtx2,
  HEADER_BYTES,
  type Ktx2Header,
  LEVEL_INDEX_ENTRY_BYTES,
  parseHeader,
  type Section,
  storedLevelCount,
} from "./header.ts";
import { ignoredParts } from "./ignored_parts.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { checkMappedFormat, parseKeyValues } from "./key_values.ts";
import { type Ktx2Level, parseLevels } from "./level_index.ts";
import { checkRule } from "./rules/malformed.ts";
import { schemeName } from "./rules/supercompression.ts";
import { texelStorageOf } from "./rules/texel_storage.ts";
import { vkFormatName } from "./rules/vk_format.ts";

/** A section larger than this is not read into memory. */
const MAX_SECTION_BYTES = 16 * 1024 * 1024;

/** Reads one section, whose end has to lie in the file. */
type ReadSection = (section: Section, what: string) => Promise<Uint8Array>;

/**
 * Reads the description of a KTX2 file.
 *
 * @param bytes The file; it stays open and belongs to the caller.
 * @throws {InvalidArgumentError} if it is not a byte source, or an option does not exist.
 * @throws {MalformedFileError} if the file breaks a rule of KTX 2.0 or is cut off; the message
 * names the rule, or what lies there in place of the file, such as a Git LFS pointer.
 * @throws {UnsupportedError} if it is a KTX 1 file or one that has to be unpacked first, or a section other
 * than the levels is larger than 16 MiB. Other unsupported features are named in
 * {@linkcode Ktx2File.unsupported}.
 * @throws {SourceReadError} if the bytes cannot be read.
 *
 * @example Look into a file
 * ```ts ignore
 * import { openFileSource, readKtx2 } from "@forge3d/forge3d";
 *
 * const file = await readKtx2(await openFileSource("world.ktx2"));
 * file.describe(); // "KTX2 2D 8192 × 8192, BC7_SRGB_BLOCK, 14 levels, no supercompression"
 * ```
 */
export async function readKtx2(bytes: ByteSource, options: ReadOptions = {}): Promise<Ktx2File> {
  const failure = "Cannot read KTX2 file";
  const source = wholeSource(bytes, failure);
  checkedSignalOption(options, failure);
  const { name } = source;
  const size = await source.size();
  const readSection: ReadSection = async ({ offset, length }, what) => {
    const end = offset + length;
    checkRule(name, end <= size, () => `it is cut off: ${what} ends at byte ${end} of ${size}`);
    if (length > MAX_SECTION_BYTES) {
      throw new UnsupportedError(
        `${what} of ${length} bytes`,
        `Cannot read KTX2 file ${name} as ${what} must be at most ${MAX_SECTION_BYTES} bytes: ` +
          `current value is ${length}`,
      );
    }
    return length === 0 ? new Uint8Array(0) : await source.read(offset, length, options);
  };
  const readStart = (most: number) => source.read(0, Math.min(most, size), options);
  const start = size === 0 ? new Uint8Array(0) : await readStart(HEADER_BYTES);
  if (size > 0 && !beginsAsKtx2(start)) assertNotForeign(name, await readStart(FOREIGN_BYTES));
  checkRule(
    name,
    size >= HEADER_BYTES,
    () => `it is cut off: the header ends at byte ${HEADER_BYTES} of ${size}`,
  );
  const header = parseHeader(name, start);
  const indexBytes = LEVEL_INDEX_ENTRY_BYTES * storedLevelCount(header);
  const index = await readSection({ offset: HEADER_BYTES, length: indexBytes }, "the level index");
  const descriptor = parseDescriptor(
    name,
    await readSection(header.dataFormatDescriptor, "the data format descriptor"),
  );
  checkDescriptor(name, header, descriptor);
  const levels = parseLevels(name, index, { header, descriptor, fileSize: size });
  const keyValues = parseKeyValues(
    name,
    await readSection(header.keyValueData, "the key/value data"),
    { header, descriptor },
  );
  const hasDifferences = await checkGlobalData(name, {
    header,
    descriptor,
    levels,
    isAnimation: keyValues.has("KTXanimData"),
    read: (range: ByteRange) => readSection(range, "the supercompression global data"),
  });
  await checkPadding(name, { header, levels, readSection });
  const parsed = { name, size, header, descriptor, levels, keyValues };
  const file = describedFile(parsed, { hasDifferences });
  if (file.unsupported === null) checkMappedFormat(name, keyValues, descriptor);
  return file;
}

/** Checks that the padding between sections and levels is zero. */
async function checkPadding(
  name: string,
  { header, levels, readSection }: {
    header: Ktx2Header;
    levels: readonly Ktx2Level[];
    readSection: ReadSection;
  },
): Promise<void> {
  const { dataFormatDescriptor, keyValueData, supercompressionGlobalData } = header;
  const parts = [dataFormatDescriptor, keyValueData, supercompressionGlobalData]
    .filter(({ length }) => length > 0);
  parts.push(...levels.toReversed());
  let end = HEADER_BYTES + LEVEL_INDEX_ENTRY_BYTES * levels.length;
  for (const { offset, length } of parts) {
    const gap = { offset: end, length: offset - end };
    const padding = await readSection(gap, "padding");
    checkRule(
      name,
      padding.every((byte) => byte === 0),
      () => `the padding from byte ${gap.offset} on must be zero`,
    );
    end = offset + length;
  }
}

/** The parsed sections, before they become a {@linkcode Ktx2File}. */
type Parsed = Pick<Ktx2File, "name" | "size" | "header" | "descriptor" | "levels" | "keyValues">;

function describedFile(
  parsed: Parsed,
  { hasDifferences }: { readonly hasDifferences: boolean },
): Ktx2File {
  const { header, descriptor } = parsed;
  const formatName = vkFormatName(header.vkFormat);
  const basis = basisTexelsOf(descriptor, header.supercompressionScheme);
  const storage = formatName === null ? null : texelStorageOf(formatName);
  const file = {
    ...parsed,
    vkFormatName: formatName ?? `unknown (${header.vkFormat})`,
    width: header.pixelWidth,
    height: Math.max(1, header.pixelHeight),
    wantsMips: header.levelCount === 0,
    scheme: {
      number: header.supercompressionScheme,
      name: schemeName(header.supercompressionScheme),
    },
    modelName: modelName(descriptor.model),
    transferName: transferName(descriptor.transfer)!,
    colorSpace: descriptor.transfer === TRANSFER_SRGB ? "srgb" as const : "linear" as const,
    texelFormat: basis === null ? storage?.format ?? null : null,
    basis,
    conversion: basis === null ? storage?.conversion ?? null : null,
    premultiplied: descriptor.premultiplied,
    opaque: (basis?.channels === "rgb" && !isHdr(basis)) ||
      formatName?.startsWith("BC1_RGB_") === true,
    orientation: textOf(parsed.keyValues.get("KTXorientation")) ?? "rd",
    swizzle: textOf(parsed.keyValues.get("KTXswizzle")) ?? "rgba",
  };
  const unsupported = hasDifferences
    ? "video of BasisLZ, whose images are differences from others"
    : unsupportedPart(file);
  const ignored = ignoredParts(file);
  const describe = () => describeFile(file, { unsupported, ignored });
  return Object.freeze({ ...file, unsupported, ignored, describe });
}

/** A value that is text, without its terminator. */
function textOf(value: Uint8Array | undefined): string | undefined {
  return value && new TextDecoder().decode(value.subarray(0, -1));
}

/** Names the first part of a file that the library does not support. */
function unsupportedPart(
  file: Pick<
    Ktx2File,
    "header" | "scheme" | "basis" | "texelFormat" | "vkFormatName" | "modelName"
  >,
): string | null {
  const { header, scheme } = file;
  if (file.basis !== null) return null;
  if (scheme.name !== "none" && scheme.name !== "Zstandard" && scheme.name !== "ZLIB") {
    return `supercompression ${scheme.name}`;
  }
  if (header.vkFormat === 0) return `colour model ${file.modelName}`;
  return file.texelFormat === null ? `format ${file.vkFormatName}` : null;
}
