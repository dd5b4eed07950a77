/**
 * A scene without fault, to be broken.
 *
 * @module
 */

import {
  checkScene,
  DecalComponent,
  expressions as e,
  type FindingCode,
  LandscapeComponent,
  Material,
  type MaterialOptions,
  type PrimitiveComponent,
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSettings,
  RuntimeVirtualTextureVolume,
  type SceneToCheck,
  type VolumeSettings,
} from "../../../src/rvt/mod.ts";

const SIDE = 17;

/** A landscape of 16 by 16, which writes to an asset and shows it, with a fallback. */
export class World {
  readonly asset: RuntimeVirtualTexture;
  readonly volume: RuntimeVirtualTextureVolume;
  readonly land: LandscapeComponent;
  readonly components: PrimitiveComponent[];
  readonly volumes: RuntimeVirtualTextureVolume[];
  options: NonNullable<SceneToCheck["options"]> = {};

  constructor(
    { asset = {}, volume = {}, ground = {} }: {
      readonly asset?: RuntimeVirtualTextureSettings;
      readonly volume?: VolumeSettings;
      readonly ground?: Partial<MaterialOptions>;
    } = {},
  ) {
    this.asset = new RuntimeVirtualTexture({
      name: "Ground",
      materialType: "base_color",
      sizeInTilesLog2: 2,
      tileSize: 64,
      ...asset,
    });
    this.volume = new RuntimeVirtualTextureVolume(this.asset, {
      name: "Land",
      position: [8, 8, 0],
      scale: [16, 16, 4],
      ...volume,
    });
    const shown = e.runtimeVirtualTextureSample(this.asset);
    const material = new Material({
      name: "Grass",
      baseColor: e.virtualTextureFeatureSwitch({ yes: shown.baseColor, no: [0.1, 0.4, 0.1] }),
      rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.1, 0.4, 0.1] }),
      ...ground,
    });
    this.land = new LandscapeComponent({
      name: "Hills",
      material,
      width: SIDE,
      height: SIDE,
      heights: new Float32Array(SIDE * SIDE),
      renderToVirtualTextures: [this.asset],
    });
    this.components = [this.land];
    this.volumes = [this.volume];
  }

  /** Adds a decal of a priority above the land. */
  decal(options: Partial<ConstructorParameters<typeof DecalComponent>[0]> = {}): DecalComponent {
    const decal = new DecalComponent({
      name: "Spot",
      material: new Material({ name: "Spot", domain: "virtual_texture", baseColor: [1, 0, 0] }),
      renderToVirtualTextures: [this.asset],
      translucencySortPriority: 1,
      transform: { position: [8, 8, 0] },
      ...options,
    });
    this.components.push(decal);
    return decal;
  }
}

/** Codes of what is found in a scene. */
export function codesOf(scene: SceneToCheck): FindingCode[] {
  return checkScene(scene).map(({ code }) => code);
}
