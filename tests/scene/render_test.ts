import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { checkedCamera, lookAt, orthographic, perspective } from "../../src/geometry/mod.ts";
import { DeviceError, DisposedError, InvalidArgumentError } from "../../src/errors.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { render, type RenderCamera, type RenderOptions } from "../../src/scene/mod.ts";
import { visiblePart } from "../../src/scene/visible_corners.ts";
import { differenceBeyondWeights } from "../helpers/filter_precision.ts";
import { difference, drawViews } from "./draw_views.ts";
import { type LevelContents, randomContents } from "./level_contents.ts";
import { ResidentTexture, withResident } from "./resident_texture.ts";
import { PICTURE_SIZE, viewsOf } from "./views.ts";

/** Looks straight down on a texture of `width` × `height`, one texel a pixel, rows downwards. */
function facing(width: number, height: number): RenderCamera {
  return {
    view: lookAt([0, 0, 1], [0, 0, 0]),
    // Top and bottom swapped, so that row 0 comes out on top.
    projection: orthographic({ left: 0, right: width, bottom: height, top: 0, near: 0, far: 2 }),
    width,
    height,
  };
}

for (const format of ["rgba8unorm", "rgba8unorm-srgb"] as const) {
  Deno.test(`${format} texels come out as they are stored`, async () => {
    const contents = randomContents(100, 70, format);
    await withResident({ contents, tileSize: 64 }, async (device, texture) => {
      for (const filter of ["bilinear", "trilinear", "anisotropic"] as const) {
        const picture = await render({ device, textures: [texture] }, facing(100, 70), { filter });
        equal(difference([picture.data], [contents.levels[0]!]).most, 0);
      }
    });
  });
}

Deno.test("one channel comes out as grey, opaque", async () => {
  const contents = randomContents(64, 64, "r8unorm");
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const picture = await render({ device, textures: [texture] }, facing(64, 64));
    contents.levels[0]!.forEach((value, i) => {
      deepEqual([...picture.data.subarray(4 * i, 4 * i + 4)], [value, value, value, 255]);
    });
  });
});

Deno.test("the background is transparent, and later textures lie over earlier ones", async () => {
  const flat = (value: number): LevelContents => {
    const contents = randomContents(32, 32, "rgba8unorm-srgb");
    for (const level of contents.levels) level.fill(value);
    return contents;
  };
  await withResident({ contents: flat(50), tileSize: 64 }, async (device, first) => {
    const other = new ResidentTexture(device, { contents: flat(200), tileSize: 64 });
    const { binding, grid, format } = other;
    const placement = { ...other.placement, origin: [16, 0, 0] as const };
    const second = { binding, grid, format, placement };
    const camera = facing(64, 32);
    const both = await render({ device, textures: [first, second] }, camera);
    const alone = await render({ device, textures: [first, second] }, camera, { texture: first });
    deepEqual([8, 24, 40].map((x) => both.data[4 * x]), [50, 200, 200]);
    deepEqual([8, 24].map((x) => alone.data[4 * x]), [50, 50]);
    deepEqual([...both.data.subarray(4 * 60, 4 * 61)], [0, 0, 0, 0]);
    equal(alone.data[4 * 40 + 3], 0);
    other.destroy();
  });
});

Deno.test("render draws what a custom pipeline does, in any depth convention", async () => {
  const contents = randomContents(300, 200, "rgba8unorm-srgb");
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const views = viewsOf(300, 200, 64);
    const body = "return vt_sample_trilinear(uv, pixel);";
    const drawn = await drawViews(device, texture, { views, shading: { body } });
    const aspect = PICTURE_SIZE.width / PICTURE_SIZE.height;
    const lens = { fovYDegrees: 50, aspect, near: 5000, far: 5001 };
    for (const [i, { view, projection }] of views.slice(0, 4).entries()) {
      const camera = { view, projection, ...PICTURE_SIZE };
      const same = await render({ device, textures: [texture] }, camera);
      // Custom pipelines use uv, which is rounded differently.
      ok(differenceBeyondWeights(same.data, drawn[i]!) <= 1);
      // Everything lies before the nearest depth: nothing is clipped by it.
      for (const reverseDepth of [false, true]) {
        const far = { ...camera, projection: perspective({ ...lens, reverseDepth }) };
        const picture = await render({ device, textures: [texture] }, far);
        equal(difference([picture.data], [same.data]).most, 0);
      }
    }
  });
});

