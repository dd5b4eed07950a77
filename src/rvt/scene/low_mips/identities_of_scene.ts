/**
 * What the tiles of a scene's volumes are made of.
 *
 * @module
 */

import { SceneIdentities } from "../../low_mips/mod.ts";
import type { SceneContent } from "../scene_content.ts";
import type { VolumePlacements } from "../volume_placements.ts";
import type { DeferredComponents } from "./deferred_components.ts";

/** The parts of a scene that say it. */
export interface IdentifiedParts {
  readonly content: SceneContent;
  readonly placements: VolumePlacements;
  readonly deferred: DeferredComponents;
}

/** Identities of a scene, whose parts are asked for once they are needed. */
export function identitiesOfScene(parts: () => IdentifiedParts): SceneIdentities {
  const planOf = (asset: unknown) => {
    const { placements } = parts();
    return placements.planOf(placements.volumeOf(asset));
  };
  const identities: SceneIdentities = new SceneIdentities({
    writersOf(asset) {
      const { content, deferred } = parts();
      return content.writersOf(asset).filter((one) => !deferred.owns(one));
    },
    deferredOf: (asset, digitsOf) => parts().deferred.identitiesOf(asset, digitsOf),
    placeOf: (asset) => planOf(asset)?.key ?? "",
    tilesOf: (asset) =>
      planOf(asset)?.tileIdentities({ deferred: parts().deferred, identities }) ?? null,
  });
  return identities;
}
