/** Beginnings of lossy WebP frames, which the picture encoder writes with one partition alone. */

/** What a frame is made of. */
export interface Vp8Header {
  readonly width: number;
  readonly height: number;
  readonly segments: { readonly updatesMap: boolean; readonly updatesData: boolean } | null;
  /** Whether the loop filter's differences are there. */
  readonly updatesFilter: boolean;
  /** Values of what has no effect on what follows. */
  readonly flip: () => boolean;
  /** Bytes of the partitions of texels: 1, 2, 4 or 8 of them. */
  readonly partitions: readonly number[];
}

/** A key frame (RFC 6386, section 19) whose partitions are zeros behind their headers. */
export function vp8Frame(header: Vp8Header): Uint8Array {
  const first = firstPartition(header);
  const tag = first.length << 5 | 1 << 4;
  const sizes = header.partitions.slice(0, -1)
    .flatMap((bytes) => [bytes & 255, bytes >> 8 & 255, bytes >> 16]);
  const start = [
    ...[tag & 255, tag >> 8 & 255, tag >> 16, 0x9d, 0x01, 0x2a],
    ...[header.width & 255, header.width >> 8, header.height & 255, header.height >> 8],
    ...first,
    ...sizes,
  ];
  const frame = new Uint8Array(start.length + header.partitions.reduce((a, b) => a + b));
  frame.set(start);
  return frame;
}

function firstPartition(header: Vp8Header): number[] {
  const { segments, updatesFilter, flip, partitions } = header;
  const writer = new BoolWriter();
  const some = (count: number) => {
    for (let i = 0; i < count; i++) writer.write(flip());
  };
  const optional = (count: number, bits: number) => {
    for (let i = 0; i < count; i++) {
      const isThere = flip();
      writer.write(isThere);
      if (isThere) some(bits);
    }
  };
  some(2);
  writer.write(segments !== null);
  if (segments !== null) {
    writer.write(segments.updatesMap);
    writer.write(segments.updatesData);
    if (segments.updatesData) {
      some(1);
      optional(4, 8);
      optional(4, 7);
    }
    if (segments.updatesMap) optional(3, 8);
  }
  some(10);
  writer.write(updatesFilter);
  if (updatesFilter) {
    const hasDifferences = flip();
    writer.write(hasDifferences);
    if (hasDifferences) optional(8, 7);
  }
  const exponent = Math.log2(partitions.length);
  writer.write(exponent > 1);
  writer.write(exponent % 2 === 1);
  some(40);
  return writer.end();
}

/** The encoder of RFC 6386, section 7.3, where yes and no are as likely. */
class BoolWriter {
  readonly #bytes: number[] = [];
  #range = 255;
  #bottom = 0;
  #bits = 24;

  write(value: boolean): void {
    const split = 1 + (this.#range - 1 >> 1);
    if (value) {
      this.#bottom += split;
      this.#range -= split;
    } else this.#range = split;
    while (this.#range < 128) {
      this.#range *= 2;
      if (this.#bottom >= 2 ** 31) this.#carry();
      this.#bottom = this.#bottom * 2 % 2 ** 32;
      if (--this.#bits === 0) {
        this.#bytes.push(Math.floor(this.#bottom / 2 ** 24));
        this.#bottom %= 2 ** 24;
        this.#bits = 8;
      }
    }
  }

  #carry(): void {
    let at = this.#bytes.length - 1;
    while (at >= 0 && this.#bytes[at] === 255) this.#bytes[at--] = 0;
    this.#bytes[at]!++;
  }

  /** All bytes. */
  end(): number[] {
    for (let i = 0; i < 32; i++) this.write(false);
    return this.#bytes;
  }
}
