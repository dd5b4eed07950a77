/**
 * The part of the private module that runtime virtual textures need.
 *
 * Python holds the library's own objects, as references that it hands back: they live as long as it
 * does so, and the library checks them where they are used. Everything else comes and goes as plain
 * values. Names are the library's.
 *
 * @module
 */
import {
  type DeferredComponent,
  type DeferredComponentOptions,
  inspectTile,
  openProjectScene,
  type OpenProjectSceneOptions,
  type PrimitiveComponent,
  type Project,
  type RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
} from "../../rvt/mod.ts";
import { renderScene, type RenderSceneOptions } from "../../scene/mod.ts";
import type { TileAddress } from "../../tiles/mod.ts";
import type { Engine } from "../engine.ts";
import { camelKeys, type Plain, snakeKeys } from "../spelling.ts";
import { type AnyClass, type AnyFunction, CLASSES, FUNCTIONS } from "./classes.ts";
import { makeDeferredComponent, type PythonLoad, throwFailure } from "./deferred_load.ts";
import { makeOpenedBuilder, type PythonOpen } from "./opened_store.ts";
import { plainOf } from "./plain.ts";
import { subscribePython } from "./subscriptions.ts";
import { weightsOf } from "./weights.ts";

/** How Python reaches runtime virtual textures. */
export interface RvtModule {
  /** Makes an object of a class. */
  rvt_make(kind: string, ...args: unknown[]): object;
  /** Calls a function; the result is as it is. */
  rvt_apply(name: string, ...args: unknown[]): unknown;
  /** Calls a method of an object; the result is plain. What is undefined becomes null, here and below. */
  rvt_call(target: object, method: string, ...args: unknown[]): unknown;
  /** Reads a property; the value is plain. */
  rvt_get(target: object, name: string): unknown;
  /** Sets a property. */
  rvt_set(target: object, name: string, value: unknown): void;
  /** Calls a function of Python after every change of an object; answers what ends this. */
  rvt_subscribe(target: object, listener: (change: unknown) => void): object;
  /** Sets where a component stands: position, rotation, scale. */
  rvt_place(component: object, ...numbers: number[]): void;
  /** Weights of painted layers, of bytes or floats. */
  rvt_weights(values: unknown, layer: string): Uint8Array;
  /** A texture that a system has loaded. */
  rvt_texture(system: number, texture: number): object;
  /** A device, for calls that depend on what it has. */
  rvt_device(device: number): object;
  /** Makes a deferred component, whose component a function of Python makes. */
  rvt_make_deferred(options: Plain, load: PythonLoad): object;
  /** Makes a builder whose low mips a function of Python opens. */
  rvt_make_opened_builder(options: Plain, open: PythonOpen): object;
  /** Throws why a deferred component could not be loaded the last time, if it could not. */
  rvt_raise_failure(deferred: object): void;
  /** Makes a scene on a system. */
  rvt_make_scene(system: number, options: Plain): object;
  /**
   * Calls a method that waits, of a scene or of something that belongs to it, after the other calls that wait
   * for the scene's system.
   */
  rvt_wait(scene: object, target: object, method: string, ...args: unknown[]): Promise<unknown>;
  /** Opens a scene of a project in a system. */
  rvt_open_project(project: object, system: number, options: Plain): Promise<object>;
  /** Tells everything about a tile of an asset's texture. */
  rvt_inspect_tile(scene: object, asset: object, tile: object): Promise<unknown>;
  /** Draws a scene for the shared camera; answers the picture's bytes. */
  rvt_render(scene: object, width: number, height: number, options: Plain): Promise<Uint8Array>;
  /** The streamed texture of an asset, as `load_texture` describes one; undefined if there is none now. */
  rvt_texture_of(scene: object, asset: object): Plain | undefined;
  /** Closes a scene. May be called again. */
  rvt_close(scene: object): Promise<void>;
}

/** A scene that Python has, or has let go without closing it. */
interface OpenScene {
  /** Handle of its system. */
  readonly system: number;
  /** Closes it, with what was loaded for it. */
  close(): Promise<void>;
}

/** Numbers of a position, and where rotation and scale begin behind it. */
const [ROTATION, SCALE] = [3, 7];

/** Makes that part, on what has the systems. */
export class RvtCalls implements RvtModule {
  readonly #engine: Engine;
  /** Scenes that are open. */
  readonly #scenes = new Map<object, OpenScene>();

