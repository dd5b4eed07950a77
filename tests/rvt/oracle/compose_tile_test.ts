import assert from "node:assert/strict";
import type { AttributeName } from "../../../src/rvt/asset/attributes.ts";
import type { ComponentDraw } from "../../../src/rvt/component/component_draw.ts";
import type { Mesh } from "../../../src/geometry/mod.ts";
import type { Vec3 } from "./affine.ts";
import { type ComposedTile, composeTile } from "./compose_tile.ts";
import { evaluateFormula, FormulaMaterial, paint } from "./formula_material.ts";
import { UNCERTAIN } from "./fragment.ts";
import { affineOf, boxMesh, quadMesh, volumeOf } from "./shapes.ts";
import type { TileView } from "./tile_view.ts";

/** A volume of 8 by 8 by 8 about the origin, and its texture of 8 by 8 texels. */
const VIEW: TileView = {
  worldToVolume: volumeOf(affineOf({ scale: [8, 8, 8] })),
  level: 0,
  levelCount: 1,
  levelWidth: 8,
  levelHeight: 8,
  x: 0,
  y: 0,
  width: 8,
  height: 8,
};

function draw(
  material: FormulaMaterial,
  { mesh = quadMesh(), ...place }: Parameters<typeof affineOf>[0] & { readonly mesh?: Mesh } = {},
): ComponentDraw {
  return { kind: "mesh", mesh, material, instances: [affineOf({ scale: [8, 8, 8], ...place })] };
}

function compose(
  draws: readonly ComponentDraw[],
  options: Partial<Parameters<typeof composeTile>[0]> = {},
): ComposedTile {
  return composeTile({
    tile: VIEW,
    draws,
    attributes: ["baseColor", "roughness"],
    evaluate: evaluateFormula,
    ...options,
  });
}

function at(tile: ComposedTile, name: AttributeName, [x, y]: readonly [number, number]): number[] {
  const values = tile.values.get(name)!;
  const components = values.length / (tile.width * tile.height);
  const first = (y * tile.width + x) * components;
  return Array.from(values.subarray(first, first + components));
}

function texelsDrawn(tile: ComposedTile): string[] {
  return Array.from(
    { length: tile.height },
    (_, row) => Array.from(tile.layers.subarray(row * tile.width, (row + 1) * tile.width)).join(""),
  );
}

Deno.test("a quad on texel boundaries writes exactly its texels, and the others keep their clear value", () => {
  const red = paint({ baseColor: [1, 0, 0], roughness: [0.25] });
  const tile = compose([draw(red, { position: [-1, 2, 0], scale: [2, 2, 1] })]);
  assert.deepEqual(texelsDrawn(tile), [
    ..."00000000 00000000 00000000 00000000 00000000 00110000 00110000 00000000".split(" "),
  ]);
  assert.deepEqual(at(tile, "baseColor", [2, 5]), [1, 0, 0]);
  assert.deepEqual(at(tile, "roughness", [2, 5]), [0.25]);
  assert.deepEqual(at(tile, "baseColor", [4, 5]), [0, 0, 0]);
  assert.deepEqual(at(tile, "roughness", [4, 5]), [0.5]);
});

Deno.test("a half transparent decal is mixed with what lies below it, in order", () => {
  const ground = draw(paint({ baseColor: [1, 0, 0] }));
  const half = draw(paint({ baseColor: [0, 1, 0] }, 0.5));
  const quarter = draw(paint({ baseColor: [0, 0, 1] }, 0.25));
  const tile = compose([ground, half, quarter]);
  assert.deepEqual(at(tile, "baseColor", [3, 3]), [0.375, 0.375, 0.25]);
  const other = compose([ground, quarter, half]);
  assert.deepEqual(at(other, "baseColor", [3, 3]), [0.375, 0.5, 0.125]);
});

Deno.test("the order of drawing decides, not the height", () => {
  const high = draw(paint({ roughness: [1] }), { position: [0, 0, 3] });
  const low = draw(paint({ roughness: [0] }), { position: [0, 0, -3] });
  assert.deepEqual(at(compose([high, low]), "roughness", [0, 0]), [0]);
  assert.deepEqual(at(compose([low, high]), "roughness", [0, 0]), [1]);
});

Deno.test("opacity is clamped, and 0 leaves all as it was", () => {
  const ground = draw(paint({ roughness: [0.75] }));
  const over = (opacity: number) =>
    at(compose([ground, draw(paint({ roughness: [0] }, opacity))]), "roughness", [1, 1])[0];
  assert.equal(over(0), 0.75);
  assert.equal(over(-1), 0.75);
  assert.equal(over(3), 0);
});

Deno.test("a decal with roughness alone leaves the other attributes as they were", () => {
  const attributes = ["baseColor", "normal", "roughness", "specular", "mask"] as const;
  const values = {
    baseColor: [0.1, 0.7, 0.3],
    normal: [0.6, 0, 0.8],
    roughness: [0.9],
    specular: [0.2],
    mask: [0.4],
  };
  const ground = draw(paint(values));
  const wet = draw(paint({ roughness: [0.1] }, 0.5), { scale: [4, 4, 1] });
  const [before, after] = [
    compose([ground], { attributes }),
    compose([ground, wet], { attributes }),
  ];
  for (const name of attributes) {
    if (name === "roughness") continue;
    assert.deepEqual(after.values.get(name), before.values.get(name), name);
  }
  assert.deepEqual(at(after, "roughness", [3, 3]), [0.5]);
  assert.deepEqual(at(after, "roughness", [0, 0]), [0.9]);
});

