import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { BakeError, MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { DECODER_VARIABLE } from "../../../src/picture_variables.ts";
import { encodeFrame, encodeJson, FRAME, openPicture } from "../../../src/sources/mod.ts";
import { blackPng, encoder, gradient } from "../../sources/picture/made_pictures.ts";
import { decodersBelow, until, withDecoder } from "./with_decoder.ts";

const TEXELS = gradient(300, 200, 3);
/** Takes a decoder long enough to be interrupted. */
const LARGE = blackPng(30_000);

async function small(): Promise<Uint8Array> {
  return new Uint8Array(await encoder(TEXELS, 300, 3).png().toBuffer());
}

async function rowsOf(input: Uint8Array): Promise<Uint8Array> {
  const picture = await openPicture(input);
  try {
    return await picture.readRows(0, picture.height);
  } finally {
    await picture.close();
  }
}

Deno.test({
  name: "a decoder gives the same rows as this process, and leaves nothing (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const made = encoder(TEXELS, 300, 3);
    const files = [
      await made.clone().png().toBuffer(),
      await made.clone().jpeg().toBuffer(),
      await made.clone().tiff({ compression: "lzw" }).toBuffer(),
      await made.clone().webp().toBuffer(),
    ].map((file) => new Uint8Array(file));
    const wanted: Uint8Array[] = [];
    for (const file of files) wanted.push(await rowsOf(file));
    await withDecoder(async ({ host }) => {
      assert.ok(!existsSync(host.access.decoded), "nothing happens before a picture comes");
      assert.deepEqual(decodersBelow(host.access.decoded), []);
      // All at once, and each twice.
      assert.deepEqual(await Promise.all([...files, ...files].map(rowsOf)), [...wanted, ...wanted]);
      const isGone = () => readdirSync(host.access.decoded).length === 0;
      await until(isGone, "decoded pictures have no name once they are open");
      assert.equal(Deno.statSync(host.access.decoded).mode! & 0o777, 0o700);
      assert.equal(Deno.statSync(dirname(host.access.socket)).mode! & 0o777, 0o700);
      await host.close();
      assert.ok(!existsSync(host.access.decoded));
      assert.ok(!existsSync(dirname(host.access.socket)));
    });
  },
});

Deno.test({
  name: "errors of a decoder are those of this process (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async () => {
      const file = await small();
      file.fill(0, 200, 300);
      await assert.rejects(() => openPicture(file), (error) => {
        assert.ok(error instanceof MalformedFileError);
        assert.match(error.message, /^Cannot decode picture bytes: /);
        assert.equal(error.path, "bytes");
        return true;
      });
      const fractions: number[] = [];
      const picture = await openPicture(await small(), { onProgress: (f) => fractions.push(f) });
      await picture.close();
      assert.equal(fractions.at(-1), 1);
    }),
});

Deno.test({
  name: "a decoder that takes too long or too much is ended, and the limit named (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ host }) => {
      const cases = [
        [{ maxDecodeSeconds: 0.02 }, /at most 0\.02 s/, "FORGE3D_MAX_DECODE_SECONDS"],
        [{ maxDecodeMemoryMb: 20 }, /at most 20 MiB/, "FORGE3D_MAX_DECODE_MEMORY_MB"],
      ] as const;
      for (const [limits, text, variable] of cases) {
        await assert.rejects(() => openPicture(LARGE, { limits }), (error) => {
          assert.ok(error instanceof UnsupportedError, String(error));
          assert.match(error.message, text);
          assert.match(error.message, new RegExp(variable));
          return true;
        });
      }
      await until(() => decodersBelow(host.access.decoded).length === 0, "its process ends");
      await rowsOf(await small());
    }),
});

Deno.test({
  name: "aborting ends the decoder (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withDecoder(async ({ host }) => {
      const abort = new AbortController();
      const opened = openPicture(LARGE, { signal: abort.signal });
      await until(() => decodersBelow(host.access.decoded).length === 1, "a decoder starts");
      abort.abort(new Error("enough"));
      await assert.rejects(opened, /enough/);
      await until(() => decodersBelow(host.access.decoded).length === 0, "its process ends");
    }),
});

Deno.test({
  name: "whatever ends a decoder is an error, and the next picture is decoded (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withDecoder(async ({ host }) => {
      const deaths = [
        ["SIGBUS", MalformedFileError],
        ["SIGSEGV", MalformedFileError],
        ["SIGKILL", BakeError],
      ] as const;
      for (const [signal, type] of deaths) {
        const opened = openPicture(LARGE);
        await until(() => decodersBelow(host.access.decoded).length === 1, "a decoder starts");
        const rejected = assert.rejects(opened, type, signal);
        // Deno takes the first SIGBUS and SIGSEGV for its own.
        await until(() => {
          for (const pid of decodersBelow(host.access.decoded)) Deno.kill(pid, signal);
          return decodersBelow(host.access.decoded).length === 0;
        }, "the decoder ends");
        await rejected;
      }
      await rowsOf(await small());
    }),
});

