import assert from "node:assert/strict";
import { gridMesh, makeMesh, type Mesh } from "../../../src/geometry/mod.ts";
import { simplifyMesh, StaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { FakeMaterial } from "./scene_helpers.ts";

/** A gentle hill over a square of 32 by 32 quads. */
function hill(): Mesh {
  const grid = gridMesh({ size: [10, 10], quads: [32, 32] });
  const positions = grid.positions.map((part, i, all) =>
    i % 3 === 2 ? Math.cos(all[i - 2]! / 2) * Math.cos(all[i - 1]! / 2) : part
  );
  return makeMesh({ positions, uvs: grid.uvs, indices: grid.indices });
}

function triangleCount({ indices }: Mesh): number {
  return indices.length / 3;
}

Deno.test("LODs keep about the part of the triangles that was asked for, within the same bounds", async () => {
  const mesh = hill();
  const lods = await simplifyMesh(mesh, { ratios: [0.5, 0.1] });
  assert.equal(lods[0], mesh);
  assert.equal(lods.length, 3);
  [1, 0.5, 0.1].forEach((ratio, lod) => {
    const part = triangleCount(lods[lod]!) / triangleCount(mesh);
    assert.ok(Math.abs(part - ratio) < 0.05, `LOD ${lod} keeps ${part}`);
  });
  for (const { bounds } of lods) {
    bounds.min.forEach((part, i) => assert.ok(part >= mesh.bounds.min[i]!));
    bounds.max.forEach((part, i) => assert.ok(part <= mesh.bounds.max[i]!));
  }
  const component = new StaticMeshComponent({ material: new FakeMaterial(), mesh: lods });
  assert.equal(component.lodCount, 3);
});

/** The normal of each vertex, by its position and texture coordinate. */
function normalsByVertex({ positions, normals, uvs }: Mesh): Map<string, readonly number[]> {
  return new Map(
    Array.from({ length: positions.length / 3 }, (_, vertex) => {
      const place = positions.subarray(3 * vertex, 3 * vertex + 3);
      const normal = [...normals.subarray(3 * vertex, 3 * vertex + 3)];
      return [`${place} ${uvs.subarray(2 * vertex, 2 * vertex + 2)}`, normal];
    }),
  );
}

Deno.test("every vertex of a LOD is one of the mesh, with its normal and texture coordinate", async () => {
  const mesh = hill();
  const [, lod] = await simplifyMesh(mesh, { ratios: [0.3] });
  const all = normalsByVertex(mesh);
  for (const [vertex, normal] of normalsByVertex(lod!)) {
    normal.forEach((part, i) => assert.ok(Math.abs(part - all.get(vertex)![i]!) < 1e-6));
  }
});

Deno.test("one call makes the same LODs as another", async () => {
  const [, first] = await simplifyMesh(hill(), { ratios: [0.25] });
  const [, second] = await simplifyMesh(hill(), { ratios: [0.25] });
  assert.deepEqual(first, second);
});

Deno.test("a mesh that cannot get simpler stays as it is", async () => {
  const triangle = makeMesh({ positions: [0, 0, 0, 1, 0, 0, 0, 1, 0] });
  const [, lod] = await simplifyMesh(triangle, { ratios: [0.5] });
  assert.equal(triangleCount(lod!), 1);
});

Deno.test("broken meshes and ratios that do not fall are refused by name", async () => {
  const mesh = hill();
  await assert.rejects(simplifyMesh({} as Mesh, { ratios: [] }), { argument: "mesh" });
  const lists = [[0], [1], [0.5, 0.5], [0.2, 0.5], [NaN], [2], ["0.5"], 3, undefined];
  for (const ratios of lists) {
    await assert.rejects(simplifyMesh(mesh, { ratios: ratios as number[] }), {
      argument: "ratios",
    }, String(ratios));
  }
  await assert.rejects(simplifyMesh(mesh, { ratios: [], flags: 1 } as object as never), {
    argument: "flags",
  });
  assert.deepEqual(await simplifyMesh(mesh, { ratios: [] }), [mesh]);
});
