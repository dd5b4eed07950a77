/**
 * The sea and the sky around the demo's island.
 *
 * @module
 */

import { gridMesh, makeMesh, type Mesh } from "../../geometry/mod.ts";
import {
  expressions as e,
  Material,
  type PrimitiveComponent,
  StaticMeshComponent,
} from "../../rvt/mod.ts";
import { placeIn } from "./ground_material.ts";
import { EDGE_METRES } from "./island_heights.ts";
import { HAZE, skyMaterial, TOWARDS_SUN } from "./island_light.ts";
import type { IslandTextures } from "./island_textures.ts";

const SEA_METRES = 8000;
const SKY_METRES = 4000;

/** The sea, coloured by its depth, of which the Displacement texture tells, and the sky. */
export function seaAndSky({ displacement }: IslandTextures): PrimitiveComponent[] {
  const middle = [EDGE_METRES / 2, EDGE_METRES / 2, 0];
  return [
    new StaticMeshComponent({
      name: "sea",
      material: seaMaterial(displacement),
      mesh: gridMesh({ size: [SEA_METRES, SEA_METRES], quads: [16, 16] }),
      transform: { position: middle },
    }),
    new StaticMeshComponent({
      name: "sky",
      material: skyMaterial(SKY_METRES),
      mesh: domeMesh(SKY_METRES),
      transform: { position: middle },
    }),
  ];
}

function seaMaterial(displacement: IslandTextures["displacement"]): Material {
  const depth = e.oneMinus(e.runtimeVirtualTextureSample(displacement).displacement);
  const away = e.distance(e.componentMask(e.worldPosition(), "xy"), [
    EDGE_METRES / 2,
    EDGE_METRES / 2,
  ]);
  // Far out, waves are smaller than pixels.
  const swell = e.multiply(0.11, e.smoothstep(away, { from: 520, to: 200 }));
  const wave = (seed: number) =>
    e.add(
      e.noise(placeIn(6), { kind: "gradient", octaves: 2, seed }),
      e.noise(placeIn(31), { kind: "gradient", octaves: 1, seed }),
    );
  const surfLine = e.add(
    depth,
    e.multiply(
      0.05,
      e.noise(placeIn(2.6), {
        kind: "gradient",
        octaves: 2,
        seed: 43,
      }),
    ),
  );
  const surf = e.multiply(
    e.smoothstep(surfLine, { from: 0.085, to: 0.03 }),
    e.smoothstep(depth, { from: 0, to: 0.02 }),
  );
  const water = e.lerp([0.05, 0.3, 0.32], [0.008, 0.07, 0.14], {
    alpha: e.smoothstep(depth, { from: 0.05, to: 0.75 }),
  });
  const haze = e.smoothstep(away, { from: 200, to: 4200 });
  const hazy = e.lerp(water, HAZE, { alpha: haze });
  const waves = e.append(e.multiply(swell, wave(41)), e.multiply(swell, wave(42)), 1);
  return new Material({
    name: "sea",
    baseColor: e.lerp(hazy, [0.75, 0.8, 0.8], { alpha: surf }),
    // The air is lit as the sky is.
    normal: e.normalize(e.lerp(waves, TOWARDS_SUN, { alpha: haze })),
    roughness: e.lerp(0.34, 0.8, { alpha: surf }),
    specular: 0.35,
    opacity: e.maximum(e.smoothstep(depth, { from: -0.04, to: 0.3 }), surf),
  });
}

/** A sphere as seen from inside, without its lowest part. */
function domeMesh(radius: number): Mesh {
  const [columns, rows] = [32, 12];
  const positions: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= rows; row++) {
    const height = (row / rows * 1.05 - 0.05) * Math.PI / 2;
    for (let column = 0; column < columns; column++) {
      const angle = column / columns * 2 * Math.PI;
      positions.push(
        radius * Math.cos(angle) * Math.cos(height),
        radius * Math.sin(angle) * Math.cos(height),
        radius * Math.sin(height),
      );
      if (row === rows) continue;
      const [from, to] = [row * columns, (row + 1) * columns];
      const next = (column + 1) % columns;
      indices.push(from + column, to + column, from + next, from + next, to + column, to + next);
    }
  }
  return makeMesh({ positions, indices });
}