Deno.test({
  name: "a program that sends anything ends its own connection alone (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ host }) => {
      const choice = { page: null, bands: null };
      const open = { name: "x", colorSpace: null, byteLength: 9, limits: { maxPixels: 9 }, choice };
      const right = {
        ...open,
        limits: { maxPixels: 1e9, maxDecodeSeconds: null, maxDecodeMemoryMb: 2048 },
        choice: { page: null, bands: null },
      };
      const messages: Uint8Array[] = [
        new Uint8Array(100).fill(0xee),
        encodeFrame(FRAME.data, new Uint8Array(9)),
        encodeFrame(FRAME.decoded, new Uint8Array(9)),
        encodeFrame(FRAME.open, new Uint8Array(9)),
        encodeJson(FRAME.open, null),
        encodeJson(FRAME.open, open),
        encodeJson(FRAME.open, { ...right, byteLength: -1 }),
        encodeJson(FRAME.open, { ...right, name: "x".repeat(10_000) }),
        encodeJson(FRAME.open, { ...right, choice: { page: -1, bands: null } }),
        encodeJson(FRAME.open, { ...right, choice: { page: null, bands: [1, 2, 3, 4, 5] } }),
        Uint8Array.of(FRAME.open, 255, 255, 255, 255),
        new Uint8Array([...encodeJson(FRAME.open, right), ...encodeJson(FRAME.open, right)]),
        new Uint8Array([...encodeJson(FRAME.open, right), ...encodeFrame(FRAME.end)]),
        new Uint8Array([
          ...encodeJson(FRAME.open, right),
          ...encodeFrame(FRAME.data, new Uint8Array(1000)),
        ]),
      ];
      for (const message of messages) {
        const connection = await Deno.connect({ transport: "unix", path: host.access.socket });
        await connection.write(message);
        await connection.closeWrite();
        for await (const _ of connection.readable);
      }
      await rowsOf(await small());
      await until(() => decodersBelow(host.access.decoded).length === 0, "no process is left");
    }),
});

Deno.test({
  name:
    "no more bytes of a picture are taken than the launcher's limit, which is named (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ host }) => {
      const file = await small();
      const limits = { maxPixels: 1e9, maxDecodeSeconds: null, maxDecodeMemoryMb: 2048 };
      const choice = { page: null, bands: null };
      const open = { name: "x", colorSpace: null, byteLength: 2 ** 34 + 1, limits, choice };
      const connection = await Deno.connect({ transport: "unix", path: host.access.socket });
      await connection.write(encodeJson(FRAME.open, open));
      const bytes = new Uint8Array(4096);
      const count = await connection.read(bytes);
      const answer = new TextDecoder().decode(bytes.subarray(0, count!));
      assert.match(answer, /at most 17179869184 bytes: current value is 17179869185\. /);
      assert.deepEqual(decodersBelow(host.access.decoded), []);
      connection.close();
      try {
        Deno.env.set("FORGE3D_MAX_PICTURE_BYTES", String(file.length));
        await rowsOf(file);
        Deno.env.set("FORGE3D_MAX_PICTURE_BYTES", String(file.length - 1));
        await assert.rejects(() => openPicture(file), (error) => {
          assert.ok(error instanceof UnsupportedError, String(error));
          assert.equal(error.feature, "FORGE3D_MAX_PICTURE_BYTES");
          assert.match(error.message, /, raise FORGE3D_MAX_PICTURE_BYTES$/);
          return true;
        });
        Deno.env.set("FORGE3D_MAX_PICTURE_BYTES", "16G");
        await assert.rejects(
          () => openPicture(file),
          /FORGE3D_MAX_PICTURE_BYTES must be an integer/,
        );
      } finally {
        Deno.env.delete("FORGE3D_MAX_PICTURE_BYTES");
      }
    }),
});

Deno.test({
  name: "a program without a decoder to reach says so (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ folder }) => {
      Deno.env.set(DECODER_VARIABLE, `${folder}/none`);
      await assert.rejects(() => small().then(openPicture), UnsupportedError);
    }),
});

Deno.test({
  name: "a program that closes while it is decoded for loses its picture (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ host }) => {
      const opened = openPicture(LARGE);
      const rejected = assert.rejects(opened, BakeError);
      await until(() => existsSync(host.access.decoded), "a decoder starts");
      await host.close();
      await rejected;
    }),
});
