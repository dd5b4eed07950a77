/**
 * Textures of two and three planes: each plane looks as it does alone.
 */

import { deepEqual, equal, notEqual, ok, rejects, throws } from "node:assert/strict";
import { lookAt, orthographic } from "../../src/geometry/mod.ts";
import {
  Atlas,
  type ForgeDevice,
  MemoryLedger,
  type PlaneCount,
  VirtualTextureBinding,
  virtualTextureLayoutEntries,
  virtualTextureWgsl,
} from "../../src/gpu/mod.ts";
import { render, type RenderCamera } from "../../src/scene/mod.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";
import { seededRandom } from "../helpers/random.ts";
import { assertExact, PLAIN_BILINEAR, PLAIN_TRILINEAR } from "./assertions.ts";
import { drawWithFeedback, takeFeedback } from "./draw_feedback.ts";
import { difference, drawViews, type Shading } from "./draw_views.ts";
import { type LevelContents, randomContents } from "./level_contents.ts";
import { ResidentTexture, type ResidentTextureOptions, withResident } from "./resident_texture.ts";
import { viewsOf } from "./views.ts";

const [WIDTH, HEIGHT, TILE_SIZE] = [512, 260, 64];
const views = viewsOf(WIDTH, HEIGHT, TILE_SIZE);

const KINDS: readonly (readonly TexelFormat[])[] = [
  ["rgba8unorm-srgb", "rgba8unorm"],
  ["bc7-rgba-unorm-srgb", "r8unorm", "rgba8unorm"],
];

function contentsOf(formats: readonly TexelFormat[]): LevelContents[] {
  return formats.map((format, plane) => randomContents(WIDTH, HEIGHT, format, 100 * plane + 1));
}

function optionsOf(formats: readonly TexelFormat[]): ResidentTextureOptions {
  const [contents, ...morePlanes] = contentsOf(formats);
  return { contents: contents!, morePlanes, tileSize: TILE_SIZE };
}

/** Bodies that return texels and must give the same with one plane as with several. */
const BODIES = [
  "vt_sample_anisotropic(uv, pixel)",
  "vt_sample_trilinear_at(texel, offset, pixel)",
  "vt_anisotropic_at(texel, offset, vec2(5.0, 1.0), vec2(0.2, 0.4))",
  "vt_bilinear(uv, 1u)",
  "vt_trilinear(uv, 1.5)",
  "sample_virtual_texture(uv, 0.5, vt_page_table, vt_atlas, vt_sampler)",
];

for (const formats of KINDS) {
  const count = formats.length;

  Deno.test(`each of ${count} planes looks like an ordinary texture`, async () => {
    await withResident(optionsOf(formats), async (device, texture) => {
      equal(texture.binding.planes, count);
      for (let plane = 0; plane < count; plane++) {
        for (
          const [sample, plain] of [
            ["vt_sample_bilinear(uv, pixel)", PLAIN_BILINEAR],
            ["vt_sample_trilinear(uv, pixel)", PLAIN_TRILINEAR],
          ] as const
        ) {
          const draw = (body: string) =>
            drawViews(device, texture, { views, shading: { body, plane } });
          assertExact(await draw(`return ${sample}[${plane}];`), await draw(plain), views);
        }
      }
    });
  });

  Deno.test(`each of ${count} planes looks as it does alone, with tiles missing and fading in`, async () => {
    const random = seededRandom(5);
    const missing = new Set<string>();
    const key = (tile: { level: number; x: number; y: number }) =>
      `${tile.level} ${tile.x} ${tile.y}`;
    const options = optionsOf(formats);
    await withResident({
      ...options,
      resident: (tile) => {
        const isKept = tile.level >= 3 || random() < 0.6;
        if (!isKept) missing.add(key(tile));
        return isKept;
      },
    }, async (device, texture) => {
      for (const [plane, contents] of contentsOf(formats).entries()) {
        const alone = new ResidentTexture(device, {
          contents,
          tileSize: TILE_SIZE,
          resident: (tile) => !missing.has(key(tile)),
        });
        for (const one of [texture, alone]) startFade(one);
        for (const sample of BODIES) {
          const draw = (of: ResidentTexture, shading: Shading) =>
            drawViews(device, of, { views, shading: { ...shading, fade: true } });
          const together = await draw(texture, { body: `return ${sample}[${plane}];`, plane });
          const single = await draw(alone, { body: `return ${sample};` });
          ok(difference(together, single).most <= 1, `plane ${plane}: ${sample}`);
        }
        alone.destroy();
      }
    });
  });

  Deno.test(`draws of ${count} planes report a tile once`, async () => {
    await withResident(optionsOf(formats), async (device, texture) => {
      const alone = new ResidentTexture(device, {
        contents: optionsOf(formats).contents,
        tileSize: TILE_SIZE,
      });
      const reported: [number, number][][] = [];
      for (const one of [texture, alone]) {
        for (const frame of [3, 8]) {
          one.writeFrame(frame);
          const planes = one.binding.planes;
          drawWithFeedback(device, one, {
            camera: facing(),
            filter: "trilinear",
            sample: planes === 1 ? "vt_sample(uv, pixel)" : "vt_sample(uv, pixel)[1]",
          });
        }
        await render({ device, textures: [one] }, facing(), { plane: one.binding.planes - 1 });
        reported.push([...await takeFeedback(device, one)]);
      }
      ok(reported[0]!.length > 20);
      deepEqual(reported[0], reported[1]);
      alone.destroy();
    });
  });
}

