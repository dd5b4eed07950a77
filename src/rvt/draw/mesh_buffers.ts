/**
 * Meshes on the GPU.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";

/** Numbers of a vertex, interleaved: position, normal, uv. */
const VERTEX_FLOATS = 8;

/** How the fill shader of meshes reads vertices. */
export const MESH_VERTEX_LAYOUT: GPUVertexBufferLayout = {
  arrayStride: 4 * VERTEX_FLOATS,
  attributes: [
    { shaderLocation: 0, offset: 0, format: "float32x3" },
    { shaderLocation: 1, offset: 12, format: "float32x3" },
    { shaderLocation: 2, offset: 24, format: "float32x2" },
  ],
};

/** A mesh on the GPU. */
export interface MeshBuffers {
  /** Position, normal and texture coordinate of each vertex. */
  readonly vertices: GPUBuffer;
  /** Three 32-bit numbers of vertices for each triangle. */
  readonly indices: GPUBuffer;
  /** Three for each triangle. */
  readonly indexCount: number;
}

/** Keeps the buffers of meshes, for as long as they are used. Owns them. */
export class MeshBufferCache {
  readonly #device: ForgeDevice;
  readonly #buffers = new Map<Mesh, MeshBuffers>();

  /**
   * Begins with none.
   *
   * @param device Borrowed.
   */
  constructor(device: ForgeDevice) {
    this.#device = device;
  }

  /** Bytes of all meshes. */
  get byteLength(): number {
    let bytes = 0;
    for (const { vertices, indices } of this.#buffers.values()) {
      bytes += vertices.size + indices.size;
    }
    return bytes;
  }

  /** The buffers of a mesh, which are made the first time. */
  buffersOf(mesh: Mesh): MeshBuffers {
    const known = this.#buffers.get(mesh);
    if (known !== undefined) return known;
    const count = mesh.positions.length / 3;
    const words = new Float32Array(count * VERTEX_FLOATS);
    for (let i = 0; i < count; i++) {
      words.set(mesh.positions.subarray(3 * i, 3 * i + 3), VERTEX_FLOATS * i);
      words.set(mesh.normals.subarray(3 * i, 3 * i + 3), VERTEX_FLOATS * i + 3);
      words.set(mesh.uvs.subarray(2 * i, 2 * i + 2), VERTEX_FLOATS * i + 6);
    }
    const storage = GPUBufferUsage.STORAGE;
    const made = {
      vertices: this.#make("mesh vertices", GPUBufferUsage.VERTEX | storage, words),
      indices: this.#make("mesh indices", GPUBufferUsage.INDEX | storage, mesh.indices),
      indexCount: mesh.indices.length,
    };
    this.#buffers.set(mesh, made);
    return made;
  }

  #make(label: string, usage: number, data: Float32Array | Uint32Array): GPUBuffer {
    const buffer = this.#device.gpu.createBuffer({
      label,
      size: data.byteLength,
      usage,
      mappedAtCreation: true,
    });
    new Uint8Array(buffer.getMappedRange()).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
    buffer.unmap();
    return buffer;
  }

  /** Destroys the buffers of meshes that are not in use; of all if none is given. */
  keepOnly(used: ReadonlySet<Mesh> = new Set()): void {
    for (const [mesh, { vertices, indices }] of this.#buffers) {
      if (used.has(mesh)) continue;
      vertices.destroy();
      indices.destroy();
      this.#buffers.delete(mesh);
    }
  }
}
