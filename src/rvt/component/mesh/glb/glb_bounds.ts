/**
 * Bounds of the meshes of a GLB file, by its JSON alone.
 *
 * @module
 */

import { type JSONDocument, WebIO } from "npm:@gltf-transform/core@4.5.1";
import { thrownText } from "../../../../checks.ts";
import { orientedBoxOf, type WorldBounds, worldBoundsOf } from "../../../../geometry/mod.ts";
import type { ByteSource } from "../../../../sources/mod.ts";
import { GLB_HEAD_BYTES, jsonChunkBytes, malformedGlb, readGlbContainer } from "./glb_container.ts";
import { checkedMeshJson } from "./glb_json.ts";
import { skinnedNodes } from "./glb_nodes.ts";
import type { JsonRecord } from "./json_values.ts";
import { placedPrimitives } from "./placed_primitives.ts";

/** A mesh of a GLB file that was not loaded. */
export interface GlbMeshBounds {
  /** The name that it has when it is loaded. */
  readonly name: string;
  /** What holds it, in a space whose z is up; null if the file does not say. */
  readonly bounds: WorldBounds | null;
}

/** Largest integers of normalised components (glTF 2.0, 3.6.2.2, "Accessor Data Types"). */
const LARGEST: Readonly<Record<number, number>> = {
  5120: 127,
  5121: 255,
  5122: 32767,
  5123: 65535,
};

/**
 * Reads the bounds of the meshes that `loadGlb` gives, in its order: those that accessors of positions must
 * state (glTF 2.0, 3.6.2.5, "Accessors Bounds"), brought to the scene by its nodes. Files that state others than
 * they have are not found out.
 *
 * @param mostBytes How many bytes the JSON may have.
 * @throws As `loadGlb` does for the container and its JSON.
 */
export async function readGlbBounds(
  source: ByteSource,
  { name, mostBytes }: { readonly name: string; readonly mostBytes: number },
): Promise<{ readonly meshes: readonly GlbMeshBounds[]; readonly jsonBytes: number }> {
  const size = await source.size();
  const start = await source.read(0, Math.min(size, GLB_HEAD_BYTES));
  const jsonBytes = jsonChunkBytes(start, name);
  if (jsonBytes > mostBytes) {
    throw malformedGlb(name, `its JSON must have at most ${mostBytes} bytes: it has ${jsonBytes}`);
  }
  // With the header of the chunk behind it.
  const head = await source.read(0, Math.min(size, GLB_HEAD_BYTES + jsonBytes + 8));
  const { json, binaryBytes } = readGlbContainer(head, name, size);
  const checked = checkedMeshJson(json, { name, binaryBytes });
  try {
    return { meshes: await boundsIn(checked, skinnedNodes(json)), jsonBytes };
  } catch (cause) {
    throw malformedGlb(name, thrownText(cause), cause);
  }
}

async function boundsIn(
  checked: JsonRecord,
  skinned: ReadonlySet<number>,
): Promise<GlbMeshBounds[]> {
  const accessors = checked.accessors as readonly JsonRecord[];
  const meshes = checked.meshes as readonly { readonly primitives: readonly JsonRecord[] }[];
  // Nodes are placed as they are for meshes, without the numbers of those.
  const bare = meshes.map(({ primitives, ...mesh }) => ({
    ...mesh,
    primitives: primitives.map(() => ({ attributes: {} })),
  }));
  const { asset, nodes, scenes, scene } = checked;
  const json = { asset, nodes, scenes, scene, meshes: bare } as unknown as JSONDocument["json"];
  const root = (await new WebIO().readJSON({ json, resources: {} })).getRoot();
  const order = root.listMeshes();
  return placedPrimitives(root, skinned).map(({ name, mesh, at, toScene }) => {
    const primitive = meshes[order.indexOf(mesh)]!.primitives[at]!;
    const position = (primitive.attributes as Record<string, number>).POSITION!;
    const stated = statedBounds(accessors[position]!);
    if (stated === null) return { name, bounds: null };
    const { min, max } = worldBoundsOf([orientedBoxOf(stated, toScene)])!;
    // Meshes hold numbers of 32 bits.
    const rounded = { min: min.map(Math.fround), max: max.map(Math.fround) };
    return { name, bounds: rounded as unknown as WorldBounds };
  });
}

function statedBounds({ min, max, normalized, componentType }: JsonRecord): WorldBounds | null {
  const isVector = (value: unknown) =>
    Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
  if (!isVector(min) || !isVector(max)) return null;
  const largest = normalized === true ? LARGEST[componentType as number] ?? 1 : 1;
  const real = (value: number) => Math.max(value / largest, normalized === true ? -1 : value);
  return {
    min: (min as number[]).map(real),
    max: (max as number[]).map(real),
  } as unknown as WorldBounds;
}
