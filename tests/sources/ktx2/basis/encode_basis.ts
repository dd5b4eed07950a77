/**
 * Encodes pictures as KTX2 files of Basis Universal, with the reference encoder.
 *
 * @module
 */

/** The part of the encoder that is used here. */
interface Encoder {
  setFormatMode(mode: number): void;
  setCreateKTX2File(on: boolean): void;
  setKTX2UASTCSupercompression(on: boolean): void;
  setKTX2AndBasisSRGBTransferFunc(on: boolean): void;
  setPerceptual(on: boolean): void;
  setMipGen(on: boolean): void;
  setQualityLevel(level: number): void;
  setETC1SCompressionLevel(level: number): void;
  setTexType(type: number): void;
  setSliceSourceImage(
    slice: number,
    texels: Uint8Array,
    width: number,
    height: number,
    type: number,
  ): boolean;
  setSliceSourceImageHDR(
    slice: number,
    texels: Uint8Array,
    width: number,
    height: number,
    type: number,
    isSrgb: boolean,
    nits: number,
  ): boolean;
  encode(output: Uint8Array): number;
  delete(): void;
}

interface EncoderModule {
  readonly BasisEncoder: new () => Encoder;
}

let loading: Promise<EncoderModule> | null = null;

/** The encoder says what it does; nobody listens. */
async function loadEncoder(): Promise<EncoderModule> {
  const { NodeBasisEncoder } = await import("ktx2-encoder");
  const { log } = console;
  console.log = () => {};
  try {
    return await new NodeBasisEncoder().init() as unknown as EncoderModule;
  } finally {
    console.log = log;
  }
}

/** Numbers of forms (`basis_tex_format`). */
export const MODES = Object.freeze({ ETC1S: 0, UASTC: 1, XUASTC_4X4: 5, XUASTC_6X6: 9, XUBC7: 33 });

/** A picture: RGBA, 8 bits, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly texels: Uint8Array;
}

/** How to encode. */
export interface EncodeOptions {
  readonly mode: number;
  /** Whether to make all smaller levels. Default true. */
  readonly mips?: boolean;
  readonly srgb?: boolean;
  /** Zstandard of UASTC. Default false. */
  readonly zstd?: boolean;
}

/** Type of a texture that is an array of 2D images (`basis_texture_type`). */
const ARRAY = 1;

/** Numbers of the forms of floats. */
export const HDR_MODES = Object.freeze({ UASTC_HDR_4X4: 2, UASTC_HDR_6X6: 4 });

/** A picture of floats: RGBA. */
export interface HdrPicture {
  readonly width: number;
  readonly height: number;
  readonly texels: Float32Array;
}

/** Type of a source of RGBA texels in 32-bit floats (`hdr_image_type`). */
const FLOATS = 1;

/** Encodes a picture of floats, with all smaller levels if asked for. */
export async function encodeHdr(
  { width, height, texels }: HdrPicture,
  { mode, mips = false }: { readonly mode: number; readonly mips?: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  loading ??= loadEncoder();
  const encoder = new (await loading).BasisEncoder();
  try {
    encoder.setFormatMode(mode);
    encoder.setCreateKTX2File(true);
    encoder.setKTX2UASTCSupercompression(false);
    encoder.setKTX2AndBasisSRGBTransferFunc(false);
    encoder.setMipGen(mips);
    const bytes = new Uint8Array(texels.slice().buffer);
    encoder.setSliceSourceImageHDR(0, bytes, width, height, FLOATS, false, 100);
    return encodedFile(encoder);
  } finally {
    encoder.delete();
  }
}

function encodedFile(encoder: Encoder): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(2 ** 20);
  const length = encoder.encode(output);
  if (length === 0) throw new Error("The encoder fails");
  return output.slice(0, length);
}

/** What was encoded already, by what it was made of: some of it takes long. */
const encoded = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/** Encodes a picture, or several of one size as an array. */
export async function encodeBasis(
  pictures: Picture | readonly Picture[],
  options: EncodeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const layers = Array.isArray(pictures) ? pictures as readonly Picture[] : [pictures as Picture];
  const key = JSON.stringify([layers.map(({ width, texels }) => [width, ...texels]), options]);
  if (!encoded.has(key)) encoded.set(key, encode(layers, options));
  return (await encoded.get(key)!).slice();
}

async function encode(
  layers: readonly Picture[],
  { mode, mips = true, srgb = true, zstd = false }: EncodeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  loading ??= loadEncoder();
  const { BasisEncoder } = await loading;
  const encoder = new BasisEncoder();
  try {
    encoder.setFormatMode(mode);
    encoder.setCreateKTX2File(true);
    encoder.setKTX2UASTCSupercompression(zstd);
    encoder.setKTX2AndBasisSRGBTransferFunc(srgb);
    encoder.setPerceptual(srgb);
    encoder.setMipGen(mips);
    encoder.setQualityLevel(255);
    encoder.setETC1SCompressionLevel(1);
    if (layers.length > 1) encoder.setTexType(ARRAY);
    layers.forEach(({ texels, width, height }, slice) =>
      encoder.setSliceSourceImage(slice, texels, width, height, 0)
    );
    return encodedFile(encoder);
  } finally {
    encoder.delete();
  }
}

/** A picture of smooth colours with edges; with alpha, a ramp from left to right. */
export function samplePicture(width: number, height: number, hasAlpha = false): Picture {
  const texels = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2;
      const at = 4 * (y * width + x);
      texels[at] = isInside ? 200 : 40 + 120 * x / width;
      texels[at + 1] = isInside ? 60 : 60 + 100 * y / height;
      texels[at + 2] = 128 + 60 * Math.sin((x + y) / 9);
      texels[at + 3] = hasAlpha ? 40 + 200 * x / width : 255;
    }
  }
  return { width, height, texels };
}

/** Peak signal to noise ratio of some channels of RGBA texels, in decibels. */
export function psnr(a: Uint8Array, b: Uint8Array, channels: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 4) {
    for (const channel of channels) sum += (a[i + channel]! - b[i + channel]!) ** 2;
  }
  const mean = sum / (a.length / 4 * channels.length);
  return mean === 0 ? Infinity : 10 * Math.log10(255 ** 2 / mean);
}
