import assert from "node:assert/strict";
import type { ComponentDraw } from "../../../src/rvt/component/component_draw.ts";
import { inverted, multiplied, transformedPoint } from "./affine.ts";
import { composePoint } from "./compose_point.ts";
import { type ComposedTile, composeTile } from "./compose_tile.ts";
import { evaluateFormula, FormulaMaterial, paint } from "./formula_material.ts";
import type { Fragment } from "./fragment.ts";
import { randomScene } from "./random_scene.ts";
import { affineOf, landscapeOf, quadMesh, volumeOf } from "./shapes.ts";
import type { TileView } from "./tile_view.ts";

const ATTRIBUTES = ["baseColor", "normal", "worldHeight"] as const;

/** Colour and opacity by place, the surface's normal, and its height. */
function varied(index: number): FormulaMaterial {
  return new FormulaMaterial(({ worldPosition: [x, y, z], uv: [u, v], vertexNormal }) => ({
    opacity: 0.5 + 0.3 * Math.sin(x + index),
    values: {
      baseColor: [u, v, 0.5 + 0.5 * Math.cos(0.7 * y + index)],
      normal: vertexNormal,
      worldHeight: [z],
    },
  }));
}

function compose(tile: TileView, draws: readonly ComponentDraw[]): ComposedTile {
  return composeTile({ tile, draws, attributes: ATTRIBUTES, evaluate: evaluateFormula });
}

function view(
  worldToVolume: Float64Array,
  rest: Partial<TileView> & { readonly size: number },
): TileView {
  const { size, ...place } = rest;
  const level = { level: 0, levelCount: 3, levelWidth: size, levelHeight: size };
  return { worldToVolume, ...level, x: 0, y: 0, width: size, height: size, ...place };
}

/** Largest difference of the numbers of each texel of `part`, at `offset` in `whole`. */
function largestDifference(
  part: ComposedTile,
  whole: ComposedTile,
  offset: readonly [number, number],
): number {
  let largest = 0;
  for (const [name, values] of part.values) {
    const other = whole.values.get(name)!;
    const components = values.length / (part.width * part.height);
    values.forEach((value, k) => {
      const texel = Math.floor(k / components);
      const [x, y] = [texel % part.width, Math.floor(texel / part.width)];
      const at = (y + offset[1]) * whole.width + x + offset[0];
      largest = Math.max(largest, Math.abs(value - other[at * components + k % components]!));
    });
  }
  return largest;
}

Deno.test("a tile with its border is a part of any larger picture, in every pose", () => {
  for (const pose of ["upright", "yawed", "tilted"] as const) {
    const { worldToVolume, draws } = randomScene({
      seed: 11,
      pose,
      writers: 8,
      materialAt: varied,
    });
    const whole = compose(
      view(worldToVolume, { size: 32, x: -4, y: -4, width: 40, height: 40 }),
      draws,
    );
    for (const [x, y] of [[-4, -4], [4, 12], [20, 20]] as const) {
      const tile = compose(view(worldToVolume, { size: 32, x, y, width: 16, height: 16 }), draws);
      const difference = largestDifference(tile, whole, [x + 4, y + 4]);
      assert.ok(difference < 1e-9, `${pose}: ${difference}`);
      assert.ok(tile.layers.every((count) => count > 0));
    }
  }
});

Deno.test("at the centre of a texel, a point of the texture is that texel", () => {
  const { worldToVolume, draws } = randomScene({ seed: 15, pose: "tilted", materialAt: varied });
  const tile = view(worldToVolume, { size: 16 });
  const composed = compose(tile, draws);
  const options = { tile, draws, attributes: ATTRIBUTES, evaluate: evaluateFormula };
  for (const [x, y] of [[0, 0], [7, 3], [15, 15]] as const) {
    const point = composePoint(options, [(x + 0.5) / 16, (y + 0.5) / 16]);
    const other = composePoint(options, [(x + 0.7) / 16, (y + 0.5) / 16]);
    for (const [name, numbers] of point) {
      const stored = composed.values.get(name)!;
      numbers.forEach((number, k) => {
        assert.ok(Math.abs(number - stored[(16 * y + x) * numbers.length + k]!) < 1e-9);
      });
      assert.notDeepEqual(other.get(name), numbers);
    }
  }
});

Deno.test("negative control: a tile beside it differs", () => {
  const { worldToVolume, draws } = randomScene({ seed: 11, writers: 8, materialAt: varied });
  const whole = compose(view(worldToVolume, { size: 32 }), draws);
  const tile = compose(view(worldToVolume, { size: 32, x: 9, width: 16, height: 16 }), draws);
  assert.ok(largestDifference(tile, whole, [9, 0]) < 1e-9);
  assert.ok(largestDifference(tile, whole, [8, 0]) > 0.05);
});

