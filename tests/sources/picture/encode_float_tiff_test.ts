import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { InvalidArgumentError } from "../../../src/errors.ts";
import { encodeFloatTiff, readPicture } from "../../../src/sources/mod.ts";

async function readBack(bytes: Uint8Array) {
  const { width, height, format, data } = await readPicture(bytes, {
    colorSpace: "linear",
    check() {},
  });
  return { width, height, format, data: new Float32Array(data.slice().buffer) };
}

Deno.test("a TIFF file of floats holds each number, in one strip or several", async () => {
  for (const [width, height] of [[2, 2], [7, 3], [1, 50], [1100, 500]] as const) {
    const data = Float32Array.from({ length: width * height }, (_, i) => Math.sin(i) * 1e4 + i / 3);
    data.set([-0, 1e-40], 0);
    const read = await readBack(await encodeFloatTiff({ width, height, data }));
    deepEqual([read.width, read.height, read.format], [width, height, "r32float"]);
    equal(read.data.findIndex((value, i) => !Object.is(value, data[i])), -1);
  }
});

Deno.test("flat ground takes little room, and one number that differs is not lost", async () => {
  const data = new Float32Array(300 * 200).fill(12.3);
  const flat = await encodeFloatTiff({ width: 300, height: 200, data });
  ok(flat.length < data.byteLength / 100);
  data[31_000] = 12.300001;
  const { data: read } = await readBack(await encodeFloatTiff({ width: 300, height: 200, data }));
  deepEqual(read, data);
  ok((await readBack(flat)).data[31_000] !== read[31_000], "negative control");
});

Deno.test("a picture with the wrong number of floats is refused", async () => {
  const data = new Float32Array(5);
  await rejects(encodeFloatTiff({ width: 2, height: 2, data }), /must have 4 numbers/);
  const none = encodeFloatTiff({ width: 0, height: 2, data: new Float32Array() });
  await rejects(none, InvalidArgumentError);
});
