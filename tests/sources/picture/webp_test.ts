import assert from "node:assert/strict";
import sharp, { type WebpOptions } from "sharp";
import { MalformedFileError } from "../../../src/errors.ts";
import { memorySource, openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { HeaderReader } from "../../../src/sources/picture/headers/header_reader.ts";
import { readVp8Frame } from "../../../src/sources/picture/webp/vp8_frame.ts";
import { seededRandom } from "../../helpers/random.ts";
import { encoder, gradient } from "./made_pictures.ts";
import { vp8Frame, type Vp8Header } from "./made_vp8.ts";

const [WIDTH, HEIGHT] = [90, 70];
const random = seededRandom(9);
const TEXELS = gradient(WIDTH, HEIGHT, 3);

async function webp(options: WebpOptions = {}, alpha = false): Promise<Uint8Array<ArrayBuffer>> {
  const made = encoder(TEXELS, WIDTH, 3);
  const pipeline = alpha ? made.ensureAlpha(0.5) : made;
  return new Uint8Array(await pipeline.webp(options).toBuffer());
}

/** The offset of a chunk's letters. */
function chunkAt(file: Uint8Array, kind: string): number {
  const letters = [...new TextEncoder().encode(kind)];
  const at = file.findIndex((_, i) => letters.every((letter, k) => file[i + k] === letter));
  assert.ok(at > 0, kind);
  return at;
}

function changed(file: Uint8Array, change: (view: DataView) => void): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(file);
  change(new DataView(copy.buffer));
  return copy;
}

/** A file of some chunks. */
function riff(...chunks: readonly (readonly [kind: string, data: Uint8Array])[]): Uint8Array {
  const body = chunks.flatMap(([kind, data]) => {
    const length = new Uint8Array(Uint32Array.of(data.length).buffer);
    return [...new TextEncoder().encode(kind), ...length, ...data, ...data.length % 2 ? [0] : []];
  });
  const size = new Uint8Array(Uint32Array.of(4 + body.length).buffer);
  return Uint8Array.from([...new TextEncoder().encode("RIFF"), ...size, 87, 69, 66, 80, ...body]);
}

Deno.test("WebP of every quality, size and kind passes the checks of its structure", async () => {
  for (const [width, height] of [[1, 1], [16, 16], [17, 33], [300, 5], [90, 70]]) {
    for (const quality of [1, 30, 60, 80, 100]) {
      for (const options of [{}, { effort: 0 }, { effort: 6 }, { lossless: true }] as const) {
        for (const alpha of [false, true]) {
          const texels = gradient(width!, height!, 3).map((value) => value - (random() * 9 & 7));
          const made = encoder(texels, width!, 3);
          const pipeline = alpha ? made.ensureAlpha(0.5) : made;
          const file = new Uint8Array(await pipeline.webp({ quality, ...options }).toBuffer());
          const info = await readPictureInfo(file);
          assert.deepEqual([info.width, info.height, info.hasAlpha], [width, height, alpha]);
        }
      }
    }
  }
});

Deno.test("an animated WebP file gives its first frame", async () => {
  const frames = [TEXELS, TEXELS.map((value) => 255 - value)];
  const file = await sharp(Uint8Array.from(frames.flatMap((frame) => [...frame])), {
    raw: { width: WIDTH, height: 2 * HEIGHT, channels: 3, pageHeight: HEIGHT },
  }).webp({ lossless: true, loop: 0, delay: [50, 50] }).toBuffer();
  chunkAt(file, "ANMF");
  const picture = await openPicture(new Uint8Array(file));
  assert.deepEqual([picture.width, picture.height], [WIDTH, HEIGHT]);
  const rows = await picture.readRows(0, 1);
  await picture.close();
  assert.deepEqual([...rows.subarray(0, 3)], [...TEXELS.subarray(0, 3)]);
  const at = chunkAt(file, "ANMF");
  const smaller = changed(file, (view) => view.setUint8(at + 8 + 6, 7));
  await assert.rejects(() => openPicture(smaller), /must have 8×70 texels/);
  const outside = changed(file, (view) => view.setUint8(at + 8, 7));
  await assert.rejects(() => openPicture(outside), /its first frame must lie in/);
});