Deno.test("negative control: a component out of order, or left out, shows", () => {
  const { worldToVolume, draws } = randomScene({ seed: 12, materialAt: varied });
  const tile = compose(view(worldToVolume, { size: 16 }), draws);
  const swapped = compose(view(worldToVolume, { size: 16 }), [
    draws[1]!,
    draws[0]!,
    ...draws.slice(2),
  ]);
  const fewer = compose(view(worldToVolume, { size: 16 }), draws.slice(0, -1));
  assert.ok(largestDifference(tile, swapped, [0, 0]) > 0.05);
  assert.ok(largestDifference(tile, fewer, [0, 0]) > 0.05);
});

Deno.test("a yawed volume sees the scene turned the other way", () => {
  // By a right angle: u runs along the world's y, and v against its x.
  const yawed = volumeOf(affineOf({ scale: [8, 8, 8], angles: [0, 0, Math.PI / 2] }));
  const decal: ComponentDraw = {
    kind: "mesh",
    mesh: quadMesh(),
    material: paint({ baseColor: [1, 1, 1] }),
    instances: [affineOf({ position: [3, -2, 0], scale: [2, 4, 1] })],
  };
  const tile = compose(view(yawed, { size: 8 }), [decal]);
  const rows = Array.from({ length: 8 }, (_, y) => tile.layers.slice(8 * y, 8 * y + 8).join(""));
  // World x 2 to 4 is v 0 to 2 of 8, world y −4 to 0 is u 0 to 4.
  assert.deepEqual(rows, ["11110000", "11110000", ...Array(6).fill("00000000")]);
});

Deno.test("what is turned with its volume looks the same to it", () => {
  const { worldToVolume, draws } = randomScene({ seed: 13, writers: 10, materialAt: () => byUv });
  const turn = affineOf({ angles: [0.4, -0.3, 1], position: [7, 8, 9] });
  const turned = draws.map((draw): ComponentDraw =>
    draw.kind === "mesh"
      ? { ...draw, instances: draw.instances.map((toWorld) => multiplied(turn, toWorld)) }
      : { ...draw, toWorld: multiplied(turn, draw.toWorld) }
  );
  const upright = compose(view(worldToVolume, { size: 24 }), draws);
  const other = compose(view(multiplied(worldToVolume, inverted(turn)), { size: 24 }), turned);
  const name = "baseColor";
  const differing = upright.values.get(name)!.findIndex((value, k) =>
    Math.abs(value - other.values.get(name)![k]!) > 1e-6 &&
    upright.uncertain[Math.floor(k / 3)] === 0
  );
  assert.equal(differing, -1);
  assert.deepEqual(
    upright.layers.filter((_, k) => upright.uncertain[k] === 0),
    other.layers
      .filter((_, k) => upright.uncertain[k] === 0),
  );
});

const byUv = new FormulaMaterial(({ uv: [u, v] }) => ({
  opacity: 0.6,
  values: { baseColor: [u, v, u * v] },
}));

