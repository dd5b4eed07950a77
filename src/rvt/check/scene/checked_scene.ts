/**
 * A scene as checks look at it. Pure.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import type { TileGrid } from "../../../tiles/mod.ts";
import { MATERIAL_TYPES, type RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import { drawsInMainPass, type PrimitiveComponent } from "../../component/mod.ts";
import {
  type MaterialDependencies,
  materialDependencies,
  type MaterialInterface,
  shownByPlace,
} from "../../material/mod.ts";
import { type CompleteSceneOptions, tileCountBiasOf } from "../../scene/scene_options.ts";
import { type RuntimeVirtualTextureVolume, worldToVolume } from "../../volume/mod.ts";
import { whyNotRendered } from "./not_rendered.ts";

/** What is checked: a `RuntimeVirtualTextureScene`, or what will be put into one. */
export interface SceneToCheck {
  /** Its components, in their order. */
  readonly components: readonly PrimitiveComponent[];
  /** Its volumes. */
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  /** Options of the scene; those that are left out have their defaults. */
  readonly options?: {
    /** Whether the scene is played or edited; default `"game"`. */
    readonly mode?: "game" | "editor";
    /** Whether virtual texturing is supported; default true. */
    readonly virtualTexturing?: boolean;
    /** Tile Count Bias beside those of volumes; default 0. */
    readonly tileCountBias?: number;
    /** The same by scalability group; default none. */
    readonly groupTileCountBias?: Readonly<Record<number, number>>;
  };
}

/** A scene, and what several checks ask of it. */
export class CheckedScene {
  /** Its components. */
  readonly components: readonly PrimitiveComponent[];
  /** Its volumes. */
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  readonly #hides: "hidePrimitivesInGame" | "hidePrimitivesInEditor";
  readonly #virtualTexturing: boolean;
  readonly #options: Pick<CompleteSceneOptions, "tileCountBias" | "groupTileCountBias">;
  readonly #dependencies = new Map<MaterialInterface, Map<string, MaterialDependencies>>();
  readonly #notRendered = new Map<
    PrimitiveComponent,
    Map<RuntimeVirtualTextureLike, string | null>
  >();
  readonly #shownByPlace = new Map<MaterialInterface, ReadonlySet<RuntimeVirtualTextureLike>>();
  readonly #writersOf = new Map<RuntimeVirtualTextureLike, PrimitiveComponent[]>();
  readonly #volumeOf: ReadonlyMap<RuntimeVirtualTextureLike, RuntimeVirtualTextureVolume>;

  constructor({ components, volumes, options = {} }: SceneToCheck) {
    this.components = components;
    this.volumes = volumes;
    const { tileCountBias = 0, groupTileCountBias = {} } = options;
    this.#options = { tileCountBias, groupTileCountBias };
    this.#hides = options.mode === "editor" ? "hidePrimitivesInEditor" : "hidePrimitivesInGame";
    this.#virtualTexturing = options.virtualTexturing ?? true;
    this.#volumeOf = new Map(volumes.map((volume) => [volume.asset, volume]));
    for (const component of components) {
      for (const asset of component.renderToVirtualTextures) {
        const writers = this.#writersOf.get(asset);
        if (writers === undefined) this.#writersOf.set(asset, [component]);
        else writers.push(component);
      }
    }
  }

  /** The volume that places an asset. */
  volumeOf(asset: RuntimeVirtualTextureLike): RuntimeVirtualTextureVolume | undefined {
    return this.#volumeOf.get(asset);
  }

  /** The world to u, v and w of a volume. */
  toVolume({ transform }: Pick<RuntimeVirtualTextureVolume, "transform">): Float64Array {
    return worldToVolume(transform);
  }

  /** The tiles of a volume's texture; null if it cannot be placed. */
  gridOf(volume: RuntimeVirtualTextureVolume): TileGrid | null {
    return this.problemOf(volume) === null
      ? volume.grid(tileCountBiasOf(this.#options, volume))
      : null;
  }

  /** Why a volume cannot be placed; null if it can. */
  problemOf(volume: RuntimeVirtualTextureVolume): string | null {
    try {
      volume.grid(tileCountBiasOf(this.#options, volume));
      return null;
    } catch (error) {
      return thrownText(error);
    }
  }

  /** Components that are to be rendered to an asset. */
  writersOf(asset: RuntimeVirtualTextureLike): readonly PrimitiveComponent[] {
    return this.#writersOf.get(asset) ?? [];
  }

  /** Why nothing of a component is rendered to a texture; null if something may be. */
  whyNotRendered(component: PrimitiveComponent, asset: RuntimeVirtualTextureLike): string | null {
    let known = this.#notRendered.get(component);
    if (known === undefined) this.#notRendered.set(component, known = new Map());
    let reason = known.get(asset);
    if (reason === undefined) known.set(asset, reason = whyNotRendered(this, component, asset));
    return reason;
  }

  /** Whether a component is drawn in the main pass. */
  isInMainPass(component: PrimitiveComponent): boolean {
    if (component.material.graph.domain === "virtual_texture") return false;
    const volumes = component.renderToVirtualTextures
      .flatMap((asset) => this.volumeOf(asset) ?? []);
    return drawsInMainPass(component.drawInMainPass, {
      virtualTexturing: this.#virtualTexturing,
      hasPlacedVolume: volumes.length > 0,
      someVolumeHidesPrimitives: volumes.some(({ settings }) => settings[this.#hides]),
    });
  }

  /** What a material reads in pictures. */
  readInPictures(material: MaterialInterface): MaterialDependencies {
    return this.#known(
      material,
      "picture",
      () => materialDependencies(material, { context: "main_pass" }),
    );
  }

  /** Textures that a material shows in pictures by the place of what is drawn. */
  shownByPlace(material: MaterialInterface): ReadonlySet<RuntimeVirtualTextureLike> {
    let shown = this.#shownByPlace.get(material);
    if (shown === undefined) this.#shownByPlace.set(material, shown = shownByPlace(material));
    return shown;
  }

  /** What a material reads while it fills a texture. */
  readInFills(
    material: MaterialInterface,
    { materialType }: RuntimeVirtualTextureLike,
  ): MaterialDependencies {
    const wanted = MATERIAL_TYPES[materialType].attributes;
    return this.#known(
      material,
      `fill ${materialType}`,
      () => materialDependencies(material, { context: "virtual_texture", wanted }),
    );
  }

  #known(
    material: MaterialInterface,
    use: string,
    find: () => MaterialDependencies,
  ): MaterialDependencies {
    let ofMaterial = this.#dependencies.get(material);
    if (ofMaterial === undefined) this.#dependencies.set(material, ofMaterial = new Map());
    let dependencies = ofMaterial.get(use);
    if (dependencies === undefined) ofMaterial.set(use, dependencies = find());
    return dependencies;
  }

  /** Attributes that a component's material writes, of those that an asset stores. */
  writtenTo(
    { material }: PrimitiveComponent,
    { materialType }: RuntimeVirtualTextureLike,
  ): readonly string[] {
    const { output } = material.graph;
    return MATERIAL_TYPES[materialType].attributes.filter((name) => output?.pins.has(name));
  }
}
