import { assert, assertExact } from "./assertions.ts";
import { drawViews } from "./draw_views.ts";
import { randomContents } from "./level_contents.ts";
import { withResident } from "./resident_texture.ts";
import { viewsOf } from "./views.ts";
import { seededRandom } from "../helpers/random.ts";

/** Sizes whose levels do not nest exactly, down to a last column that is lost. */
const SIZES = [[1000, 777, 128], [513, 257, 64]] as const;

for (const [width, height, tileSize] of SIZES) {
  const size = `${width}×${height}`;
  const contents = randomContents(width, height, "rgba8unorm-srgb");
  const views = viewsOf(width, height, tileSize);

  for (const coarsest of [1, 2, 4]) {
    Deno.test(`without finer levels ${size} shows level ${coarsest}`, async () => {
      const resident = (tile: { level: number }) => tile.level >= coarsest;
      await withResident({ contents, tileSize, resident }, async (device, texture) => {
        const plain = `return textureSampleLevel(plain, plain_sampler, uv, ${coarsest}.0);`;
        const expected = await drawViews(device, texture, { views, shading: { body: plain } });
        for (let wanted = 0; wanted <= coarsest; wanted++) {
          const body = `return vt_bilinear(uv, ${wanted}u);`;
          assertExact(
            await drawViews(device, texture, { views, shading: { body } }),
            expected,
            views,
          );
        }
        const between = `return vt_trilinear(uv, ${coarsest - 0.5});`;
        const drawn = await drawViews(device, texture, { views, shading: { body: between } });
        assertExact(drawn, expected, views);
      });
    });
  }

  Deno.test(`with random tiles missing ${size} shows each pixel's nearest ancestor`, async () => {
    const random = seededRandom(5);
    const resident = (tile: { level: number }) => tile.level >= 5 || random() < 0.5;
    await withResident({ contents, tileSize, resident }, async (device, texture) => {
      for (const wanted of [0, 1, 2]) {
        const body = `return vt_bilinear(uv, ${wanted}u);`;
        const plain = `
          let level = f32(vt_content_level(uv, ${wanted}u));
          return textureSampleLevel(plain, plain_sampler, uv, level);`;
        const drawn = await drawViews(device, texture, { views, shading: { body } });
        const expected = await drawViews(device, texture, { views, shading: { body: plain } });
        assertExact(drawn, expected, views);
      }
    });
  });

  Deno.test(`the comparison notices an ancestor of ${size} addressed at the wanted level`, async () => {
    const resident = (tile: { level: number }) => tile.level >= 2;
    await withResident({ contents, tileSize, resident }, async (device, texture) => {
      const body = "return vt_bilinear(uv, 0u);";
      const tamper = (code: string) => {
        const from = "let size = vt_level_size(content_level, shape);";
        assert(code.includes(from), "the shader has changed");
        return code.replace(from, "let size = vt_level_size(level, shape);");
      };
      const plain = "return textureSampleLevel(plain, plain_sampler, uv, 2.0);";
      const drawn = await drawViews(device, texture, { views, shading: { body, tamper } });
      const expected = await drawViews(device, texture, { views, shading: { body: plain } });
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

Deno.test("where nothing is resident every filter gives transparent black", async () => {
  const contents = randomContents(200, 100, "rgba8unorm");
  await withResident({ contents, tileSize: 64, resident: () => false }, async (device, texture) => {
    const views = viewsOf(200, 100, 64);
    const filters = ["bilinear", "trilinear", "anisotropic"];
    for (const body of filters.map((name) => `return vt_sample_${name}(uv, pixel);`)) {
      for (const fade of [false, true]) {
        const pictures = await drawViews(device, texture, { views, shading: { body, fade } });
        assert(pictures.every((picture) => picture.every((value) => value === 0)));
      }
    }
    const body = "return vec4<f32>(f32(vt_content_level(uv, 0u)) / 255.0);";
    const [levels] = await drawViews(device, texture, { views: [views[0]!], shading: { body } });
    assert(levels!.every((value) => value === 31));
  });
});
