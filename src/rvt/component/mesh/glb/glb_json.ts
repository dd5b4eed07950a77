/**
 * The part of glTF's JSON that meshes need, and the checks of it: every index names something, and
 * every number lies in its buffer. Readers that trust the JSON return bytes from
 * elsewhere, or never return.
 *
 * @module
 */

import { malformedGlb } from "./glb_container.ts";
import { checkNodes, checkScene } from "./glb_nodes.ts";
import {
  checkIndex,
  type GlbFile,
  type JsonRecord,
  natural,
  record,
  records,
  unsupported,
} from "./json_values.ts";

const COMPONENT_BYTES: Readonly<Record<number, number>> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
};

const TYPE_COMPONENTS: Readonly<Record<string, number>> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT2: 4,
  MAT3: 9,
  MAT4: 16,
};

/** Extensions that change how the numbers of meshes are stored. */
const COMPRESSIONS: readonly string[] = [
  "KHR_draco_mesh_compression",
  "EXT_meshopt_compression",
  "KHR_meshopt_compression",
];

/** Required extensions that change nothing of a mesh's shape, or are read. */
const HARMLESS =
  /^(KHR_mesh_quantization|KHR_materials_\w+|KHR_texture_\w+|EXT_texture_\w+|KHR_lights_punctual)$/;

/** Component types that indices may have. */
const UNSIGNED: readonly number[] = [5121, 5123, 5125];

const TRIANGLES = 4;
const MAX_STRIDE = 252;

/**
 * Checks the JSON of a GLB file as far as meshes and nodes go.
 *
 * @returns A copy with these alone: materials, pictures, skins, animations and extensions are left
 * out.
 * @throws {MalformedFileError} if it breaks the specification.
 * @throws {UnsupportedError} if meshes are compressed, are not triangles, or lie in other files.
 */
