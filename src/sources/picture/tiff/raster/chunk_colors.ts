/**
 * Colours of 8 bits from samples that are none: CMYK, CIELAB, YCbCr, and those with a colour profile.
 *
 * The picture decoder converts them, from a small file of the chunk with what says how to read it.
 *
 * @module
 */

import { unsupportedPicture } from "../../headers/picture_header.ts";
import { areBytes } from "../codecs/coding.ts";
import type { ChunkDecoder, ChunkRows } from "../codecs/decode_chunks.ts";
import type { PlainField } from "../codecs/plain_tiff.ts";
import { decodeStrips } from "../codecs/sharp_strips.ts";
import type { TiffLayout } from "../tiff_chunks.ts";
import { TIFF_COMPRESSION } from "../tiff_compression.ts";
import type { TiffDirectory } from "../tiff_directory.ts";
import { widenedLab } from "./cielab.ts";
import { PHOTOMETRIC, type TiffSamples } from "./samples.ts";
import { spreadUnits, YcbcrColors } from "./ycbcr.ts";

/** Tags of fields. */
const TAG = {
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  inks: 332,
  extraSamples: 338,
  subsampling: 530,
  positions: 531,
  profile: 34675,
} as const;
const STRAIGHT_ALPHA = 2;
/** A profile of more bytes is none. */
const MOST_PROFILE_BYTES = 16 * 2 ** 20;

/** Whether samples of a photometric interpretation are decoded to red, green and blue. */
export function isDecodedToColors(photometric: number): boolean {
  return photometric === PHOTOMETRIC.separated || photometric === PHOTOMETRIC.ycbcr ||
    photometric === PHOTOMETRIC.cielab;
}

/** Converts the chunks of a directory. */
export class ChunkColors {
  /** Samples of the file that are converted. */
  readonly samples: readonly number[];
  /** Samples of a converted texel: grey; red, green and blue; or those and alpha. */
  readonly channels: 1 | 3 | 4;
  readonly #name: string;
  readonly #bits: number;
  readonly #isInk: boolean;
  readonly #fields: readonly PlainField[];
  /** Converts luma and chroma; null for other colours. */
  readonly #ycbcr: YcbcrColors | null;
  /** Whether samples are widened before they are converted. */
  readonly #isWidened: boolean;

  private constructor(
    name: string,
    { samples, channels, bits, isInk, fields, ycbcr, isWidened }: {
      samples: readonly number[];
      channels: 1 | 3 | 4;
      bits: number;
      isInk: boolean;
      fields: readonly PlainField[];
      ycbcr: YcbcrColors | null;
      isWidened: boolean;
    },
  ) {
    this.#name = name;
    this.samples = samples;
    this.channels = channels;
    this.#bits = bits;
    this.#isInk = isInk;
    this.#fields = fields;
    this.#ycbcr = ycbcr;
    this.#isWidened = isWidened;
  }

  /**
   * How the samples of a directory become colours.
   *
   * @param hasProfile Whether a colour profile is followed.
   */
  static async ofDirectory(
    name: string,
    directory: TiffDirectory,
    { samples, hasProfile }: { samples: TiffSamples; hasProfile: boolean },
  ): Promise<ChunkColors> {
    const { photometric, alpha, bits } = samples;
    const isGrey = photometric <= PHOTOMETRIC.blackIsZero;
    const named = isGrey ? 1 : photometric === PHOTOMETRIC.separated ? 4 : 3;
    const used = Array.from({ length: named }, (_, sample) => sample);
    if (alpha !== null) used.push(alpha.sample);
    const profile = hasProfile ? await profileOf(directory) : null;
    const isWidened = photometric === PHOTOMETRIC.cielab && bits === 8;
    const fields: PlainField[] = [
      [TAG.photometric, [photometric]],
      [TAG.samples, [used.length]],
      [TAG.bits, used.map(() => isWidened ? 16 : bits)],
      ...alpha === null ? [] : [[TAG.extraSamples, [STRAIGHT_ALPHA]] as const],
      ...profile === null ? [] : [[TAG.profile, profile] as const],
    ];
    for (const [tag, count] of [[TAG.inks, 1], [TAG.subsampling, 2], [TAG.positions, 1]] as const) {
      const numbers = await directory.numbers(tag, count);
      if (numbers.length > 0) fields.push([tag, numbers]);
    }
    const channels = alpha !== null ? 4 : isGrey ? 1 : 3;
    const isInk = photometric === PHOTOMETRIC.separated;
    const isYcbcr = photometric === PHOTOMETRIC.ycbcr;
    const ycbcr = isYcbcr ? await YcbcrColors.ofDirectory(name, directory) : null;
    return new ChunkColors(name, {
      samples: used,
      channels,
      bits,
      isInk,
      fields,
      ycbcr,
      isWidened,
    });
  }

