/**
 * Rules by which the data format descriptor must agree with the header (KTX 2.0, sections 3.1 and
 * 3.10.2).
 *
 * @module
 */

import { isCompressedModel, MODEL, modelName, TRANSFER_SRGB, transferName } from "./color_model.ts";
import type { DataFormatDescriptor } from "../data_format_descriptor.ts";
import {
  type DescriptorSample,
  type ExpectedDescriptor,
  expectedDescriptor,
  samplesWithTransfer,
  SIGNED,
} from "./expected_descriptor.ts";
import { checkBlockDimensions, type Ktx2Header } from "../header.ts";
import { checkRule } from "./malformed.ts";
import { SCHEME } from "./supercompression.ts";
import { hasSrgbVariant, is422Format, vkFormatName } from "./vk_format.ts";

const ALL_BITS = 0xffffffff;

/**
 * Checks a descriptor against the header of its file.
 *
 * @throws {MalformedFileError} at the first rule that is broken.
 */
export function checkDescriptor(
  name: string,
  header: Ktx2Header,
  descriptor: DataFormatDescriptor,
): void {
  const format = vkFormatName(header.vkFormat);
  if (header.supercompressionScheme === SCHEME.BASIS_LZ) {
    checkBasisLz(name, descriptor);
  } else if (header.vkFormat === 0) {
    checkUndefinedFormat(name, header, descriptor);
  } else if (format !== null) {
    checkTransfer(name, format, descriptor);
    const expected = expectedDescriptor(format);
    if (expected !== null) checkFormat(name, { header, descriptor, expected, format });
  }
}

function checkTransfer(name: string, format: string, { transfer }: DataFormatDescriptor): void {
  checkRule(
    name,
    !format.includes("_SRGB") || transfer === TRANSFER_SRGB,
    () => `the transfer function of ${format} must be sRGB: it is ${transferName(transfer)}`,
  );
  checkRule(
    name,
    !hasSrgbVariant(format) || transfer !== TRANSFER_SRGB,
    () => `the transfer function of ${format} must not be sRGB: the format has a variant for that`,
  );
}

interface FormatCheck {
  readonly header: Ktx2Header;
  readonly descriptor: DataFormatDescriptor;
  readonly expected: ExpectedDescriptor;
  readonly format: string;
}

function checkFormat(name: string, { header, descriptor, expected, format }: FormatCheck): void {
  const isHdrAstc = descriptor.model === MODEL.UASTC_HDR_4X4 && expected.model === MODEL.ASTC;
  checkRule(
    name,
    descriptor.model === expected.model || isHdrAstc,
    () =>
      `the colour model of ${format} must be ${modelName(expected.model)}: ` +
      `it is ${modelName(descriptor.model)}`,
  );
  checkRule(
    name,
    descriptor.samples.length === expected.samples.length,
    () =>
      `the descriptor of ${format} must have ${expected.samples.length} samples: ` +
      `it has ${descriptor.samples.length}`,
  );
  samplesWithTransfer(expected.samples, descriptor.transfer).forEach((sample, index) => {
    // UASTC HDR is ASTC of unsigned values.
    const wanted = isHdrAstc
      ? { ...sample, lower: 0, qualifiers: sample.qualifiers & ~SIGNED }
      : sample;
    checkSample(name, { format, index, wanted, found: descriptor.samples[index]! });
  });
  const unsized = header.supercompressionScheme !== SCHEME.NONE && descriptor.planeBytes[0] === 0;
  if (!unsized) checkPlanes(name, descriptor, [expected.blockBytes]);
  checkRule(
    name,
    header.typeSize === expected.typeSize,
    () =>
      `typeSize must be ${expected.typeSize} with the format ${format}: ` +
      `current value is ${header.typeSize}`,
  );
}

function checkSample(
  name: string,
  { format, index, wanted, found }: {
    format: string;
    index: number;
    wanted: DescriptorSample;
    found: DescriptorSample;
  },
): void {
  for (const key of ["bitOffset", "bitCount", "channel", "qualifiers", "lower", "upper"] as const) {
    checkRule(
      name,
      found[key] === wanted[key],
      () =>
        `${key} of sample ${index} must be ${wanted[key]} with the format ${format}: ` +
        `current value is ${found[key]}`,
    );
  }
  // Where the chroma of 4:2:2 formats lies between the two texels is the file's choice.
  const mask = is422Format(format) ? 0xffffff00 : ALL_BITS;
  checkRule(
    name,
    ((found.position ^ wanted.position) & mask) === 0,
    () =>
      `the position of sample ${index} must be ${wanted.position} with the format ${format}: ` +
      `current value is ${found.position}`,
  );
}

