/**
 * Whether the materials of a volume's components can be drawn with.
 *
 * @module
 */

import { LandscapeComponent, type PrimitiveComponent } from "../component/mod.ts";
import { type DrawKind, landscapeKind } from "../draw/draw_kind.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import type { MaterialInterface } from "../material/mod.ts";
import { fillModule } from "../tile/fill_pipelines.ts";
import type { TileReadiness } from "../tile/render_producer.ts";
import type { RenderParts } from "./render_parts.ts";
import type { TileContents } from "./tile_content.ts";

/** What readiness is asked of. */
export interface ReadinessParts {
  readonly parts: RenderParts;
  readonly contents: TileContents;
  readonly materialType: MaterialTypeName;
  /** Whether a virtual texture can be sampled in the tiles. */
  readonly hasTexture: HasTexture;
  /** Hears of a material that does not compile, once for each of its graphs. */
  readonly report: (material: MaterialInterface, error: Error) => void;
}

/** The kind of draws of a component. */
function kindOf(component: PrimitiveComponent): DrawKind {
  if (!(component instanceof LandscapeComponent)) return "mesh";
  return landscapeKind(component.surface, { feedback: false });
}

/**
 * Lets tiles wait until the compiler has answered for the material of each component, so that no submit
 * fails by one that does not compile. Those are left out of tiles.
 */
export class MaterialReadiness implements TileReadiness {
  readonly #parts: ReadinessParts;
  readonly #reported = new WeakSet<object>();
  /** Version of the contents for which everything was found ready. */
  #readyVersion = -1;
  #isWaiting = false;
  /** Called when tiles may have become ready. */
  notify: () => void = () => {};

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** See {@linkcode TileReadiness.isReady}: the same for all tiles. */
  isReady(): boolean {
    const { contents } = this.#parts;
    if (this.#readyVersion === contents.version) return true;
    if (this.#isWaiting) return false;
    const answers = this.#missingAnswers();
    if (answers.length === 0) {
      this.#readyVersion = contents.version;
      return true;
    }
    this.#isWaiting = true;
    void Promise.all(answers).then(() => {
      this.#isWaiting = false;
      this.notify();
    });
    return false;
  }

  #missingAnswers(): Promise<void>[] {
    const { parts, contents, materialType, hasTexture } = this.#parts;
    const answers: Promise<void>[] = [];
    for (const component of contents.sorted) {
      if (component.boxes().length === 0) continue;
      const { material } = component;
      const drawn = parts.materials.bindForTiles(material, materialType, { hasTexture });
      if (drawn === null) continue;
      const asked = fillModule(parts.device, {
        kind: kindOf(component),
        materialType,
        material: drawn,
      });
      if (asked.isValid === true) continue;
      const explained = asked.explain(drawn);
      if (asked.isValid === null) answers.push(explained.then(() => {}));
      else void explained.then((error) => this.#report(material, error!));
    }
    return answers;
  }

  #report(material: MaterialInterface, error: Error): void {
    if (this.#reported.has(material.graph)) return;
    this.#reported.add(material.graph);
    this.#parts.report(material, error);
  }
}
