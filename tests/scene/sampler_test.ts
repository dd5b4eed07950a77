/**
 * Compares filters with the hardware sampler's own, on a picture like an aerial photograph.
 *
 * Trilinear: the sampler's level of detail and its weights are approximations, and differ most
 * where levels differ most. Measured on lavapipe: 2 of 255 at most, 0.15 on average.
 *
 * Anisotropic: the specification leaves the taps to the device. lavapipe weighs the nearest texels
 * in an ellipse (Heckbert's EWA) even where a texture is magnified, so single pixels differ widely;
 * averages do not (measured: 1.5). So taps are also compared with the same taps into an ordinary
 * texture, exactly, and both filters with a picture of 64 samples a pixel.
 *
 * How near a sampler comes to that picture depends on where it puts its taps. Ours lie where
 * Vulkan's specification has them, at i / (N + 1) of the footprint's longer axis, and leave out its
 * ends; SwiftShader's lie in the middle of N equal parts. At the grazing view trilinear is 1.25 off
 * on average, ours 0.27 (lavapipe 0.28), SwiftShader's own 0.09, lavapipe's own 0.70.
 */

import { assert, assertExact } from "./assertions.ts";
import { difference, drawViews } from "./draw_views.ts";
import { landscapeContents } from "./level_contents.ts";
import { withResident } from "./resident_texture.ts";
import { viewsOf } from "./views.ts";

const WIDTH = 1000;
const HEIGHT = 777;
const TILE_SIZE = 128;

const TRILINEAR_MOST = 4;
const TRILINEAR_MEAN = 0.25;
const ANISOTROPIC_MEAN = 2;
/** Most that the error may exceed the adapter's own filter, as a part of trilinear's error. */
const TAPS_LOSS = 0.2;
/** Largest part of trilinear's error that may remain at a grazing angle. */
const GRAZING_REST = 0.3;

const contents = landscapeContents(WIDTH, HEIGHT);
const views = viewsOf(WIDTH, HEIGHT, TILE_SIZE);

const SAMPLER_OWN = "return textureSample(plain, plain_sampler, uv);";

/** The taps of vt_anisotropic, into the ordinary texture. */
const PLAIN_TAPS = `
  let dx = dpdx(uv) * vec2(${WIDTH}.0, ${HEIGHT}.0);
  let dy = dpdy(uv) * vec2(${WIDTH}.0, ${HEIGHT}.0);
  let longer = max(length(dx), length(dy));
  let ratio = clamp(longer / min(length(dx), length(dy)), 1.0, 8.0);
  let count = max(ceil(ratio - 0.02), 1.0);
  let axis = select(dpdx(uv), dpdy(uv), length(dy) > length(dx));
  let lod = max(log2(longer / ratio), 0.0);
  var sum = vec4(0.0);
  for (var i = 1.0; i <= count; i += 1.0) {
    let at = uv + axis * (i / (count + 1.0) - 0.5);
    sum += mix(
      textureSampleLevel(plain, plain_sampler, at, floor(lod)),
      textureSampleLevel(plain, plain_sampler, at, floor(lod) + 1.0),
      fract(lod),
    );
  }
  return sum / count;
`;

/** 8×8 samples over the pixel's footprint, each fine enough for its own. */
const MANY_SAMPLES = `
  let dx = dpdx(uv);
  let dy = dpdy(uv);
  let size = vec2(${WIDTH}.0, ${HEIGHT}.0);
  let lod = log2(max(length(dx * size), length(dy * size)) / 8.0);
  var sum = vec4(0.0);
  for (var i = 0; i < 64; i++) {
    let at = (vec2(f32(i % 8), f32(i / 8)) + 0.5) / 8.0 - 0.5;
    sum += textureSampleLevel(plain, plain_sampler, uv + at.x * dx + at.y * dy, max(lod, 0.0));
  }
  return sum / 64.0;
`;

Deno.test("the documented function samples the level that it is given, mixed with the next", async () => {
  const page = "vt_page_table, vt_atlas, vt_sampler";
  const level = "textureSampleLevel(plain, plain_sampler, uv";
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    for (const lod of [0, 0.25, 1, 2.5]) {
      const finer = Math.floor(lod);
      const [drawn, expected, wrong] = await Promise.all([
        `return sample_virtual_texture(uv, ${lod.toFixed(2)}, ${page});`,
        `return mix(${level}, ${finer}.0), ${level}, ${finer + 1}.0), ${
          (lod - finer).toFixed(2)
        });`,
        `return ${level}, ${finer + 2}.0);`,
      ].map((body) => drawViews(device, texture, { views, shading: { body } })));
      assertExact(drawn!, expected!, views);
      assert(difference(drawn!, wrong!).most > 20, "negative control: another level is seen");
    }
  });
});

Deno.test("trilinear filtering is the sampler's own, within a bound", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    const body = "return vt_sample_trilinear(uv, pixel);";
    const drawn = await drawViews(device, texture, { views, shading: { body } });
    const expected = await drawViews(device, texture, { views, shading: { body: SAMPLER_OWN } });
    for (const [i, view] of views.entries()) {
      const { most, mean } = difference([drawn[i]!], [expected[i]!]);
      assert(most <= TRILINEAR_MOST, `${view.name} differs by ${most}`);
      assert(mean <= TRILINEAR_MEAN, `${view.name} differs by ${mean} on average`);
    }
  });
});

Deno.test("anisotropic filtering takes the taps of the specification, across tiles", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    texture.binding.writeSettings({ maxAnisotropy: 8 });
    const body = "return vt_sample_anisotropic(uv, pixel);";
    const drawn = await drawViews(device, texture, { views, shading: { body } });
    const expected = await drawViews(device, texture, { views, shading: { body: PLAIN_TAPS } });
    assertExact(drawn, expected, views);
  });
});

/** Whether a filter is as near to the truth as the adapter's own, given trilinear's error. */
function isNear(error: number, own: number, trilinear: number): boolean {
  return error <= own + TAPS_LOSS * trilinear;
}

Deno.test("anisotropic filtering is as near to many samples as the sampler's own, within a bound", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    texture.binding.writeSettings({ maxAnisotropy: 8 });
    const sampler: GPUSamplerDescriptor = {
      magFilter: "linear",
      minFilter: "linear",
      mipmapFilter: "linear",
      maxAnisotropy: 8,
    };
    const draw = (body: string, own?: GPUSamplerDescriptor) =>
      drawViews(device, texture, { views, shading: { body, ...(own && { sampler: own }) } });
    const drawn = await draw("return vt_sample_anisotropic(uv, pixel);");
    const trilinear = await draw("return vt_sample_trilinear(uv, pixel);");
    const own = await draw(SAMPLER_OWN, sampler);
    const truth = await draw(MANY_SAMPLES);
    for (const [i, view] of views.entries()) {
      const mean = difference([drawn[i]!], [own[i]!]).mean;
      assert(mean <= ANISOTROPIC_MEAN, `${view.name} differs by ${mean} on average`);
      const error = difference([drawn[i]!], [truth[i]!]).mean;
      const ownError = difference([own[i]!], [truth[i]!]).mean;
      const blurred = difference([trilinear[i]!], [truth[i]!]).mean;
      const errors = `${view.name}: ${error}, the sampler's ${ownError}, trilinear's ${blurred}`;
      assert(isNear(error, ownError, blurred), errors);
      if (!view.name.startsWith("grazing")) continue;
      assert(error <= GRAZING_REST * blurred, errors);
      assert(!isNear(blurred, ownError, blurred), `negative control: ${errors}`);
    }
  });
});