  /** Takes the engine; borrowed. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  rvt_make(kind: string, ...args: unknown[]): object {
    const Kind: AnyClass = CLASSES.get(kind)!;
    return new Kind(...args as never[]);
  }

  rvt_apply(name: string, ...args: unknown[]): unknown {
    return FUNCTIONS.get(name)!(...args as never[]);
  }

  rvt_call(target: object, method: string, ...args: unknown[]): unknown {
    const call = (target as Record<string, AnyFunction>)[method]!;
    return plainOf(call.apply(target, args.map(orNull) as never[]));
  }

  rvt_get(target: object, name: string): unknown {
    return plainOf((target as Record<string, unknown>)[name]);
  }

  rvt_set(target: object, name: string, value: unknown): void {
    (target as Record<string, unknown>)[name] = orNull(value);
  }

  rvt_subscribe(target: object, listener: (change: unknown) => void): object {
    return subscribePython(target, listener);
  }

  rvt_place(component: object, ...numbers: number[]): void {
    (component as PrimitiveComponent).transform = {
      position: numbers.slice(0, ROTATION),
      rotation: numbers.slice(ROTATION, SCALE),
      scale: numbers.slice(SCALE),
    };
  }

  rvt_weights(values: unknown, layer: string): Uint8Array {
    return weightsOf(values, layer);
  }

  rvt_texture(system: number, texture: number): object {
    return this.#engine.loadedTexture(system, texture);
  }

  rvt_device(device: number): object {
    return this.#engine.device(device);
  }

  rvt_make_deferred(options: Plain, load: PythonLoad): object {
    return makeDeferredComponent(options as unknown as DeferredComponentOptions, load);
  }

  rvt_make_opened_builder(options: Plain, open: PythonOpen): object {
    return makeOpenedBuilder(options, open);
  }

  rvt_raise_failure(deferred: object): void {
    throwFailure(deferred as DeferredComponent);
  }

  rvt_make_scene(system: number, options: Plain): object {
    const scene = new RuntimeVirtualTextureScene(this.#engine.system(system), camelKeys(options));
    this.#scenes.set(scene, { system, close: () => scene.close() });
    return scene;
  }

  async rvt_wait(
    scene: object,
    target: object,
    method: string,
    ...args: unknown[]
  ): Promise<unknown> {
    const work = async () =>
      plainOf(
        await (target as Record<string, AnyFunction>)[method]!(...args.map(orNull) as never[]),
      );
    return await this.#afterOthers(scene, work);
  }

  async rvt_open_project(project: object, system: number, options: Plain): Promise<object> {
    const on = this.#engine.system(system);
    const how = camelKeys<OpenProjectSceneOptions>(options);
    const opened = await this.#engine.afterOthers(
      system,
      () => openProjectScene(project as Project, on, how),
    );
    const { scene } = opened;
    this.#scenes.set(scene, { system, close: () => opened.close() });
    // A task that is cancelled before it gets the scene cannot close it.
    how.signal?.addEventListener("abort", () => void this.rvt_close(scene).catch(() => {}));
    return opened;
  }

  async rvt_inspect_tile(scene: object, asset: object, tile: object): Promise<unknown> {
    const inspect = () =>
      inspectTile(
        scene as RuntimeVirtualTextureScene,
        asset as RuntimeVirtualTexture,
        tile as TileAddress,
      );
    return plainOf(await this.#afterOthers(scene, inspect));
  }

  async rvt_render(
    scene: object,
    width: number,
    height: number,
    options: Plain,
  ): Promise<Uint8Array> {
    const { position, view, projection } = this.#engine.sharedCamera();
    const camera = { position, view: view!, projection: projection ?? null, width, height };
    const how = camelKeys<RenderSceneOptions>(options);
    const { data } = await this.#afterOthers(
      scene,
      () => renderScene(scene as RuntimeVirtualTextureScene, camera, how),
    );
    return data;
  }

  rvt_texture_of(scene: object, asset: object): Plain | undefined {
    const texture = (scene as RuntimeVirtualTextureScene).textureOf(asset as RuntimeVirtualTexture);
    const open = this.#scenes.get(scene);
    if (texture === null || open === undefined) return undefined;
    return snakeKeys(this.#engine.addTexture(open.system, texture));
  }

  async rvt_close(scene: object): Promise<void> {
    const open = this.#scenes.get(scene);
    this.#scenes.delete(scene);
    await open?.close();
  }

  /** Closes every scene that is open; nobody waits for it. */
  close(): void {
    for (const scene of [...this.#scenes.keys()]) this.rvt_close(scene).catch(() => {});
  }

  /** A scene that was closed, or whose system was, answers for itself. */
  async #afterOthers<T>(scene: object, work: () => Promise<T>): Promise<T> {
    const open = this.#scenes.get(scene);
    if (open === undefined || !this.#engine.hasSystem(open.system)) return await work();
    return await this.#engine.afterOthers(open.system, work);
  }
}

/** Undefined, which is Python's None, is null where something was given. */
function orNull(value: unknown): unknown {
  return value ?? null;
}
