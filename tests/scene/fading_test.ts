import { assert, assertExact } from "./assertions.ts";
import { drawViews } from "./draw_views.ts";
import { randomContents } from "./level_contents.ts";
import { type ResidentTexture, withResident } from "./resident_texture.ts";
import { viewsOf } from "./views.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";

const [WIDTH, HEIGHT, TILE_SIZE] = [513, 257, 64];
const contents = randomContents(WIDTH, HEIGHT, "rgba8unorm-srgb");
const views = viewsOf(WIDTH, HEIGHT, TILE_SIZE);

/** Finest level that is resident; it came later than the coarser ones. */
const FINEST = 2;
const FADE_FRAMES = 8;
const OLD_FRAME = 10;
const BIRTH_FRAME = 100;

/** A texture whose finest resident level has been there for so many frames of its fade. */
function startFade(texture: ResidentTexture, shown: number): void {
  const frames = new Uint32Array(texture.atlas.plan.slotCount).fill(OLD_FRAME);
  const { tilesX, tilesY } = texture.grid.level(FINEST);
  for (let y = 0; y < tilesY; y++) {
    for (let x = 0; x < tilesX; x++) frames[texture.slotOf(FINEST, x, y)] = BIRTH_FRAME;
  }
  texture.writeBirths(frames);
  texture.writeFrame(BIRTH_FRAME + shown - 1);
  texture.binding.writeSettings({ fadeFrames: FADE_FRAMES });
}

/** A mix of two whole levels of the ordinary texture. */
function plainMix(finer: number, coarser: number): string {
  return `return mix(
    textureSampleLevel(plain, plain_sampler, uv, ${FINEST}.0),
    textureSampleLevel(plain, plain_sampler, uv, ${FINEST + 1}.0),
    ${coarser / (finer + coarser)});`;
}

function withFadingLevel(
  run: (device: ForgeDevice, texture: ResidentTexture) => Promise<void>,
): Promise<void> {
  const resident = (tile: { level: number }) => tile.level >= FINEST;
  return withResident({ contents, tileSize: TILE_SIZE, resident }, run);
}

/** What fading taps draw at a level of detail. */
function fadingTap(finer: number, fraction: number): { body: string; fade: true } {
  return {
    body: `return vt_trilinear_tap(vt_from_uv(uv), vt_Lod(${finer}, ${fraction}), vt_shape());`,
    fade: true,
  };
}

for (const shown of [1, 4, FADE_FRAMES, 1000]) {
  const faded = Math.min(1, shown / FADE_FRAMES);

  Deno.test(`a stand-in after ${shown} frames of ${FADE_FRAMES} leans to its own parent, however many levels it stands in for`, async () => {
    await withFadingLevel(async (device, texture) => {
      startFade(texture, shown);
      const body = plainMix(faded, 1 - faded);
      const expected = await drawViews(device, texture, { views, shading: { body } });
      for (const [finer, fraction] of [[0, 0], [0, 0.75], [FINEST - 1, 0.25]] as const) {
        const shading = fadingTap(finer, fraction);
        assertExact(await drawViews(device, texture, { views, shading }), expected, views);
      }
    });
  });

  Deno.test(`a level after ${shown} frames of ${FADE_FRAMES} has its share of the mix in proportion to its fade`, async () => {
    await withFadingLevel(async (device, texture) => {
      startFade(texture, shown);
      for (const fraction of [0, 0.25, 0.75]) {
        const share = faded * (1 - fraction);
        const shading = fadingTap(FINEST, fraction);
        const body = plainMix(share, 1 - share);
        const expected = await drawViews(device, texture, { views, shading: { body } });
        assertExact(await drawViews(device, texture, { views, shading }), expected, views);
      }
    });
  });
}

Deno.test("the comparison notices a stand-in that leans to the parent of the missing level", async () => {
  await withFadingLevel(async (device, texture) => {
    startFade(texture, 4);
    const tamper = (code: string) => {
      const from = "level = min(content + 1, shape.last_level);";
      assert(code.includes(from), "the shader has changed");
      return code.replace(from, "level = min(level + 1, shape.last_level);");
    };
    const drawn = await drawViews(device, texture, {
      views,
      shading: { ...fadingTap(0, 0), tamper },
    });
    const body = plainMix(0.5, 0.5);
    const expected = await drawViews(device, texture, { views, shading: { body } });
    let passed = true;
    try {
      assertExact(drawn, expected, views);
    } catch {
      passed = false;
    }
    assert(!passed, "the fault went unnoticed");
  });
});
