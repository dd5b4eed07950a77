/**
 * The package that transcodes Basis Universal, loaded when it is first needed: bundles for browsers
 * leave its 3 MiB out.
 *
 * @module
 */

/** Not a literal in the import, so that bundles for browsers leave the package out. */
const TRANSCODER_PACKAGE: string = "npm:ktx2-encoder@0.6.0";

/** A file that the transcoder has opened; `close` and `delete` free what it holds. */
export interface TranscodedFile {
  isValid(): boolean | number;
  startTranscoding(): boolean | number;
  getWidth(): number;
  getHeight(): number;
  getImageTranscodedSizeInBytes(
    level: number,
    layer: number,
    face: number,
    format: number,
  ): number;
  /** The last two name channels of two-channel formats; of KTX2 files they count for nothing. */
  transcodeImageWithFlags(
    output: Uint8Array,
    level: number,
    layer: number,
    face: number,
    format: number,
    flags: number,
    channel0: number,
    channel1: number,
  ): boolean | number;
  close(): void;
  delete(): void;
}

/** The transcoder in WebAssembly (Basis Universal 2.5). */
export interface BasisModule {
  readonly KTX2File: new (bytes: Uint8Array) => TranscodedFile;
}

interface TranscoderPackage {
  readonly NodeBasisEncoder: new () => { init(): Promise<BasisModule> };
}

/**
 * Makes an instance of the transcoder, with a memory of its own.
 *
 * @throws Whatever makes it impossible to load the package, or to read its WebAssembly.
 */
export async function loadBasisModule(): Promise<BasisModule> {
  const { NodeBasisEncoder } = await import(TRANSCODER_PACKAGE) as TranscoderPackage;
  return await new NodeBasisEncoder().init();
}
