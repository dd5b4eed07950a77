import assert from "node:assert/strict";
import fc from "fast-check";
import { mat4d, vec3d } from "wgpu-matrix";
import {
  cornersOf,
  type OrientedBox,
  orientedBoxOf,
  rotationAbout,
  transformFrom,
  transformMatrix,
  type Vec3,
} from "../../../src/geometry/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  fitVolume,
  RuntimeVirtualTextureVolume,
  volumeBox,
  volumeHeightRange,
  volumeToWorld,
  worldToVolume,
} from "../../../src/rvt/volume/mod.ts";

const number = fc.double({ min: -1000, max: 1000, noNaN: true });
const vector = fc.tuple(number, number, number);
const turn = fc.tuple(vector, fc.double({ min: -3, max: 3, noNaN: true }))
  .filter(([axis]) => Math.hypot(...axis) > 1)
  .map(([axis, angle]) => rotationAbout(axis as Vec3, angle));
const lengths = fc.tuple(...[1, 2, 3].map(() => fc.double({ min: 0.5, max: 5000, noNaN: true })));
const transforms = fc.record({ position: vector, rotation: turn, scale: lengths })
  .map((parts) => transformFrom(parts));

Deno.test("u and v run along the volume's own x and y, w from its top to its bottom", () => {
  fc.assert(fc.property(transforms, (transform) => {
    const toVolume = worldToVolume(transform);
    const matrix = transformMatrix(transform);
    for (
      const [own, uvw] of [
        [[-0.5, -0.5, 0.5], [0, 0, 0]],
        [[0.5, -0.5, 0.5], [1, 0, 0]],
        [[-0.5, 0.5, 0.5], [0, 1, 0]],
        [[-0.5, -0.5, -0.5], [0, 0, 1]],
      ]
    ) {
      const world = vec3d.transformMat4(own!, matrix);
      const found = vec3d.transformMat4(world, toVolume);
      for (const i of [0, 1, 2]) assert.ok(Math.abs(found[i]! - uvw![i]!) < 1e-6);
      const back = vec3d.transformMat4(uvw!, volumeToWorld(transform));
      for (const i of [0, 1, 2]) assert.ok(Math.abs(back[i]! - world[i]!) < 1e-6);
    }
  }));
});

Deno.test("the height range is that of the volume's world bounds, whatever its tilt", () => {
  fc.assert(fc.property(transforms, (transform) => {
    const heights = cornersOf(volumeBox(transform)).map(([, , z]) => z);
    const [least, most] = volumeHeightRange(transform);
    assert.ok(Math.abs(least - Math.min(...heights)) < 1e-6);
    assert.ok(Math.abs(most - Math.max(...heights)) < 1e-6);
  }));
});

/** Least and largest u, v, w of boxes in a volume. */
function reach(boxes: readonly OrientedBox[], transform: ReturnType<typeof transformFrom>) {
  const toVolume = worldToVolume(transform);
  const places = boxes.flatMap(cornersOf).map((corner) =>
    Array.from(vec3d.transformMat4(corner as unknown as number[], toVolume))
  );
  return [0, 1, 2].map((axis) => {
    const along = places.map((place) => place[axis]!);
    return [Math.min(...along), Math.max(...along)] as const;
  });
}

const boxes = fc.array(fc.record({ position: vector, rotation: turn, scale: lengths }), {
  minLength: 1,
  maxLength: 4,
}).map((list) =>
  list.map((parts) =>
    orientedBoxOf({ min: [-1, -1, -1], max: [1, 1, 1] }, transformMatrix(transformFrom(parts)))
  )
);

Deno.test("set bounds gives the least volume of a rotation that holds every box", () => {
  fc.assert(fc.property(boxes, turn, (list, rotation) => {
    const transform = fitVolume({ rotation, boxes: list });
    for (const [least, most] of reach(list, transform)) {
      assert.ok(Math.abs(least) < 1e-6 && Math.abs(most - 1) < 1e-6);
    }
  }));
});

Deno.test("expand bounds adds a length on each side", () => {
  fc.assert(fc.property(boxes, turn, (list, rotation) => {
    const tight = fitVolume({ rotation, boxes: list });
    const wide = fitVolume({ rotation, boxes: list, expandBounds: 7 });
    for (const i of [0, 1, 2]) assert.ok(Math.abs(wide.scale[i]! - tight.scale[i]! - 14) < 1e-6);
    for (const i of [0, 1, 2]) {
      assert.ok(Math.abs(wide.position[i]! - tight.position[i]!) < 1e-6);
    }
  }));
});

Deno.test("snapped to a landscape, the centres of texels lie on its samples, and it is covered", () => {
  const spacings = fc.double({ min: 0.1, max: 10, noNaN: true });
  fc.assert(fc.property(boxes, turn, spacings, (list, rotation, spacing) => {
    const origin: Vec3 = [3, -20, 5];
    const texels = [512, 256] as const;
    const transform = fitVolume({
      rotation,
      boxes: list,
      snap: { samples: { origin, spacing: [spacing, spacing] }, texels },
    });
    const [u, v, w] = reach(list, transform);
    for (const [least, most] of [u!, v!, w!]) assert.ok(least > -1e-6 && most < 1 + 1e-6);
    const sample = vec3d.transformMat4(origin as unknown as number[], worldToVolume(transform));
    for (const axis of [0, 1] as const) {
      const texelsPerSample = spacing / (transform.scale[axis] / texels[axis]);
      const log2 = Math.log2(texelsPerSample);
      assert.ok(Math.abs(log2 - Math.round(log2)) < 1e-6, "a power of two of the spacing");
      const texel = sample[axis]! * texels[axis] - 0.5;
      assert.ok(Math.abs(texel - Math.round(texel)) < 1e-4, "a sample lies on a texel's centre");
      // Half as large would not cover it.
      const [least, most] = [u!, v!][axis]!;
      assert.ok((most - least) > 0.5 - 2 / texels[axis] - 1e-6);
    }
  }));
});

