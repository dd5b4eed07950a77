import assert from "node:assert/strict";
import { planeMesh } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  FoliageComponent,
  type HeightTexture,
  LandscapeComponent,
  landscapePositionAt,
  LandscapeSplineComponent,
} from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { proceduralTileSource } from "../../../src/sources/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { StoredFormat } from "../../../src/texels/mod.ts";
import { QUIET } from "../scene/placed_scene.ts";

const MATERIAL = new Material({ name: "ground" });

/** A landscape on the texture of a format. */
function landscapeOn(
  texture: StreamedTexture,
  options: Partial<HeightTexture> & Record<string, unknown> = {},
): LandscapeComponent {
  const heightTexture = { texture, scale: 10, ...options } as HeightTexture;
  return new LandscapeComponent({ name: "land", material: MATERIAL, heightTexture });
}

async function withTexture(
  options: { format?: StoredFormat; colorSpace?: "srgb" | "linear"; width?: number },
  test: (texture: StreamedTexture, system: VirtualTextureSystem) => void | Promise<void>,
): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, logger: QUIET });
  const { format = "r8unorm", colorSpace = "linear", width = 96 } = options;
  const source = proceduralTileSource((_level, _column, _row, out, at) => void (out[at] = 128), {
    name: "heights",
    ...{ width, height: 80, tileSize: 64, border: 4, format, colorSpace },
  });
  await test(await system.loadTexture(source), system);
}

Deno.test("a texture gives a landscape its samples and its bounds", async () => {
  await withTexture({}, (texture) => {
    const { surface } = landscapeOn(texture, { offset: -3 });
    assert.deepEqual([surface.width, surface.height], [96, 80]);
    const boxes = landscapeOn(texture, { offset: -3 }).boxes();
    // Two sections along each axis.
    assert.equal(boxes.length, 4);
    for (const { center, axes } of boxes) {
      assert.deepEqual([center[2] - axes[2][2], center[2] + axes[2][2]], [-3, 7]);
    }
    const narrow = landscapeOn(texture, { heightRange: [1, 2] }).boxes()[0]!;
    assert.deepEqual([narrow.center[2], Math.abs(narrow.axes[2][2])], [1.5, 0.5]);
  });
});

Deno.test("what cannot be is refused by name", async () => {
  const refuses = (make: () => unknown, expected: object) => assert.throws(make, expected);
  await withTexture({}, (texture) => {
    const invalid = (argument: string) => ({ code: "invalid-argument", argument });
    const out = (argument: string) => ({ code: "out-of-range", argument });
    refuses(() => landscapeOn({} as StreamedTexture), invalid("texture"));
    refuses(() => landscapeOn(texture, { scale: "1" as unknown as number }), invalid("scale"));
    for (const scale of [0, -1, NaN]) refuses(() => landscapeOn(texture, { scale }), out("scale"));
    refuses(() => landscapeOn(texture, { offset: Infinity }), out("offset"));
    refuses(() => landscapeOn(texture, { channel: "g" }), out("channel"));
    refuses(() => landscapeOn(texture, { channel: "x" as "r" }), out("channel"));
    refuses(() => landscapeOn(texture, { heightRange: [2, 1] }), out("heightRange"));
    refuses(() => landscapeOn(texture, { heightRange: [NaN, 1] }), out("heightRange"));
    refuses(
      () => landscapeOn(texture, { heightRange: [1] as unknown as [number, number] }),
      invalid("heightRange"),
    );
    refuses(() => landscapeOn(texture, { sclae: 1 }), { code: "invalid-argument" });
    const heightTexture = { texture, scale: 1 };
    const both = { material: MATERIAL, heightTexture };
    refuses(() => new LandscapeComponent({ ...both, heights: [0, 0, 0, 0] }), invalid("heights"));
    refuses(() => new LandscapeComponent({ ...both, width: 96 }), invalid("width"));
  });
  await withTexture({ colorSpace: "srgb" }, (texture) => {
    refuses(() => landscapeOn(texture), {
      code: "out-of-range",
      message:
        `Cannot make landscape "land" as heights must be linear: texture "heights" is srgb, ` +
        `load it with colorSpace "linear"`,
    });
  });
  await withTexture({ format: "r32float" }, (texture) => {
    refuses(() => landscapeOn(texture), { code: "out-of-range", argument: "heightRange" });
    landscapeOn(texture, { heightRange: [0, 1] });
  });
  await withTexture({ format: "rgba8unorm" }, (texture) => {
    landscapeOn(texture, { channel: "a" });
  });
  await withTexture({ width: 1 }, (texture) => {
    refuses(() => landscapeOn(texture), { code: "out-of-range", argument: "width" });
  });
});

Deno.test("what needs heights on the CPU says that they are streamed, and of which texture", async () => {
  await withTexture({}, (texture) => {
    const land = landscapeOn(texture);
    const region = { x: 0, y: 0, width: 1, height: 1 };
    const streamed = (message: RegExp) => ({ code: "unsupported", message });
    assert.throws(
      () => land.setHeights(region, [1]),
      streamed(/"land".*"heights": change its source and call invalidate/),
    );
    assert.throws(() => land.surfaceAt([1, 1, 0]), streamed(/"land".*"heights"/));
    const points = [{ position: [1, 1, 0], width: 1 }, { position: [9, 9, 0], width: 1 }];
    assert.throws(
      () => new LandscapeSplineComponent({ material: MATERIAL, points, landscape: land }),
      streamed(/"land"/),
    );
    assert.throws(
      () =>
        new FoliageComponent({
          material: MATERIAL,
          mesh: planeMesh(),
          scatter: { seed: 1, count: 3, region: { min: [1, 1], max: [9, 9] }, onto: land },
        }),
      streamed(/"land"/),
    );
  });
});

Deno.test("layers can be painted on it", async () => {
  await withTexture({}, (texture) => {
    const layers = { grass: new Uint8Array(96 * 80) };
    const land = new LandscapeComponent({
      material: MATERIAL,
      heightTexture: { texture, scale: 10 },
      layers,
    });
    const changes: number[] = [];
    land.subscribe(({ boxes }) => void changes.push(boxes.length));
    land.setWeights("grass", { x: 3, y: 4, width: 2, height: 1 }, Uint8Array.of(9, 9));
    assert.deepEqual(changes, [1]);
    assert.equal(land.surface.version, 1);
  });
});

Deno.test("on the CPU it lies in the middle of its heights, and nowhere beside its samples", async () => {
  await withTexture({}, (texture) => {
    const heightTexture = { texture, scale: 10, offset: -2 };
    const transform = { position: [100, 0, 5], scale: [2, 2, 3] };
    const land = new LandscapeComponent({ material: MATERIAL, heightTexture, transform });
    assert.deepEqual(landscapePositionAt(land, [110, 20, 99]), [110, 20, 5 + 3 * 3]);
    assert.equal(landscapePositionAt(land, [99, 20, 0]), null);
    assert.equal(landscapePositionAt(land, [100 + 2 * 95.5, 20, 0]), null);
  });
});
