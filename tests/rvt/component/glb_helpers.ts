/**
 * GLB files, written here byte by byte, so that tests can break any part of them.
 *
 * @module
 */

/** JSON of a file with one triangle: positions, normals, texture coordinates, indices. */
export interface TriangleJson {
  asset: { version: string };
  buffers: Record<string, unknown>[];
  bufferViews: Record<string, unknown>[];
  accessors: Record<string, unknown>[];
  meshes: { name?: string; primitives: Record<string, unknown>[] }[];
  nodes: Record<string, unknown>[];
  scenes: { nodes: number[] }[];
  scene?: number;
  [more: string]: unknown;
}

const POSITIONS = [0, 0, 0, 1, 0, 0, 0, 2, 0];
const NORMALS = [0, 0, 1, 0, 0, 1, 0, 0, 1];
const UVS = [0, 0, 1, 0, 0, 1];

/** The binary chunk of {@linkcode triangleJson}. */
export function triangleBinary(): Uint8Array {
  const binary = new Uint8Array(104);
  binary.set(new Uint8Array(Float32Array.of(...POSITIONS, ...NORMALS, ...UVS).buffer), 0);
  binary.set(new Uint8Array(Uint16Array.of(0, 1, 2).buffer), 96);
  return binary;
}

/** A triangle in the plane z = 0 of glTF's space, whose normal is glTF's z. */
export function triangleJson(): TriangleJson {
  return {
    asset: { version: "2.0" },
    buffers: [{ byteLength: 104 }],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: 36 },
      { buffer: 0, byteOffset: 72, byteLength: 24 },
      { buffer: 0, byteOffset: 96, byteLength: 6 },
    ],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: "VEC3" },
      { bufferView: 1, componentType: 5126, count: 3, type: "VEC3" },
      { bufferView: 2, componentType: 5126, count: 3, type: "VEC2" },
      { bufferView: 3, componentType: 5123, count: 3, type: "SCALAR" },
    ],
    meshes: [{
      name: "triangle",
      primitives: [{ attributes: { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 }, indices: 3 }],
    }],
    nodes: [{ mesh: 0, name: "flag" }],
    scenes: [{ nodes: [0] }],
    scene: 0,
  };
}

/** A GLB file of a JSON, or of a text instead, and a binary chunk. */
export function glbFile(json: unknown, binary: Uint8Array = triangleBinary()): Uint8Array {
  const text = new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json));
  const jsonBytes = Math.ceil(text.length / 4) * 4;
  const bytes = new Uint8Array(12 + 8 + jsonBytes + 8 + binary.length).fill(0x20);
  const view = new DataView(bytes.buffer);
  const words = [0x46546c67, 2, bytes.length, jsonBytes, 0x4e4f534a];
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  bytes.set(text, 20);
  view.setUint32(20 + jsonBytes, binary.length, true);
  view.setUint32(24 + jsonBytes, 0x004e4942, true);
  bytes.set(binary, 28 + jsonBytes);
  return bytes;
}
