import { assert, assertExact, PLAIN_BILINEAR, PLAIN_TRILINEAR } from "./assertions.ts";
import { drawViews } from "./draw_views.ts";
import { type LevelContents, randomContents } from "./level_contents.ts";
import { withResident } from "./resident_texture.ts";
import { viewsOf } from "./views.ts";

/** Sizes that are not powers of two or of tiles, formats and tile sizes. */
const CASES: readonly [number, number, number, Parameters<typeof randomContents>[2]][] = [
  [1000, 777, 128, "rgba8unorm-srgb"],
  [257, 511, 64, "rgba8unorm"],
  [513, 130, 64, "rgba8unorm-srgb"],
  [5, 3, 64, "rgba8unorm-srgb"],
  [512, 512, 128, "r8unorm"],
  [1000, 776, 128, "bc7-rgba-unorm-srgb"],
  [257, 511, 64, "bc7-rgba-unorm"],
  [512, 260, 64, "bc1-rgba-unorm-srgb"],
];

for (const [width, height, tileSize, format] of CASES) {
  const name = `${width}×${height} ${format} in tiles of ${tileSize}`;

  Deno.test(`a resident texture looks like an ordinary one: ${name}`, async () => {
    const contents = randomContents(width, height, format);
    await withResident({ contents, tileSize }, async (device, texture) => {
      const views = viewsOf(width, height, tileSize);
      for (const [body, plain] of PAIRS) {
        const drawn = await drawViews(device, texture, { views, shading: { body } });
        const expected = await drawViews(device, texture, { views, shading: { body: plain } });
        assertExact(drawn, expected, views);
      }
    });
  });
}

const PAIRS = [
  ["return vt_sample_bilinear(uv, pixel);", PLAIN_BILINEAR],
  ["return vt_sample_trilinear(uv, pixel);", PLAIN_TRILINEAR],
] as const;

/** Changes that each make a texture look slightly different, and must not pass. */
const FAULTS: Record<string, { tamper?: (code: string) => string; ownEdgeInBorder?: boolean }> = {
  "borders filled from the tile itself": { ownEdgeInBorder: true },
  "local coordinates clamped to the payload": {
    tamper: (code) =>
      replaced(
        code,
        "let atlas_uv = (vec2<f32>(slot_corner - tile_corner) + in_level) * point.inverse_atlas_size;",
        `let payload = vec2<f32>(slot_corner);
         let at = vec2<f32>(slot_corner - tile_corner) + in_level;
         let atlas_uv = point.inverse_atlas_size *
           clamp(at, payload + 0.5, payload + f32(1 << shape.tile_shift) - 0.5);`,
      ),
  },
  "levels rounded up instead of down": {
    tamper: (code) =>
      replaced(
        code,
        "return max(shape.size >> vec2<u32>(u32(level)), vec2<i32>(1));",
        "return vec2<i32>(ceil(vec2<f32>(shape.size) * exp2(f32(-level))));",
      ),
  },
  "coordinates not clamped to the level": {
    tamper: (code) =>
      replaced(
        code,
        "let most = min(tile_corner + payload_and_border, size + point.reach);",
        "let most = tile_corner + payload_and_border;",
      ),
  },
};

function replaced(code: string, from: string, to: string): string {
  assert(code.includes(from), `the shader no longer has: ${from}`);
  return code.replace(from, to);
}

/** Odd in both directions, and compressed, so that blocks at the edge hold texels outside it. */
function hardContents(): LevelContents {
  return randomContents(257, 511, "bc7-rgba-unorm-srgb");
}

for (const [fault, { tamper, ownEdgeInBorder = false }] of Object.entries(FAULTS)) {
  Deno.test(`the comparison notices ${fault}`, async () => {
    const options = { contents: hardContents(), tileSize: 64, ownEdgeInBorder };
    await withResident(options, async (device, texture) => {
      const views = viewsOf(257, 511, 64);
      const body = "return vt_sample_bilinear(uv, pixel);";
      const shading = { body, ...(tamper && { tamper }) };
      const drawn = await drawViews(device, texture, { views, shading });
      const expected = await drawViews(device, texture, {
        views,
        shading: { body: PLAIN_BILINEAR },
      });
      let passed = true;
      try {
        assertExact(drawn, expected, views);
      } catch {
        passed = false;
      }
      assert(!passed, "the fault went unnoticed");
    });
  });
}