Deno.test("a WebP file whose sizes do not match is refused", async () => {
  const lossy = await webp();
  const lossless = await webp({ lossless: true });
  const alpha = await webp({}, true);
  const end = lossy.length;
  const frame = lossy.subarray(20, 20 + new DataView(lossy.buffer).getUint32(16, true));
  const extended = new Uint8Array(10);
  extended.set([WIDTH - 1, 0, 0, HEIGHT - 1], 4);
  await (await openPicture(riff(["VP8X", extended], ["VP8 ", frame]))).close();
  const cases: Record<string, Uint8Array> = {
    "RIFF too long": changed(lossy, (view) => view.setUint32(4, end - 6, true)),
    "RIFF too short": changed(lossy, (view) => view.setUint32(4, end - 12, true)),
    "chunk too long": changed(lossy, (view) => view.setUint32(16, end - 18, true)),
    "first partition too long": changed(lossy, (view) => {
      view.setUint8(20 + 2, 0xff);
    }),
    "no texels": riff(["VP8X", extended], ["EXIF", frame]),
    "nothing": riff(),
    "another size": riff(["VP8X", extended.map((byte) => byte + 1)], ["VP8 ", frame]),
    "another size, alpha": changed(alpha, (view) => {
      const at = chunkAt(alpha, "VP8X") + 12;
      view.setUint8(at, view.getUint8(at) ^ 1);
    }),
    "another signature": changed(lossless, (view) => view.setUint8(20, 0x2e)),
    "header cut off": riff(["VP8 ", frame.subarray(0, 9)]),
    "lossless header cut off": riff(["VP8L", Uint8Array.of(0x2f)]),
    "extended header cut off": riff(["VP8X", extended.subarray(0, 9)], ["VP8 ", frame]),
    "no last partition": riff(["VP8 ", frame.subarray(0, 10 + firstPartitionBytes(frame))]),
  };
  for (const [what, file] of Object.entries(cases)) {
    for (const read of [readPictureInfo, openPicture]) {
      await assert.rejects(() => read(file), MalformedFileError, what);
    }
  }
});

function firstPartitionBytes(frame: Uint8Array): number {
  return (frame[0]! | frame[1]! << 8 | frame[2]! << 16) >> 5;
}

Deno.test("bytes behind a WebP file are no part of it", async () => {
  const file = Uint8Array.from([...await webp(), ...new Array(100).fill(7)]);
  await (await openPicture(file)).close();
});

Deno.test("a WebP file that is cut off, with sizes that hide it, is refused", async () => {
  for (const lossless of [false, true]) {
    const file = await webp({ lossless });
    const data = file.subarray(20);
    for (const share of [0.01, 0.2, 0.5, 0.8, 0.95, 0.99]) {
      const cut = riff([lossless ? "VP8L" : "VP8 ", data.slice(0, data.length * share)]);
      await assert.rejects(() => openPicture(cut), MalformedFileError, `${lossless} ${share}`);
    }
  }
});

Deno.test("partitions of VP8 must lie in their chunk, whatever comes before their sizes", async () => {
  const flip = () => random() < 0.5;
  for (let round = 0; round < 300; round++) {
    const header: Vp8Header = {
      width: 1 + Math.floor(random() * 16383),
      height: 1 + Math.floor(random() * 16383),
      segments: flip() ? null : { updatesMap: flip(), updatesData: flip() },
      updatesFilter: flip(),
      flip,
      partitions: Array.from({ length: 2 ** (round % 4) }, () => 1 + Math.floor(random() * 90000)),
    };
    const frame = vp8Frame(header);
    const read = (data: Uint8Array) => {
      const chunk = { kind: "VP8 ", at: 0, length: data.length };
      return readVp8Frame(new HeaderReader(memorySource(data), data.length), chunk);
    };
    const { width, height } = header;
    assert.deepEqual(await read(frame), { width, height });
    const last = header.partitions.at(-1)!;
    await read(frame.subarray(0, frame.length - last + 1));
    const least = frame.length - last;
    for (const length of [least, least - 1, 11, 9]) {
      await assert.rejects(() => read(frame.subarray(0, length)), MalformedFileError);
    }
  }
});
