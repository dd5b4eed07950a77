/**
 * A world that changes slowly everywhere: what filters and encoders do to it can be bounded.
 *
 * @module
 */

import { rotationAbout } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import type { MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { decodePlane, unpackTexel } from "../planes/plane_reference.ts";
import { PlacedScene, type PlacedSceneOptions, type TilePlanes } from "./placed_scene.ts";

/** Lowest and highest z of the volume, whose heights these are. */
export const SMOOTH_HEIGHTS = [-10, 10] as const;

/** A number of the place that runs from 0.1 to 0.9 in waves of 20 units and more. */
function wave(frequency: readonly [number, number], phase: number) {
  const place = e.componentMask(e.worldPosition(), "xy");
  const along = e.add(e.dot(place, [...frequency]), phase);
  return e.add(0.5, e.multiply(0.4, e.sine(along)));
}

function material(name: string, phase: number): Material {
  const waves = [
    wave([0.3, 0.1], phase),
    wave([-0.1, 0.3], 1 + phase),
    wave([0.2, 0.2], 2 + phase),
  ];
  const [a, b, c] = waves as [typeof waves[0], typeof waves[0], typeof waves[0]];
  return new Material({
    name,
    domain: "virtual_texture",
    baseColor: e.append(a, b, c),
    normal: e.append(e.subtract(a, 0.5), e.subtract(b, 0.5), 0.8),
    roughness: b,
    specular: c,
    mask: a,
    displacement: c,
    mask4: e.append(a, b, c, wave([0.1, 0.3], phase)),
    worldHeight: e.multiply(12, e.subtract(a, 0.4)),
    opacity: phase === 0 ? 1 : wave([0.15, -0.1], 4),
  });
}

/** Two layers over all of a yawed volume, whose texels at level 0 are a sixteenth of a unit wide. */
export async function placeSmoothWorld(
  device: ForgeDevice,
  { materialType, ...options }: PlacedSceneOptions & { readonly materialType: MaterialTypeName },
): Promise<PlacedScene> {
  const placed = new PlacedScene(device, {
    ...options,
    asset: { materialType, sizeInTilesLog2: 2, ...options.asset },
    volume: { rotation: rotationAbout([0, 0, 1], 0.6), scale: [16, 16, 20], ...options.volume },
  });
  const layers = [0, 1].map((phase) =>
    new DecalComponent({
      material: material(`layer ${phase}`, phase),
      size: [60, 60],
      renderToVirtualTextures: [placed.asset],
    })
  );
  await placed.place(layers);
  return placed;
}

/** The attributes of a tile's texels as they are stored, row by row. */
export function storedValues(
  placed: PlacedScene,
  planes: TilePlanes,
): readonly ReturnType<typeof unpackTexel>[] {
  const { formats } = placed.texture;
  const { materialType, settings } = placed.asset;
  const kind = { materialType, compressed: settings.compressTextures };
  const texels = settings.tileSize + 2 * settings.tileBorder;
  const decoded = planes.map((bytes, plane) => {
    const isYcocg = kind.compressed && plane === 0 && materialType.startsWith("ycocg");
    return decodePlane(bytes, { format: formats[plane]!, texels, isYcocg });
  });
  return decoded[0]!.map((_, i) =>
    unpackTexel(kind, decoded.map((plane) => plane[i]!), SMOOTH_HEIGHTS)
  );
}
