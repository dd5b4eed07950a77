/**
 * Which virtual textures materials sample when they are rendered to tiles.
 *
 * @module
 */

import type { MaterialTypeName } from "../asset/mod.ts";
import { MATERIAL_TYPES } from "../asset/mod.ts";
import type { LoweredGraph } from "../material/compile/lowered_graph.ts";
import { type HasTexture, lowerMaterial } from "../material/compile/lower_material.ts";
import type { MaterialInterface } from "../material/mod.ts";
import { sampleNodes } from "./sampled_levels.ts";
import { type SampledObject, sampledObject } from "./sampled_regions.ts";

/** What a material samples. */
export interface SamplingGraph {
  /** What its wanted outputs are computed by. */
  readonly graph: LoweredGraph;
  /** What it samples, and would sample if it could; empty for most materials. */
  readonly objects: ReadonlySet<SampledObject>;
}

interface Known extends SamplingGraph {
  readonly revision: number;
  readonly answers: string;
}

/** Lowers materials for tiles of one type, each once. */
export class SamplingGraphs {
  readonly #materialType: MaterialTypeName;
  readonly #hasTexture: HasTexture;
  readonly #known = new WeakMap<MaterialInterface, Known>();

  /** @param hasTexture Whether a virtual texture can be sampled now. */
  constructor(materialType: MaterialTypeName, hasTexture: HasTexture) {
    this.#materialType = materialType;
    this.#hasTexture = hasTexture;
  }

  /** What a material samples now. */
  of(material: MaterialInterface): SamplingGraph {
    const known = this.#known.get(material);
    const { revision } = material;
    if (known?.revision === revision && known.answers === this.#answersFor(known.objects)) {
      return known;
    }
    const lower = (hasTexture?: HasTexture) =>
      lowerMaterial(material, {
        context: "virtual_texture",
        wanted: MATERIAL_TYPES[this.#materialType].attributes,
        virtualTexturing: true,
        hasTexture,
      });
    const objects = new Set(sampleNodes(lower()).map(sampledObject));
    const graph = lower(this.#hasTexture);
    const made = { revision, objects, graph, answers: this.#answersFor(objects) };
    this.#known.set(material, made);
    return made;
  }

  #answersFor(objects: ReadonlySet<SampledObject>): string {
    return [...objects].map((object) => this.#hasTexture(object)).join();
  }
}
