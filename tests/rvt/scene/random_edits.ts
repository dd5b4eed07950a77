/**
 * Random edits of a world.
 *
 * @module
 */

import { rotationAbout, type TransformOptions } from "../../../src/geometry/mod.ts";
import { MATERIAL_TYPE_NAMES } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  type FoliageComponent,
  InstancedStaticMeshComponent,
  type LandscapeComponent,
  type LandscapeSplineComponent,
  type PrimitiveComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { Material, MaterialInstance } from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { BASE, LODS, pinsOf, SAMPLES } from "./edited_world.ts";
import type { PlacedScene } from "./placed_scene.ts";

/** Random choices for edits. */
class Choices {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  pick<T>(things: readonly T[]): T {
    return things[Math.floor(this.random() * things.length)]!;
  }

  transform(): TransformOptions {
    const place = () => this.between(-14, 14);
    const axis = [this.between(-0.3, 0.3), this.between(-0.3, 0.3), 1] as const;
    return {
      position: [place(), place(), this.between(-2, 3)],
      rotation: rotationAbout(axis, this.between(-3, 3)),
      scale: [this.between(0.5, 3), this.between(0.5, 3), this.between(0.5, 2)],
    };
  }
}

type Edit = (placed: PlacedScene, choices: Choices) => void;

/** Components that may be moved or taken away: all but the first three, which others lie on. */
function movable(placed: PlacedScene): PrimitiveComponent[] {
  return placed.scene.components.slice(3);
}

function pickMovable(placed: PlacedScene, choices: Choices): PrimitiveComponent | undefined {
  return choices.pick(movable(placed));
}

/** What can be edited, by name. */
const EDITS: Readonly<Record<string, Edit>> = {
  move(placed, choices) {
    const component = pickMovable(placed, choices);
    if (component !== undefined) component.transform = choices.transform();
  },
  add(placed, choices) {
    if (placed.scene.components.length > 14) return;
    const material = new MaterialInstance(BASE, { name: "added" });
    material.setScalar("opacity", choices.random());
    const options = {
      material,
      transform: choices.transform(),
      renderToVirtualTextures: [placed.asset],
      translucencySortPriority: choices.integer(-1, 1),
    };
    placed.scene.addComponent(
      choices.random() < 0.5
        ? new DecalComponent({ ...options, size: [choices.between(0.5, 4), 2] })
        : new StaticMeshComponent({ ...options, mesh: LODS }),
    );
  },
  remove(placed, choices) {
    const component = pickMovable(placed, choices);
    if (component !== undefined) placed.scene.removeComponent(component);
  },
  parameter(placed, choices) {
    const { material } = choices.pick(placed.scene.components);
    if (!(material instanceof MaterialInstance)) return;
    if (choices.random() < 0.5) material.setScalar("roughness", choices.between(-0.5, 1));
    else material.setVector("tint", [choices.random(), choices.random(), choices.random()]);
  },
  material(placed, choices) {
    const component = choices.pick(placed.scene.components);
    const { material } = component;
    const pins = pinsOf(choices.random());
    if (material instanceof Material) material.connect(pins);
    else component.material = new Material({ name: "own", domain: "virtual_texture", ...pins });
  },
  mesh(placed, choices) {
    const mesh = movable(placed).find((one) => one instanceof StaticMeshComponent);
    if (mesh instanceof StaticMeshComponent) mesh.lods = choices.pick([LODS, ...LODS]);
  },
  heights(placed, choices) {
    const land = placed.scene.components[0] as LandscapeComponent;
    const region = randomRegion(choices);
    const count = region.width * region.height;
    land.setHeights(region, Array.from({ length: count }, () => choices.between(-1, 1)));
  },
  weights(placed, choices) {
    const land = placed.scene.components[0] as LandscapeComponent;
    const region = randomRegion(choices);
    const weights = new Uint8Array(region.width * region.height).fill(choices.integer(0, 255));
    land.setWeights("grass", region, weights);
  },
  sortPriority(placed, choices) {
    choices.pick(placed.scene.components).translucencySortPriority = choices.integer(-2, 2);
  },
  splinePoint(placed, choices) {
    const road = placed.scene.components[1] as LandscapeSplineComponent;
    const [x, y] = [choices.between(-14, 14), choices.between(-14, 14)];
    const point = { position: [x, y, 0], width: choices.between(0.5, 3) };
    road.updatePoint(choices.integer(0, road.points.length - 1), point);
  },
  scatter(placed, choices) {
    const bushes = placed.scene.components[2] as FoliageComponent;
    bushes.scatter = { ...bushes.scatter, seed: choices.integer(0, 1e6) };
  },
  instance(placed, choices) {
    const posts = movable(placed).find((one) => one instanceof InstancedStaticMeshComponent);
    if (!(posts instanceof InstancedStaticMeshComponent)) return;
    if (choices.random() < 0.3) posts.addInstances([choices.transform()]);
    else if (posts.instances.length > 0) {
      const index = choices.integer(0, posts.instances.length - 1);
      if (choices.random() < 0.3) posts.removeInstance(index);
      else posts.updateInstance(index, choices.transform());
    }
  },
  lod(placed, choices) {
    const component = choices.pick(placed.scene.components);
    if (choices.random() < 0.5) component.virtualTextureLodBias = choices.integer(-1, 2);
    else component.virtualTextureSkipMips = choices.integer(0, 2);
  },
  minCoverage(placed, choices) {
    const component = choices.pick(placed.scene.components);
    component.virtualTextureMinCoverage = choices.pick([null, 3, 5, 7]);
  },
  hide(placed, choices) {
    const component = choices.pick(placed.scene.components);
    const isShown = component.renderToVirtualTextures.length > 0;
    component.renderToVirtualTextures = isShown ? [] : [placed.asset];
  },
  size(placed, choices) {
    const decal = movable(placed).find((one) => one instanceof DecalComponent);
    if (decal instanceof DecalComponent) decal.size = [choices.between(1, 6), 2];
  },
  numLods(placed, choices) {
    const land = placed.scene.components[0] as LandscapeComponent;
    land.virtualTextureNumLods = choices.integer(0, 3);
  },
};