/** Gives every other slot new content, so that it fades in. */
function startFade(texture: ResidentTexture): void {
  const { slotCount } = texture.atlas.plan;
  texture.writeBirths(
    Uint32Array.from({ length: slotCount }, (_, slot) => slot % 2 === 0 ? 10 : 0),
  );
  texture.writeFrame(12);
  texture.binding.writeSettings({ maxAnisotropy: 8, fadeFrames: 8 });
}

Deno.test("the comparison notices a plane that is read from another one's atlas", async () => {
  await withResident(optionsOf(KINDS[0]!), async (device, texture) => {
    const tamper = (code: string) => {
      const from = "vt_tap(place, shape.without_alpha.y, vt_atlas_1, atlas_sampler)";
      ok(code.includes(from), "the shader has changed");
      return code.replace(from, "vt_tap(place, shape.without_alpha.y, atlas, atlas_sampler)");
    };
    const draw = (shading: Shading) => drawViews(device, texture, { views, shading });
    const drawn = await draw({
      body: "return vt_sample_bilinear(uv, pixel)[1];",
      tamper,
      plane: 1,
    });
    const expected = await draw({ body: PLAIN_BILINEAR, plane: 1 });
    throws(() => assertExact(drawn, expected, views), /Pictures differ/);
  });
});

