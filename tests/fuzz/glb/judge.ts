/**
 * Reads the meshes of GLB files for itself, to say what the library's reader must find in them.
 *
 * @module
 */

/** What a judge makes of a file. */
export interface GlbOpinion {
  /** Null: the judge does not know. */
  readonly isValid: boolean | null;
  readonly reason: string;
  /** Corners of the triangles of each mesh, with z up; null if the judge cannot tell. */
  readonly meshes: readonly (readonly number[])[] | null;
}

// deno-lint-ignore no-explicit-any
type Json = any;

/** The reason why a file is not valid. */
class Broken extends Error {}
/** Why there is no opinion. */
class Unsure extends Error {}

function demand(holds: boolean, reason: string): void {
  if (!holds) throw new Broken(reason);
}

function know(holds: boolean, reason: string): void {
  if (!holds) throw new Unsure(reason);
}

/** Judges a file. */
export function judgeGlb(bytes: Uint8Array): GlbOpinion {
  try {
    const { json, binary } = partsOf(bytes);
    return { isValid: null, reason: "read", meshes: meshesOf(json, binary) };
  } catch (error) {
    const isValid = error instanceof Broken ? false : null;
    return { isValid, reason: String(error), meshes: null };
  }
}

function partsOf(bytes: Uint8Array): { json: Json; binary: DataView } {
  demand(bytes.length >= 20, "20 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number) => view.getUint32(at, true);
  demand(new TextDecoder().decode(bytes.subarray(0, 4)) === "glTF", "magic");
  demand(word(4) === 2, "version");
  demand(word(8) <= bytes.length, "length of the file");
  demand(new TextDecoder().decode(bytes.subarray(16, 20)) === "JSON", "chunk of JSON");
  const end = 20 + word(12);
  demand(end <= word(8), "length of the JSON");
  let json: Json;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, end)));
  } catch {
    throw new Broken("JSON");
  }
  demand(typeof json === "object" && json !== null, "object");
  let binary: DataView = new DataView(new ArrayBuffer(0));
  if (end < word(8)) {
    demand(end + 8 <= word(8) && end + 8 + word(end) <= word(8), "length of the binary chunk");
    if (word(end + 4) === 0x4e4942) {
      binary = new DataView(bytes.buffer, bytes.byteOffset + end + 8, word(end));
    }
  }
  return { json, binary };
}

function meshesOf(json: Json, binary: DataView): number[][] {
  const nodes: Json[] = json.nodes ?? [];
  const roots = json.scenes === undefined || json.scenes.length === 0
    ? nodes.map((_, node) => node)
    : json.scenes[json.scene ?? 0].nodes ?? [];
  const matrices = new Map<number, number[]>();
  const pending: [number, number[]][] = roots.map((node: number) => [node, IDENTITY]);
  know(json.scenes?.length > 0, "a scene");
  while (pending.length > 0) {
    const [node, above] = pending.pop()!;
    demand(!matrices.has(node), "a node with two parents");
    const matrix = product(above, localMatrix(nodes[node]));
    matrices.set(node, matrix);
    for (const child of nodes[node].children ?? []) pending.push([child, matrix]);
  }
  const meshes: number[][] = [];
  for (const node of [...matrices.keys()].sort((a, b) => a - b)) {
    const { mesh, skin } = nodes[node];
    if (mesh === undefined) continue;
    const matrix = skin === undefined ? matrices.get(node)! : IDENTITY;
    for (const primitive of json.meshes[mesh].primitives) {
      meshes.push(trianglesOf(json, { primitive, binary, matrix }));
    }
  }
  return meshes;
}

