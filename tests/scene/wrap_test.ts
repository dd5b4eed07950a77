/**
 * Textures that repeat, against the hardware's sampler with the same address modes, far beyond their edges.
 *
 * @module
 */

import type { Wrap, WrapModes } from "../../src/tiles/mod.ts";
import { assert, assertExact, PLAIN_BILINEAR, PLAIN_TRILINEAR } from "./assertions.ts";
import { drawWithFeedback, takeFeedback } from "./draw_feedback.ts";
import { difference, drawViews, type Shading } from "./draw_views.ts";
import { type LevelContents, randomContents } from "./level_contents.ts";
import { type ResidentTexture, type TilePlace, withResident } from "./resident_texture.ts";
import { PICTURE_SIZE, type View, viewsOf } from "./views.ts";

interface Case {
  readonly size: readonly [number, number];
  readonly border: number;
  readonly wrap: WrapModes;
}

/** Even and odd, larger and smaller than a tile and than a border, and down to one texel. */
const CASES: readonly Case[] = [
  { size: [256, 128], border: 4, wrap: ["repeat", "clamp"] },
  { size: [257, 203], border: 2, wrap: ["repeat", "repeat"] },
  { size: [130, 321], border: 8, wrap: ["clamp", "repeat"] },
  { size: [5, 3], border: 6, wrap: ["repeat", "repeat"] },
  { size: [1, 70], border: 4, wrap: ["repeat", "repeat"] },
];

const TILE_SIZE = 64;
const VIEWS = ["near", "far", "tilted", "corner", "map"];

function viewsFor({ size: [width, height] }: Case): View[] {
  return viewsOf(width, height, TILE_SIZE).filter(({ name }) => VIEWS.includes(name));
}

/** The shape of the texture in the plane shows uv from -2 to 3. */
const WIDE_UV = "let wide = 5.0 * uv - 2.0;";

function wide(body: string): string {
  return WIDE_UV + body.replaceAll(/\buv\b/g, "wide");
}

/** The same place by a texel, which may lie outside the texture, and an offset from it. */
const WIDE_AT = `
  let size = vt_shape().size;
  let at = 5 * texel - 2 * size;
`;

/** vt_anisotropic's own taps, into the ordinary texture. */
const PLAIN_TAPS = `
  let size = vec2<f32>(vt_shape().size);
  let dx = dpdx(uv) * size;
  let dy = dpdy(uv) * size;
  let longer = max(length(dx), length(dy));
  let ratio = clamp(longer / min(length(dx), length(dy)), 1.0, 8.0);
  let count = max(ceil(ratio - 0.02), 1.0);
  let axis = select(dpdx(uv), dpdy(uv), length(dy) > length(dx));
  let lod = max(log2(longer / ratio), 0.0);
  var sum = vec4(0.0);
  for (var i = 1.0; i <= count; i += 1.0) {
    let tap = uv + axis * (i / (count + 1.0) - 0.5);
    sum += mix(
      textureSampleLevel(plain, plain_sampler, tap, floor(lod)),
      textureSampleLevel(plain, plain_sampler, tap, floor(lod) + 1.0),
      fract(lod),
    );
  }
  return sum / count;
`;

/** What is drawn, and with what of the ordinary texture it is compared. */
const PAIRS: Record<string, readonly [drawn: string, plain: string]> = {
  bilinear: [wide("return vt_sample_bilinear(uv, pixel);"), wide(PLAIN_BILINEAR)],
  trilinear: [wide("return vt_sample_trilinear(uv, pixel);"), wide(PLAIN_TRILINEAR)],
  anisotropic: [wide("return vt_sample_anisotropic(uv, pixel);"), wide(PLAIN_TAPS)],
  "trilinear from a texel": [
    `${WIDE_AT} return vt_sample_trilinear_at(at, 5.0 * offset, pixel);`,
    wide(PLAIN_TRILINEAR),
  ],
};

function samplerOf([u, v]: WrapModes): GPUSamplerDescriptor {
  const address = { clamp: "clamp-to-edge", repeat: "repeat" } as const;
  return {
    addressModeU: address[u],
    addressModeV: address[v],
    magFilter: "linear",
    minFilter: "linear",
    mipmapFilter: "linear",
  };
}

async function drawPair(
  { device, texture, views }: {
    readonly device: Parameters<typeof drawViews>[0];
    readonly texture: ResidentTexture;
    readonly views: readonly View[];
  },
  [body, plain]: readonly [string, string],
  { wrap, tamper }: { readonly wrap: WrapModes; readonly tamper?: (code: string) => string },
): Promise<[drawn: Uint8Array[], expected: Uint8Array[]]> {
  const draw = (shading: Shading) => drawViews(device, texture, { views, shading });
  const drawn = await draw({ body, ...(tamper && { tamper }) });
  return [drawn, await draw({ body: plain, sampler: samplerOf(wrap) })];
}

