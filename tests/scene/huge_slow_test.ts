/**
 * The last corner of textures whose texels 32-bit uv cannot tell apart.
 */

import { deepEqual, ok } from "node:assert/strict";
import {
  checkedCamera,
  lookAt,
  orthographic,
  perspective,
  planeView,
} from "../../src/geometry/mod.ts";
import { render, type RenderCamera } from "../../src/scene/mod.ts";
import { assertExact, EXACT } from "./assertions.ts";
import { cornerOf, inWindowCode, texelOf, TILE_SIZE } from "./corner_contents.ts";
import { difference, drawViews } from "./draw_views.ts";
import { drawWithFeedback, takeFeedback } from "./draw_feedback.ts";
import { type ResidentTexture, withResident } from "./resident_texture.ts";
import { PICTURE_SIZE, type View } from "./views.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";

const ASPECT = PICTURE_SIZE.width / PICTURE_SIZE.height;
const LENS = perspective({ fovYDegrees: 50, aspect: ASPECT, near: 0.1, far: Infinity });

/** Views of the last corner that see nothing beyond the window. */
function cornerViews(size: number): View[] {
  const at = (x: number, y: number, z: number) => [size - x, size - y, z];
  const flat = (half: number) => {
    const box = { left: -half * ASPECT, right: half * ASPECT, bottom: -half, top: half };
    return orthographic({ ...box, near: 0, far: 10 });
  };
  const up = [0, 1, 0.01];
  return [
    { name: "near", view: lookAt(at(31.3, 42.7, 20), at(30, 40, 0), { up }), projection: LENS },
    { name: "corner", view: lookAt(at(1.5, 2, 9), at(0, -0.5, 0), { up }), projection: LENS },
    { name: "middle", view: lookAt(at(200, 150, 300), at(170, 160, 0), { up }), projection: LENS },
    {
      name: "grazing",
      view: lookAt(at(300, 280, 12), at(120, 60, 0), { up: [0, 0, 1] }),
      projection: LENS,
    },
    { name: "map", view: lookAt(at(80, 60, 5), at(80, 59.999, 0)), projection: flat(50) },
    { name: "coarse map", view: lookAt(at(350, 300, 5), at(350, 299.9, 0)), projection: flat(280) },
  ];
}

const SIZES = [2 ** 20, 2 ** 20 - 3];

/** Pairs of a body and what it must be equal to. */
const PAIRS = [
  [
    "return vt_sample_bilinear_at(texel, offset, pixel);",
    "return in_window(texel, offset, i32(vt_level_of_detail_at(offset) + 0.5));",
  ],
  [
    "return vt_sample_trilinear_at(texel, offset, pixel);",
    `let lod = vt_level_of_detail_at(offset);
     let finer = i32(lod);
     return mix(
       in_window(texel, offset, finer),
       in_window(texel, offset, finer + 1),
       fract(lod),
     );`,
  ],
  [
    "return vt_trilinear_at(texel, offset, 1.25);",
    "return mix(in_window(texel, offset, 1), in_window(texel, offset, 2), 0.25);",
  ],
  [
    // A step to another texel, and an offset longer than one.
    "return vt_bilinear_at(texel - vec2(700, -90), offset + vec2(700.0, -90.0), 1u);",
    "return in_window(texel, offset, 1);",
  ],
  [
    // Six texels long and one across, so six taps of level 0.
    `return vt_anisotropic_at(texel, offset, vec2(4.8, 3.6), vec2(-0.6, 0.8));`,
    `var sum = vec4(0.0);
     for (var i = 1; i <= 6; i++) {
       sum += in_window(texel, offset + vec2(4.8, 3.6) * (f32(i) / 7.0 - 0.5), 0) / 6.0;
     }
     return sum;`,
  ],
] as const;

function withCorner(
  size: number,
  run: (device: ForgeDevice, texture: ResidentTexture) => Promise<void>,
): Promise<void> {
  return withResident(cornerOf(size), run);
}

async function drawPair(
  device: ForgeDevice,
  texture: ResidentTexture,
  pair: { views: readonly View[]; bodies: readonly [string, string] },
): Promise<[Uint8Array[], Uint8Array[]]> {
  const { views, bodies } = pair;
  const tamper = (code: string) => code + inWindowCode(texture.grid.width);
  const [drawn, expected] = bodies.map((body) =>
    drawViews(device, texture, { views, shading: { body, tamper } })
  );
  return [await drawn!, await expected!];
}

/** Where a pixel's centre lies on the texture in texels, in float64. */
function seenAt(
  camera: RenderCamera,
  texture: ResidentTexture,
): (x: number, y: number) => number[] {
  const { width, height } = camera;
  const seen = checkedCamera({ position: [0, 0, 0], ...camera, viewport: [width, height] });
  const size = texture.grid.width;
  const plane = planeView(seen, texture.placement, [size, size]);
  if (plane.kind !== "projected") throw new Error("The camera has no view");
  const [a, b, c, d, e, f, g, h, i] = plane.rows as unknown as number[] & { length: 9 };
  return (x, y) => {
    const [nx, ny] = [2 * (x + 0.5) / width - 1, 1 - 2 * (y + 0.5) / height];
    // (a - nx g) u + (b - nx h) v = nx i - c, and the same for y.
    const [p, q, r] = [a! - nx * g!, b! - nx * h!, nx * i! - c!];
    const [s, t, w] = [d! - ny * g!, e! - ny * h!, ny * i! - f!];
    const det = p * t - q * s;
    return [size * (r * t - q * w) / det, size * (p * w - r * s) / det];
  };
}