function trianglesOf(
  json: Json,
  { primitive, binary, matrix: m }: { primitive: Json; binary: DataView; matrix: number[] },
): number[] {
  know((primitive.mode ?? 4) === 4, "triangles");
  const places = numbersOf(json, { accessor: primitive.attributes.POSITION, binary, count: 3 });
  demand(places.every(Number.isFinite), "finite positions");
  const vertices = places.length / 3;
  const indices = primitive.indices === undefined
    ? Array.from({ length: vertices }, (_, i) => i)
    : numbersOf(json, { accessor: primitive.indices, binary, count: 1 });
  demand(indices.every((index) => index < vertices), "indices below the number of vertices");
  demand(indices.length % 3 === 0 && indices.length > 0, "three indices a triangle");
  const triangles: number[] = [];
  for (let i = 0; i < indices.length; i += 3) {
    for (const index of indices.slice(i, i + 3).sort((a, b) => a - b)) {
      const [x, y, z] = places.slice(3 * index, 3 * index + 3) as [number, number, number];
      const at = [0, 1, 2].map((row) =>
        m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!
      );
      triangles.push(at[0]!, -at[2]!, at[1]!);
    }
  }
  return triangles;
}

const SIZES: Readonly<Record<number, number>> = { 5121: 1, 5123: 2, 5125: 4, 5126: 4 };

function numbersOf(
  json: Json,
  { accessor, binary, count }: { accessor: number; binary: DataView; count: 1 | 3 },
): number[] {
  const one = json.accessors[accessor];
  const view = json.bufferViews[one.bufferView];
  know(one.type === (count === 1 ? "SCALAR" : "VEC3"), "the type");
  know(count === 1 ? one.componentType !== 5126 : one.componentType === 5126, "the component type");
  know(one.sparse === undefined && view.buffer === 0, "plain data");
  const bytes = SIZES[one.componentType]!;
  const step = view.byteStride ?? bytes * count;
  const first = (view.byteOffset ?? 0) + (one.byteOffset ?? 0);
  know(Number.isInteger(one.count) && Number.isInteger(step) && first >= 0, "integers");
  const last = (one.byteOffset ?? 0) + step * (one.count - 1) + bytes * count;
  demand(last <= view.byteLength, "numbers within the buffer view");
  demand((view.byteOffset ?? 0) + view.byteLength <= json.buffers[0].byteLength, "view in buffer");
  demand(json.buffers[0].byteLength <= binary.byteLength, "buffer in the binary chunk");
  const numbers: number[] = [];
  for (let i = 0; i < one.count; i++) {
    for (let k = 0; k < count; k++) {
      const at = first + i * step + k * bytes;
      if (count === 3) numbers.push(binary.getFloat32(at, true));
      else if (bytes === 1) numbers.push(binary.getUint8(at));
      else if (bytes === 2) numbers.push(binary.getUint16(at, true));
      else numbers.push(binary.getUint32(at, true));
    }
  }
  return numbers;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function localMatrix({ matrix, translation, rotation, scale }: Json): number[] {
  know(matrix === undefined, "no matrix");
  const [x, y, z, w] = rotation ?? [0, 0, 0, 1];
  know(Math.abs(Math.hypot(x, y, z, w) - 1) < 1e-6, "a unit quaternion");
  const s = scale ?? [1, 1, 1];
  const t = translation ?? [0, 0, 0];
  know([...s, ...t].every((part) => Math.abs(part) < 1e6), "numbers of a usual size");
  // Columns: the quaternion's rotation of each axis, q · axis · q*.
  const columns = [
    [w * w + x * x - y * y - z * z, 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), w * w - x * x + y * y - z * z, 2 * (y * z + w * x)],
    [2 * (x * z + w * y), 2 * (y * z - w * x), w * w - x * x - y * y + z * z],
  ];
  return [
    ...columns.flatMap((column, axis) => [...column.map((part) => part * s[axis]), 0]),
    ...t,
    1,
  ];
}

function product(a: number[], b: number[]): number[] {
  return b.map((_, at) =>
    [0, 1, 2, 3].reduce((sum, k) => sum + a[4 * k + at % 4]! * b[at - at % 4 + k]!, 0)
  );
}
