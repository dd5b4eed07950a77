import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { FileError, MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import {
  loadMaterialTexture,
  type LoadMaterialTextureOptions,
  MaterialTexture,
} from "../../../src/rvt/material/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

const [WIDTH, HEIGHT] = [4, 2];

async function png(values: Uint8Array | Uint16Array, channels: 1 | 3 | 4): Promise<Uint8Array> {
  const made = sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels } });
  const grey = values instanceof Uint16Array ? "grey16" : "b-w";
  return await (channels === 1 ? made.toColourspace(grey) : made).png().toBuffer();
}

function ramp(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => 5 + 7 * i);
}

Deno.test("a texture has the texels of its picture; grey ones become colours", () =>
  withFolder(async (folder) => {
    const colors = ramp(4 * WIDTH * HEIGHT);
    const greys = ramp(WIDTH * HEIGHT);
    const shades = Uint8Array.from(
      { length: 4 * greys.length },
      (_, i) => i % 4 === 3 ? 255 : greys[i >> 2]!,
    );
    const pictures: [Uint8Array, Uint8Array][] = [
      [await png(colors, 4), colors],
      [await png(greys, 1), shades],
      [await png(Uint16Array.from(greys, (grey) => 257 * grey + 100), 1), shades],
    ];
    for (const [i, [bytes, texels]] of pictures.entries()) {
      const path = join(folder, `${i}.png`);
      await Deno.writeFile(path, bytes);
      for (const colorSpace of ["srgb", "linear"] as const) {
        const texture = await loadMaterialTexture(path, { colorSpace, addressing: "clamp" });
        assert.deepEqual(
          { name: texture.name, colorSpace: texture.colorSpace, addressing: texture.addressing },
          { name: path, colorSpace, addressing: "clamp" },
        );
        const made = new MaterialTexture({
          name: "same",
          width: WIDTH,
          height: HEIGHT,
          texels,
          colorSpace,
        });
        assert.deepEqual(texture.levels, made.levels, `${i} as ${colorSpace}`);
      }
    }
    const named = await loadMaterialTexture(pictures[0]![0], { name: "bricks" });
    assert.deepEqual([named.name, named.colorSpace, named.addressing], [
      "bricks",
      "srgb",
      "repeat",
    ]);
    assert.equal((await loadMaterialTexture(pictures[0]![0])).name, "bytes");
  }));

Deno.test("what cannot be a texture of a material is refused by name", () =>
  withFolder(async (folder) => {
    const bytes = await png(ramp(4 * WIDTH * HEIGHT), 4);
    const wide = await sharp({
      create: { width: 8193, height: 1, channels: 3, background: "red" },
    }).png().toBuffer();
    const refused: [unknown, object, object][] = [
      [join(folder, "none.png"), {}, { name: FileError.name }],
      [bytes.subarray(0, 40), {}, { name: MalformedFileError.name }],
      [wide, {}, { name: UnsupportedError.name, message: /<= 8192 .*as a virtual texture/ }],
      [null, {}, { argument: "input", code: "invalid-argument" }],
      [bytes, { name: "" }, { argument: "name", code: "out-of-range" }],
      [bytes, { colorSpace: "rgb" }, { argument: "colorSpace", code: "out-of-range" }],
      [bytes, { addressing: "mirror" }, { argument: "addressing", code: "out-of-range" }],
      [bytes, { filter: "linear" }, { argument: "filter", code: "invalid-argument" }],
      [bytes, { signal: 1 }, { argument: "signal", code: "invalid-argument" }],
    ];
    for (const [input, options, error] of refused) {
      await assert.rejects(
        loadMaterialTexture(input as string, options as LoadMaterialTextureOptions),
        error,
        JSON.stringify(options),
      );
    }
  }));