/** The texture's level 0 at a point in texels, bilinear, clamped to the edge: four channels. */
function bilinear(size: number, x: number, y: number): number[] {
  const sum = [0, 0, 0, 0];
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const clamp = (at: number) => Math.max(0, Math.min(size - 1, at));
  for (const [column, row] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
    const weight = (1 - Math.abs(x - 0.5 - left - column)) * (1 - Math.abs(y - 0.5 - top - row));
    const texel = texelOf(0, clamp(left + column), clamp(top + row));
    for (let k = 0; k < 4; k++) sum[k]! += weight * ((texel >>> (8 * k)) & 255);
  }
  return sum;
}

/** The largest difference of a magnified picture from what is computed for it. */
async function worstPixel(
  device: ForgeDevice,
  texture: ResidentTexture,
  camera: RenderCamera,
): Promise<number> {
  const size = texture.grid.width;
  const { data } = await render({ device, textures: [texture] }, camera);
  const place = seenAt(camera, texture);
  let worst = 0;
  let compared = 0;
  for (let row = 0; row < camera.height; row++) {
    for (let column = 0; column < camera.width; column++) {
      const [x, y] = place(column, row);
      // Rasterizers place the edges on a grid.
      if (Math.min(Math.abs(size - x!), Math.abs(size - y!)) < 0.05) continue;
      const isInside = x! < size && y! < size;
      const expected = isInside ? bilinear(size, x!, y!) : [0, 0, 0, 0];
      const at = 4 * (row * camera.width + column);
      for (let k = 0; k < 4; k++) worst = Math.max(worst, Math.abs(data[at + k]! - expected[k]!));
      compared++;
    }
  }
  ok(compared > 10_000);
  return worst;
}

/** Views in which a texel is larger than a pixel. */
const MAGNIFIED = ["near", "corner", "map"];

/** 64 by 64 pixels around the corner where the last four tiles of level 0 meet, 32 to a texel. */
function aroundTileCorner(
  texture: ResidentTexture,
): RenderCamera & Pick<View, "view" | "projection"> {
  const { tilesX } = texture.grid.level(0);
  const corner = (tilesX - 1) * texture.grid.tileSize;
  const box = { left: -1, right: 1, bottom: -1, top: 1 };
  return {
    view: lookAt([corner, corner, 1], [corner, corner, 0]),
    projection: orthographic({ ...box, near: 0, far: 2 }),
    width: 64,
    height: 64,
  };
}

async function drawSmallPass(
  device: ForgeDevice,
  texture: ResidentTexture,
  camera: RenderCamera,
): Promise<void> {
  await render({ device, textures: [texture] }, camera);
}

/** Draws with feedback in the pass itself. */
function drawReporting(device: ForgeDevice, texture: ResidentTexture, camera: RenderCamera): void {
  drawWithFeedback(device, texture, {
    camera,
    filter: "trilinear",
    sample: "vt_sample_at(texel, offset, pixel)",
  });
}

for (const size of SIZES) {
  Deno.test(`the last corner of ${size}²`, async (t) => {
    await withCorner(size, async (device, texture) => {
      texture.binding.writeSettings({ maxAnisotropy: 8 });
      const views = cornerViews(size);

      for (const bodies of PAIRS) {
        await t.step(`looks like an ordinary texture: ${bodies[0]}`, async () => {
          assertExact(...await drawPair(device, texture, { views, bodies }), views);
        });
      }

      await t.step(`is rendered within ${EXACT} of 255 of what is computed`, async () => {
        for (const { name, view, projection } of views) {
          if (!MAGNIFIED.includes(name)) continue;
          const worst = await worstPixel(device, texture, { view, projection, ...PICTURE_SIZE });
          ok(worst <= EXACT, `${name} differs by ${worst}`);
        }
      });

      await t.step("negative control: plain uv looks different", async () => {
        for (const filter of ["bilinear", "trilinear"]) {
          const bodies = [
            `return vt_sample_${filter}(uv, pixel);`,
            `return vt_sample_${filter}_at(texel, offset, pixel);`,
          ] as const;
          const [drawn, expected] = await drawPair(device, texture, { views, bodies });
          ok(difference(drawn, expected).most > 4 * EXACT);
        }
      });

      await t.step("reports the tile of each pixel, in either pass", async () => {
        const camera = aroundTileCorner(texture);
        texture.writeFrame(5);
        // Drops the reports of earlier steps.
        await takeFeedback(device, texture);
        for (const draw of [drawReporting, drawSmallPass]) {
          await draw(device, texture, camera);
          const counts = await takeFeedback(device, texture);
          const { tilesX } = texture.grid.level(0);
          const tile = (x: number, y: number) => texture.grid.tileIndexOf(0, x, y);
          const last = tilesX - 1;
          deepEqual(
            [...counts].sort(([a], [b]) => a - b),
            [tile(last - 1, last - 1), tile(last, last - 1), tile(last - 1, last), tile(last, last)]
              .map((key) => [key, 16]),
          );
        }
      });

      await t.step("is outlined between its tiles in the debug view", async () => {
        const camera = aroundTileCorner(texture);
        const { data } = await render({ device, textures: [texture] }, camera, { debug: "level" });
        const isWhite = (x: number, y: number) => data[4 * (64 * y + x)] === 255;
        const columns = Array.from({ length: 64 }, (_, x) => x).filter((x) => isWhite(x, 9));
        const rows = Array.from({ length: 64 }, (_, y) => y).filter((y) => isWhite(9, y));
        deepEqual([columns, rows], [[31, 32], [31, 32]]);
      });
    });
  });
}

