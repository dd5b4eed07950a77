/**
 * Meshes as GLB files.
 *
 * @module
 */

import { Accessor, Document, WebIO } from "npm:@gltf-transform/core@4.5.1";
import type { Mesh } from "../../../../geometry/mod.ts";
import type { GlbMesh } from "./load_glb.ts";

/**
 * A GLB file of meshes, a node for each; reading it gives the same numbers. The space whose z is up becomes
 * glTF's, whose y is up: x, y, z become x, z, -y.
 */
export async function encodeGlb(meshes: readonly GlbMesh[]): Promise<Uint8Array> {
  const document = new Document();
  const buffer = document.createBuffer();
  const scene = document.createScene();
  document.getRoot().setDefaultScene(scene);
  const { SCALAR, VEC2, VEC3 } = Accessor.Type;
  for (const { name, mesh } of meshes) {
    const accessor = (type: (typeof Accessor.Type)[string], array: Float32Array | Uint32Array) =>
      document.createAccessor().setType(type)
        .setArray(array as Float32Array<ArrayBuffer>)
        .setBuffer(buffer);
    const primitive = document.createPrimitive()
      .setAttribute("POSITION", accessor(VEC3!, yUp(mesh.positions)))
      .setAttribute("NORMAL", accessor(VEC3!, yUp(mesh.normals)))
      .setAttribute("TEXCOORD_0", accessor(VEC2!, mesh.uvs))
      .setIndices(accessor(SCALAR!, mesh.indices));
    const node = document.createNode(name)
      .setMesh(document.createMesh(name).addPrimitive(primitive));
    scene.addChild(node);
  }
  return await new WebIO().writeBinary(document);
}

function yUp(vectors: Mesh["positions"]): Float32Array {
  return Float32Array.from(
    vectors,
    (number, at) => [number, vectors[at + 1]!, -vectors[at - 1]!][at % 3]!,
  );
}