  /**
   * Decodes chunks.
   *
   * @param chunks Of each chunk its planes, one unless they are stored apart.
   * @returns Texels of each chunk; where it is left out, of samples that are 0.
   */
  async decode(
    decoder: ChunkDecoder,
    layout: TiffLayout,
    chunks: readonly (readonly ChunkRows[])[],
  ): Promise<Uint8Array[]> {
    const isPicture = layout.compression === TIFF_COMPRESSION.jpeg ||
      layout.compression === TIFF_COMPRESSION.webp;
    const isWhole = isPicture && layout.planes === 1 && layout.samples === this.samples.length;
    if (layout.subsampling !== null && layout.planes > 1) {
      throw unsupportedPicture(this.#name, {
        feature: "planes of chroma",
        why: "its luma and chroma must be stored together where chroma has fewer samples",
      });
    }
    if (layout.subsampling !== null && areBytes(layout)) {
      throw unsupportedPicture(this.#name, {
        feature: "compressed bytes of subsampled chroma",
        why: "its chroma must have as many samples as its luma, or its compression must be none, " +
          "Deflate, Zstandard or JPEG",
      });
    }
    const isPresent = chunks.map((planes) => planes.every(({ chunk }) => chunk.bytes > 0));
    const present = chunks.filter((_, i) => isPresent[i]);
    const decoded = isWhole
      ? await decoder.decodeColors(present.map(([rows]) => rows!), {
        channels: this.channels,
        fields: this.#storedFields(decoder),
      })
      : await this.#convert(decoder, layout, present);
    return chunks.map((planes, i) => {
      if (isPresent[i]) return decoded.shift()!;
      return this.#emptyTexels(planes[0]!.rowCount * layout.chunkWidth);
    });
  }

  /** Colours of samples that are 0: no ink is white. */
  #emptyTexels(count: number): Uint8Array {
    const texels = new Uint8Array(count * this.channels);
    if (!this.#isInk) return texels;
    return texels.fill(255).map((value, i) => this.channels === 4 && i % 4 === 3 ? 0 : value);
  }

  /** Fields of the data as it is stored: those of its coding, read as what it is. */
  #storedFields(decoder: ChunkDecoder): PlainField[] {
    const own = new Set(this.#fields.map(([tag]) => tag));
    return [...decoder.fields.filter(([tag]) => !own.has(tag)), ...this.#fields];
  }

  async #convert(
    decoder: ChunkDecoder,
    layout: TiffLayout,
    chunks: readonly (readonly ChunkRows[])[],
  ): Promise<Uint8Array[]> {
    const raw = await decoder.decode(chunks.flat());
    const perChunk = chunks[0]?.length ?? 1;
    const ycbcr = this.#ycbcr;
    if (ycbcr !== null) {
      return chunks.map((planes, i) => {
        const parts = raw.slice(i * perChunk, (i + 1) * perChunk);
        const texels = this.#lumaAndChroma(parts, layout, planes[0]!.rowCount);
        ycbcr.convert(texels, this.channels);
        return texels;
      });
    }
    const strips = chunks.map((planes, i) => {
      const data = this.#interleaved(raw.slice(i * perChunk, (i + 1) * perChunk), layout);
      const bytesOfRow = layout.chunkWidth * this.samples.length * this.#bits / 8;
      const rows = data.byteLength / bytesOfRow;
      const strip = this.#isWidened ? widenedLab(data, this.samples.length) : data;
      return { data: strip, rows, index: planes[0]!.chunk.index };
    });
    const decoded: Uint8Array[] = [];
    for (const { data, rows, index } of strips) {
      decoded.push(
        await decodeStrips(this.#name, {
          data: [data],
          width: layout.chunkWidth,
          rows,
          fields: [[TAG.compression, [TIFF_COMPRESSION.none]], ...this.#fields],
        }, {
          space: this.channels === 1 ? "b-w" : "srgb",
          channels: this.channels,
          what: `its ${layout.what} ${index}`,
        }),
      );
    }
    return decoded;
  }

  /** Samples of each texel, in an array of their own. */
  #lumaAndChroma(parts: readonly Uint8Array[], layout: TiffLayout, height: number): Uint8Array {
    const { subsampling, chunkWidth: width } = layout;
    if (subsampling !== null) return spreadUnits(parts[0]!, { width, height, subsampling });
    return this.#interleaved(parts, layout).slice();
  }

  /** The used samples of each texel together. */
  #interleaved(parts: readonly Uint8Array[], layout: TiffLayout): Uint8Array {
    const isWhole = layout.planes === 1 && layout.samples === this.samples.length;
    if (isWhole) return parts[0]!;
    const size = this.#bits / 8;
    const texels = parts[0]!.byteLength / size / layout.samples;
    const out = new Uint8Array(texels * this.samples.length * size);
    for (const [i, sample] of this.samples.entries()) {
      const from = layout.planes === 1 ? parts[0]! : parts[i]!;
      const skipped = layout.planes === 1 ? sample : 0;
      for (let texel = 0; texel < texels; texel++) {
        for (let byte = 0; byte < size; byte++) {
          out[(texel * this.samples.length + i) * size + byte] =
            from[(texel * layout.samples + skipped) * size + byte]!;
        }
      }
    }
    return out;
  }
}

async function profileOf(directory: TiffDirectory): Promise<Uint8Array | null> {
  const range = directory.range(TAG.profile);
  if (range === null || range.length === 0 || range.length > MOST_PROFILE_BYTES) return null;
  return await directory.bytes(TAG.profile);
}
