/**
 * Scenes of level squares that are seen from above and lit so that they have the very colour of their
 * material.
 *
 * @module
 */

import { lookAt, orthographic, perspective, planeMesh } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import {
  type ComponentOptions,
  type ExpressionInput,
  Material,
  RuntimeVirtualTextureScene,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import {
  type Picture,
  type RenderCamera,
  renderScene,
  type RenderSceneOptions,
} from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { linearFromSrgb } from "../../rvt/oracle/graphs/sample_texture.ts";
import { SILENT } from "../../rvt/scene/worlds.ts";

const PIXELS = 16;

/** A scene without anything in it. */
export function emptyScene(
  device: ForgeDevice,
  { maxMemoryMb = 4 }: { readonly maxMemoryMb?: number } = {},
): {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
} {
  const system = new VirtualTextureSystem(device, { maxMemoryMb, logger: SILENT });
  return { system, scene: new RuntimeVirtualTextureScene(system) };
}

/** A square of 4 by 4 units. Seen from above, what it shows is its colour. */
export function square(
  color: ExpressionInput,
  options: Partial<ComponentOptions> & {
    readonly at?: readonly number[];
    readonly opacity?: ExpressionInput;
    readonly size?: number;
  } = {},
): StaticMeshComponent {
  const { at = [0, 0, 0], opacity, size = 4, ...rest } = options;
  const pins = { baseColor: color, roughness: 1, specular: 0 };
  return new StaticMeshComponent({
    mesh: planeMesh({ size: [size, size] }),
    material: new Material({
      name: `square ${color}`,
      ...pins,
      ...(opacity === undefined ? {} : { opacity }),
    }),
    transform: { position: at },
    ...rest,
  });
}

/** From straight above, in both kinds of cameras; 8 units are seen at z = 0. */
export const CAMERAS_ABOVE: Readonly<Record<"perspective" | "orthographic", RenderCamera>> = {
  perspective: {
    view: lookAt([0, 0, 1000], [0, 0, 0]),
    projection: perspective({
      fovYDegrees: 2 * Math.atan(4 / 1000) * 180 / Math.PI,
      ...{ aspect: 1, near: 1, far: 2000 },
    }),
    ...{ width: PIXELS, height: PIXELS },
  },
  orthographic: {
    view: lookAt([0, 0, 10], [0, 0, 0]),
    projection: orthographic({
      ...{ left: -4, right: 4, bottom: -4, top: 4, near: 0.1, far: 20 },
    }),
    ...{ width: PIXELS, height: PIXELS },
  },
};

/** A picture by light from above. */
export function pictureFromAbove(
  scene: RuntimeVirtualTextureScene,
  camera: RenderCamera = CAMERAS_ABOVE.orthographic,
  options: RenderSceneOptions = {},
): Promise<Picture> {
  return renderScene(scene, camera, { towardsLight: [0, 0, 1], ...options });
}

/** Linear red, green and blue, and alpha, at a place of the world. */
export function colorAt({ data, width }: Picture, x: number, y: number): number[] {
  const [column, row] = [x, -y].map((part) => Math.floor((part + 4) / 8 * width));
  const at = 4 * (row! * width + column!);
  return [
    ...Array.from(data.subarray(at, at + 3), (byte) => linearFromSrgb(byte / 255)),
    data[at + 3]! / 255,
  ];
}

/** Whether colours differ by no more than 8 bits of sRGB do. */
export function areAlike(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, k) => Math.abs(value - b[k]!) <= 0.006);
}
