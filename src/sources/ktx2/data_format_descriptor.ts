/**
 * The data format descriptor of a KTX2 file: the meaning of its bits (KTX 2.0, section 3.10;
 * Khronos Data Format Specification 1.3, chapter 5).
 *
 * @module
 */

import {
  isChannelOf,
  modelName,
  primariesName,
  TRANSFER_LINEAR,
  transferName,
} from "./rules/color_model.ts";
import { ALPHA, type DescriptorSample, LINEAR } from "./rules/expected_descriptor.ts";
import { checkRule, malformedKtx2 } from "./rules/malformed.ts";

/** The basic descriptor block. */
export interface DataFormatDescriptor {
  /** Number of the colour model. */
  readonly model: number;
  /** Number of the colour primaries. */
  readonly primaries: number;
  /** Number of the transfer function. */
  readonly transfer: number;
  /** Whether colours are multiplied by alpha. */
  readonly premultiplied: boolean;
  /** Size of a block in texels on each of four axes. */
  readonly block: readonly [number, number, number, number];
  /** Bytes of a block in each of eight planes. */
  readonly planeBytes: readonly number[];
  /** The meaning of a block's bits. */
  readonly samples: readonly DescriptorSample[];
}

const BLOCK_HEADER_BYTES = 8;
const BASIC_BYTES = 24;
const SAMPLE_BYTES = 16;
/** Number of the Data Format Specification 1.3. */
const VERSION_1_3 = 2;
const FLAG_PREMULTIPLIED = 1;

/**
 * Reads the section and checks its own rules; `descriptor_rules.ts` checks that it agrees with
 * other sections.
 *
 * @param bytes The whole section, its length word included.
 * @throws {MalformedFileError} at the first rule that is broken.
 */
export function parseDescriptor(name: string, bytes: Uint8Array): DataFormatDescriptor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkRule(name, bytes.byteLength >= 4, () => "its data format descriptor has no length word");
  const total = view.getUint32(0, true);
  checkRule(
    name,
    total === bytes.byteLength,
    () =>
      `the data format descriptor's own length must be ${bytes.byteLength} bytes: ` +
      `current value is ${total}`,
  );
  let basic: DataFormatDescriptor | null = null;
  let isFirst = true;
  for (let at = 4; at < bytes.byteLength;) {
    const remaining = bytes.byteLength - at;
    checkRule(
      name,
      remaining >= BLOCK_HEADER_BYTES,
      () => `its data format descriptor ends in the middle of a block: ${remaining} bytes are left`,
    );
    const id = view.getUint32(at, true);
    const blockBytes = view.getUint16(at + 6, true);
    checkRule(
      name,
      blockBytes >= BLOCK_HEADER_BYTES && blockBytes <= remaining,
      () =>
        `a descriptor block must take ${BLOCK_HEADER_BYTES} to ${remaining} bytes: ` +
        `current value is ${blockBytes}`,
    );
    if (id === 0 && isFirst) {
      basic = parseBasic(name, new DataView(view.buffer, view.byteOffset + at, blockBytes));
    }
    isFirst = false;
    at += blockBytes;
  }
  if (basic === null) throw malformedKtx2(name, "its first descriptor block is not the basic one");
  return basic;
}

function parseBasic(name: string, view: DataView): DataFormatDescriptor {
  const blockBytes = view.byteLength;
  checkRule(
    name,
    blockBytes >= BASIC_BYTES && (blockBytes - BASIC_BYTES) % SAMPLE_BYTES === 0,
    () => `a basic descriptor block must take 24 + 16 n bytes: current value is ${blockBytes}`,
  );
  const version = view.getUint16(4, true);
  checkRule(
    name,
    version === VERSION_1_3,
    () => `the descriptor's version must be 2 (specification 1.3): current value is ${version}`,
  );
  const byte = (offset: number) => view.getUint8(offset);
  const samples: DescriptorSample[] = [];
  for (let at = BASIC_BYTES; at < blockBytes; at += SAMPLE_BYTES) {
    samples.push(parseSample(view, at));
  }
  const descriptor: DataFormatDescriptor = {
    model: byte(8),
    primaries: byte(9),
    transfer: byte(10),
    premultiplied: (byte(11) & FLAG_PREMULTIPLIED) !== 0,
    block: [byte(12) + 1, byte(13) + 1, byte(14) + 1, byte(15) + 1],
    planeBytes: Array.from({ length: 8 }, (_, plane) => byte(16 + plane)),
    samples,
  };
  checkBasic(name, descriptor);
  return descriptor;
}

function parseSample(view: DataView, at: number): DescriptorSample {
  const word = view.getUint32(at, true);
  return {
    bitOffset: word & 0xffff,
    bitCount: ((word >>> 16) & 0xff) + 1,
    channel: (word >>> 24) & 0xf,
    qualifiers: word >>> 28,
    position: view.getUint32(at + 4, true),
    lower: view.getUint32(at + 8, true),
    upper: view.getUint32(at + 12, true),
  };
}

function checkBasic(name: string, descriptor: DataFormatDescriptor): void {
  const { model, transfer, primaries, samples } = descriptor;
  checkRule(
    name,
    transferName(transfer) !== null,
    () => `the transfer function must be one of the specification's: current value is ${transfer}`,
  );
  checkRule(
    name,
    primariesName(primaries) !== null,
    () => `the colour primaries must be one of the specification's: current value is ${primaries}`,
  );
  samples.forEach(({ channel, qualifiers }, index) => {
    checkRule(
      name,
      isChannelOf(model, channel),
      () => `sample ${index} must be of a channel of ${modelName(model)}: channel is ${channel}`,
    );
    checkRule(
      name,
      (qualifiers & LINEAR) === 0 || (channel === ALPHA && transfer !== TRANSFER_LINEAR),
      () => `sample ${index} must not be qualified as linear: only alpha in non-linear colour is`,
    );
  });
}