Deno.test("negative control: without snapping, samples lie anywhere between texels", () => {
  const list = [orientedBoxOf({ min: [0, 0, 0], max: [97, 41, 3] }, mat4d.identity())];
  const transform = fitVolume({ rotation: [0, 0, 0, 1], boxes: list });
  const sample = vec3d.transformMat4([3, -20, 5], worldToVolume(transform));
  const texel = sample[0]! * 512 - 0.5;
  assert.ok(Math.abs(texel - Math.round(texel)) > 1e-3);
});

Deno.test("a volume fits around a hundred thousand instances", () => {
  const axes = [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]] as const;
  const boxes = Array.from({ length: 100_000 }, (_, i) => {
    const center: Vec3 = [i % 1000, Math.floor(i / 1000), 7];
    return { center, axes };
  });
  const { position, scale } = fitVolume({ rotation: [0, 0, 0, 1], boxes });
  assert.deepEqual(position, [499.5, 49.5, 7]);
  assert.deepEqual(scale, [1000, 100, 1]);
});

Deno.test("what is flat gets a volume that can be rendered", () => {
  const list = [orientedBoxOf({ min: [0, 0, 2], max: [10, 10, 2] }, mat4d.identity())];
  const { position, scale } = fitVolume({ rotation: [0, 0, 0, 1], boxes: list });
  assert.deepEqual([position, scale], [[5, 5, 2], [10, 10, 1]]);
});

Deno.test("a change of place or size asks for another texture, others for nothing", () => {
  const asset = new RuntimeVirtualTexture({ name: "Ground", sizeInTilesLog2: 3 });
  const volume = new RuntimeVirtualTextureVolume(asset, { name: "Land", scale: [100, 50, 10] });
  assert.deepEqual([volume.grid().width, volume.grid().height], [2048, 1024]);
  assert.equal(volume.change({ hidePrimitivesInGame: true, scalabilityGroup: 2 }), "none");
  assert.equal(volume.change({ position: [1, 0, 0] }), "texture");
  assert.equal(volume.change({ position: [1, 0, 0] }), "none");
  assert.equal(volume.change({ tileCountBias: -1 }), "texture");
  assert.equal(volume.grid().width, 1024);
  assert.equal(volume.grid(1).width, 2048, "biases add up");
});

Deno.test("a volume whose asset has become too large can still be changed, and made to fit", () => {
  const asset = new RuntimeVirtualTexture({ sizeInTilesLog2: 12 });
  const volume = new RuntimeVirtualTextureVolume(asset, { name: "Land" });
  asset.change({ tileSize: 1024 });
  assert.equal(volume.change({ hidePrimitivesInGame: true }), "none");
  assert.throws(() => volume.change({ tileCountBias: -1 }), { message: /4096|2048 × 1024/ });
  assert.equal(volume.settings.tileCountBias, 0);
  assert.equal(volume.change({ tileCountBias: -2 }), "texture");
});

Deno.test("degenerate volumes and wrong settings are refused by name, and change nothing", () => {
  const asset = new RuntimeVirtualTexture({ sizeInTilesLog2: 12 });
  const volume = new RuntimeVirtualTextureVolume(asset, { name: "Land" });
  const before = volume.settings;
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ scale: [1, 0, 1] }, /volume "Land" as no scale may be 0/],
    [{ scale: [1, -1, 1] }, /volume "Land" as scale\[1\] must be/],
    [{ scale: [1, Number.NaN, 1] }, /scale/],
    [{ position: [1, 2] }, /position/],
    [{ rotation: [0, 0, 0, 0] }, /rotation must be a quaternion of a length above 0/],
    [
      { scale: [1e-310, 1, 1] },
      /volume "Land" as its transform and .* finite in 32 bits: .*1e-310/,
    ],
    [{ scale: [1, 1, 1e-40] }, /finite in 32 bits/],
    [{ scale: [1e300, 1, 1] }, /finite in 32 bits/],
    [{ position: [1e30, 0, 0] }, /volume "Land" as it is too far away .* length is 1: .*1e\+30/],
    [{ position: [0, 0, 1e11], scale: [1e6, 1e6, 1] }, /too far away/],
    [{ position: [0, 1e300, 0] }, /finite in 32 bits: .* at position \[0, 1e\+300, 0\]/],
    [{ expandBounds: -1 }, /expandBounds/],
    [{ hidePrimitivesInGame: "yes" }, /hidePrimitivesInGame/],
    [{ scalabilityGroup: -1 }, /scalabilityGroup/],
    [{ tileCountBias: 1 }, /tiles × tile size must be <= 1048576/],
    [{ tileCountBias: 0.5 }, /tileCountBias/],
    [{ sizes: 1 }, /sizes/],
  ];
  for (const [settings, message] of wrong) {
    assert.throws(() => volume.change(settings), { message });
    assert.equal(volume.settings, before);
  }
  assert.throws(() => new RuntimeVirtualTextureVolume({} as never), {
    message: /asset must be a RuntimeVirtualTexture/,
  });
});
