/**
 * The materials of a scene's deferred components, as far as they are known.
 *
 * @module
 */

import type { MaterialTypeName } from "../../asset/mod.ts";
import type { DeferredComponent, PrimitiveComponent } from "../../component/mod.ts";
import { type AssetDigits, describedIdentity } from "../../low_mips/mod.ts";
import type { MaterialInterface } from "../../material/mod.ts";

/** What is known of the material of a deferred component. */
interface Known {
  material: MaterialInterface | null;
  stop: () => void;
  /** What it wrote when it was loaded the first time, by type; empty where it is known without loading. */
  readonly first: Map<MaterialTypeName, string>;
}

/** Follows what deferred components are drawn with: that which they say, or had when they were loaded last. */
export class DeferredMaterials {
  readonly #known = new Map<DeferredComponent, Known>();
  readonly #noteEdit: (deferred: DeferredComponent) => void;

  /** @param noteEdit Hears of edits of a material that is known. */
  constructor(noteEdit: (deferred: DeferredComponent) => void) {
    this.#noteEdit = noteEdit;
  }

  /** Begins to follow a deferred component that is not followed. */
  add(deferred: DeferredComponent): void {
    let known = this.#known.get(deferred);
    if (known === undefined) {
      this.#known.set(deferred, known = { material: null, stop() {}, first: new Map() });
    }
    this.#follow(deferred, known, deferred.material ?? known.material);
  }

  #follow(deferred: DeferredComponent, known: Known, material: MaterialInterface | null): void {
    known.stop();
    known.material = material;
    known.stop = material?.subscribe(() => this.#noteEdit(deferred)) ?? (() => {});
  }

  /** Ends that. */
  remove(deferred: DeferredComponent): void {
    this.#known.get(deferred)?.stop();
    this.#known.delete(deferred);
  }

  /** Ends it for all. */
  close(): void {
    for (const deferred of [...this.#known.keys()]) this.remove(deferred);
  }

  /** Notes what a component that was loaded is drawn with. */
  noteLoaded(
    deferred: DeferredComponent,
    { material }: PrimitiveComponent,
    digitsOf: AssetDigits,
  ): void {
    if (deferred.material !== null) return;
    this.add(deferred);
    const known = this.#known.get(deferred)!;
    if (known.material !== material) this.#follow(deferred, known, material);
    for (const { materialType } of deferred.renderToVirtualTextures) {
      if (known.first.has(materialType)) continue;
      known.first.set(materialType, writtenBy(material, materialType, digitsOf));
    }
  }

  /**
   * What tells a material from itself before a change: of one that is known without loading, what it writes;
   * of another one that only if it is not what it was at first, so that it counts nothing before it is loaded.
   */
  digitsOf(
    deferred: DeferredComponent,
    materialType: MaterialTypeName,
    digitsOf: AssetDigits,
  ): string {
    const known = this.#known.get(deferred)!;
    const said = deferred.material;
    // It may have been made since.
    if (said !== null && said !== known.material) this.#follow(deferred, known, said);
    const { material, first } = known;
    if (material === null) return "";
    const now = writtenBy(material, materialType, digitsOf);
    if (said !== null) return now;
    if (!first.has(materialType)) first.set(materialType, now);
    return first.get(materialType) === now ? "" : now;
  }
}

function writtenBy(
  material: MaterialInterface,
  materialType: MaterialTypeName,
  digitsOf: AssetDigits,
): string {
  const { digits, assets } = describedIdentity(material, materialType);
  return JSON.stringify([digits, ...[...assets.keys()].map(digitsOf)]);
}
