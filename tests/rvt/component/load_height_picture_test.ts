import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { FileError, MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import {
  LandscapeComponent,
  loadHeightPicture,
  type LoadHeightPictureOptions,
} from "../../../src/rvt/component/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { madeRaster } from "../../sources/picture/made_raster.ts";
import { FakeMaterial } from "./scene_helpers.ts";

const [WIDTH, HEIGHT] = [5, 3];

/** A grey PNG of 8 or 16 bits. */
async function greyPicture(values: Uint8Array | Uint16Array): Promise<Uint8Array> {
  const picture = sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
  return await picture.toColourspace(values instanceof Uint16Array ? "grey16" : "b-w").png()
    .toBuffer();
}

function values(step: number): number[] {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => i * step + 1);
}

Deno.test("a landscape has the heights of a grey picture of 8 or 16 bits, as they are stored", () =>
  withFolder(async (folder) => {
    for (const data of [Uint8Array.from(values(16)), Uint16Array.from(values(4321))]) {
      const path = join(folder, `${data.BYTES_PER_ELEMENT}.png`);
      const bytes = await greyPicture(data);
      await Deno.writeFile(path, bytes);
      for (const input of [path, bytes]) {
        const picture = await loadHeightPicture(input, { scale: 0.25, offset: -3 });
        assert.deepEqual(picture, { width: WIDTH, height: HEIGHT, data, scale: 0.25, offset: -3 });
        const land = new LandscapeComponent({ material: new FakeMaterial(), picture });
        for (let i = 0; i < data.length; i++) {
          const at = [i % WIDTH, Math.floor(i / WIDTH), 0];
          assert.equal(land.surfaceAt(at)!.position[2], data[i]! * 0.25 - 3);
        }
      }
    }
  }));

Deno.test("what cannot be heights is refused by name before it is decoded", () =>
  withFolder(async (folder) => {
    const scale = { scale: 1 };
    const color = await sharp(new Uint8Array(48), { raw: { width: 4, height: 4, channels: 3 } })
      .png().toBuffer();
    const line = await sharp(new Uint8Array(4), { raw: { width: 4, height: 1, channels: 1 } })
      .toColourspace("b-w").png().toBuffer();
    const grey = await greyPicture(Uint8Array.from(values(16)));
    const refused: [unknown, unknown, object][] = [
      [join(folder, "none.png"), scale, { name: FileError.name }],
      [folder, scale, { name: FileError.name }],
      [new Uint8Array(8), scale, { name: MalformedFileError.name }],
      [grey.subarray(0, grey.length - 20), scale, { name: MalformedFileError.name }],
      [color, scale, {
        name: UnsupportedError.name,
        message: /of picture bytes as it must be grey/,
      }],
      [line, scale, { argument: "height", code: "out-of-range" }],
      [7, scale, { argument: "input", code: "invalid-argument" }],
      [grey, {}, { argument: "scale", code: "invalid-argument" }],
      [grey, { scale: 0 }, { argument: "scale", code: "out-of-range" }],
      [grey, { scale: 1, offset: NaN }, { argument: "offset", code: "out-of-range" }],
      [grey, { scale: 1, bias: 0 }, { argument: "bias", code: "invalid-argument" }],
      [grey, { scale: 1, limits: { maxPixels: 4 } }, { name: UnsupportedError.name }],
      [grey, { scale: 1, signal: "stop" }, { argument: "signal", code: "invalid-argument" }],
    ];
    for (const [input, options, error] of refused) {
      await assert.rejects(
        loadHeightPicture(input as string, options as LoadHeightPictureOptions),
        { ...error },
        JSON.stringify(error, (_, value) => value instanceof RegExp ? value.source : value),
      );
    }
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await assert.rejects(
      loadHeightPicture(grey, { scale: 1, signal }),
      (error) => error === reason,
    );
  }));

Deno.test("heights are in units of their file, and those that are missing are the least", async () => {
  const size = { width: 3, height: 2 };
  const kinds = [
    Int16Array.of(-5, 7, -999, 3, 2, 1),
    Uint16Array.of(500, 700, 65535, 3000, 2000, 1000),
  ];
  for (const samples of kinds) {
    const noData = String(samples[2]);
    const { data } = await loadHeightPicture(madeRaster({ samples, ...size, noData }), {
      scale: 1,
    });
    const wanted = [...samples];
    wanted[2] = samples[0]!;
    assert.deepEqual([...data], wanted);
  }
});
