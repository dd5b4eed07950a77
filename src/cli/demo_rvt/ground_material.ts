/**
 * The ground: layers by height and slope, shaded into the textures, and what pictures make of it.
 *
 * @module
 */

import { type ExpressionInput, expressions as e, Material } from "../../rvt/mod.ts";
import type { IslandTextures } from "./island_textures.ts";
import { skylit } from "./island_light.ts";

/** Metres of water at which the sea is as dark as it gets: a displacement of 0; at the shore it is 1. */
const DEEPEST_METRES = 8;

/** The painted layer that an edit puts on the ground. */
export const ASH_LAYER = "ash";

/** A place of the world's plane, in units of so many metres. */
export function placeIn(metres: number) {
  return e.multiply(e.componentMask(e.worldPosition(), "xy"), 1 / metres);
}

/** A colour that noise makes darker and brighter in places. */
export function spotted(color: readonly number[], metres: number, seed: number) {
  const noise = e.noise(placeIn(metres), { kind: "value", octaves: 4, seed });
  return e.multiply(color, e.lerp(0.15, 1.85, { alpha: noise }));
}

/** The same on steep ground, where the world's plane is seen from the side. */
function spottedRock(color: readonly number[], metres: number, seed: number) {
  const place = e.multiply(e.worldPosition(), 1 / metres);
  const noise = e.noise(place, { kind: "value", octaves: 4, seed });
  return e.multiply(color, e.lerp(0.15, 1.85, { alpha: noise }));
}

/** How much of each layer there is, by height above the sea in metres and by slope. */
function layerAlphas() {
  const broad = e.noise(placeIn(34), { kind: "gradient", octaves: 4, seed: 11 });
  const height = e.add(e.componentMask(e.worldPosition(), "z"), e.multiply(3, broad));
  const upwards = e.add(e.componentMask(e.vertexNormal(), "z"), e.multiply(0.05, broad));
  const steep = e.smoothstep(upwards, { from: 0.86, to: 0.74 });
  const high = e.smoothstep(height, { from: 26, to: 38 });
  const flat = e.smoothstep(upwards, { from: 0.55, to: 0.75 });
  return {
    sand: e.smoothstep(height, { from: 2.6, to: 1.4 }),
    rock: e.maximum(steep, high),
    snow: e.multiply(e.smoothstep(height, { from: 38, to: 46 }), flat),
    ash: e.layerWeight(ASH_LAYER),
    broad,
  };
}

/** Distance-based shading: how far away those are who want the level that is rendered, 0 to 1. */
function farAway() {
  const level = e.viewProperty("virtual_texture_output_level");
  // Where pictures shade the ground themselves, there is no level.
  return e.smoothstep(e.runtimeVirtualTextureReplace({ default: 0, output: level }), {
    from: 0.5,
    to: 3.5,
  });
}

function groundColor(layers: ReturnType<typeof layerAlphas>) {
  const far = farAway();
  const meadow = e.lerp(spotted([0.12, 0.2, 0.035], 1.1, 1), spotted([0.2, 0.22, 0.06], 2.3, 2), {
    alpha: e.smoothstep(layers.broad, { from: -0.25, to: 0.35 }),
  });
  const forest = spotted([0.05, 0.105, 0.032], 13, 3);
  const wooded = e.smoothstep(e.noise(placeIn(60), { kind: "gradient", octaves: 4, seed: 4 }), {
    from: 0.02,
    to: 0.2,
  });
  // From far away, single tufts are not seen, but where the woods are.
  const grass = e.lerp(meadow, forest, {
    alpha: e.multiply(wooded, e.lerp(0.35, 1, { alpha: far })),
  });
  const strata = e.noise(
    e.append(e.multiply(placeIn(30), 1), e.multiply(0.45, e.componentMask(e.worldPosition(), "z"))),
    { kind: "value", octaves: 3, seed: 5 },
  );
  const rock = e.multiply(
    spottedRock([0.3, 0.27, 0.24], 2.1, 6),
    e.lerp(0.65, 1.3, { alpha: strata }),
  );
  const sand = spotted([0.62, 0.5, 0.31], 3.1, 7);
  const snow = spotted([0.78, 0.82, 0.88], 9, 8);
  const glow = e.smoothstep(e.noise(placeIn(5), { kind: "gradient", octaves: 3, seed: 9 }), {
    from: 0.1,
    to: 0.2,
  });
  const ash = e.lerp(spottedRock([0.055, 0.05, 0.05], 1.3, 10), [1, 0.2, 0.015], { alpha: glow });
  const low = e.lerp(grass, sand, { alpha: layers.sand });
  const bare = e.lerp(low, rock, { alpha: layers.rock });
  const white = e.lerp(bare, snow, { alpha: layers.snow });
  const near = e.lerp(white, ash, { alpha: layers.ash });
  // Air between: paler and bluer.
  return e.lerp(near, e.add(e.multiply(0.82, near), [0.025, 0.035, 0.055]), { alpha: far });
}

/** The surface with bumps of its layers, in world space. */
function groundNormal(layers: ReturnType<typeof layerAlphas>) {
  const bumps = (metres: number, seed: number) =>
    e.noise(e.multiply(e.worldPosition(), 1 / metres), { kind: "gradient", octaves: 3, seed });
  const strength = e.add(
    e.lerp(0.3, 0.9, { alpha: layers.rock }),
    e.multiply(0.3, layers.ash),
  );
  const calm = e.multiply(strength, e.oneMinus(e.multiply(0.7, layers.snow)));
  const detail = e.append(
    e.multiply(calm, bumps(1.9, 21)),
    e.multiply(calm, bumps(1.9, 22)),
    1,
  );
  return e.blendNormals(e.vertexNormal(), e.normalize(detail));
}

/** Writes all that there is to write, and shows what the texture of the ground holds. */
export function groundMaterial(textures: IslandTextures): Material {
  const layers = layerAlphas();
  const height = e.componentMask(e.worldPosition(), "z");
  const wetShore = e.smoothstep(height, { from: 1.1, to: 0.3 });
  const grass = e.multiply(e.oneMinus(layers.sand), e.oneMinus(layers.rock));
  const ground = e.runtimeVirtualTextureSample(textures.ycocg_base_color_normal_specular_mask);
  const dry = e.oneMinus(e.multiply(0.45, ground.mask));
  return new Material({
    name: "ground",
    baseColor: e.multiply(ground.baseColor, dry),
    normal: skylit(e.lerp(ground.normal, [0, 0, 1], { alpha: e.multiply(0.8, ground.mask) })),
    roughness: e.lerp(ground.roughness, 0.28, { alpha: ground.mask }),
    specular: ground.specular,
    rvtOutput: e.runtimeVirtualTextureOutput({
      baseColor: groundColor(layers),
      normal: groundNormal(layers),
      roughness: e.lerp(0.95, 0.6, { alpha: layers.snow }),
      specular: 0.3,
      mask: wetShore,
      worldHeight: height,
      displacement: e.saturate(e.add(1, e.multiply(1 / DEEPEST_METRES, height))),
      mask4: e.append(
        layers.sand,
        e.multiply(grass, e.oneMinus(layers.ash)),
        layers.rock,
        e.multiply(layers.snow, e.oneMinus(layers.ash)),
      ),
    }),
  });
}

/** Opaque within a circle in the middle of a decal, up to a soft edge. */
export function circle(edge: ExpressionInput) {
  const away = e.multiply(2, e.distance(e.textureCoordinate(), [0.5, 0.5]));
  return e.smoothstep(away, { from: 1, to: edge });
}
