/**
 * GIF files, made without a library: codes of one width, with a clear code before each would grow.
 *
 * @module
 */

/** A frame: numbers of colours, row by row. */
export interface MadeFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly texels: readonly number[];
  /** A table of its own: red, green, blue of each colour. */
  readonly colors?: readonly number[];
}

/** What a made GIF file holds. */
export interface MadeGif {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each colour: 2, 4, 8, … of them; left out for none. */
  readonly colors?: readonly number[];
  /** Bits of a colour's number. */
  readonly bits: number;
  readonly frames: readonly MadeFrame[];
}

function word(value: number): number[] {
  return [value & 255, value >> 8];
}

function flagsOf(colors: readonly number[] | undefined): number {
  return colors === undefined ? 0 : 0x80 | Math.log2(colors.length / 3) - 1;
}

/** Makes a file. */
export function makeGif({ width, height, colors, bits, frames }: MadeGif): Uint8Array<ArrayBuffer> {
  const file = [...new TextEncoder().encode("GIF89a"), ...word(width), ...word(height)];
  file.push(flagsOf(colors), 0, 0, ...colors ?? []);
  for (const frame of frames) {
    // A graphic control extension, with a delay.
    file.push(0x21, 0xf9, 4, 0, ...word(10), 0, 0);
    file.push(0x2c, ...[frame.left, frame.top, frame.width, frame.height].flatMap(word));
    file.push(flagsOf(frame.colors), ...frame.colors ?? [], bits);
    const codes = packCodes(frame.texels, bits);
    for (let at = 0; at < codes.length; at += 255) {
      const block = codes.slice(at, at + 255);
      file.push(block.length, ...block);
    }
    file.push(0);
  }
  return Uint8Array.from([...file, 0x3b]);
}

function packCodes(texels: readonly number[], bits: number): number[] {
  const clear = 1 << bits;
  const codes: number[] = [];
  texels.forEach((texel, i) => {
    if (i % (clear - 2) === 0) codes.push(clear);
    codes.push(texel);
  });
  codes.push(clear + 1);
  const bytes: number[] = [];
  let [held, heldBits] = [0, 0];
  for (const code of codes) {
    held |= code << heldBits;
    for (heldBits += bits + 1; heldBits >= 8; heldBits -= 8) {
      bytes.push(held & 255);
      held >>= 8;
    }
  }
  if (heldBits > 0) bytes.push(held);
  return bytes;
}