Deno.test("the debug view shows another colour for each level, and outlines", async () => {
  const contents = randomContents(256, 256, "rgba8unorm-srgb");
  for (const level of contents.levels) level.fill(255);
  const colors = new Set<string>();
  for (const coarsest of [0, 1, 2]) {
    const resident = (tile: { level: number }) => tile.level >= coarsest;
    await withResident({ contents, tileSize: 64, resident }, async (device, texture) => {
      const options = { debug: "level" } as const;
      const picture = await render({ device, textures: [texture] }, facing(256, 256), options);
      const pixel = (x: number, y: number) =>
        picture.data.subarray(4 * (256 * y + x), 4 * (256 * y + x) + 4).join();
      colors.add(pixel(20, 30));
      const edge = 64 * 2 ** coarsest;
      equal(pixel(edge % 256, 30), "255,255,255,255");
    });
  }
  equal(colors.size, 3);
});

Deno.test("a new tile fades in over rendered frames, and only where asked", async () => {
  const contents = randomContents(128, 128, "rgba8unorm");
  contents.levels.forEach((level, i) => level.fill(i === 0 ? 200 : 100));
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const slots = texture.atlas.plan.slotCount;
    const births = new Uint32Array(slots);
    births[texture.slotOf(0, 0, 0)] = 10;
    texture.writeBirths(births);
    const system = { device, textures: [texture] };
    const seen: number[] = [];
    for (const frame of [10, 11, 12, 13, 14]) {
      texture.writeFrame(frame);
      texture.binding.writeSettings({ fadeFrames: 4 });
      const { data } = await render(system, facing(128, 128), { fade: true });
      seen.push(data[4 * (128 * 20 + 20)]!);
      // Another tile, which has long been in the atlas.
      equal(data[4 * (128 * 20 + 100)], 200);
      const steady = await render(system, facing(128, 128));
      equal(steady.data[4 * (128 * 20 + 20)], 200);
    }
    deepEqual(seen, [125, 150, 175, 200, 200]);
    texture.writeFrame(10);
    texture.binding.writeSettings({});
    const { data } = await render(system, facing(128, 128), { fade: true });
    equal(data[4 * (128 * 20 + 20)], 200);
  });
});

Deno.test("corners close to a huge texture keep their precision", () => {
  const grid = { width: 2 ** 20, height: 2 ** 20 };
  const placement = {
    origin: [0, 0, 0],
    axisU: [grid.width, 0, 0],
    axisV: [0, grid.height, 0],
  } as const;
  const [x, y] = [1000000.25, 131072.75];
  const camera = checkedCamera({
    position: [x, y, 2],
    view: lookAt([x, y, 2], [x, y, 0]),
    projection: perspective({ fovYDegrees: 90, aspect: 1, near: 1, far: 10 }),
    viewport: [100, 100],
  });
  const { anchor, corners } = visiblePart(camera, { placement, grid })!;
  for (let at = 0; at < corners.length; at += 5) {
    // The frustum's edge is 2 away, and 1 % more.
    ok(Math.abs(Math.abs(anchor[0] + corners[at + 3]! - x) - 2.02) < 1e-5);
    ok(Math.abs(Math.abs(anchor[1] + corners[at + 4]! - y) - 2.02) < 1e-5);
  }
});

