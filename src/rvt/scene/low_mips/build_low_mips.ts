/**
 * Builds the low mips of volumes in a scene.
 *
 * @module
 */

import {
  checkedFunction,
  checkedInstance,
  checkedSignal,
  checkOptionNames,
} from "../../../checks.ts";
import { BakeError, InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import type { AbortOptions, VirtualTextureSystem } from "../../../streaming/mod.ts";
import { sleep } from "../../../waiting.ts";
import {
  bakeLowMips,
  bakeTint,
  identitiesOf,
  incompleteText,
  type LowMipLevels,
  lowMipLevels,
  VirtualTextureBuilder,
} from "../../low_mips/mod.ts";
import type { RenderProducer } from "../../tile/render_producer.ts";
import { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import type { DeferredComponents } from "./deferred_components.ts";
import type { SupplyScene } from "../placed_volume.ts";
import type { PlacementHost, VolumeEntry } from "../volume_entry.ts";
import { tintsBuild } from "./volume_low_mips.ts";

/** How far a build is. */
export interface BuildProgress {
  /** What is built. */
  readonly volume: RuntimeVirtualTextureVolume;
  /** Tiles that were baked so far. */
  readonly tiles: number;
  /** Tiles that there are. */
  readonly tileCount: number;
}

/** Options of builds. */
export interface BuildOptions extends AbortOptions {
  /** Called after each few tiles. What it throws ends the build. */
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** A finished build. */
export interface BuildReport {
  /** What was built. */
  readonly volume: RuntimeVirtualTextureVolume;
  /** What holds it. */
  readonly builder: VirtualTextureBuilder;
  /** Levels that were baked, counted from the one of a single tile. */
  readonly levels: number;
  /** Tiles that were baked. */
  readonly tileCount: number;
  /**
   * Tiles that were made from less than their materials sample, as other textures could not be read or had no
   * room. A warning says so, too.
   */
  readonly incompleteTiles: number;
  /** Bytes of the tile store. */
  readonly byteLength: number;
}

/** Milliseconds between two looks at what tiles wait for. */
const POLL_MS = 1;
/** Looks after which tiles are made without what has not come. */
const MOST_LOOKS = 4;

/**
 * Checks the options of a build.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 */
export function checkedBuildOptions(options: BuildOptions, failure: string): BuildOptions {
  checkOptionNames(options, { failure, names: ["signal", "onProgress"] });
  checkedSignal(options.signal, failure)?.throwIfAborted();
  const { onProgress } = options;
  if (onProgress !== undefined) checkedFunction(onProgress, { name: "onProgress", failure });
  return options;
}

/**
 * Checks a volume that is to be built.
 *
 * @throws {InvalidArgumentError} if it is not a volume of the scene.
 * @throws {OutOfRangeError} if it streams no low mips.
 */
export function assertBuildable(
  volume: RuntimeVirtualTextureVolume,
  volumes: readonly RuntimeVirtualTextureVolume[],
): void {
  const kind = RuntimeVirtualTextureVolume;
  checkedInstance(volume, { name: "volume", failure: "Cannot build low mips", kind });
  const failure = buildFailure(volume);
  if (!volumes.includes(volume)) {
    throw new InvalidArgumentError("volume", `${failure} as it is not in the scene: add it first`);
  }
  if (volume.settings.streamingLowMips > 0) return;
  throw new OutOfRangeError(
    "streamingLowMips",
    `${failure} as streamingLowMips must be >= 1: current value is 0`,
  );
}

/**
 * Checks that no volume would be built in the place of another one.
 *
 * @throws {InvalidArgumentError} naming two that have one builder, or one file.
 */
export function assertOwnBuilders(volumes: readonly RuntimeVirtualTextureVolume[]): void {
  const built = new Map<unknown, RuntimeVirtualTextureVolume>();
  for (const volume of volumes) {
    const { virtualTextureBuilder: builder } = volume.settings;
    if (builder === null) continue;
    const place = builder.path ?? builder;
    const other = built.get(place);
    built.set(place, volume);
    if (other === undefined) continue;
    throw new InvalidArgumentError(
      "virtualTextureBuilder",
      `Cannot build virtual textures as volumes must have builders of their own: "${other.name}" and ` +
        `"${volume.name}" have "${builder.name}"`,
    );
  }
}

function buildFailure({ name }: RuntimeVirtualTextureVolume): string {
  return `Cannot build low mips of volume "${name}"`;
}

/**
 * Renders the low mips of a volume into its builder, which is made unless the volume has one.
 *
 * @throws As `RuntimeVirtualTextureScene.build` does. What was built before stays then.
 */
export async function buildLowMips(
  entry: VolumeEntry,
  scene: PlacementHost & SupplyScene,
  { signal, onProgress }: BuildOptions,
): Promise<BuildReport> {
  const { volume, plan, supplyHost } = entry;
  const failure = buildFailure(volume);
  if (plan === null || supplyHost === null) {
    throw new OutOfRangeError(
      "volume",
      `${failure} as it is not placed: virtualTexturing must be true, and its settings valid`,
    );
  }
  const { view: { grid, border }, bakeSettings: settings } = plan;
  const levels = builtLevels(entry);
  const { virtualTextureBuilder } = volume.settings;
  const isTinted = tintsBuild(volume);
  const builder = virtualTextureBuilder ??
    new VirtualTextureBuilder({ name: `low mips of volume "${volume.name}"` });
  const { identities: known, system, deferred } = scene;
  for (const failed of deferred.failedOf(volume.asset)) await failed.load().catch(() => {});
  assertLoaded(deferred, { volume, builder });
  const tiles = plan.tileIdentities(scene);
  const version = known.version;
  const identities = identitiesOf(tiles, { levels, grid });
  const unloaded = deferred.all.filter(({ isLoaded }) => !isLoaded);
  entry.builder = builder;
  const supply = plan.renderSupply(supplyHost, { ...scene, tint: bakeTint(isTinted) });
  try {
    // What was edited may be sampled through textures that are not known to be stale before the next frame.
    supplyHost.sources.takeStaleTiles();
    const { byteLength, tileCount, incompleteTiles } = await builder.replace((sink) =>
      bakeLowMips({
        device: supplyHost.device,
        ledger: supplyHost.ledger,
        supply,
        texture: { grid, border },
        levels,
        formats: plan.description.formats,
        record: { name: volume.asset.name, settings, identities, isTinted },
        signal,
        onProgress: (progress) => onProgress?.({ volume, ...progress }),
        waitForOthers: waitingFor(supply.producer, { system, signal }),
        assertCurrent: () => {
          assertLoaded(deferred, { volume, builder });
          const isSame = JSON.stringify(plan.bakeSettings) === JSON.stringify(settings);
          if (isSame && known.version === version) return;
          throw new BakeError(
            builder.name,
            `${failure} as the scene was edited meanwhile: build it again`,
          );
        },
      }, sink)
    );
    if (incompleteTiles > 0) {
      scene.warn(incompleteText(incompleteTiles, { tileCount, volumeName: volume.name }));
    }
    const levelCount = levels.grid.levelCount;
    return { volume, builder, levels: levelCount, tileCount, incompleteTiles, byteLength };
  } finally {
    entry.builder = null;
    supply.close();
    // Tiles that show them stay as they are.
    for (const one of unloaded) if (!one.isEdited) one.unload();
  }
}

/**
 * Checks that no component is missing: a bake without one would pass for one with it.
 *
 * @throws {BakeError} naming one that could not be loaded.
 */
function assertLoaded(
  deferred: DeferredComponents,
  { volume, builder }: Pick<BuildReport, "volume" | "builder">,
): void {
  const [failed] = deferred.failedOf(volume.asset);
  if (failed === undefined) return;
  const { label, failure: cause } = failed;
  const message = `${buildFailure(volume)} as ${label} cannot be loaded: ${cause!.message}`;
  throw new BakeError(builder.name, message, { cause });
}

/** Waits a little, and runs frames where tiles of other textures are waited for. */
function waitingFor(
  producer: RenderProducer,
  { system, signal }: {
    readonly system: VirtualTextureSystem;
    readonly signal: AbortSignal | undefined;
  },
): () => Promise<void> {
  let looks = 0;
  return async () => {
    system.assertOpen();
    await sleep(POLL_MS, signal);
    if (producer.waitingCount === 0) return;
    await system.flush(signal === undefined ? {} : { signal });
    producer.takeStaleTiles();
    if (producer.waitingCount > 0 && ++looks % MOST_LOOKS === 0) producer.stopWaiting();
  };
}

/** @throws {OutOfRangeError} if the texture has none of the levels. */
function builtLevels({ volume, plan }: VolumeEntry): LowMipLevels {
  const { streamingLowMips: count } = volume.settings;
  const { grid } = plan!.view;
  const levels = lowMipLevels(grid, count);
  if (levels.firstLevel < grid.levelCount) return levels;
  const { removeLowMips } = volume.asset.settings;
  throw new OutOfRangeError(
    "streamingLowMips",
    `${
      buildFailure(volume)
    } as streamingLowMips must be > removeLowMips of "${volume.asset.name}", ` +
      `${removeLowMips}: current value is ${count}`,
  );
}
