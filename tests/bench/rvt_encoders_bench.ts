/**
 * The block encoders that runtime virtual textures use: speed and PSNR by format and quality.
 *
 * Speed is of one recording of many tiles, its table and submit included; where the device draws on the
 * CPU it is that of one processor. PSNR is of decoded texels, in sRGB: of red, green and blue for BC1, BC3
 * and YCoCg, of red alone for BC4, of red and green for BC5. `base_color` measures sampled colours.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import {
  BlockEncoder,
  ENCODE_QUALITIES,
  type EncodeQuality,
  type EncodeTransform,
  type ForgeDevice,
} from "../../src/gpu/mod.ts";
import {
  decodeBlocks,
  decodedTexelBytes,
  regionBytes,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { psnr, type TestPicture, testPictures } from "../gpu/encode/pictures.ts";
import { recordBlocks } from "../gpu/encode/record_blocks.ts";
import { blueMarbleCrops } from "./blue_marble.ts";
import { type TimeCounts, timeInterleaved, type Work } from "./rvt/work_time.ts";

/** What {@linkcode benchEncoders} measures. */
export interface EncoderBenchOptions extends TimeCounts {
  /** Whether crops of Blue Marble, which may have to be downloaded, are encoded too. */
  readonly pictures: boolean;
  readonly qualities: readonly EncodeQuality[];
  /** Copies of the pictures that are encoded at once for speed. */
  readonly copies: number;
}

const OPTIONS: EncoderBenchOptions = {
  pictures: true,
  qualities: ENCODE_QUALITIES,
  copies: 2,
  rounds: 5,
  repeats: 2,
};

/** What blocks are made of. */
interface Encoding {
  readonly format: TexelFormat;
  readonly transform: EncodeTransform;
  /** The channels that are compared. */
  readonly channels: readonly number[];
}

const RGB = [0, 1, 2];
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  bc1: { format: "bc1-rgba-unorm", transform: "none", channels: RGB },
  bc3: { format: "bc3-rgba-unorm", transform: "none", channels: RGB },
  bc4: { format: "bc4-r-unorm", transform: "none", channels: [0] },
  bc5: { format: "bc5-rg-unorm", transform: "none", channels: [0, 1] },
  ycocg: { format: "bc3-rgba-unorm", transform: "ycocg", channels: RGB },
  ycocg_block_scale: { format: "bc3-rgba-unorm", transform: "ycocg_block_scale", channels: RGB },
};

/** Measures every encoding. */
export async function benchEncoders(
  device: ForgeDevice,
  options: EncoderBenchOptions = OPTIONS,
  say: (text: string) => void = () => {},
): Promise<BenchResult> {
  const metrics: Record<string, BenchMetric> = {};
  const { waves, rough, edges, darkGradient } = testPictures();
  const generated = [waves!, rough!, edges!, darkGradient!];
  const pictures = options.pictures ? await blueMarbleCrops() : generated;
  for (const [name, encoding] of Object.entries(ENCODINGS)) {
    say(name);
    const speeds = await speedsOf(device, encoding, pictures, options);
    for (const quality of options.qualities) {
      metrics[`${name}_${quality}_speed`] = summarize(speeds[quality]!, { unit: "Mtexel/s" });
      const values = await psnrOf(device, encoding, { quality, pictures });
      metrics[`${name}_${quality}_psnr`] = summarize(values, { unit: "dB" });
    }
  }
  return { metrics };
}

async function speedsOf(
  device: ForgeDevice,
  encoding: Encoding,
  originals: readonly TestPicture[],
  options: EncoderBenchOptions,
): Promise<Record<string, number[]>> {
  const { gpu } = device;
  const { format, transform } = encoding;
  const pictures = Array.from({ length: options.copies }, () => originals).flat();
  let [sourceBytes, targetBytes] = [0, 0];
  const regions = pictures.map(({ width, height }) => {
    const source = { offset: sourceBytes, bytesPerRow: 4 * width };
    const region = { width, height, source, targetOffset: targetBytes };
    sourceBytes += 4 * width * height;
    // Rows of blocks are padded for copies to textures.
    targetBytes += Math.ceil(regionBytes(format, width, 4) / 256) * 256 * Math.ceil(height / 4);
    return region;
  });
  const texels = sourceBytes / 4;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const source = gpu.createBuffer({ label: "texels", size: sourceBytes, usage });
  const target = gpu.createBuffer({ label: "blocks", size: targetBytes, usage });
  for (const [i, { texels }] of pictures.entries()) {
    const bytes = texels as Uint8Array<ArrayBuffer>;
    gpu.queue.writeBuffer(source, regions[i]!.source.offset, bytes);
  }
  const blockEncoder = new BlockEncoder(device);
  const works: Record<string, Work> = {};
  for (const quality of options.qualities) {
    works[quality] = () => {
      const encoder = gpu.createCommandEncoder({ label: "encode" });
      blockEncoder.recordEncode(encoder, { format, transform, quality, source, target, regions });
      device.submits.submit([encoder.finish()]);
    };
  }
  try {
    const times = await timeInterleaved(device, works, options);
    return Object.fromEntries(
      Object.entries(times).map(([name, list]) => [name, list.map((ms) => texels / ms / 1000)]),
    );
  } finally {
    source.destroy();
    target.destroy();
  }
}

async function psnrOf(
  device: ForgeDevice,
  { format, transform, channels }: Encoding,
  { quality, pictures }: {
    readonly quality: EncodeQuality;
    readonly pictures: readonly TestPicture[];
  },
): Promise<number[]> {
  const blocks = await recordBlocks(device, pictures, { format, transform, quality });
  return pictures.map(({ texels, width, height }, i) => {
    let decoded = decodeBlocks(format, blocks[i]!, width, height);
    if (decodedTexelBytes(format) === 1) decoded = spread(decoded);
    if (transform !== "none") decodeYcocg(decoded);
    return psnr(texels, decoded, channels);
  });
}

/** Grey as RGBA8. */
function spread(grey: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 4 * grey.length }, (_, i) => grey[i >> 2]!);
}

/** Turns Co, Cg, scale and Y into red, green and blue; see `EncodeTransform`. */
function decodeYcocg(texels: Uint8Array): void {
  for (let at = 0; at < texels.length; at += 4) {
    const scale = 1 + texels[at + 2]! / 8;
    const co = (texels[at]! - 128) / scale;
    const cg = (texels[at + 1]! - 128) / scale;
    const y = texels[at + 3]!;
    const colors = [y + co - cg, y + cg, y - co - cg];
    colors.forEach((value, c) => texels[at + c] = Math.min(255, Math.max(0, Math.round(value))));
  }
}

/** Speed and PSNR of encoders. */
export const bench: Benchmark = {
  name: "rvt_encoders",
  description:
    "block encoders of runtime virtual textures: Mtexel/s and PSNR by format and quality",
  runBenchmark: ({ device, say }) => benchEncoders(device, OPTIONS, say),
};
