/**
 * What lies on the ground of the demo's island and is part of it: a road, puddles, fields and a landing place.
 *
 * @module
 */

import { rotationAbout } from "../../geometry/mod.ts";
import {
  DecalComponent,
  expressions as e,
  type LandscapeComponent,
  LandscapeSplineComponent,
  Material,
  type PrimitiveComponent,
} from "../../rvt/mod.ts";
import { circle, placeIn, spotted } from "./ground_material.ts";
import type { IslandTextures } from "./island_textures.ts";
import { ROAD_METRES, ROAD_POINTS } from "./road_line.ts";

/** Later layers than the ground's, in this order. */
const FIELD_LAYER = 1;
const ROAD_LAYER = 2;
const MARK_LAYER = 3;

/** The road and the decals. Nothing of them is drawn but into the textures. */
export function roadAndDecals(
  landscape: LandscapeComponent,
  textures: IslandTextures,
): PrimitiveComponent[] {
  const renderToVirtualTextures = Object.values(textures);
  const decal = (name: string, options: {
    readonly material: Material;
    readonly size: readonly [number, number];
    readonly at: readonly [number, number];
    readonly turn?: number;
    readonly layer: number;
  }) => {
    const { position } = landscape.surfaceAt([...options.at, 0])!;
    return new DecalComponent({
      name,
      material: options.material,
      size: options.size,
      transform: { position, rotation: rotationAbout([0, 0, 1], options.turn ?? 0) },
      translucencySortPriority: options.layer,
      renderToVirtualTextures,
    });
  };
  const puddle = puddleMaterial();
  return [
    new LandscapeSplineComponent({
      name: "road",
      material: roadMaterial(),
      points: ROAD_POINTS.map(([x, y]) => ({ position: [x, y, 0], width: ROAD_METRES })),
      landscape,
      // Tiles show it from above: its heights do not matter.
      quadsAlong: 12,
      quadsAcross: 1,
      translucencySortPriority: ROAD_LAYER,
      drawInMainPass: "never",
      renderToVirtualTextures,
    }),
    ...FIELDS.map(({ at, size, turn, color }, i) =>
      decal(`field ${i}`, { material: fieldMaterial(color, i), at, size, turn, layer: FIELD_LAYER })
    ),
    ...PUDDLES.map(([x, y, extent], i) =>
      decal(`puddle ${i}`, {
        material: puddle,
        size: [extent, 0.7 * extent],
        at: [x, y],
        turn: i,
        layer: MARK_LAYER,
      })
    ),
    decal("landing place", {
      material: landingMaterial(),
      size: [12, 12],
      at: LANDING_PLACE,
      turn: 0.5,
      layer: MARK_LAYER,
    }),
  ];
}

const LANDING_PLACE = [262, 152] as const;
const PUDDLES: readonly (readonly [x: number, y: number, extent: number])[] = [
  [249, 160, 4],
  [253, 178, 5],
  [263, 194, 3.5],
  [236, 127, 5],
  [290, 218, 4],
  [320, 246, 5],
];
const FIELDS: readonly {
  readonly at: readonly [number, number];
  readonly size: readonly [number, number];
  readonly turn: number;
  readonly color: readonly number[];
}[] = [
  { at: [262, 186], size: [13, 17], turn: 0.35, color: [0.46, 0.36, 0.09] },
  { at: [275, 192], size: [12, 15], turn: 0.35, color: [0.13, 0.25, 0.05] },
  { at: [234, 158], size: [18, 14], turn: -0.1, color: [0.36, 0.32, 0.08] },
  { at: [235, 174], size: [18, 13], turn: -0.1, color: [0.19, 0.11, 0.06] },
];

/** Asphalt with a dashed line in the middle and soft shoulders; v runs across the road. */
function roadMaterial(): Material {
  const along = e.componentMask(e.textureCoordinate(), "x");
  const across = e.componentMask(e.textureCoordinate(), "y");
  const fromMiddle = e.absolute(e.subtract(across, 0.5));
  const dash = e.step(e.fraction(e.multiply(along, 7)), { edge: 0.45 });
  const middle = e.multiply(dash, e.smoothstep(fromMiddle, { from: 0.04, to: 0.025 }));
  const side = e.smoothstep(e.absolute(e.subtract(fromMiddle, 0.36)), { from: 0.03, to: 0.015 });
  const asphalt = spotted([0.075, 0.075, 0.08], 0.8, 61);
  const gravel = spotted([0.3, 0.25, 0.18], 0.5, 62);
  const paved = e.lerp(asphalt, gravel, {
    alpha: e.smoothstep(fromMiddle, { from: 0.39, to: 0.44 }),
  });
  return new Material({
    name: "road",
    domain: "virtual_texture",
    baseColor: e.lerp(paved, [0.75, 0.72, 0.62], { alpha: e.maximum(middle, side) }),
    normal: e.vertexNormal(),
    roughness: 0.7,
    specular: 0.4,
    // No grass grows here, and no moss.
    mask4: [0, 0, 0, 0],
    opacity: e.smoothstep(fromMiddle, { from: 0.5, to: 0.43 }),
  });
}

/** Writes neither colour nor normal: what lies below it is wet, no more. */
function puddleMaterial(): Material {
  const ragged = e.multiply(0.5, e.noise(placeIn(1.4), { kind: "gradient", octaves: 2, seed: 71 }));
  return new Material({
    name: "puddle",
    domain: "virtual_texture",
    mask: 1,
    opacity: e.saturate(e.multiply(1.6, e.add(circle(0.25), e.multiply(circle(0.6), ragged)))),
  });
}

/** Rows of plants. */
function fieldMaterial(color: readonly number[], seed: number): Material {
  const uv = e.textureCoordinate();
  const toEdge = e.minimum(uv, e.oneMinus(uv));
  const nearest = e.minimum(e.componentMask(toEdge, "x"), e.componentMask(toEdge, "y"));
  const wave = e.sine(e.multiply(80, e.componentMask(uv, "x")));
  const rows = e.smoothstep(wave, { from: -0.8, to: 0.8 });
  return new Material({
    name: `field ${seed}`,
    domain: "virtual_texture",
    baseColor: e.multiply(spotted(color, 2.4, 80 + seed), e.lerp(0.6, 1.15, { alpha: rows })),
    roughness: 0.95,
    mask4: [0, 0, 0, 0],
    opacity: e.smoothstep(nearest, { from: 0, to: 0.05 }),
  });
}

/** A disc of concrete with a ring and a cross on it. */
function landingMaterial(): Material {
  const from = e.subtract(e.textureCoordinate(), [0.5, 0.5]);
  const away = e.multiply(2, e.length(from));
  const ring = e.smoothstep(e.absolute(e.subtract(away, 0.8)), { from: 0.07, to: 0.05 });
  const arm = (along: "x" | "y", across: "x" | "y") => {
    const part = (name: "x" | "y") => e.absolute(e.componentMask(from, name));
    return e.multiply(
      e.smoothstep(part(across), { from: 0.05, to: 0.04 }),
      e.smoothstep(part(along), { from: 0.27, to: 0.26 }),
    );
  };
  const mark = e.maximum(ring, e.maximum(arm("x", "y"), arm("y", "x")));
  return new Material({
    name: "landing place",
    domain: "virtual_texture",
    baseColor: e.lerp(spotted([0.34, 0.33, 0.31], 1.2, 65), [0.85, 0.3, 0.03], { alpha: mark }),
    normal: e.vertexNormal(),
    roughness: 0.8,
    mask4: [0, 0, 0, 0],
    opacity: circle(0.95),
  });
}
