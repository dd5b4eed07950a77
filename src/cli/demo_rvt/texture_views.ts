/**
 * Debug views of the demo's textures: their planes, and the levels of what is resident.
 *
 * @module
 */

import { lookAt, perspective } from "../../geometry/mod.ts";
import { MATERIAL_TYPE_NAMES, type MaterialTypeName } from "../../rvt/mod.ts";
import { Picture, render, type RenderCamera } from "../../scene/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import type { FlightCamera } from "./flight_path.ts";
import type { IslandWorld } from "./island_world.ts";

/** A view of a texture from above. */
export interface TextureView {
  readonly materialType: MaterialTypeName;
  /** Which plane it shows; null for the levels of what is resident. */
  readonly plane: number | null;
  /** Format of the plane, in the atlas. */
  readonly format: string | null;
  readonly picture: Picture;
}

const VIEW_PIXELS = 288;
const FOV_DEGREES = 30;

/** Each plane of each texture, and its levels. */
export async function viewTextures({ scene, textures }: IslandWorld): Promise<TextureView[]> {
  const views: TextureView[] = [];
  for (const materialType of MATERIAL_TYPE_NAMES) {
    const texture = scene.textureOf(textures[materialType])!;
    const camera = cameraAbove(texture);
    const { formats } = texture;
    for (const [plane, format] of formats.entries()) {
      const picture = await render(scene.system, camera, { texture, plane, feedback: false });
      views.push({ materialType, plane, format, picture });
    }
    const picture = await render(scene.system, camera, {
      ...{ texture, debug: "level", feedback: false },
    });
    views.push({ materialType, plane: null, format: null, picture });
  }
  return views;
}

/** The levels of the ground's tiles as a camera of the flight sees them, without hills. */
export async function viewLevels(
  { scene, textures }: IslandWorld,
  camera: FlightCamera,
): Promise<Picture> {
  const texture = scene.textureOf(textures.ycocg_base_color_normal_specular_mask)!;
  return await render(scene.system, camera, { texture, debug: "level", feedback: false });
}

/** Texels of each texture, as text. */
export function texelsOfTextures({ scene, textures }: IslandWorld) {
  const texts = MATERIAL_TYPE_NAMES.map((materialType) => {
    const { width, height } = scene.textureOf(textures[materialType])!;
    return [materialType, `${width} × ${height}`];
  });
  return Object.fromEntries(texts) as Record<MaterialTypeName, string>;
}

/** Levels of the texture that has most. */
export function mostLevels({ scene, textures }: IslandWorld): number {
  return Math.max(
    ...Object.values(textures).map((texture) => scene.textureOf(texture)!.grid.levelCount),
  );
}

/** Pictures of views, a row of a sheet for each texture: its planes from the left, its levels at the right. */
export function viewsInRows(
  views: readonly TextureView[],
): { readonly pictures: readonly Picture[]; readonly columns: number } {
  const rows = MATERIAL_TYPE_NAMES
    .map((materialType) => views.filter((view) => view.materialType === materialType))
    .filter((row) => row.length > 0)
    .map((row) => row.map(({ picture }) => picture));
  const columns = Math.max(...rows.map((row) => row.length));
  const nothing = new Picture(VIEW_PIXELS, VIEW_PIXELS, new Uint8Array(4 * VIEW_PIXELS ** 2));
  const pictures = rows.flatMap((row) => [
    ...row.slice(0, -1),
    ...Array.from({ length: columns - row.length }, () => nothing),
    row.at(-1)!,
  ]);
  return { pictures, columns };
}

/** Looks straight down on all of a texture. */
function cameraAbove({ placement: { origin, axisU, axisV } }: StreamedTexture): RenderCamera {
  const middle = origin.map((from, i) => from + (axisU[i]! + axisV[i]!) / 2);
  const edge = Math.max(Math.hypot(...axisU), Math.hypot(...axisV));
  const above = edge / 2 / Math.tan(FOV_DEGREES / 2 * Math.PI / 180);
  const position = [middle[0]!, middle[1]!, middle[2]! + above] as const;
  return {
    position,
    view: lookAt(position, middle, { up: [0, 1, 0] }),
    projection: perspective({ fovYDegrees: FOV_DEGREES, aspect: 1, near: 1, far: 4 * above }),
    width: VIEW_PIXELS,
    height: VIEW_PIXELS,
  };
}
