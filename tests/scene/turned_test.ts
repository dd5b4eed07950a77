/**
 * Textures whose columns, rows and channels are stored in another way, in pipelines of the caller's, against
 * ordinary textures of what is stored.
 *
 * @module
 */

import type { Appearance } from "../../src/texels/mod.ts";
import { assert, assertExact, PLAIN_BILINEAR, PLAIN_TRILINEAR } from "./assertions.ts";
import { drawWithFeedback, takeFeedback } from "./draw_feedback.ts";
import { difference, drawViews } from "./draw_views.ts";
import { randomContents } from "./level_contents.ts";
import { withResident } from "./resident_texture.ts";
import { PICTURE_SIZE, viewsOf } from "./views.ts";

const [WIDTH, HEIGHT] = [257, 203];
const TILE_SIZE = 64;
const LEFT_AND_UP: Appearance = { orientation: "lu", swizzle: "bra1" };

/** The ordinary texture where, and from which channels, the file means it. */
function meant(plain: string): string {
  const body = plain.replaceAll(/\buv\b/g, "stored_uv").replace(/return ([^;]*);/, "let c = $1;");
  return `let stored_uv = 1.0 - uv; ${body} return vec4(c.b, c.r, c.a, 1.0);`;
}

const PAIRS = {
  bilinear: ["return vt_sample_bilinear(uv, pixel);", PLAIN_BILINEAR],
  trilinear: ["return vt_sample_trilinear(uv, pixel);", PLAIN_TRILINEAR],
  "trilinear from a texel": [
    "return vt_sample_trilinear_at(texel, offset, pixel);",
    PLAIN_TRILINEAR,
  ],
  "an explicit level": [
    "return vt_trilinear(uv, vt_level_of_detail(uv));",
    PLAIN_TRILINEAR,
  ],
} as const;

Deno.test("turned textures look as ordinary ones of what is stored, by uv and by texels", async () => {
  const contents = randomContents(WIDTH, HEIGHT, "rgba8unorm");
  const options = { contents, tileSize: TILE_SIZE, appearance: LEFT_AND_UP };
  await withResident(options, async (device, texture) => {
    const views = viewsOf(WIDTH, HEIGHT, TILE_SIZE).filter(({ name }) =>
      ["near", "tilted", "corner", "map"].includes(name)
    );
    const draw = (body: string) => drawViews(device, texture, { views, shading: { body } });
    for (const [body, plain] of Object.values(PAIRS)) {
      assertExact(await draw(body), await draw(meant(plain)), views);
    }
    let notices = false;
    try {
      assertExact(await draw(PAIRS.bilinear[0]), await draw(PLAIN_BILINEAR), views);
    } catch {
      notices = true;
    }
    assert(notices, "negative control: what is stored looks different");
  });
});

/** Pictures of anisotropic taps along a slanted axis. */
async function slanted(uv: string, turn: string, appearance: Appearance): Promise<Uint8Array[]> {
  const contents = randomContents(WIDTH, HEIGHT, "rgba8unorm");
  const views = viewsOf(WIDTH, HEIGHT, TILE_SIZE).filter(({ name }) => name === "near");
  let pictures: Uint8Array[] = [];
  await withResident({ contents, tileSize: TILE_SIZE, appearance }, async (device, texture) => {
    texture.binding.writeSettings({ maxAnisotropy: 8 });
    const body = `let dx = vec2f(0.01, 0.0); let dy = vec2f(0.06, 0.06);
      return vt_anisotropic(${uv}, ${turn} * dx, ${turn} * dy);`;
    pictures = await drawViews(device, texture, { views, shading: { body } });
  });
  return pictures;
}

Deno.test("steps of anisotropic taps are those of the picture", async () => {
  const turned = await slanted("uv", "vec2f(1.0)", { orientation: "ld" });
  const mirrored = "vec2f(1.0 - uv.x, uv.y)";
  const stored = await slanted(mirrored, "vec2f(-1.0, 1.0)", {});
  assert(difference(turned, stored).most <= 2, "steps are turned");
  const control = difference(turned, await slanted(mirrored, "vec2f(1.0)", {}));
  assert(control.most > 50, "negative control: steps that are not turned");
});

/** Tiles that a view of the whole reports at a coordinate. */
async function reported(sample: string, appearance: Appearance): Promise<Map<number, number>> {
  const contents = randomContents(WIDTH, HEIGHT, "rgba8unorm");
  const camera = viewsOf(WIDTH, HEIGHT, TILE_SIZE).find(({ name }) => name === "map")!;
  let counts = new Map<number, number>();
  await withResident({ contents, tileSize: TILE_SIZE, appearance }, async (device, texture) => {
    for (let frame = 0; frame < 8; frame++) {
      texture.writeFrame(frame);
      drawWithFeedback(device, texture, {
        camera: { ...camera, ...PICTURE_SIZE },
        filter: "bilinear",
        sample: `vt_sample(${sample}, pixel)`,
      });
    }
    counts = await takeFeedback(device, texture);
  });
  return counts;
}

Deno.test("what is reported of turned textures are the tiles that are stored there", async () => {
  // A quarter of the picture, so that no two of them have the same tiles.
  const [turned, stored] = [
    await reported("0.4 * uv", LEFT_AND_UP),
    await reported("1.0 - 0.4 * uv", {}),
  ];
  const text = (counts: Map<number, number>) => [...counts].sort(([a], [b]) => a - b).join(" ");
  assert(turned.size > 0 && text(turned) === text(stored), `${text(turned)}, ${text(stored)}`);
  const other = await reported("0.4 * uv", {});
  assert(text(other) !== text(stored), "negative control");
});