Deno.test("where finer levels are missing the last corner of 2^20 - 3 shows the nearest resident level", async () => {
  const size = 2 ** 20 - 3;
  await withResident(cornerOf(size, 5), async (device, texture) => {
    const views = cornerViews(size);
    for (const level of [0, 2, 5]) {
      const bodies = [
        `return vt_bilinear_at(texel, offset, ${level}u);`,
        "return in_window(texel, offset, 5);",
      ] as const;
      assertExact(...await drawPair(device, texture, { views, bodies }), views);
    }
  });
});

Deno.test("the level of the content is told texel by texel in the last corner of 2^20", async (t) => {
  const size = 2 ** 20;
  const corner = cornerOf(size);
  const last = size / TILE_SIZE - 1;
  // Of level 0 nothing but the last tile, and of level 1 not that above it.
  const tiles = corner.tiles!.filter(({ level, x, y }) =>
    level > 1 || (level === 0 ? x === last && y === last : x !== last >> 1 || y !== last >> 1)
  );
  await withResident({ ...corner, tiles }, async (device, texture) => {
    const { view, projection } = aroundTileCorner(texture);
    const views = [...cornerViews(size), { name: "tile corner", view, projection }];
    const seen = (level: string) => `return vec4(f32(${level}) / 16.0);`;
    // Measured from the corner of the last tile, where every number is small.
    const expected = `
      let from_corner = vec2<f32>(texel - ${last * TILE_SIZE}) + offset;
      let in_last = all(from_corner >= vec2(0.0));
      let in_next = all(from_corner >= vec2(${-TILE_SIZE}.0));
      return vec4(select(select(1.0, 2.0, in_next), 0.0, in_last) / 16.0);`;

    await t.step("by vt_content_level_at", async () => {
      const bodies = [seen("vt_content_level_at(texel, offset, 0u)"), expected] as const;
      assertExact(...await drawPair(device, texture, { views, bodies }), views);
    });

    await t.step("negative control: plain uv tells another level at a tile's edge", async () => {
      const bodies = [seen("vt_content_level(uv, 0u)"), expected] as const;
      const [drawn, wanted] = await drawPair(device, texture, { views, bodies });
      ok(difference(drawn, wanted).most > 4 * EXACT);
    });
  });
});

/**
 * The largest errors of plain uv that the documentation of `virtualTextureWgsl` states: in texels,
 * and in steps of 255 of bilinear pictures.
 */
const UV_ERRORS = [
  [2 ** 16, 0.016, 5],
  [2 ** 18, 0.055, 14],
  [2 ** 20, 0.27, 57],
] as const;

/**
 * The error of uv in texels, 0.5 shown as 255. Measured from the far end, where uv is exact.
 */
function uvErrorBody(size: number): string {
  return `
    let exact = vec2<f32>(${size} - texel) - offset;
    let error = abs((1.0 - uv) * ${size}.0 - exact);
    return vec4(2.0 * max(error.x, error.y));`;
}

for (const [size, texels, steps] of UV_ERRORS) {
  Deno.test(`plain uv is off at ${size} as its documentation says`, async () => {
    await withCorner(size, async (device, texture) => {
      const views = cornerViews(size);
      const shading = { body: uvErrorBody(size) };
      const magnified = views.filter(({ name }) => MAGNIFIED.includes(name));
      const errors = await drawViews(device, texture, { views: magnified, shading });
      const most = Math.max(...errors.map((picture) => picture.reduce((a, b) => Math.max(a, b))));
      const bodies = ["vt_bilinear(uv, 0u)", "vt_bilinear_at(texel, offset, 0u)"]
        .map((tap) => `return ${tap};`) as [string, string];
      const pictures = await drawPair(device, texture, { views: magnified, bodies });
      const { most: differing } = difference(...pictures);
      const isAbout = (value: number, documented: number) =>
        value > documented / 2 && value < 2 * documented;
      ok(isAbout(most / 510, texels), `${most / 510} texels`);
      ok(isAbout(differing, steps), `${differing} of 255`);
    });
  });
}
