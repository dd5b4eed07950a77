import assert from "node:assert/strict";
import { join } from "node:path";
import { type GlbMesh, loadGlb, StaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { glbFile, triangleBinary, type TriangleJson, triangleJson } from "./glb_helpers.ts";
import { FakeMaterial } from "./scene_helpers.ts";

/** A file of the triangle, after a function has changed its JSON. */
function changed(change: (json: TriangleJson) => void): Uint8Array {
  const json = triangleJson();
  change(json);
  return glbFile(json);
}

async function loadOne(bytes: Uint8Array): Promise<GlbMesh> {
  const meshes = await loadGlb(bytes);
  assert.equal(meshes.length, 1);
  return meshes[0]!;
}

function assertClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((number, i) => assert.ok(Math.abs(number - actual[i]!) < 1e-6, `at ${i}`));
}

Deno.test("positions, normals, texture coordinates and indices are read, and y-up becomes z-up", async () => {
  const { name, mesh } = await loadOne(glbFile(triangleJson()));
  assert.equal(name, "flag");
  assertClose(mesh.positions, [0, 0, 0, 1, 0, 0, 0, 0, 2]);
  assertClose(mesh.normals, [0, -1, 0, 0, -1, 0, 0, -1, 0]);
  assertClose(mesh.uvs, [0, 0, 1, 0, 0, 1]);
  assert.deepEqual([...mesh.indices], [0, 1, 2]);
});

Deno.test("what was read can be drawn", async () => {
  const { mesh } = await loadOne(glbFile(triangleJson()));
  const component = new StaticMeshComponent({ material: new FakeMaterial(), mesh });
  assert.deepEqual(component.boxes()[0]!.center, [0.5, 0, 1]);
});

Deno.test("nodes place their meshes, each below its parent", async () => {
  const { mesh } = await loadOne(changed((json) => {
    json.nodes = [{ children: [1], translation: [10, 20, 30] }, { mesh: 0, scale: [2, 2, 2] }];
  }));
  assertClose(mesh.positions, [10, -30, 20, 12, -30, 20, 10, -30, 24]);
});

Deno.test("a mirrored node keeps its triangles' fronts", async () => {
  const { mesh } = await loadOne(changed((json) => json.nodes = [{ mesh: 0, scale: [-1, 1, 1] }]));
  assert.deepEqual([...mesh.indices], [0, 2, 1]);
  assertClose(mesh.normals, [0, -1, 0, 0, -1, 0, 0, -1, 0]);
});

Deno.test("a skinned mesh stands in its bind pose, wherever its node is", async () => {
  const { mesh } = await loadOne(changed((json) => {
    json.nodes = [{ mesh: 0, skin: 0, translation: [5, 5, 5] }];
    json.skins = [{ joints: [0] }];
  }));
  assertClose(mesh.positions, [0, 0, 0, 1, 0, 0, 0, 0, 2]);
});

Deno.test("there is a mesh for each primitive of each node of the scene, and for no other node", async () => {
  const meshes = await loadGlb(changed((json) => {
    json.meshes[0]!.primitives.push(json.meshes[0]!.primitives[0]!);
    json.nodes = [{ mesh: 0, name: "a" }, { mesh: 0 }, { mesh: 0, name: "hidden" }];
    json.scenes = [{ nodes: [0, 1] }];
  }));
  assert.deepEqual(meshes.map(({ name }) => name), ["a", "a", "triangle", "triangle"]);
  assert.deepEqual(await loadGlb(changed((json) => json.nodes = [{}])), []);
});

Deno.test("missing normals and indices are made up, normalised integers become numbers", async () => {
  const { mesh } = await loadOne(changed((json) => {
    json.meshes[0]!.primitives[0] = { attributes: { POSITION: 0 } };
  }));
  assertClose(mesh.normals, [0, -1, 0, 0, -1, 0, 0, -1, 0]);
  assert.deepEqual([...mesh.indices], [0, 1, 2]);
  const json = triangleJson();
  const binary = triangleBinary();
  binary.set(new Uint8Array(Uint16Array.of(0, 0, 65535, 0, 0, 65535).buffer), 72);
  json.accessors[2] = {
    bufferView: 2,
    componentType: 5123,
    normalized: true,
    count: 3,
    type: "VEC2",
  };
  json.extensionsRequired = ["KHR_mesh_quantization"];
  json.extensionsUsed = ["KHR_mesh_quantization"];
  assertClose((await loadOne(glbFile(json, binary))).mesh.uvs, [0, 0, 1, 0, 0, 1]);
});

Deno.test("files are read by their path, and errors name it", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "flag.glb");
    await Deno.writeFile(path, glbFile(triangleJson()));
    assert.equal((await loadGlb(path))[0]!.name, "flag");
    const missing = join(folder, "none.glb");
    await assert.rejects(loadGlb(missing), { code: "file-not-found", path: missing });
    await Deno.writeTextFile(path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    await assert.rejects(loadGlb(path), { code: "malformed-file", message: /git lfs pull/ });
  });
});

