import assert from "node:assert/strict";
import {
  boxMesh,
  checkedMesh,
  gridMesh,
  makeMesh,
  type MakeMeshOptions,
  type Mesh,
  planeMesh,
  type Vec3,
} from "../../src/geometry/mod.ts";

const TRIANGLE: MakeMeshOptions = { positions: [0, 0, 0, 1, 0, 0, 0, 1, 0] };

/** Six times the volume that a closed mesh encloses, above 0 if its triangles face outwards. */
function enclosedVolume({ positions, indices }: Mesh): number {
  const corner = (i: number) => Array.from(positions.subarray(3 * i, 3 * i + 3)) as unknown as Vec3;
  let sum = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [corner(indices[i]!), corner(indices[i + 1]!), corner(indices[i + 2]!)];
    sum += a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
      a[2] * (b[0] * c[1] - b[1] * c[0]);
  }
  return sum / 6;
}

/** Whether every normal is that of the triangle that it belongs to. */
function facesItsNormals(mesh: Mesh): boolean {
  const { normals } = makeMesh({ positions: mesh.positions, indices: mesh.indices });
  return normals.every((part, i) => Math.abs(part - mesh.normals[i]!) < 1e-6);
}

Deno.test("missing normals are those of the triangles, indices count up, and bounds fit", () => {
  const mesh = makeMesh(TRIANGLE);
  assert.deepEqual([...mesh.normals], [0, 0, 1, 0, 0, 1, 0, 0, 1]);
  assert.deepEqual([...mesh.indices], [0, 1, 2]);
  assert.deepEqual(mesh.bounds, { min: [0, 0, 0], max: [1, 1, 0] });
});

Deno.test("given normals are scaled to length 1, and those of length 0 are computed", () => {
  const mesh = makeMesh({ ...TRIANGLE, normals: [0, 0, -7, 0, 0, 0, 3, 0, 4] });
  [0, 0, -1, 0, 0, 1, 0.6, 0, 0.8].forEach((part, i) =>
    assert.ok(Math.abs(mesh.normals[i]! - part) < 1e-6)
  );
});

Deno.test("a mesh keeps copies of its lists", () => {
  const positions = Float32Array.from(TRIANGLE.positions);
  const indices = Uint32Array.of(0, 1, 2);
  const mesh = makeMesh({ positions, indices });
  positions.fill(9);
  indices.fill(0);
  assert.equal(mesh.positions[0], 0);
  assert.deepEqual([...mesh.indices], [0, 1, 2]);
});

Deno.test("a box encloses its volume, with faces outwards", () => {
  const box = boxMesh({ size: [2, 3, 4] });
  assert.ok(Math.abs(enclosedVolume(box) - 24) < 1e-5);
  assert.ok(facesItsNormals(box));
  assert.deepEqual(box.bounds, { min: [-1, -1.5, -2], max: [1, 1.5, 2] });
});

Deno.test("planes and grids look up, cover their size, and begin at smallest x and largest y", () => {
  for (const mesh of [planeMesh({ size: [4, 2] }), gridMesh({ size: [4, 2], quads: [5, 3] })]) {
    assert.ok(facesItsNormals(mesh));
    assert.deepEqual(mesh.bounds, { min: [-2, -1, 0], max: [2, 1, 0] });
    assert.deepEqual([...mesh.positions.subarray(0, 3)], [-2, 1, 0]);
    assert.deepEqual([...mesh.uvs.subarray(0, 2)], [0, 0]);
  }
  assert.equal(gridMesh({ quads: [5, 3] }).indices.length, 5 * 3 * 6);
});

Deno.test("negative control: a box that is turned inside out encloses less than nothing", () => {
  const { positions, indices, normals } = boxMesh();
  const inside = makeMesh({ positions, normals, indices: indices.toReversed() });
  assert.ok(enclosedVolume(inside) < 0);
  assert.ok(!facesItsNormals(inside));
});

Deno.test("bad lists are refused, each by its name", () => {
  const cases: readonly [Partial<Record<keyof MakeMeshOptions, unknown>>, string, string][] = [
    [{ positions: undefined }, "positions", "invalid-argument"],
    [{ positions: ["0"] }, "positions", "invalid-argument"],
    [{ positions: [0, 0, 0, 1] }, "positions", "invalid-argument"],
    [{ positions: [0, 0, NaN, 1, 0, 0, 0, 1, 0] }, "positions", "out-of-range"],
    [{ positions: [0, 0, 1e39, 1, 0, 0, 0, 1, 0] }, "positions", "out-of-range"],
    [{ normals: [0, 0, 1] }, "normals", "invalid-argument"],
    [{ normals: [0, 0, Infinity, 0, 0, 1, 0, 0, 1] }, "normals", "out-of-range"],
    [{ uvs: [0, 0] }, "uvs", "invalid-argument"],
    [{ indices: [0, 1, 3] }, "indices", "out-of-range"],
    [{ indices: [0, 1] }, "indices", "out-of-range"],
    [{ indices: [] }, "indices", "out-of-range"],
    [{ indices: [0, 1, -1] }, "indices", "invalid-argument"],
    [{ indices: [0, 1, 1.5] }, "indices", "invalid-argument"],
    [{ colours: [] } as object, "colours", "invalid-argument"],
  ];
  for (const [change, argument, code] of cases) {
    const options = { ...TRIANGLE, ...change } as MakeMeshOptions;
    assert.throws(() => makeMesh(options, 'Cannot make "rock"'), {
      argument,
      code,
      message: /^Cannot make "rock" as /,
    });
  }
  assert.throws(() => planeMesh({ size: [1, 0] }), { argument: "size" });
  assert.throws(() => boxMesh({ size: [1, 1] }), { argument: "size" });
  assert.throws(() => gridMesh({ quads: [1, 0.5] }), { argument: "quads" });
});

Deno.test("a mesh made by hand must be whole, and its bounds must hold it", () => {
  const mesh = makeMesh(TRIANGLE);
  assert.equal(checkedMesh(mesh, "Cannot draw"), mesh);
  const bounds = { min: [0, 0, 0], max: [0.5, 1, 0] };
  assert.throws(() => checkedMesh({ ...mesh, bounds }, "Cannot draw"), { argument: "bounds" });
  assert.throws(() => checkedMesh({ ...mesh, bounds: null }, "Cannot draw"), {
    argument: "bounds",
  });
  for (const odd of [null, undefined, 1, {}, { positions: [] }]) {
    assert.throws(() => checkedMesh(odd, "Cannot draw"), { argument: "mesh" });
  }
});