Deno.test("a camera that sees nothing gives an empty picture", async () => {
  const contents = randomContents(64, 64, "rgba8unorm");
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const camera = {
      view: lookAt([32, 32, 10], [32, 32, 20]),
      projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 100 }),
      width: 9,
      height: 5,
    };
    const picture = await render({ device, textures: [texture] }, camera);
    ok(picture.data.every((value) => value === 0));
    equal(picture.data.length, 9 * 5 * 4);
  });
});

Deno.test("render refuses what it cannot draw", async () => {
  const contents = randomContents(8, 8, "rgba8unorm");
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const system = { device, textures: [texture] };
    const camera = facing(8, 8);
    const view = new Float64Array(16).fill(NaN);
    await rejects(render(system, { ...camera, width: 0 }), RangeError);
    await rejects(render(system, { ...camera, height: 2.5 }), /height must be an integer/);
    await rejects(render(system, { ...camera, width: 1e6 }), RangeError);
    await rejects(render(system, { ...camera, view }), /view must be 16 finite numbers/);
    await rejects(render(system, { ...camera, view: [1, 2] }), /view must be 16 finite numbers/);
    await rejects(
      render(system, { ...camera, view: undefined as unknown as number[] }),
      /view must be 16 finite numbers: current value is undefined/,
    );
    await rejects(render(system, camera, { fade: 1 as never }), TypeError);
    await rejects(render(system, camera, { filters: "point" } as never), /no option filters/);
    await rejects(render(system, camera, { filter: "cubic" as "bilinear" }), /filter must be one/);
    await rejects(render(system, camera, { debug: "mips" as "level" }), /debug must be one of/);
    await rejects(render(system, camera, { debug: 3 as unknown as "level" }), TypeError);
    await rejects(render(system, camera, { planes: 1 } as RenderOptions), /no option planes/);
    const signal = {} as AbortSignal;
    await rejects(render(system, camera, { signal }), /signal must be an AbortSignal/);
  });
});

Deno.test("a signal ends render, before it draws and while it waits", async () => {
  const contents = randomContents(64, 64, "rgba8unorm");
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    let drawn = 0;
    const system = { device, textures: [texture], noteRender: () => drawn++ };
    const reason = new Error("enough");
    const aborted = AbortSignal.abort(reason);
    await rejects(render(system, facing(64, 64), { signal: aborted }), reason);
    equal(drawn, 0);
    const controller = new AbortController();
    const picture = render(system, facing(64, 64), { signal: controller.signal });
    controller.abort(reason);
    await rejects(picture, reason);
    equal(drawn, 1);
    const { signal } = new AbortController();
    const { data } = await render(system, facing(64, 64), { signal });
    equal(difference([data], [contents.levels[0]!]).most, 0);
  });
});

Deno.test("render reports a lost device and a closed system", async () => {
  const contents = randomContents(64, 64, "rgba8unorm");
  const device = await requestDevice();
  const texture = new ResidentTexture(device, { contents, tileSize: 64 });
  const closed = {
    device,
    textures: [texture],
    assertOpen() {
      throw new DisposedError("system", "Cannot use system as it was closed");
    },
  };
  await rejects(render(closed, facing(64, 64)), DisposedError);
  const system = { device, textures: [texture] };
  const picture = render(system, facing(64, 64));
  device.gpu.destroy();
  await rejects(picture, DeviceError);
  await rejects(render(system, facing(64, 64)), DeviceError);
});

Deno.test("render refuses what is not a system, a camera or options", async () => {
  using device = await requestDevice();
  const system = { device, textures: [] };
  for (const bad of [null, undefined, 5, {}, { device }, { device: {}, textures: [] }]) {
    await rejects(render(bad as typeof system, facing(8, 8)), InvalidArgumentError);
  }
  for (const bad of [null, undefined, 5, {}]) {
    await rejects(render(system, bad as RenderCamera), InvalidArgumentError);
  }
  await rejects(
    render(system, facing(8, 8), null as unknown as RenderOptions),
    InvalidArgumentError,
  );
});