/** The mean of the four texels of the finer level below each texel. */
function boxFiltered(fine: Float64Array, size: number, components: number): Float64Array {
  const half = size / 2;
  return Float64Array.from({ length: half * half * components }, (_, k) => {
    const [component, texel] = [k % components, Math.floor(k / components)];
    const [x, y] = [texel % half, Math.floor(texel / half)];
    const at = (dx: number, dy: number) =>
      fine[((2 * y + dy) * size + 2 * x + dx) * components + component]!;
    return (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
  });
}

Deno.test("where content is smooth, a coarse tile is near the box-filtered fine ones", () => {
  const volume = affineOf({ scale: [8, 8, 8], angles: [0.1, 0.2, 0.3] });
  const worldToVolume = volumeOf(volume);
  const draws: ComponentDraw[] = [0, 1, 2].map((index) => ({
    kind: "mesh",
    mesh: quadMesh(),
    material: varied(index),
    instances: [multiplied(volume, affineOf({ scale: [2, 2, 1], angles: [0, 0, index] }))],
  }));
  const errors = [64, 32].map((size) => {
    const fine = compose(view(worldToVolume, { size }), draws).values.get("baseColor")!;
    const coarse = compose(view(worldToVolume, { size: size / 2, level: 1 }), draws)
      .values.get("baseColor")!;
    const filtered = boxFiltered(fine, size, 3);
    return Math.max(...coarse.map((value, k) => Math.abs(value - filtered[k]!)));
  });
  // Second order: a quarter for texels of half the size.
  assert.ok(errors[0]! < 2e-3, `${errors}`);
  assert.ok(errors[1]! / errors[0]! > 3 && errors[1]! / errors[0]! < 5, `${errors}`);
});

Deno.test("materials see the level and the size of a texel", () => {
  const seen: unknown[] = [];
  const spy = new FormulaMaterial(({ view }) => {
    seen.push(view);
    return { opacity: 1, values: {} };
  });
  const volume = affineOf({ scale: [8, 32, 4], angles: [0, 0, 1] });
  const draw: ComponentDraw = {
    kind: "mesh",
    mesh: quadMesh(),
    material: spy,
    instances: [multiplied(volume, affineOf({}))],
  };
  compose(view(volumeOf(volume), { size: 16, level: 1, levelWidth: 8, width: 8 }), [draw]);
  const { outputLevel, levelCount, outputDerivative } = seen[0] as {
    outputLevel: number;
    levelCount: number;
    outputDerivative: number[];
  };
  assert.deepEqual([outputLevel, levelCount], [1, 3]);
  assert.ok(Math.abs(outputDerivative[0]! - 1) < 1e-12);
  assert.ok(Math.abs(outputDerivative[1]! - 2) < 1e-12);
});

Deno.test("a shifted point is what the texel there shows, where a surface is smooth", () => {
  const { worldToVolume, volumeToWorld } = randomScene({
    seed: 14,
    pose: "tilted",
    materialAt: varied,
  });
  const slope = landscapeOf([9, 9], { heightAt: (x, y) => x / 4 - y / 3 });
  const within = affineOf({ position: [-0.5, -0.5, 0], scale: [1 / 8, 1 / 8, 0.1] });
  const leaning = affineOf({ scale: [2, 2, 1], angles: [0.2, 0.3, 1] });
  const tilt = affineOf({ angles: [0.2, 0, 0] });
  for (const toWorld of [within, multiplied(tilt, within), leaning]) {
    const seen: Fragment[] = [];
    const material = new FormulaMaterial((fragment) => {
      seen.push(fragment);
      return { opacity: 1, values: {} };
    });
    const placed = multiplied(volumeToWorld, toWorld);
    const section = { x0: 0, y0: 0, x1: 8, y1: 8 };
    const draw: ComponentDraw = toWorld === leaning
      ? { kind: "mesh", mesh: quadMesh(), material, instances: [placed] }
      : { kind: "landscape", surface: slope, material, toWorld: placed, section, quads: 1 };
    compose(view(worldToVolume, { size: 32, x: 15, y: 15, width: 2, height: 2 }), [draw]);
    const texelOf = (fragment: Fragment) => {
      const [u, v] = transformedPoint(worldToVolume, fragment.worldPosition);
      return Math.floor(32 * v) * 32 + Math.floor(32 * u);
    };
    seen.sort((a, b) => texelOf(a) - texelOf(b));
    const [here, right, below] = seen as [Fragment, Fragment, Fragment];
    for (
      const [moved, other] of [[here.shifted(1, 0), right], [here.shifted(0, 1), below]] as const
    ) {
      const [a, b] = [moved, other].map((f) => [...f.uv, ...f.worldPosition, ...f.vertexNormal]);
      a!.forEach((value, k) => assert.ok(Math.abs(value - b![k]!) < 1e-9, `${a} ${b}`));
    }
  }
});

Deno.test("random scenes are the same for the same seed, of every kind, and within reach", () => {
  const options = { seed: 21, materialAt: varied, pose: "tilted" } as const;
  const [one, same] = [randomScene(options), randomScene(options)];
  assert.deepEqual(one.worldToVolume, same.worldToVolume);
  assert.equal(one.draws.length, 16);
  const drawn = [1, 2, 3, 4].flatMap((seed) => randomScene({ ...options, seed }).draws);
  assert.ok(drawn.some(({ kind }) => kind === "landscape"));
  assert.ok(drawn.some((draw) => draw.kind === "mesh" && draw.instances.length === 2));
  for (const draw of one.draws) {
    const [toWorld] = draw.kind === "mesh" ? draw.instances : [draw.toWorld];
    const origin = transformedPoint(one.worldToVolume, [
      toWorld![12]!,
      toWorld![13]!,
      toWorld![14]!,
    ]);
    assert.ok(origin.every((part) => part > -0.5 && part < 1.5), `${origin}`);
  }
});

Deno.test("writers overlap, all sixteen in stacks, and few texels are uncertain", () => {
  for (const isStack of [false, true]) {
    let [layers, uncertain, most, texels] = [0, 0, 0, 0];
    for (const pose of ["upright", "yawed", "tilted"] as const) {
      const { worldToVolume, draws } = randomScene({ seed: 31, pose, isStack, materialAt: varied });
      const tile = compose(view(worldToVolume, { size: 32 }), draws);
      tile.layers.forEach((count) => layers += count);
      tile.uncertain.forEach((bits) => uncertain += bits === 0 ? 0 : 1);
      most = Math.max(most, ...tile.layers);
      texels += 32 * 32;
    }
    assert.ok(layers / texels > (isStack ? 10 : 3), `${layers / texels} layers a texel`);
    if (isStack) assert.ok(most >= 16, `${most} layers at most`);
    assert.ok(uncertain / texels < 0.1, `${uncertain / texels} of the texels are uncertain`);
  }
});
