/**
 * Taps never read another slot, however wide the border is.
 */

import { assert, assertExact, PLAIN_BILINEAR, PLAIN_TRILINEAR } from "./assertions.ts";
import { drawViews, type Shading } from "./draw_views.ts";
import { type LevelContents, randomContents } from "./level_contents.ts";
import { type TilePlace, withResident } from "./resident_texture.ts";
import { viewsOf } from "./views.ts";

/** Both odd: levels lose a column or a row, and places in an ancestor leave its payload. */
const [WIDTH, HEIGHT, TILE_SIZE] = [1023, 257, 64];

/** Fill value of slots without a tile, and the largest value in tiles. */
const FOREIGN = 255;
const DARKEST_FOREIGN = 110;
const BRIGHTEST = 100;

const views = viewsOf(WIDTH, HEIGHT, TILE_SIZE);

function darkContents(): LevelContents {
  const contents = randomContents(WIDTH, HEIGHT, "rgba8unorm");
  for (const level of contents.levels) {
    level.forEach((value, i) => level[i] = value % (BRIGHTEST + 1));
  }
  return contents;
}

const contents = darkContents();

/** The brightest channel of any pixel when a texture lies among foreign slots. */
async function brightest(
  border: number,
  shadings: readonly Shading[],
  resident: (tile: TilePlace) => boolean = () => true,
): Promise<number> {
  let most = 0;
  const options = { contents, tileSize: TILE_SIZE, border, resident, foreignByte: FOREIGN };
  await withResident(options, async (device, texture) => {
    texture.binding.writeSettings({ maxAnisotropy: 8 });
    for (const shading of shadings) {
      for (const picture of await drawViews(device, texture, { views, shading })) {
        for (const value of picture) most = Math.max(most, value);
      }
    }
  });
  return most;
}

const FILTERS: readonly Shading[] = ["bilinear", "trilinear", "anisotropic"].flatMap((filter) => [
  { body: `return vt_sample_${filter}(uv, pixel);` },
  { body: `return vt_sample_${filter}_at(texel, offset, pixel);` },
]);

for (const border of [0, 2, 4, 6, 8]) {
  Deno.test(`with a border of ${border} no tap reads another slot`, async () => {
    assert(await brightest(border, FILTERS) <= BRIGHTEST + 1);
    // Only ancestors: places in them leave the payload by the texels that halving has lost.
    for (const coarsest of [2, 5]) {
      const shadings = ["vt_bilinear(uv, 0u)", "vt_bilinear_at(texel, offset, 0u)"].map((tap) => ({
        body: `return ${tap};`,
      }));
      const most = await brightest(border, shadings, ({ level }) => level >= coarsest);
      assert(most <= BRIGHTEST + 1, `${most} at level ${coarsest}`);
    }
  });
}

Deno.test("the check notices taps that are kept inside the level, but not inside the slot", async () => {
  const tamper = (code: string) => {
    const least = "let least = max(tile_corner - shape.border, -point.reach);";
    const most = "let most = min(tile_corner + payload_and_border, size + point.reach);";
    assert(code.includes(least) && code.includes(most), "the shader has changed");
    return code.replace(least, "let least = vec2<i32>(0);").replace(most, "let most = size;");
  };
  for (const shading of FILTERS) {
    assert(await brightest(0, [{ ...shading, tamper }]) > DARKEST_FOREIGN, shading.body);
  }
});

for (const border of [2, 6]) {
  Deno.test(`a border of ${border} is enough to look like an ordinary texture`, async () => {
    await withResident({ contents, tileSize: TILE_SIZE, border }, async (device, texture) => {
      for (
        const [body, plain] of [
          ["return vt_sample_bilinear(uv, pixel);", PLAIN_BILINEAR],
          ["return vt_sample_trilinear_at(texel, offset, pixel);", PLAIN_TRILINEAR],
        ] as const
      ) {
        const drawn = await drawViews(device, texture, { views, shading: { body } });
        const expected = await drawViews(device, texture, { views, shading: { body: plain } });
        assertExact(drawn, expected, views);
      }
    });
  });
}

Deno.test("without a border each tile ends half a texel inside its payload", async () => {
  const inTile = `
    let size = vec2(${WIDTH}.0, ${HEIGHT}.0);
    let corner = floor(min(uv, vec2(0.999999)) * size / ${TILE_SIZE}.0) * ${TILE_SIZE}.0;
    let at = clamp(uv * size, corner + 0.5, min(corner + ${TILE_SIZE}.0, size) - 0.5);
    return textureSampleLevel(plain, plain_sampler, at / size, 0.0);`;
  await withResident({ contents, tileSize: TILE_SIZE, border: 0 }, async (device, texture) => {
    const body = "return vt_bilinear(uv, 0u);";
    const near = views.filter(({ name }) => !["far", "very far"].includes(name));
    const drawn = await drawViews(device, texture, { views: near, shading: { body } });
    const expected = await drawViews(device, texture, { views: near, shading: { body: inTile } });
    assertExact(drawn, expected, near);
  });
});
