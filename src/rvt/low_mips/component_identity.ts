/**
 * What tells components apart by what they draw into tiles.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import type { MaterialTypeName, RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type {
  ComponentDraw,
  LandscapeComponent,
  LandscapeSurface,
  PrimitiveComponent,
} from "../component/mod.ts";
import { ContentHash } from "./content_hash.ts";
import { type MaterialIdentity, materialIdentity, textureIdentity } from "./material_identity.ts";

/** What a component draws into tiles of one type, at any level of detail. */
export interface ComponentIdentity {
  /** Differs where meshes, heights, places, materials or settings do; names do not count. */
  readonly digits: string;
  /** The runtime virtual textures that its materials sample. */
  readonly assets: ReadonlySet<RuntimeVirtualTextureLike>;
  /** Whether one of them reads the number of a tile's level, or how many there are. */
  readonly readsLevels: boolean;
}

const meshDigits = new WeakMap<Mesh, string>();
const surfaceDigits = new WeakMap<
  LandscapeSurface,
  { readonly version: number; readonly digits: string }
>();

function meshIdentity(mesh: Mesh): string {
  let digits = meshDigits.get(mesh);
  if (digits === undefined) {
    const { positions, normals, uvs, indices } = mesh;
    const hash = new ContentHash();
    for (const numbers of [positions, normals, uvs, indices]) hash.addBytes(numbers);
    meshDigits.set(mesh, digits = hash.digits);
  }
  return digits;
}

function surfaceIdentity(surface: LandscapeSurface): string {
  const { version, width, height, heights, layers, streamedHeights } = surface;
  const known = surfaceDigits.get(surface);
  if (known?.version === version) return known.digits;
  const hash = new ContentHash().addNumbers([width, height]).addBytes(heights);
  for (const [name, weights] of layers) hash.addText(name).addBytes(weights);
  if (streamedHeights !== undefined) {
    const { texture, channel, scale, offset, range } = streamedHeights;
    hash.addText(textureIdentity(texture)).addNumbers([channel, scale, offset, ...range]);
  }
  surfaceDigits.set(surface, { version, digits: hash.digits });
  return hash.digits;
}

/** Tells landscapes apart by their heights, layers and place. */
export function landscapeDigits({ surface, toWorld }: LandscapeComponent): string {
  return new ContentHash().addText(surfaceIdentity(surface)).addNumbers(toWorld).digits;
}

function addDraw(hash: ContentHash, draw: ComponentDraw): void {
  if (draw.kind === "landscape") {
    const { surface, toWorld, section: { x0, y0, x1, y1 }, quads } = draw;
    hash.addText(surfaceIdentity(surface)).addNumbers(toWorld).addNumbers([x0, y0, x1, y1, quads]);
    return;
  }
  hash.addText(meshIdentity(draw.mesh)).addNumbers([draw.instances.length]);
  for (const instance of draw.instances) hash.addNumbers(instance);
}

/** Identifies what a component draws into tiles of a type. */
export function componentIdentity(
  component: PrimitiveComponent,
  materialType: MaterialTypeName,
): ComponentIdentity {
  const hash = new ContentHash();
  const materials = new Map<object, MaterialIdentity>();
  for (let lod = 0; lod < component.lodCount; lod++) {
    const draws = component.draws(lod);
    hash.addNumbers([lod, draws.length]);
    for (const draw of draws) {
      let material = materials.get(draw.material);
      if (material === undefined) {
        material = materialIdentity(draw.material, materialType);
        materials.set(draw.material, material);
      }
      hash.addText(material.digits);
      addDraw(hash, draw);
    }
  }
  const { virtualTextureLodBias, virtualTextureSkipMips, virtualTextureMinCoverage } = component;
  hash.addNumbers([virtualTextureLodBias, virtualTextureSkipMips]);
  hash.addText(`${virtualTextureMinCoverage}`);
  const all = [...materials.values()];
  return {
    digits: hash.digits,
    assets: new Set(all.flatMap(({ assets }) => [...assets])),
    readsLevels: all.some(({ readsLevels }) => readsLevels),
  };
}
