/**
 * Components that draw what they are told to, by matrices that no transform can express.
 *
 * @module
 */

import { type OrientedBox, orientedBoxOf, type WorldBounds } from "../../../src/geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../../../src/rvt/asset/runtime_virtual_texture_like.ts";
import {
  type ComponentDraw,
  type LandscapeDraw,
  PrimitiveComponent,
} from "../../../src/rvt/component/mod.ts";

/** Draws one thing. Its transform has no effect. */
export class DrawnComponent extends PrimitiveComponent {
  readonly lodCount = 1;
  readonly #draw: ComponentDraw;

  constructor(draw: ComponentDraw, textures: readonly RuntimeVirtualTextureLike[]) {
    const options = { material: draw.material, renderToVirtualTextures: textures };
    super(options, { kind: "drawn thing", optionNames: [] });
    this.#draw = draw;
  }

  protected override boxesUnder(): readonly OrientedBox[] {
    const draw = this.#draw;
    if (draw.kind === "landscape") return [orientedBoxOf(boundsOf(draw), draw.toWorld)];
    return draw.instances.map((toWorld) => orientedBoxOf(draw.mesh.bounds, toWorld));
  }

  protected override drawsAt(): readonly ComponentDraw[] {
    return [this.#draw];
  }
}

function boundsOf(
  { surface: { heights }, section: { x0, y0, x1, y1 } }: LandscapeDraw,
): WorldBounds {
  return { min: [x0, y0, Math.min(...heights)], max: [x1, y1, Math.max(...heights)] };
}