Deno.test("code for more planes has one lookup and a tap for each plane", () => {
  const count = (planes: PlaneCount, text: RegExp) =>
    virtualTextureWgsl({ group: 0, planes }).match(text)!.length;
  for (const planes of [1, 2, 3] as const) {
    equal(count(planes, /textureLoad\(/g), 1);
    equal(count(planes, /vt_locate\(/g), count(1, /vt_locate\(/g));
    // The definition, the debug view's, and the planes'.
    equal(count(planes, /\bvt_tap\(/g), 2 + planes);
  }
});

/** The upper left of the texture, a texel a pixel, rows downwards. */
function facing(): RenderCamera {
  const [width, height] = [WIDTH, HEIGHT];
  return {
    view: lookAt([0, 0, 1], [0, 0, 0]),
    projection: orthographic({ left: 0, right: width, bottom: height, top: 0, near: 0, far: 2 }),
    width,
    height,
  };
}

Deno.test("render shows the plane that is asked for, each in its own colour space", async () => {
  const formats = ["rgba8unorm-srgb", "r8unorm", "rgba8unorm"] as const;
  await withResident(optionsOf(formats), async (device, texture) => {
    const contents = contentsOf(formats);
    const system = { device, textures: [texture] };
    for (const plane of [0, 1, 2]) {
      const { data } = await render(system, facing(), { plane });
      const stored = contents[plane]!.levels[0]!;
      const expected = plane === 1
        ? Uint8Array.from({ length: data.length }, (_, i) => i % 4 === 3 ? 255 : stored[i >> 2]!)
        : stored;
      equal(difference([data], [expected]).most, 0, `plane ${plane}`);
      const debug = await render(system, facing(), { plane, debug: "level" });
      ok(debug.data.every((value, i) => i % 4 !== 3 || value === 255));
    }
    const first = await render(system, facing());
    equal(difference([first.data], [contents[0]!.levels[0]!]).most, 0);
  });
});

Deno.test("alpha is 1 in the planes that are declared opaque", async () => {
  for (const opaque of [[false, true], [true, false], [true, true]]) {
    await withResident({ ...optionsOf(KINDS[0]!), opaque }, async (device, texture) => {
      for (const plane of [0, 1]) {
        const shading = { body: `return vec4(vt_sample(uv, pixel)[${plane}].a);` };
        const [picture] = await drawViews(device, texture, { views: [views[0]!], shading });
        equal(picture!.every((value) => value === 255), opaque[plane], `${plane} of ${opaque}`);
      }
    });
  }
});

function bindingOf(
  device: ForgeDevice,
  ledger: MemoryLedger,
  texture: ResidentTexture,
  init: { atlas: Atlas },
): VirtualTextureBinding {
  return new VirtualTextureBinding(device, ledger, {
    grid: texture.grid,
    table: texture.table,
    feedback: texture.feedback,
    slotFrames: texture.slotFrames,
    feedbackBase: 0,
    label: "another",
    ...init,
  });
}

Deno.test("layouts are shared by textures of as many planes, and numbered the same with or without feedback", async () => {
  await withResident(optionsOf(KINDS[1]!), (device, texture) => {
    const ledger = new MemoryLedger(device.submits, 2 ** 20);
    const again = bindingOf(device, ledger, texture, { atlas: texture.atlas });
    equal(again.layout, texture.binding.layout);
    equal(again.layoutWithoutFeedback, texture.binding.layoutWithoutFeedback);
    const numbers = (entries: readonly { binding: number }[]) => entries.map((e) => e.binding);
    const [withFeedback, without] = [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 6, 7]];
    deepEqual(numbers(again.entries({ feedback: true })), withFeedback);
    deepEqual(numbers(again.entries({ feedback: false })), without);
    deepEqual(numbers(virtualTextureLayoutEntries({ feedback: true, planes: 3 })), withFeedback);
    deepEqual(numbers(virtualTextureLayoutEntries({ feedback: false, planes: 3 })), without);
    const first = { feedback: true, planes: 2, firstBinding: 10 } as const;
    deepEqual(numbers(again.entries(first)), [10, 11, 12, 13, 14, 15, 16]);
    deepEqual(numbers(again.entries({ feedback: false, planes: 1 })), [0, 1, 2, 3, 4]);
    deepEqual(numbers(virtualTextureLayoutEntries({ feedback: true })), [0, 1, 2, 3, 4, 5]);
    again.destroy();
    return Promise.resolve();
  });
  await withResident({ contents: contentsOf(["r8unorm"])[0]!, tileSize: 64 }, (device, texture) => {
    const ledger = new MemoryLedger(device.submits, 2 ** 24);
    const atlas = new Atlas(device, ledger, {
      formats: ["r8unorm", "r8unorm"],
      tileSize: 64,
      border: 4,
      wantedSlots: 1,
    });
    const two = bindingOf(device, ledger, texture, { atlas });
    notEqual(two.layout, texture.binding.layout);
    throws(
      () => two.entries({ feedback: true, planes: 3 }),
      /planes must be an integer from 1 to 2/,
    );
    two.destroy();
    atlas.destroy();
    const formats = Array<TexelFormat>(4).fill("r8unorm");
    const four = new Atlas(device, ledger, { formats, tileSize: 64, border: 4, wantedSlots: 1 });
    throws(() => bindingOf(device, ledger, texture, { atlas: four }), /planes must be .* 1 to 3/);
    four.destroy();
    return Promise.resolve();
  });
});

Deno.test("impossible planes and numbers of planes are refused", async () => {
  for (const planes of [0, 4, 1.5, NaN]) {
    const wrong = planes as PlaneCount;
    throws(() => virtualTextureWgsl({ group: 0, planes: wrong }), RangeError);
    throws(() => virtualTextureLayoutEntries({ feedback: false, planes: wrong }), RangeError);
  }
  const text = "2" as unknown as PlaneCount;
  throws(() => virtualTextureWgsl({ group: 0, planes: text }), TypeError);
  throws(() => virtualTextureLayoutEntries({ feedback: false, planes: text }), TypeError);
  await withResident(optionsOf(KINDS[0]!), async (device, texture) => {
    const system = { device, textures: [texture] };
    for (const plane of [-1, 2, 0.5]) {
      await rejects(
        render(system, facing(), { plane }),
        /plane must be an integer from 0 to 1/,
      );
    }
    await rejects(render(system, facing(), { plane: "1" as unknown as number }), TypeError);
  });
});
