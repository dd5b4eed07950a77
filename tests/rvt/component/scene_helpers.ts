/**
 * Materials and textures that only have names, and what differs between two states of a component.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cross, type OrientedBox, planeMesh, type Vec3 } from "../../../src/geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../../../src/rvt/asset/runtime_virtual_texture_like.ts";
import { Material, type MaterialInterface } from "../../../src/rvt/material/mod.ts";
import {
  type ComponentChange,
  type ComponentDraw,
  DecalComponent,
  type PrimitiveComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";

/** A material that only tells of changes. */
export class FakeMaterial implements MaterialInterface {
  readonly #listeners = new Set<() => void>();
  readonly graph: MaterialInterface["graph"];
  readonly overrides: MaterialInterface["overrides"];
  readonly revision = 0;
  constructor(readonly name = "soil") {
    ({ graph: this.graph, overrides: this.overrides } = new Material({ name }));
  }
  /** How many listen. */
  get listenerCount(): number {
    return this.#listeners.size;
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  /** Tells of a change. */
  change(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A texture by name. */
export function fakeTexture(name = "ground"): RuntimeVirtualTextureLike {
  return { name, materialType: "base_color" };
}

/** A static mesh of a unit square, unless options say otherwise. */
export function makeMeshComponent(
  options: Partial<ConstructorParameters<typeof StaticMeshComponent>[0]> = {},
): StaticMeshComponent {
  return new StaticMeshComponent({ material: new FakeMaterial(), mesh: planeMesh(), ...options });
}

/** A decal of a unit square, unless options say otherwise. */
export function makeDecal(
  options: Partial<ConstructorParameters<typeof DecalComponent>[0]> = {},
): DecalComponent {
  return new DecalComponent({ material: new FakeMaterial(), ...options });
}

/** The changes that a component tells of while a function runs. */
export function changesDuring(component: PrimitiveComponent, act: () => void): ComponentChange[] {
  const changes: ComponentChange[] = [];
  const stop = component.subscribe((change) => changes.push(change));
  try {
    act();
  } finally {
    stop();
  }
  return changes;
}

/** The vertices in the world of each thing that mesh draws draw, in order. */
export function drawnVertices(draws: readonly ComponentDraw[]): Vec3[][] {
  return draws.flatMap((draw) => {
    assert.equal(draw.kind, "mesh");
    if (draw.kind !== "mesh") return [];
    return draw.instances.map((m) => {
      const { positions } = draw.mesh;
      return Array.from({ length: positions.length / 3 }, (_, vertex) => {
        const [x, y, z] = positions.subarray(3 * vertex, 3 * vertex + 3) as unknown as Vec3;
        return [0, 1, 2].map((row) =>
          m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!
        ) as unknown as Vec3;
      });
    });
  });
}

/** Things that only one of two lists has. */
export function differingThings(before: Vec3[][], after: Vec3[][]): Vec3[][] {
  const keys = (things: Vec3[][]) => new Set(things.map((thing) => JSON.stringify(thing)));
  const [old, now] = [keys(before), keys(after)];
  return [...old.symmetricDifference(now)].map((key) => JSON.parse(key));
}

/** Where a point lies between the faces of a box, -1 to 1 inside; a flat axis counts world units. */
export function coordinatesIn({ center, axes }: OrientedBox, point: Vec3): Vec3 {
  const full = axes.map((axis, i) => {
    if (Math.hypot(...axis) > 0) return axis;
    const [b, c] = [axes[(i + 1) % 3]!, axes[(i + 2) % 3]!];
    const normal = cross(b, c);
    const length = Math.hypot(...normal);
    return normal.map((part) => part / length) as unknown as Vec3;
  });
  const from = point.map((part, i) => part - center[i]!);
  return full.map((axis, i) => {
    const face = cross(full[(i + 1) % 3]!, full[(i + 2) % 3]!);
    const dot = (a: ArrayLike<number>) => a[0]! * face[0] + a[1]! * face[1] + a[2]! * face[2];
    return dot(from) / dot(axis);
  }) as unknown as Vec3;
}

const SLACK = 1e-4;

/** Whether a point lies in a box. */
export function holdsPoint(box: OrientedBox, point: Vec3): boolean {
  return coordinatesIn(box, point).every((part) => Math.abs(part) <= 1 + SLACK);
}

/** Whether a box holds all vertices of a thing, and has no face further out than they are. */
function fits(box: OrientedBox, thing: readonly Vec3[]): boolean {
  const at = thing.map((point) => coordinatesIn(box, point));
  return [0, 1, 2].every((axis) => {
    const parts = at.map((point) => point[axis]!);
    const [low, high] = [Math.min(...parts), Math.max(...parts)];
    if (Math.hypot(...box.axes[axis]!) === 0) return low >= -SLACK && high <= SLACK;
    return Math.abs(low + 1) <= SLACK && Math.abs(high - 1) <= SLACK;
  });
}

/** What is wrong with the boxes that were told of for some differing things; empty if nothing. */
export function boxComplaints(boxes: readonly OrientedBox[], things: Vec3[][]): string[] {
  const missed = things.filter((thing) => !boxes.some((box) => fits(box, thing)));
  const idle = boxes.filter((box) => !things.some((thing) => fits(box, thing)));
  return [
    ...missed.map((thing) => `nothing told of ${JSON.stringify(thing)}`),
    ...idle.map((box) => `nothing differs at ${JSON.stringify(box)}`),
  ];
}
