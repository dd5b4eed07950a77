/**
 * Checks whether the baked low mips of a project are there, and what they would be now, without a device.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import { formatInfo } from "../../texels/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import { inSortOrder } from "../component/mod.ts";
import { type PlacedLowMips, SceneIdentities } from "../low_mips/mod.ts";
import type { SceneParts } from "../project/mod.ts";
import { DeferredComponents } from "../scene/low_mips/deferred_components.ts";
import { openedLowMips } from "../scene/low_mips/volume_low_mips.ts";
import { PlacedVolume } from "../scene/placed_volume.ts";
import { DEFAULT_SCENE_OPTIONS, tileCountBiasOf } from "../scene/scene_options.ts";
import { type Finding, finding } from "./finding.ts";

type Formats = Pick<ForgeDevice, "supports">;

const isBlocks: Formats["supports"] = (format) => formatInfo(format).blockTexels > 1;

/** The kinds of devices that store textures in different formats: which one has baked is not known. */
const DEVICES: readonly Formats[] = [
  { supports: (format) => format !== "r16unorm" },
  { supports: () => true },
  { supports: (format) => format !== "r16unorm" && !isBlocks(format) },
  { supports: (format) => !isBlocks(format) },
];

/** What is wrong on a device of some kind. */
interface Judged {
  readonly findings: readonly Finding[];
  /** How much of it is wrong, to compare kinds. */
  readonly score: number;
}

/** A fault counts more than any number of stale tiles; of two, the one with less to say. */
const FAULT_SCORE = 1e9;

/**
 * Volumes that stream low mips of which none were built, whose file holds something else, that were built with
 * other settings, or are stale on every kind of device.
 *
 * @param parts With deferred components that are not loaded, if stale tiles are to be found.
 * @param options `canBeOpened`: whether the scene has no errors; without, nothing is said of its tiles.
 */
export async function checkBakes(
  parts: SceneParts,
  { canBeOpened }: { readonly canBeOpened: boolean },
): Promise<readonly Finding[]> {
  let best: Judged | null = null;
  const known = new Set<string>();
  for (const device of DEVICES) {
    const plans = plansOf(parts, device);
    const key = JSON.stringify(plans.map(({ description: { formats } }) => formats));
    if (known.has(key)) continue;
    known.add(key);
    const judged = await judge(parts, plans, canBeOpened);
    if (best === null || judged.score < best.score) best = judged;
    if (best.score === 0) break;
  }
  return best!.findings;
}

/** The volumes of a scene, but for such that cannot be placed. */
function plansOf(
  { volumes, components, options }: SceneParts,
  device: Formats,
): readonly PlacedVolume[] {
  const set = { ...DEFAULT_SCENE_OPTIONS, ...options };
  return volumes.flatMap((volume) => {
    try {
      const plan = new PlacedVolume(volume, {
        device,
        tileCountBias: tileCountBiasOf(set, volume),
      });
      for (const component of components) {
        if (component.renderToVirtualTextures.includes(volume.asset)) plan.contents.add(component);
      }
      return [plan];
    } catch (error) {
      if (error instanceof OutOfRangeError) return [];
      throw error;
    }
  });
}

async function judge(
  { components, deferredComponents }: SceneParts,
  plans: readonly PlacedVolume[],
  canBeOpened: boolean,
): Promise<Judged> {
  const byAsset = new Map<RuntimeVirtualTextureLike, PlacedVolume>(
    plans.map((plan) => [plan.volume.asset, plan]),
  );
  const identities: SceneIdentities = new SceneIdentities({
    writersOf: (asset) =>
      inSortOrder(components.filter((one) => one.renderToVirtualTextures.includes(asset))),
    deferredOf: (asset, digitsOf) => deferred.identitiesOf(asset, digitsOf),
    placeOf: (asset) => byAsset.get(asset)?.key ?? "",
    tilesOf: (asset) => byAsset.get(asset)?.tileIdentities({ deferred, identities }) ?? null,
  });
  const deferred: DeferredComponents = new DeferredComponents({
    identities,
    takeIn() {},
    letGo() {},
    invalidate() {},
    warn() {},
  });
  for (const one of deferredComponents) deferred.add(one);
  const findings: Finding[] = [];
  let score = 0;
  for (const plan of plans) {
    const { volume: { name, asset } } = plan;
    const host = { mode: "editor", identities, deferred, system: null, warn() {} } as const;
    const lowMips = await openedLowMips(plan, host);
    if (lowMips === null) continue;
    try {
      if (lowMips.fault === null && !canBeOpened) continue;
      for (const text of lowMips.warnings()) {
        findings.push(finding("stale_bake", [name, asset.name], text));
      }
      score += scoreOf(lowMips);
    } finally {
      lowMips.close();
    }
  }
  deferred.close();
  return { findings, score };
}

function scoreOf(lowMips: PlacedLowMips): number {
  const { fault } = lowMips;
  return fault === null ? lowMips.staleCount : FAULT_SCORE + fault.message.length;
}