for (const one of CASES) {
  const { size: [width, height], border, wrap } = one;
  const name = `${width}×${height}, border ${border}, ${wrap.join(" and ")}`;

  Deno.test(`a texture goes on beyond its edges as an ordinary one: ${name}`, async () => {
    const contents = randomContents(width, height, "rgba8unorm");
    await withResident({ contents, tileSize: TILE_SIZE, border, wrap }, async (device, texture) => {
      texture.binding.writeSettings({ maxAnisotropy: 8 });
      const views = viewsFor(one);
      for (const [filter, pair] of Object.entries(PAIRS)) {
        const [drawn, expected] = await drawPair({ device, texture, views }, pair, { wrap });
        try {
          assertExact(drawn, expected, views);
        } catch (error) {
          throw new Error(`${filter}: ${(error as Error).message}`);
        }
      }
    });
  });
}

/** A texture on which each fault shows. */
function hardContents(): LevelContents {
  return randomContents(257, 203, "rgba8unorm");
}

const FAULTS: Record<string, {
  readonly wrap?: WrapModes;
  readonly borderWrap?: WrapModes;
  readonly tamper?: (code: string) => string;
}> = {
  "a texture that is clamped": { wrap: ["clamp", "clamp"] },
  "a texture that is clamped along v": { wrap: ["repeat", "clamp"] },
  "borders that repeat the edge": { borderWrap: ["clamp", "clamp"] },
  "taps that end at the edge": {
    tamper: (code) => replaced(code, "vec2<i32>(1 << 20u)", "vec2<i32>(0)"),
  },
};

function replaced(code: string, from: string, to: string): string {
  assert(code.includes(from), `the shader no longer has: ${from}`);
  return code.replace(from, to);
}

for (const [fault, { wrap, borderWrap, tamper }] of Object.entries(FAULTS)) {
  Deno.test(`the comparison beyond the edges notices ${fault}`, async () => {
    const options = {
      contents: hardContents(),
      tileSize: TILE_SIZE,
      wrap: wrap ?? ["repeat", "repeat"] as const,
      ...(borderWrap && { borderWrap }),
    };
    await withResident(options, async (device, texture) => {
      const views = viewsOf(257, 203, TILE_SIZE).filter(({ name }) => name === "map");
      const [drawn, expected] = await drawPair(
        { device, texture, views },
        PAIRS["bilinear"]!,
        { wrap: ["repeat", "repeat"], ...(tamper && { tamper }) },
      );
      assert(difference(drawn, expected).most > 20, "the fault went unnoticed");
    });
  });
}

/** Every function that takes a place: here, and some periods away. */
const FUNCTIONS = [
  "vt_debug_level_of(vt_from_uv(PLACE), vt_Footprint(dpdx(wide), dpdy(wide)), pixel)",
  "vec4(f32(vt_content_level(PLACE, 1u)) / 8.0)",
  "vt_bilinear(PLACE, 2u)",
  "vt_trilinear(PLACE, 1.4)",
  "vt_anisotropic(PLACE, dpdx(wide), dpdy(wide))",
  "sample_virtual_texture(PLACE, 0.5, vt_page_table, vt_atlas, vt_sampler)",
];

Deno.test("every function shows the same one or more periods away, what is missing too", async () => {
  const contents = randomContents(256, 192, "rgba8unorm");
  const resident = ({ level, x, y }: TilePlace) => level > 1 || (x + y) % 3 === 0;
  const options = { contents, tileSize: 32, wrap: "repeat", resident } as const;
  await withResident(options, async (device, texture) => {
    const views = viewsOf(256, 192, 32).filter(({ name }) => name === "map");
    for (const call of FUNCTIONS) {
      const draw = (place: string) => {
        const body = `${WIDE_UV} return ${call.replace("PLACE", place)};`;
        return drawViews(device, texture, { views, shading: { body } });
      };
      const away = await draw("wide");
      // Rounding decides on which side of a tile's edge a place lies.
      const { share } = difference(away, await draw("fract(wide)"));
      assert(share < 0.005, `${call} differs in ${share} of the pixels`);
    }
  });
});

Deno.test("tiles are reported wherever they are repeated, each as often as any other", async () => {
  // A pixel covers about 8 texels: level 3 is 32 by 16 texels, 4 by 2 tiles.
  const contents = randomContents(256, 128, "rgba8unorm");
  const [map] = viewsOf(256, 128, 8).filter(({ name }) => name === "map");
  const reported = async (wrap: Wrap) => {
    let counts = new Map<number, number>();
    await withResident({ contents, tileSize: 8, wrap }, async (device, texture) => {
      for (let frame = 0; frame < 8; frame++) {
        texture.writeFrame(frame);
        drawWithFeedback(device, texture, {
          camera: { ...map!, ...PICTURE_SIZE },
          filter: "bilinear",
          sample: "vt_sample(5.0 * uv - 2.0, pixel)",
        });
      }
      counts = await takeFeedback(device, texture);
      const { firstTile, tilesX, tilesY } = texture.grid.level(3);
      const tiles = Array.from({ length: tilesX * tilesY }, (_, i) => firstTile + i);
      assert([...counts.keys()].every((tile) => tiles.includes(tile)), `${[...counts.keys()]}`);
    });
    return { least: Math.min(...counts.values()), most: Math.max(...counts.values()), counts };
  };
  const { least, most, counts } = await reported("repeat");
  assert(counts.size === 8 && most < 1.4 * least, `from ${least} to ${most} of ${counts.size}`);
  const clamped = await reported("clamp");
  assert(clamped.most > 3 * clamped.least, "negative control: edges are reported more often");
});
