/**
 * Meshes on the GPU.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import type { ForgeDevice, MemoryLedger, TrackedBuffer } from "../../gpu/mod.ts";

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

interface Copy extends MeshBuffers {
  readonly owned: readonly TrackedBuffer[];
  /** Whether the buffers hold another mesh, of the same size. */
  isStale: boolean;
}

/** Keeps the buffers of meshes, for as long as they are used. Owns them. */
export class MeshBufferCache {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #copies = new Map<Mesh, Copy>();

  /**
   * Begins with none.
   *
   * @param device Borrowed.
   * @param ledger Counts the buffers.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger) {
    this.#device = device;
    this.#ledger = ledger;
  }

  /**
   * The buffers of a mesh, which are made the first time. What differs in them is written before the
   * commands of the next submit.
   */
  buffersOf(mesh: Mesh): MeshBuffers {
    const known = this.#copies.get(mesh);
    if (known?.isStale === false) return known;
    const words = vertexWords(mesh);
    if (known !== undefined) {
      const { queue } = this.#device.gpu;
      queue.writeBuffer(known.vertices, 0, words);
      queue.writeBuffer(known.indices, 0, mesh.indices as Uint32Array<ArrayBuffer>);
      known.isStale = false;
      return known;
    }
    const made = this.#copy(mesh, words);
    this.#copies.set(mesh, made);
    return made;
  }

  #copy({ indices }: Mesh, words: Float32Array): Copy {
    const owned: TrackedBuffer[] = [];
    const make = (label: string, usage: number, data: Float32Array | Uint32Array) => {
      const made = this.#make(label, usage, data);
      owned.push(made);
      return made.buffer;
    };
    try {
      return {
        vertices: make("mesh vertices", GPUBufferUsage.VERTEX, words),
        indices: make("mesh indices", GPUBufferUsage.INDEX, indices),
        indexCount: indices.length,
        owned,
        isStale: false,
      };
    } catch (error) {
      for (const buffer of owned) buffer.destroy();
      throw error;
    }
  }

  #make(label: string, usage: number, data: Float32Array | Uint32Array): TrackedBuffer {
    const made = this.#ledger.createBuffer("caches", this.#device, {
      label,
      size: data.byteLength,
      usage: usage | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      mappedAtCreation: true,
    });
    new Uint8Array(made.buffer.getMappedRange()).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
    made.buffer.unmap();
    return made;
  }

  /**
   * Destroys the buffers of meshes that are gone. Meshes of the same size that have come in their place
   * take over their buffers: an edited mesh is written into those that it has. Nothing that was recorded
   * with them may still wait for its submit.
   */
  replace(gone: readonly Mesh[], made: readonly Mesh[] = []): void {
    const heirs = Map.groupBy(made.filter((mesh) => !this.#copies.has(mesh)), sizeOf);
    for (const mesh of gone) {
      const copy = this.#copies.get(mesh);
      if (copy === undefined) continue;
      this.#copies.delete(mesh);
      const heir = heirs.get(sizeOf(mesh))?.pop();
      if (heir === undefined) { for (const buffer of copy.owned) buffer.destroy(); }
      else {
        copy.isStale = true;
        this.#copies.set(heir, copy);
      }
    }
  }

  /** Destroys all buffers. */
  destroy(): void {
    this.replace([...this.#copies.keys()]);
  }
}

function vertexWords(mesh: Mesh): Float32Array<ArrayBuffer> {
  const count = mesh.positions.length / 3;
  const words = new Float32Array(count * VERTEX_FLOATS);
  for (let i = 0; i < count; i++) {
    words.set(mesh.positions.subarray(3 * i, 3 * i + 3), VERTEX_FLOATS * i);
    words.set(mesh.normals.subarray(3 * i, 3 * i + 3), VERTEX_FLOATS * i + 3);
    words.set(mesh.uvs.subarray(2 * i, 2 * i + 2), VERTEX_FLOATS * i + 6);
  }
  return words;
}

/** The same for meshes that fit the same buffers. */
function sizeOf({ positions, indices }: Mesh): string {
  return `${positions.length} ${indices.length}`;
}
