import assert from "node:assert/strict";
import sharp, { type JpegOptions } from "sharp";
import { MalformedFileError } from "../../../src/errors.ts";
import { memorySource, openPicture } from "../../../src/sources/mod.ts";
import { ScanVerifier } from "../../../src/sources/picture/jpeg/verify_scans.ts";
import { seededRandom } from "../../helpers/random.ts";
import { encoder, gradient } from "./made_pictures.ts";

const WIDTH = 300;
const HEIGHT = 220;
const random = seededRandom(3);
const TEXELS = gradient(WIDTH, HEIGHT, 3).map((value) => (value >> 1) + Math.floor(random() * 60));

async function jpeg(options: JpegOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await encoder(TEXELS, WIDTH, 3).jpeg(options).toBuffer());
}

function verify(file: Uint8Array): Promise<void> {
  return new ScanVerifier().verify(memorySource(file));
}

/** Share of texels that differ by more than a shade. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 3) if (Math.abs(a[i]! - b[i]!) > 48) count++;
  return count / (a.length / 3);
}

Deno.test("whole JPEG data of every sampling, size and quality passes", async () => {
  for (const [width, height] of [[300, 220], [1, 1], [8, 8], [9, 17], [16, 16], [33, 31]]) {
    for (const chromaSubsampling of ["4:2:0", "4:4:4"]) {
      for (const quality of [1, 60, 100]) {
        for (const space of ["srgb", "b-w", "cmyk"]) {
          const made = sharp(TEXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
            .extract({ left: 0, top: 0, width: width!, height: height! }).toColourspace(space);
          await verify(
            new Uint8Array(
              await made.jpeg({ chromaSubsampling, quality, optimiseCoding: quality > 50 })
                .toBuffer(),
            ),
          );
        }
      }
    }
  }
});

Deno.test("JPEG data with restart markers passes, and is refused if an interval is too long", async () => {
  const file = await withRestarts();
  await verify(file);
  await (await openPicture(file)).close();
  const restart = file.findIndex((byte, at) => byte === 0xff && (file[at + 1]! & 0xf8) === 0xd0);
  const longer = Uint8Array.from([
    ...file.subarray(0, restart),
    ...new Array(20).fill(0x55),
    ...file.subarray(restart),
  ]);
  await assert.rejects(() => openPicture(longer), MalformedFileError);
});

/** Grey blocks with a restart marker after each row of them, put together by hand. */
async function withRestarts(): Promise<Uint8Array<ArrayBuffer>> {
  const rows: Uint8Array[] = [];
  const one = await greyRow(0);
  const scan = startOfScan(one);
  const rowsOfBlocks = 5;
  for (let row = 0; row < rowsOfBlocks; row++) {
    const file = await greyRow(row);
    const data = file.subarray(startOfScan(file), file.length - 2);
    rows.push(data);
    if (row < rowsOfBlocks - 1) rows.push(Uint8Array.of(0xff, 0xd0 + row));
  }
  const head = one.slice(0, scan);
  const frame = head.findIndex((byte, at) => byte === 0xff && head[at + 1] === 0xc0);
  new DataView(head.buffer).setUint16(frame + 5, 8 * rowsOfBlocks);
  const scanSegment = head.findIndex((byte, at) => byte === 0xff && head[at + 1] === 0xda);
  const interval = [0xff, 0xdd, 0, 4, 0, 64 / 8];
  return Uint8Array.from([
    ...head.subarray(0, scanSegment),
    ...interval,
    ...head.subarray(scanSegment),
    ...rows.flatMap((row) => [...row]),
    0xff,
    0xd9,
  ]);
}

async function greyRow(row: number): Promise<Uint8Array> {
  const texels = gradient(64, 8, 1).map((value, i) => value ^ i * row);
  const made = encoder(texels, 64, 1).jpeg({ optimiseCoding: false });
  return new Uint8Array(await made.toBuffer());
}

/** First byte of data. */
function startOfScan(file: Uint8Array): number {
  const segment = file.findIndex((byte, at) => byte === 0xff && file[at + 1] === 0xda);
  return segment + 2 + (file[segment + 2]! << 8 | file[segment + 3]!);
}

Deno.test("most runs of zeros in JPEG data are found, and most were not by the decoder alone", async () => {
  const file = await jpeg();
  const whole = await sharp(file).raw().toBuffer();
  let spoilt = 0;
  let refused = 0;
  let refusedByDecoder = 0;
  for (let round = 0; round < 60; round++) {
    const damaged = file.slice();
    const start = startOfScan(file);
    const at = start + Math.floor(random() * (file.length - start - 100));
    damaged.fill(0, at, at + 60);
    const decoded = await sharp(damaged, { failOn: "none" }).raw().toBuffer();
    if (difference(whole, decoded) < 0.01) continue;
    spoilt++;
    await sharp(damaged, { failOn: "warning" }).raw().toBuffer().catch(() => refusedByDecoder++);
    await openPicture(damaged).then((picture) => picture.close(), (error) => {
      assert.ok(error instanceof MalformedFileError);
      refused++;
    });
  }
  assert.ok(spoilt > 20, `${spoilt} spoilt`);
  // The rest has as many blocks as before: nothing but the picture shows that they are others.
  assert.ok(refused >= 0.7 * spoilt, `${refused} of ${spoilt} refused`);
  assert.ok(refusedByDecoder < 0.3 * spoilt, `${refusedByDecoder} refused by the decoder`);
});

