/**
 * A scene whose ground has several layers, as benchmarks draw it.
 *
 * @module
 */

import { type CameraView, lookAt, perspective } from "../../../src/geometry/mod.ts";
import {
  DecalComponent,
  expressions as e,
  LandscapeComponent,
  Material,
  MaterialTexture,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  type RuntimeVirtualTextureSettings,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import type { RenderCamera } from "../../../src/scene/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

/** Edge of the ground in world units. */
export const GROUND_SIZE = 64;
const SAMPLES = GROUND_SIZE + 1;
const HILLS = 6;
const TEXTURE_EDGE = 128;

/** What a layer of the ground is made of. */
type Layer = ReturnType<typeof layer>;

const textures = new Map<number, MaterialTexture>();

/** Smooth random numbers in four channels, made once. */
function layerTexture(seed: number): MaterialTexture {
  const known = textures.get(seed);
  if (known !== undefined) return known;
  const random = seededRandom(seed);
  const waves = Array.from({ length: 16 }, (_, i) => ({
    x: 1 + Math.floor(random() * 20),
    y: 1 + Math.floor(random() * 20),
    phase: random() * 2 * Math.PI,
    channel: i % 4,
  }));
  const texels = new Uint8Array(4 * TEXTURE_EDGE ** 2);
  for (let i = 0; i < TEXTURE_EDGE ** 2; i++) {
    const values = [0.5, 0.5, 0.5, 0.5];
    const [x, y] = [i % TEXTURE_EDGE, Math.floor(i / TEXTURE_EDGE)];
    for (const wave of waves) {
      const turns = (wave.x * x + wave.y * y) / TEXTURE_EDGE;
      values[wave.channel]! += 0.12 * Math.sin(2 * Math.PI * turns + wave.phase);
    }
    texels.set(values.map((value) => 255 * value), 4 * i);
  }
  const name = `layer ${seed}`;
  const made = new MaterialTexture({
    name,
    width: TEXTURE_EDGE,
    height: TEXTURE_EDGE,
    texels,
    colorSpace: "linear",
  });
  textures.set(seed, made);
  return made;
}

/**
 * A layer as games build them: a texture of colour and roughness, one of normals, and a weight from two
 * octaves of noise.
 */
function layer(index: number) {
  const place = e.componentMask(e.worldPosition(), "xy");
  const uv = e.multiply(place, 0.25 + 0.01 * index);
  const color = e.textureSample(layerTexture(2 * index), { uv });
  const slopes = e.textureSample(layerTexture(2 * index + 1), { uv });
  const bumps = e.subtract(e.multiply(e.componentMask(slopes, "xy"), 0.8), [0.4, 0.4]);
  const noise = e.noise(e.multiply(place, 0.3), { kind: "value", octaves: 2, seed: index });
  return {
    baseColor: e.componentMask(color, "xyz"),
    normal: e.normalize(e.add(e.append(bumps, 0), e.vertexNormal())),
    roughness: e.componentMask(color, "w"),
    specular: 0.5,
    mask: e.componentMask(slopes, "z"),
    displacement: e.componentMask(slopes, "w"),
    mask4: slopes,
    weight: e.smoothstep(noise, { from: 0.3, to: 0.7 }),
  };
}

function outputOf({ weight, ...pins }: Layer, isLowest: boolean) {
  const worldHeight = e.componentMask(e.worldPosition(), "z");
  return { ...pins, worldHeight, ...(isLowest ? {} : { opacity: weight }) };
}

/** All layers over each other, shaded directly. */
function layersShadedDirectly(layers: readonly Layer[]) {
  const [lowest, ...others] = layers as [Layer, ...Layer[]];
  const over = (pin: "baseColor" | "normal" | "roughness") =>
    others.reduce<ReturnType<typeof e.lerp> | Layer[typeof pin]>(
      (below, above) => e.lerp(below, above[pin], { alpha: above.weight }),
      lowest[pin],
    );
  return {
    baseColor: over("baseColor"),
    normal: e.normalize(over("normal")),
    roughness: over("roughness"),
    specular: 0.5,
  };
}

/** Options of {@linkcode LayeredScene.create}. */
export interface LayeredSceneOptions extends RuntimeVirtualTextureSettings {
  /** Layers of the ground, each over the whole of it. */
  readonly layers: number;
  /** How the main pass shades the ground: through the texture (default), or layer by layer. */
  readonly shading?: "texture" | "direct";
  /** Textures that show the same ground; the first is sampled. Default 1. */
  readonly textures?: number;
}

/** A ground of layers in a scene: a landscape with decals over all of it, and a volume around them. */
export class LayeredScene {
  readonly scene: RuntimeVirtualTextureScene;
  readonly assets: readonly RuntimeVirtualTexture[];
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  /** The landscape, then a decal for each further layer. */
  readonly components: readonly (LandscapeComponent | DecalComponent)[];

  private constructor(system: VirtualTextureSystem, options: LayeredSceneOptions) {
    const { layers: count, shading = "texture", textures: wanted = 1, ...settings } = options;
    this.scene = new RuntimeVirtualTextureScene(system, { maxUploadsPerFrame: 64 });
    this.assets = Array.from(
      { length: wanted },
      (_, i) => new RuntimeVirtualTexture({ name: `ground ${i}`, ...settings }),
    );
    const layers = Array.from({ length: count }, (_, i) => layer(i));
    const asset = this.assets[0];
    const pins = shading === "direct" || asset === undefined
      ? layersShadedDirectly(layers)
      : e.runtimeVirtualTextureSample(asset, { materialType: asset.materialType });
    const { baseColor, normal, roughness, specular } = pins;
    const ground = new Material({
      name: "ground",
      baseColor,
      normal,
      roughness,
      specular,
      rvtOutput: e.runtimeVirtualTextureOutput(outputOf(layers[0]!, true)),
    });
    const heights = Float32Array.from(
      { length: SAMPLES ** 2 },
      (_, i) => HILLS * Math.sin(i % SAMPLES / 9) * Math.cos(Math.floor(i / SAMPLES) / 13),
    );
    const renderToVirtualTextures = this.assets;
    this.components = [
      new LandscapeComponent({
        name: "ground",
        material: ground,
        width: SAMPLES,
        height: SAMPLES,
        heights,
        renderToVirtualTextures,
      }),
      ...layers.slice(1).map((one, i) =>
        new DecalComponent({
          name: `layer ${i + 1}`,
          material: new Material({
            name: `layer ${i + 1}`,
            domain: "virtual_texture",
            ...outputOf(one, false),
          }),
          size: [GROUND_SIZE, GROUND_SIZE],
          transform: { position: [GROUND_SIZE / 2, GROUND_SIZE / 2, 0] },
          translucencySortPriority: i + 1,
          renderToVirtualTextures,
        })
      ),
    ];
    this.volumes = this.assets.map((one, i) =>
      new RuntimeVirtualTextureVolume(one, {
        name: `volume ${i}`,
        position: [GROUND_SIZE / 2, GROUND_SIZE / 2, 0],
        scale: [GROUND_SIZE, GROUND_SIZE, 4 * HILLS],
      })
    );
  }

  /** Makes the scene; its textures are resident at their coarsest level then. */
  static async create(
    system: VirtualTextureSystem,
    options: LayeredSceneOptions,
  ): Promise<LayeredScene> {
    const made = new LayeredScene(system, options);
    for (const component of made.components) made.scene.addComponent(component);
    for (const volume of made.volumes) await made.scene.addVolume(volume);
    return made;
  }

  /** The streamed texture of the first asset. */
  get texture(): StreamedTexture {
    return this.scene.textureOf(this.assets[0]!)!;
  }

  /** Takes everything out of the system again. */
  async remove(): Promise<void> {
    for (const volume of this.volumes) await this.scene.removeVolume(volume);
    for (const component of this.components) this.scene.removeComponent(component);
  }
}

/** A view over the ground from its southern edge, or straight down from its middle. */
export function groundView(
  kind: "across" | "down",
  [width, height]: readonly [number, number],
): CameraView & RenderCamera {
  const middle = GROUND_SIZE / 2;
  const position = kind === "across" ? [middle, -4, 14] : [middle, middle, 60];
  const up = kind === "across" ? [0, 0, 1] : [0, 1, 0];
  return {
    position,
    view: lookAt(position, [middle, middle, 0], { up }),
    projection: perspective({ fovYDegrees: 60, aspect: width / height, near: 0.1, far: 1000 }),
    viewport: [width, height],
    width,
    height,
  };
}