function checkPlanes(
  name: string,
  descriptor: DataFormatDescriptor,
  expected: readonly number[],
): void {
  checkRule(
    name,
    descriptor.planeBytes.every((bytes, plane) => bytes === (expected[plane] ?? 0)),
    () =>
      `the descriptor's planes must be of ${expected.join(" and ")} bytes: ` +
      `they are of ${descriptor.planeBytes.join(", ")}`,
  );
}

/** ETC1S blocks, of colour alone or of colour and alpha (or red and green). */
function checkBasisLz(name: string, descriptor: DataFormatDescriptor): void {
  const { model, samples } = descriptor;
  checkRule(
    name,
    model === MODEL.ETC1S,
    () => `the colour model of BasisLZ must be ETC1S: it is ${modelName(model)}`,
  );
  checkRule(
    name,
    samples.length === 1 || samples.length === 2,
    () => `the descriptor of BasisLZ must have 1 or 2 samples: it has ${samples.length}`,
  );
  checkTexelBlock(name, descriptor, "BasisLZ");
  if (descriptor.planeBytes[0] !== 0) {
    checkPlanes(name, descriptor, samples.length === 2 ? [8, 8] : [8]);
  }
  samples.forEach((sample, index) =>
    checkBlockSample(name, sample, { what: "BasisLZ", index, bitOffset: 64 * index, bitCount: 64 })
  );
}

function checkUndefinedFormat(
  name: string,
  header: Ktx2Header,
  descriptor: DataFormatDescriptor,
): void {
  const { model, samples, planeBytes } = descriptor;
  const scheme = header.supercompressionScheme;
  const unsized = scheme !== SCHEME.NONE && planeBytes[0] === 0;
  if (isCompressedModel(model)) checkBlockDimensions(name, header, modelName(model));
  // Vendor schemes, and those with a block compression of their own, have rules unknown here.
  if (scheme !== SCHEME.NONE && scheme !== SCHEME.ZSTD && scheme !== SCHEME.ZLIB) return;
  if (model === MODEL.UASTC) {
    checkRule(
      name,
      samples.length === 1,
      () => `the descriptor of UASTC must have 1 sample: it has ${samples.length}`,
    );
    checkTexelBlock(name, descriptor, "UASTC");
    if (!unsized) checkPlanes(name, descriptor, [16]);
    checkBlockSample(name, samples[0]!, { what: "UASTC", index: 0, bitOffset: 0, bitCount: 128 });
    return;
  }
  checkRule(name, samples.length > 0, () => "its data format descriptor has no samples");
  if (scheme === SCHEME.NONE) {
    checkRule(
      name,
      planeBytes[0]! > 0 && planeBytes.slice(1).every((bytes) => bytes === 0),
      () => `the descriptor must have one plane: the bytes are ${planeBytes.join(", ")}`,
    );
  }
}

function checkTexelBlock(name: string, { block }: DataFormatDescriptor, what: string): void {
  checkRule(
    name,
    block[0] === 4 && block[1] === 4 && block[2] === 1 && block[3] === 1,
    () => `a block of ${what} must be 4 × 4 × 1 × 1 texels: it is ${block.join(" × ")}`,
  );
}

function checkBlockSample(
  name: string,
  sample: DescriptorSample,
  expected: { what: string; index: number; bitOffset: number; bitCount: number },
): void {
  const wanted = {
    bitOffset: expected.bitOffset,
    bitCount: expected.bitCount,
    lower: 0,
    upper: ALL_BITS,
  };
  for (const key of ["bitOffset", "bitCount", "lower", "upper"] as const) {
    checkRule(
      name,
      sample[key] === wanted[key],
      () =>
        `${key} of sample ${expected.index} must be ${wanted[key]} with ${expected.what}: ` +
        `current value is ${sample[key]}`,
    );
  }
}