/** Edits that stream the texture anew. */
const TEXTURE_EDITS: Readonly<Record<string, Edit>> = {
  materialType(placed, choices) {
    placed.asset.change({ materialType: choices.pick(MATERIAL_TYPE_NAMES) });
  },
  tileBorder(placed, choices) {
    placed.asset.change({ tileBorder: choices.pick([0, 2, 4, 8]) });
  },
  sizeInTiles(placed, choices) {
    placed.asset.change({ sizeInTilesLog2: choices.integer(1, 2) });
  },
  volume(placed, choices) {
    placed.volume.change({ position: [choices.between(-3, 3), choices.between(-3, 3), 0] });
  },
};

function randomRegion(choices: Choices) {
  const [x, y] = [choices.integer(0, SAMPLES - 1), choices.integer(0, SAMPLES - 1)];
  const width = choices.integer(1, Math.min(5, SAMPLES - x));
  return { x, y, width, height: choices.integer(1, Math.min(5, SAMPLES - y)) };
}

/** A series of random edits. */
export class RandomEdits {
  readonly #choices: Choices;

  constructor(seed: number) {
    this.#choices = new Choices(seed);
  }

  /** From 0 to below 1. */
  random(): number {
    return this.#choices.random();
  }

  /** Makes the next edit, of those that leave the texture what it is; returns its name. */
  editContent(placed: PlacedScene): string {
    return this.#make(EDITS, placed);
  }

  /** Makes the next edit, one in twelve of those that stream the texture anew; returns its name. */
  edit(placed: PlacedScene): string {
    return this.#make(this.random() < 1 / 12 ? TEXTURE_EDITS : EDITS, placed);
  }

  #make(edits: Readonly<Record<string, Edit>>, placed: PlacedScene): string {
    const name = this.#choices.pick(Object.keys(edits));
    edits[name]!(placed, this.#choices);
    return name;
  }
}
