import assert from "node:assert/strict";
import { planeMesh, rotationAbout, type TransformOptions } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  type ComponentOptions,
  expressions as e,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { areAlike, colorAt, emptyScene, pictureFromAbove, square } from "./flat_scene.ts";

const RED = [0.8, 0.1, 0.1] as const;
const BLUE = [0.1, 0.1, 0.8] as const;
const UPSIDE_DOWN = rotationAbout([1, 0, 0], Math.PI);

/** Things that write, and whether they do. */
const WRITERS: Readonly<
  Record<string, {
    readonly writes: boolean;
    readonly transform?: TransformOptions;
    readonly options?: Partial<ComponentOptions>;
    readonly twoSided?: boolean;
    readonly heightRange?: readonly [number, number];
  }>
> = {
  "a front": { writes: true },
  "a back": { writes: false, transform: { rotation: UPSIDE_DOWN } },
  "a back of two sides": { writes: true, transform: { rotation: UPSIDE_DOWN }, twoSided: true },
  "a mirrored front": { writes: true, transform: { scale: [-1, 1, 1] } },
  "a mirrored back": { writes: false, transform: { scale: [1, -1, 1], rotation: UPSIDE_DOWN } },
  "one that is too small": { writes: false, options: { virtualTextureMinCoverage: 9 } },
  "one that skips coarse levels": { writes: true, options: { virtualTextureSkipMips: 1 } },
  "one below its heights": { writes: false, heightRange: [1, 2] },
  "one above the volume": { writes: false, transform: { position: [0, 0, 30] } },
};

Deno.test("what writes to tiles of level 0 is what is shaded directly: fronts, in the volume, and large enough", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device, { maxMemoryMb: 16 });
  using _system = system;
  const asset = new RuntimeVirtualTexture({
    ...{ name: "Ground", materialType: "base_color", sizeInTilesLog2: 1, tileSize: 64 },
    compressTextures: false,
  });
  const renderToVirtualTextures = [asset];
  const placeOf = (i: number) => [2.6 * (i % 3) - 2.6, 2.6 * Math.floor(i / 3) - 2.6] as const;
  const write = (
    [x, y]: readonly [number, number],
    size: number,
    { twoSided = false, transform = {}, options = {}, heightRange }: {
      readonly twoSided?: boolean;
      readonly transform?: TransformOptions;
      readonly options?: Partial<ComponentOptions>;
      readonly heightRange?: readonly [number, number];
    },
    color: readonly [number, number, number],
  ) => {
    const output = { baseColor: color, ...(heightRange === undefined ? {} : { heightRange }) };
    scene.addComponent(
      new StaticMeshComponent({
        mesh: planeMesh({ size: [size, size] }),
        material: new Material({
          ...{ name: "writer", twoSided, baseColor: color },
          rvtOutput: e.runtimeVirtualTextureOutput(output),
        }),
        transform: { ...transform, position: [x, y, Number(transform.position?.[2] ?? 0)] },
        ...{ drawInMainPass: "never", renderToVirtualTextures, ...options },
      }),
    );
  };
  write([0, 0], 16, {}, BLUE);
  const writers = Object.entries(WRITERS);
  writers.forEach(([, writer], i) => write(placeOf(i), 2, writer, RED));
  const { baseColor } = e.runtimeVirtualTextureSample(asset, { mipMode: "level", level: 0 });
  scene.addComponent(square(baseColor, { size: 9 }));
  await scene.addVolume(new RuntimeVirtualTextureVolume(asset, { scale: [16, 16, 20] }));
  await scene.requestPreload({ min: [-8, -8, -1], max: [8, 8, 1] });
  const direct = await pictureFromAbove(scene, undefined, { layers: "direct" });
  const sampled = await pictureFromAbove(scene);
  for (const [i, [name, { writes }]] of writers.entries()) {
    const wanted = [...(writes ? RED : BLUE), 1];
    for (const [kind, picture] of Object.entries({ direct, sampled })) {
      const color = colorAt(picture, ...placeOf(i));
      assert.ok(areAlike(color, wanted), `${kind}, ${name}: ${color}`);
    }
  }
});

Deno.test("a place on the edge between two triangles is written once", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device, { maxMemoryMb: 16 });
  using _system = system;
  const asset = new RuntimeVirtualTexture({ name: "Ground", materialType: "base_color" });
  const layer = (color: readonly number[], opacity: number) =>
    new StaticMeshComponent({
      // Both of its diagonals run through the middles of pixels.
      mesh: planeMesh({ size: [16, 16] }),
      material: new Material({
        ...{ name: "layer", baseColor: color },
        rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: color, opacity }),
      }),
      ...{ drawInMainPass: "never", renderToVirtualTextures: [asset] },
    });
  scene.addComponent(layer(BLUE, 1));
  scene.addComponent(layer(RED, 0.5));
  scene.addComponent(square(e.runtimeVirtualTextureSample(asset).baseColor, { size: 9 }));
  await scene.addVolume(new RuntimeVirtualTextureVolume(asset, { scale: [16, 16, 20] }));
  const { data } = await pictureFromAbove(scene, undefined, { layers: "direct" });
  const colors = new Set(
    Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)),
  );
  assert.equal(colors.size, 1, [...colors].map((color) => color.toString(16)).join(" "));
});