Deno.test("compression, other primitives and other files are refused by name", async () => {
  const cases: readonly [(json: TriangleJson) => void, string][] = [
    [(json) => json.extensionsUsed = ["KHR_draco_mesh_compression"], "KHR_draco_mesh_compression"],
    [(json) => json.extensionsUsed = ["EXT_meshopt_compression"], "EXT_meshopt_compression"],
    [(json) => json.extensionsRequired = ["ACME_cubes"], "ACME_cubes"],
    [(json) => json.meshes[0]!.primitives[0]!.mode = 1, "mode 1"],
    [(json) => json.buffers[0]!.uri = "far.bin", "outside the file"],
    [(json) => json.buffers[0]!.uri = "https://example.com/far.bin", "outside the file"],
    [(json) => json.accessors[0]!.sparse = {}, "sparse"],
    [(json) => delete json.accessors[0]!.bufferView, "without data"],
  ];
  for (const [change, feature] of cases) {
    const message = new RegExp(`^Cannot load GLB file flag.glb as .*${feature}`);
    await assert.rejects(loadGlb(changed(change), { name: "flag.glb" }), {
      code: "unsupported",
      message,
    }, feature);
  }
  const old = glbFile(triangleJson());
  new DataView(old.buffer).setUint32(4, 1, true);
  await assert.rejects(loadGlb(old), { code: "unsupported", feature: "GLB version 1" });
});

Deno.test("files that break the specification are refused by name", async () => {
  const cases: readonly ((json: TriangleJson) => void)[] = [
    (json) => json.buffers[0]!.byteLength = 105,
    (json) => json.buffers.push({ byteLength: 1 }),
    (json) => json.bufferViews[3]!.byteLength = 99,
    (json) => json.bufferViews[0]!.buffer = 1,
    (json) => json.bufferViews[0]!.byteOffset = -1,
    (json) => json.bufferViews[0]!.byteStride = 8,
    (json) => json.bufferViews[0]!.byteStride = 256,
    (json) => json.accessors[0]!.count = 4,
    (json) => json.accessors[0]!.count = 1e12,
    (json) => json.accessors[3]!.count = 0,
    (json) => json.accessors[0]!.byteOffset = 1,
    (json) => json.accessors[0]!.type = "VEC5",
    (json) => json.accessors[0]!.type = "VEC2",
    (json) => json.accessors[0]!.componentType = 5130,
    (json) => json.accessors[0]!.bufferView = "0",
    (json) => json.meshes[0]!.primitives[0]!.indices = 9,
    (json) => json.meshes[0]!.primitives[0]!.attributes = {},
    (json) => json.meshes[0]!.primitives[0]!.attributes = { POSITION: -1 },
    (json) => json.meshes[0]!.primitives[0]!.indices = 0,
    (json) => json.meshes = 3 as never,
    (json) => json.meshes[0] = null as never,
    (json) => json.meshes[0]!.primitives = [],
    (json) => json.meshes[0]!.primitives = null as never,
    (json) => json.nodes[0]!.mesh = 1,
    (json) => json.nodes[0]!.scale = [1, 2],
    (json) => json.nodes[0]!.children = [0],
    (json) => json.nodes = [{ children: [1] }, { children: [0] }],
    (json) => json.nodes = [{ children: [1] }, { mesh: 0 }, { children: [1] }],
    (json) => json.nodes[0]!.children = [7],
    (json) => json.scene = 2,
    (json) => json.scenes = [{ nodes: [1] }],
    (json) => json.scenes = [{ nodes: [0, 0] }],
    (json) => {
      json.nodes = [{ children: [1] }, { mesh: 0 }];
      json.scenes = [{ nodes: [0, 1] }];
    },
    (json) => json.extensionsRequired = "all" as never,
  ];
  for (const change of cases) {
    await assert.rejects(loadGlb(changed(change), { name: "flag.glb" }), {
      code: "malformed-file",
      path: "flag.glb",
      message: /^Cannot load GLB file flag\.glb as /,
    }, String(change));
  }
  const whole = glbFile(triangleJson());
  const files = [
    new Uint8Array(0),
    new Uint8Array(30),
    whole.subarray(0, whole.length - 1),
    whole.subarray(0, 19),
    glbFile("{"),
    glbFile("[]"),
    glbFile("null"),
  ];
  for (const file of files) await assert.rejects(loadGlb(file), { code: "malformed-file" });
});

Deno.test("a file with any byte or number changed is read, or refused with a typed error", async () => {
  const random = seededRandom(61);
  const odd = [-1, 0, 1, 3, 1e9, 2 ** 40, 0.5, null, "x", [], {}, true];
  let refused = 0;
  for (let round = 0; round < 600; round++) {
    const json = triangleJson();
    const binary = triangleBinary();
    const places: [Record<string, unknown>, string][] = [];
    const walk = (holder: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(holder)) {
        places.push([holder, key]);
        if (typeof value === "object" && value !== null) walk(value as Record<string, unknown>);
      }
    };
    walk(json);
    const [holder, key] = places[Math.floor(random() * places.length)]!;
    holder[key] = odd[Math.floor(random() * odd.length)];
    if (random() < 0.3) binary[Math.floor(random() * binary.length)] = Math.floor(random() * 256);
    const file = glbFile(json, binary);
    if (random() < 0.3) file[Math.floor(random() * 40)] = Math.floor(random() * 256);
    try {
      for (const { mesh } of await loadGlb(file)) assert.ok(mesh.positions.every(Number.isFinite));
    } catch (error) {
      const { code } = error as { code?: string };
      assert.ok(code === "malformed-file" || code === "unsupported", String(error));
      refused++;
    }
  }
  assert.ok(refused > 100 && refused < 600, `${refused} refused`);
});

Deno.test("arguments of other kinds are refused by name", async () => {
  await assert.rejects(loadGlb(3 as never), { argument: "file", code: "invalid-argument" });
  await assert.rejects(loadGlb(glbFile({}), { name: 3 as never }), { argument: "name" });
  await assert.rejects(loadGlb(glbFile({}), { lod: 3 } as object), { argument: "lod" });
});
