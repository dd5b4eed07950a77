/**
 * Pictures of eight panels, in two rows, seen from above.
 *
 * @module
 */

import {
  type ExpressionInput,
  expressions as e,
  gridMesh,
  lookAt,
  Material,
  type MaterialInterface,
  orthographic,
  type RenderCamera,
  type RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../src/mod.ts";

/** Edge of a panel of a picture, in the world. */
export const PANEL = 8;
/** Panels side by side, of which there are two rows. */
export const COLUMNS = 4;
export const [WIDTH, DEPTH] = [COLUMNS * PANEL, 2 * PANEL];
export const MIDDLE = [WIDTH / 2, DEPTH / 2] as const;
/** Depth of the volumes. */
export const HEIGHT = 4;

/** The middle of a panel. */
export function panelAt(panel: number): readonly [number, number] {
  return [
    PANEL * (panel % COLUMNS + 0.5),
    DEPTH - PANEL * (Math.floor(panel / COLUMNS) + 0.5),
  ];
}

/** All panels from straight above; 0 at the upper left. */
export function fromAbove(): RenderCamera {
  const position = [...MIDDLE, 20];
  const [right, top] = MIDDLE;
  return {
    position,
    view: lookAt(position, [...MIDDLE, 0], { up: [0, 1, 0] }),
    projection: orthographic({ left: -right, right, bottom: -top, top, near: 1, far: 100 }),
    width: 512,
    height: 256,
  };
}

/** A volume over a panel. */
export function volumeOn(panel: number, asset: RuntimeVirtualTexture): RuntimeVirtualTextureVolume {
  return new RuntimeVirtualTextureVolume(asset, {
    name: asset.name,
    position: [...panelAt(panel), 0],
    scale: [PANEL, PANEL, HEIGHT],
  });
}

/** What shows a panel in the main pass. */
export function screenOn(panel: number, material: MaterialInterface): StaticMeshComponent {
  return new StaticMeshComponent({
    name: `screen ${panel}`,
    material,
    mesh: gridMesh({ size: [PANEL - 0.25, PANEL - 0.25] }),
    transform: { position: [...panelAt(panel), HEIGHT] },
  });
}

/** Shown as it is, without light. */
export function flat(name: string, baseColor: ExpressionInput): Material {
  return new Material({ name, baseColor, roughness: 1, specular: 0 });
}

/** World x and y. */
export const XY = e.componentMask(e.worldPosition(), "xy");
/** From 0 to 1 within each panel. */
export const IN_PANEL = e.fraction(e.multiply(XY, 1 / PANEL));

/** 0 and 1 in turn. */
export function checker(edge: number) {
  const cells = e.floor(e.multiply(XY, 1 / edge));
  const sum = e.add(e.componentMask(cells, "x"), e.componentMask(cells, "y"));
  return e.multiply(2, e.fraction(e.multiply(0.5, sum)));
}
