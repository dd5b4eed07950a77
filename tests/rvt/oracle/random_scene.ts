/**
 * Random scenes within a volume: stacks of decals, meshes and landscapes.
 *
 * @module
 */

import type { ComponentDraw, LandscapeSurface } from "../../../src/rvt/component/component_draw.ts";
import type { MaterialInterface } from "../../../src/rvt/material/material_interface.ts";
import { seededRandom } from "../../helpers/random.ts";
import { multiplied, type Vec3 } from "./affine.ts";
import { affineOf, boxMesh, gridMeshOf, landscapeOf, quadMesh, volumeOf } from "./shapes.ts";

/** How a volume stands in the world. */
export type VolumePose = "upright" | "yawed" | "tilted";

/** What a random scene is to hold. */
export interface RandomSceneOptions {
  readonly seed: number;
  /** Components; default 16. */
  readonly writers?: number;
  /** Default `"upright"`. */
  readonly pose?: VolumePose;
  /** Whether all lies about the volume's middle and covers much of it; default false. */
  readonly isStack?: boolean;
  /** The material of a component, by its place in the order of drawing. */
  readonly materialAt: (index: number) => MaterialInterface;
}

/** Things to draw, in this order, and the volume around them. */
export interface RandomScene {
  readonly worldToVolume: Float64Array;
  /** A box of edge 1 about the origin to the volume. */
  readonly volumeToWorld: Float64Array;
  readonly draws: readonly ComponentDraw[];
}

/** Names of the painted layers of random landscapes. */
export const RANDOM_LAYERS = Object.freeze(["grass", "rock"]);

/**
 * A scene by its seed. The first writer is a landscape under the whole texture and beyond; the others
 * lie at random places over it: four in eight are decals, two meshes and two landscapes, which look
 * along the volume's own axis. Volumes are some ten units wide and within a hundred of the origin, so
 * that world positions keep five decimals in float32.
 */
export function randomScene(options: RandomSceneOptions): RandomScene {
  const { seed, writers = 16, pose = "upright", isStack = false, materialAt } = options;
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const volumeToWorld = affineOf({
    position: [between(-100, 100), between(-100, 100), between(-20, 20)],
    angles: [
      pose === "tilted" ? between(-0.6, 0.6) : 0,
      pose === "tilted" ? between(-0.6, 0.6) : 0,
      pose === "upright" ? 0 : between(-Math.PI, Math.PI),
    ],
    scale: [between(8, 16), between(8, 16), between(6, 10)],
  });
  const draws = Array.from({ length: writers }, (_, index) => {
    const make = index === 0 ? wholeLandscape : MAKERS[Math.floor(random() * MAKERS.length)]!;
    return make({ random, between, volumeToWorld, isStack, material: materialAt(index) });
  });
  return { worldToVolume: volumeOf(volumeToWorld), volumeToWorld, draws };
}

interface MakerOptions {
  readonly random: () => number;
  readonly between: (low: number, high: number) => number;
  readonly volumeToWorld: Float64Array;
  readonly isStack: boolean;
  readonly material: MaterialInterface;
}

const MAKERS = [decal, decal, decal, decal, hill, box, patch, patch];

/** A place in the volume's box of edge 1, turned about its z by any angle and tilted by less. */
function placed(
  { between, volumeToWorld, isStack }: MakerOptions,
  [width, length, height]: Vec3,
  tilt: number,
): Float64Array {
  const reach = isStack ? 0.1 : 0.4;
  const factor = isStack ? 2 : 1;
  const within = affineOf({
    position: [between(-reach, reach), between(-reach, reach), between(-0.2, 0.2)],
    // Twice as large, it may tilt by half as much.
    angles: [
      between(-tilt, tilt) / factor,
      between(-tilt, tilt) / factor,
      between(-Math.PI, Math.PI),
    ],
    scale: [factor * width, factor * length, height],
  });
  return multiplied(volumeToWorld, within);
}

function decal(options: MakerOptions): ComponentDraw {
  const { between, material } = options;
  const size: Vec3 = [between(0.2, 1), between(0.2, 1), 1];
  return { kind: "mesh", mesh: quadMesh(), material, instances: [placed(options, size, 0.3)] };
}

function hill(options: MakerOptions): ComponentDraw {
  const { between, material } = options;
  const [steep, turn] = [between(0.5, 3), between(0, 6)];
  const heightAt = (x: number, y: number) => Math.sin(steep * x + turn) * Math.cos(steep * y);
  const mesh = gridMeshOf(5, heightAt);
  const size = (): Vec3 => [between(0.3, 0.8), between(0.3, 0.8), 0.15];
  return { kind: "mesh", mesh, material, instances: [placed(options, size(), 0.2)] };
}

function box(options: MakerOptions): ComponentDraw {
  const { between, material } = options;
  const instance = () => {
    const size: Vec3 = [between(0.1, 0.4), between(0.1, 0.4), between(0.05, 0.2)];
    return placed(options, size, 0.5);
  };
  return { kind: "mesh", mesh: boxMesh(), material, instances: [instance(), instance()] };
}

function wholeLandscape({ random, volumeToWorld, material }: MakerOptions): ComponentDraw {
  const surface = randomSurface(random, 17);
  // Half as large again as the volume, so that borders at the texture's edge show it too.
  const within = affineOf({ position: [-0.75, -0.75, -0.3], scale: [1.5 / 16, 1.5 / 16, 0.1] });
  return landscapeDraw(surface, multiplied(volumeToWorld, within), material);
}

function patch({ random, between, volumeToWorld, isStack, material }: MakerOptions): ComponentDraw {
  const samples = 5 + Math.floor(random() * 8);
  const edge = isStack ? 1.1 : 0.6;
  const offset = isStack ? -edge / 2 : -0.5;
  const within = affineOf({
    position: [
      between(offset, 0.2 - edge / 4),
      between(offset, 0.2 - edge / 4),
      between(-0.2, 0.2),
    ],
    angles: [0, 0, between(-0.8, 0.8)],
    scale: [edge / (samples - 1), edge / (samples - 1), 0.1],
  });
  return landscapeDraw(randomSurface(random, samples), multiplied(volumeToWorld, within), material);
}

function landscapeDraw(
  surface: LandscapeSurface,
  toWorld: Float64Array,
  material: MaterialInterface,
): ComponentDraw {
  const section = { x0: 0, y0: 0, x1: surface.width - 1, y1: surface.height - 1 };
  return { kind: "landscape", surface, material, toWorld, section, quads: 1 };
}

function randomSurface(random: () => number, samples: number): LandscapeSurface {
  return landscapeOf([samples, samples], {
    heightAt: () => random() * 2 - 1,
    layers: Object.fromEntries(RANDOM_LAYERS.map((name) => [name, () => random()])),
  });
}
