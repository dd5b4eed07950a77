/**
 * The components of a scene, and what they draw.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import {
  type ComponentChangeListener,
  LandscapeComponent,
  type LandscapeSurface,
  MeshComponent,
  type PrimitiveComponent,
} from "../component/mod.ts";
import type { MaterialInterface } from "../material/mod.ts";
import { assertAssets } from "./scene_checks.ts";
import type { SceneFills } from "./scene_fills.ts";

/** Hears of what the components begin to draw and draw no more. */
export interface DrawnObjectEvents {
  /** Meshes came in the place of others, with one change; either list may be empty. */
  meshesReplaced(gone: readonly Mesh[], made: readonly Mesh[]): void;
  /** No component draws a landscape any more. */
  landscapeReleased(surface: LandscapeSurface): void;
  /** No component is drawn with a material any more. */
  materialReleased(material: MaterialInterface): void;
}

/** What a component may be drawn with. */
interface DrawnObjects {
  readonly meshes: ReadonlySet<Mesh>;
  readonly landscapes: ReadonlySet<LandscapeSurface>;
  readonly materials: ReadonlySet<MaterialInterface>;
}

const NOTHING: DrawnObjects = {
  meshes: new Set(),
  landscapes: new Set(),
  materials: new Set(),
};

/** What a scene does with components beside drawing them. */
interface SceneServices {
  /** Knows what they sample while they fill textures. */
  readonly fills: SceneFills;
  /** Hears of what is not at its best. */
  warn(message: string): void;
}

interface Entry {
  readonly stop: () => void;
  drawn: DrawnObjects;
}

/** Holds components, and counts how many of them draw each mesh, landscape and material. */
export class SceneComponents {
  readonly #events: DrawnObjectEvents;
  readonly #services: SceneServices;
  readonly #entries = new Map<PrimitiveComponent, Entry>();
  readonly #meshes = new UseCount<Mesh>();
  readonly #landscapes = new UseCount<LandscapeSurface>();
  readonly #materials = new UseCount<MaterialInterface>();

  /** Begins with none. */
  constructor(events: DrawnObjectEvents, services: SceneServices) {
    this.#events = events;
    this.#services = services;
  }

  /** Whether a component is there. */
  has(component: PrimitiveComponent): boolean {
    return this.#entries.has(component);
  }

  /** The components, in the order in which they came. */
  get all(): PrimitiveComponent[] {
    return [...this.#entries.keys()];
  }

  /**
   * Adds a component that is not there, and listens to it. Its warnings are told, now and as they come,
   * each once.
   *
   * @throws {InvalidArgumentError} if a texture that it is rendered to is none.
   * @throws {OutOfRangeError} naming the cycle if a texture would be filled with samples of itself.
   */
  add(component: PrimitiveComponent, listener: ComponentChangeListener): void {
    const { fills } = this.#services;
    assertAssets(component.renderToVirtualTextures, `Cannot add ${component.label}`);
    fills.assertMayAdd(component, () => this.all);
    const told = new Set<string>();
    this.#warnOf(component, told);
    const release = component.addHolder({
      assertMayWrite: (writer, failure) => {
        assertAssets(writer.assets, failure);
        fills.assertMayChange(component, { writer, all: () => this.all, failure });
      },
      mobilityChanged: () => this.#warnOf(component, told),
    });
    const stopListening = component.subscribe((change) => {
      this.#note(entry, drawnBy(component));
      listener(change);
    });
    const stop = () => {
      release();
      stopListening();
    };
    const entry: Entry = { stop, drawn: NOTHING };
    this.#entries.set(component, entry);
    this.#note(entry, drawnBy(component));
  }

  /**
   * Takes a component away, and listens to it no more.
   *
   * @returns Whether it was there.
   */
  remove(component: PrimitiveComponent): boolean {
    const entry = this.#entries.get(component);
    if (entry === undefined) return false;
    entry.stop();
    this.#entries.delete(component);
    this.#note(entry, NOTHING);
    return true;
  }

  #warnOf(component: PrimitiveComponent, told: Set<string>): void {
    for (const warning of component.warnings()) {
      if (told.has(warning)) continue;
      told.add(warning);
      this.#services.warn(warning);
    }
  }

  #note(entry: Entry, drawn: DrawnObjects): void {
    const before = entry.drawn;
    entry.drawn = drawn;
    const meshes = this.#meshes.exchange(before.meshes, drawn.meshes);
    if (meshes.gone.length + meshes.made.length > 0) {
      this.#events.meshesReplaced(meshes.gone, meshes.made);
    }
    for (const surface of this.#landscapes.exchange(before.landscapes, drawn.landscapes).gone) {
      this.#events.landscapeReleased(surface);
    }
    for (const material of this.#materials.exchange(before.materials, drawn.materials).gone) {
      this.#events.materialReleased(material);
    }
  }
}

/** What a component may be drawn with as it is now, at any level of detail. */
function drawnBy(component: PrimitiveComponent): DrawnObjects {
  if (component.boxes().length === 0) return NOTHING;
  const materials = new Set([component.material]);
  if (component instanceof LandscapeComponent) {
    return { ...NOTHING, landscapes: new Set([component.surface]), materials };
  }
  if (component instanceof MeshComponent) {
    return { ...NOTHING, meshes: new Set(component.lods), materials };
  }
  const meshes = new Set<Mesh>();
  const landscapes = new Set<LandscapeSurface>();
  for (let lod = 0; lod < component.lodCount; lod++) {
    for (const draw of component.draws(lod)) {
      materials.add(draw.material);
      if (draw.kind === "mesh") meshes.add(draw.mesh);
      else landscapes.add(draw.surface);
    }
  }
  return { meshes, landscapes, materials };
}

/** Counts users of objects. */
class UseCount<T> {
  readonly #counts = new Map<T, number>();

  /**
   * Counts a user whose objects have changed.
   *
   * @returns The objects that nobody uses any more, and those that nobody used before.
   */
  exchange(before: ReadonlySet<T>, now: ReadonlySet<T>): { gone: T[]; made: T[] } {
    const gone: T[] = [];
    const made: T[] = [];
    for (const object of before) {
      if (now.has(object)) continue;
      const left = this.#counts.get(object)! - 1;
      if (left > 0) this.#counts.set(object, left);
      else {
        this.#counts.delete(object);
        gone.push(object);
      }
    }
    for (const object of now) {
      if (before.has(object)) continue;
      const count = this.#counts.get(object) ?? 0;
      this.#counts.set(object, count + 1);
      if (count === 0) made.push(object);
    }
    return { gone, made };
  }
}
