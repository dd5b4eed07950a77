/**
 * Deferred components in identities of tiles.
 *
 * @module
 */

import type { PrimitiveComponent } from "../component/mod.ts";
import type { ContentHash } from "./content_hash.ts";

/**
 * Adds deferred components, and the priorities of all others: where those are drawn among them, whose own
 * priorities are not known before they are loaded. The order of equal priorities is not looked at.
 *
 * @param identities Texts that are others whenever a deferred component would be, its priority included.
 */
export function addDeferred(
  hash: ContentHash,
  identities: readonly string[],
  others: readonly PrimitiveComponent[],
): void {
  if (identities.length === 0) return;
  for (const identity of identities) hash.addText(identity);
  for (const { translucencySortPriority } of others) hash.addNumbers([translucencySortPriority]);
}