/** Offset and length of a segment, by its marker; the length is that of the whole segment. */
function segmentOf(file: Uint8Array, marker: number): { at: number; length: number } {
  const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === marker);
  return { at, length: 2 + (file[at + 2]! << 8 | file[at + 3]!) };
}

Deno.test("bytes between JPEG segments are refused, as tables may be among them; fill bytes pass", async () => {
  for (const progressive of [false, true]) {
    const file = await jpeg({ progressive });
    const huffman = segmentOf(file, 0xc4);
    const changes: Record<string, (copy: Uint8Array<ArrayBuffer>) => Uint8Array> = {
      "no marker": (copy) => copy.fill(0, huffman.at + 1, huffman.at + 2),
      "another marker": (copy) => copy.fill(0xd4, huffman.at + 1, huffman.at + 2),
      "too short": (copy) => copy.fill(2, huffman.at + 3, huffman.at + 4),
      "bytes before it": (copy) => inserted(copy, huffman.at, [1, 2, 0xff, 0, 3]),
      "bytes in the quantisation": (copy) => inserted(copy, segmentOf(copy, 0xdb).at + 9, [1, 2]),
      "an application's": (copy) => copy.fill(0xee, huffman.at + 1, huffman.at + 2),
    };
    for (const [what, change] of Object.entries(changes)) {
      const damaged = change(file.slice());
      await assert.rejects(() => openPicture(damaged), MalformedFileError, what);
    }
    await (await openPicture(inserted(file, huffman.at, [0xff, 0xff, 0xff]))).close();
  }
});

Deno.test("negative control: the decoder alone takes other tables for those that are lost", async () => {
  const file = await jpeg();
  const { at } = segmentOf(file, 0xc4);
  const wanted = await sharp(file).raw().toBuffer();
  file[at + 3] = 2;
  const rows = await sharp(file, { failOn: "error" }).raw().toBuffer();
  assert.ok(difference(wanted, rows) > 0.1);
});

function inserted(file: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  return Uint8Array.from([...file.subarray(0, at), ...bytes, ...file.subarray(at)]);
}

Deno.test("a few bytes behind the data harm nothing", async () => {
  const file = await jpeg();
  const padded = Uint8Array.from([...file.subarray(0, -2), 0, 0, 0, 0, ...file.subarray(-2)]);
  await (await openPicture(padded)).close();
});

/** Without some of its scans. */
function withoutScans(file: Uint8Array, isLost: (scan: number) => boolean): Uint8Array {
  const starts = [...file.keys()].filter((i) => file[i] === 0xff && file[i + 1] === 0xda);
  const ends = [...starts.slice(1), file.length - 2];
  const kept = starts.flatMap((start, i) => isLost(i) ? [] : [...file.subarray(start, ends[i])]);
  return Uint8Array.from([...file.subarray(0, starts[0]), ...kept, 0xff, 0xd9]);
}

Deno.test("progressive JPEG without its last scans is refused, in every colour space", async () => {
  for (const space of ["srgb", "b-w", "cmyk"]) {
    const made = encoder(TEXELS, WIDTH, 3).toColourspace(space).jpeg({ progressive: true });
    const file = new Uint8Array(await made.toBuffer());
    await (await openPicture(file)).close();
    for (let left = 1; left < 5; left++) {
      const damaged = withoutScans(file, (scan) => scan >= left);
      await assert.rejects(() => openPicture(damaged), (error) => {
        assert.ok(error instanceof MalformedFileError);
        assert.match(error.message, /a scan is missing: coefficient/, `${space}: ${left} scans`);
        return true;
      });
    }
  }
});

Deno.test("sequential JPEG without the scan of a component is refused", async () => {
  const file = await jpeg();
  const scan = segmentOf(file, 0xda);
  // Its only scan claims to be of the first component alone.
  const head = [0xff, 0xda, 0, 8, 1, file[scan.at + 5]!, file[scan.at + 6]!, 0, 63, 0];
  const rest = file.subarray(scan.at + scan.length);
  const damaged = Uint8Array.from([...file.subarray(0, scan.at), ...head, ...rest]);
  await assert.rejects(() => openPicture(damaged), MalformedFileError);
});

Deno.test("negative control: the decoder alone takes progressive JPEG without most scans", async () => {
  const file = await jpeg({ progressive: true });
  const wanted = await sharp(file).raw().toBuffer();
  const damaged = withoutScans(file, (scan) => scan > 0);
  const rows = await sharp(damaged, { failOn: "warning" }).raw().toBuffer();
  assert.notDeepEqual(rows, wanted);
});