Deno.test("attributes that the texture lacks are not stored", () => {
  const tile = compose([draw(paint({ mask4: [1, 1, 1, 1] }))], { attributes: ["displacement"] });
  assert.deepEqual([...tile.values.keys()], ["displacement"]);
  assert.deepEqual(at(tile, "displacement", [0, 0]), [0]);
});

Deno.test("of world heights the highest stays, in any order and whatever the opacity", () => {
  const attributes = ["worldHeight"] as const;
  const high = draw(paint({ worldHeight: [3] }, 0.5), { scale: [4, 8, 1], position: [-2, 0, 3] });
  const low = draw(paint({ worldHeight: [-1] }), { scale: [8, 4, 1], position: [0, -2, -1] });
  for (const draws of [[high, low], [low, high]]) {
    const tile = compose(draws, { attributes });
    assert.deepEqual(at(tile, "worldHeight", [0, 0]), [3]);
    assert.deepEqual(at(tile, "worldHeight", [7, 0]), [-1]);
    assert.deepEqual(at(tile, "worldHeight", [0, 7]), [3]);
    // Where nothing is written, the volume's lowest z.
    assert.deepEqual(at(tile, "worldHeight", [7, 7]), [-4]);
  }
});

Deno.test("what lies above or below the volume is clipped, texel by texel", () => {
  const material = paint({ roughness: [1] });
  const steep = draw(material, { angles: [0, Math.atan(2), 0], scale: [8 * Math.sqrt(5), 8, 1] });
  // z = −2 x is within ±4 for the middle four columns.
  assert.ok(texelsDrawn(compose([steep])).every((row) => row === "00111100"));
  assert.deepEqual(
    texelsDrawn(compose([draw(material, { position: [0, 0, 4.5] })]))[0],
    "00000000",
  );
});

Deno.test("a height range leaves out what lies outside it", () => {
  const [road, bridge] = [-2, 2].map((z) => (range: readonly [number, number]) => {
    const written = { opacity: 1, values: { roughness: [z + 3] }, heightRange: range };
    return draw(new FormulaMaterial(() => written), { position: [0, 0, z] });
  });
  const below = compose([road!([-4, 0]), bridge!([-4, 0])]);
  assert.deepEqual(at(below, "roughness", [4, 4]), [1]);
  assert.ok(below.layers.every((count) => count === 1));
  const ends = compose([road!([-2, 2]), bridge!([-2, 2])]);
  assert.deepEqual(at(ends, "roughness", [4, 4]), [5]);
  assert.ok(ends.uncertain.every((bits) => (bits & UNCERTAIN.height) !== 0));
});

Deno.test("only faces that look up are drawn, mirrored instances' too, unless both are asked for", () => {
  const box = (scale: Vec3) => draw(paint({ roughness: [1] }), { mesh: boxMesh(), scale });
  for (const scale of [[8, 8, 4], [-8, 8, 4], [8, 8, -4]] as const) {
    const tile = compose([box(scale)]);
    assert.ok(tile.layers.every((count) => count === 1), `${scale}`);
    // Top and bottom; the sides are seen on edge.
    const both = compose([box(scale)], { faces: "both" });
    assert.ok(both.layers.every((count) => count === 2), `${scale}`);
  }
  const downwards = draw(paint({ roughness: [1] }), { angles: [Math.PI, 0, 0] });
  assert.ok(compose([downwards]).layers.every((count) => count === 0));
});

Deno.test("instances are drawn one after the other", () => {
  const mesh = quadMesh();
  const material = paint({ roughness: [1] }, 0.5);
  const instances = [affineOf({ scale: [8, 8, 1] }), affineOf({ scale: [4, 8, 1] })];
  const tile = compose([{ kind: "mesh", mesh, material, instances }]);
  assert.deepEqual(at(tile, "roughness", [0, 0]), [0.75]);
  assert.deepEqual(at(tile, "roughness", [4, 0]), [0.875]);
});

Deno.test("texels along an edge are marked, and those away from any are not", () => {
  const material = paint({ roughness: [1] });
  const tile = compose([draw(material, { scale: [3, 3, 1] })]);
  const marked = (x: number, y: number) => (tile.uncertain[y * 8 + x]! & UNCERTAIN.edge) !== 0;
  // The quad runs from 2.5 to 5.5: through the centres of texels.
  assert.ok(marked(2, 3) && marked(5, 3) && marked(3, 2) && marked(3, 5));
  // Its diagonal passes through (4, 4).
  assert.ok(marked(4, 4) && !marked(3, 4));
  assert.ok(!marked(1, 1) && !marked(7, 7) && !marked(6, 3));
});

Deno.test("negative control: writing an attribute of the wrong length is refused", () => {
  assert.throws(() => compose([draw(paint({ roughness: [1, 2] }))]), /roughness has 2 numbers/);
});
