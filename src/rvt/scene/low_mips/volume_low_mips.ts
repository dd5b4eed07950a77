/**
 * The baked low mips of a volume that is placed in a scene.
 *
 * @module
 */

import {
  PlacedLowMips,
  type SceneIdentities,
  type VirtualTextureBuilder,
} from "../../low_mips/mod.ts";
import type { StreamedTexture, TileTest, VirtualTextureSystem } from "../../../streaming/mod.ts";
import type { TileGrid } from "../../../tiles/mod.ts";
import { MATERIAL_TYPES } from "../../asset/mod.ts";
import type { DeferredComponents } from "./deferred_components.ts";
import type { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import type { PlacedVolume } from "../placed_volume.ts";
import type { SceneMode } from "../scene_options.ts";

/** What a scene says when low mips are opened. */
export interface LowMipsHost {
  readonly mode: SceneMode;
  /** What its components draw. */
  readonly identities: SceneIdentities;
  readonly deferred: DeferredComponents;
  /** Streams what they sample; null where nothing is streamed. */
  readonly system: Pick<VirtualTextureSystem, "textures"> | null;
  /** Hears of tiles that cannot be read. */
  readonly warn: (message: string) => void;
}

/** Whether a volume's tiles are read from its bake, if there is one. */
function isUsed({ volume: { settings } }: PlacedVolume, mode: SceneMode): boolean {
  return mode === "game" || settings.useStreamingLowMipsInEditor;
}

/** The same for plans whose low mips, if opened now, would be the same; empty for none. */
function lowMipsKey(plan: PlacedVolume, mode: SceneMode): string {
  const { streamingLowMips: count, virtualTextureBuilder: builder } = plan.volume.settings;
  if (count === 0) return "";
  const built = builder === null ? "none" : [builder.id, builder.generation];
  return JSON.stringify([built, count, isUsed(plan, mode), mode, plan.bakeSettings]);
}

/** The same for plans whose tiles come from the same place: empty where all are rendered. */
export function readingKey(plan: PlacedVolume, mode: SceneMode): string {
  const { virtualTextureBuilder: builder } = plan.volume.settings;
  return builder !== null && isUsed(plan, mode) ? lowMipsKey(plan, mode) : "";
}

/** A volume in a scene, with what is baked of it. */
export interface LowMipsHolder {
  readonly volume: RuntimeVirtualTextureVolume;
  /** Its baked low mips; null if none are to be streamed. */
  lowMips: PlacedLowMips | null;
  /** What those were opened for, and where tiles have come from since the texture was added. */
  keys: { readonly lowMips: string; readonly reading: string };
}

const holders = new WeakMap<StreamedTexture, LowMipsHolder>();

/** Notes which volume a texture is of. */
export function noteTexture(holder: LowMipsHolder, texture: StreamedTexture): void {
  holders.set(texture, holder);
}

/** What is baked of the texture of a volume; null if none of it is to be streamed. */
export function lowMipsOf(texture: StreamedTexture): PlacedLowMips | null {
  return holders.get(texture)?.lowMips ?? null;
}

/** Whether a build tints what it makes: base colours alone have a tint. */
export function tintsBuild({ settings, asset }: RuntimeVirtualTextureVolume): boolean {
  return settings.buildDebug && MATERIAL_TYPES[asset.materialType].attributes.includes("baseColor");
}

/** Opens what is baked of a volume, in the place of what was opened before. */
export async function openLowMips(
  holder: LowMipsHolder,
  plan: PlacedVolume,
  host: LowMipsHost,
): Promise<void> {
  closeLowMips(holder);
  const { mode } = host;
  holder.keys = { lowMips: lowMipsKey(plan, mode), reading: readingKey(plan, mode) };
  holder.lowMips = await openedLowMips(plan, host);
  holder.volume.asset.noteStreamedLowMips(holder.lowMips?.streamedLevels ?? 0);
}

/** Opens what is baked of a volume again if it would be other low mips now. */
export async function refreshLowMips(
  holder: LowMipsHolder,
  plan: PlacedVolume,
  host: LowMipsHost,
): Promise<void> {
  if (lowMipsKey(plan, host.mode) !== holder.keys.lowMips) await openLowMips(holder, plan, host);
}

/** A test of tiles for which another one holds, but for those that are read whatever the scene holds. */
export function unlessFixed(
  { lowMips }: LowMipsHolder,
  { grid, isTouched }: {
    readonly grid: TileGrid;
    readonly isTouched: (tile: number) => boolean;
  },
): TileTest {
  return ({ level, x, y }) => {
    const tile = grid.tileIndexOf(level, x, y);
    return isTouched(tile) && !lowMips?.isFixed(tile);
  };
}

/** Closes what is baked of a volume. */
export function closeLowMips(holder: LowMipsHolder): void {
  holder.lowMips?.close();
  holder.lowMips = null;
  holder.volume.asset.noteStreamedLowMips(0);
}

/** The low mips of a plan, which the caller owns; null if none are to be streamed. */
export async function openedLowMips(
  plan: PlacedVolume,
  { mode, identities, deferred, system, warn }: LowMipsHost,
): Promise<PlacedLowMips | null> {
  const { description: { name, formats }, view: { grid, border }, volume } = plan;
  const { streamingLowMips: count, virtualTextureBuilder: builder } = volume.settings;
  if (count === 0) return null;
  const lowMips = await PlacedLowMips.open({
    texture: { name, grid, border, formats, count },
    settings: plan.bakeSettings,
    identities: plan.tileIdentities({ deferred, identities }),
    streamed: () => {
      const loaded = system === null ? null : new Set(system.textures);
      return [...identities.streamedInto(volume.asset)].map((texture) => ({
        name: texture.name,
        isIdentified: texture.identity !== null,
        isLoaded: loaded?.has(texture) ?? true,
      }));
    },
    builder,
    touchTest: (boxes) => plan.touchTest(boxes),
    isUsed: isUsed(plan, mode),
    rendersStale: mode === "editor",
    wantsTint: () => tintsBuild(volume),
    volumeName: volume.name,
    warn,
  });
  // In the editor a look at the volume's warnings tells.
  if (mode === "game") { for (const text of openingWarnings(lowMips, builder)) warn(text); }
  return lowMips;
}

/** What is not as it should be whatever the scene holds, but for what a build has told. */
function openingWarnings(
  lowMips: PlacedLowMips,
  builder: VirtualTextureBuilder | null,
): readonly string[] {
  if (lowMips.fault !== null) return lowMips.warnings();
  const incomplete = builder!.generation > 0 ? null : lowMips.incompleteWarning();
  return incomplete === null ? [] : [incomplete];
}
