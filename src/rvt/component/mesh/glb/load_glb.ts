/**
 * Meshes from GLB files.
 *
 * @module
 */

import {
  type Accessor,
  type JSONDocument,
  type Primitive,
  WebIO,
} from "npm:@gltf-transform/core@4.5.1";
import { checkedBytes, checkedString, checkOptionNames, thrownText } from "../../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../../errors.ts";
import {
  determinant3,
  makeMesh,
  type Mesh,
  transformNormal,
  transformPoint,
} from "../../../../geometry/mod.ts";
import { assertNotForeign, FOREIGN_BYTES, openFileSource } from "../../../../sources/mod.ts";
import { malformedGlb, readGlbContainer } from "./glb_container.ts";
import { checkedMeshJson } from "./glb_json.ts";
import { skinnedNodes } from "./glb_nodes.ts";
import { placedPrimitives } from "./placed_primitives.ts";

/** A mesh of a GLB file. */
export interface GlbMesh {
  /** The name of its node, else that of its mesh, else `mesh` and its number in the list. */
  readonly name: string;
  /** Placed by its nodes, in a space whose z is up. */
  readonly mesh: Mesh;
}

/** Options of {@linkcode loadGlb}. */
export interface LoadGlbOptions {
  /** Name of the file in messages; default its path, or `bytes`. */
  readonly name?: string;
}

/**
 * Loads the meshes of a GLB file's scene: one for each primitive of each node, in the order of the
 * nodes, with the nodes' transforms applied and glTF's y-up space turned so that z is up. Positions,
 * normals, the first texture coordinates and indices are read; skinned meshes stand in their bind
 * pose. Materials and pictures are not read.
 *
 * @param file A path, or the file's bytes.
 * @throws {InvalidArgumentError} if it is neither, or an option does not exist.
 * @throws {FileError} if there is no such file, or it cannot be read.
 * @throws {MalformedFileError} if it is not a GLB file, or breaks the specification.
 * @throws {UnsupportedError} if it needs an extension that is not supported, such as Draco or meshopt
 * compression, holds other primitives than triangles, or has buffers outside the file.
 */
export async function loadGlb(
  file: string | Uint8Array,
  options: LoadGlbOptions = {},
): Promise<GlbMesh[]> {
  const failure = "Cannot load GLB file";
  checkOptionNames(options, { failure, names: ["name"] });
  if (typeof file !== "string" && !(file instanceof Uint8Array)) {
    throw new InvalidArgumentError("file", `${failure} as file must be a path or a Uint8Array`);
  }
  const { name = typeof file === "string" ? file : "bytes" } = options;
  checkedString(name, { name: "name", failure });
  // A copy of its own, from byte 0 on, as the loader reads aligned numbers.
  const bytes = typeof file === "string"
    ? await readWholeFile(file)
    : checkedBytes(file, { name: "file", failure }).slice();
  assertNotForeign(name, bytes.subarray(0, FOREIGN_BYTES));
  const { json, binaryBytes } = readGlbContainer(bytes, name);
  const meshJson = checkedMeshJson(json, { name, binaryBytes });
  const skinned = skinnedNodes(json);
  try {
    return await meshesOf(bytes, { meshJson, skinned });
  } catch (cause) {
    throw malformedGlb(name, thrownText(cause).replace(/^Cannot load mesh as /, ""), cause);
  }
}

async function readWholeFile(path: string): Promise<Uint8Array> {
  const source = await openFileSource(path);
  try {
    return await source.read(0, await source.size());
  } finally {
    source.close();
  }
}

async function meshesOf(
  bytes: Uint8Array,
  options: {
    readonly meshJson: Record<string, unknown>;
    readonly skinned: ReadonlySet<number>;
  },
): Promise<GlbMesh[]> {
  const io = new WebIO();
  const { resources } = await io.binaryToJSON(bytes as Uint8Array<ArrayBuffer>);
  const json = options.meshJson as unknown as JSONDocument["json"];
  const root = (await io.readJSON({ json, resources })).getRoot();
  return placedPrimitives(root, options.skinned).map(({ name, mesh, at, toScene }) => ({
    name,
    mesh: placedMesh(mesh.listPrimitives()[at]!, toScene),
  }));
}

function placedMesh(primitive: Primitive, toScene: ArrayLike<number>): Mesh {
  const positions = numbersOf(primitive.getAttribute("POSITION")!, 3);
  const normals = primitive.getAttribute("NORMAL");
  const uvs = primitive.getAttribute("TEXCOORD_0");
  const indices = Array.from(primitive.getIndices()?.getArray() ?? []);
  const order = indices.length > 0 ? indices : Array.from(positions.keys());
  return makeMesh({
    positions: positions.flatMap((position) => transformPoint(toScene, position)),
    indices: determinant3(toScene) < 0 ? turnedAround(order) : order,
    ...(normals === null ? {} : {
      normals: numbersOf(normals, 3).flatMap((normal) => placedNormal(toScene, normal)),
    }),
    ...(uvs === null ? {} : { uvs: numbersOf(uvs, 2).flat() }),
  }, "Cannot load mesh");
}

/** Elements of an accessor, converted from normalised integers. */
function numbersOf(accessor: Accessor, count: number): number[][] {
  if (accessor.getElementSize() !== count) {
    throw new OutOfRangeError(
      "type",
      `Cannot load mesh as an attribute must have ${count} numbers for each vertex: current ` +
        `number is ${accessor.getElementSize()}`,
    );
  }
  return Array.from({ length: accessor.getCount() }, (_, i) => accessor.getElement(i, []));
}

/** A normal that is not known, or not any more under a matrix that flattens, is computed later. */
function placedNormal(toScene: ArrayLike<number>, normal: readonly number[]): readonly number[] {
  const placed = transformNormal(toScene, normal);
  return placed.every(Number.isFinite) ? placed : [0, 0, 0];
}

/** Triangles with their last two corners exchanged. */
function turnedAround(indices: readonly number[]): number[] {
  return indices.map((index, at) => at % 3 === 0 ? index : indices[at + (at % 3 === 1 ? 1 : -1)]!);
}
