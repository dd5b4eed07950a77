/**
 * Checks of what scenes are given.
 *
 * @module
 */

import { checkedChoice, checkedInteger, checkedSignalOption, describeValue } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { OrientedBox, WorldBounds } from "../../geometry/mod.ts";
import type { AbortOptions, StreamedTexture } from "../../streaming/mod.ts";
import { RuntimeVirtualTexture, type RuntimeVirtualTextureLike } from "../asset/mod.ts";
import { checkedBounds, LandscapeComponent, PrimitiveComponent } from "../component/mod.ts";
import { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import { INVALIDATION_PRIORITIES, type InvalidationPriority } from "./scene_options.ts";

/**
 * Checks a component.
 *
 * @throws {InvalidArgumentError} if it is none.
 */
export function assertComponent(component: PrimitiveComponent, failure: string): void {
  if (component instanceof PrimitiveComponent) return;
  throw new InvalidArgumentError(
    "component",
    `${failure} as it must be a component: current value is ${describeValue(component)}`,
  );
}

/**
 * Checks that a component takes no heights of a texture that the scene renders itself, which may depend on
 * the component.
 *
 * @throws {InvalidArgumentError} if it does.
 */
export function assertNoRenderedHeights(
  component: PrimitiveComponent,
  placements: { isPlaced(texture: StreamedTexture): boolean },
): void {
  if (!(component instanceof LandscapeComponent)) return;
  const { streamedHeights } = component.surface;
  if (streamedHeights === undefined || !placements.isPlaced(streamedHeights.texture)) return;
  throw new InvalidArgumentError(
    "heightTexture",
    `Cannot add component as heights of ${component.label} are streamed from runtime virtual texture ` +
      `"${streamedHeights.texture.name}": load a texture of heights`,
  );
}

/**
 * Checks the textures that a component in a scene is rendered to: no volume places what only looks like an
 * asset, such as the settings of one.
 *
 * @throws {InvalidArgumentError} if one is not a runtime virtual texture.
 */
export function assertAssets(assets: Iterable<RuntimeVirtualTextureLike>, failure: string): void {
  for (const asset of assets) {
    if (asset instanceof RuntimeVirtualTexture) continue;
    throw new InvalidArgumentError(
      "renderToVirtualTextures",
      `${failure} as "${asset.name}" of renderToVirtualTextures must be a RuntimeVirtualTexture: ` +
        `current value is ${describeValue(asset)}`,
    );
  }
}

/**
 * Checks a component that is to be added to others.
 *
 * @throws {InvalidArgumentError} if it is none, or is one of the others.
 */
export function assertNewComponent(
  component: PrimitiveComponent,
  others: { has(component: PrimitiveComponent): boolean },
): void {
  const failure = "Cannot add component";
  assertComponent(component, failure);
  if (!others.has(component)) return;
  throw new InvalidArgumentError(
    "component",
    `${failure} as ${component.label} is in the scene already`,
  );
}

/** What is in a scene. */
interface SceneContent {
  readonly components: readonly PrimitiveComponent[];
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
}

/** @throws {InvalidArgumentError} if a volume whose bounds are to be set is not one of the scene's. */
export function assertVolumeOf(
  { volumes }: SceneContent,
  volume: RuntimeVirtualTextureVolume,
): void {
  if (volumes.includes(volume)) return;
  throw new InvalidArgumentError(
    "volume",
    volume instanceof RuntimeVirtualTextureVolume
      ? `${boundsFailure(volume)} as it is not in the scene: add it first`
      : `Cannot set bounds of volume as it must be a volume of the scene: current value is ${
        describeValue(volume)
      }`,
  );
}

/** @throws {InvalidArgumentError} if the component that bounds come from is not one of the scene's. */
export function assertSourceOf(
  { components }: SceneContent,
  volume: RuntimeVirtualTextureVolume,
  source: PrimitiveComponent,
): void {
  if (components.includes(source)) return;
  throw new InvalidArgumentError(
    "source",
    source instanceof PrimitiveComponent
      ? `${boundsFailure(volume)} as its source ${source.label} is not in the scene: add it first`
      : `${
        boundsFailure(volume)
      } as its source must be a component of the scene: current value is ${describeValue(source)}`,
  );
}

/** The beginning of messages about Set Bounds. */
export function boundsFailure(volume: RuntimeVirtualTextureVolume): string {
  return `Cannot set bounds of volume "${volume.name}"`;
}

/**
 * Checks what is to be invalidated.
 *
 * @throws As {@linkcode checkedBounds} does.
 * @throws {InvalidArgumentError} if priority is not a name.
 * @throws {OutOfRangeError} if there is no such priority.
 */
export function checkedInvalidation(
  bounds: WorldBounds,
  priority: InvalidationPriority,
): { readonly box: OrientedBox; readonly urgent: boolean } {
  const failure = "Cannot invalidate";
  const box = checkedBounds(bounds, failure);
  checkedChoice(priority, { name: "priority", failure, choices: INVALIDATION_PRIORITIES });
  return { box, urgent: priority === "high" };
}

/**
 * Checks what is to be preloaded.
 *
 * @throws As {@linkcode checkedBounds} does.
 * @throws {InvalidArgumentError} if level is not a number, or an option is wrong.
 * @throws {OutOfRangeError} if level is not an integer, or negative.
 */
export function checkedPreload(
  bounds: WorldBounds,
  level: number,
  options: AbortOptions,
): OrientedBox {
  const failure = "Cannot request preload";
  const box = checkedBounds(bounds, failure);
  checkedInteger(level, { name: "level", failure, range: [0, Infinity] });
  checkedSignalOption(options, failure);
  return box;
}
