import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { boxMesh } from "../../../src/geometry/mod.ts";
import { encodeGlb, loadGlb, readGlbBounds } from "../../../src/rvt/component/mod.ts";
import { type ByteSource, memorySource } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { glbFile, triangleBinary, type TriangleJson, triangleJson } from "./glb_helpers.ts";

const MOST = { name: "a.glb", mostBytes: 2 ** 20 };
/** What positions of the triangle are. */
const STATED = { min: [0, 0, 0], max: [1, 2, 0] };

/** A file of the triangle that states its bounds, after a function has changed its JSON. */
function changed(change: (json: TriangleJson) => void = () => {}): Uint8Array {
  const json = triangleJson();
  Object.assign(json.accessors[0]!, STATED);
  change(json);
  return glbFile(json);
}

/** Whether stated bounds hold a file's meshes, which have the same names in the same order. */
async function holds(bytes: Uint8Array): Promise<boolean> {
  const { meshes } = await readGlbBounds(memorySource(bytes), MOST);
  const loaded = await loadGlb(bytes);
  assert.deepEqual(meshes.map(({ name }) => name), loaded.map(({ name }) => name));
  return meshes.every(({ bounds }, i) => {
    const { min, max } = loaded[i]!.mesh.bounds;
    return [0, 1, 2].every((axis) =>
      bounds!.min[axis]! <= min[axis]! && bounds!.max[axis]! >= max[axis]!
    );
  });
}

Deno.test("stated bounds hold meshes below any nodes, and are tight without turns", async () => {
  const random = seededRandom(3);
  const numbers = (count: number, size: number) =>
    Array.from({ length: count }, () => size * (2 * random() - 1));
  for (let i = 0; i < 20; i++) {
    const bytes = changed((json) => {
      json.nodes = [
        { children: [1, 2], translation: numbers(3, 1000), rotation: numbers(4, 1) },
        { mesh: 0, scale: numbers(3, 2) },
        { mesh: 0, name: "flag", matrix: [...numbers(15, 2), 1] },
        { mesh: 0, name: "skinned", skin: 0, translation: [5, 5, 5] },
        { mesh: 0, name: "hidden" },
      ];
      json.skins = [{ joints: [0] }];
      json.scenes = [{ nodes: [0, 3] }];
    });
    assert.ok(await holds(bytes));
  }
  const moved = changed((json) => json.nodes = [{ mesh: 0, translation: [10, 20, 30] }]);
  const { meshes } = await readGlbBounds(memorySource(moved), MOST);
  assert.deepEqual(meshes[0]!.bounds, { min: [10, -30, 20], max: [11, -30, 22] });
});

Deno.test("negative control: bounds that are stated too small do not hold", async () => {
  assert.ok(await holds(changed()));
  assert.ok(!await holds(changed((json) => json.accessors[0]!.max = [1, 1, 0])));
});

Deno.test("normalised integers state bounds as integers, and files without any say so", async () => {
  const json = triangleJson();
  Object.assign(json.accessors[0]!, {
    componentType: 5122,
    normalized: true,
    min: [-32768, 0, 0],
    max: [32767, 16384, 0],
  });
  json.bufferViews[0] = { buffer: 0, byteOffset: 0, byteLength: 36, byteStride: 12 };
  const binary = triangleBinary();
  binary.set(new Uint8Array(Int16Array.of(-32768, 0, 0).buffer), 0);
  binary.set(new Uint8Array(Int16Array.of(32767, 0, 0).buffer), 12);
  binary.set(new Uint8Array(Int16Array.of(0, 16384, 0).buffer), 24);
  assert.ok(await holds(glbFile(json, binary)));
  const none = await readGlbBounds(memorySource(glbFile(triangleJson())), MOST);
  assert.deepEqual(none.meshes, [{ name: "flag", bounds: null }]);
});

Deno.test("the JSON alone is read, and of files that are written here it tells the bounds", async () => {
  const mesh = boxMesh({ size: [1, 2, 3] });
  const bytes = await encodeGlb([{ name: "box", mesh }]);
  let read = 0;
  const inner = memorySource(bytes);
  const counted: ByteSource = {
    name: "counted",
    size: () => inner.size(),
    read(offset, length) {
      read = Math.max(read, offset + length);
      return inner.read(offset, length);
    },
    close() {},
  };
  const { meshes, jsonBytes } = await readGlbBounds(counted, MOST);
  assert.deepEqual(meshes, [{ name: "box", bounds: mesh.bounds }]);
  assert.equal(read, 20 + jsonBytes + 8);
  assert.ok(read < bytes.length);
});

Deno.test("what is no GLB file, is cut off or too large is refused by name", async () => {
  const bytes = changed();
  const refused = (
    data: Uint8Array,
    kind: { readonly name: string },
    message: RegExp,
    most = 9e9,
  ) =>
    assert.rejects(readGlbBounds(memorySource(data), { name: "a.glb", mostBytes: most }), {
      name: kind.name,
      message,
    });
  await refused(
    new Uint8Array(),
    MalformedFileError,
    /^Cannot load GLB file a.glb as it must begin/,
  );
  await refused(bytes.subarray(0, 30), MalformedFileError, /must have \d+ bytes/);
  await refused(bytes, MalformedFileError, /its JSON must have at most 9 bytes: it has \d+$/, 9);
  const draco = changed((json) => json.extensionsRequired = ["KHR_draco_mesh_compression"]);
  await refused(draco, UnsupportedError, /KHR_draco_mesh_compression/);
  for (const min of [null, [1, 2], ["a", 0, 0], 3]) {
    const odd = changed((json) => json.accessors[0]!.min = min);
    const { meshes } = await readGlbBounds(memorySource(odd), MOST);
    assert.equal(meshes[0]!.bounds, null);
  }
});