export function checkedMeshJson(json: unknown, file: GlbFile): JsonRecord {
  const root = record(json, "its JSON", file);
  checkExtensions(root, file);
  const buffers = records(root, "buffers", file);
  buffers.forEach((buffer, at) => checkBuffer(buffer, `buffer ${at}`, { ...file, isFirst: !at }));
  const bufferViews = records(root, "bufferViews", file);
  bufferViews.forEach((view, at) => checkBufferView(view, `buffer view ${at}`, { file, buffers }));
  const accessors = records(root, "accessors", file);
  accessors.forEach((one, at) => checkAccessor(one, `accessor ${at}`, { file, bufferViews }));
  const meshes = records(root, "meshes", file);
  meshes.forEach((mesh, at) => checkMesh(mesh, `mesh ${at}`, { file, accessors }));
  const nodes = records(root, "nodes", file);
  checkNodes(nodes, { file, meshes });
  const scenes = records(root, "scenes", file);
  scenes.forEach((scene, at) => checkScene(scene, `scene ${at}`, { file, nodes }));
  const scene = root.scene ?? (scenes.length > 0 ? 0 : undefined);
  if (scene !== undefined) checkIndex(scene, "scene", { file, count: scenes.length });
  return {
    asset: { version: "2.0" },
    buffers,
    bufferViews,
    accessors,
    meshes: meshes.map(({ name, primitives }) => ({
      name: textOf(name),
      primitives: (primitives as JsonRecord[]).map(({ attributes, indices }) => ({
        attributes,
        ...(indices === undefined ? {} : { indices }),
      })),
    })),
    nodes: nodes.map((
      { name, skin: _skin, camera: _camera, extensions: _, extras: _e, ...rest },
    ) => ({ ...rest, name: textOf(name) })),
    scenes,
    ...(scene === undefined ? {} : { scene }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function checkExtensions(root: JsonRecord, file: GlbFile): void {
  const required: unknown = root.extensionsRequired ?? [];
  if (!Array.isArray(required)) throw malformedGlb(file.name, "extensionsRequired must be a list");
  const used = Array.isArray(root.extensionsUsed) ? root.extensionsUsed : [];
  const unknown = required.find((extension) => !HARMLESS.test(String(extension)));
  const extension = COMPRESSIONS.find((one) => used.includes(one)) ?? unknown;
  if (extension !== undefined) throw unsupported(`extension ${extension}`, file);
}

function checkBuffer(
  buffer: JsonRecord,
  what: string,
  file: GlbFile & { readonly isFirst: boolean },
): void {
  if (buffer.uri !== undefined) throw unsupported("a buffer outside the file", file);
  const bytes = natural(buffer.byteLength, `byteLength of ${what}`, file);
  if (!file.isFirst || bytes > file.binaryBytes) {
    throw malformedGlb(file.name, `${what} must lie in its binary chunk`);
  }
}

function checkBufferView(
  view: JsonRecord,
  what: string,
  { file, buffers }: { readonly file: GlbFile; readonly buffers: readonly JsonRecord[] },
): void {
  checkIndex(view.buffer, `buffer of ${what}`, { file, count: buffers.length });
  const offset = natural(view.byteOffset ?? 0, `byteOffset of ${what}`, file);
  const bytes = natural(view.byteLength, `byteLength of ${what}`, file);
  if (offset + bytes > (buffers[view.buffer as number]!.byteLength as number)) {
    throw malformedGlb(file.name, `${what} must lie in its buffer`);
  }
}

function checkAccessor(
  accessor: JsonRecord,
  what: string,
  { file, bufferViews }: { readonly file: GlbFile; readonly bufferViews: readonly JsonRecord[] },
): void {
  if (accessor.sparse !== undefined) throw unsupported("sparse accessors", file);
  const component = COMPONENT_BYTES[accessor.componentType as number];
  const components = TYPE_COMPONENTS[accessor.type as string];
  if (component === undefined || components === undefined) {
    throw malformedGlb(file.name, `${what} must have a known type and component type`);
  }
  if (accessor.bufferView === undefined) throw unsupported("accessors without data", file);
  checkIndex(accessor.bufferView, `buffer view of ${what}`, { file, count: bufferViews.length });
  const view = bufferViews[accessor.bufferView as number]!;
  const count = natural(accessor.count, `count of ${what}`, file);
  if (count === 0) throw malformedGlb(file.name, `count of ${what} must be >= 1`);
  const offset = natural(accessor.byteOffset ?? 0, `byteOffset of ${what}`, file);
  const size = component * components;
  const stride = natural(view.byteStride ?? size, `byteStride of ${what}`, file);
  if (stride < size || stride > Math.max(size, MAX_STRIDE)) {
    throw malformedGlb(file.name, `byteStride of ${what} must be from ${size} to ${MAX_STRIDE}`);
  }
  if (((view.byteOffset as number ?? 0) + offset) % component !== 0 || stride % component !== 0) {
    throw malformedGlb(file.name, `${what} must be aligned to its components`);
  }
  const end = offset + stride * (count - 1) + size;
  if (end > (view.byteLength as number)) {
    throw malformedGlb(file.name, `${what} must lie in its buffer view`);
  }
}

function checkMesh(
  mesh: JsonRecord,
  what: string,
  { file, accessors }: { readonly file: GlbFile; readonly accessors: readonly JsonRecord[] },
): void {
  const primitives = records(mesh, "primitives", file, what);
  if (primitives.length === 0) throw malformedGlb(file.name, `${what} must have primitives`);
  for (const primitive of primitives) {
    const mode = primitive.mode ?? TRIANGLES;
    if (mode !== TRIANGLES) throw unsupported(`primitives of mode ${mode}`, file);
    const attributes = record(primitive.attributes, `attributes of ${what}`, file);
    const count = accessors.length;
    for (const [semantic, accessor] of Object.entries(attributes)) {
      checkIndex(accessor, `${semantic} of ${what}`, { file, count });
    }
    if (attributes.POSITION === undefined) {
      throw malformedGlb(file.name, `${what} must have positions`);
    }
    if (primitive.indices === undefined) continue;
    checkIndex(primitive.indices, `indices of ${what}`, { file, count });
    const { type, componentType } = accessors[primitive.indices as number]!;
    if (type === "SCALAR" && UNSIGNED.includes(componentType as number)) continue;
    throw malformedGlb(file.name, `indices of ${what} must be unsigned integers`);
  }
}
