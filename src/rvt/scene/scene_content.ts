/**
 * What is in a scene, and what its changes make stale.
 *
 * @module
 */

import type { OrientedBox } from "../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import { type ComponentChange, inSortOrder, type PrimitiveComponent } from "../component/mod.ts";
import type { SceneIdentities } from "../low_mips/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import { assertNewComponent, assertNoRenderedHeights } from "./scene_checks.ts";
import type { SceneComponents } from "./scene_components.ts";
import type { SceneFills } from "./scene_fills.ts";
import type { TileContents } from "./tile_content.ts";
import type { VolumePlacements } from "./volume_placements.ts";

/** What {@linkcode SceneContent} works with; all of it is borrowed. */
export interface SceneContentParts {
  readonly components: SceneComponents;
  readonly placements: VolumePlacements;
  readonly fills: SceneFills;
  readonly identities: SceneIdentities;
}

/** Follows components, and makes the tiles stale in which something of them has changed. */
export class SceneContent {
  readonly #parts: SceneContentParts;

  constructor(parts: SceneContentParts) {
    this.#parts = parts;
  }

  /** The components, in the order in which they came. */
  get components(): readonly PrimitiveComponent[] {
    return this.#parts.components.all;
  }

  /** Adds a component; see `RuntimeVirtualTextureScene.addComponent`. */
  add(component: PrimitiveComponent): void {
    const { components, placements } = this.#parts;
    assertNewComponent(component, components);
    assertNoRenderedHeights(component, placements);
    components.add(component, (change) => this.#noteChange(component, change));
    this.#noteWhole(component);
  }

  /** Takes a component away; returns whether it was there. */
  remove(component: PrimitiveComponent): boolean {
    if (!this.#parts.components.remove(component)) return false;
    this.#noteWhole(component);
    return true;
  }

  /** Adds a component that tiles have waited for: none is stale. */
  takeIn(component: PrimitiveComponent): void {
    const { components, placements } = this.#parts;
    assertNewComponent(component, components);
    assertNoRenderedHeights(component, placements);
    components.add(component, (change) => this.#noteChange(component, change));
    this.#noteWriter(component);
    for (const volume of placements.volumes) {
      if (!this.isRenderedTo(component, volume)) continue;
      placements.planOf(volume)?.contents.add(component);
    }
  }

  /** Takes a component away that tiles will wait for again: those that show it stay as they are. */
  letGo(component: PrimitiveComponent): void {
    const { components, placements } = this.#parts;
    components.remove(component);
    this.#noteWriter(component);
    for (const volume of placements.volumes) {
      placements.planOf(volume)?.contents.remove(component);
    }
  }

  /** Makes stale what shows something of some boxes in the volumes of some textures. */
  invalidate(
    boxes: readonly OrientedBox[],
    assets: readonly RuntimeVirtualTextureLike[],
  ): void {
    const { placements } = this.#parts;
    for (const volume of placements.volumes) {
      if (assets.includes(volume.asset)) placements.invalidate(volume, boxes, { urgent: true });
    }
  }

  /** Takes all components away from tiles that are not rendered any more. */
  close(): void {
    for (const component of this.components) this.#parts.components.remove(component);
  }

  #noteWhole(component: PrimitiveComponent): void {
    const { renderToVirtualTextures } = component;
    this.#noteChange(component, { boxes: component.boxes(), renderToVirtualTextures });
  }

  /** Makes the tiles stale in which something of a component has changed, those and no others. */
  #noteChange(component: PrimitiveComponent, change: ComponentChange): void {
    const { placements, identities } = this.#parts;
    identities.noteChange(component);
    this.#noteWriter(component);
    for (const volume of placements.volumes) {
      const contents = placements.planOf(volume)?.contents;
      if (contents === undefined) continue;
      if (!change.renderToVirtualTextures.includes(volume.asset)) continue;
      if (this.isRenderedTo(component, volume)) contents.add(component);
      else contents.remove(component);
      placements.invalidate(volume, change.boxes, { urgent: true });
    }
  }

  /** Makes textures stale that can sample others than before. */
  #noteWriter(component: PrimitiveComponent): void {
    const { fills, components, placements } = this.#parts;
    for (const asset of fills.note(component, components.has(component))) {
      const volume = placements.volumeOf(asset);
      if (volume !== undefined) placements.invalidateAll(volume);
    }
  }

  /** Whether a component is in the scene and names the texture of a volume. */
  isRenderedTo(component: PrimitiveComponent, { asset }: RuntimeVirtualTextureVolume): boolean {
    return this.#parts.components.has(component) &&
      component.renderToVirtualTextures.includes(asset);
  }

  /** The components that are rendered to a texture, in the order in which they are drawn. */
  writersOf(asset: RuntimeVirtualTextureLike): PrimitiveComponent[] {
    return inSortOrder(
      this.components.filter((one) => one.renderToVirtualTextures.includes(asset)),
    );
  }

  /** Adds the components that are rendered to a volume. */
  fill(contents: TileContents, volume: RuntimeVirtualTextureVolume): void {
    for (const component of this.components) {
      if (!this.isRenderedTo(component, volume)) continue;
      contents.add(component);
      // Another type of texture may sample others.
      this.#noteWriter(component);
    }
  }
}
